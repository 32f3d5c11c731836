package org.vitrine.spi.display;

import static org.vitrine.spi.display.DisplayLayout.*;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Reads a published screen from memory laid out as {@link DisplayLayout} says: the one reader there
 * is, in the emulator's process and in others.
 *
 * <p>It never writes to the map, keeps no state but the map's address, and may be shared by
 * threads.
 *
 * @since 1.0
 */
public final class SurfaceReader implements Display {

    private final MemorySegment map;
    private final FrameSignal signal;

    /**
     * A reader of this map.
     *
     * @param map at least {@link DisplayLayout#SIZE} bytes, may be read-only
     * @throws IllegalArgumentException when the map is not one that this reader understands; the
     *     message says why
     */
    public SurfaceReader(MemorySegment map, FrameSignal signal) {
        if (map.byteSize() < HEADER_SIZE) {
            throw new IllegalArgumentException(
                    "not a display map: it has only " + map.byteSize() + " bytes");
        }
        if ((long) LONG.getAcquire(map, HEADER_MAGIC) != MAGIC) {
            throw new IllegalArgumentException(
                    "not a display map, or one that is not finished: no magic word");
        }
        int major = map.get(U16, HEADER_VERSION_MAJOR);
        if (major != VERSION_MAJOR) {
            throw new IllegalArgumentException(
                    "display map of version "
                            + major
                            + "; this reader knows version "
                            + VERSION_MAJOR);
        }
        int features = map.get(U32, HEADER_REQUIRED_FEATURES);
        if (features != 0) {
            throw new IllegalArgumentException(
                    "display map needs features that this reader does not know: 0x"
                            + Integer.toHexString(features));
        }
        // Later minor versions may append sections.
        if (map.byteSize() < SIZE || map.get(U64, HEADER_FILE_SIZE) < SIZE) {
            throw new IllegalArgumentException(
                    "display map of "
                            + map.get(U64, HEADER_FILE_SIZE)
                            + " bytes, mapped "
                            + map.byteSize()
                            + "; version "
                            + VERSION_MAJOR
                            + " has at least "
                            + SIZE);
        }
        this.map = map;
        this.signal = signal;
    }

    @Override
    public long generation() {
        return (long) LONG.getAcquire(map, DISPLAY_OFFSET + DISPLAY_LATEST) >>> 2;
    }

    @Override
    public boolean awaitNewer(long generation, Duration timeout) throws InterruptedException {
        return generation() > generation || signal.await(() -> generation() > generation, timeout);
    }

    @Override
    public boolean read(Frame frame) {
        frame.tiles.clear();
        frame.modeChanged = false;
        while (true) {
            long latest = (long) LONG.getAcquire(map, DISPLAY_OFFSET + DISPLAY_LATEST);
            if (latest >>> 2 <= frame.generation) {
                return false;
            }
            long surface = surface((int) (latest & 3));
            long sequence = (long) LONG.getAcquire(map, surface + SURFACE_SEQUENCE);
            if ((sequence & 1) == 0 && copy(frame, surface)) {
                long generation = map.get(U64, surface + SURFACE_GENERATION);
                VarHandle.loadLoadFence();
                if ((long) LONG.getOpaque(map, surface + SURFACE_SEQUENCE) == sequence) {
                    frame.generation = generation;
                    return true;
                }
            }
            // The writer has come round to this surface: what was copied is noted as damage, and is
            // copied again from a newer one, since the frame's generation has not moved.
            Thread.onSpinWait();
        }
    }

    /** Copies a surface that may be changing underneath; false when it is seen to be. */
    private boolean copy(Frame frame, long surface) {
        DisplayMode mode = readMode(surface);
        if (mode == null) {
            return false;
        }
        boolean other =
                frame.mode == null
                        || frame.mode.serial() != mode.serial()
                        || !frame.mode.equals(mode);
        if (other) {
            // Until the copy is known to be whole the frame holds nothing, so a retry copies all of
            // it.
            frame.generation = 0;
            frame.modeChanged = true;
            frame.mode = mode;
            int count = mode.width() * mode.height();
            if (frame.pixels.length < count) {
                frame.pixels = new int[count];
            }
        }
        frame.timestamp = map.get(U64, surface + SURFACE_TIMESTAMP);
        frame.scanout = readScanout(surface);
        copyText(frame, surface);
        copyTiles(frame, surface, map.get(U32, surface + SURFACE_STRIDE));
        return true;
    }

    private void copyTiles(Frame frame, long surface, int stride) {
        int width = frame.mode.width();
        int height = frame.mode.height();
        int columns = tileColumns(width);
        int rows = tileRows(height);
        for (int row = 0; row < rows; row++) {
            int column = 0;
            while (column < columns) {
                if ((long) LONG.getOpaque(map, tileStamp(column, row)) <= frame.generation) {
                    column++;
                    continue;
                }
                int first = column;
                do {
                    frame.tiles.set(row * TILE_COLUMNS + column);
                    column++;
                } while (column < columns
                        && (long) LONG.getOpaque(map, tileStamp(column, row)) > frame.generation);
                int x = first * TILE_WIDTH;
                int count = Math.min(column * TILE_WIDTH, width) - x;
                int end = Math.min((row + 1) * TILE_HEIGHT, height);
                for (int y = row * TILE_HEIGHT; y < end; y++) {
                    long from =
                            surface
                                    + SURFACE_PIXELS
                                    + (long) y * stride
                                    + (long) x * BYTES_PER_PIXEL;
                    MemorySegment.copy(map, U32, from, frame.pixels, y * width + x, count);
                }
            }
        }
    }

