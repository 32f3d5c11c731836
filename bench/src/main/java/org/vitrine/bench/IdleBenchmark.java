package org.vitrine.bench;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.vitrine.core.machine.Firmware;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.MachineConfig;

/**
 * What an idle guest costs: one that halts between its timer's ticks. Prints the processor time of
 * the vCPU thread and of the whole process, in percent of one processor, beside the target. Time is
 * taken in spans, until the JVM's compiler has next to nothing to do in one: that one is told of,
 * and the first, in which the compiler still works. The guest is {@code src/main/asm/idle.asm}.
 */
public final class IdleBenchmark {

    private static final double TARGET = 3;
    private static final int ROM_SIZE = 0x10000;
    private static final int RESET_VECTOR = 0xFFF0;
    private static final byte[] JUMP_TO_START = {(byte) 0xEA, 0, 0, 0, (byte) 0xF0};
    private static final int COUNT = 2;
    private static final long TICKS = 0x600;

    /** Spans of one guest at most. */
    private static final int SPANS = 12;

    /**
     * The compiler's share of a quiet span's time. Its queue tells nothing here: so little runs
     * that it is empty between two methods.
     */
    private static final double QUIET = 0.002;

    private IdleBenchmark() {}

    private record Counts(long ticks, long thread, long process, long compiler, long host) {

        Counts since(Counts before) {
            return new Counts(
                    ticks - before.ticks,
                    thread - before.thread,
                    process - before.process,
                    compiler - before.compiler,
                    host - before.host);
        }

        double percentOf(long time) {
            return 100.0 * time / host;
        }

        boolean quiet() {
            return compiler < host * QUIET;
        }
    }

    /** Without arguments spans of ten seconds; with {@code --quick} of two. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int seconds = arguments.length > 0 && arguments[0].equals("--quick") ? 2 : 10;
        System.out.printf(
                "%-22s %8s %12s %9s %14s %12s %7s%n",
                "an idle guest",
                "ticks/s",
                "vCPU thread",
                "process",
                "to 3 % target",
                "first span",
                "spans");
        print("timer as a BIOS has it", 0, seconds);
        print("100 Hz", 11932, seconds);
        print("1000 Hz", 1193, seconds);
    }

    private static void print(String name, int count, int seconds)
            throws IOException, InterruptedException {
        MachineConfig config =
                MachineConfig.standard()
                        .withMemorySize(2 * MachineConfig.MIB)
                        .withFirmware(new Firmware(rom(count), new byte[0]));
        try (Machine machine = new Machine(config)) {
            machine.cont();
            Counts first = span(machine, seconds);
            Counts last = first;
            int spans = 1;
            while (!last.quiet() && spans < SPANS) {
                last = span(machine, seconds);
                spans++;
            }
            double process = last.percentOf(last.process());
            System.out.printf(
                    "%-22s %8.1f %10.2f %% %7.2f %% %14.2f %10.2f %% %7d%s%n",
                    name,
                    last.ticks() * 1e9 / last.host(),
                    last.percentOf(last.thread()),
                    process,
                    process / TARGET,
                    first.percentOf(first.process()),
                    spans,
                    last.quiet() ? "" : ", and the compiler still at work");
        }
    }

    private static Counts span(Machine machine, int seconds) throws InterruptedException {
        Counts before = counts(machine);
        TimeUnit.SECONDS.sleep(seconds);
        return counts(machine).since(before);
    }

    private static Counts counts(Machine machine) {
        var system =
                (com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean();
        return machine.call(() ->
                new Counts(
                        machine.pc().memory().read(TICKS, 4),
                        ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime(),
                        system.getProcessCpuTime(),
                        JitCompiler.workNanos(),
                        System.nanoTime()));
    }

    private static byte[] rom(int count) throws IOException {
        byte[] rom = new byte[ROM_SIZE];
        try (InputStream program = IdleBenchmark.class.getResourceAsStream("idle.bin")) {
            if (program == null) {
                throw new IOException("the benchmark's guest program idle.bin is missing");
            }
            program.readNBytes(rom, 0, RESET_VECTOR);
        }
        System.arraycopy(JUMP_TO_START, 0, rom, RESET_VECTOR, JUMP_TO_START.length);
        rom[COUNT] = (byte) count;
        rom[COUNT + 1] = (byte) (count >> 8);
        return rom;
    }
}
