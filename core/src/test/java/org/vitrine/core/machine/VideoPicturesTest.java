package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.vitrine.core.display.Goldens;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.ScreenText;

/**
 * Runs the programs of {@code src/test/asm/video} and compares what they show with golden pictures,
 * and what they report with text. {@code compare.py} there does the same with QEMU.
 */
class VideoPicturesTest {

    private static final String OPTION_ROM = "option ROM\n";

    /** Frames after which blinking characters change, and the cursor after half as many. */
    private static final int BLINK_FRAMES = 16;

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvFileSource(resources = "/video/pictures.csv", numLinesToSkip = 1)
    void picturesAreTheGoldenOnes(
            String program, int choice, String name, String size, String text, String inQemu)
            throws IOException, InterruptedException {
        try (Guest guest = Guest.withVideoProgram(program, choice)) {
            guest.machine().cont();
            String console = guest.awaitConsole("ready\n", 1);
            Frame frame = guest.picture();
            Goldens.assertMatches(VideoPicturesTest.class, frame, "video-" + name);
            assertEquals(size, frame.mode().width() + "x" + frame.mode().height());
            assertEquals(text != null, frame.text() != null, "is there text");
            if (text != null) {
                assertCells(guest, choice, frame.text());
            }
            String report =
                    console.substring(
                            console.lastIndexOf(OPTION_ROM) + OPTION_ROM.length(),
                            console.indexOf("ready\n"));
            assertEquals(expectedReport(name), report);
        }
    }

    /** The published cells are those in video memory, from the start address on. */
    private static void assertCells(Guest guest, int choice, ScreenText text) {
        long base = choice == 9 ? 0xB0000 : 0xB8000;
        int start = crtc(guest, choice, 0x0C) << 8 | crtc(guest, choice, 0x0D);
        // Row 0 alone is above every split.
        for (int column = 0; column < text.columns(); column++) {
            long cell = guest.memory(base + 2L * (start + column), 2);
            assertEquals(cell, text.cells()[column] & 0xFFFF, "cell " + column + " of row 0");
        }
    }

    private static int crtc(Guest guest, int choice, int index) {
        int port = choice == 9 ? 0x3B4 : 0x3D4;
        return guest.machine()
                .call(() -> {
                    guest.machine().pc().ports().write(port, 1, index);
                    return guest.machine().pc().ports().read(port + 1, 1);
                });
    }

    private static String expectedReport(String name) throws IOException {
        try (InputStream in =
                VideoPicturesTest.class.getResourceAsStream("/video/" + name + ".txt")) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void charactersAndTheCursorBlinkInTheModesFrames() throws IOException, InterruptedException {
        try (Guest guest = Guest.withVideoProgram("text", 10)) {
            guest.machine().cont();
            guest.awaitConsole("ready\n", 1);
            // Characters on, and off, both with the cursor on.
            Goldens.assertMatches(
                    VideoPicturesTest.class, atPhase(guest, 0), "video-text-blink-on");
            Goldens.assertMatches(
                    VideoPicturesTest.class, atPhase(guest, 2), "video-text-blink-off");
            Goldens.assertMatches(
                    VideoPicturesTest.class, atPhase(guest, 3), "video-text-blink-off-no-cursor");
        }
    }

    /** The picture in one of the four quarters of the time in which characters blink. */
    private static Frame atPhase(Guest guest, int phase) {
        // 720x400: 449 lines of 900 dots at 28.322 MHz.
        long quarter = BLINK_FRAMES / 2 * (449L * 900 * 1_000_000_000 / 28_322_000);
        Frame frame = new Frame();
        Guest.await(
                "phase " + phase,
                () ->
                        guest.machine()
                                .call(() -> {
                                    Pc pc = guest.machine().pc();
                                    long begun = pc.clock().nanos();
                                    long inQuarter = begun % quarter;
                                    if (begun / quarter % 4 != phase
                                            || inQuarter < quarter / 10
                                            || inQuarter > quarter / 2) {
                                        return false;
                                    }
                                    pc.refresh().refresh();
                                    pc.display().read(frame);
                                    // A host that held this up may have shown the next quarter.
                                    return pc.clock().nanos() - begun < quarter / 4;
                                }));
        return frame;
    }
}
