package org.vitrine.spi.display;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The one layout of a published screen, in anonymous memory or in the file {@code PREFIX.display}.
 *
 * <pre>{@code
 * 0        +------------------------------------------------------------+
 *          | header: magic, version, sizes, features, session, writer,  |
 *          | heartbeat, state, directory of sections                    |
 * 0x01000  +------------------------------------------------------------+
 *          | display section: latest word, keyboard LEDs                |
 * 0x02000  +------------------------------------------------------------+
 *          | cursor section: sequence, position, shape (ARGB, 64x64)    |
 * 0x08000  +------------------------------------------------------------+
 *          | damage section: one generation stamp for each 64x16 tile   |
 * 0x10000  +------------------------------------------------------------+
 *          | surface 0: sequence, generation, time, mode, text cells    |
 * +0x22000 |   pixels, XRGB8888, the largest mode's size                |
 *          +------------------------------------------------------------+
 *          | surface 1: the same                                        |
 *          +------------------------------------------------------------+
 *          | surface 2: the same                                        |
 *          +------------------------------------------------------------+
 * }</pre>
 *
 * <p>All numbers are little-endian. Everything that describes a frame (mode, text cells, pixels)
 * stands inside its surface, so one sequence check covers it all.
 *
 * <p><b>Ordering.</b> The writer makes a surface's sequence odd, fences, fills the surface, stamps
 * the changed tiles, makes the sequence even with release, and then stores the latest word with
 * release. A reader loads the latest word with acquire, the sequence with acquire (odd: start
 * again), copies, fences loads, and loads the sequence again: equal means that the copy is whole.
 * The writer goes to a surface that is not the latest, so a reader is overtaken only when two
 * frames are published, and a third is begun, while it copies. The magic word is stored last, with
 * release, when everything else stands.
 *
 * <p><b>Damage.</b> A tile's stamp is the generation in which it last changed. It is stored before
 * the frame with that generation is published, so a tile whose stamp is later than the generation
 * that a reader has seen may have changed, and no other tile has. No reader leaves a trace in the
 * map. When the mode's serial is another than the reader's, all may have changed.
 *
 * <p>{@code docs/display-map.md} says all this for readers in other languages. A test keeps its
 * tables and its programs in step with the constants here.
 *
 * @since 1.0
 */
public final class DisplayLayout {

    private DisplayLayout() {}

    /** "VITRDISP" as it lies in memory, read as a little-endian number. */
    public static final long MAGIC = 0x5053_4944_5254_4956L;

    /** A reader refuses a map with another major version. The layout here is that of all 1.x. */
    public static final int VERSION_MAJOR = 1;

    /** Goes up when fields or sections are added; what stands here stays where it is. */
    public static final int VERSION_MINOR = 0;

    public static final int MAX_WIDTH = 2560;
    public static final int MAX_HEIGHT = 1600;
    public static final int BYTES_PER_PIXEL = 4;
    public static final int MAX_TEXT_COLUMNS = 255;
    public static final int MAX_TEXT_ROWS = 255;

    // Header.
    public static final long HEADER_MAGIC = 0x00; // u64, stored last
    public static final long HEADER_VERSION_MAJOR = 0x08; // u16
    public static final long HEADER_VERSION_MINOR = 0x0A; // u16
    public static final long HEADER_HEADER_SIZE = 0x0C; // u32, bytes
    public static final long HEADER_FILE_SIZE = 0x10; // u64, bytes
    public static final long HEADER_REQUIRED_FEATURES =
            0x18; // u32, a reader refuses bits it does not know
    public static final long HEADER_OPTIONAL_FEATURES = 0x1C; // u32
    public static final long HEADER_SESSION = 0x20; // 16 random bytes
    public static final long HEADER_WRITER_PID = 0x30; // u64
    public static final long HEADER_WRITER_START_TIME = 0x38; // u64, field 22 of /proc/PID/stat
    public static final long HEADER_HEARTBEAT = 0x40; // u64, CLOCK_MONOTONIC ns
    public static final long HEADER_STATE = 0x48; // u32, see WriterState
    public static final long HEADER_SECTION_COUNT = 0x4C; // u32
    public static final long HEADER_DIRECTORY = 0x50; // SECTION_COUNT entries
    public static final int HEADER_SIZE = 0x1000;

