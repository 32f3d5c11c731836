package org.vitrine.example.record;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.vitrine.spi.display.Rect;

/** Reads an animated PNG of 8-bit RGB without filters, and checks all that can be checked. */
final class PngReader {

    /** A frame: how long it stays, what part it replaces, and the whole picture after it. */
    record Picture(double seconds, Rect area, int[] pixels) {}

    final List<Picture> frames = new ArrayList<>();
    final Map<String, String> texts = new HashMap<>();
    int width;
    int height;
    private int announced;
    private int number;
    private double seconds;
    private Rect area;
    private boolean ended;

    /**
     * @throws IllegalArgumentException when this is no such file; the message says why
     */
    PngReader(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        check(in.getLong() == 0x89504E470D0A1A0AL, "no signature");
        while (!ended) {
            chunk(in);
        }
        check(!in.hasRemaining(), "bytes behind the end");
        check(frames.size() == announced, announced + " frames announced, not " + frames.size());
    }

    private static void check(boolean right, String wrong) {
        if (!right) {
            throw new IllegalArgumentException(wrong);
        }
    }

    private void chunk(ByteBuffer in) {
        int length = in.getInt();
        check(length >= 0 && length + 8 <= in.remaining(), "a chunk of " + length + " bytes");
        CRC32 sum = new CRC32();
        sum.update(in.slice(in.position(), length + 4));
        byte[] type = new byte[4];
        in.get(type);
        byte[] bytes = new byte[length];
        in.get(bytes);
        check(in.getInt() == (int) sum.getValue(), "a wrong checksum");
        ByteBuffer body = ByteBuffer.wrap(bytes);
        switch (new String(type, StandardCharsets.US_ASCII)) {
            case "IHDR" -> {
                width = body.getInt();
                height = body.getInt();
                check(body.getShort() == 0x0802, "not 8-bit RGB");
            }
            case "tEXt" -> {
                String[] text = new String(bytes, StandardCharsets.ISO_8859_1).split("\0");
                texts.put(text[0], text[1]);
            }
            case "acTL" -> announced = body.getInt();
            case "fcTL" -> {
                check(body.getInt() == number++, "fcTL out of order");
                int w = body.getInt();
                int h = body.getInt();
                area = new Rect(body.getInt(), body.getInt(), w, h);
                seconds = (double) (body.getShort() & 0xFFFF) / body.getShort();
            }
            case "IDAT" -> draw(body);
            case "fdAT" -> {
                check(body.getInt() == number++, "fdAT out of order");
                draw(body);
            }
            case "IEND" -> ended = true;
            default -> throw new IllegalArgumentException("an unknown chunk");
        }
    }

    private void draw(ByteBuffer data) {
        int[] pixels =
                frames.isEmpty() ? new int[width * height] : frames.getLast().pixels().clone();
        ByteBuffer lines = ByteBuffer.wrap(inflated(data));
        check(
                lines.remaining() == area.height() * (1 + 3 * area.width()),
                lines.remaining() + " bytes of pixels");
        for (int y = area.y(); y < area.y() + area.height(); y++) {
            check(lines.get() == 0, "a filter");
            for (int x = area.x(); x < area.x() + area.width(); x++) {
                pixels[y * width + x] =
                        (lines.get() & 0xFF) << 16 | (lines.get() & 0xFF) << 8 | lines.get() & 0xFF;
            }
        }
        frames.add(new Picture(seconds, area, pixels));
    }

    private static byte[] inflated(ByteBuffer data) {
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(data);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] bytes = new byte[1 << 14];
            while (!inflater.finished()) {
                int count = inflater.inflate(bytes);
                check(count > 0 || inflater.finished(), "pixels that are cut short");
                out.write(bytes, 0, count);
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("pixels that can't be read", e);
        }
    }
}
