package org.vitrine.core.storage;

import java.io.IOException;

/** Told on the vCPU thread what happens to drives. */
public interface DriveListener {

    /** The guest has opened or closed a tray. */
    void trayMoved(Drive drive, boolean open);

    /** The host could not read or write what the guest asked for; the guest is told so. */
    void ioFailed(Drive drive, boolean write, IOException reason);
}
