package org.vitrine.core.time;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * The one queue of deadlines in guest time. Devices make their timers once and arm them as they
 * need; arming and running allocate nothing. Used by the vCPU thread alone.
 */
public final class Scheduler {

    /** The deadline of a timer that is not armed. */
    public static final long NEVER = Long.MAX_VALUE;

    private final Clock clock;
    private final LongConsumer deadlines;
    private final List<Timer> timers = new ArrayList<>();
    private final List<LateTicks> lateTicks = new ArrayList<>();
    private long nextDeadline = NEVER;

    public Scheduler(Clock clock) {
        this(clock, deadline -> {});
    }

    /** A scheduler for whose timers this clock waits. */
    public Scheduler(HostClock clock) {
        this(clock, clock::setDeadline);
    }

    private Scheduler(Clock clock, LongConsumer deadlines) {
        this.clock = clock;
        this.deadlines = deadlines;
    }

    /** Guest time in nanoseconds. */
    public long nanos() {
        return clock.nanos();
    }

    /** A new timer, not armed. The label is for people. */
    public Timer timer(String label, Runnable action) {
        Timer timer = new Timer(label, action);
        timers.add(timer);
        return timer;
    }

    /** Keeps the late ticks of a periodic timer. The label is for people. */
    public LateTicks lateTicks(String label) {
        LateTicks ticks = new LateTicks(label);
        lateTicks.add(ticks);
        return ticks;
    }

    /** The late ticks of all periodic timers. */
    public List<LateTicks> lateTicks() {
        return List.copyOf(lateTicks);
    }

    /** When the earliest armed timer is due, or {@link #NEVER}. */
    public long nextDeadline() {
        return nextDeadline;
    }

    /** Runs the actions of all timers whose deadline has come, earliest first. */
    public void runDue() {
        long now = clock.nanos();
        while (nextDeadline <= now) {
            Timer due = earliest();
            due.deadline = NEVER;
            nextDeadline = earliest().deadline;
            due.action.run();
        }
        deadlines.accept(nextDeadline);
    }

    // A machine has a dozen timers or two: looking at each is quicker than keeping a heap in order.
    private Timer earliest() {
        Timer earliest = timers.getFirst();
        for (int i = 1; i < timers.size(); i++) {
            if (timers.get(i).deadline < earliest.deadline) {
                earliest = timers.get(i);
            }
        }
        return earliest;
    }

    /** One deadline of a device. Armed again by its own action when it is periodic. */
    public final class Timer {

        private final String label;
        private final Runnable action;
        private long deadline = NEVER;

        private Timer(String label, Runnable action) {
            this.label = label;
            this.action = action;
        }

        /** Sets the deadline, in guest nanoseconds; one in the past is due at once. */
        public void arm(long deadlineNanos) {
            deadline = deadlineNanos;
            nextDeadline = earliest().deadline;
            deadlines.accept(nextDeadline);
        }

        /** Takes the deadline away. */
        public void disarm() {
            arm(NEVER);
        }

        /** The deadline in guest nanoseconds, or {@link Scheduler#NEVER}. */
        public long deadline() {
            return deadline;
        }

        @Override
        public String toString() {
            return label + (deadline == NEVER ? ": not armed" : ": at " + deadline + " ns");
        }
    }
}
