package org.vitrine.core.storage;

import java.io.IOException;

/** Told on the vCPU thread what happens to drives. */
public interface DriveListener {

    /** The guest has opened or closed a tray. */
    void trayMoved(Drive drive, boolean open);

    /**
     * The host could not read or write what the guest asked for.
     *
     * @param action {@code REPORT}: the guest is told so; {@code IGNORE}: it isn't; {@code STOP}:
     *     it isn't, the machine is to stop, and what was asked for waits for {@link DriveIo#retry}
     */
    void ioFailed(Drive drive, boolean write, ErrorPolicy.Choice action, IOException reason);
}
