package org.vitrine.frontend.vnc.rfb;

/**
 * How a client wants its pixels (RFC 6143, section 7.4).
 *
 * @param bitsPerPixel 8, 16 or 32
 * @param depth useful bits of them
 * @param bigEndian the order of a pixel's bytes
 * @param trueColour whether a pixel holds its colour; otherwise it is an index into the colour map
 * @param redMax largest red value, 1 to 65535; likewise the others
 * @param redShift how far left the red value stands in a pixel; likewise the others
 */
public record PixelFormat(
        int bitsPerPixel,
        int depth,
        boolean bigEndian,
        boolean trueColour,
        int redMax,
        int greenMax,
        int blueMax,
        int redShift,
        int greenShift,
        int blueShift) {

    /** Length in bytes of a pixel format in a message, padding included. */
    public static final int LENGTH = 16;

    /**
     * What the server offers: 32 bits little-endian, 0x00RRGGBB, as the display publishes its
     * pixels.
     */
    public static final PixelFormat NATIVE =
            new PixelFormat(32, 24, false, true, 255, 255, 255, 16, 8, 0);

    /**
     * The colours that stand in the colour map of a client that asks for one: 3 bits red, 3 green,
     * 2 blue.
     */
    static final PixelFormat CUBE = new PixelFormat(8, 8, false, true, 7, 7, 3, 5, 2, 0);

    /**
     * Reads a pixel format from a message.
     *
     * @throws RfbException when no pixel can look so
     */
    public static PixelFormat parse(byte[] bytes, int at) throws RfbException {
        PixelFormat format =
                new PixelFormat(
                        bytes[at] & 0xFF,
                        bytes[at + 1] & 0xFF,
                        bytes[at + 2] != 0,
                        bytes[at + 3] != 0,
                        u16(bytes, at + 4),
                        u16(bytes, at + 6),
                        u16(bytes, at + 8),
                        bytes[at + 10] & 0xFF,
                        bytes[at + 11] & 0xFF,
                        bytes[at + 12] & 0xFF);
        format.check();
        return format;
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }

    private void check() throws RfbException {
        if (bitsPerPixel != 8 && bitsPerPixel != 16 && bitsPerPixel != 32) {
            throw new RfbException("pixels of " + bitsPerPixel + " bits; they have 8, 16 or 32");
        }
        if (trueColour
                && !(fits(redMax, redShift)
                        && fits(greenMax, greenShift)
                        && fits(blueMax, blueShift))) {
            throw new RfbException("a colour does not fit into the pixel: " + this);
        }
    }

    private boolean fits(int max, int shift) {
        return max > 0 && shift < bitsPerPixel && (long) max << shift < 1L << bitsPerPixel;
    }

    public int bytesPerPixel() {
        return bitsPerPixel / 8;
    }

    /** Appends the 16 bytes that {@link #parse} reads. */
    public void write(RfbOutput out) {
        out.u8(bitsPerPixel)
                .u8(depth)
                .u8(bigEndian ? 1 : 0)
                .u8(trueColour ? 1 : 0)
                .u16(redMax)
                .u16(greenMax)
                .u16(blueMax)
                .u8(redShift)
                .u8(greenShift)
                .u8(blueShift)
                .bytes(new byte[3]);
    }
}
