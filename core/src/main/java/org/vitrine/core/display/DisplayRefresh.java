package org.vitrine.core.display;

import java.util.function.LongSupplier;
import org.vitrine.core.time.Clock;
import org.vitrine.spi.display.DisplayLayout.WriterState;

/**
 * Keeps the published screen fresh: frames as often as the {@link RefreshRate} says, and the sign
 * of life every 250 ms. The vCPU thread calls {@link #poll} between slices of guest code, and while
 * it waits.
 */
public final class DisplayRefresh {

    /** Host time between two frames at the default rate. */
    public static final long FRAME_NANOS = Clock.SECOND / 60;

    /** Host time between the beginnings of two frames that are published immediately, at least. */
    public static final long IMMEDIATE_NANOS = 1_000_000;

    /** How many times as long as publishing took the guest runs before it is done again. */
    private static final int GUEST_SHARE = 3;

    /** Host time between two signs of life. */
    public static final long HEARTBEAT_NANOS = 250_000_000;

    /**
     * Host time between two looks at all of a video memory to which other processes may write.
     * Somewhat less than the second after which what they wrote is seen at the latest.
     */
    public static final long COMPARE_NANOS = 900_000_000;

    private final ScreenRenderer renderer;
    private final SurfaceWriter writer;
    private final LongSupplier hostNanos;
    private final RefreshRate rate;
    private final boolean memoryShared;
    private long compareDue;

    /** When to publish what the guest has written, at the earliest. */
    private long frameDue;

    /** When to look even though the guest has written nothing: something may blink. */
    private long lookDue;

    private long heartbeatDue;
    private WriterState state = WriterState.STARTING;

    /**
     * Publishes a first frame at once.
     *
     * @param hostNanos the host's monotonic clock, as {@link System#nanoTime}
     * @param memoryShared whether other processes may write to video memory, so that it has to be
     *     looked at now and then
     */
    public DisplayRefresh(
            ScreenRenderer renderer,
            SurfaceWriter writer,
            LongSupplier hostNanos,
            RefreshRate rate,
            boolean memoryShared) {
        this.memoryShared = memoryShared;
        this.renderer = renderer;
        this.writer = writer;
        this.hostNanos = hostNanos;
        this.rate = rate;
        this.frameDue = hostNanos.getAsLong();
        this.lookDue = frameDue;
        this.heartbeatDue = frameDue;
        this.compareDue = frameDue + COMPARE_NANOS;
        poll();
    }

    /**
     * Does what is due.
     *
     * @return host time in nanoseconds until something is due again, if the guest does not run
     *     meanwhile
     */
    public long poll() {
        long now = hostNanos.getAsLong();
        if (now - lookDue >= 0 || now - frameDue >= 0 && renderer.stale()) {
            if (memoryShared && now - compareDue >= 0) {
                renderer.doubt();
                compareDue = now + COMPARE_NANOS;
            }
            renderer.refresh();
            schedule(now);
        }
        if (now - heartbeatDue >= 0) {
            writer.heartbeat();
            heartbeatDue = now + HEARTBEAT_NANOS;
        }
        long due = frameDue != lookDue && renderer.stale() ? frameDue : lookDue;
        return Math.max(Math.min(due, heartbeatDue) - now, 0);
    }

    private void schedule(long begin) {
        switch (rate) {
            case RefreshRate.Fixed(int hertz) -> {
                long period = Clock.SECOND / hertz;
                // A thread that was late does not make up for frames that nobody saw.
                frameDue = Math.max(lookDue + period, begin + period / 2);
                lookDue = frameDue;
            }
            case RefreshRate.Immediate() -> {
                long end = hostNanos.getAsLong();
                frameDue = Math.max(begin + IMMEDIATE_NANOS, end + GUEST_SHARE * (end - begin));
                lookDue = Math.max(begin + FRAME_NANOS, frameDue);
            }
        }
    }

    /** Publishes what has changed now, as before a screen dump or when the guest is paused. */
    public void refresh() {
        renderer.refresh();
    }

    /** Compares all that is shown with video memory, and publishes what differs. */
    public void compare() {
        renderer.doubt();
        renderer.refresh();
    }

    /** Says what the machine is doing, and shows the last of what it did before. */
    public void setState(WriterState newState) {
        if (newState != state) {
            renderer.refresh();
            state = newState;
            writer.setState(newState);
            writer.heartbeat();
        }
    }

    /** How many refreshes had something to convert. */
    public long conversions() {
        return renderer.conversions();
    }

    /** How many character cells were drawn in all. */
    public long cellsConverted() {
        return renderer.cellsConverted();
    }
}
