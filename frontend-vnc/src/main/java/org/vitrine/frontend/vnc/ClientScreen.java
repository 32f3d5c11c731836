package org.vitrine.frontend.vnc;

import org.vitrine.frontend.vnc.encoding.Picture;
import org.vitrine.spi.display.Display;
import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.Rect;

/**
 * The screen as one client knows it: of the size that it was told last, and with what it has not
 * yet been shown. When the guest's mode has another size, the picture is cut off or filled up with
 * black until the client follows. For one thread at a time, but for {@link #mode}.
 */
final class ClientScreen {

    /** What a client sees when it comes before the machine's first frame. */
    private static final int FIRST_WIDTH = 640;

    private static final int FIRST_HEIGHT = 480;

    private static final int MAX_DAMAGE_RECTS = 512;

    private final Display display;
    private final Frame frame = new Frame();
    private final Region damage = new Region(MAX_DAMAGE_RECTS);
    private volatile DisplayMode mode;
    private int width = FIRST_WIDTH;
    private int height = FIRST_HEIGHT;

    /** The picture in the client's size; null while the frame itself has that size. */
    private int[] canvas = new int[FIRST_WIDTH * FIRST_HEIGHT];

    ClientScreen(Display display) {
        this.display = display;
        refresh();
        if (outgrown()) {
            follow();
        }
        damageAll();
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** The guest's mode as of the last {@link #refresh}, or null before its first. Any thread. */
    DisplayMode mode() {
        return mode;
    }

    /** What the client has not yet been shown, within its size. */
    Region damage() {
        return damage;
    }

    /** Notes the newest frame's damage. */
    void refresh() {
        if (!display.read(frame)) {
            return;
        }
        if (frame.modeChanged()) {
            mode = frame.mode();
            fit();
            damageAll();
            return;
        }
        for (Rect changed : frame.damage()) {
            Rect seen = clip(changed);
            if (seen != null) {
                damage.add(seen);
                if (canvas != null) {
                    copyToCanvas(seen);
                }
            }
        }
    }

    /** Whether the guest's mode has another size than the client's screen. */
    boolean outgrown() {
        return mode != null && (mode.width() != width || mode.height() != height);
    }

    /** Takes over the size of the guest's mode, which the client is about to be told. */
    void follow() {
        width = mode.width();
        height = mode.height();
        fit();
        damageAll();
    }

    /** The part of a rectangle that is on the client's screen, or null. */
    Rect clip(Rect rect) {
        return Region.intersection(rect, new Rect(0, 0, width, height));
    }

    /** The pixels as of the last {@link #refresh}. */
    Picture picture() {
        return canvas != null ? new Picture(canvas, width) : new Picture(frame.pixels(), width);
    }

    private void damageAll() {
        // What was damaged of a larger screen must not stay.
        damage.clear();
        damage.add(new Rect(0, 0, width, height));
    }

    private void fit() {
        if (!outgrown()) {
            canvas = null;
            return;
        }
        canvas = new int[width * height];
        copyToCanvas(
                new Rect(0, 0, Math.min(width, mode.width()), Math.min(height, mode.height())));
    }

    private void copyToCanvas(Rect rect) {
        for (int y = rect.y(); y < rect.y() + rect.height(); y++) {
            System.arraycopy(
                    frame.pixels(),
                    y * mode.width() + rect.x(),
                    canvas,
                    y * width + rect.x(),
                    rect.width());
        }
    }
}
