package org.vitrine.monitor.peer;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.vitrine.core.display.SurfaceWriter;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.display.FrameSignal;

/**
 * A display map as a file, and a thread that publishes frames in it, each of one colour (and of one
 * character and attribute) that no other frame near it has.
 */
final class UniformFrames implements AutoCloseable {

    /** Frames between two changes of the mode, when there are several. */
    private static final int FRAMES_IN_A_MODE = 30;

    /** Odd, so that neighbours differ much, and none of 2^24 (of 2^16 for cells) is as another. */
    private static final int STEP = 0x9E3779;

    /** A mode in which frames are published, in the size that the emulator gives it. */
    enum Shape {
        TEXT(720, 400, DisplayMode.Kind.TEXT, new DisplayMode.TextGeometry(80, 25, 9, 16)),
        MODE_13H(640, 400, DisplayMode.Kind.PACKED, null),
        MODE_12H(640, 480, DisplayMode.Kind.PLANAR, null),
        LINEAR_32(1024, 768, DisplayMode.Kind.LINEAR, null),
        FULL_HD(1920, 1080, DisplayMode.Kind.LINEAR, null);

        final int width;
        final int height;
        final DisplayMode.Kind kind;
        final DisplayMode.TextGeometry text;

        Shape(int width, int height, DisplayMode.Kind kind, DisplayMode.TextGeometry text) {
            this.width = width;
            this.height = height;
            this.kind = kind;
            this.text = text;
        }
    }

    private final MemorySegment map;
    private final SurfaceWriter writer;
    private final short[] cells = new short[80 * 25];
    private volatile boolean open = true;
    private Thread thread;

    /**
     * An empty map.
     *
     * @param file made by this
     */
    UniformFrames(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE_NEW)) {
            map =
                    channel.map(
                            FileChannel.MapMode.READ_WRITE, 0, DisplayLayout.SIZE, Arena.ofAuto());
        }
        writer = new SurfaceWriter(map, new FrameSignal.Local());
    }

    MemorySegment map() {
        return map;
    }

    SurfaceWriter writer() {
        return writer;
    }

    /** The newest published frame's number. */
    long generation() {
        return (long)
                        DisplayLayout.LONG.getAcquire(
                                map, DisplayLayout.DISPLAY_OFFSET + DisplayLayout.DISPLAY_LATEST)
                >>> 2;
    }

    /** Publishes one frame, on the caller's thread: only before {@link #start}. */
    void publish(Shape shape, int number) {
        int colour = number * STEP & 0xFFFFFF;
        writer.begin(shape.width, shape.height, shape.kind, shape.text, null);
        Arrays.fill(writer.line(), 0, shape.width, colour);
        for (int y = 0; y < shape.height; y++) {
            writer.draw(0, y, shape.width);
        }
        if (shape.text != null) {
            Arrays.fill(cells, (short) colour);
            writer.text(cells, -1, -1);
        }
        writer.publish();
    }

    /**
     * Publishes from now on until this is closed.
     *
     * @param shapes the modes to go through
     * @param rate frames a second, or 0 for as many as there can be
     */
    UniformFrames start(List<Shape> shapes, int rate) {
        thread = Thread.ofPlatform().name("uniform frames").start(() -> run(shapes, rate));
        return this;
    }

    private void run(List<Shape> shapes, int rate) {
        long due = System.nanoTime();
        for (int number = 1; open; number++) {
            publish(shapes.get(number / FRAMES_IN_A_MODE % shapes.size()), number);
            writer.heartbeat();
            if (rate > 0) {
                due += 1_000_000_000 / rate;
                while (open && System.nanoTime() - due < 0) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            }
        }
    }

    @Override
    public void close() {
        open = false;
        try {
            if (thread != null) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
