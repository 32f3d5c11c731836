package org.vitrine.core.display;

import static org.vitrine.spi.display.DisplayLayout.*;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.vitrine.core.memory.ProcessIdentity;
import org.vitrine.spi.display.Cursor;
import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.display.FrameSignal;
import org.vitrine.spi.display.KeyboardLeds;
import org.vitrine.spi.display.Scanout;

/**
 * Publishes frames in memory laid out as {@link org.vitrine.spi.display.DisplayLayout} says: the
 * one writer there is.
 *
 * <p>A frame is made by {@link #begin}, any number of {@link #draw} and at most one {@link #text},
 * and {@link #publish}. Only what changed need be drawn: whatever else the surface lacks is copied
 * from the newest one. Drawing pixels that are there already is no damage. Frames allocate nothing
 * unless the mode changes.
 *
 * <p>Frames and the cursor are written by one thread, the vCPU's. {@link #heartbeat}, {@link
 * #setState} and {@link #setLeds} are single stores, and may come from any thread.
 */
public final class SurfaceWriter {

    private static final int TILES = TILE_COLUMNS * TILE_ROWS;
    private static final int WHOLE_TILE = (1 << TILE_HEIGHT) - 1;

    private final MemorySegment map;
    private final FrameSignal.Local signal;
    private final boolean synced;

    /** The generation in which each tile last changed, as the map has it. */
    private final long[] stamps = new long[TILES];

    /** Which lines of each tile have been drawn in the open frame: bit 0 is the topmost. */
    private final int[] drawn = new int[TILES];

    /** Which tiles the open frame changes. */
    private final boolean[] damaged = new boolean[TILES];

    /** Which lines of each row of tiles have been drawn whole: bit 0 is the topmost. */
    private final int[] linesDrawn = new int[TILE_ROWS];

    /** How many tiles of each row are damaged. */
    private final int[] damagedInRow = new int[TILE_ROWS];

    /** Which generation each surface holds. */
    private final long[] held = new long[SURFACE_COUNT];

    private final int[] line = new int[MAX_WIDTH];
    private final MemorySegment lineMemory = MemorySegment.ofArray(line);

    private short[] cells = new short[0];
    private int cursorColumn = -1;
    private int cursorRow = -1;

    private DisplayMode mode;
    private boolean modeChanged;
    private boolean textChanged;
    private Scanout scanout;
    private boolean scanoutChanged;
    private boolean open;
    private long generation;
    private int latest;
    private int target;
    private long latestPixels;
    private long targetPixels;
    private int stride;

    /**
     * Lays out an empty map. No frame is in it before the first {@link #publish}.
     *
     * @param map at least {@link org.vitrine.spi.display.DisplayLayout#SIZE} bytes, all zero
     * @param signal told of each published frame
     */
    public SurfaceWriter(MemorySegment map, FrameSignal.Local signal) {
        this(map, signal, false);
    }

    /**
     * As {@link #SurfaceWriter(MemorySegment, FrameSignal.Local)}.
     *
     * @param synced whether each frame is written to the storage device before its readers are
     *     woken; then the map is a mapped file
     */
    public SurfaceWriter(MemorySegment map, FrameSignal.Local signal, boolean synced) {
        if (map.byteSize() < SIZE) {
            throw new IllegalArgumentException(
                    "a display map has " + SIZE + " bytes, not " + map.byteSize());
        }
        this.map = map;
        this.signal = signal;
        this.synced = synced;
        writeHeader();
    }

