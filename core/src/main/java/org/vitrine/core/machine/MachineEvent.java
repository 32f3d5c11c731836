package org.vitrine.core.machine;

import java.io.IOException;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.ErrorPolicy;
import org.vitrine.spi.display.DisplayMode;

/** What happens to a machine as a whole. */
public sealed interface MachineEvent {

    /** The guest no longer runs. */
    record Stopped() implements MachineEvent {}

    /** The guest runs (again). */
    record Resumed() implements MachineEvent {}

    /** The machine was reset. */
    record Reset(ShutdownCause cause) implements MachineEvent {}

    /** The machine was told to end, by its guest or by its host. */
    record Shutdown(ShutdownCause cause) implements MachineEvent {}

    /**
     * The guest has come to a breakpoint of the host, and is stopped before what is there; told
     * after {@link Stopped}.
     *
     * @param address the linear address
     */
    record BreakpointHit(long address) implements MachineEvent {}

    /**
     * The guest has set its clock.
     *
     * @param secondsAhead seconds that the clock is ahead of the host's
     */
    record ClockSet(long secondsAhead) implements MachineEvent {}

    /** The guest, or its host, has opened or closed a drive's tray. */
    record TrayMoved(Drive drive, boolean open) implements MachineEvent {}

    /**
     * The host could not do what the guest asked a drive for.
     *
     * @param action whether the guest has been told so, has been told nothing, or is stopped, which
     *     {@link Stopped} tells then
     */
    record DriveFailed(Drive drive, boolean write, ErrorPolicy.Choice action, IOException reason)
            implements MachineEvent {}

    /** The guest shows its screen in another mode. */
    record DisplayModeChanged(DisplayMode mode) implements MachineEvent {}
}
