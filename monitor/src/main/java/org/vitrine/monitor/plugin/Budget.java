package org.vitrine.monitor.plugin;

import java.util.function.LongSupplier;

/**
 * How much of something a frontend may do: so many at once, and so many a second from then on. Safe
 * for use by several threads.
 */
public final class Budget {

    private static final double NANOS = 1e9;

    private final int burst;
    private final double perNano;
    private final LongSupplier clock;

    // Guarded by this object.
    private double left;
    private long last;
    private boolean exceeded;

    /** What becomes of something that a frontend wants to do. */
    public enum Verdict {
        WITHIN,
        /** It is the first that is too much, since there last was enough for all. */
        FIRST_BEYOND,
        BEYOND
    }

    /**
     * @param burst how many at once
     * @param perSecond how many a second
     */
    public Budget(int burst, int perSecond) {
        this(burst, perSecond, System::nanoTime);
    }

    /**
     * @param clock nanoseconds
     */
    Budget(int burst, int perSecond, LongSupplier clock) {
        this.burst = burst;
        this.perNano = perSecond / NANOS;
        this.clock = clock;
        this.left = burst;
        this.last = clock.getAsLong();
    }

    /** Spends so much, unless it is too much; then nothing is spent. */
    public synchronized Verdict spend(int amount) {
        long now = clock.getAsLong();
        left = Math.min(burst, left + (now - last) * perNano);
        last = now;
        if (left >= amount) {
            left -= amount;
            // A flood that leaks through one by one is still the same flood.
            exceeded &= left < burst / 2.0;
            return Verdict.WITHIN;
        }
        boolean first = !exceeded;
        exceeded = true;
        return first ? Verdict.FIRST_BEYOND : Verdict.BEYOND;
    }
}