    private void writeHeader() {
        map.set(U16, HEADER_VERSION_MAJOR, (short) VERSION_MAJOR);
        map.set(U16, HEADER_VERSION_MINOR, (short) VERSION_MINOR);
        map.set(U32, HEADER_HEADER_SIZE, HEADER_SIZE);
        map.set(U64, HEADER_FILE_SIZE, SIZE);
        map.set(U32, HEADER_REQUIRED_FEATURES, 0);
        map.set(U32, HEADER_OPTIONAL_FEATURES, 0);
        // No secret, only different from other sessions: a secure source would take a tenth of the
        // start.
        SplittableRandom session = new SplittableRandom();
        map.set(U64, HEADER_SESSION, session.nextLong());
        map.set(U64, HEADER_SESSION + Long.BYTES, session.nextLong());
        ProcessIdentity self = ProcessIdentity.current();
        map.set(U64, HEADER_WRITER_PID, self.pid());
        map.set(U64, HEADER_WRITER_START_TIME, self.startTime());
        heartbeat();
        setState(WriterState.STARTING);
        int sections = 0;
        writeEntry(sections++, SECTION_DISPLAY, DISPLAY_OFFSET, DISPLAY_SIZE);
        writeEntry(sections++, SECTION_CURSOR, CURSOR_OFFSET, CURSOR_SIZE);
        writeEntry(sections++, SECTION_DAMAGE, DAMAGE_OFFSET, DAMAGE_SIZE);
        writeEntry(sections++, SECTION_SURFACES, SURFACES_OFFSET, SURFACE_COUNT * SURFACE_SIZE);
        map.set(U32, HEADER_SECTION_COUNT, sections);
        LONG.setRelease(map, HEADER_MAGIC, MAGIC);
    }

    private void writeEntry(int index, int type, long offset, long length) {
        long entry = HEADER_DIRECTORY + (long) index * ENTRY_SIZE;
        map.set(U32, entry + ENTRY_TYPE, type);
        map.set(U32, entry + ENTRY_VERSION, 1);
        map.set(U64, entry + ENTRY_OFFSET, offset);
        map.set(U64, entry + ENTRY_LENGTH, length);
    }

    /** Says that the writer is alive; due every 250 ms. Any thread. */
    public void heartbeat() {
        LONG.setRelease(map, HEADER_HEARTBEAT, System.nanoTime());
    }

    /** Says what the emulator is doing. Any thread. */
    public void setState(WriterState state) {
        INT.setRelease(map, HEADER_STATE, state.ordinal());
    }

    /** Shows the keyboard's lamps. Any thread. */
    public void setLeds(KeyboardLeds leds) {
        int bits =
                (leds.scrollLock() ? 1 : 0) | (leds.numLock() ? 2 : 0) | (leds.capsLock() ? 4 : 0);
        INT.setRelease(map, DISPLAY_OFFSET + DISPLAY_LEDS, bits);
    }

    /** Shows, moves, shapes or takes away the hardware cursor. */
    public void setCursor(Cursor cursor) {
        if (cursor.width() > CURSOR_MAX_EDGE || cursor.height() > CURSOR_MAX_EDGE) {
            throw new IllegalArgumentException(
                    "cursor of "
                            + cursor.width()
                            + "x"
                            + cursor.height()
                            + " pixels; "
                            + CURSOR_MAX_EDGE
                            + "x"
                            + CURSOR_MAX_EDGE
                            + " is the most");
        }
        long sequence = map.get(U64, CURSOR_OFFSET + CURSOR_SEQUENCE);
        LONG.setOpaque(map, CURSOR_OFFSET + CURSOR_SEQUENCE, sequence + 1);
        VarHandle.storeStoreFence();
        map.set(U32, CURSOR_OFFSET + CURSOR_SERIAL, cursor.serial());
        map.set(U32, CURSOR_OFFSET + CURSOR_VISIBLE, cursor.visible() ? 1 : 0);
        map.set(U32, CURSOR_OFFSET + CURSOR_X, cursor.x());
        map.set(U32, CURSOR_OFFSET + CURSOR_Y, cursor.y());
        map.set(U32, CURSOR_OFFSET + CURSOR_HOT_X, cursor.hotX());
        map.set(U32, CURSOR_OFFSET + CURSOR_HOT_Y, cursor.hotY());
        map.set(U32, CURSOR_OFFSET + CURSOR_WIDTH, cursor.width());
        map.set(U32, CURSOR_OFFSET + CURSOR_HEIGHT, cursor.height());
        MemorySegment.copy(
                cursor.argb(),
                0,
                map,
                U32,
                CURSOR_OFFSET + CURSOR_PIXELS,
                cursor.width() * cursor.height());
        LONG.setRelease(map, CURSOR_OFFSET + CURSOR_SEQUENCE, sequence + 2);
    }

