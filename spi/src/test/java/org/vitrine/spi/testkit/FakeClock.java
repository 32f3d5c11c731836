package org.vitrine.spi.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until it is told how much time has passed, for frontends that look at
 * one. Give it to the code under test as an {@link InstantSource} or as {@code clock::nanoTime},
 * and to a {@link org.vitrine.spi.display.ScriptedDisplay} so that its frames are stamped by it.
 * Frames that go to another process are stamped by that machine's clock all the same. Safe for use
 * by several threads.
 */
public final class FakeClock implements InstantSource {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicLong nanos = new AtomicLong();

    /** Lets this much time pass, which may be none, but not less. */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time does not run back by " + time);
        }
        nanos.addAndGet(time.toNanos());
    }

    /** Nanoseconds since the clock was made, in the place of {@link System#nanoTime}. */
    public long nanoTime() {
        return nanos.get();
    }

    /** The time of day: midnight of the first of January 2026 (UTC) when the clock was made. */
    @Override
    public Instant instant() {
        return START.plusNanos(nanos.get());
    }
}
