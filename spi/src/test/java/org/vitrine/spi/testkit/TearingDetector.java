package org.vitrine.spi.testkit;

import java.util.Arrays;
import java.util.List;
import org.vitrine.spi.display.ScriptedDisplay;

/**
 * Draws frames of which each is one colour, or one letter, from edge to edge, and finds pictures
 * that are made of two of them. The colours of frames that follow one another are far apart, so
 * that a lossy picture is not taken for a torn one. Drawing belongs to one thread; checks may be
 * made by any.
 */
public final class TearingDetector {

    private static final int COLUMNS = 80;
    private static final int ROWS = 25;
    private static final int WHITE = 0x0F;

    private final ScriptedDisplay display;
    private final boolean text;
    private final int width;
    private final int height;
    private int count;

    private TearingDetector(ScriptedDisplay display, boolean text, int width, int height) {
        this.display = display;
        this.text = text;
        this.width = width;
        this.height = height;
    }

    /** Frames of one colour, in a graphics mode of this size. */
    public static TearingDetector ofColours(ScriptedDisplay display, int width, int height) {
        display.setMode(width, height);
        return new TearingDetector(display, false, width, height);
    }

    /** Frames of one letter, in an 80x25 text mode. */
    public static TearingDetector ofLetters(ScriptedDisplay display) {
        TearingDetector detector = new TearingDetector(display, true, COLUMNS, ROWS);
        String[] lines = new String[ROWS];
        Arrays.fill(lines, "Z".repeat(COLUMNS));
        display.setText(lines);
        return detector;
    }

    /** Draws the next frame, and publishes it. */
    public void next() {
        count++;
        if (text) {
            String line = String.valueOf((char) ('A' + count % 26)).repeat(COLUMNS);
            for (int row = 0; row < ROWS; row++) {
                display.write(0, row, WHITE, line);
            }
        } else {
            display.fill(0, 0, width, height, colour(count));
        }
        display.publish();
    }

    /** The factors have no common measure with 256, so that all 256 colours differ. */
    private static int colour(int number) {
        return (number * 37 & 0xFF) << 16 | (number * 83 & 0xFF) << 8 | number * 151 & 0xFF;
    }

    /**
     * Fails when a picture holds more than one frame.
     *
     * @param tolerance how far a lossy picture's red, green or blue may be from one pixel to
     *     another
     */
    public static void check(Viewer.Picture picture, int tolerance) {
        for (int shift = 0; shift <= 16; shift += 8) {
            int least = 0xFF;
            int most = 0;
            for (int i = 0; i < picture.width() * picture.height(); i++) {
                int value = picture.pixels()[i] >> shift & 0xFF;
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
            if (most - least > tolerance) {
                throw new AssertionError(
                        "a torn picture: its %s runs from %d to %d"
                                .formatted(
                                        shift == 16 ? "red" : shift == 8 ? "green" : "blue",
                                        least,
                                        most));
            }
        }
    }

    /** Fails when these lines hold more than one frame. */
    public static void check(List<String> lines) {
        String first = lines.isEmpty() ? "" : lines.getFirst();
        boolean whole =
                first.length() == COLUMNS
                        && first.chars().allMatch(letter -> letter == first.charAt(0))
                        && lines.size() == ROWS
                        && lines.stream().allMatch(first::equals);
        if (!whole) {
            throw new AssertionError("a torn screen:\n" + String.join("\n", lines));
        }
    }
}
