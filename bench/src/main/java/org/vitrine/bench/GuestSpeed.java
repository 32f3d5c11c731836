package org.vitrine.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.vitrine.core.display.RefreshRate;
import org.vitrine.core.machine.Machine;
import org.vitrine.spi.display.Frame;

/**
 * What the screen costs the guest. Speeds are for each second of processor time that the vCPU
 * thread got, so that readers and other programs that take processors away do not count; what they
 * do to caches and memory does. Runs with and without alternate.
 */
final class GuestSpeed {

    private static final int READERS = 16;
    private static final RefreshRate SELDOM = new RefreshRate.Fixed(1);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private GuestSpeed() {}

    /** What the guest did, and how long its thread had a processor, in nanoseconds. */
    private record Progress(long work, long cpuNanos) {

        /** Work for each second of processor time since then. */
        double since(Progress before) {
            return (work - before.work) * 1e9 / (cpuNanos - before.cpuNanos);
        }
    }

    static void printReaders(int rounds, int millis) throws IOException, InterruptedException {
        System.out.println();
        System.out.println(
                "a guest that computes and draws a line of 1024x768 now and then, million");
        System.out.println("instructions for each second of the vCPU thread's processor time");
        GuestProgram program = new GuestProgram(GuestProgram.Task.COMPUTE, 1024, 768);
        try (Machine machine =
                program.start(RefreshRate.DEFAULT, OutputStream.nullOutputStream())) {
            TimeUnit.MILLISECONDS.sleep(2L * millis);
            JitCompiler.awaitRest();
            Speeds alone = new Speeds();
            Speeds read = new Speeds();
            LongAdder frames = new LongAdder();
            for (int round = 0; round < rounds; round++) {
                alone.add(speed(machine, millis));
                List<Thread> readers = new ArrayList<>();
                AtomicBoolean stop = new AtomicBoolean();
                for (int i = 0; i < READERS; i++) {
                    readers.add(Thread.startVirtualThread(() -> read(machine, stop, frames)));
                }
                read.add(speed(machine, millis));
                stop.set(true);
                for (Thread reader : readers) {
                    reader.join();
                }
            }
            System.out.printf(
                    "  no reader %.1f, %d readers %.1f: %.1f %% lost (target < 2); each reader had"
                            + " %.0f frames/s%n",
                    alone.median() / 1e6,
                    READERS,
                    read.median() / 1e6,
                    100 * (1 - read.median() / alone.median()),
                    frames.sum() * 1e3 / READERS / rounds / millis);
            System.out.printf(
                    "  spread without readers: %.1f to %.1f%n",
                    alone.least() / 1e6, alone.most() / 1e6);
        }
    }

    private static void read(Machine machine, AtomicBoolean stop, LongAdder frames) {
        Frame frame = new Frame();
        try {
            while (!stop.get()) {
                if (machine.display().awaitNewer(frame.generation(), Duration.ofMillis(50))
                        && machine.display().read(frame)) {
                    frames.increment();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static double speed(Machine machine, int millis) throws InterruptedException {
        Progress before = machine.call(() -> progress(machine.pc().cpu().instructions()));
        TimeUnit.MILLISECONDS.sleep(millis);
        return machine.call(() -> progress(machine.pc().cpu().instructions())).since(before);
    }

    /** On the vCPU thread. */
    private static Progress progress(long work) {
        return new Progress(work, THREADS.getCurrentThreadCpuTime());
    }

    static void printRedraw(int rounds, int millis) throws IOException, InterruptedException {
        System.out.println();
        System.out.println(
                "a guest that fills 1920x1080x32 at full tilt, fills for each second of the vCPU");
        System.out.println("thread's processor time");
        Speeds seldom = new Speeds();
        Speeds often = new Speeds();
        Speeds frames = new Speeds();
        Speeds kept = new Speeds();
        redraw(RefreshRate.DEFAULT, 2L * millis, new Speeds());
        JitCompiler.awaitRest();
        for (int round = 0; round < rounds; round++) {
            // What a fill takes changes with what others do to caches and memory, from one second
            // to the next, by more than what is sought: only runs beside one another compare, and
            // which of them is first must not matter.
            double seldomNow;
            double oftenNow;
            if (round % 2 == 0) {
                seldomNow = redraw(SELDOM, millis, new Speeds());
                oftenNow = redraw(RefreshRate.DEFAULT, millis, frames);
            } else {
                oftenNow = redraw(RefreshRate.DEFAULT, millis, frames);
                seldomNow = redraw(SELDOM, millis, new Speeds());
            }
            seldom.add(seldomNow);
            often.add(oftenNow);
            kept.add(oftenNow / seldomNow);
        }
        double lost = 1 - kept.median();
        System.out.printf(
                "  published once a second %.1f (%.1f .. %.1f), at 60 Hz %.1f (%.1f .. %.1f)%n",
                seldom.median(),
                seldom.least(),
                seldom.most(),
                often.median(),
                often.least(),
                often.most());
        System.out.printf(
                "  lost %.1f %% (pairs of runs: %.1f .. %.1f), with %.1f frames in that time: %.2f ms"
                        + " a frame; 60 frames take %.1f %% of a processor that is all the"
                        + " guest's%n",
                100 * lost,
                100 * (1 - kept.most()),
                100 * (1 - kept.least()),
                frames.median(),
                1e3 * lost / frames.median(),
                100 * 60 * lost / frames.median());
    }

    private static double redraw(RefreshRate rate, long millis, Speeds frames)
            throws IOException, InterruptedException {
        GuestProgram program = new GuestProgram(GuestProgram.Task.REDRAW, 1920, 1080);
        try (Machine machine = program.start(rate, OutputStream.nullOutputStream())) {
            TimeUnit.MILLISECONDS.sleep(millis);
            Progress before = machine.call(() -> progress(fills(machine)));
            long generation = machine.display().generation();
            TimeUnit.MILLISECONDS.sleep(millis);
            Progress after = machine.call(() -> progress(fills(machine)));
            frames.add(
                    new Progress(machine.display().generation(), after.cpuNanos())
                            .since(new Progress(generation, before.cpuNanos())));
            return after.since(before);
        }
    }

    private static long fills(Machine machine) {
        return machine.pc().memory().read(GuestProgram.FILLS, 4);
    }

    /** Speeds of several runs. */
    private static final class Speeds {

        private final List<Double> values = new ArrayList<>();

        void add(double speed) {
            values.add(speed);
            values.sort(null);
        }

        double median() {
            int middle = values.size() / 2;
            return values.size() % 2 == 1
                    ? values.get(middle)
                    : (values.get(middle - 1) + values.get(middle)) / 2;
        }

        double least() {
            return values.getFirst();
        }

        double most() {
            return values.getLast();
        }
    }
}