    /** The generation of the newest published frame; 0 before the first. */
    public long generation() {
        return generation;
    }

    /** The mode of the frame begun last, or null before the first. */
    public DisplayMode mode() {
        return mode;
    }

    /**
     * Opens a frame. When its shape is not that of the last one, the mode changes: then all that is
     * not drawn is black.
     *
     * @param text the grid of a text mode, else null
     * @param newScanout where the picture can be taken from directly, or null; another one makes
     *     another frame, and no other mode
     * @return whether the mode changes, so that all must be drawn
     */
    public boolean begin(
            int width,
            int height,
            DisplayMode.Kind kind,
            DisplayMode.TextGeometry text,
            Scanout newScanout) {
        if (mode == null
                || width != mode.width()
                || height != mode.height()
                || kind != mode.kind()
                || !Objects.equals(text, mode.text())) {
            mode = new DisplayMode(mode == null ? 1 : mode.serial() + 1, width, height, kind, text);
            modeChanged = true;
            int count = text != null ? text.columns() * text.rows() : 0;
            cells = cells.length == count ? cells : new short[count];
            Arrays.fill(cells, (short) 0);
            cursorColumn = -1;
            cursorRow = -1;
        }
        if (!Objects.equals(scanout, newScanout)) {
            scanout = newScanout;
            scanoutChanged = true;
        }
        if (open) {
            // The frame before was given up half drawn: what its surface holds belongs to no
            // generation.
            held[target] = 0;
            clearTiles();
        }
        target = (latest + 1) % SURFACE_COUNT;
        stride = width * BYTES_PER_PIXEL;
        latestPixels = surface(latest) + SURFACE_PIXELS;
        targetPixels = surface(target) + SURFACE_PIXELS;
        long sequence = map.get(U64, surface(target) + SURFACE_SEQUENCE);
        LONG.setOpaque(map, surface(target) + SURFACE_SEQUENCE, sequence | 1);
        VarHandle.storeStoreFence();
        open = true;
        return modeChanged;
    }

    /**
     * Where a line of pixels, 0x00RRGGBB, is put together for {@link #draw}: pixel x is at index x.
     */
    public int[] line() {
        return line;
    }

    /**
     * Draws part of a line from {@link #line}: its pixels {@code x} to {@code x + count - 1} become
     * those of line {@code y}. Tiles are damaged, and written to, only where the pixels differ from
     * the newest frame's.
     */
    public void draw(int x, int y, int count) {
        int end = x + count;
        Objects.checkFromToIndex(x, end, mode.width());
        Objects.checkIndex(y, mode.height());
        int bit = 1 << y % TILE_HEIGHT;
        int row = y / TILE_HEIGHT;
        long latestLine = latestPixels + (long) y * stride;
        long targetLine = targetPixels + (long) y * stride;
        if (count == mode.width()
                && (modeChanged || damagedInRow[row] == tileColumns(mode.width()))) {
            // Nothing is left to find out about this line's tiles.
            linesDrawn[row] |= bit;
            store(targetLine, 0, count);
            return;
        }
        int tile = row * TILE_COLUMNS + x / TILE_WIDTH;
        int different = x;
        int written = x;
        for (int at = x; at < end; tile++) {
            int stop = Math.min(end, at / TILE_WIDTH * TILE_WIDTH + TILE_WIDTH);
            boolean write = modeChanged || damaged[tile];
            if (!write) {
                if (different <= at) {
                    different = firstDifference(latestLine, at, end);
                }
                write = different < stop;
                damaged[tile] = write;
                damagedInRow[row] += write ? 1 : 0;
            }
            if (write) {
                prepare(tile, row, bit, latestLine, targetLine, at, stop);
            } else {
                // The tile's line is the newest frame's, and comes from there if it is missing.
                store(targetLine, written, at);
                written = stop;
            }
            at = stop;
        }
        store(targetLine, written, end);
    }

