package org.vitrine.spi.display;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A reader's own copy of the screen, brought up to date by {@link Display#read}.
 *
 * <p>Make one for each client, keep it, and pass it to each read: only what changed is copied, and
 * {@link #damage()} says what that was. A frame belongs to one thread at a time.
 *
 * @since 1.0
 */
public final class Frame {

    DisplayMode mode;
    long generation;
    long timestamp;
    int[] pixels = new int[0];
    short[] cells = new short[0];
    int textCursorColumn = -1;
    int textCursorRow = -1;
    Scanout scanout;
    boolean modeChanged;
    final BitSet tiles = new BitSet(DisplayLayout.TILE_COLUMNS * DisplayLayout.TILE_ROWS);

    /** An empty frame; its first read copies everything. */
    public Frame() {}

    /** The generation of the screen that this frame holds; 0 before the first read. */
    public long generation() {
        return generation;
    }

    /** When this frame was published, in nanoseconds of {@link System#nanoTime}'s clock. */
    public long timestamp() {
        return timestamp;
    }

    /** The mode of this frame, or null before the first read. */
    public DisplayMode mode() {
        return mode;
    }

    /**
     * Whether the last read found another mode than the frame had before; then all of it is damage.
     */
    public boolean modeChanged() {
        return modeChanged;
    }

    /**
     * The pixels, 0x00RRGGBB, line by line with no gap: pixel (x, y) is at {@code y * width + x}.
     * The array is this frame's own and may be longer than the picture; a read may replace it.
     */
    public int[] pixels() {
        return pixels;
    }

    /** The characters on the screen, or null in a graphics mode. */
    public ScreenText text() {
        if (mode == null || mode.text() == null) {
            return null;
        }
        int count = mode.text().columns() * mode.text().rows();
        return new ScreenText(
                mode.text().columns(),
                mode.text().rows(),
                textCursorColumn,
                textCursorRow,
                Arrays.copyOf(cells, count));
    }

    /**
     * Where this frame's picture lies in guest memory as it is, or null when it lies nowhere so. It
     * may be elsewhere in each frame of a mode, as when the guest flips pages.
     */
    public Scanout scanout() {
        return scanout;
    }

    /** Whether the last read copied anything. */
    public boolean damaged() {
        return !tiles.isEmpty();
    }

    /**
     * What the last read may have changed: rectangles that do not overlap, in no order, made of
     * whole tiles of 64x16 pixels cut at the picture's edges.
     */
    public List<Rect> damage() {
        List<Rect> rects = new ArrayList<>();
        if (mode == null) {
            return rects;
        }
        int columns = DisplayLayout.tileColumns(mode.width());
        int rows = DisplayLayout.tileRows(mode.height());
        for (int row = 0; row < rows; row++) {
            int base = row * DisplayLayout.TILE_COLUMNS;
            int first = tiles.nextSetBit(base);
            while (first >= 0 && first < base + columns) {
                int end = Math.min(tiles.nextClearBit(first), base + columns);
                append(rects, first - base, end - base, row);
                first = tiles.nextSetBit(end);
            }
        }
        return rects;
    }

    /** Adds a run of tiles, or lengthens the rectangle above it when that has the same columns. */
    private void append(List<Rect> rects, int firstColumn, int endColumn, int row) {
        int x = firstColumn * DisplayLayout.TILE_WIDTH;
        int width = Math.min(endColumn * DisplayLayout.TILE_WIDTH, mode.width()) - x;
        int y = row * DisplayLayout.TILE_HEIGHT;
        int height = Math.min(DisplayLayout.TILE_HEIGHT, mode.height() - y);
        for (int i = rects.size() - 1;
                i >= 0 && rects.get(i).y() + rects.get(i).height() >= y;
                i--) {
            Rect above = rects.get(i);
            if (above.x() == x && above.width() == width && above.y() + above.height() == y) {
                rects.remove(i);
                rects.add(new Rect(x, above.y(), width, above.height() + height));
                return;
            }
        }
        rects.add(new Rect(x, y, width, height));
    }
}
