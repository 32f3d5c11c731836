package org.vitrine.frontend.vnc.rfb;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Turns the display's pixels, 0x00RRGGBB, into a client's: first into the value that its {@link
 * PixelFormat} gives the colour, then into bytes. A component c of 255 becomes the nearest of c *
 * max / 255. Immutable.
 */
public final class ClientPixels {

    private static final VarHandle INT_LE = view(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT_BE = view(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT_LE = view(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT_BE = view(short[].class, ByteOrder.BIG_ENDIAN);

    private final PixelFormat format;
    private final int bytes;
    private final boolean bigEndian;
    private final int[] red;
    private final int[] green;
    private final int[] blue;
    private final boolean identity;
    private final int compactBytes;
    private final int compactShift;

    public ClientPixels(PixelFormat format) {
        this.format = format;
        bytes = format.bytesPerPixel();
        bigEndian = format.bigEndian();
        PixelFormat colours = format.trueColour() ? format : PixelFormat.CUBE;
        red = table(colours.redMax(), colours.redShift());
        green = table(colours.greenMax(), colours.greenShift());
        blue = table(colours.blueMax(), colours.blueShift());
        identity =
                format.trueColour()
                        && format.redMax() == 255
                        && format.greenMax() == 255
                        && format.blueMax() == 255
                        && format.redShift() == 16
                        && format.greenShift() == 8
                        && format.blueShift() == 0;
        int used = red[255] | green[255] | blue[255];
        boolean low = used >>> 24 == 0;
        boolean compact =
                format.bitsPerPixel() == 32
                        && format.trueColour()
                        && format.depth() <= 24
                        && (low || (used & 0xFF) == 0);
        compactBytes = compact ? 3 : bytes;
        compactShift = compact && !low ? 8 : 0;
    }

    private static VarHandle view(Class<?> array, ByteOrder order) {
        return MethodHandles.byteArrayViewVarHandle(array, order);
    }

    private static int[] table(int max, int shift) {
        int[] table = new int[256];
        for (int c = 0; c < 256; c++) {
            table[c] = (c * max + 127) / 255 << shift;
        }
        return table;
    }

    public PixelFormat format() {
        return format;
    }

    /** Bytes of a PIXEL. */
    public int bytes() {
        return bytes;
    }

    /**
     * Bytes of a CPIXEL (RFC 6143, section 7.7.5): 3 where a byte of a 32-bit pixel is never used.
     */
    public int compactBytes() {
        return compactBytes;
    }

    /** The value of a colour in the client's format. */
    public int value(int rgb) {
        return identity
                ? rgb & 0xFFFFFF
                : red[rgb >> 16 & 0xFF] | green[rgb >> 8 & 0xFF] | blue[rgb & 0xFF];
    }

    /** Values of a row of colours. */
    public void values(int[] rgb, int at, int count, int[] values, int valuesAt) {
        for (int i = 0; i < count; i++) {
            values[valuesAt + i] = value(rgb[at + i]);
        }
    }

    /** Appends a value as a PIXEL. */
    public void put(int value, RfbOutput out) {
        store(value, out.reserve(bytes), out);
    }

    /** Appends a row of colours as PIXELs. */
    public void putRow(int[] rgb, int at, int count, RfbOutput out) {
        int to = out.reserve(count * bytes);
        for (int i = 0; i < count; i++, to += bytes) {
            store(value(rgb[at + i]), to, out);
        }
    }

    private void store(int value, int at, RfbOutput out) {
        byte[] array = out.array();
        if (bytes == 4) {
            // The handle must be a constant where it is used, or each pixel costs a call.
            if (bigEndian) {
                INT_BE.set(array, at, value);
            } else {
                INT_LE.set(array, at, value);
            }
        } else if (bytes == 1) {
            array[at] = (byte) value;
        } else if (bigEndian) {
            SHORT_BE.set(array, at, (short) value);
        } else {
            SHORT_LE.set(array, at, (short) value);
        }
    }

    /** Appends a value as a CPIXEL. */
    public void putCompact(int value, RfbOutput out) {
        if (compactBytes == bytes) {
            put(value, out);
            return;
        }
        int at = out.reserve(3);
        byte[] array = out.array();
        int used = value >>> compactShift;
        int first = bigEndian ? 16 : 0;
        array[at] = (byte) (used >> first);
        array[at + 1] = (byte) (used >> 8);
        array[at + 2] = (byte) (used >> 16 - first);
    }
}
