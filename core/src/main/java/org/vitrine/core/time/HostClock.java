package org.vitrine.core.time;

import java.util.function.LongSupplier;

/**
 * Guest time taken from the host's monotonic clock, less the time spent paused. Starts paused, at
 * 0.
 *
 * <p>It waits for timers: it does not pass the next deadline before the scheduler has looked at it.
 * So a guest that the host holds up does not find that time has jumped over ticks that it never
 * got, and its clocks agree; it is behind the host's time then, and catches up at twice the speed,
 * or at once while it waits for interrupts. When it is behind by more than {@value #LIMIT_SECONDS}
 * seconds, what is more is given up: a host that is always too slow slows the guest's time.
 * VirtualBox's synchronous virtual clock does the same, QEMU's clocks do not.
 *
 * <p>Used by the vCPU thread alone.
 */
public final class HostClock implements Clock {

    /** How far guest time may be behind. */
    public static final int LIMIT_SECONDS = 10;

    private static final long SPEED = 2;
    private static final long LIMIT = LIMIT_SECONDS * SECOND;

    private final LongSupplier host;

    /** Host time less guest time, were the guest never late. */
    private long offset;

    private long deadline = Scheduler.NEVER;
    private long hostNow;
    private long guestNow;
    private long givenUp;
    private boolean running;

    public HostClock() {
        this(System::nanoTime);
    }

    /**
     * As {@link #HostClock()}, with another clock for the host's.
     *
     * @param host nanoseconds from any beginning, never going back
     */
    HostClock(LongSupplier host) {
        this.host = host;
    }

    @Override
    public long nanos() {
        if (running) {
            long before = hostNow;
            hostNow = host.getAsLong();
            advance(Math.min(hostNow - offset, guestNow + SPEED * (hostNow - before)));
        }
        return guestNow;
    }

    /** Goes on to this time, unless there is a deadline before. */
    private void advance(long to) {
        long next = Math.min(to, deadline);
        if (next > guestNow) {
            guestNow = next;
        }
        long excess = hostNow - offset - guestNow - LIMIT;
        if (excess > 0) {
            givenUp += excess;
            offset += excess;
        }
    }

    /**
     * Says when the next timer is due, or {@link Scheduler#NEVER}: time does not pass that before
     * this is called again.
     */
    void setDeadline(long nanos) {
        deadline = nanos;
    }

    /**
     * The guest waits for an interrupt, and does not see how time passes: it catches up at once, at
     * most to the next deadline.
     *
     * @return nanoseconds until the next deadline, 0 when it is due
     */
    public long catchUp() {
        nanos();
        if (running) {
            advance(hostNow - offset);
        }
        return Math.max(deadline - guestNow, 0);
    }

    /** How far guest time is behind what it would be had the host always had time for it. */
    public long behind() {
        long now = nanos();
        return running ? hostNow - offset - now : 0;
    }

    /** What was given up of that since the machine was made. */
    public long givenUp() {
        return givenUp;
    }

    /** Lets time go on from where it stopped. */
    public void start() {
        if (!running) {
            hostNow = host.getAsLong();
            offset = hostNow - guestNow;
            running = true;
        }
    }

    /** Lets time stand still. */
    public void stop() {
        nanos();
        running = false;
    }
}
