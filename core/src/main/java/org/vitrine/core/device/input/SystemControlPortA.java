package org.vitrine.core.device.input;

import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;

/**
 * Port 92h of the PS/2: the quick way to address line 20 (bit 1) and to a CPU reset (bit 0, on its
 * rise).
 */
public final class SystemControlPortA implements PortDevice {

    private static final int FAST_RESET = 0x01;
    private static final int A20 = 0x02;

    private final InterruptLine a20;
    private final Runnable reset;
    private int latch;

    /**
     * The port, all bits 0.
     *
     * @param a20 high while this port lets address line 20 through
     * @param reset asked for a reset of the machine; called in the middle of the guest's OUT
     *     instruction
     */
    public SystemControlPortA(InterruptLine a20, Runnable reset) {
        this.a20 = a20;
        this.reset = reset;
    }

    /** Claims port 92h. */
    public void claimPorts(PortSpace ports) {
        ports.claim(0x92, 1, "system control a", this);
    }

    /** As at power-on. */
    public void reset() {
        latch = 0;
        a20.set(false);
    }

    @Override
    public int readPort(int port) {
        return latch;
    }

    @Override
    public void writePort(int port, int value) {
        boolean pulse = (value & FAST_RESET) != 0 && (latch & FAST_RESET) == 0;
        latch = value;
        a20.set((value & A20) != 0);
        if (pulse) {
            reset.run();
        }
    }
}
