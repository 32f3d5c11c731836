package org.vitrine.core.device.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.memory.PhysicalMemory;

/** Interrupt routing and the reset control register. */
final class Piix3IsaTest {

    private static final int PIRQRC = 0x60;
    private static final int NOT_ROUTED = 0x80;

    private final PortSpace ports = new PortSpace();
    private final TreeSet<Integer> high = new TreeSet<>();
    private final List<String> resets = new ArrayList<>();
    private final Piix3Isa bridge = new Piix3Isa(this::line, () -> resets.add("reset"));
    private final PciBus bus =
            new PciBus(ports, new PhysicalMemory(), 0x8000_0000L, 0xFEC0_0000L, bridge.pirqs());

    Piix3IsaTest() {
        bridge.claimPorts(ports);
        bus.attach(1, 0, bridge);
    }

    private InterruptLine line(int irq) {
        return level -> {
            if (level) {
                high.add(irq);
            } else {
                high.remove(irq);
            }
        };
    }

    private void route(int pirq, int value) {
        ports.write(0xCF8, 4, 0x8000_0800 | PIRQRC);
        ports.write(0xCFC + pirq, 1, value);
    }

    private List<Integer> high() {
        return List.copyOf(high);
    }

    @Test
    void aLineGoesWhereItsRegisterSays() {
        InterruptLine pin = bus.interrupt(3, 1);
        pin.set(true);
        assertEquals(List.of(), high(), "nothing is routed after reset");
        route(2, 10);
        assertEquals(List.of(10), high());
        route(2, 11);
        assertEquals(List.of(11), high());
        route(2, NOT_ROUTED | 11);
        assertEquals(List.of(), high());
    }

    @Test
    void linesThatShareAnInterruptAreOred() {
        InterruptLine first = bus.interrupt(1, 1);
        InterruptLine second = bus.interrupt(2, 1);
        route(0, 11);
        route(1, 11);
        first.set(true);
        second.set(true);
        first.set(false);
        assertEquals(List.of(11), high());
        second.set(false);
        assertEquals(List.of(), high());
    }

    @Test
    void theBoardsOwnInterruptsCantBeRoutedTo() {
        bus.interrupt(1, 1).set(true);
        for (int irq : new int[] {0, 1, 2, 8, 13}) {
            route(0, irq);
            assertEquals(List.of(), high(), "IRQ " + irq);
        }
    }

    @Test
    void resetControlResetsWhenTheBitRises() {
        ports.write(0xCF9, 1, 0x02);
        assertEquals(List.of(), resets);
        ports.write(0xCF9, 1, 0x06);
        ports.write(0xCF9, 1, 0x06);
        assertEquals(List.of("reset"), resets);
        assertEquals(0x06, ports.read(0xCF9, 1));
        ports.write(0xCF9, 1, 0x00);
        ports.write(0xCF9, 1, 0x04);
        assertEquals(2, resets.size());
    }

    @Test
    void configurationAddressesAreNoResets() {
        ports.write(0xCF8, 4, 0x8000_0E00);
        assertEquals(List.of(), resets);
        assertEquals(0x8000_0E00, ports.read(0xCF8, 4));
    }

    @Test
    void resetTakesTheRoutesAway() {
        bus.interrupt(1, 1).set(true);
        route(0, 9);
        assertEquals(List.of(9), high());
        bus.reset();
        assertEquals(List.of(), high());
        ports.write(0xCF8, 4, 0x8000_0800 | PIRQRC);
        assertEquals(0x8080_8080, ports.read(0xCFC, 4));
    }
}
