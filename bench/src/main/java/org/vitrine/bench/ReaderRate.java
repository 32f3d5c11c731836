package org.vitrine.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.vitrine.bench.FrameCounter.Seen;
import org.vitrine.core.memory.HostMemory;
import org.vitrine.spi.display.DisplayLayout;

/**
 * How many whole frames readers get from one writer: threads of its process, and processes that map
 * its file.
 */
final class ReaderRate {

    private static final int WIDTH = 1024;
    private static final int HEIGHT = 768;

    /** How long the writer runs before anything is measured. */
    private static final int WARM_UP_MILLIS = 200;

    private ReaderRate() {}

    static void print(int[] readers, int[] processes, int millis) throws Exception {
        System.out.println();
        System.out.printf(
                "readers' whole frames a second, %dx%d, every frame all new; the limit is what as"
                        + " many%n"
                        + "threads get by plain copies of such frames, with nobody writing%n",
                WIDTH, HEIGHT);
        System.out.printf(
                "  %-12s %-10s %10s %12s %12s %10s %7s %6s%n",
                "readers",
                "writer",
                "published",
                "each, least",
                "each, most",
                "all",
                "limit",
                "torn");
        Path file = Files.createTempFile("vitrine-bench", ".display");
        try {
            Writer writer = new Writer(map(file));
            writer.publish(0, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WARM_UP_MILLIS));
            for (int count : readers) {
                double limit = copies(count, millis) * 1e3 / millis;
                for (int hertz : new int[] {60, 0}) {
                    print(
                            count + " threads",
                            hertz,
                            writer.serveThreads(count, hertz, millis),
                            limit);
                }
            }
            for (int count : processes) {
                double limit = copies(count, millis) * 1e3 / millis;
                for (int hertz : new int[] {60, 0}) {
                    print(
                            count + " processes",
                            hertz,
                            writer.serveProcesses(file, count, hertz, millis),
                            limit);
                }
            }
        } finally {
            Files.delete(file);
        }
    }

    private static MemorySegment map(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(
                    FileChannel.MapMode.READ_WRITE, 0, DisplayLayout.SIZE, Arena.ofAuto());
        }
    }

    /** Frames published, the seconds that took, and what each reader saw meanwhile. */
    private record Result(double published, double seconds, List<Seen> seen) {}

    private static void print(String readers, int hertz, Result result, double limit) {
        double seconds = result.seconds();
        System.out.printf(
                "  %-12s %-10s %10.0f %12.0f %12.0f %10.0f %7.0f %6d%n",
                readers,
                hertz > 0 ? hertz + " Hz" : "as it can",
                result.published() / seconds,
                result.seen().stream().mapToLong(Seen::frames).min().orElseThrow() / seconds,
                result.seen().stream().mapToLong(Seen::frames).max().orElseThrow() / seconds,
                result.seen().stream().mapToLong(Seen::frames).sum() / seconds,
                limit,
                result.seen().stream().mapToLong(Seen::torn).sum());
    }

    /** One writer, on the thread that calls. */
    private static final class Writer {

        private final VideoBoard board;
        private int round;

        Writer(MemorySegment map) {
            board = new VideoBoard(WIDTH, HEIGHT, map);
        }

        Result serveThreads(int readers, int hertz, int millis) throws Exception {
            try (ExecutorService threads = Executors.newFixedThreadPool(readers)) {
                List<Future<Seen>> running = new ArrayList<>();
                for (int i = 0; i < readers; i++) {
                    FrameCounter counter = new FrameCounter(board.map.asReadOnly(), board.signal);
                    running.add(threads.submit(() -> counter.count(millis)));
                }
                long published = publish(hertz, endAfter(millis));
                List<Seen> seen = new ArrayList<>();
                for (Future<Seen> reader : running) {
                    seen.add(reader.get());
                }
                return new Result(published, millis / 1e3, seen);
            }
        }

        Result serveProcesses(Path file, int readers, int hertz, int millis) throws IOException {
            List<Process> processes = new ArrayList<>();
            try {
                List<BufferedReader> outputs = new ArrayList<>();
                for (int i = 0; i < readers; i++) {
                    Process process = start(file, millis);
                    processes.add(process);
                    outputs.add(process.inputReader());
                }
                for (BufferedReader output : outputs) {
                    if (!FrameCounter.READY.equals(output.readLine())) {
                        throw new IOException("a reader's process did not start");
                    }
                }
                for (Process process : processes) {
                    process.getOutputStream().write('\n');
                    process.getOutputStream().flush();
                }
                int warmUp = FrameCounter.WARM_UP_MILLIS;
                publish(hertz, endAfter(warmUp));
                long published = publish(hertz, endAfter(millis));
                List<Seen> seen = new ArrayList<>();
                for (BufferedReader output : outputs) {
                    seen.add(Seen.parse(output.readLine()));
                }
                return new Result(published, millis / 1e3, seen);
            } finally {
                processes.forEach(Process::destroy);
            }
        }

        private static Process start(Path file, int millis) throws IOException {
            return new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-XX:+UseSerialGC",
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            FrameCounter.class.getName(),
                            file.toString(),
                            Integer.toString(millis))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        }

        private static long endAfter(int millis) {
            return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        }

        /** Publishes at this rate, or for 0 as fast as it can; how many frames. */
        long publish(int hertz, long end) {
            long before = board.writer.generation();
            long due = System.nanoTime();
            while (System.nanoTime() < end) {
                round++;
                board.fill(0, 0, WIDTH, HEIGHT, round);
                board.publish();
                due += hertz > 0 ? TimeUnit.SECONDS.toNanos(1) / hertz : 0;
                while (hertz > 0 && System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            }
            return board.writer.generation() - before;
        }
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
                        MemorySegment.copy(source, DisplayLayout.U32, 0, pixels, 0, pixels.length);
                        copies += FrameCounter.oneColour(pixels, pixels.length) ? 1 : 0;
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
