package org.vitrine.core.time;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ticks of a periodic timer that came while an earlier one still waited, because the guest took
 * no interrupts or the clock did not wait for it. They follow one after another, each when the one
 * before has been taken: a guest that counts ticks would lose time, and one that compares them with
 * a counter, as Linux does with the time-stamp counter, would give that up.
 *
 * <p>Two bounds keep a guest that can't keep up alive. Between two ticks that come by themselves at
 * most {@value #BURST} late ones are delivered, and the ticks of at most {@value #LIMIT_SECONDS}
 * seconds wait; what comes beyond is dropped. Of timers faster than 10 kHz none waits.
 *
 * <p>Used by the vCPU thread alone.
 */
public final class LateTicks {

    /** How many late ticks may follow a tick that came by itself. */
    public static final int BURST = 20;

    /** The ticks of how many seconds may wait. */
    public static final int LIMIT_SECONDS = 10;

    /** Timers with shorter periods have no late ticks. */
    public static final long SHORTEST_PERIOD_NANOS = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(LateTicks.class);

    private final String label;
    private long waiting;
    private int burst;
    private long delivered;
    private long dropped;

    LateTicks(String label) {
        this.label = label;
    }

    /**
     * A tick has come by itself, and with it some that can't be delivered now.
     *
     * @param count how many can't, 0 or more
     * @param periodNanos the time from one to the next, at least 1
     */
    public void tick(long count, long periodNanos) {
        burst = 0;
        if (count <= 0) {
            return;
        }
        long limit =
                periodNanos < SHORTEST_PERIOD_NANOS
                        ? 0
                        : LIMIT_SECONDS * Clock.SECOND / periodNanos;
        long kept = Math.min(count, Math.max(limit - waiting, 0));
        waiting += kept;
        if (kept < count) {
            if (dropped == 0) {
                LOG.debug("{}: the guest takes too few ticks, some are dropped", label);
            }
            dropped += count - kept;
        }
    }

    /** Takes one that waits, if it may be delivered now. */
    public boolean take() {
        if (waiting == 0 || burst == BURST) {
            return false;
        }
        burst++;
        waiting--;
        delivered++;
        return true;
    }

    /** Nothing waits any more: the timer was set anew, or nobody listens to it. */
    public void forget() {
        waiting = 0;
        burst = 0;
    }

    /** Whose ticks these are, for people. */
    public String label() {
        return label;
    }

    /** How many wait now. */
    public long waiting() {
        return waiting;
    }

    /** How many were delivered late since the machine was made. */
    public long delivered() {
        return delivered;
    }

    /** How many were never delivered, since the machine was made. */
    public long dropped() {
        return dropped;
    }
}
