package org.vitrine.core.display;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.vitrine.core.memory.DirtyLog;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.DisplayMode;

/**
 * Draws text modes with the guest's own font. It remembers what each cell looked like when it was
 * drawn last, and draws only those that look different.
 */
final class TextRenderer {

    private static final ValueLayout.OfShort CELL =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int GLYPHS = 256;
    private static final int GLYPH_LINES = 32;
    private static final int FONT_SIZE = GLYPHS * GLYPH_LINES * 4;

    /** What of a cell's look is not in the cell itself. */
    private static final int CURSOR = 1 << 16;

    private static final int HIDDEN = 1 << 17;
    private static final int UNKNOWN = -1;

    /**
     * Room at the left of {@link #dots}, for a first cell that panning has moved out of the picture
     * in part.
     */
    private static final int MARGIN = 32;

    private final MemorySegment memory;
    private final SurfaceWriter writer;
    private final byte[] fontA = new byte[GLYPHS * GLYPH_LINES];
    private final byte[] fontB = new byte[GLYPHS * GLYPH_LINES];
    private final int[] dots = new int[MARGIN + DisplayLayout.MAX_WIDTH + 2 * MARGIN];
    private int[] drawn = new int[0];
    private int[] wanted = new int[0];
    private short[] cells = new short[0];
    private int columns;
    private int cursorColumn;
    private int cursorRow;
    private int publishedColumn;
    private int publishedRow;
    private boolean blinkOn;
    private boolean cursorOn;

    TextRenderer(MemorySegment memory, SurfaceWriter writer) {
        this.memory = memory;
        this.writer = writer;
    }

    /**
     * Which of the blinking things are to be seen now; true when that is another state than before.
     */
    boolean setBlink(boolean charactersOn, boolean newCursorOn) {
        boolean changed = charactersOn != blinkOn || newCursorOn != cursorOn;
        blinkOn = charactersOn;
        cursorOn = newCursorOn;
        return changed;
    }

    /**
     * Draws what has changed, and publishes it.
     *
     * @param before the picture that is shown now
     * @param newColours whether colours have changed since the last call
     * @return how many cells were drawn; -1 when nothing had changed, and no frame was begun
     */
    int render(
            Picture.Text text, Picture before, int[] colours, boolean newColours, DirtyLog writes) {
        boolean all = newColours;
        if (before instanceof Picture.Text last) {
            all |= text != last && differs(text, last);
            all |=
                    fontWritten(writes, text.fontA(), fontA)
                            | fontWritten(writes, text.fontB(), fontB);
        } else {
            all = true;
        }
        if (all) {
            fetchFont(fontA, text.fontA());
            fetchFont(fontB, text.fontB());
        }
        // Panning shows a part of one more cell.
        columns = text.grid().columns() + (text.panning() != 0 ? 1 : 0);
        int count = columns * text.rows().length;
        if (count != drawn.length) {
            drawn = new int[count];
            wanted = new int[count];
            cells = new short[text.grid().columns() * text.grid().rows()];
            all = true;
        }
        if (all) {
            Arrays.fill(drawn, UNKNOWN);
        }
        look(text);
        locateCursor(text);
        boolean cursorMoved = cursorColumn != publishedColumn || cursorRow != publishedRow;
        if (!all && !cursorMoved && Arrays.equals(drawn, wanted)) {
            return -1;
        }
        if (writer.begin(text.width(), text.height(), DisplayMode.Kind.TEXT, text.grid(), null)) {
            Arrays.fill(drawn, UNKNOWN);
        }
        int cellsDrawn = draw(text, colours);
        publishText(text);
        writer.publish();
        return cellsDrawn;
    }

    /**
     * Whether the same cells look different in one picture and in another. Where the rows start and
     * where the cursor is makes no difference, since cells are compared: scrolling and typing draw
     * what they change.
     */
    private static boolean differs(Picture.Text text, Picture.Text last) {
        if (!text.grid().equals(last.grid())
                || text.width() != last.width()
                || text.height() != last.height()
                || text.dots() != last.dots()
                || text.dotShift() != last.dotShift()
                || text.lineShift() != last.lineShift()
                || text.panning() != last.panning()
                || text.fontA() != last.fontA()
                || text.fontB() != last.fontB()
                || text.lineGraphics() != last.lineGraphics()
                || text.blink() != last.blink()
                || text.underline() != last.underline()
                || text.cursorFirst() != last.cursorFirst()
                || text.cursorLast() != last.cursorLast()) {
            return true;
        }
        for (int i = 0; i < text.rows().length; i++) {
            Picture.Row row = text.rows()[i];
            Picture.Row lastRow = last.rows()[i];
            if (row.y() != lastRow.y()
                    || row.lines() != lastRow.lines()
                    || row.firstLine() != lastRow.firstLine()
                    || row.panning() != lastRow.panning()) {
                return true;
            }
        }
        return false;
    }

    private void look(Picture.Text text) {
        int index = 0;
        for (Picture.Row row : text.rows()) {
            for (int column = 0; column < columns; column++) {
                int address = row.start() + 4 * column & text.mask();
                int look = memory.get(CELL, address) & 0xFFFF;
                if (address == text.cursor() && cursorOn) {
                    look |= CURSOR;
                }
                if ((look & 0x8000) != 0 && text.blink() && !blinkOn) {
                    look |= HIDDEN;
                }
                wanted[index++] = look;
            }
        }
    }

