package org.vitrine.core.display;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.vitrine.spi.display.DisplayLayout;

/** Makes lines of pixels out of video memory. */
final class LineConverter {

    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The most pixels that panning needs to the right of a line. */
    private static final int SPARE = 8;

    /** The bits of a byte as eight bytes, bit 7 lowest. */
    private static final long[] EIGHT_BITS = new long[256];

    /** The four pairs of bits of a byte as four bytes, bits 7 and 6 lowest. */
    private static final int[] FOUR_PAIRS = new int[256];

    static {
        for (int value = 0; value < 256; value++) {
            for (int i = 0; i < 8; i++) {
                EIGHT_BITS[value] |= (long) (value >> 7 - i & 1) << 8 * i;
            }
            for (int i = 0; i < 4; i++) {
                FOUR_PAIRS[value] |= (value >> 6 - 2 * i & 3) << 8 * i;
            }
        }
    }

    private final int[] wide = new int[DisplayLayout.MAX_WIDTH + SPARE];

    /** A line that goes on at the start of memory, in one piece. */
    private final MemorySegment joined =
            Arena.ofAuto()
                    .allocate((long) DisplayLayout.BYTES_PER_PIXEL * wide.length, Integer.BYTES);

    /** Converts line {@code y}, moved by the picture's panning, into {@code into}, from index 0. */
    void convert(Picture.Graphics picture, int y, MemorySegment memory, int[] colours, int[] into) {
        int panning = y < picture.fixedFrom() ? picture.panning() : 0;
        int count = picture.width() >> picture.dotShift();
        if (panning == 0) {
            convert(picture, picture.lines()[y], count, memory, colours, into);
        } else {
            convert(picture, picture.lines()[y], count + SPARE, memory, colours, wide);
            System.arraycopy(wide, panning, into, 0, count);
        }
        for (int shift = 0; shift < picture.dotShift(); shift++) {
            doubleDots(into, count << shift);
        }
    }

    /** Makes each of the first {@code count} pixels two, from the right so that none is lost. */
    private static void doubleDots(int[] line, int count) {
        for (int x = count - 1; x >= 0; x--) {
            int pixel = line[x];
            line[2 * x] = pixel;
            line[2 * x + 1] = pixel;
        }
    }

    private void convert(
            Picture.Graphics picture,
            int start,
            int count,
            MemorySegment memory,
            int[] colours,
            int[] into) {
        MemorySegment from = memory;
        int at = start & picture.mask();
        int length = bytes(picture.format(), count);
        int beforeEnd = picture.mask() + 1 - at;
        if (length > beforeEnd) {
            MemorySegment.copy(memory, at, joined, 0, beforeEnd);
            MemorySegment.copy(memory, 0, joined, beforeEnd, length - beforeEnd);
            from = joined;
            at = 0;
        }
        switch (picture.format()) {
            case PLANES_4 -> planes(at, count, from, colours, into);
            case INTERLEAVED_4 -> interleaved(at, count, from, colours, into);
            case INDEXED_8 -> indexed(at, count, from, colours, into);
            case RGB_555 -> rgb555(at, count, from, into);
            case RGB_565 -> rgb565(at, count, from, into);
            case RGB_888 -> rgb888(at, count, from, into);
            case XRGB_8888 -> xrgb8888(at, count, from, into);
        }
    }

    /** How many bytes are looked at for so many pixels. */
    private static int bytes(PixelFormat format, int count) {
        return switch (format) {
            case PLANES_4, INTERLEAVED_4 -> (count + 7) / 8 * 4;
            case INDEXED_8 -> (count + 3) / 4 * 4;
            case RGB_555, RGB_565 -> 2 * count;
            case RGB_888 -> 3 * count;
            case XRGB_8888 -> 4 * count;
        };
    }

    // The loops from here on become vector code as long as each reads at the loop's index, by a
    // factor and a sum, and nothing else.

    private static void planes(
            int start, int count, MemorySegment memory, int[] colours, int[] into) {
        int at = start;
        for (int x = 0; x < count; x += 8, at += 4) {
            int four = memory.get(INT, at);
            long pixels =
                    EIGHT_BITS[four & 0xFF]
                            | EIGHT_BITS[four >>> 8 & 0xFF] << 1
                            | EIGHT_BITS[four >>> 16 & 0xFF] << 2
                            | EIGHT_BITS[four >>> 24] << 3;
            for (int i = 0; i < 8; i++, pixels >>>= 8) {
                into[x + i] = colours[(int) pixels & 15];
            }
        }
    }

    private static void interleaved(
            int start, int count, MemorySegment memory, int[] colours, int[] into) {
        int at = start;
        for (int x = 0; x < count; x += 8, at += 4) {
            int four = memory.get(INT, at);
            int left = FOUR_PAIRS[four & 0xFF] | FOUR_PAIRS[four >>> 16 & 0xFF] << 2;
            int right = FOUR_PAIRS[four >>> 8 & 0xFF] | FOUR_PAIRS[four >>> 24] << 2;
            for (int i = 0; i < 4; i++) {
                into[x + i] = colours[left >>> 8 * i & 15];
                into[x + 4 + i] = colours[right >>> 8 * i & 15];
            }
        }
    }

    private static void indexed(
            int start, int count, MemorySegment memory, int[] colours, int[] into) {
        int at = start;
        for (int x = 0; x < count; x += 4, at += 4) {
            int four = memory.get(INT, at);
            into[x] = colours[four & 0xFF];
            into[x + 1] = colours[four >>> 8 & 0xFF];
            into[x + 2] = colours[four >>> 16 & 0xFF];
            into[x + 3] = colours[four >>> 24];
        }
    }

    private static void rgb555(int start, int count, MemorySegment memory, int[] into) {
        for (int x = 0; x < count; x++) {
            int pixel = memory.get(SHORT, start + 2L * x);
            into[x] = five(pixel >> 10) << 16 | five(pixel >> 5) << 8 | five(pixel);
        }
    }

    private static void rgb565(int start, int count, MemorySegment memory, int[] into) {
        for (int x = 0; x < count; x++) {
            int pixel = memory.get(SHORT, start + 2L * x);
            int green = pixel >> 5 & 63;
            into[x] = five(pixel >> 11) << 16 | (green << 2 | green >> 4) << 8 | five(pixel);
        }
    }

    /** Eight bits for the low five, so that all ones become all ones. */
    private static int five(int value) {
        int bits = value & 31;
        return bits << 3 | bits >> 2;
    }

    private static void rgb888(int start, int count, MemorySegment memory, int[] into) {
        for (int x = 0, at = start; x < count; x++, at += 3) {
            into[x] =
                    memory.get(SHORT, at) & 0xFFFF
                            | (memory.get(ValueLayout.JAVA_BYTE, at + 2) & 0xFF) << 16;
        }
    }

    private static void xrgb8888(int start, int count, MemorySegment memory, int[] into) {
        for (int x = 0; x < count; x++) {
            into[x] = memory.get(INT, start + 4L * x) & 0xFFFFFF;
        }
    }
}
