package org.vitrine.core.device.pci;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PciFunction;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;

/**
 * The PCI-to-ISA bridge of a PIIX3 (Intel 82371SB datasheet, section 2.2): which ISA interrupt each
 * of the four PCI interrupts is routed to, and the reset control register at CF9h.
 */
public final class Piix3Isa extends PciFunction implements PortDevice {

    private static final int PIRQRC = 0x60;
    private static final int PIRQS = 4;
    private static final int NOT_ROUTED = 0x80;
    private static final int ISA_LINES = 16;

    /** IRQ 0, 1, 2, 8 and 13 can't be routed to. */
    private static final int RESERVED = 0x2107;

    private static final int RESET_CONTROL = 0xCF9;
    private static final int RESET_CPU = 0x04;
    private static final int HARD_RESET = 0x02;

    private final InterruptLine[] isa = new InterruptLine[ISA_LINES];
    private final boolean[] pirqs = new boolean[PIRQS];
    private final Runnable reset;
    private int resetControl;

    /**
     * A bridge as after reset, which routes nothing.
     *
     * @param isaLines gives the end of an ISA interrupt line for this bridge alone, by number
     * @param reset resets the machine
     */
    public Piix3Isa(IntFunction<InterruptLine> isaLines, Runnable reset) {
        super(
                "PIIX3 ISA bridge",
                new Identity(0x8086, 0x7000, 0, 0x060100, 0x1AF4, 0x1100),
                List.of());
        this.reset = reset;
        for (int irq = 0; irq < ISA_LINES; irq++) {
            isa[irq] = (RESERVED >>> irq & 1) != 0 ? null : isaLines.apply(irq);
        }
        register(COMMAND, 2, 0x0007, 0);
        register(STATUS, 2, 0x0200, 0);
        register(HEADER_TYPE, 1, 0x80, 0);
        register(0x4C, 1, 0x4D, 0xFF);
        register(0x4E, 2, 0x0003, 0xFFFF);
        register(PIRQRC, 4, 0x8080_8080, 0x8F8F_8F8F);
        register(0x69, 1, 0x02, 0xFF);
        register(0x70, 2, 0x8080, 0xFFFF);
        register(0x76, 2, 0x0C0C, 0xFFFF);
        register(0x78, 1, 0x02, 0xFF);
        register(0x82, 1, 0, 0xFF);
        register(0xA0, 1, 0x08, 0xFF);
        register(0xA8, 1, 0x0F, 0xFF);
    }

    public void claimPorts(PortSpace ports) {
        ports.claim(RESET_CONTROL, 1, "reset control", this);
    }

    /** The lines PIRQA to PIRQD, low when not active. */
    public List<InterruptLine> pirqs() {
        List<InterruptLine> lines = new ArrayList<>();
        for (int i = 0; i < PIRQS; i++) {
            int pirq = i;
            lines.add(level -> {
                pirqs[pirq] = level;
                drive();
            });
        }
        return lines;
    }

    @Override
    protected void written(int first, int count) {
        if (first < PIRQRC + PIRQS && first + count > PIRQRC) {
            drive();
        }
    }

    @Override
    protected void wasReset() {
        resetControl = 0;
        drive();
    }

    private void drive() {
        int active = 0;
        for (int i = 0; i < PIRQS; i++) {
            int route = get(PIRQRC + i, 1);
            if (pirqs[i] && (route & NOT_ROUTED) == 0) {
                active |= 1 << (route & 0x0F);
            }
        }
        for (int irq = 0; irq < ISA_LINES; irq++) {
            if (isa[irq] != null) {
                isa[irq].set((active >>> irq & 1) != 0);
            }
        }
    }

    @Override
    public int readPort(int port) {
        return resetControl;
    }

    @Override
    public void writePort(int port, int value) {
        boolean resets = (value & RESET_CPU) != 0 && (resetControl & RESET_CPU) == 0;
        resetControl = value & (RESET_CPU | HARD_RESET);
        if (resets) {
            reset.run();
        }
    }
}
