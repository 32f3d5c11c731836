package org.vitrine.frontend.vnc.encoding;

/**
 * The screen to take pixels from.
 *
 * @param pixels 0x00RRGGBB, line by line; not to be written
 * @param stride pixels from one line to the next
 */
public record Picture(int[] pixels, int stride) {

    /** Where pixel (x, y) is. */
    int at(int x, int y) {
        return y * stride + x;
    }
}
