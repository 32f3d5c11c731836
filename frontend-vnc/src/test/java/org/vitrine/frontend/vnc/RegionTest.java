package org.vitrine.frontend.vnc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.vitrine.spi.display.Rect;

class RegionTest {

    private static final int EDGE = 40;

    private static void paint(BitSet pixels, Rect rect, boolean set) {
        for (int y = rect.y(); y < rect.y() + rect.height(); y++) {
            pixels.set(y * EDGE + rect.x(), y * EDGE + rect.x() + rect.width(), set);
        }
    }

    private static BitSet pixels(List<Rect> rects, String message) {
        BitSet pixels = new BitSet();
        for (Rect rect : rects) {
            BitSet one = new BitSet();
            paint(one, rect, true);
            assertFalse(one.isEmpty(), message);
            assertFalse(one.intersects(pixels), "rectangles overlap, " + message);
            pixels.or(one);
        }
        return pixels;
    }

    private static Rect rect(Random random) {
        int x = random.nextInt(EDGE);
        int y = random.nextInt(EDGE);
        return new Rect(x, y, random.nextInt(EDGE - x + 1), random.nextInt(EDGE - y + 1));
    }

    @Test
    void itIsTheSetOfItsPixels() {
        long seed = System.nanoTime();
        System.out.println("RegionTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            Region region = new Region(1000);
            Region other = new Region(1000);
            BitSet pixels = new BitSet();
            BitSet otherPixels = new BitSet();
            for (int step = 0; step < 20; step++) {
                Rect rect = rect(random);
                boolean add = random.nextInt(3) > 0;
                if (add) {
                    region.add(rect);
                } else {
                    region.subtract(rect);
                }
                paint(pixels, rect, add);
                Rect otherRect = rect(random);
                other.add(otherRect);
                paint(otherPixels, otherRect, true);
                assertEquals(pixels, pixels(region.rects(), "seed " + seed), "seed " + seed);
                assertEquals(pixels.isEmpty(), region.isEmpty());
            }
            BitSet both = (BitSet) pixels.clone();
            both.and(otherPixels);
            assertEquals(both, pixels(region.intersect(other), "seed " + seed), "seed " + seed);
        }
    }

    @Test
    void tooRaggedItBecomesItsBoundingBox() {
        Region region = new Region(4);
        for (int i = 0; i < 5; i++) {
            region.add(new Rect(3 + 2 * i, 5 + 2 * i, 1, 1));
        }
        assertEquals(List.of(new Rect(3, 5, 9, 9)), region.rects());
        region.clear();
        assertTrue(region.isEmpty());
    }
}
