package org.vitrine.core.device.irq;

import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.TickLine.Reception;

/**
 * The two 8259s of an AT, the slave on the master's input 2, and the registers at 4D0h and 4D1h
 * that switch inputs to level mode (Intel 82371SB PIIX3 datasheet, section "Interrupt Controller").
 *
 * <p>Used by the vCPU thread alone.
 */
public final class InterruptController {

    private static final int CASCADE = 2;

    // IRQ 0, 1, 2, 8 and 13 belong to the board's own chips and are always edge-triggered.
    private static final int MASTER_LEVEL_CAPABLE = 0xF8;
    private static final int SLAVE_LEVEL_CAPABLE = 0xDE;

    private final I8259 master;
    private final I8259 slave;
    private final long[] taken = new long[16];
    private final Runnable[] listeners = new Runnable[16];

    /**
     * Both chips, not initialised.
     *
     * @param intr the CPU's INTR pin: high while an interrupt waits to be acknowledged
     */
    public InterruptController(InterruptLine intr) {
        master = new I8259(true, MASTER_LEVEL_CAPABLE, intr);
        slave = new I8259(false, SLAVE_LEVEL_CAPABLE, master.line(CASCADE));
    }

    /** Claims 20h, 21h, A0h, A1h, 4D0h and 4D1h. */
    public void claimPorts(PortSpace ports) {
        master.claimPorts(ports, 0x20, "pic master");
        slave.claimPorts(ports, 0xA0, "pic slave");
        ports.claim(0x4D0, 2, "pic edge/level", new EdgeLevelRegisters());
    }

    /** As at power-on. */
    public void reset() {
        slave.reset();
        master.reset();
    }

    /**
     * The interrupt request line with this number.
     *
     * @param irq 0 to 15, but not 2, which the slave has
     */
    public InterruptLine line(int irq) {
        if (irq < 0 || irq > 15 || irq == CASCADE) {
            throw new IllegalArgumentException("an AT has IRQ lines 0, 1 and 3 to 15, not " + irq);
        }
        return irq < 8 ? master.line(irq) : slave.line(irq - 8);
    }

    /** What an edge of an edge-triggered line would become now, where these chips are heard. */
    public Reception reception(int irq) {
        I8259 chip = irq < 8 ? master : slave;
        if (chip.isMasked(irq & 7) || irq >= 8 && master.isMasked(CASCADE)) {
            return Reception.DEAF;
        }
        return chip.isRequested(irq & 7) ? Reception.OCCUPIED : Reception.READY;
    }

    /** Who is to be told when the processor has taken a line's interrupt. */
    public void onTaken(int irq, Runnable listener) {
        listeners[irq] = listener;
    }

    /**
     * The CPU's interrupt acknowledge: takes the most urgent request into service.
     *
     * @return the vector, 0 to 255; that of IRQ 7 or 15 when the request has gone meanwhile
     */
    public int acknowledge() {
        int ir = master.takeRequest();
        if (!master.hasSlave(ir)) {
            noteTaken(ir);
            return master.vector(ir);
        }
        int slaveIr = slave.takeRequest();
        noteTaken(8 + slaveIr);
        return slave.vector(slaveIr);
    }

    private void noteTaken(int irq) {
        taken[irq]++;
        if (listeners[irq] != null) {
            listeners[irq].run();
        }
    }

    /** How often the processor has taken each of the 16 lines, spurious requests included. */
    public long[] taken() {
        return taken.clone();
    }

    @Override
    public String toString() {
        return "pic1: " + slave + "\npic0: " + master;
    }

    private final class EdgeLevelRegisters implements PortDevice {
        @Override
        public int readPort(int port) {
            return chip(port).edgeLevel();
        }

        @Override
        public void writePort(int port, int value) {
            chip(port).setEdgeLevel(value);
        }

        private I8259 chip(int port) {
            return (port & 1) == 0 ? master : slave;
        }
    }
}
