package org.vitrine.frontend.mjpeg;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.vitrine.spi.display.Cursor;
import org.vitrine.spi.display.Display;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.ScreenText;

/**
 * Takes pictures of the guest's screen for all clients: each picture is read once, and encoded once
 * for each quality that somebody wants. Nothing is read or encoded while nobody asks. For any
 * thread.
 */
final class Camera implements AutoCloseable {

    /** How soon a moved hardware cursor is noticed, which no frame announces. */
    private static final Duration CURSOR_POLL = Duration.ofMillis(30);

    /**
     * What a picture shows; moments that are {@link #same} look the same.
     *
     * @param generation the frame
     * @param cursorShape serial of the hardware cursor's shape, 0 when none is visible
     */
    record Moment(long generation, int cursorShape, int cursorX, int cursorY) {

        /** Before any picture. */
        static final Moment NONE = new Moment(0, 0, 0, 0);

        /**
         * Whether all is equal. Not {@code equals}: the one that a record is given leaves a soft
         * reference to its class in the JDK (java.lang.runtime.ObjectMethods), which holds a
         * detached plugin's loader until memory runs short.
         */
        boolean same(Moment other) {
            return generation == other.generation
                    && cursorShape == other.cursorShape
                    && cursorX == other.cursorX
                    && cursorY == other.cursorY;
        }

        private static Moment of(long generation, Cursor cursor) {
            return cursor.visible() && cursor.serial() != 0
                    ? new Moment(generation, cursor.serial(), cursor.x(), cursor.y())
                    : new Moment(generation, 0, 0, 0);
        }
    }

    /**
     * An encoded picture.
     *
     * @param timestampMillis when the frame was published, milliseconds of the Unix epoch
     * @param file the JPEG or PNG file; shared, nobody writes to it
     */
    record Picture(Moment moment, long timestampMillis, byte[] file) {}

    private final Display display;
    private final Counters counters;
    private final ReentrantLock lock = new ReentrantLock();
    private final Frame frame = new Frame();
    private final Map<Integer, Picture> jpegs = new HashMap<>();
    private ImageEncoder encoder;
    private Moment shown = Moment.NONE;
    private BufferedImage image;
    private boolean closed;

    Camera(Display display, Counters counters) {
        this.display = display;
        this.counters = counters;
    }

    /** Waits for the machine's first frame; false when none came in time. */
    boolean awaitFirst(Duration timeout) throws InterruptedException {
        return display.awaitNewer(0, timeout);
    }

    /**
     * Waits until a picture would differ from that of {@code seen}; false when the time was up
     * first.
     */
    boolean awaitChange(Moment seen, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            Cursor cursor = display.cursor();
            if (!Moment.of(display.generation(), cursor).same(seen)) {
                return true;
            }
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (left.isNegative() || left.isZero()) {
                return false;
            }
            boolean mayMove = cursor.serial() != 0;
            display.awaitNewer(
                    seen.generation(),
                    mayMove && left.compareTo(CURSOR_POLL) > 0 ? CURSOR_POLL : left);
        }
    }

    /** The screen as it is now; there must have been a frame. */
    Picture jpeg(int quality) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            refresh();
            Picture known = jpegs.get(quality);
            if (known == null) {
                known = new Picture(shown, published(), encoder().jpeg(image, quality));
                jpegs.put(quality, known);
                counters.encodings.increment();
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    /** The screen as it is now, every pixel exact; there must have been a frame. */
    Picture png() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            refresh();
            counters.encodings.increment();
            return new Picture(shown, published(), encoder().png(image));
        } finally {
            lock.unlock();
        }
    }

    /** The characters on the screen, or null in a graphics mode; there must have been a frame. */
    ScreenText text() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            refresh();
            return frame.text();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Made when the first picture is wanted: loading the JDK's codecs takes a good part of a start.
     */
    private ImageEncoder encoder() {
        if (encoder == null) {
            encoder = new ImageEncoder();
        }
        return encoder;
    }

    private long published() {
        return System.currentTimeMillis() - (System.nanoTime() - frame.timestamp()) / 1_000_000;
    }

    /** Brings {@link #image} up to date. The lock is held. */
    private void refresh() throws InterruptedException {
        if (closed) {
            throw new InterruptedException("the frontend has been detached");
        }
        display.read(frame);
        Cursor cursor = display.cursor();
        Moment now = Moment.of(frame.generation(), cursor);
        if (now.same(shown)) {
            return;
        }
        shown = now;
        jpegs.clear();
        int width = frame.mode().width();
        int height = frame.mode().height();
        if (image == null || image.getWidth() != width || image.getHeight() != height) {
            image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        }
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        System.arraycopy(frame.pixels(), 0, pixels, 0, width * height);
        if (now.cursorShape() != 0) {
            drawCursor(cursor, pixels, width, height);
        }
    }

    private static void drawCursor(Cursor cursor, int[] pixels, int width, int height) {
        for (int row = 0; row < cursor.height(); row++) {
            int y = cursor.y() - cursor.hotY() + row;
            for (int column = 0; column < cursor.width() && y >= 0 && y < height; column++) {
                int x = cursor.x() - cursor.hotX() + column;
                if (x >= 0 && x < width) {
                    int over = cursor.argb()[row * cursor.width() + column];
                    pixels[y * width + x] = blend(over, pixels[y * width + x]);
                }
            }
        }
    }

    private static int blend(int argb, int under) {
        int alpha = argb >>> 24;
        int result = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            int above = argb >> shift & 0xFF;
            int below = under >> shift & 0xFF;
            result |= (above * alpha + below * (255 - alpha) + 127) / 255 << shift;
        }
        return result;
    }

    /**
     * Lets the encoders go; whoever asks for a picture afterwards is told by an
     * InterruptedException.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                if (encoder != null) {
                    encoder.close();
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
