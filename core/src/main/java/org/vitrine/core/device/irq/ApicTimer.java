package org.vitrine.core.device.irq;

import org.vitrine.core.time.Scheduler;

/**
 * The local APIC's timer, which counts down from its initial count once or again and again, with 1
 * GHz through the divider (Intel SDM volume 3, section 12.5.4).
 */
final class ApicTimer {

    private final Scheduler scheduler;
    private final Scheduler.Timer timer;
    private final Expiry expired;
    private long initial;
    private int divideConfiguration;
    private boolean periodic;
    private long started;

    /** Who is told that the count has come to zero. */
    @FunctionalInterface
    interface Expiry {

        /**
         * The count has come to zero, so many times since this was said last.
         *
         * @param periodNanos what it takes to count down
         */
        void expired(long times, long periodNanos);
    }

    ApicTimer(Scheduler scheduler, Expiry expired) {
        this.scheduler = scheduler;
        this.expired = expired;
        timer = scheduler.timer("apic timer", this::due);
    }

    void reset() {
        initial = 0;
        divideConfiguration = 0;
        periodic = false;
        timer.disarm();
    }

    /** Nanoseconds of one count: bits 0, 1 and 3 of the divide configuration; 111b is 1. */
    private long unit() {
        int code = divideConfiguration & 3 | (divideConfiguration & 8) >> 1;
        return 1L << (code + 1 & 7);
    }

    int divideConfiguration() {
        return divideConfiguration;
    }

    /** Counts on from where it is, with another divider. */
    void setDivideConfiguration(int value) {
        long left = current();
        divideConfiguration = value & 0x0B;
        if (left > 0) {
            started = scheduler.nanos() - (initial - left) * unit();
            timer.arm(scheduler.nanos() + left * unit());
        }
    }

    void setPeriodic(boolean again) {
        long left = current();
        periodic = again;
        if (left > 0) {
            started = scheduler.nanos() - (initial - left) * unit();
            timer.arm(scheduler.nanos() + left * unit());
        }
    }

    int initial() {
        return (int) initial;
    }

    /** Begins to count down; 0 stops. */
    void start(int count) {
        initial = count & 0xFFFF_FFFFL;
        started = scheduler.nanos();
        if (initial == 0) {
            timer.disarm();
        } else {
            timer.arm(started + initial * unit());
        }
    }

    long current() {
        if (initial == 0) {
            return 0;
        }
        long passed = (scheduler.nanos() - started) / unit();
        if (passed < initial) {
            return initial - passed;
        }
        return periodic ? initial - passed % initial : 0;
    }

    private void due() {
        long period = initial * unit();
        long times = 1;
        if (periodic) {
            times = Math.max((scheduler.nanos() - started) / period, 1);
            started += times * period;
            timer.arm(started + period);
        }
        expired.expired(times, period);
    }
}
