package org.vitrine.core.machine;

import java.util.ArrayList;
import java.util.List;
import org.vitrine.core.bus.InterruptAcknowledge;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.TickLine;
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
        InterruptLine toApic = ioApic.input(apicInput(irq));
        return high -> {
            toPic.set(high);
            toApic.set(high);
        };
    }

    /** The same for a timer, which cares for what becomes of its ticks. */
    TickLine tickLine(int irq) {
        return new Ticks(irq);
    }

    private final class Ticks implements TickLine {

        private final InterruptLine line;
        private final int irq;
        private final int input;

        Ticks(int irq) {
            this.line = line(irq);
            this.irq = irq;
            this.input = apicInput(irq);
        }

        @Override
        public void set(boolean high) {
            line.set(high);
        }

        @Override
        public Reception reception() {
            if (localApic == null) {
                return pic.reception(irq);
            }
            Reception ofPic = localApic.hearsPic() ? pic.reception(irq) : Reception.DEAF;
            Reception ofApic = ioApic.reception(input);
            if (ofPic == Reception.DEAF) {
                return ofApic;
            }
            return ofApic == Reception.OCCUPIED ? ofApic : ofPic;
        }

        @Override
        public void onTaken(Runnable listener) {
            pic.onTaken(irq, listener);
            if (ioApic != null) {
                ioApic.onTaken(input, listener);
            }
        }
    }

    /** So many of the I/O APIC's inputs from this one on; none where there is no I/O APIC. */
    List<InterruptLine> apicInputs(int first, int count) {
        List<InterruptLine> inputs = new ArrayList<>();
        for (int i = 0; ioApic != null && i < count; i++) {
            inputs.add(ioApic.input(first + i));
        }
        return inputs;
    }

    private static int apicInput(int irq) {
        return irq == 0 ? IoApic.TIMER_INPUT : irq;
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