    /** Sees to it that the rest of a tile's line is right when a part of it is drawn. */
    private void prepare(
            int tile, int row, int bit, long latestLine, long targetLine, int from, int to) {
        if (((drawn[tile] | linesDrawn[row]) & bit) == 0) {
            int tileStart = from / TILE_WIDTH * TILE_WIDTH;
            int tileEnd = Math.min(tileStart + TILE_WIDTH, mode.width());
            if (to - from < tileEnd - tileStart && stale(tile)) {
                catchUp(targetLine, latestLine, tileStart, tileEnd);
            }
            drawn[tile] |= bit;
        }
    }

    private void store(long targetLine, int from, int to) {
        if (to > from) {
            long at = targetLine + (long) from * BYTES_PER_PIXEL;
            MemorySegment.copy(line, from, map, U32, at, to - from);
        }
    }

    /**
     * The first pixel of the line that is not the newest frame's; {@code to} when there is none.
     * Where bytes are not stored lowest first all looks different, which overstates the damage, no
     * more.
     */
    private int firstDifference(long latestLine, int from, int to) {
        long mismatch =
                MemorySegment.mismatch(
                        lineMemory,
                        (long) from * BYTES_PER_PIXEL,
                        (long) to * BYTES_PER_PIXEL,
                        map,
                        latestLine + (long) from * BYTES_PER_PIXEL,
                        latestLine + (long) to * BYTES_PER_PIXEL);
        return mismatch < 0 ? to : from + (int) (mismatch / BYTES_PER_PIXEL);
    }

    /** Whether the target surface has not seen this tile's last change. */
    private boolean stale(int tile) {
        return modeChanged || stamps[tile] > held[target];
    }

    private void catchUp(long targetLine, long latestLine, int from, int to) {
        long offset = (long) from * BYTES_PER_PIXEL;
        long length = (long) (to - from) * BYTES_PER_PIXEL;
        if (modeChanged) {
            map.asSlice(targetLine + offset, length).fill((byte) 0);
        } else {
            MemorySegment.copy(map, latestLine + offset, map, targetLine + offset, length);
        }
    }

    /**
     * Sets the characters of a text mode.
     *
     * @param newCells one for each cell of the mode's grid, row by row: code in the low byte,
     *     attribute above
     * @param column the cursor's column, or -1 when none is visible
     * @param row the cursor's row, or -1
     */
    public void text(short[] newCells, int column, int row) {
        if (column != cursorColumn
                || row != cursorRow
                || Arrays.mismatch(cells, 0, cells.length, newCells, 0, cells.length) >= 0) {
            textChanged = true;
            System.arraycopy(newCells, 0, cells, 0, cells.length);
            cursorColumn = column;
            cursorRow = row;
        }
    }

