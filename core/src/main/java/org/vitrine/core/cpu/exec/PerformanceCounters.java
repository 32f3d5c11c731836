package org.vitrine.core.cpu.exec;

/**
 * The two performance counters of family 6 (Intel SDM volume 3, section 20.6.8), which count
 * instructions retired and cycles of the time stamp, halted or not, apart for programs and the
 * system. Nothing is interrupted when one overflows.
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
    private long lastStamp;

    void reset() {
        for (int n = 0; n < COUNT; n++) {
            selected[n] = 0;
            counted[n] = 0;
        }
    }

    /** Whether either counts anything. */
    boolean enabled() {
        return (selected[0] & ENABLED) != 0;
    }

    long selected(int counter) {
        return selected[counter];
    }

    /** Chooses what to count from the time stamp that is given. */
    void select(int counter, long events, long stamp) {
        selected[counter] = events & 0xFFFF_FFFFL;
        lastStamp = stamp;
    }

    long read(int counter) {
        return counted[counter];
    }

    /** Writes a counter: 32 bits, sign-extended. */
    void write(int counter, long value) {
        counted[counter] = (int) value & MASK;
    }

    /** An instruction was run at a privilege level, until this time stamp. */
    void count(int level, long stamp) {
        long cycles = stamp - lastStamp;
        lastStamp = stamp;
        for (int n = 0; n < COUNT; n++) {
            if ((selected[n] & (level == 0 ? OF_THE_SYSTEM : OF_PROGRAMS)) != 0) {
                long more =
                        switch ((int) selected[n] & 0xFF) {
                            case CYCLES -> cycles;
                            case INSTRUCTIONS -> 1;
                            default -> 0;
                        };
                counted[n] = counted[n] + more & MASK;
            }
        }
    }
}
