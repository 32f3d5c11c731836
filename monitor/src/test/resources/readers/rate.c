/* usage: rate MAP MILLISECONDS: reads the newest frame again and again, new or not, and says how often it can. */
#include "vitrine_display.h"

int main(int argc, char **argv) {
    static struct frame frame;
    struct display display;
    const char *fault = argc == 3 ? display_open(&display, argv[1]) : "usage: rate MAP MILLISECONDS";
    if (fault != NULL || !display_wait(&display, 0, 10000)) {
        printf("%s\n", fault != NULL ? fault : "there is no frame");
        return 2;
    }
    uint64_t frames = 0, start = monotonic_nanos(), now;
    do {
        frame.generation = 0;
        display_read(&display, &frame);
        frames++;
        now = monotonic_nanos();
    } while (now - start < strtoul(argv[2], NULL, 10) * UINT64_C(1000000));
    printf("%ux%u: %.0f frames/s, %llu retries\n", (unsigned)frame.width, (unsigned)frame.height,
            (double)frames * 1e9 / (double)(now - start), (unsigned long long)frame.retries);
    return 0;
}
