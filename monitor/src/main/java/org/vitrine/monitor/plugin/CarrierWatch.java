package org.vitrine.monitor.plugin;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Virtual threads run on as many platform threads, their carriers, as there are processors, and a virtual thread that never
 * waits keeps its carrier. Two endless loops in a plugin would, on two processors, stop every other virtual thread: all
 * frontends, all of QMP. Platform threads instead would not do: only for a virtual thread does an interrupt end a blocked
 * read or accept of a socket, so a plugin that does not close its sockets would keep its port.
 *
 * So a platform thread looks again and again whether a fresh virtual thread gets to run. When none has for a while, all
 * carriers are held, and there is one more from then on. Its being held too is seen sooner. A carrier that was added stays:
 * a loop that never ends holds one for ever.
 *
 * The pool makes a new carrier when a task comes into an empty queue, and the queue is chosen by the thread that brings it;
 * this one's queue has the task that does not run. Hence the thread that does nothing but bring another.
 */

/**
 * Sees to it that virtual threads get to run though a plugin's own never wait. Its thread runs from
 * {@link #start} to {@link #close}.
 */
final class CarrierWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CarrierWatch.class);

    private static final Duration INTERVAL = Duration.ofMillis(250);

    /** How long no virtual thread gets to run until that is no mere load any more. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    /** The same while carriers are being added. */
    private static final Duration SHORT_PATIENCE = Duration.ofMillis(50);

    /** Between two looks at what a thread does. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    /** So many carriers are added at most. */
    private static final int MOST = 64;

    private final Supplier<? extends Collection<Thread>> suspects;
    private final BiConsumer<Thread, String> report;
    private final Set<Thread> reported = Collections.newSetFromMap(new WeakHashMap<>());
    private final CountDownLatch closed = new CountDownLatch(1);
    private Thread thread;
    private int added;

    /**
     * @param suspects virtual threads that may hold a carrier; called on the watch's thread
     * @param report told once of each that does, and where it is; called on the watch's thread
     */
    CarrierWatch(
            Supplier<? extends Collection<Thread>> suspects, BiConsumer<Thread, String> report) {
        this.suspects = suspects;
        this.report = report;
    }

    /** Starts it; once it runs, or is closed, this does nothing. */
    synchronized void start() {
        if (thread == null && closed.getCount() > 0) {
            thread =
                    Thread.ofPlatform()
                            .daemon()
                            .name("carrier-watch")
                            .inheritInheritableThreadLocals(false)
                            .start(this::run);
        }
    }

    private void run() {
        try {
            Duration patience = PATIENCE;
            while (closed.getCount() > 0) {
                CountDownLatch ran = new CountDownLatch(1);
                Thread.ofVirtual().start(ran::countDown);
                if (ran.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    patience = PATIENCE;
                    closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
                } else {
                    patience = SHORT_PATIENCE;
                    addCarrier();
                    name();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("the watch was interrupted", e);
        }
    }

    private void addCarrier() throws InterruptedException {
        if (added == MOST) {
            return;
        }
        VirtualThreadSchedulerMXBean scheduler =
                ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
        int carriers = scheduler.getParallelism() + 1;
        scheduler.setParallelism(carriers);
        added++;
        Thread.ofPlatform().start(() -> Thread.ofVirtual().start(() -> {})).join();
        LOG.warn(
                "no virtual thread got to run: now they have {} carriers{}",
                carriers,
                added == MOST ? ", and get no more" : "");
    }

    /** Reports who holds a carrier, and does so a little later still. */
    private void name() throws InterruptedException {
        Map<Thread, String> running = new LinkedHashMap<>();
        for (Thread suspect : suspects.get()) {
            String where = runningAt(suspect);
            if (where != null && !reported.contains(suspect)) {
                running.put(suspect, where);
            }
        }
        Thread.sleep(LOOK_AGAIN);
        running.forEach((suspect, where) -> {
            if (runningAt(suspect) != null) {
                reported.add(suspect);
                report.accept(suspect, where);
            }
        });
    }

    /** Where a thread is, or null when it waits, or waits for a carrier. */
    private static String runningAt(Thread thread) {
        if (thread.getState() != Thread.State.RUNNABLE) {
            return null;
        }
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length == 0 || isParked(stack[0]) ? null : Leftovers.where(stack);
    }

    private static boolean isParked(StackTraceElement top) {
        return top.getClassName().equals("java.lang.VirtualThread")
                || top.getClassName().startsWith("jdk.internal.vm.Continuation");
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
