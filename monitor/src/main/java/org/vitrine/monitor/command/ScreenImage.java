package org.vitrine.monitor.command;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Pictures in the formats of {@code screendump}. Pixels are 0x00RRGGBB, line by line. */
final class ScreenImage {

    private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final byte BITS_PER_SAMPLE = 8;
    private static final byte TRUECOLOUR = 2;

    private ScreenImage() {}

    /** Portable pixmap, "P6". */
    static byte[] ppm(int[] pixels, int width, int height) {
        byte[] head = "P6\n%d %d\n255\n".formatted(width, height).getBytes(StandardCharsets.US_ASCII);
        ByteBuffer image = ByteBuffer.allocate(head.length + 3 * width * height).put(head);
        for (int i = 0; i < width * height; i++) {
            putPixel(image, pixels[i]);
        }
        return image.array();
    }

    /** PNG (RFC 2083): one IDAT, no filter, 8-bit true colour. */
    static byte[] png(int[] pixels, int width, int height) {
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        image.writeBytes(PNG_SIGNATURE);
        byte[] head = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put(BITS_PER_SAMPLE)
                .put(TRUECOLOUR)
                .array();
        chunk(image, "IHDR", head, head.length);
        ByteBuffer lines = ByteBuffer.allocate((1 + 3 * width) * height);
        for (int y = 0; y < height; y++) {
            lines.put((byte) 0);
            for (int x = 0; x < width; x++) {
                putPixel(lines, pixels[y * width + x]);
            }
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(lines.array());
            deflater.finish();
            byte[] buffer = new byte[1 << 16];
            while (!deflater.finished()) {
                packed.write(buffer, 0, deflater.deflate(buffer));
            }
        }
        chunk(image, "IDAT", packed.toByteArray(), packed.size());
        chunk(image, "IEND", new byte[0], 0);
        return image.toByteArray();
    }

    private static void putPixel(ByteBuffer to, int pixel) {
        to.put((byte) (pixel >> 16)).put((byte) (pixel >> 8)).put((byte) pixel);
    }

    private static void chunk(ByteArrayOutputStream image, String type, byte[] data, int length) {
        byte[] typed = ByteBuffer.allocate(4 + length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .put(data, 0, length)
                .array();
        CRC32 crc = new CRC32();
        crc.update(typed);
        image.writeBytes(ByteBuffer.allocate(4).putInt(length).array());
        image.writeBytes(typed);
        image.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