    // A directory entry. A reader skips types that it does not know.
    public static final long ENTRY_TYPE = 0x00; // u32
    public static final long ENTRY_VERSION = 0x04; // u32
    public static final long ENTRY_OFFSET = 0x08; // u64, bytes from the start of the map
    public static final long ENTRY_LENGTH = 0x10; // u64, bytes
    public static final int ENTRY_SIZE = 0x18;

    public static final int SECTION_DISPLAY = 1;
    public static final int SECTION_CURSOR = 2;
    public static final int SECTION_DAMAGE = 3;
    public static final int SECTION_SURFACES = 4;

    // Display section.
    public static final long DISPLAY_OFFSET = 0x1000;
    public static final int DISPLAY_SIZE = 0x1000;

    /** u64: generation * 4 + surface index; 0 before the first frame. */
    public static final long DISPLAY_LATEST = 0x00;

    public static final long DISPLAY_LEDS = 0x08; // u32: bit 0 scroll, bit 1 num, bit 2 caps lock

    // Cursor section.
    public static final long CURSOR_OFFSET = 0x2000;
    public static final int CURSOR_SIZE = 0x6000;
    public static final int CURSOR_MAX_EDGE = 64;
    public static final long CURSOR_SEQUENCE = 0x00; // u64, odd while being written
    public static final long CURSOR_SERIAL = 0x08; // u32, goes up when the shape changes; 0: none
    public static final long CURSOR_VISIBLE = 0x0C; // u32, 0 or 1
    public static final long CURSOR_X = 0x10; // i32, the hot spot's place, pixels
    public static final long CURSOR_Y = 0x14; // i32
    public static final long CURSOR_HOT_X = 0x18; // u32
    public static final long CURSOR_HOT_Y = 0x1C; // u32
    public static final long CURSOR_WIDTH = 0x20; // u32, pixels, at most CURSOR_MAX_EDGE
    public static final long CURSOR_HEIGHT = 0x24; // u32
    public static final long CURSOR_PIXELS =
            0x40; // ARGB8888, not premultiplied, WIDTH pixels in a line

    // Damage section: TILE_COLUMNS stamps in a row whatever the mode, so a mode change moves none.
    public static final long DAMAGE_OFFSET = 0x8000;
    public static final int DAMAGE_SIZE = 0x8000;
    public static final int TILE_WIDTH = 64;
    public static final int TILE_HEIGHT = 16;
    public static final int TILE_COLUMNS = MAX_WIDTH / TILE_WIDTH;
    public static final int TILE_ROWS = MAX_HEIGHT / TILE_HEIGHT;

    // Surfaces.
    public static final int SURFACE_COUNT = 3;
    public static final long SURFACES_OFFSET = 0x10000;
    public static final long SURFACE_SEQUENCE = 0x00; // u64, odd while being written
    public static final long SURFACE_GENERATION = 0x08; // u64, from 1
    public static final long SURFACE_TIMESTAMP = 0x10; // u64, CLOCK_MONOTONIC ns of publication
    public static final long SURFACE_MODE_SERIAL = 0x18; // u32
    public static final long SURFACE_WIDTH = 0x1C; // u32, pixels
    public static final long SURFACE_HEIGHT = 0x20; // u32, pixels
    public static final long SURFACE_STRIDE = 0x24; // u32, bytes from one line to the next
    public static final long SURFACE_FORMAT = 0x28; // u32, always FORMAT_XRGB8888
    public static final long SURFACE_KIND = 0x2C; // u32, ordinal of DisplayMode.Kind
    public static final long SURFACE_TEXT_COLUMNS = 0x30; // u32, 0 in graphics modes
    public static final long SURFACE_TEXT_ROWS = 0x34; // u32
    public static final long SURFACE_CELL_WIDTH = 0x38; // u32, pixels
    public static final long SURFACE_CELL_HEIGHT = 0x3C; // u32, pixels
    public static final long SURFACE_TEXT_CURSOR_COLUMN =
            0x40; // i32, -1 when there is no visible cursor
    public static final long SURFACE_TEXT_CURSOR_ROW = 0x44; // i32
    public static final long SURFACE_SCANOUT_FORMAT =
            0x48; // u32: 0 none, else 1 + ordinal of ScanoutFormat
    public static final long SURFACE_SCANOUT_STRIDE = 0x4C; // u32, bytes
    public static final long SURFACE_SCANOUT_OFFSET = 0x50; // u64, bytes
    public static final long SURFACE_SCANOUT_MAP = 0x58; // 16 bytes ASCII, zero-padded

