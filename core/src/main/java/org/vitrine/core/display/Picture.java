package org.vitrine.core.display;

import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.display.Scanout;

/**
 * How video memory becomes a picture. The adapter's registers are resolved here to addresses and
 * sizes, so that a renderer needs to know nothing about them.
 */
public sealed interface Picture {

    /** The display is switched off: black, in the size that it had. */
    record Blank() implements Picture {}

    /**
     * Characters. Each has four bytes in memory: its code, its attribute, and two that belong to
     * others. Glyphs have 32 lines, a line each four bytes, of which the third is the line.
     *
     * @param width pixels
     * @param height lines
     * @param grid cells; its rows are the length of {@code rows}
     * @param rows from the top
     * @param dots 8 or 9 dots in a character's width
     * @param dotShift 1 when each dot is two pixels wide, else 0
     * @param lineShift 1 when each line of a glyph is two lines high, else 0
     * @param panning dots by which the picture is moved to the left
     * @param fontA bytes from the start of memory to the glyphs of characters with bit 3 of the
     *     attribute set
     * @param fontB the same for bit 3 clear
     * @param lineGraphics whether codes C0 to DF repeat their eighth dot as the ninth
     * @param blink whether bit 7 of the attribute makes blink, and not the background bright
     * @param underline the glyph's line in which attributes of 1 (and 9, 81, 89 hexadecimal) are
     *     underlined
     * @param cursor bytes from the start of memory to the cell with the cursor; -1 when there is
     *     none
     * @param cursorFirst the first of the glyph's lines that the cursor fills
     * @param cursorLast the last
     * @param mask what a byte address is taken modulo, less one
     */
    record Text(
            int width,
            int height,
            DisplayMode.TextGeometry grid,
            Row[] rows,
            int dots,
            int dotShift,
            int lineShift,
            int panning,
            int fontA,
            int fontB,
            boolean lineGraphics,
            boolean blink,
            int underline,
            int cursor,
            int cursorFirst,
            int cursorLast,
            int mask)
            implements Picture {}

    /**
     * A row of characters, whole or cut.
     *
     * @param y its first line in the picture
     * @param lines how many of its lines are seen
     * @param firstLine how many of its lines are cut off above
     * @param start bytes from the start of memory to its first cell
     * @param panning whether the picture's panning moves it
     */
    record Row(int y, int lines, int firstLine, int start, boolean panning) {}

    /**
     * Pixels, in the size that a monitor shows: doubled lines come twice, and doubled dots are
     * doubled.
     *
     * @param dotShift how often each pixel is doubled in width: 0 to 2 times
     * @param lines bytes from the start of memory to each line's first byte; as many as the picture
     *     is high
     * @param lineBytes bytes of memory from which a line is made
     * @param panning pixels by which lines before {@code fixedFrom} are moved to the left, 0 to 7
     * @param fixedFrom the first line that panning does not move
     * @param mask what a byte address is taken modulo, less one
     * @param scanout where the picture can be taken from without conversion, or null
     */
    record Graphics(
            DisplayMode.Kind kind,
            PixelFormat format,
            int width,
            int height,
            int dotShift,
            int[] lines,
            int lineBytes,
            int panning,
            int fixedFrom,
            int mask,
            Scanout scanout)
            implements Picture {}
}
