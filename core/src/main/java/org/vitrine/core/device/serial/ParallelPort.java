package org.vitrine.core.device.serial;

import org.vitrine.core.bus.CharacterLine;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;

/**
 * The AT's printer port (IBM Technical Reference, "Serial/Parallel Adapter"), with a printer that
 * is always selected and has paper. It is busy while its line has no room.
 *
 * <p>Used by the vCPU thread alone.
 */
public final class ParallelPort implements PortDevice {

    private static final int PORTS = 3;

    // The status register's lines as the guest reads them: busy and acknowledge are inverted.
    private static final int NOT_BUSY = 0x80;
    private static final int NOT_ACKNOWLEDGE = 0x40;
    private static final int SELECTED = 0x10;
    private static final int NO_ERROR = 0x08;
    private static final int UNUSED_STATUS = 0x07;

    private static final int STROBE = 0x01;
    private static final int INITIALISE = 0x04;
    private static final int SELECT = 0x08;
    private static final int INTERRUPT = 0x10;
    private static final int UNUSED_CONTROL = 0xE0;

    private static final int NOTHING = -1;

    private final CharacterLine printer;
    private final InterruptLine irq;
    private int data;
    private int control;
    private int printing = NOTHING;

    /**
     * A port as after reset.
     *
     * @param irq pulsed when the printer acknowledges a character and the guest wants to know
     */
    public ParallelPort(CharacterLine printer, InterruptLine irq) {
        this.printer = printer;
        this.irq = irq;
        reset();
    }

    /** Claims three ports. */
    public void claimPorts(PortSpace ports, int first, String label) {
        ports.claim(first, PORTS, label, this);
    }

    /** As the reset pin does. */
    public void reset() {
        data = 0;
        control = INITIALISE | SELECT;
        printing = NOTHING;
    }

    /** Looks whether the line has room again. */
    public void poll() {
        if (printing != NOTHING && printer.send(printing)) {
            printing = NOTHING;
            if ((control & INTERRUPT) != 0) {
                irq.pulse();
            }
        }
    }

    @Override
    public int readPort(int port) {
        return switch (port & 3) {
            case 0 -> data;
            case 1 ->
                    (printing == NOTHING ? NOT_BUSY : 0)
                            | NOT_ACKNOWLEDGE
                            | SELECTED
                            | NO_ERROR
                            | UNUSED_STATUS;
            default -> control | UNUSED_CONTROL;
        };
    }

    @Override
    public void writePort(int port, int value) {
        switch (port & 3) {
            case 0 -> data = value;
            case 2 -> {
                boolean strobes = (value & ~control & STROBE) != 0;
                control = value & ~UNUSED_CONTROL;
                if (strobes && printing == NOTHING) {
                    printing = data;
                    poll();
                }
            }
            // The status lines are the printer's.
            default -> {}
        }
    }
}
