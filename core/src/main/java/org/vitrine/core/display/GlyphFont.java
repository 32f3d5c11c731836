package org.vitrine.core.display;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.vitrine.core.memory.PhysicalMemory;

/**
 * A font of 256 glyphs, eight dots wide, in code page 437's order: as a BIOS has it in its ROM and
 * draws text with in graphics modes.
 *
 * <p>Immutable, and safe for use by several threads.
 */
public final class GlyphFont {

    private static final int GLYPHS = 256;
    private static final int[] HEIGHTS = {8, 14, 16};
    private static final int BLANK = ' ';
    private static final int FULL_BLOCK = 0xDB;
    private static final int LOWER_HALF = 0xDC;
    private static final int UPPER_HALF = 0xDF;

    /** Interrupt vector 43h: where the BIOS says that the font of its graphics modes lies. */
    private static final int FONT_VECTOR = 0x43 * 4;

    /** The lines of that font's glyphs, in the BIOS's data area. */
    private static final int FONT_HEIGHT = 0x485;

    private static final int VIDEO_ROM = 0xC0000;
    private static final int VIDEO_ROM_SIZE = 0x10000;

    private final int height;
    private final Map<ByteBuffer, Integer> codes = new HashMap<>();

    /**
     * @param glyphs holds the font from {@code offset} on: a byte for each line of a glyph, the
     *     leftmost dot in bit 7
     * @param height lines of a glyph, 1 to 16
     */
    public GlyphFont(byte[] glyphs, int offset, int height) {
        this.height = height;
        // Of glyphs that look alike, as the three blanks do, the one that people write wins.
        for (int code = GLYPHS - 1; code >= 0; code--) {
            codes.put(glyph(glyphs, offset, code), code);
        }
        for (int code = '~'; code >= ' '; code--) {
            codes.put(glyph(glyphs, offset, code), code);
        }
    }

    private ByteBuffer glyph(byte[] glyphs, int offset, int code) {
        int from = offset + code * height;
        return ByteBuffer.wrap(Arrays.copyOfRange(glyphs, from, from + height));
    }

    /** Lines of a glyph. */
    public int height() {
        return height;
    }

    /** The code of the glyph with these lines, or -1. */
    int codeOf(byte[] rows) {
        return codes.getOrDefault(ByteBuffer.wrap(rows), -1);
    }

    /**
     * The fonts that the guest may draw text with: the one that the BIOS's vector 43h points to,
     * and those in the video BIOS's ROM, which are known by their block characters. Called on the
     * vCPU thread.
     */
    public static List<GlyphFont> inMemory(PhysicalMemory memory) {
        List<GlyphFont> fonts = new ArrayList<>();
        int height = (int) memory.read(FONT_HEIGHT, 1);
        if (Arrays.stream(HEIGHTS).anyMatch(known -> known == height)) {
            long place = (memory.read(FONT_VECTOR + 2, 2) << 4) + memory.read(FONT_VECTOR, 2);
            fonts.add(new GlyphFont(bytes(memory, place, GLYPHS * height), 0, height));
        }
        byte[] rom = bytes(memory, VIDEO_ROM, VIDEO_ROM_SIZE);
        for (int lines : HEIGHTS) {
            int at = find(rom, lines);
            if (at >= 0) {
                fonts.add(new GlyphFont(rom, at, lines));
            }
        }
        return fonts;
    }

    /** What is in RAM and ROM there. Devices, which would notice that they are read, give zeros. */
    private static byte[] bytes(PhysicalMemory memory, long address, int length) {
        byte[] bytes = new byte[length];
        int size;
        for (int done = 0; done < length; done += size) {
            long from = address + done;
            int left = PhysicalMemory.PAGE_SIZE - (int) (from & PhysicalMemory.PAGE_MASK);
            size = Math.min(left, length - done);
            if (memory.readablePage(from) != 0) {
                memory.read(from, bytes, done, size);
            }
        }
        return bytes;
    }

    /** Where a ROM has a font of glyphs with so many lines, or -1. */
    public static int find(byte[] rom, int height) {
        for (int at = 0; at + GLYPHS * height <= rom.length; at++) {
            if (isFont(rom, at, height)) {
                return at;
            }
        }
        return -1;
    }

    /** Whether the block characters are where code page 437 has them. */
    private static boolean isFont(byte[] rom, int at, int height) {
        if (!all(rom, at + FULL_BLOCK * height, height, 0xFF)
                || !all(rom, at + BLANK * height, height, 0)) {
            return false;
        }
        int upper = 0;
        while (upper < height && rom[at + UPPER_HALF * height + upper] == (byte) 0xFF) {
            upper++;
        }
        return upper >= height / 2 - 1
                && upper <= height / 2 + 1
                && all(rom, at + UPPER_HALF * height + upper, height - upper, 0)
                && all(rom, at + LOWER_HALF * height, upper, 0)
                && all(rom, at + LOWER_HALF * height + upper, height - upper, 0xFF);
    }

    private static boolean all(byte[] bytes, int from, int count, int value) {
        for (int i = from; i < from + count; i++) {
            if (bytes[i] != (byte) value) {
                return false;
            }
        }
        return true;
    }
}
