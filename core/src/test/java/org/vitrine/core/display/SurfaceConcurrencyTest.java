package org.vitrine.core.display;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrine.core.memory.HostMemory;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.FrameSignal;
import org.vitrine.spi.display.SurfaceReader;

/**
 * One writer as fast as it can, and readers that check each frame they get against what was drawn
 * in it.
 */
class SurfaceConcurrencyTest {

    private static final int FRAMES = 2000;
    private static final int READERS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final FrameSignal.Local signal = new FrameSignal.Local();
    private final MemorySegment map = HostMemory.allocate(DisplayLayout.SIZE);
    private final SurfaceWriter writer = new SurfaceWriter(map, signal);

    /** What the readers of a run saw. */
    private record Seen(int frames, int modes) {}

    private interface FrameCheck {
        void check(Frame frame);
    }

    private List<Seen> run(Runnable drawing, FrameCheck check) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            List<Future<Seen>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(threads.submit(reader(check)));
            }
            drawing.run();
            List<Seen> seen = new ArrayList<>();
            for (Future<Seen> reader : readers) {
                seen.add(reader.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            }
            return seen;
        }
    }

    private Callable<Seen> reader(FrameCheck check) {
        return () -> {
            SurfaceReader reader = new SurfaceReader(map, signal);
            Frame frame = new Frame();
            int frames = 0;
            int modes = 0;
            while (frame.generation() < FRAMES) {
                if (!reader.awaitNewer(frame.generation(), PATIENCE)) {
                    throw new AssertionError("no frame came after " + frame.generation());
                }
                if (reader.read(frame)) {
                    check.check(frame);
                    frames++;
                    modes += frame.modeChanged() ? 1 : 0;
                }
            }
            return new Seen(frames, modes);
        };
    }

    @Test
    @Timeout(300)
    void noFrameIsTornThoughTheWriterNeverWaits() throws Exception {
        int[][] sizes = {{640, 480}, {320, 200}, {720, 400}, {65, 17}};
        List<Seen> seen =
                run(
                        () -> {
                            int size = 0;
                            for (int generation = 1; generation <= FRAMES; generation++) {
                                size = generation % 50 == 0 ? size + 1 : size;
                                int width = sizes[size % sizes.length][0];
                                int height = sizes[size % sizes.length][1];
                                writer.begin(width, height, DisplayMode.Kind.LINEAR, null, null);
                                Arrays.fill(writer.line(), 0, width, generation);
                                for (int y = 0; y < height; y++) {
                                    writer.draw(0, y, width);
                                }
                                writer.publish();
                            }
                        },
                        frame -> {
                            int count = frame.mode().width() * frame.mode().height();
                            for (int i = 0; i < count; i++) {
                                if (frame.pixels()[i] != frame.generation()) {
                                    throw new AssertionError(
                                            "frame "
                                                    + frame.generation()
                                                    + " "
                                                    + frame.mode()
                                                    + " is torn: pixel "
                                                    + i
                                                    + " is of frame "
                                                    + frame.pixels()[i]);
                                }
                            }
                        });
        System.out.println("SurfaceConcurrencyTest whole frames: " + seen);
        for (Seen reader : seen) {
            assertTrue(
                    reader.frames() >= 1 && reader.modes() >= 1,
                    "each reader saw something: " + seen);
        }
    }

    @Test
    @Timeout(300)
    void damageBringsReadersToThePictureOfTheirGeneration() throws Exception {
        long seed = System.nanoTime();
        System.out.println("SurfaceConcurrencyTest seed " + seed);
        Random random = new Random(seed);
        // A hash of each frame's picture is noted before it is published.
        AtomicReferenceArray<Integer> hashes = new AtomicReferenceArray<>(FRAMES + 1);
        List<Seen> seen =
                run(
                        () -> {
                            int[] picture = new int[0];
                            int width = 0;
                            int height = 0;
                            while (writer.generation() < FRAMES) {
                                if (width == 0 || random.nextInt(100) == 0) {
                                    width = 1 + random.nextInt(700);
                                    height = 1 + random.nextInt(300);
                                }
                                if (writer.begin(
                                        width, height, DisplayMode.Kind.LINEAR, null, null)) {
                                    picture = new int[width * height];
                                }
                                for (int i = random.nextInt(5); i > 0; i--) {
                                    drawRandom(random, picture, width, height);
                                }
                                hashes.set((int) writer.generation() + 1, Arrays.hashCode(picture));
                                writer.publish();
                            }
                        },
                        frame -> {
                            int count = frame.mode().width() * frame.mode().height();
                            int hash = Arrays.hashCode(Arrays.copyOf(frame.pixels(), count));
                            assertEquals(
                                    hashes.get((int) frame.generation()),
                                    hash,
                                    "seed " + seed + ", frame " + frame.generation());
                        });
        System.out.println("SurfaceConcurrencyTest damage: " + seen);
        for (Seen reader : seen) {
            assertTrue(reader.frames() >= 1, "each reader saw something: " + seen);
        }
    }

    private void drawRandom(Random random, int[] picture, int width, int height) {
        int x = random.nextInt(width);
        int y = random.nextInt(height);
        int count = random.nextInt(width - x) + 1;
        int lines = random.nextInt(Math.min(height - y, 40)) + 1;
        int colour = random.nextInt();
        Arrays.fill(writer.line(), x, x + count, colour);
        for (int line = y; line < y + lines; line++) {
            writer.draw(x, line, count);
            Arrays.fill(picture, line * width + x, line * width + x + count, colour);
        }
    }
}
