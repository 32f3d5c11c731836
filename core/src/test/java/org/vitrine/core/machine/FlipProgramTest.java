package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.spi.display.Frame;

/** Programs whose every frame is uniform: a reader that sees two colours has a torn frame. */
class FlipProgramTest {

    private static final int FRAMES = 30;
    private static final int AT_RETRACE = 0;
    private static final int AS_FAST_AS_IT_GOES = 1;

    @ParameterizedTest
    @CsvSource({
        "flip-text, 720x400",
        "flip-13h, 640x400",
        "flip-12h, 640x480",
        "flip-32, 1024x768"
    })
    void everyFrameIsUniformAndTheCounterGoesOn(String name, String size)
            throws IOException, InterruptedException {
        for (int speed = AT_RETRACE; speed <= AS_FAST_AS_IT_GOES; speed++) {
            try (Guest guest = Guest.withVideoProgram(name, speed)) {
                guest.machine().cont();
                guest.awaitConsole("ready", 1);
                assertEquals(speed, guest.memory(VideoProgram.CHOICE_ADDRESS, 1));
                Set<String> seen = new HashSet<>();
                Frame frame = guest.picture();
                while (seen.size() < FRAMES) {
                    next(guest, frame);
                    String look = uniform(frame);
                    if (look.startsWith(size)) {
                        seen.add(look);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void allModesAreShownInTurnWithNothingButBlackBetween(int speed)
            throws IOException, InterruptedException {
        try (Guest guest = Guest.withVideoProgram("flip-all", speed)) {
            guest.machine().cont();
            guest.awaitConsole("ready", 1);
            Set<String> sizes = new HashSet<>();
            Frame frame = guest.picture();
            while (sizes.size() < 4) {
                next(guest, frame);
                String look = uniform(frame);
                if (!look.endsWith(" 000000")) {
                    sizes.add(look.substring(0, look.indexOf(' ')));
                }
            }
            assertEquals(Set.of("720x400", "640x400", "640x480", "1024x768"), sizes);
        }
    }

    private static void next(Guest guest, Frame frame) throws InterruptedException {
        assertTrue(
                guest.machine().display().awaitNewer(frame.generation(), Duration.ofSeconds(60)),
                "frames come");
        guest.machine().display().read(frame);
    }

    /** The frame's size and what all of it looks like; fails when it is not all alike. */
    private static String uniform(Frame frame) {
        int width = frame.mode().width();
        int height = frame.mode().height();
        int[] pixels = frame.pixels();
        int cellWidth = frame.mode().text() == null ? 1 : frame.mode().text().cellWidth();
        int cellHeight = frame.mode().text() == null ? 1 : frame.mode().text().cellHeight();
        StringBuilder look = new StringBuilder(width + "x" + height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int same = pixels[y % cellHeight * width + x % cellWidth];
                if (pixels[y * width + x] != same) {
                    throw new AssertionError(
                            "torn at %d,%d of %s: %06X beside %06X"
                                    .formatted(x, y, look, pixels[y * width + x], same));
                }
                if (y < cellHeight && x < cellWidth && (cellWidth == 1 || x < 8)) {
                    look.append(' ').append("%06X".formatted(same));
                }
            }
        }
        return look.toString();
    }
}
