package org.vitrine.frontend.vnc.encoding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.vitrine.frontend.vnc.rfb.ClientPixels;
import org.vitrine.frontend.vnc.rfb.PixelFormat;
import org.vitrine.frontend.vnc.rfb.RfbOutput;
import org.vitrine.spi.display.Rect;

class HextileEncoderTest {

    /** The masks of sub-encodings met. */
    private final Set<Integer> met = new TreeSet<>();

    @Test
    void anyPictureComesBackAsItWas() {
        long seed = System.nanoTime();
        System.out.println("HextileEncoderTest seed " + seed);
        Random random = new Random(seed);
        HextileEncoder encoder = new HextileEncoder();
        PixelFormat[] formats = {
            PixelFormat.NATIVE,
            new PixelFormat(16, 16, true, true, 31, 63, 31, 11, 5, 0),
            new PixelFormat(8, 8, false, true, 7, 7, 3, 0, 3, 6)
        };
        for (int round = 0; round < 600; round++) {
            PixelFormat format = formats[round % formats.length];
            ClientPixels pixels = new ClientPixels(format);
            int[] screen = new int[100 * 80];
            int colours = 1 + random.nextInt(random.nextBoolean() ? 4 : 300);
            int longest = 1 + random.nextInt(30);
            for (int at = 0; at < screen.length; ) {
                int end = Math.min(screen.length, at + 1 + random.nextInt(longest));
                Arrays.fill(screen, at, end, random.nextInt(colours) * 0x3A5B77 & 0xFFFFFF);
                at = end;
            }
            Rect rect =
                    new Rect(
                            random.nextInt(40),
                            random.nextInt(30),
                            1 + random.nextInt(60),
                            1 + random.nextInt(50));
            RfbOutput out = new RfbOutput();
            encoder.encode(new Picture(screen, 100), rect, pixels, out);
            int[] expected = new int[rect.width() * rect.height()];
            for (int i = 0; i < expected.length; i++) {
                expected[i] =
                        pixels.value(
                                screen[
                                        (rect.y() + i / rect.width()) * 100
                                                + rect.x()
                                                + i % rect.width()]);
            }
            ByteBuffer in = ByteBuffer.wrap(out.toByteArray());
            assertArrayEquals(
                    expected, decode(in, rect.width(), rect.height(), format), "seed " + seed);
            assertFalse(in.hasRemaining(), "seed " + seed);
        }
        assertEquals(Set.of(1, 2, 14, 26), met);
    }

    @Test
    void aCheckerboardOfManyColoursIsSentRaw() {
        int[] screen = new int[256];
        Arrays.setAll(screen, i -> i);
        RfbOutput out = new RfbOutput();
        new HextileEncoder()
                .encode(
                        new Picture(screen, 16),
                        new Rect(0, 0, 16, 16),
                        new ClientPixels(PixelFormat.NATIVE),
                        out);
        assertEquals(1 + 256 * 4, out.size());
        assertTrue(out.array()[0] == 1, "the tile is raw");
    }

    private int[] decode(ByteBuffer in, int width, int height, PixelFormat format) {
        int[] pixels = new int[width * height];
        int bytes = format.bitsPerPixel() / 8;
        int background = 0;
        int foreground = 0;
        for (int top = 0; top < height; top += 16) {
            for (int left = 0; left < width; left += 16) {
                int w = Math.min(16, width - left);
                int h = Math.min(16, height - top);
                int what = in.get();
                met.add(what);
                if ((what & 1) != 0) {
                    for (int i = 0; i < w * h; i++) {
                        pixels[(top + i / w) * width + left + i % w] =
                                ZrleDecoder.pixel(in, bytes, format.bigEndian());
                    }
                    continue;
                }
                background =
                        (what & 2) != 0
                                ? ZrleDecoder.pixel(in, bytes, format.bigEndian())
                                : background;
                foreground =
                        (what & 4) != 0
                                ? ZrleDecoder.pixel(in, bytes, format.bigEndian())
                                : foreground;
                fill(pixels, width, left, top, w, h, background);
                int count = (what & 8) != 0 ? in.get() & 0xFF : 0;
                for (int i = 0; i < count; i++) {
                    int colour =
                            (what & 16) != 0
                                    ? ZrleDecoder.pixel(in, bytes, format.bigEndian())
                                    : foreground;
                    int xy = in.get() & 0xFF;
                    int wh = in.get() & 0xFF;
                    fill(
                            pixels,
                            width,
                            left + (xy >> 4),
                            top + (xy & 15),
                            (wh >> 4) + 1,
                            (wh & 15) + 1,
                            colour);
                }
            }
        }
        return pixels;
    }

    private static void fill(
            int[] pixels, int stride, int x, int y, int width, int height, int value) {
        for (int row = y; row < y + height; row++) {
            Arrays.fill(pixels, row * stride + x, row * stride + x + width, value);
        }
    }
}
