package org.vitrine.monitor.plugin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that a plugin started without asking the host for them, and left running. They are
 * platform threads; virtual threads that nobody made by the host's factory can't be found.
 */
final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private Leftovers() {}

    /**
     * Interrupts the threads of a plugin that is unloaded, and names those that go on in the log.
     *
     * @param limit how long they have to end, all together
     */
    static void end(Plugin plugin, Duration limit) {
        List<Thread> threads = threads(plugin.loader());
        threads.forEach(Thread::interrupt);
        long deadline = System.nanoTime() + limit.toNanos();
        for (Thread thread : threads) {
            if (!ended(thread, deadline)) {
                LOG.warn(
                        "plugin {}: thread {} did not end, and is left behind{}",
                        plugin.name(),
                        thread.getName(),
                        where(thread));
            }
        }
    }

    /**
     * Waits until a thread has ended.
     *
     * @param deadline of {@link System#nanoTime}
     */
    static boolean ended(Thread thread, long deadline) {
        try {
            return thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !thread.isAlive();
        }
    }

    /** Where a thread is just now, for people: {@code " at METHOD(FILE:LINE)"}, or nothing. */
    static String where(Thread thread) {
        return where(thread.getStackTrace());
    }

    /** The same of a stack. */
    static String where(StackTraceElement[] stack) {
        for (StackTraceElement element : stack) {
            if (!element.getClassName().startsWith("java.")
                    && !element.getClassName().startsWith("jdk.")) {
                return " at " + element;
            }
        }
        return "";
    }

    /** The platform threads that have a plugin's loader, or are of a class of it. */
    private static List<Thread> threads(ClassLoader loader) {
        List<Thread> found = new ArrayList<>();
        if (loader == null) {
            return found;
        }
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        // The number may grow meanwhile, so there is room for more, and a full array is too small.
        Thread[] all = new Thread[root.activeCount() + 64];
        int count = root.enumerate(all);
        while (count == all.length) {
            all = new Thread[2 * count];
            count = root.enumerate(all);
        }
        for (int i = 0; i < count; i++) {
            Thread thread = all[i];
            if (thread != Thread.currentThread()
                    && (thread.getContextClassLoader() == loader
                            || thread.getClass().getClassLoader() == loader)) {
                found.add(thread);
            }
        }
        return found;
    }
}
