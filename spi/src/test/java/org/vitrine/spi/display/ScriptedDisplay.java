package org.vitrine.spi.display;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * A display for tests of frontends: a test draws on it, and each {@link #publish} is a frame. Safe
 * for use by several threads; a reader gets whole frames, published ones alone.
 */
public final class ScriptedDisplay implements Display {

    private static final int COLUMNS = 80;
    private static final int ROWS = 25;
    private static final int GREY_ON_BLACK = 0x07;

    private final LongSupplier nanoTime;
    private final FrameSignal.Local signal = new FrameSignal.Local();
    private final Object lock = new Object();
    private final long[] stamps = new long[DisplayLayout.TILE_COLUMNS * DisplayLayout.TILE_ROWS];
    private DisplayMode mode;
    private int[] pixels = new int[0];
    private short[] cells = new short[0];
    private int cursorColumn = -1;
    private int cursorRow = -1;
    private Published published;
    private volatile long generation;
    private volatile DisplayLayout.WriterState state = DisplayLayout.WriterState.RUNNING;
    private volatile KeyboardLeds leds = KeyboardLeds.ofBits(0);
    private volatile Cursor cursor = Cursor.NONE;
    private volatile Runnable listener = () -> {};
    private int serial;

    /** What readers see: a copy of what was drawn when it was published. */
    private record Published(
            DisplayMode mode,
            int[] pixels,
            short[] cells,
            int cursorColumn,
            int cursorRow,
            long timestamp) {}

    /** A display whose frames are stamped with {@link System#nanoTime}. */
    public ScriptedDisplay() {
        this(System::nanoTime);
    }

    /**
     * A display with a clock of the test's own.
     *
     * @param nanoTime asked at each frame for its {@link Frame#timestamp}, as {@code
     *     FakeClock::nanoTime}
     */
    public ScriptedDisplay(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Names what is to be run after each frame and each change of the cursor or the lamps, on the
     * thread that made it and before the call that made it returns.
     */
    public void onChange(Runnable newListener) {
        listener = newListener;
    }

    /** Changes to a graphics mode of this size, all black, and publishes it. */
    public void setMode(int width, int height) {
        setMode(width, height, DisplayMode.Kind.LINEAR);
    }

    /**
     * Changes to a graphics mode of this size and kind, all black, and publishes it.
     *
     * @param kind any but {@link DisplayMode.Kind#TEXT}
     */
    public void setMode(int width, int height, DisplayMode.Kind kind) {
        synchronized (lock) {
            change(new DisplayMode(++serial, width, height, kind, null));
        }
        publish();
    }

    /** Changes to an 80x25 text mode with these lines; the picture is black. */
    public void setText(String... lines) {
        setText(new DisplayMode.TextGeometry(COLUMNS, ROWS, 8, 16), lines);
    }

    /** Changes to a text mode with these lines, no longer than its rows; the picture is black. */
    public void setText(DisplayMode.TextGeometry geometry, String... lines) {
        synchronized (lock) {
            change(
                    new DisplayMode(
                            ++serial,
                            geometry.columns() * geometry.cellWidth(),
                            geometry.rows() * geometry.cellHeight(),
                            DisplayMode.Kind.TEXT,
                            geometry));
            cells = new short[geometry.columns() * geometry.rows()];
            Arrays.fill(cells, (short) (GREY_ON_BLACK << 8 | ' '));
            for (int row = 0; row < lines.length; row++) {
                write(0, row, GREY_ON_BLACK, lines[row]);
            }
        }
        publish();
    }

    private void change(DisplayMode newMode) {
        mode = newMode;
        pixels = new int[newMode.width() * newMode.height()];
        cells = new short[0];
        cursorColumn = -1;
        cursorRow = -1;
        damage(0, 0, newMode.width(), newMode.height());
    }

    /**
     * Writes characters into the cells of a text mode, as codes of code page 437; visible with the
     * next {@link #publish}.
     *
     * @param attribute the VGA attribute: bits 0-3 foreground, 4-6 background, 7 blink
     */
    public void write(int column, int row, int attribute, String text) {
        synchronized (lock) {
            DisplayMode.TextGeometry geometry = mode.text();
            Objects.checkFromIndexSize(column, text.length(), geometry.columns());
            for (int i = 0; i < text.length(); i++) {
                cells[row * geometry.columns() + column + i] =
                        (short) (attribute << 8 | text.charAt(i) & 0xFF);
            }
            damage(
                    column * geometry.cellWidth(),
                    row * geometry.cellHeight(),
                    text.length() * geometry.cellWidth(),
                    geometry.cellHeight());
        }
    }

    /**
     * Moves the cursor of a text mode; visible with the next {@link #publish}.
     *
     * @param column from 0, or -1 for none
     * @param row from 0, or -1 for none
     */
    public void setTextCursor(int column, int row) {
        synchronized (lock) {
            cursorColumn = column;
            cursorRow = row;
        }
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
            published =
                    new Published(
                            mode,
                            pixels.clone(),
                            cells.clone(),
                            cursorColumn,
                            cursorRow,
                            nanoTime.getAsLong());
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

    /** Says what the emulator is doing; {@link DisplayLayout.WriterState#RUNNING} at first. */
    public void setState(DisplayLayout.WriterState newState) {
        state = newState;
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
            if (frame.mode == null || frame.mode.serial() != published.mode.serial()) {
                frame.mode = published.mode;
                frame.modeChanged = true;
                frame.pixels = new int[published.pixels.length];
            }
            for (int i = 0; i < stamps.length; i++) {
                if (stamps[i] > frame.generation) {
                    frame.tiles.set(i);
                }
            }
            System.arraycopy(published.pixels, 0, frame.pixels, 0, published.pixels.length);
            frame.cells = published.cells.clone();
            frame.textCursorColumn = published.cursorColumn;
            frame.textCursorRow = published.cursorRow;
            frame.generation = generation;
            frame.timestamp = published.timestamp;
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
        return state;
    }
}
