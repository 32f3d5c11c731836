package org.vitrine.monitor.command;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Holds back events that would come too often, with QEMU's rule: the first is told at once; of
 * those that come within the interval after it the last alone is told, when the interval ends,
 * which begins another one. Safe for use by several threads.
 */
final class EventRate {

    /** QEMU 7.2's intervals of the events that there are here ({@code monitor/monitor.c}). */
    static final Map<String, Duration> INTERVALS = Map.of("RTC_CHANGE", Duration.ofSeconds(1));

    private final Map<String, Duration> intervals;
    private final Delay delay;
    private final Consumer<MonitorEvent> sink;

    /** What waits, by the event's name; the key is there while an interval runs. */
    private final Map<String, Held> running = new HashMap<>();

    private static final class Held {
        MonitorEvent last;
    }

    /**
     * @param intervals by the event's name; events that are not named pass at once
     * @param sink takes the events that are told
     */
    EventRate(Map<String, Duration> intervals, Delay delay, Consumer<MonitorEvent> sink) {
        this.intervals = Map.copyOf(intervals);
        this.delay = delay;
        this.sink = sink;
    }

    /** Tells an event, now or later, or never when another replaces it. */
    void tell(MonitorEvent event) {
        Duration interval = intervals.get(event.name());
        if (interval != null) {
            synchronized (this) {
                Held held = running.get(event.name());
                if (held != null) {
                    held.last = event;
                    return;
                }
                running.put(event.name(), new Held());
            }
            delay.run(interval, () -> intervalEnds(event.name(), interval));
        }
        sink.accept(event);
    }

    private void intervalEnds(String name, Duration interval) {
        MonitorEvent last;
        synchronized (this) {
            last = running.get(name).last;
            if (last == null) {
                running.remove(name);
                return;
            }
            running.put(name, new Held());
        }
        delay.run(interval, () -> intervalEnds(name, interval));
        sink.accept(last);
    }
}
