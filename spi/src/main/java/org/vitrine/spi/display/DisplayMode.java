package org.vitrine.spi.display;

import java.util.Objects;

/**
 * What the guest's video adapter shows: the size of the picture and how the guest made it.
 *
 * <p>Pixels are always published as XRGB8888, whatever the guest uses: a 32-bit word of each pixel,
 * 0x00RRGGBB in the machine's byte order.
 *
 * @param serial goes up by one at each mode change, from 1
 * @param width pixels in a line, 1 to {@link DisplayLayout#MAX_WIDTH}
 * @param height lines, 1 to {@link DisplayLayout#MAX_HEIGHT}
 * @param kind how the guest's video memory is organised
 * @param text the grid of characters in a text mode, else null
 * @since 1.0
 */
public record DisplayMode(int serial, int width, int height, Kind kind, TextGeometry text) {

    public DisplayMode {
        Objects.requireNonNull(kind, "kind");
        if (width < 1
                || width > DisplayLayout.MAX_WIDTH
                || height < 1
                || height > DisplayLayout.MAX_HEIGHT) {
            throw new IllegalArgumentException("no display mode of " + width + "x" + height);
        }
        if ((kind == Kind.TEXT) != (text != null)) {
            throw new IllegalArgumentException("a text mode, and no other, has a text geometry");
        }
    }

    /**
     * How the guest's video memory is organised. The order is that of the display map's codes, from
     * 0.
     *
     * @since 1.0
     */
    public enum Kind {
        /** Character cells and a font. */
        TEXT,
        /** One bit of each pixel in each of several planes (EGA and VGA 16-colour modes). */
        PLANAR,
        /** Pixels of 1, 2, 4 or 8 bits that go through a palette (CGA modes, mode 13h). */
        PACKED,
        /** Pixels of 15 to 32 bits with the colour in them. */
        LINEAR
    }

    /**
     * The grid of a text mode.
     *
     * @param columns cells in a line, 1 to 255
     * @param rows lines of cells, 1 to 255
     * @param cellWidth pixels, 8, 9, 16 or 18
     * @param cellHeight pixels, 1 to 32
     * @since 1.0
     */
    public record TextGeometry(int columns, int rows, int cellWidth, int cellHeight) {
        public TextGeometry {
            if (columns < 1
                    || rows < 1
                    || columns > DisplayLayout.MAX_TEXT_COLUMNS
                    || rows > DisplayLayout.MAX_TEXT_ROWS) {
                throw new IllegalArgumentException(
                        "no text mode of " + columns + "x" + rows + " cells");
            }
        }
    }
}