    private int draw(Picture.Text text, int[] colours) {
        int count = 0;
        for (int row = 0; row < text.rows().length; row++) {
            int base = row * columns;
            int column = 0;
            while (column < columns) {
                if (drawn[base + column] == wanted[base + column]) {
                    column++;
                    continue;
                }
                int first = column;
                while (column < columns && drawn[base + column] != wanted[base + column]) {
                    drawn[base + column] = wanted[base + column];
                    column++;
                }
                drawRun(text, colours, text.rows()[row], base, first, column);
                count += column - first;
            }
        }
        return count;
    }

    /** Draws cells next to one another, line by line. */
    private void drawRun(
            Picture.Text text, int[] colours, Picture.Row row, int base, int first, int end) {
        int panning = row.panning() ? text.panning() << text.dotShift() : 0;
        int cellWidth = text.dots() << text.dotShift();
        int left = Math.max(first * cellWidth - panning, 0);
        int right = Math.min(end * cellWidth - panning, text.width());
        if (left >= right) {
            return;
        }
        for (int i = 0; i < row.lines(); i++) {
            int glyphLine = row.firstLine() + i >> text.lineShift();
            int x = MARGIN + first * cellWidth - panning;
            for (int column = first; column < end; column++, x += cellWidth) {
                drawCell(text, colours, wanted[base + column], glyphLine, x);
            }
            System.arraycopy(dots, MARGIN + left, writer.line(), left, right - left);
            writer.draw(left, row.y() + i, right - left);
        }
    }

    private void drawCell(Picture.Text text, int[] colours, int look, int line, int x) {
        int attribute = look >> 8 & 0xFF;
        int code = look & 0xFF;
        int background = colours[text.blink() ? attribute >> 4 & 7 : attribute >> 4];
        int foreground = (look & HIDDEN) != 0 ? background : colours[attribute & 15];
        int bits =
                ((attribute & 8) != 0 ? fontA : fontB)
                                        [code * GLYPH_LINES + (line & GLYPH_LINES - 1)]
                                << 1
                        & 0x1FE;
        if (text.lineGraphics() && (code & 0xE0) == 0xC0) {
            bits |= bits >> 1 & 1;
        }
        if (line == text.underline() && (attribute & 0x77) == 1) {
            bits = 0x1FF;
        }
        if ((look & CURSOR) != 0 && line >= text.cursorFirst() && line <= text.cursorLast()) {
            bits = 0x1FF;
            foreground = colours[attribute & 15];
        }
        int at = x;
        for (int dot = 0; dot < text.dots(); dot++) {
            int colour = (bits & 0x100) != 0 ? foreground : background;
            bits <<= 1;
            dots[at++] = colour;
            if (text.dotShift() != 0) {
                dots[at++] = colour;
            }
        }
    }

    /** Where the cursor is in the grid, also while it blinks off. */
    private void locateCursor(Picture.Text text) {
        cursorColumn = -1;
        cursorRow = -1;
        if (text.cursor() < 0) {
            return;
        }
        int gridColumns = text.grid().columns();
        for (int row = 0; row < text.rows().length; row++) {
            int cell = (text.cursor() - text.rows()[row].start() & text.mask()) / 4;
            if (cell < gridColumns) {
                cursorColumn = cell;
                cursorRow = row;
                return;
            }
        }
    }

    private void publishText(Picture.Text text) {
        int gridColumns = text.grid().columns();
        for (int row = 0; row < text.rows().length; row++) {
            for (int column = 0; column < gridColumns; column++) {
                cells[row * gridColumns + column] = (short) wanted[row * columns + column];
            }
        }
        writer.text(cells, cursorColumn, cursorRow);
        publishedColumn = cursorColumn;
        publishedRow = cursorRow;
    }

    private void fetchFont(byte[] font, int start) {
        for (int i = 0; i < font.length; i++) {
            font[i] = memory.get(ValueLayout.JAVA_BYTE, start + 4 * i + 2);
        }
    }

    /**
     * Fetches the glyphs in pages that were written; true when one is another now. Characters lie
     * in the same pages as glyphs, so the glyphs have to be compared.
     */
    private boolean fontWritten(DirtyLog writes, int start, byte[] font) {
        boolean changed = false;
        int firstPage = start >> PhysicalMemory.PAGE_SHIFT;
        int endPage = firstPage + (FONT_SIZE >> PhysicalMemory.PAGE_SHIFT);
        for (int page = writes.next(firstPage);
                page >= 0 && page < endPage;
                page = writes.next(page + 1)) {
            int from = (page - firstPage) * (PhysicalMemory.PAGE_SIZE / 4);
            for (int i = from; i < from + PhysicalMemory.PAGE_SIZE / 4; i++) {
                byte now = memory.get(ValueLayout.JAVA_BYTE, start + 4 * i + 2);
                changed |= font[i] != now;
                font[i] = now;
            }
        }
        return changed;
    }
}
