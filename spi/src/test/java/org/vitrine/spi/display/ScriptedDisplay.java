package org.vitrine.spi.display;

import java.time.Duration;
import java.util.Arrays;

/** A display for tests of frontends: a test draws on it, and each {@link #publish} is a frame. */
public final class ScriptedDisplay implements Display {

    private final FrameSignal.Local signal = new FrameSignal.Local();
    private final Object lock = new Object();
    private final long[] stamps = new long[DisplayLayout.TILE_COLUMNS * DisplayLayout.TILE_ROWS];
    private DisplayMode mode;
    private int[] pixels = new int[0];
    private short[] cells = new short[0];
    private int cursorColumn = -1;
    private int cursorRow = -1;
    private volatile long generation;
    private volatile KeyboardLeds leds = KeyboardLeds.ofBits(0);
    private volatile Cursor cursor = Cursor.NONE;
    private volatile Runnable listener = () -> {};
    private int serial;

    /**
     * Names what is to be run after each frame and each change of the cursor or the lamps, on the
     * thread that made it and before the call that made it returns.
     */
    public void onChange(Runnable newListener) {
        listener = newListener;
    }

    /** Changes to a graphics mode of this size, all black, and publishes it. */
    public void setMode(int width, int height) {
        synchronized (lock) {
            mode = new DisplayMode(++serial, width, height, DisplayMode.Kind.LINEAR, null);
            pixels = new int[width * height];
            damage(0, 0, width, height);
        }
        publish();
    }

    /** Changes to an 80x25 text mode with these lines; the picture is black. */
    public void setText(String... lines) {
        synchronized (lock) {
            var geometry = new DisplayMode.TextGeometry(80, 25, 8, 16);
            mode = new DisplayMode(++serial, 640, 400, DisplayMode.Kind.TEXT, geometry);
            pixels = new int[640 * 400];
            cells = new short[80 * 25];
            Arrays.fill(cells, (short) 0x0720);
            for (int row = 0; row < lines.length; row++) {
                for (int column = 0; column < lines[row].length(); column++) {
                    cells[row * 80 + column] = (short) (0x0700 | lines[row].charAt(column));
                }
            }
            damage(0, 0, 640, 400);
        }
        publish();
    }

    /** Fills a rectangle with a colour, 0x00RRGGBB; visible with the next {@link #publish}. */
    public void fill(int x, int y, int width, int height, int colour) {
        synchronized (lock) {
            for (int row = y; row < y + height; row++) {
                Arrays.fill(pixels, row * mode.width() + x, row * mode.width() + x + width, colour);
            }
            damage(x, y, width, height);
        }
    }

    /** Sets one pixel; visible with the next {@link #publish}. */
    public void set(int x, int y, int colour) {
        fill(x, y, 1, 1, colour);
    }

    private void damage(int x, int y, int width, int height) {
        for (int row = y / DisplayLayout.TILE_HEIGHT;
                row * DisplayLayout.TILE_HEIGHT < y + height;
                row++) {
            for (int column = x / DisplayLayout.TILE_WIDTH;
                    column * DisplayLayout.TILE_WIDTH < x + width;
                    column++) {
                stamps[row * DisplayLayout.TILE_COLUMNS + column] = generation + 1;
            }
        }
    }

    /** Publishes what was drawn as a new frame. */
    public void publish() {
        synchronized (lock) {
            generation++;
        }
        signal.publish();
        listener.run();
    }

    /** Moves or shapes the hardware cursor. */
    public void setCursor(Cursor newCursor) {
        cursor = newCursor;
        listener.run();
    }

    /** Sets the keyboard's lamps. */
    public void setLeds(KeyboardLeds newLeds) {
        leds = newLeds;
        listener.run();
    }

    @Override
    public long generation() {
        return generation;
    }

    @Override
    public boolean awaitNewer(long than, Duration timeout) throws InterruptedException {
        return signal.await(() -> generation > than, timeout);
    }

    @Override
    public boolean read(Frame frame) {
        synchronized (lock) {
            frame.tiles.clear();
            frame.modeChanged = false;
            if (generation <= frame.generation) {
                return false;
            }
            if (frame.mode == null || frame.mode.serial() != mode.serial()) {
                frame.mode = mode;
                frame.modeChanged = true;
                frame.pixels = new int[pixels.length];
            }
            for (int i = 0; i < stamps.length; i++) {
                if (stamps[i] > frame.generation) {
                    frame.tiles.set(i);
                }
            }
            System.arraycopy(pixels, 0, frame.pixels, 0, pixels.length);
            frame.cells = cells.clone();
            frame.textCursorColumn = cursorColumn;
            frame.textCursorRow = cursorRow;
            frame.generation = generation;
            frame.timestamp = System.nanoTime();
            return true;
        }
    }

    @Override
    public Cursor cursor() {
        return cursor;
    }

    @Override
    public KeyboardLeds leds() {
        return leds;
    }

    @Override
    public DisplayLayout.WriterState state() {
        return DisplayLayout.WriterState.RUNNING;
    }
}
