package org.vitrine.spi.display;

/**
 * A pointer drawn by the video adapter, over the picture and not in it.
 *
 * @param serial goes up when the shape changes; 0 means that there is no hardware cursor
 * @param x place of the hot spot, pixels from the left; may lie outside the picture
 * @param y place of the hot spot, pixels from the top
 * @param hotX the hot spot within the shape
 * @param hotY the hot spot within the shape
 * @param width pixels, at most {@link DisplayLayout#CURSOR_MAX_EDGE}
 * @param height pixels, at most {@link DisplayLayout#CURSOR_MAX_EDGE}
 * @param argb the shape, ARGB8888, not premultiplied, line by line
 * @since 1.0
 */
public record Cursor(
        int serial,
        boolean visible,
        int x,
        int y,
        int hotX,
        int hotY,
        int width,
        int height,
        int[] argb) {

    /** No hardware cursor. */
    public static final Cursor NONE = new Cursor(0, false, 0, 0, 0, 0, 0, 0, new int[0]);
}
