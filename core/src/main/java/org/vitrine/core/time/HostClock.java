package org.vitrine.core.time;

/**
 * Guest time taken from the host's monotonic clock, less the time spent paused. Starts paused, at
 * 0.
 */
public final class HostClock implements Clock {

    private long offset;
    private long stoppedAt;
    private boolean running;

    @Override
    public long nanos() {
        return running ? System.nanoTime() - offset : stoppedAt;
    }

    /** Lets time go on from where it stopped. */
    public void start() {
        if (!running) {
            offset = System.nanoTime() - stoppedAt;
            running = true;
        }
    }

    /** Lets time stand still. */
    public void stop() {
        if (running) {
            stoppedAt = nanos();
            running = false;
        }
    }
}
