package org.vitrine.core.display;

import java.util.function.LongSupplier;
import org.vitrine.core.time.Clock;
import org.vitrine.spi.display.DisplayLayout.WriterState;

/**
 * Keeps the published screen fresh: frames at most 60 times a second of host time, and the sign of
 * life every 250 ms. The vCPU thread calls {@link #poll} between slices of guest code, and while it
 * waits.
 */
public final class DisplayRefresh {

    /** Host time between two frames. */
    public static final long FRAME_NANOS = Clock.SECOND / 60;

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
    private final boolean memoryShared;
    private long compareDue;
    private long frameDue;
    private long heartbeatDue;
    private WriterState state = WriterState.STARTING;

    /**
     * Publishes a first frame at once.
     *
     * @param hostNanos the host's monotonic clock, as {@link System#nanoTime}
     */
    public DisplayRefresh(ScreenRenderer renderer, SurfaceWriter writer, LongSupplier hostNanos) {
        this(renderer, writer, hostNanos, false);
    }

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
            boolean memoryShared) {
        this.memoryShared = memoryShared;
        this.renderer = renderer;
        this.writer = writer;
        this.hostNanos = hostNanos;
        this.frameDue = hostNanos.getAsLong();
        this.heartbeatDue = frameDue;
        this.compareDue = frameDue + COMPARE_NANOS;
        poll();
    }

    /**
     * Does what is due.
     *
     * @return host time in nanoseconds until something is due again
     */
    public long poll() {
        long now = hostNanos.getAsLong();
        if (now - frameDue >= 0) {
            if (memoryShared && now - compareDue >= 0) {
                renderer.doubt();
                compareDue = now + COMPARE_NANOS;
            }
            renderer.refresh();
            // A thread that was late does not make up for frames that nobody saw.
            frameDue = Math.max(frameDue + FRAME_NANOS, now + FRAME_NANOS / 2);
        }
        if (now - heartbeatDue >= 0) {
            writer.heartbeat();
            heartbeatDue = now + HEARTBEAT_NANOS;
        }
        return Math.max(Math.min(frameDue, heartbeatDue) - now, 0);
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
}
