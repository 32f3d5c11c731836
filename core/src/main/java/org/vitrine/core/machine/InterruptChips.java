package org.vitrine.core.machine;

import org.vitrine.core.bus.InterruptAcknowledge;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.device.irq.InterruptController;
import org.vitrine.core.device.irq.IoApic;
import org.vitrine.core.device.irq.LocalApic;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.time.Scheduler;

/**
 * The way of an interrupt to the processor: through the 8259s, and where the processor has an APIC
 * through that, and beside them through the I/O APIC. The guest chooses by masking one or the
 * other. Used by the vCPU thread alone.
 */
final class InterruptChips {

    private final InterruptController pic;
    private final LocalApic localApic;
    private final IoApic ioApic;

    /**
     * The chips as after power-on, their ports and registers in place.
     *
     * @param apics whether there are APICs
     * @param intr the processor's INTR
     * @param nmi gives the processor a non-maskable interrupt
     */
    InterruptChips(
            boolean apics,
            Scheduler scheduler,
            PhysicalMemory memory,
            PortSpace ports,
            InterruptLine intr,
            Runnable nmi) {
        if (apics) {
            localApic = new LocalApic(scheduler, memory, this::acknowledgePic, intr, nmi);
            ioApic = new IoApic(memory, localApic);
            pic = new InterruptController(localApic.lint0());
        } else {
            localApic = null;
            ioApic = null;
            pic = new InterruptController(intr);
        }
        pic.claimPorts(ports);
    }

    private int acknowledgePic() {
        return pic.acknowledge();
    }

    void reset() {
        pic.reset();
        if (localApic != null) {
            localApic.reset();
            ioApic.reset();
        }
    }

    /** The interrupt request line with this number, 0 to 15 but for 2. */
    InterruptLine line(int irq) {
        InterruptLine toPic = pic.line(irq);
        if (ioApic == null) {
            return toPic;
        }
        InterruptLine toApic = ioApic.input(irq == 0 ? IoApic.TIMER_INPUT : irq);
        return high -> {
            toPic.set(high);
            toApic.set(high);
        };
    }

    /** Who tells the processor the vector. */
    InterruptAcknowledge acknowledge() {
        return localApic != null ? localApic : pic::acknowledge;
    }

    InterruptController pic() {
        return pic;
    }

    @Override
    public String toString() {
        return pic + (localApic != null ? "\n" + localApic + "\n" + ioApic : "");
    }
}
