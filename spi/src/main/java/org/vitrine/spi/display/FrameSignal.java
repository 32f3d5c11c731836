package org.vitrine.spi.display;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * How a reader sleeps until the writer publishes: the one part of the display that is not memory.
 *
 * @since 1.0
 */
public interface FrameSignal {

    /**
     * Waits until {@code condition} holds or the time is up.
     *
     * @return whether it held
     */
    boolean await(BooleanSupplier condition, Duration timeout) throws InterruptedException;

    /**
     * A signal for readers in the writer's own process, which calls {@link Local#publish} after
     * each frame.
     *
     * @since 1.0
     */
    final class Local implements FrameSignal {

        private final ReentrantLock lock = new ReentrantLock();
        private final Condition published = lock.newCondition();

        /** Wakes every waiting reader. */
        public void publish() {
            lock.lock();
            try {
                published.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public boolean await(BooleanSupplier condition, Duration timeout)
                throws InterruptedException {
            long left = timeout.toNanos();
            lock.lockInterruptibly();
            try {
                while (!condition.getAsBoolean()) {
                    if (left <= 0) {
                        return false;
                    }
                    left = published.awaitNanos(left);
                }
                return true;
            } finally {
                lock.unlock();
            }
        }
    }

    /** A signal for readers of a map that another process writes: looks every millisecond. */
    static FrameSignal polling() {
        return (condition, timeout) -> {
            long deadline = System.nanoTime() + timeout.toNanos();
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() - deadline >= 0) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(1);
            }
            return true;
        };
    }
}
