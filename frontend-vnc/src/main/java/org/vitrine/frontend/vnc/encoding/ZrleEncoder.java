package org.vitrine.frontend.vnc.encoding;

import org.vitrine.frontend.vnc.rfb.ClientPixels;
import org.vitrine.frontend.vnc.rfb.EncodingType;
import org.vitrine.frontend.vnc.rfb.RfbOutput;
import org.vitrine.spi.display.Rect;

/**
 * Tiles of 64x64 pixels, each in whichever of five forms is shortest, through one zlib stream for
 * the connection (RFC 6143, section 7.7.6).
 */
public final class ZrleEncoder implements Encoder {

    private static final int TILE = 64;
    private static final int MAX_PACKED_COLOURS = 16;

    /**
     * Sub-encodings (RFC 6143, section 7.7.5): 2 to 16 packed palettes, 130 to 255 palettes with
     * runs.
     */
    private static final int RAW = 0;

    private static final int SOLID = 1;
    private static final int PLAIN_RLE = 128;

    private final ZlibStream zlib = new ZlibStream();
    private final RfbOutput plain = new RfbOutput();
    private final int[] tile = new int[TILE * TILE];
    private final Palette palette = new Palette();
    private int count;

    @Override
    public int number() {
        return EncodingType.ZRLE;
    }

    @Override
    public void encode(Picture picture, Rect rect, ClientPixels pixels, RfbOutput out) {
        plain.clear();
        for (int y = 0; y < rect.height(); y += TILE) {
            int height = Math.min(TILE, rect.height() - y);
            for (int x = 0; x < rect.width(); x += TILE) {
                int width = Math.min(TILE, rect.width() - x);
                for (int row = 0; row < height; row++) {
                    int from = picture.at(rect.x() + x, rect.y() + y + row);
                    pixels.values(picture.pixels(), from, width, tile, row * width);
                }
                count = width * height;
                tile(width, height, pixels);
            }
        }
        int lengthAt = out.reserve(4);
        zlib.deflate(plain, out);
        out.u32At(lengthAt, out.size() - lengthAt - 4);
    }

    private void tile(int width, int height, ClientPixels pixels) {
        int pixelBytes = pixels.compactBytes();
        palette.clear();
        boolean fits = true;
        int plainRle = 0;
        int paletteRle = 0;
        for (int at = 0; at < count; ) {
            int run = run(at);
            int lengthBytes = (run - 1) / 255 + 1;
            plainRle += pixelBytes + lengthBytes;
            paletteRle += run == 1 ? 1 : 1 + lengthBytes;
            fits = fits && palette.index(tile[at]) != Palette.FULL;
            at += run;
        }
        int colours = palette.size();
        if (fits && colours == 1) {
            plain.u8(SOLID);
            pixels.putCompact(tile[0], plain);
            return;
        }
        int best = count * pixelBytes;
        int form = RAW;
        if (plainRle < best) {
            best = plainRle;
            form = PLAIN_RLE;
        }
        if (fits && colours * pixelBytes + paletteRle < best) {
            best = colours * pixelBytes + paletteRle;
            form = PLAIN_RLE + colours;
        }
        if (fits && colours <= MAX_PACKED_COLOURS) {
            int packed = colours * pixelBytes + (width * indexBits(colours) + 7) / 8 * height;
            // Equal lengths go to the packed form, which has less for zlib to look at.
            if (packed <= best) {
                form = colours;
            }
        }
        write(form, colours, width, height, pixels);
    }

    private void write(int form, int colours, int width, int height, ClientPixels pixels) {
        plain.u8(form);
        if (form == RAW) {
            for (int at = 0; at < count; at++) {
                pixels.putCompact(tile[at], plain);
            }
        } else if (form == PLAIN_RLE) {
            plainRle(pixels);
        } else {
            for (int i = 0; i < colours; i++) {
                pixels.putCompact(palette.value(i), plain);
            }
            if (form <= MAX_PACKED_COLOURS) {
                packed(colours, width, height);
            } else {
                paletteRle();
            }
        }
    }

    private static int indexBits(int colours) {
        return colours == 2 ? 1 : colours <= 4 ? 2 : 4;
    }

    private void packed(int colours, int width, int height) {
        int bits = indexBits(colours);
        for (int y = 0; y < height; y++) {
            int held = 0;
            int used = 0;
            for (int x = 0; x < width; x++) {
                held = held << bits | palette.index(tile[y * width + x]);
                used += bits;
                if (used == 8) {
                    plain.u8(held);
                    held = 0;
                    used = 0;
                }
            }
            if (used > 0) {
                plain.u8(held << 8 - used);
            }
        }
    }

    private void plainRle(ClientPixels pixels) {
        for (int at = 0; at < count; ) {
            int run = run(at);
            pixels.putCompact(tile[at], plain);
            runLength(run);
            at += run;
        }
    }

    private void paletteRle() {
        for (int at = 0; at < count; ) {
            int run = run(at);
            int index = palette.index(tile[at]);
            if (run == 1) {
                plain.u8(index);
            } else {
                plain.u8(index | 0x80);
                runLength(run);
            }
            at += run;
        }
    }

    private int run(int at) {
        int value = tile[at];
        int end = at + 1;
        while (end < count && tile[end] == value) {
            end++;
        }
        return end - at;
    }

    private void runLength(int run) {
        int left = run - 1;
        while (left >= 255) {
            plain.u8(255);
            left -= 255;
        }
        plain.u8(left);
    }

    @Override
    public void close() {
        zlib.close();
    }
}
