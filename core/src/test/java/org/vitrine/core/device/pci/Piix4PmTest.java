package org.vitrine.core.device.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.time.Clock;
import org.vitrine.core.time.ManualClock;
import org.vitrine.core.time.Scheduler;

/** The ACPI registers where configuration space puts them, and the ports B2h and B3h. */
final class Piix4PmTest {

    private static final int BASE = 0x600;
    private static final int POWER_BUTTON = Piix4Pm.POWER_BUTTON_EVENT;

    private final ManualClock clock = new ManualClock();
    private final Scheduler scheduler = new Scheduler(clock);
    private final PortSpace ports = new PortSpace();
    private final List<String> events = new ArrayList<>();
    private boolean sci;
    private final Piix4Pm chip =
            new Piix4Pm(ports, scheduler, level -> sci = level, () -> events.add("off"));
    private final PciBus bus =
            new PciBus(
                    ports,
                    new PhysicalMemory(),
                    0x8000_0000L,
                    0xFEC0_0000L,
                    List.of(
                            InterruptLine.unconnected(),
                            InterruptLine.unconnected(),
                            InterruptLine.unconnected(),
                            InterruptLine.unconnected()));

    Piix4PmTest() {
        chip.claimPorts();
        bus.attach(1, 3, chip);
    }

    private void config(int register, int size, int value) {
        ports.write(0xCF8, 4, 0x8000_0B00 | register & 0xFC);
        ports.write(0xCFC + (register & 3), size, value);
    }

    private void placeRegisters() {
        config(0x40, 4, BASE | 1);
        config(0x80, 1, 1);
    }

    private int read(int register) {
        return ports.read(BASE + register, 2);
    }

    private void write(int register, int value) {
        ports.write(BASE + register, 2, value);
    }

    private void pass(long nanos) {
        clock.skip(nanos);
        scheduler.runDue();
    }

    @Test
    void theRegistersAreWhereTheBaseSays() {
        assertEquals(0xFFFF, read(Piix4Pm.PM1_ENABLE));
        placeRegisters();
        assertEquals(0, read(Piix4Pm.PM1_ENABLE));
        config(0x40, 4, 0x700);
        assertEquals(0xFFFF, read(Piix4Pm.PM1_ENABLE));
        assertEquals(0, ports.read(0x700 + Piix4Pm.PM1_ENABLE, 2));
        config(0x80, 1, 0);
        assertEquals(0xFFFF, ports.read(0x700 + Piix4Pm.PM1_ENABLE, 2));
    }

    @Test
    void theTimerHasTwentyFourBitsAtItsRate() {
        placeRegisters();
        int before = ports.read(BASE + Piix4Pm.TIMER, 4);
        pass(Clock.SECOND);
        int after = ports.read(BASE + Piix4Pm.TIMER, 4);
        assertEquals(3_579_545, after - before & 0xFF_FFFF);
        pass(3600 * Clock.SECOND);
        assertEquals(
                (int) (3601L * 3_579_545 & 0xFF_FFFF),
                ports.read(BASE + Piix4Pm.TIMER, 4) - before & 0xFF_FFFF);
    }

    @Test
    void theTimersTopBitIsAnEvent() {
        placeRegisters();
        write(Piix4Pm.PM1_CONTROL, Piix4Pm.SCI_ENABLED);
        write(Piix4Pm.PM1_ENABLE, Piix4Pm.TIMER_EVENT);
        pass(2 * Clock.SECOND);
        assertFalse(sci);
        pass(Clock.SECOND / 2);
        assertTrue(sci);
        write(Piix4Pm.PM1_STATUS, Piix4Pm.TIMER_EVENT);
        assertFalse(sci);
        pass(5 * Clock.SECOND / 2);
        assertTrue(sci, "it comes every 2.34 seconds");
    }

    @Test
    void thePowerButtonInterruptsOnceAcpiIsOn() {
        placeRegisters();
        write(Piix4Pm.PM1_ENABLE, POWER_BUTTON);
        chip.pressPowerButton();
        assertFalse(sci, "SCI_EN is off");
        ports.write(Piix4Pm.SMI_COMMAND, 1, Piix4Pm.ACPI_ENABLE);
        assertEquals(Piix4Pm.SCI_ENABLED, read(Piix4Pm.PM1_CONTROL));
        assertTrue(sci);
        assertEquals(POWER_BUTTON, read(Piix4Pm.PM1_STATUS));
        ports.write(BASE + Piix4Pm.PM1_STATUS + 1, 1, POWER_BUTTON >>> 8);
        assertFalse(sci);
        ports.write(Piix4Pm.SMI_COMMAND, 1, Piix4Pm.ACPI_DISABLE);
        assertEquals(0, read(Piix4Pm.PM1_CONTROL));
    }

    @Test
    void sleepTypeZeroSwitchesOff() {
        placeRegisters();
        write(Piix4Pm.PM1_CONTROL, 0x2000 | 1 << 10);
        assertEquals(List.of(), events, "sleep type 1 does not exist");
        write(Piix4Pm.PM1_CONTROL, Piix4Pm.SLEEP | 1);
        assertEquals(List.of("off"), events);
        assertEquals(1, read(Piix4Pm.PM1_CONTROL), "SLP_EN reads as 0");
    }

    @Test
    void firmwareIsToldThatSystemManagementIsTakenCareOf() {
        ports.write(0xCF8, 4, 0x8000_0B58);
        assertEquals(1 << 25, ports.read(0xCFC, 4));
        ports.write(0xB3, 1, 0x5A);
        assertEquals(0x5A, ports.read(0xB3, 1));
    }

    @Test
    void nobodyAnswersOnTheSmbus() {
        config(0x90, 4, 0x701);
        config(0xD2, 1, 9);
        ports.write(0x704, 1, 0xA1);
        ports.write(0x702, 1, 0x48);
        assertEquals(0x04, ports.read(0x700, 1));
        ports.write(0x700, 1, 0x04);
        assertEquals(0, ports.read(0x700, 1));
    }

    @Test
    void resetTakesAllAway() {
        placeRegisters();
        write(Piix4Pm.PM1_CONTROL, Piix4Pm.SCI_ENABLED);
        write(Piix4Pm.PM1_ENABLE, POWER_BUTTON);
        chip.pressPowerButton();
        assertTrue(sci);
        bus.reset();
        assertFalse(sci);
        assertEquals(0xFFFF, read(Piix4Pm.PM1_ENABLE));
    }
}
