package org.vitrine.core.cpu.exec;

/**
 * The two performance counters of family 6 (Intel SDM volume 3, section 20.6.8), which count
 * instructions retired and cycles, of which there is one each nanosecond of guest time, halted or
 * not, apart for programs and the system. Nothing is interrupted when one overflows.
 *
 * <p>Cycles at all privilege levels, which operating systems' watchdogs count for as long as they
 * run, follow from the clock. Only other counts take a look at each instruction.
 */
final class PerformanceCounters {

    static final int COUNT = 2;

    private static final int CYCLES = 0x79;
    private static final int INSTRUCTIONS = 0xC0;
    private static final long OF_PROGRAMS = 1 << 16;
    private static final long OF_THE_SYSTEM = 1 << 17;

    /** Of the first register, for both counters. */
    private static final long ENABLED = 1 << 22;

    private static final long MASK = (1L << 40) - 1;

    private final long[] selected = new long[COUNT];
    private final long[] counted = new long[COUNT];
    private long countedUntil;

    void reset() {
        for (int n = 0; n < COUNT; n++) {
            selected[n] = 0;
            counted[n] = 0;
        }
    }

    /** Whether something is counted that has to be told of each instruction. */
    boolean countsInstructions() {
        return enabled() && (isOfInstructions(0) || isOfInstructions(1));
    }

    private boolean enabled() {
        return (selected[0] & ENABLED) != 0;
    }

    private boolean isOfInstructions(int counter) {
        long levels = selected[counter] & (OF_PROGRAMS | OF_THE_SYSTEM);
        return switch ((int) selected[counter] & 0xFF) {
            case INSTRUCTIONS -> levels != 0;
            case CYCLES -> levels == OF_PROGRAMS || levels == OF_THE_SYSTEM;
            default -> false;
        };
    }

    long selected(int counter) {
        return selected[counter];
    }

    /**
     * Chooses what to count from now on.
     *
     * @param level the privilege level at which the processor has been until now
     * @param now guest time in nanoseconds, as everywhere here
     */
    void select(int counter, long events, int level, long now) {
        count(0, level, now);
        selected[counter] = events & 0xFFFF_FFFFL;
    }

    long read(int counter, int level, long now) {
        count(0, level, now);
        return counted[counter];
    }

    /** Writes a counter: 32 bits, sign-extended. */
    void write(int counter, long value, int level, long now) {
        count(0, level, now);
        counted[counter] = (int) value & MASK;
    }

    /** So many instructions were run at a privilege level since the last call, until now. */
    void count(int instructions, int level, long now) {
        long cycles = now - countedUntil;
        countedUntil = now;
        if (!enabled()) {
            return;
        }
        for (int n = 0; n < COUNT; n++) {
            if ((selected[n] & (level == 0 ? OF_THE_SYSTEM : OF_PROGRAMS)) != 0) {
                long more =
                        switch ((int) selected[n] & 0xFF) {
                            case CYCLES -> cycles;
                            case INSTRUCTIONS -> instructions;
                            default -> 0;
                        };
                counted[n] = counted[n] + more & MASK;
            }
        }
    }
}
