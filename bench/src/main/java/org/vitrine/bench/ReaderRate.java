package org.vitrine.bench;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.vitrine.core.memory.HostMemory;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.SurfaceReader;

/**
 * How many whole frames readers get from one writer. Every frame has one colour, and each reader
 * compares all pixels of each frame it got: two colours in one are a torn frame.
 */
final class ReaderRate {

    private static final int WIDTH = 1024;
    private static final int HEIGHT = 768;
    private static final int[] READERS = {1, 4, 16};
    private static final Duration LOOK = Duration.ofMillis(100);

    private ReaderRate() {}

    private record Seen(long frames, long torn) {}

    static void print(int millis) throws Exception {
        System.out.println();
        System.out.printf(
                "readers' whole frames a second, %dx%d, every frame all new, threads of one process;%n"
                        + "the limit is what as many threads get by plain copies of such frames%n",
                WIDTH, HEIGHT);
        System.out.printf(
                "  %-8s %-14s %10s %12s %12s %12s %7s %6s%n",
                "readers", "writer", "published", "each, least", "each, most", "all", "limit", "torn");
        run(1, 0, millis);
        for (int readers : READERS) {
            print(readers, 60, millis);
            print(readers, 0, millis);
        }
    }

    private static void print(int readers, int hertz, int millis) throws Exception {
        double seconds = millis / 1e3;
        double limit = copies(readers, millis) / seconds;
        Result result = run(readers, hertz, millis);
        long all = result.seen().stream().mapToLong(Seen::frames).sum();
        System.out.printf(
                "  %-8d %-14s %10.0f %12.0f %12.0f %12.0f %7.0f %6d%n",
                readers,
                hertz > 0 ? hertz + " Hz" : "as it can",
                result.published() / seconds,
                result.seen().stream().mapToLong(Seen::frames).min().orElseThrow() / seconds,
                result.seen().stream().mapToLong(Seen::frames).max().orElseThrow() / seconds,
                all / seconds,
                limit,
                result.seen().stream().mapToLong(Seen::torn).sum());
    }

    private record Result(long published, List<Seen> seen) {}

    /** A writer at this rate, or as fast as it can for 0, with so many readers. */
    private static Result run(int readers, int hertz, int millis) throws Exception {
        VideoBoard board = new VideoBoard(WIDTH, HEIGHT);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long before = board.writer.generation();
        try (ExecutorService threads = Executors.newFixedThreadPool(readers)) {
            List<Future<Seen>> running = new ArrayList<>();
            for (int i = 0; i < readers; i++) {
                running.add(threads.submit(reader(board, end)));
            }
            long due = System.nanoTime();
            for (int round = 1; System.nanoTime() < end; round++) {
                board.fill(0, 0, WIDTH, HEIGHT, round);
                board.publish();
                due += hertz > 0 ? TimeUnit.SECONDS.toNanos(1) / hertz : 0;
                while (hertz > 0 && System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            }
            long published = board.writer.generation() - before;
            List<Seen> seen = new ArrayList<>();
            for (Future<Seen> reader : running) {
                seen.add(reader.get());
            }
            return new Result(published, seen);
        }
    }

    private static Callable<Seen> reader(VideoBoard board, long end) {
        return () -> {
            SurfaceReader reader = new SurfaceReader(board.map.asReadOnly(), board.signal);
            Frame frame = new Frame();
            long frames = 0;
            long torn = 0;
            while (System.nanoTime() < end) {
                if (reader.awaitNewer(frame.generation(), LOOK) && reader.read(frame)) {
                    frames++;
                    torn += oneColour(frame.pixels()) ? 0 : 1;
                }
            }
            return new Seen(frames, torn);
        };
    }

    private static boolean oneColour(int[] pixels) {
        int count = WIDTH * HEIGHT;
        return Arrays.mismatch(pixels, 0, count - 1, pixels, 1, count) < 0;
    }

    /** How many frames so many threads copy and compare when nobody writes. */
    private static long copies(int threads, int millis) throws Exception {
        MemorySegment source = HostMemory.allocate(VideoBoard.VIDEO_MEMORY);
        source.fill((byte) 1);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        Callable<Long> copier =
                () -> {
                    int[] pixels = new int[WIDTH * HEIGHT];
                    long copies = 0;
                    while (System.nanoTime() < end) {
                        MemorySegment.copy(
                                source, DisplayLayout.U32, 0, pixels, 0, pixels.length);
                        copies += oneColour(pixels) ? 1 : 0;
                    }
                    return copies;
                };
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<Long>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(pool.submit(copier));
            }
            long all = 0;
            for (Future<Long> one : running) {
                all += one.get();
            }
            return all;
        }
    }
}