    private void copyText(Frame frame, long surface) {
        frame.textCursorColumn = map.get(U32, surface + SURFACE_TEXT_CURSOR_COLUMN);
        frame.textCursorRow = map.get(U32, surface + SURFACE_TEXT_CURSOR_ROW);
        DisplayMode.TextGeometry text = frame.mode.text();
        if (text != null) {
            int count = text.columns() * text.rows();
            if (frame.cells.length < count) {
                frame.cells = new short[count];
            }
            MemorySegment.copy(map, U16, surface + SURFACE_TEXT_CELLS, frame.cells, 0, count);
        }
    }

    /**
     * The mode of a surface, or null when its fields make no sense, as while it is being written.
     */
    private DisplayMode readMode(long surface) {
        int width = map.get(U32, surface + SURFACE_WIDTH);
        int height = map.get(U32, surface + SURFACE_HEIGHT);
        int stride = map.get(U32, surface + SURFACE_STRIDE);
        int kind = map.get(U32, surface + SURFACE_KIND);
        int columns = map.get(U32, surface + SURFACE_TEXT_COLUMNS);
        int rows = map.get(U32, surface + SURFACE_TEXT_ROWS);
        boolean text = kind == DisplayMode.Kind.TEXT.ordinal();
        if (width < 1
                || width > MAX_WIDTH
                || height < 1
                || height > MAX_HEIGHT
                || stride < width * BYTES_PER_PIXEL
                || stride > MAX_WIDTH * BYTES_PER_PIXEL
                || kind < 0
                || kind >= KINDS.length
                || text != (columns != 0)
                || columns < 0
                || columns > MAX_TEXT_COLUMNS
                || rows < (text ? 1 : 0)
                || rows > MAX_TEXT_ROWS) {
            return null;
        }
        DisplayMode.TextGeometry geometry =
                text
                        ? new DisplayMode.TextGeometry(
                                columns,
                                rows,
                                map.get(U32, surface + SURFACE_CELL_WIDTH),
                                map.get(U32, surface + SURFACE_CELL_HEIGHT))
                        : null;
        return new DisplayMode(
                map.get(U32, surface + SURFACE_MODE_SERIAL), width, height, KINDS[kind], geometry);
    }

    /** Where a surface's picture can be taken from directly; null when nowhere that is known. */
    private Scanout readScanout(long surface) {
        int format = map.get(U32, surface + SURFACE_SCANOUT_FORMAT);
        if (format < 1 || format > FORMATS.length) {
            return null;
        }
        return new Scanout(
                mapName(surface),
                map.get(U64, surface + SURFACE_SCANOUT_OFFSET),
                map.get(U32, surface + SURFACE_SCANOUT_STRIDE),
                FORMATS[format - 1]);
    }

    private static final DisplayMode.Kind[] KINDS = DisplayMode.Kind.values();
    private static final Scanout.Format[] FORMATS = Scanout.Format.values();
    private static final WriterState[] STATES = WriterState.values();

    private String mapName(long surface) {
        byte[] name = map.asSlice(surface + SURFACE_SCANOUT_MAP, 16).toArray(ValueLayout.JAVA_BYTE);
        int length = 0;
        while (length < name.length && name[length] != 0) {
            length++;
        }
        return new String(name, 0, length, StandardCharsets.US_ASCII);
    }

    @Override
    public Cursor cursor() {
        while (true) {
            long sequence = (long) LONG.getAcquire(map, CURSOR_OFFSET + CURSOR_SEQUENCE);
            if ((sequence & 1) == 0) {
                Cursor cursor = readCursor();
                VarHandle.loadLoadFence();
                if ((long) LONG.getOpaque(map, CURSOR_OFFSET + CURSOR_SEQUENCE) == sequence) {
                    return cursor;
                }
            }
            Thread.onSpinWait();
        }
    }

    private Cursor readCursor() {
        int serial = map.get(U32, CURSOR_OFFSET + CURSOR_SERIAL);
        if (serial == 0) {
            return Cursor.NONE;
        }
        int width = Math.clamp(map.get(U32, CURSOR_OFFSET + CURSOR_WIDTH), 0, CURSOR_MAX_EDGE);
        int height = Math.clamp(map.get(U32, CURSOR_OFFSET + CURSOR_HEIGHT), 0, CURSOR_MAX_EDGE);
        int[] argb = new int[width * height];
        MemorySegment.copy(map, U32, CURSOR_OFFSET + CURSOR_PIXELS, argb, 0, argb.length);
        return new Cursor(
                serial,
                map.get(U32, CURSOR_OFFSET + CURSOR_VISIBLE) != 0,
                map.get(U32, CURSOR_OFFSET + CURSOR_X),
                map.get(U32, CURSOR_OFFSET + CURSOR_Y),
                map.get(U32, CURSOR_OFFSET + CURSOR_HOT_X),
                map.get(U32, CURSOR_OFFSET + CURSOR_HOT_Y),
                width,
                height,
                argb);
    }

    @Override
    public KeyboardLeds leds() {
        return KeyboardLeds.ofBits((int) INT.getOpaque(map, DISPLAY_OFFSET + DISPLAY_LEDS));
    }

    @Override
    public WriterState state() {
        int code = (int) INT.getAcquire(map, HEADER_STATE);
        return code >= 0 && code < STATES.length ? STATES[code] : WriterState.UNKNOWN;
    }
}
