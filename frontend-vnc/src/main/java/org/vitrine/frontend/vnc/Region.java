package org.vitrine.frontend.vnc;

import java.util.ArrayList;
import java.util.List;
import org.vitrine.spi.display.Rect;

/**
 * A set of pixels, kept as rectangles that do not overlap. When it gets too ragged it becomes its
 * bounding box: for damage that means sending more than needed, never less. For one thread at a
 * time.
 */
final class Region {

    private final int maxRects;
    private List<Rect> rects = new ArrayList<>();

    /** An empty region that keeps at most so many rectangles apart. */
    Region(int maxRects) {
        this.maxRects = maxRects;
    }

    boolean isEmpty() {
        return rects.isEmpty();
    }

    /** The rectangles; they do not overlap. */
    List<Rect> rects() {
        return List.copyOf(rects);
    }

    void clear() {
        rects.clear();
    }

    void add(Rect rect) {
        if (rect.width() <= 0 || rect.height() <= 0) {
            return;
        }
        for (Rect each : rects) {
            if (rect.equals(intersection(each, rect))) {
                return;
            }
        }
        subtract(rect);
        rects.add(rect);
        if (rects.size() > maxRects) {
            Rect box = bounds();
            rects.clear();
            rects.add(box);
        }
    }

    void addAll(Region other) {
        other.rects.forEach(this::add);
    }

    void subtract(Rect hole) {
        List<Rect> left = new ArrayList<>(rects.size() + 4);
        for (Rect rect : rects) {
            Rect cut = intersection(rect, hole);
            if (cut == null) {
                left.add(rect);
                continue;
            }
            int right = rect.x() + rect.width();
            int bottom = rect.y() + rect.height();
            int cutRight = cut.x() + cut.width();
            int cutBottom = cut.y() + cut.height();
            addIfAny(left, rect.x(), rect.y(), rect.width(), cut.y() - rect.y());
            addIfAny(left, rect.x(), cut.y(), cut.x() - rect.x(), cut.height());
            addIfAny(left, cutRight, cut.y(), right - cutRight, cut.height());
            addIfAny(left, rect.x(), cutBottom, rect.width(), bottom - cutBottom);
        }
        rects = left;
    }

    private static void addIfAny(List<Rect> to, int x, int y, int width, int height) {
        if (width > 0 && height > 0) {
            to.add(new Rect(x, y, width, height));
        }
    }

    /** What both have, as rectangles that do not overlap. */
    List<Rect> intersect(Region other) {
        List<Rect> both = new ArrayList<>();
        for (Rect rect : rects) {
            for (Rect each : other.rects) {
                Rect cut = intersection(rect, each);
                if (cut != null) {
                    both.add(cut);
                }
            }
        }
        return both;
    }

    /** What both have, or null when that is nothing. */
    static Rect intersection(Rect a, Rect b) {
        int x = Math.max(a.x(), b.x());
        int y = Math.max(a.y(), b.y());
        int width = Math.min(a.x() + a.width(), b.x() + b.width()) - x;
        int height = Math.min(a.y() + a.height(), b.y() + b.height()) - y;
        return width > 0 && height > 0 ? new Rect(x, y, width, height) : null;
    }

    private Rect bounds() {
        int left = Integer.MAX_VALUE;
        int top = Integer.MAX_VALUE;
        int right = 0;
        int bottom = 0;
        for (Rect rect : rects) {
            left = Math.min(left, rect.x());
            top = Math.min(top, rect.y());
            right = Math.max(right, rect.x() + rect.width());
            bottom = Math.max(bottom, rect.y() + rect.height());
        }
        return new Rect(left, top, right - left, bottom - top);
    }
}
