package org.vitrine.core.device.irq;

import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;

/**
 * The way of floating-point errors to interrupt 13 (Intel 82371SB PIIX3 datasheet, "Coprocessor
 * Error Function"): FERR# raises it; a write to port F0h lowers it and lets the processor go on, by
 * IGNNE#, until FERR# is inactive. Used by the vCPU thread alone.
 */
public final class CoprocessorErrorLatch implements PortDevice {

    private static final int FIRST = 0xF0;
    private static final int COUNT = 2;

    private final InterruptLine irq13;
    private final InterruptLine ignne;
    private boolean error;

    /**
     * @param ignne the processor's pin, high when active
     */
    public CoprocessorErrorLatch(InterruptLine irq13, InterruptLine ignne) {
        this.irq13 = irq13;
        this.ignne = ignne;
    }

    /** Claims F0h and F1h. */
    public void claimPorts(PortSpace ports) {
        ports.claim(FIRST, COUNT, "coprocessor error", this);
    }

    /** As at power-on. */
    public void reset() {
        error = false;
        irq13.set(false);
        ignne.set(false);
    }

    /** The processor's FERR# pin, high when active. */
    public void ferr(boolean active) {
        error = active;
        if (active) {
            irq13.set(true);
        } else {
            ignne.set(false);
        }
    }

    @Override
    public int readPort(int port) {
        return 0xFF;
    }

    @Override
    public void writePort(int port, int value) {
        irq13.set(false);
        if (error) {
            ignne.set(true);
        }
    }
}
