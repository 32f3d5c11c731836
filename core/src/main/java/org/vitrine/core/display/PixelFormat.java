package org.vitrine.core.display;

/** How pixels lie in video memory. Those without a colour in them index the adapter's colours. */
public enum PixelFormat {
    /**
     * Four bytes for eight pixels, a bit of each pixel in each byte; the leftmost pixel has bit 7.
     */
    PLANES_4,
    /**
     * Four bytes for eight pixels of two and two bits: the first byte has the low bits of the left
     * four pixels, the second those of the right four, the third and fourth have the high bits.
     */
    INTERLEAVED_4,
    /** A byte for each pixel. */
    INDEXED_8,
    /** Two bytes: 5 bits of red, 5 of green, 5 of blue, red highest. */
    RGB_555,
    /** Two bytes: 5 bits of red, 6 of green, 5 of blue, red highest. */
    RGB_565,
    /** Three bytes: blue, green, red. */
    RGB_888,
    /** Four bytes: blue, green, red, and one without meaning. */
    XRGB_8888;

    /** Whether the pixels are numbers of colours, and not colours. */
    public boolean indexed() {
        return compareTo(INDEXED_8) <= 0;
    }
}
