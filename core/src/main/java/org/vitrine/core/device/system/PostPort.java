package org.vitrine.core.device.system;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;

/**
 * Port 80h, where firmware shows how far its power-on self test has come. Reads give the last code
 * back.
 */
public final class PostPort implements PortDevice {

    private static final Logger LOG = LoggerFactory.getLogger(PostPort.class);

    // Read by the monitor's threads.
    private volatile int lastCode;

    /** Claims port 80h. */
    public void claimPorts(PortSpace ports) {
        ports.claim(0x80, 1, "post code", this);
    }

    /** The last code written, 0 to 255; may be called from any thread. */
    public int lastCode() {
        return lastCode;
    }

    @Override
    public int readPort(int port) {
        return lastCode;
    }

    @Override
    public void writePort(int port, int value) {
        // Linux writes here for the delay alone, thousands of times: only changes are worth a line.
        if (value != lastCode && LOG.isTraceEnabled()) {
            LOG.trace("POST code {}", Integer.toHexString(value));
        }
        lastCode = value;
    }
}
