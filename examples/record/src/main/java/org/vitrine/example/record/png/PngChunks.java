package org.vitrine.example.record.png;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.vitrine.spi.display.Rect;

/**
 * The pieces of an animated PNG (W3C, Portable Network Graphics, third edition): each method makes
 * one chunk with its length and checksum. Pixels are 0x00RRGGBB and become 8-bit RGB.
 */
public final class PngChunks {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    private static final int CHUNK_OVERHEAD = 12;
    private static final int LONGEST_NUMERATOR = 0xFFFF;

    private PngChunks() {}

    /** What every PNG begins with (5.2). */
    public static byte[] signature() {
        return SIGNATURE.clone();
    }

    /** IHDR (11.2.1): the size of the whole picture. */
    public static byte[] header(int width, int height) {
        ByteBuffer body = ByteBuffer.allocate(13).putInt(width).putInt(height);
        body.put((byte) 8); // bits of a sample
        body.put((byte) 2); // red, green and blue
        return chunk("IHDR", body.array());
    }

    /** tEXt (11.3.3.2): something to know, as Title or Creation Time. */
    public static byte[] text(String keyword, String text) {
        return chunk("tEXt", (keyword + '\0' + text).getBytes(StandardCharsets.ISO_8859_1));
    }

    /** acTL (11.3.6.1): how many frames there are, to be played once. */
    public static byte[] animation(int frames) {
        return chunk("acTL", ByteBuffer.allocate(8).putInt(frames).putInt(1).array());
    }

    /**
     * fcTL (11.3.6.2): where the next frame goes and how long it stays. It replaces what was there.
     *
     * @param number of this chunk among all that have one, from 0
     * @param millis how long it is shown; beyond 65 seconds rounded to hundredths or more
     */
    public static byte[] frameControl(int number, Rect area, long millis) {
        long numerator = millis;
        int denominator = 1000;
        while (numerator > LONGEST_NUMERATOR && denominator > 1) {
            numerator = (numerator + 5) / 10;
            denominator /= 10;
        }
        ByteBuffer body =
                ByteBuffer.allocate(26)
                        .putInt(number)
                        .putInt(area.width())
                        .putInt(area.height())
                        .putInt(area.x())
                        .putInt(area.y())
                        .putShort((short) Math.min(numerator, LONGEST_NUMERATOR))
                        .putShort((short) denominator);
        return chunk("fcTL", body.array());
    }

    /** IDAT (11.2.3): the pixels of the first frame, which is the whole picture. */
    public static byte[] firstPixels(int[] pixels, int width, int height) {
        return chunk("IDAT", compressed(pixels, width, new Rect(0, 0, width, height)));
    }

    /**
     * fdAT (11.3.6.3): the pixels of a later frame.
     *
     * @param number of this chunk among all that have one
     * @param width of the picture that the area is cut from
     */
    public static byte[] pixels(int number, int[] pixels, int width, Rect area) {
        byte[] data = compressed(pixels, width, area);
        return chunk("fdAT", ByteBuffer.allocate(4 + data.length).putInt(number).put(data).array());
    }

    /** IEND (11.2.4): the end. */
    public static byte[] end() {
        return chunk("IEND", new byte[0]);
    }

    private static byte[] compressed(int[] pixels, int width, Rect area) {
        try (Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] line = new byte[1 + 3 * area.width()]; // filter 0: as it is
            byte[] packed = new byte[1 << 14];
            for (int y = area.y(); y < area.y() + area.height(); y++) {
                int at = 1;
                for (int x = area.x(); x < area.x() + area.width(); x++) {
                    int pixel = pixels[y * width + x];
                    line[at++] = (byte) (pixel >> 16);
                    line[at++] = (byte) (pixel >> 8);
                    line[at++] = (byte) pixel;
                }
                deflater.setInput(line);
                while (!deflater.needsInput()) {
                    out.write(packed, 0, deflater.deflate(packed));
                }
            }
            deflater.finish();
            while (!deflater.finished()) {
                out.write(packed, 0, deflater.deflate(packed));
            }
            return out.toByteArray();
        }
    }

    private static byte[] chunk(String type, byte[] body) {
        ByteBuffer chunk = ByteBuffer.allocate(body.length + CHUNK_OVERHEAD);
        chunk.putInt(body.length);
        chunk.put(type.getBytes(StandardCharsets.US_ASCII));
        chunk.put(body);
        CRC32 checksum = new CRC32();
        checksum.update(chunk.array(), 4, 4 + body.length);
        return chunk.putInt((int) checksum.getValue()).array();
    }
}