    /**
     * u16 for each cell: code in the low byte, VGA attribute in the high one; TEXT_COLUMNS in a
     * row.
     */
    public static final long SURFACE_TEXT_CELLS = 0x1000;

    public static final long SURFACE_PIXELS = 0x22000;
    public static final long SURFACE_SIZE =
            SURFACE_PIXELS + (long) MAX_WIDTH * MAX_HEIGHT * BYTES_PER_PIXEL;

    public static final int FORMAT_XRGB8888 = 1;

    /** Bytes of the whole map; much of it is never touched, and so never takes memory. */
    public static final long SIZE = SURFACES_OFFSET + SURFACE_COUNT * SURFACE_SIZE;

    /** Where surface {@code index} (0 to 2) starts. */
    public static long surface(int index) {
        return SURFACES_OFFSET + index * SURFACE_SIZE;
    }

    /** Where the stamp of the tile in this column and row lies. */
    public static long tileStamp(int column, int row) {
        return DAMAGE_OFFSET + ((long) row * TILE_COLUMNS + column) * Long.BYTES;
    }

    /** Columns of tiles that a picture of this width has; the last one may be cut. */
    public static int tileColumns(int width) {
        return (width + TILE_WIDTH - 1) / TILE_WIDTH;
    }

    /** Rows of tiles that a picture of this height has; the last one may be cut. */
    public static int tileRows(int height) {
        return (height + TILE_HEIGHT - 1) / TILE_HEIGHT;
    }

    /** A 16-bit field. */
    public static final ValueLayout.OfShort U16 =
            ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** A 32-bit field. */
    public static final ValueLayout.OfInt U32 =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** A 64-bit field. */
    public static final ValueLayout.OfLong U64 =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * Access to a 32-bit field by (segment, offset), with the memory order that its name asks for.
     */
    public static final VarHandle INT = offsetHandle(U32);

    /**
     * Access to a 64-bit field by (segment, offset), with the memory order that its name asks for.
     */
    public static final VarHandle LONG = offsetHandle(U64);

    private static VarHandle offsetHandle(MemoryLayout layout) {
        return layout.varHandle();
    }

    static {
        if (DAMAGE_SIZE < TILE_COLUMNS * TILE_ROWS * Long.BYTES
                || SURFACE_PIXELS - SURFACE_TEXT_CELLS < 2L * MAX_TEXT_COLUMNS * MAX_TEXT_ROWS
                || CURSOR_SIZE
                        < CURSOR_PIXELS + CURSOR_MAX_EDGE * CURSOR_MAX_EDGE * BYTES_PER_PIXEL) {
            throw new AssertionError("sections overlap");
        }
    }

    /**
     * The writer's state, as the header has it. The codes are the ordinals.
     *
     * @since 1.0
     */
    public enum WriterState {
        /** The map is not complete, or the state is one of a later version. */
        UNKNOWN,
        /** The machine was never started. */
        STARTING,
        /** The guest runs. */
        RUNNING,
        /** The guest stands still; frames may still come, as when the screen is dumped. */
        PAUSED,
        /** Another emulator has taken over the prefix. */
        SUPERSEDED,
        /** The emulator ended orderly. One that was killed never says so. */
        CLOSED
    }
}
