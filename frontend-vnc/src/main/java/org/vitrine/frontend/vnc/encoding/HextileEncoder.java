package org.vitrine.frontend.vnc.encoding;

import java.util.Arrays;
import org.vitrine.frontend.vnc.rfb.ClientPixels;
import org.vitrine.frontend.vnc.rfb.EncodingType;
import org.vitrine.frontend.vnc.rfb.RfbOutput;
import org.vitrine.spi.display.Rect;

/**
 * Tiles of 16x16 pixels, each a background with rectangles on it, or raw (RFC 6143, section 7.7.4).
 * For clients that know nothing better; it needs no memory of what was sent before.
 */
public final class HextileEncoder implements Encoder {

    private static final int TILE = 16;

    private static final int RAW = 1;
    private static final int BACKGROUND = 2;
    private static final int FOREGROUND = 4;
    private static final int SUBRECTS = 8;
    private static final int COLOURED = 16;

    private final int[] tile = new int[TILE * TILE];
    private final Palette palette = new Palette();
    private final int[] uses = new int[Palette.MAX_SIZE];
    private final boolean[] done = new boolean[TILE * TILE];

    @Override
    public int number() {
        return EncodingType.HEXTILE;
    }

    @Override
    public void encode(Picture picture, Rect rect, ClientPixels pixels, RfbOutput out) {
        for (int y = 0; y < rect.height(); y += TILE) {
            int height = Math.min(TILE, rect.height() - y);
            for (int x = 0; x < rect.width(); x += TILE) {
                int width = Math.min(TILE, rect.width() - x);
                for (int row = 0; row < height; row++) {
                    int from = picture.at(rect.x() + x, rect.y() + y + row);
                    pixels.values(picture.pixels(), from, width, tile, row * width);
                }
                tile(width, height, pixels, out);
            }
        }
    }

    private void tile(int width, int height, ClientPixels pixels, RfbOutput out) {
        int start = out.size();
        int rawSize = 1 + width * height * pixels.bytes();
        int background = background(width * height);
        if (background != Palette.FULL) {
            rectangles(width, height, background, pixels, out);
            if (out.size() - start <= rawSize) {
                return;
            }
            out.size(start);
        }
        out.u8(RAW);
        for (int i = 0; i < width * height; i++) {
            pixels.put(tile[i], out);
        }
    }

    /** The place in the palette of the most frequent value; FULL when there are too many values. */
    private int background(int count) {
        palette.clear();
        Arrays.fill(uses, 0);
        for (int i = 0; i < count; i++) {
            int index = palette.index(tile[i]);
            if (index == Palette.FULL) {
                return Palette.FULL;
            }
            uses[index]++;
        }
        int best = 0;
        for (int i = 1; i < palette.size(); i++) {
            if (uses[i] > uses[best]) {
                best = i;
            }
        }
        return best;
    }

    private void rectangles(
            int width, int height, int background, ClientPixels pixels, RfbOutput out) {
        int colours = palette.size();
        int flags = out.reserve(1);
        int what = BACKGROUND;
        pixels.put(palette.value(background), out);
        if (colours == 2) {
            what |= FOREGROUND | SUBRECTS;
            pixels.put(palette.value(1 - background), out);
        } else if (colours > 2) {
            what |= SUBRECTS | COLOURED;
        }
        out.array()[flags] = (byte) what;
        if (colours == 1) {
            return;
        }
        int countAt = out.reserve(1);
        int rectangles = 0;
        Arrays.fill(done, 0, width * height, false);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int value = tile[y * width + x];
                if (done[y * width + x] || value == palette.value(background)) {
                    continue;
                }
                int across = across(x, y, width, value);
                int down = down(x, y, across, width, height, value);
                if (colours > 2) {
                    pixels.put(value, out);
                }
                out.u8(x << 4 | y).u8(across - 1 << 4 | down - 1);
                rectangles++;
            }
        }
        // At most 255, since the background has one of the 256 pixels at least.
        out.array()[countAt] = (byte) rectangles;
    }

    private int across(int x, int y, int width, int value) {
        int end = x + 1;
        while (end < width && !done[y * width + end] && tile[y * width + end] == value) {
            end++;
        }
        return end - x;
    }

    /** How many lines down the run goes on; marks its pixels as done. */
    private int down(int x, int y, int across, int width, int height, int value) {
        int end = y;
        while (end < height && whole(x, end, across, width, value)) {
            Arrays.fill(done, end * width + x, end * width + x + across, true);
            end++;
        }
        return end - y;
    }

    private boolean whole(int x, int y, int across, int width, int value) {
        for (int i = y * width + x; i < y * width + x + across; i++) {
            if (done[i] || tile[i] != value) {
                return false;
            }
        }
        return true;
    }
}
