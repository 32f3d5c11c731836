package org.vitrine.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.vitrine.core.machine.Firmware;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.MachineConfig;
import org.vitrine.core.machine.Peripherals;

/** Vitrine's CPU, in this process. */
final class OwnCpu {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int SETTLING_MILLIS = 50;

    /** How far the instructions counted may be from what the program says, as its share. */
    private static final double TOLERANCE = 1e-3;

    private final Map<CpuProgram, Double> allocated = new EnumMap<>(CpuProgram.class);

    /** The turns that a second of processor time has. */
    double measure(CpuProgram program, long millis) throws IOException, InterruptedException {
        Turns turns = new Turns(millis);
        MachineConfig config =
                MachineConfig.standard()
                        .withMemorySize(16 * MachineConfig.MIB)
                        .withFirmware(
                                Firmware.standard()
                                        .withBios(program.rom())
                                        .withVgaBios(new byte[0]))
                        .withPeripherals(Peripherals.NONE.withDebugConsole(turns));
        try (Machine machine = new Machine(config)) {
            turns.machine = machine;
            machine.cont();
            if (!turns.measured.await(60, TimeUnit.SECONDS)) {
                throw new IOException(program + " does not come to its end in Vitrine");
            }
        }
        double each = (double) turns.instructions / turns.count;
        if (!program.copies()
                && Math.abs(each / program.instructions() - 1)
                        > TOLERANCE + 1e4 / turns.instructions) {
            throw new IOException(
                    String.format(
                            "a turn of %s has %.0f instructions, not %d as CpuProgram says",
                            program, each, program.instructions()));
        }
        allocated.merge(program, turns.allocated * 1e6 / turns.instructions, Math::max);
        return turns.count * 1e9 / turns.nanos;
    }

    void forgetAllocation() {
        allocated.clear();
    }

    /** The most that the vCPU thread allocated for a million instructions, in bytes. */
    double allocatedByMillion(CpuProgram program) {
        return allocated.get(program);
    }

    /** What stands at the debug port: looks at the thread's clocks when a turn begins. */
    private static final class Turns extends OutputStream {

        private final long duration;
        final CountDownLatch measured = new CountDownLatch(1);
        volatile Machine machine;

        private int seen;
        private int first;
        private boolean begun;
        private long nanosBefore;
        private long instructionsBefore;
        private long allocatedBefore;

        int count;
        long nanos;
        long instructions;
        long allocated;

        Turns(long millis) {
            duration = TimeUnit.MILLISECONDS.toNanos(millis);
        }

        @Override
        public void write(int value) {
            seen++;
            long now = THREADS.getCurrentThreadCpuTime();
            if (seen == 1) {
                nanosBefore = now;
            } else if (!begun) {
                begun = now - nanosBefore > TimeUnit.MILLISECONDS.toNanos(SETTLING_MILLIS);
                if (begun) {
                    first = seen;
                    instructionsBefore = machine.pc().cpu().instructions();
                    allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
                    nanosBefore = THREADS.getCurrentThreadCpuTime();
                }
            } else if (now - nanosBefore > duration && count == 0) {
                allocated = THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore;
                nanos = now - nanosBefore;
                instructions = machine.pc().cpu().instructions() - instructionsBefore;
                count = seen - first;
                measured.countDown();
            }
        }
    }
}
