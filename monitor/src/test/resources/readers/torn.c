/* usage: torn MAP FRAMES SIZES [INTERRUPTIONS]
 *
 * Reads frames that are uniform, at least FRAMES of them and until it has met SIZES picture sizes, and looks for any that
 * is not: a torn one. So often as INTERRUPTIONS says, a copy stops in the middle until the writer has come round to each
 * surface. Ends with 1 when a frame was torn, and with 2 when it could not do its work. */
#define _POSIX_C_SOURCE 200809L
#include <string.h>

static void *interrupted_copy(void *to, const void *from, size_t length);

#define memcpy interrupted_copy
#include "vitrine_display.h"
#undef memcpy

enum { PATIENCE = 60000, ROWS_BEFORE_INTERRUPTION = 97, MAX_SIZES = 16 };

static struct display display;
static struct frame frame;
static long interruptions;

static void fail(const char *what) {
    printf("c: %s\n", what);
    exit(2);
}

static void *interrupted_copy(void *to, const void *from, size_t length) {
    static unsigned copies;
    if (interruptions > 0 && ++copies % ROWS_BEFORE_INTERRUPTION == 0) {
        interruptions--;
        if (!display_wait(&display, display_generation(&display) + 2, PATIENCE))
            fail("the writer stands still");
    }
    return memcpy(to, from, length);
}

/* Whether all pixels, or all cells and their pictures, are alike. */
static int uniform(void) {
    uint32_t cell_width = frame.text_columns ? frame.cell_width : 1;
    uint32_t cell_height = frame.text_rows ? frame.cell_height : 1;
    for (uint32_t i = 1; i < frame.text_columns * frame.text_rows; i++)
        if (frame.cells[i] != frame.cells[0])
            return 0;
    if (cell_width == 0 || cell_height == 0)
        return 0;
    for (uint32_t y = 0; y < frame.height; y++) {
        const uint32_t *line = frame.pixels + y * frame.width;
        if (y >= cell_height && memcmp(line, line - cell_height * frame.width, frame.width * 4) != 0)
            return 0;
        for (uint32_t x = cell_width; y < cell_height && x < frame.width; x++)
            if (line[x] != line[x - cell_width])
                return 0;
    }
    return 1;
}

int main(int argc, char **argv) {
    static char sizes[MAX_SIZES][24];
    unsigned long frames = 0, torn = 0, size_count = 0, skipped = 0, serial_changes = 0;
    if (argc < 4)
        fail("usage: torn MAP FRAMES SIZES [INTERRUPTIONS]");
    const char *fault = display_open(&display, argv[1]);
    if (fault != NULL)
        fail(fault);
    unsigned long wanted = strtoul(argv[2], NULL, 10), wanted_sizes = strtoul(argv[3], NULL, 10);
    interruptions = argc > 4 ? strtol(argv[4], NULL, 10) : 0;
    uint64_t start = monotonic_nanos();
    while (frames < wanted || size_count < wanted_sizes) {
        uint64_t generation = frame.generation, timestamp = frame.timestamp, serial = frame.mode_serial;
        if (!display_wait(&display, generation, PATIENCE))
            fail(display_alive(&display) ? "no frame comes" : "the emulator is gone");
        if (!display_read(&display, &frame) || frame.generation <= generation)
            fail("a later frame was not to be read");
#ifndef UNCHECKED
        if (frame.mode_serial < serial)
            fail("the mode serial went down");
        if (frame.timestamp < timestamp || frame.timestamp > monotonic_nanos())
            fail("the frame's time is not that of the monotonic clock");
#else
        (void)timestamp;
#endif
        skipped += frames > 0 ? frame.generation - generation - 1 : 0;
        serial_changes += frame.mode_serial != serial;
        torn += !uniform();
        frames++;
        char size[24];
        snprintf(size, sizeof size, "%ux%u", (unsigned)frame.width, (unsigned)frame.height);
        unsigned long i = 0;
        while (i < size_count && strcmp(size, sizes[i]) != 0)
            i++;
        if (i == size_count && i < MAX_SIZES)
            strcpy(sizes[size_count++], size);
    }
    double seconds = (double)(monotonic_nanos() - start) / 1e9;
    printf("c: %lu frames, %.0f/s, %llu retries, %lu generations skipped, %lu modes, sizes",
            frames, (double)frames / seconds, (unsigned long long)frame.retries, skipped, serial_changes);
    for (unsigned long i = 0; i < size_count; i++)
        printf(" %s", sizes[i]);
    printf(", %lu torn\n", torn);
    return torn != 0;
}