    /**
     * Completes the open frame, and makes it the newest when it differs from the newest one.
     *
     * @return whether a frame was published
     */
    public boolean publish() {
        if (!open) {
            throw new IllegalStateException("publish without begin");
        }
        int columns = tileColumns(mode.width());
        int rows = tileRows(mode.height());
        boolean changed = modeChanged || textChanged || scanoutChanged || anyDamage(rows);
        if (!changed && held[target] != 0) {
            // Nothing was written, so the surface holds the older frame that it held.
            finishSurface();
            return false;
        }
        for (int row = 0; row < rows; row++) {
            completeTiles(row, columns);
        }
        // Even when it brings nothing new: a reader that comes late to this surface must not read
        // a frame that never was.
        generation += changed ? 1 : 0;
        writeSurface();
        // Stamps come before the sequence is even again: a late reader may find this generation
        // through an
        // older latest word, and then knows what it changed.
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int tile = row * TILE_COLUMNS + column;
                if (modeChanged || damaged[tile]) {
                    stamps[tile] = generation;
                    LONG.setOpaque(map, tileStamp(column, row), generation);
                }
            }
        }
        held[target] = generation;
        clearTiles();
        modeChanged = false;
        textChanged = false;
        scanoutChanged = false;
        finishSurface();
        if (changed) {
            latest = target;
            LONG.setRelease(map, DISPLAY_OFFSET + DISPLAY_LATEST, generation << 2 | latest);
            if (synced) {
                map.asSlice(0, SURFACES_OFFSET).force();
                map.asSlice(surface(target), SURFACE_PIXELS + (long) mode.height() * stride)
                        .force();
            }
            signal.publish();
        }
        return changed;
    }

    private void finishSurface() {
        long sequence = map.get(U64, surface(target) + SURFACE_SEQUENCE);
        LONG.setRelease(map, surface(target) + SURFACE_SEQUENCE, sequence + 1);
        open = false;
    }

    private boolean anyDamage(int rows) {
        for (int row = 0; row < rows; row++) {
            if (damagedInRow[row] != 0) {
                return true;
            }
        }
        return false;
    }

    /** Copies the lines of a row of tiles that the surface lacks. */
    private void completeTiles(int row, int columns) {
        int first = row * TILE_COLUMNS;
        int missing = 0;
        for (int tile = first; tile < first + columns; tile++) {
            if (stale(tile)) {
                missing |= ~(drawn[tile] | linesDrawn[row]) & WHOLE_TILE;
            }
        }
        int top = row * TILE_HEIGHT;
        int lines = Math.min(TILE_HEIGHT, mode.height() - top);
        for (int i = 0; i < lines && missing != 0; i++) {
            if ((missing & 1 << i) != 0) {
                completeLine(first, columns, top + i, 1 << i);
            }
        }
    }

    private void completeLine(int firstTile, int columns, int y, int bit) {
        long latestLine = latestPixels + (long) y * stride;
        long targetLine = targetPixels + (long) y * stride;
        int column = 0;
        while (column < columns) {
            int from = column;
            while (column < columns
                    && (drawn[firstTile + column] & bit) == 0
                    && stale(firstTile + column)) {
                column++;
            }
            if (column > from) {
                catchUp(
                        targetLine,
                        latestLine,
                        from * TILE_WIDTH,
                        Math.min(column * TILE_WIDTH, mode.width()));
            } else {
                column++;
            }
        }
    }

    private void writeSurface() {
        long at = surface(target);
        map.set(U64, at + SURFACE_GENERATION, generation);
        map.set(U64, at + SURFACE_TIMESTAMP, System.nanoTime());
        map.set(U32, at + SURFACE_MODE_SERIAL, mode.serial());
        map.set(U32, at + SURFACE_WIDTH, mode.width());
        map.set(U32, at + SURFACE_HEIGHT, mode.height());
        map.set(U32, at + SURFACE_STRIDE, stride);
        map.set(U32, at + SURFACE_FORMAT, FORMAT_XRGB8888);
        map.set(U32, at + SURFACE_KIND, mode.kind().ordinal());
        DisplayMode.TextGeometry text = mode.text();
        map.set(U32, at + SURFACE_TEXT_COLUMNS, text != null ? text.columns() : 0);
        map.set(U32, at + SURFACE_TEXT_ROWS, text != null ? text.rows() : 0);
        map.set(U32, at + SURFACE_CELL_WIDTH, text != null ? text.cellWidth() : 0);
        map.set(U32, at + SURFACE_CELL_HEIGHT, text != null ? text.cellHeight() : 0);
        map.set(U32, at + SURFACE_TEXT_CURSOR_COLUMN, cursorColumn);
        map.set(U32, at + SURFACE_TEXT_CURSOR_ROW, cursorRow);
        MemorySegment.copy(cells, 0, map, U16, at + SURFACE_TEXT_CELLS, cells.length);
        writeScanout(at);
    }

    private void writeScanout(long at) {
        map.set(
                U32,
                at + SURFACE_SCANOUT_FORMAT,
                scanout != null ? 1 + scanout.format().ordinal() : 0);
        map.set(U32, at + SURFACE_SCANOUT_STRIDE, scanout != null ? scanout.stride() : 0);
        map.set(U64, at + SURFACE_SCANOUT_OFFSET, scanout != null ? scanout.offset() : 0);
        for (int i = 0; i < 16; i++) {
            boolean named = scanout != null && i < scanout.map().length();
            map.set(
                    ValueLayout.JAVA_BYTE,
                    at + SURFACE_SCANOUT_MAP + i,
                    named ? (byte) scanout.map().charAt(i) : 0);
        }
    }

    private void clearTiles() {
        Arrays.fill(drawn, 0);
        Arrays.fill(linesDrawn, 0);
        Arrays.fill(damagedInRow, 0);
        Arrays.fill(damaged, false);
    }
}
