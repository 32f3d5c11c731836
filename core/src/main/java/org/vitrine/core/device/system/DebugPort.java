package org.vitrine.core.device.system;

import java.io.IOException;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;

/**
 * The port that guests write debugging text to, as Bochs and QEMU's {@code isa-debugcon} have it:
 * E9h for most, 402h for SeaBIOS. Reading E9h there tells the guest that somebody listens.
 */
public final class DebugPort implements PortDevice {

    /** Where Bochs has it. */
    public static final int BOCHS = 0xE9;

    /** Where SeaBIOS looks for it. */
    public static final int SEABIOS = 0x402;

    private static final Logger LOG = LoggerFactory.getLogger(DebugPort.class);
    private static final int PRESENT = 0xE9;

    private final OutputStream out;
    private boolean broken;

    /**
     * A port whose bytes go to this stream, which is flushed after each line.
     *
     * @param out written on the vCPU thread: it should not block for long; stays the caller's to
     *     close
     */
    public DebugPort(OutputStream out) {
        this.out = out;
    }

    /** Claims one port; a device may claim several. */
    public void claimPorts(PortSpace ports, int port) {
        ports.claim(port, 1, "debug console", this);
    }

    @Override
    public int readPort(int port) {
        return PRESENT;
    }

    @Override
    public void writePort(int port, int value) {
        if (broken) {
            return;
        }
        try {
            out.write(value);
            if (value == '\n') {
                out.flush();
            }
        } catch (IOException e) {
            broken = true;
            LOG.warn(
                    "the debug console can't be written to, and is silent from now on: {}",
                    e.getMessage());
        }
    }
}
