package org.vitrine.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import org.vitrine.core.display.RefreshRate;
import org.vitrine.core.machine.Machine;
import org.vitrine.spi.display.Frame;

/**
 * The time from a store of the guest to the publication of the frame that shows it, and until a
 * reader has the pixel. The guest tells the debug port just before each store, and the host notes
 * the time on the vCPU thread; pauses between stores are random, so that they keep no step with the
 * refresh.
 */
final class StoreLatency {

    private static final int WIDTH = 1920;
    private static final int HEIGHT = 1080;
    private static final int WARM_UP = 20;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private StoreLatency() {}

    static void print(int stores) throws IOException, InterruptedException {
        System.out.println();
        System.out.println("from the guest's store to its frame, " + WIDTH + "x" + HEIGHT + ", ms");
        System.out.printf(
                "  %-18s %-27s %-27s %s%n",
                "refresh", "published: median, p99", "a reader has it: median, p99", "limit");
        print("60 Hz", new RefreshRate.Fixed(60), stores, "16.7: a monitor's frame (target < 20)");
        print("immediate", new RefreshRate.Immediate(), stores, "1.0: its pause (target < 3)");
    }

    private static void print(String name, RefreshRate rate, int stores, String limit)
            throws IOException, InterruptedException {
        AtomicLongArray storedAt = new AtomicLongArray(1 << 16);
        OutputStream debugPort =
                new OutputStream() {
                    private int number;

                    @Override
                    public void write(int value) {
                        number++;
                        storedAt.set(number % storedAt.length(), System.nanoTime());
                    }
                };
        Samples published = new Samples();
        Samples read = new Samples();
        GuestProgram program = new GuestProgram(GuestProgram.Task.STORE, WIDTH, HEIGHT);
        try (Machine machine = program.start(rate, debugPort)) {
            Frame frame = new Frame();
            int last = 0;
            while (published.count() < stores) {
                if (!machine.display().awaitNewer(frame.generation(), LIMIT)) {
                    throw new IllegalStateException("the guest's screen stands still");
                }
                machine.display().read(frame);
                long now = System.nanoTime();
                int number = frame.mode().width() == WIDTH ? frame.pixels()[0] : 0;
                if (number > last && number > WARM_UP) {
                    long at = storedAt.get(number % storedAt.length());
                    published.add(frame.timestamp() - at);
                    read.add(now - at);
                }
                last = number;
            }
        }
        System.out.printf(
                "  %-18s %10.2f %10.2f      %10.2f %10.2f       %s%n",
                name,
                published.median(),
                published.millis(0.99),
                read.median(),
                read.millis(0.99),
                limit);
    }
}
