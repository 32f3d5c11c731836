package org.vitrine.core.time;

/** Guest time that passes only when a test says so. */
public final class ManualClock implements Clock {

    private long nanos;

    @Override
    public long nanos() {
        return nanos;
    }

    /** Lets time pass without any timer being run, as when the vCPU comes late. */
    public void skip(long duration) {
        nanos += duration;
    }

    /** Lets time pass, stopping at each of the scheduler's deadlines to run it. */
    public void pass(Scheduler scheduler, long duration) {
        long end = nanos + duration;
        while (scheduler.nextDeadline() <= end) {
            nanos = Math.max(nanos, scheduler.nextDeadline());
            scheduler.runDue();
        }
        nanos = end;
    }
}
