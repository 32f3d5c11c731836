package org.vitrine.bench;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.vitrine.core.display.RefreshRate;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.MachineConfig;
import org.vitrine.spi.display.Frame;

/** What a screen costs on which nothing happens: the firmware's prompt. */
final class IdleCost {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int CRTC = 0x3D4;
    private static final int CURSOR_START = 0x0A;
    private static final int CURSOR_OFF = 0x20;

    private IdleCost() {}

    private record Counts(long conversions, long cells, long cpuNanos) {}

    static void print(int millis) throws InterruptedException {
        System.out.println();
        System.out.printf(
                "the firmware's prompt in %.1f s, with nothing to do but its 18.2 timer ticks a"
                        + " second%n",
                millis / 1e3);
        System.out.printf(
                "  %-12s %-10s %20s %16s %22s%n",
                "refresh", "cursor", "frames converted", "cells converted", "vCPU thread's time");
        print("60 Hz", RefreshRate.DEFAULT, millis);
        print("immediate", new RefreshRate.Immediate(), millis);
        System.out.println(
                "  limit: 0 conversions without a cursor; with one, its cell every 8 of the mode's"
                        + " 70 frames a second");
    }

    private static void print(String name, RefreshRate rate, int millis)
            throws InterruptedException {
        try (Machine machine = new Machine(MachineConfig.standard().withRefresh(rate))) {
            machine.cont();
            awaitPrompt(machine);
            print(name, "blinking", machine, millis);
            machine.call(() -> {
                machine.pc().ports().write(CRTC, 2, CURSOR_OFF << 8 | CURSOR_START);
                return null;
            });
            print(name, "hidden", machine, millis);
        }
    }

    private static void awaitPrompt(Machine machine) throws InterruptedException {
        Frame frame = new Frame();
        do {
            if (!machine.display().awaitNewer(frame.generation(), LIMIT)) {
                throw new IllegalStateException("the firmware shows no prompt");
            }
            machine.display().read(frame);
        } while (frame.text() == null || !frame.text().lines().contains("vitrine>"));
    }

    private static void print(String name, String cursor, Machine machine, int millis)
            throws InterruptedException {
        // What was written before is published by then.
        TimeUnit.MILLISECONDS.sleep(500);
        Counts before = counts(machine);
        TimeUnit.MILLISECONDS.sleep(millis);
        Counts after = counts(machine);
        long cpu = after.cpuNanos() - before.cpuNanos();
        System.out.printf(
                "  %-12s %-10s %20d %16d %12.1f ms (%.1f %%)%n",
                name,
                cursor,
                after.conversions() - before.conversions(),
                after.cells() - before.cells(),
                cpu / 1e6,
                cpu / 1e4 / millis);
    }

    private static Counts counts(Machine machine) {
        return machine.call(() ->
                new Counts(
                        machine.pc().refresh().conversions(),
                        machine.pc().refresh().cellsConverted(),
                        ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime()));
    }
}
