package org.vitrine.core.display;

/** A few glyphs of 8x16 dots, drawn for tests; codes without one have a pattern of their own. */
final class TestFont {

    private static final String[] LETTERS = {
        "V", "#.....#", "#.....#", "#.....#", ".#...#.", ".#...#.", "..#.#..", "...#...",
        "I", "..###..", "...#...", "...#...", "...#...", "...#...", "...#...", "..###..",
        "T", "#######", "...#...", "...#...", "...#...", "...#...", "...#...", "...#...",
        "R", "#####..", "#....#.", "#....#.", "#####..", "#..#...", "#...#..", "#....#.",
        "N", "#.....#", "##....#", "#.#...#", "#..#..#", "#...#.#", "#....##", "#.....#",
        "E", "######.", "#......", "#......", "####...", "#......", "#......", "######.",
        " ", ".......", ".......", ".......", ".......", ".......", ".......", ".......",
    };

    private TestFont() {}

    /**
     * All 256 glyphs, 16 bytes each. Letters are the same in both fonts but for a bar at the top.
     */
    static byte[] glyphs(boolean barred) {
        byte[] glyphs = new byte[256 * 16];
        for (int code = 0; code < 256; code++) {
            for (int line = 2; line < 14; line++) {
                glyphs[code * 16 + line] = (byte) (line % 2 == 0 ? code : ~code);
            }
        }
        for (int letter = 0; letter < LETTERS.length; letter += 8) {
            int code = LETTERS[letter].charAt(0);
            for (int line = 0; line < 16; line++) {
                int row = (line - 1) / 2;
                glyphs[code * 16 + line] =
                        line >= 1 && row < 7 ? bits(LETTERS[letter + 1 + row]) : 0;
            }
            if (barred && code != ' ') {
                glyphs[code * 16] = (byte) 0xFF;
            }
        }
        // A horizontal and a crossed double line, which touch their neighbours at the right.
        for (int line = 0; line < 16; line++) {
            glyphs[0xC4 * 16 + line] = (byte) (line == 7 ? 0xFF : 0);
            glyphs[0xCE * 16 + line] = (byte) (line == 6 || line == 8 ? 0xE7 : 0x24);
        }
        return glyphs;
    }

    private static byte bits(String row) {
        int bits = 0;
        for (int i = 0; i < row.length(); i++) {
            bits |= row.charAt(i) == '#' ? 0x80 >> i : 0;
        }
        return (byte) bits;
    }
}
