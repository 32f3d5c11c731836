package org.vitrine.bench;

import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Prints how long a frame takes from the guest's store to its readers, and what that costs; beside
 * each figure what bounds it on this machine. {@code docs/benchmarks.md} says what each line means.
 */
public final class DisplayBenchmark {

    private DisplayBenchmark() {}

    /** The argument {@code --quick} makes runs short, and their figures rougher. */
    public static void main(String[] arguments) throws Exception {
        List<String> options = List.of(arguments);
        boolean quick = options.equals(List.of("--quick"));
        if (!quick && !options.isEmpty()) {
            System.err.println("usage: bench/run display [--quick]");
            System.exit(2);
        }
        printLoad("before");
        StoreLatency.print(quick ? 60 : 300);
        PublishCost.print(quick ? 200 : 1000);
        ReaderRate.print(
                new int[] {1, 4, 16},
                quick ? new int[] {1, 4} : new int[] {1, 4, 16},
                quick ? 500 : 2000);
        GuestSpeed.printReaders(quick ? 4 : 10, quick ? 500 : 1000);
        GuestSpeed.printRedraw(quick ? 6 : 10, quick ? 500 : 1000);
        IdleCost.print(quick ? 2000 : 5000);
        System.out.println();
        printLoad("after");
    }

    private static void printLoad(String when) {
        var system = ManagementFactory.getOperatingSystemMXBean();
        System.out.printf(
                "display path on %d processors, load %s: %.2f%n",
                system.getAvailableProcessors(), when, system.getSystemLoadAverage());
    }
}
