package org.vitrine.spi.testkit;

import java.util.Random;
import org.vitrine.spi.display.Cursor;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.display.KeyboardLeds;
import org.vitrine.spi.display.ScriptedDisplay;

/**
 * A guest that goes from mode to mode faster than anybody can look: text and graphics of every
 * kind, pictures of one pixel and of the largest size, cursors and lamps between. The same seed
 * makes the same storm. Belongs to one thread.
 */
public final class ModeStorm {

    private static final DisplayMode.Kind[] GRAPHICS = {
        DisplayMode.Kind.PLANAR, DisplayMode.Kind.PACKED, DisplayMode.Kind.LINEAR
    };

    /** One mode in so many is of the largest size, or of one pixel. */
    private static final int EXTREMES = 20;

    private final Random random;

    /**
     * @param seed print it, so that a failure can be had again
     */
    public ModeStorm(long seed) {
        random = new Random(seed);
    }

    /** Changes the mode, draws something, and now and then the cursor or a lamp. */
    public void step(ScriptedDisplay display) {
        if (random.nextInt(3) == 0) {
            text(display);
        } else {
            picture(display);
        }
        if (random.nextInt(4) == 0) {
            display.setCursor(random.nextInt(4) == 0 ? Cursor.NONE : cursor());
        }
        if (random.nextInt(4) == 0) {
            display.setLeds(KeyboardLeds.ofBits(random.nextInt(8)));
        }
    }

    private void text(ScriptedDisplay display) {
        boolean narrow = random.nextBoolean();
        int columns = narrow ? 40 : 80 + random.nextInt(53);
        int rows = 1 + random.nextInt(60);
        display.setText(
                new DisplayMode.TextGeometry(
                        columns, rows, narrow ? 16 : 8 + random.nextInt(2), 8 + random.nextInt(9)));
        for (int row = 0; row < rows; row++) {
            StringBuilder codes = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                codes.append((char) random.nextInt(0x100));
            }
            display.write(0, row, random.nextInt(0x100), codes.toString());
        }
        boolean visible = random.nextBoolean();
        display.setTextCursor(
                visible ? random.nextInt(columns) : -1, visible ? random.nextInt(rows) : -1);
        display.publish();
    }

    private void picture(ScriptedDisplay display) {
        boolean extreme = random.nextInt(EXTREMES) == 0;
        boolean largest = random.nextBoolean();
        int width = extreme ? (largest ? DisplayLayout.MAX_WIDTH : 1) : 1 + random.nextInt(1024);
        int height = extreme ? (largest ? DisplayLayout.MAX_HEIGHT : 1) : 1 + random.nextInt(768);
        display.setMode(width, height, GRAPHICS[random.nextInt(GRAPHICS.length)]);
        for (int i = random.nextInt(4); i > 0; i--) {
            int x = random.nextInt(width);
            int y = random.nextInt(height);
            display.fill(
                    x,
                    y,
                    1 + random.nextInt(width - x),
                    1 + random.nextInt(height - y),
                    random.nextInt(0x1000000));
            display.publish();
        }
    }

    private Cursor cursor() {
        int width = 1 + random.nextInt(DisplayLayout.CURSOR_MAX_EDGE);
        int height = 1 + random.nextInt(DisplayLayout.CURSOR_MAX_EDGE);
        return new Cursor(
                1 + random.nextInt(1000),
                random.nextBoolean(),
                random.nextInt(4000) - 1000,
                random.nextInt(4000) - 1000,
                random.nextInt(width),
                random.nextInt(height),
                width,
                height,
                random.ints((long) width * height).toArray());
    }
}
