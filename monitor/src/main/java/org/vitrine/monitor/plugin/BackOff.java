package org.vitrine.monitor.plugin;

import java.time.Duration;

/**
 * How long to wait before a process that has crashed is started again: twice as long after each
 * short run, the first delay again after a long one. For one thread.
 */
final class BackOff {

    private final Delays delays;
    private Duration next;

    /**
     * @param first the wait after a long run, and after the first short one
     * @param longest what no wait exceeds
     * @param shortRun a run shorter than this doubles the next wait
     */
    record Delays(Duration first, Duration longest, Duration shortRun) {
        static final Delays STANDARD =
                new Delays(Duration.ofMillis(250), Duration.ofSeconds(8), Duration.ofSeconds(2));
    }

    BackOff(Delays delays) {
        this.delays = delays;
        this.next = delays.first();
    }

    /** The wait after a run of this length. */
    Duration after(Duration run) {
        if (run.compareTo(delays.shortRun()) >= 0) {
            next = delays.first();
            return next;
        }
        Duration wait = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(delays.longest()) > 0 ? delays.longest() : doubled;
        return wait;
    }
}
