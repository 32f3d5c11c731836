package org.vitrine.frontend.vnc.encoding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;
import org.vitrine.frontend.vnc.rfb.ClientPixels;
import org.vitrine.frontend.vnc.rfb.PixelFormat;
import org.vitrine.frontend.vnc.rfb.RfbOutput;
import org.vitrine.spi.display.Rect;

class ZrleEncoderTest {

    private static final List<PixelFormat> FORMATS =
            List.of(
                    PixelFormat.NATIVE,
                    new PixelFormat(32, 24, true, true, 255, 255, 255, 16, 8, 0),
                    new PixelFormat(32, 24, false, true, 255, 255, 255, 24, 16, 8),
                    new PixelFormat(32, 24, true, true, 255, 255, 255, 8, 16, 24),
                    new PixelFormat(32, 32, false, true, 255, 255, 255, 0, 8, 16),
                    new PixelFormat(32, 30, true, true, 1023, 1023, 1023, 20, 10, 0),
                    new PixelFormat(16, 16, false, true, 31, 63, 31, 11, 5, 0),
                    new PixelFormat(16, 15, true, true, 31, 31, 31, 0, 5, 10),
                    new PixelFormat(8, 8, false, true, 7, 7, 3, 0, 3, 6));

    @Test
    void anyPictureComesBackAsItWas() throws DataFormatException {
        long seed = System.nanoTime();
        System.out.println("ZrleEncoderTest seed " + seed);
        encodeAndDecode(seed);
    }

    /** Encodes and decodes many pictures; which forms of tiles there were. */
    private static boolean[] encodeAndDecode(long seed) throws DataFormatException {
        Random random = new Random(seed);
        boolean[] forms = new boolean[256];
        for (PixelFormat format : FORMATS) {
            ClientPixels pixels = new ClientPixels(format);
            ZrleDecoder decoder = new ZrleDecoder();
            try (ZrleEncoder encoder = new ZrleEncoder()) {
                for (int round = 0; round < 40; round++) {
                    int stride = 200 + random.nextInt(64);
                    int[] screen = screen(random, stride, 200);
                    Rect rect =
                            new Rect(
                                    random.nextInt(60),
                                    random.nextInt(60),
                                    1 + random.nextInt(140),
                                    1 + random.nextInt(140));
                    RfbOutput out = new RfbOutput();
                    encoder.encode(new Picture(screen, stride), rect, pixels, out);
                    ByteBuffer data = ByteBuffer.wrap(out.toByteArray());
                    byte[] compressed = new byte[data.getInt()];
                    assertEquals(compressed.length, data.remaining(), "length word, seed " + seed);
                    data.get(compressed);
                    int[] back = decoder.decode(compressed, rect.width(), rect.height(), format);
                    assertArrayEquals(
                            expected(screen, stride, rect, pixels),
                            back,
                            "seed " + seed + " " + format);
                }
            }
            decoder.met.forEach(form -> forms[form] = true);
        }
        return forms;
    }

    @Test
    void allFormsOfTilesAreUsed() throws DataFormatException {
        // Pictures that are known to have all: others need not.
        boolean[] forms = encodeAndDecode(1);
        assertTrue(forms[0], "raw was met");
        assertTrue(forms[1], "solid was met");
        for (int colours = 2; colours <= 16; colours++) {
            assertTrue(forms[colours], "a packed palette of " + colours + " was met");
        }
        assertTrue(forms[128], "plain runs were met");
        int palettes = 0;
        for (int form = 130; form < 256; form++) {
            palettes += forms[form] ? 1 : 0;
        }
        assertTrue(palettes > 20, "palettes with runs of many sizes were met, not " + palettes);
    }

    private static int[] expected(int[] screen, int stride, Rect rect, ClientPixels pixels) {
        int[] values = new int[rect.width() * rect.height()];
        for (int y = 0; y < rect.height(); y++) {
            for (int x = 0; x < rect.width(); x++) {
                values[y * rect.width() + x] =
                        pixels.value(screen[(rect.y() + y) * stride + rect.x() + x]);
            }
        }
        return values;
    }

    /** A screen of bands, each with its own number of colours and length of runs. */
    private static int[] screen(Random random, int stride, int height) {
        int[] screen = new int[stride * height];
        int colours = 1;
        int longest = 1;
        int[] palette = {0};
        for (int at = 0; at < screen.length; ) {
            if (random.nextInt(40) == 0 || at == 0) {
                colours =
                        random.nextInt(3) == 0
                                ? 1 << 24
                                : 1 + random.nextInt(random.nextBoolean() ? 17 : 140);
                longest = random.nextBoolean() ? 1 + random.nextInt(4) : 1 + random.nextInt(600);
                palette = random.ints(Math.min(colours, 256), 0, 1 << 24).toArray();
            }
            int colour =
                    colours == 1 << 24
                            ? random.nextInt(1 << 24)
                            : palette[random.nextInt(palette.length)];
            int end = Math.min(screen.length, at + 1 + random.nextInt(longest));
            Arrays.fill(screen, at, end, colour);
            at = end;
        }
        // A rectangle with few colours in no order, since bands seldom make a tile of them.
        int few = 2 + random.nextInt(15);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < stride && y < 130; x++) {
                screen[y * stride + x] = random.nextInt(few) * 0x0F0B07;
            }
        }
        return random.nextBoolean()
                ? screen
                : Arrays.copyOfRange(mixed(screen, random), 0, screen.length);
    }

    /** Puts noise of all colours, or runs alone, in place of what is there. */
    private static int[] mixed(int[] screen, Random random) {
        boolean solid = random.nextInt(4) == 0;
        int longest = 1 + random.nextInt(400);
        int colours = 1 + random.nextInt(random.nextBoolean() ? 200 : 1 << 24);
        for (int at = 0; at < screen.length; ) {
            int end =
                    solid
                            ? screen.length
                            : Math.min(screen.length, at + 1 + random.nextInt(longest));
            Arrays.fill(screen, at, end, random.nextInt(colours) * 0x010305 & 0xFFFFFF);
            at = end;
        }
        return screen;
    }

    @Test
    void aSolidTileIsOneByteAndACompactPixel() throws Exception {
        int[] screen = new int[64 * 64];
        Arrays.fill(screen, 0x123456);
        try (ZrleEncoder encoder = new ZrleEncoder()) {
            RfbOutput out = new RfbOutput();
            encoder.encode(
                    new Picture(screen, 64),
                    new Rect(0, 0, 64, 64),
                    new ClientPixels(PixelFormat.NATIVE),
                    out);
            byte[] plain = new byte[16];
            var inflater = new java.util.zip.Inflater();
            inflater.setInput(out.toByteArray(), 4, out.size() - 4);
            int size = inflater.inflate(plain);
            inflater.end();
            assertArrayEquals(new byte[] {1, 0x56, 0x34, 0x12}, Arrays.copyOf(plain, size));
        }
    }
}
