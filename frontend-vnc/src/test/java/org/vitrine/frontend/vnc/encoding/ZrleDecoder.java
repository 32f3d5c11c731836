package org.vitrine.frontend.vnc.encoding;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.vitrine.frontend.vnc.rfb.PixelFormat;

/** Reads ZRLE as RFC 6143, sections 7.7.5 and 7.7.6, describe it; one for each connection. */
public final class ZrleDecoder {

    private final Inflater inflater = new Inflater();

    /** The sub-encodings met so far. */
    public final Set<Integer> met = new TreeSet<>();

    private ByteBuffer in;
    private PixelFormat format;

    /**
     * Decodes a rectangle to pixel values, line by line; {@code compressed} is what follows the
     * length word.
     */
    public int[] decode(byte[] compressed, int width, int height, PixelFormat pixelFormat)
            throws DataFormatException {
        format = pixelFormat;
        in = ByteBuffer.wrap(inflate(compressed, width, height));
        int[] pixels = new int[width * height];
        for (int y = 0; y < height; y += 64) {
            for (int x = 0; x < width; x += 64) {
                tile(pixels, width, x, y, Math.min(64, width - x), Math.min(64, height - y));
            }
        }
        if (in.hasRemaining()) {
            throw new AssertionError(in.remaining() + " bytes are left over");
        }
        return pixels;
    }

    private byte[] inflate(byte[] compressed, int width, int height) throws DataFormatException {
        inflater.setInput(compressed);
        byte[] plain = new byte[width * height * 6 + 4096 * 4];
        int size = 0;
        int count;
        do {
            count = inflater.inflate(plain, size, plain.length - size);
            size += count;
        } while (count > 0);
        if (inflater.getRemaining() != 0) {
            throw new AssertionError("the stream holds more than the rectangle");
        }
        return Arrays.copyOf(plain, size);
    }

    private void tile(int[] pixels, int stride, int left, int top, int width, int height) {
        int[] tile = new int[width * height];
        int form = in.get() & 0xFF;
        met.add(form);
        if (form == 0) {
            for (int i = 0; i < tile.length; i++) {
                tile[i] = cpixel();
            }
        } else if (form == 1) {
            Arrays.fill(tile, cpixel());
        } else if (form <= 16) {
            packed(tile, palette(form), width, height);
        } else if (form == 128) {
            for (int i = 0; i < tile.length; ) {
                int value = cpixel();
                i = fill(tile, i, runLength(), value);
            }
        } else if (form >= 130) {
            int[] palette = palette(form - 128);
            for (int i = 0; i < tile.length; ) {
                int index = in.get() & 0xFF;
                i = fill(tile, i, index < 128 ? 1 : runLength(), palette[index & 0x7F]);
            }
        } else {
            throw new AssertionError("there is no sub-encoding " + form);
        }
        for (int y = 0; y < height; y++) {
            System.arraycopy(tile, y * width, pixels, (top + y) * stride + left, width);
        }
    }

    private void packed(int[] tile, int[] palette, int width, int height) {
        int bits = palette.length == 2 ? 1 : palette.length <= 4 ? 2 : 4;
        for (int y = 0; y < height; y++) {
            int held = 0;
            int left = 0;
            for (int x = 0; x < width; x++) {
                if (left == 0) {
                    held = in.get() & 0xFF;
                    left = 8;
                }
                left -= bits;
                tile[y * width + x] = palette[held >> left & (1 << bits) - 1];
            }
        }
    }

    private int[] palette(int size) {
        int[] palette = new int[size];
        for (int i = 0; i < size; i++) {
            palette[i] = cpixel();
        }
        return palette;
    }

    private int runLength() {
        int length = 1;
        int more;
        do {
            more = in.get() & 0xFF;
            length += more;
        } while (more == 255);
        return length;
    }

    private static int fill(int[] tile, int at, int count, int value) {
        Arrays.fill(tile, at, at + count, value);
        return at + count;
    }

    private int cpixel() {
        long used =
                (long) format.redMax() << format.redShift()
                        | (long) format.greenMax() << format.greenShift()
                        | (long) format.blueMax() << format.blueShift();
        int bytes = format.bitsPerPixel() / 8;
        int shift = 0;
        if (format.bitsPerPixel() == 32 && format.depth() <= 24 && format.trueColour()) {
            if (used < 1L << 24) {
                bytes = 3;
            } else if ((used & 0xFF) == 0) {
                bytes = 3;
                shift = 8;
            }
        }
        return pixel(in, bytes, format.bigEndian()) << shift;
    }

    /** A number of so many bytes. */
    public static int pixel(ByteBuffer in, int bytes, boolean bigEndian) {
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            int next = in.get() & 0xFF;
            value = bigEndian ? value << 8 | next : value | next << 8 * i;
        }
        return value;
    }
}
