package org.vitrine.core.display;

import java.util.Arrays;
import java.util.List;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.ScreenText;

/**
 * Reads text that the guest drew dot by dot in a graphics mode, by comparing the cells of the
 * picture with the glyphs of its fonts.
 *
 * <p>A cell is read when it has two colours and one of them makes a glyph; every other cell reads
 * as a blank. Lines and dots may be doubled, as in the modes of 200 lines. Text is looked for from
 * the picture's corner on, and, when there is none, at all places where its first cell may begin.
 */
public final class DrawnText {

    private static final int CELL_WIDTH = 8;

    /** How often a dot and a line come in the picture: once, both doubled, or lines doubled. */
    private static final int[][] SCALES = {{1, 1}, {2, 2}, {1, 2}};

    /** Letters and digits with which a picture is taken for one of text. */
    private static final int ENOUGH = 2;

    private final int[] pixels;
    private final int width;
    private final int height;

    private DrawnText(int[] pixels, int width, int height) {
        this.pixels = pixels;
        this.width = width;
        this.height = height;
    }

    /** Where cells lie and what they are compared with. */
    private record Grid(GlyphFont font, int left, int top, int scaleX, int scaleY) {

        int cellWidth() {
            return CELL_WIDTH * scaleX;
        }

        int cellHeight() {
            return font.height() * scaleY;
        }
    }

    /**
     * The text in this picture, without a cursor and with attributes of 0; null when no text of
     * these fonts is found.
     */
    public static ScreenText find(Frame frame, List<GlyphFont> fonts) {
        DrawnText picture =
                new DrawnText(frame.pixels(), frame.mode().width(), frame.mode().height());
        ScreenText found = picture.atCorner(fonts);
        return found != null ? found : picture.anywhere(fonts);
    }

    private ScreenText atCorner(List<GlyphFont> fonts) {
        Best best = new Best();
        for (GlyphFont font : fonts) {
            for (int[] scale : SCALES) {
                best.consider(new Grid(font, 0, 0, scale[0], scale[1]));
            }
        }
        return best.text;
    }

    private ScreenText anywhere(List<GlyphFont> fonts) {
        Best best = new Best();
        for (GlyphFont font : fonts) {
            for (int top = 0; top < font.height(); top++) {
                for (int left = 0; left < CELL_WIDTH; left++) {
                    best.consider(new Grid(font, left, top, 1, 1));
                }
            }
        }
        return best.text;
    }

    /** The grid with the most letters and digits. */
    private final class Best {
        private ScreenText text;
        private int letters = ENOUGH - 1;

        void consider(Grid grid) {
            int columns = (width - grid.left()) / grid.cellWidth();
            int rows = (height - grid.top()) / grid.cellHeight();
            if (columns <= 0 || rows <= 0) {
                return;
            }
            short[] cells = new short[columns * rows];
            int count = 0;
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    int code = read(grid, column, row);
                    cells[row * columns + column] = (short) code;
                    count += isLetter(code) ? 1 : 0;
                }
            }
            if (count > letters) {
                letters = count;
                text = new ScreenText(columns, rows, -1, -1, cells);
            }
        }
    }

    private static boolean isLetter(int code) {
        return code >= '0' && code <= '9'
                || code >= 'A' && code <= 'Z'
                || code >= 'a' && code <= 'z';
    }

    /** The code of the glyph in this cell, or a blank's. */
    private int read(Grid grid, int column, int row) {
        int x0 = grid.left() + column * grid.cellWidth();
        int y0 = grid.top() + row * grid.cellHeight();
        int first = pixels[y0 * width + x0];
        int second = first;
        int dots = 0;
        byte[] rows = new byte[grid.font().height()];
        for (int line = 0; line < rows.length; line++) {
            int at = (y0 + line * grid.scaleY()) * width + x0;
            int bits = 0;
            for (int dot = 0; dot < CELL_WIDTH; dot++) {
                int colour = pixels[at + dot * grid.scaleX()];
                bits <<= 1;
                if (colour != first) {
                    if (second == first) {
                        second = colour;
                    } else if (colour != second) {
                        return ' ';
                    }
                    bits |= 1;
                    dots++;
                }
            }
            rows[line] = (byte) bits;
        }
        if (dots == 0) {
            return ' ';
        }
        // Most glyphs have fewer dots than ground, so that reading is tried first.
        boolean inverse = 2 * dots > CELL_WIDTH * rows.length;
        int code = grid.font().codeOf(inverse ? inverted(rows) : rows);
        if (code < 0) {
            code = grid.font().codeOf(inverse ? rows : inverted(rows));
        }
        return code < 0 ? ' ' : code;
    }

    private static byte[] inverted(byte[] rows) {
        byte[] other = Arrays.copyOf(rows, rows.length);
        for (int i = 0; i < other.length; i++) {
            other[i] = (byte) ~other[i];
        }
        return other;
    }
}
