package org.vitrine.example.ascii.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.vitrine.spi.display.ScreenText;

/**
 * Makes a terminal show the guest's text: the control sequences of ECMA-48, as far as every
 * terminal has them. Only rows that have changed are sent. Each update stands between the two
 * sequences of a synchronized update (DEC private mode 2026), so that terminals which know it show
 * no half frame; others ignore them.
 */
public final class AnsiScreen {

    /** Stands before each update. */
    public static final String BEGIN = "\u001b[?2026h";

    /** Stands behind each update. */
    public static final String END = "\u001b[?2026l";

    /** ECMA-48 numbers colours with red lowest, VGA with blue lowest. */
    private static final int[] COLOURS = {0, 4, 2, 6, 1, 5, 3, 7};

    private ScreenText shown;
    private String notice;

    /** The bytes that bring the terminal from what was shown last to this; none when it is that. */
    public byte[] show(ScreenText text) {
        StringBuilder out = new StringBuilder(BEGIN);
        boolean all = shown == null || shown.columns() != text.columns();
        if (all || shown.rows() != text.rows()) {
            all = true;
            out.append("\u001b[0m\u001b[2J");
        }
        boolean changed = all;
        for (int row = 0; row < text.rows(); row++) {
            if (all || !sameRow(text, row)) {
                appendRow(out, text, row);
                changed = true;
            }
        }
        if (!changed
                && shown.cursorColumn() == text.cursorColumn()
                && shown.cursorRow() == text.cursorRow()) {
            return new byte[0];
        }
        shown = text;
        notice = null;
        if (text.cursorRow() < 0) {
            out.append("\u001b[?25l");
        } else {
            out.append(at(text.cursorRow(), text.cursorColumn())).append("\u001b[?25h");
        }
        return bytes(out.append(END));
    }

    /** The bytes that make the terminal show this line alone. */
    public byte[] showNotice(String line) {
        if (line.equals(notice)) {
            return new byte[0];
        }
        notice = line;
        shown = null;
        return bytes(
                new StringBuilder(BEGIN)
                        .append("\u001b[0m\u001b[2J")
                        .append(at(0, 0))
                        .append(line)
                        .append(END));
    }

    private static byte[] bytes(StringBuilder text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String at(int row, int column) {
        return "\u001b[" + (row + 1) + ";" + (column + 1) + "H";
    }

    private boolean sameRow(ScreenText text, int row) {
        int from = row * text.columns();
        int to = from + text.columns();
        return Arrays.equals(shown.cells(), from, to, text.cells(), from, to);
    }

    private static void appendRow(StringBuilder out, ScreenText text, int row) {
        out.append(at(row, 0));
        int attribute = -1;
        for (int column = 0; column < text.columns(); column++) {
            if (text.attributeAt(column, row) != attribute) {
                attribute = text.attributeAt(column, row);
                out.append(colours(attribute));
            }
            out.append(text.characterAt(column, row));
        }
        out.append("\u001b[0m");
    }

    /** The sequence for a VGA attribute: blink in bit 7, background, bright, foreground. */
    private static String colours(int attribute) {
        int foreground = (attribute & 8) != 0 ? 90 : 30;
        return "\u001b[0;"
                + ((attribute & 0x80) != 0 ? "5;" : "")
                + (foreground + COLOURS[attribute & 7])
                + ";"
                + (40 + COLOURS[attribute >> 4 & 7])
                + "m";
    }
}
