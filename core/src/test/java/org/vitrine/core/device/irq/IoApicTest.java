package org.vitrine.core.device.irq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.RecordedLine;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.time.ManualClock;
import org.vitrine.core.time.Scheduler;

/** The I/O APIC's registers in memory, with the local APIC that its messages go to. */
class IoApicTest {

    private static final long LOCAL = 0xFEE0_0000L;
    private static final int EOI = 0xB0;
    private static final int LDR = 0xD0;
    private static final int SVR = 0xF0;
    private static final int TMR = 0x180;
    private static final int MASKED = 1 << 16;
    private static final int LEVEL = 1 << 15;
    private static final int REMOTE_IRR = 1 << 14;
    private static final int PIC_VECTOR = 0x08;

    private final Scheduler scheduler = new Scheduler(new ManualClock());
    private final PhysicalMemory memory = new PhysicalMemory();
    private final RecordedLine intr = new RecordedLine();
    private int nmis;
    private final LocalApic apic =
            new LocalApic(scheduler, memory, () -> PIC_VECTOR, intr, () -> nmis++);
    private final IoApic ioApic = new IoApic(memory, apic);

    private int get(int register) {
        return (int) memory.read(LOCAL + register, 4);
    }

    private void put(int register, int value) {
        memory.write(LOCAL + register, 4, value);
    }

    private void enable() {
        put(SVR, 0x1FF);
    }

    private int ioGet(int register) {
        memory.write(0xFEC0_0000L, 4, register);
        return (int) memory.read(0xFEC0_0010L, 4);
    }

    private void ioPut(int register, int value) {
        memory.write(0xFEC0_0000L, 4, register);
        memory.write(0xFEC0_0010L, 4, value);
    }

    private void entry(int input, int low) {
        ioPut(0x11 + 2 * input, 0);
        ioPut(0x10 + 2 * input, low);
    }

    @Test
    void theIoApicIsFound() {
        assertEquals(0x0017_0011, ioGet(1));
        ioPut(0, 0x0F00_0000);
        assertEquals(0x0F00_0000, ioGet(0));
        assertEquals(0x0F00_0000, ioGet(2));
        assertEquals(MASKED, ioGet(0x10));
        ioPut(0x10, 0xFFFF_FFFF);
        ioPut(0x11, 0xFFFF_FFFF);
        assertEquals(0x0001_AFFF, ioGet(0x10), "what it tells can't be written");
        assertEquals(0xFF00_0000, ioGet(0x11));
    }

    @Test
    void anEdgeIsSentOnceAndLostWhileMasked() {
        enable();
        ioApic.input(4).set(true);
        entry(4, 0x54);
        assertFalse(intr.isHigh());
        ioApic.input(4).set(true);
        assertFalse(intr.isHigh());
        ioApic.input(4).set(false);
        ioApic.input(4).set(true);
        assertEquals(0x54, apic.acknowledge());
        assertEquals(0, get(TMR + 0x20));
        put(EOI, 0);
        assertFalse(intr.isHigh());
    }

    @Test
    void aLevelIsSentAgainAfterItsEnd() {
        enable();
        entry(11, LEVEL | 0x5B);
        ioApic.input(11).set(true);
        assertEquals(LEVEL | REMOTE_IRR | 0x5B, ioGet(0x26));
        assertEquals(0x5B, apic.acknowledge());
        assertEquals(1 << 0x1B, get(TMR + 0x20));
        ioApic.input(11).set(true);
        assertFalse(intr.isHigh());
        put(EOI, 0);
        assertEquals(0x5B, apic.acknowledge(), "the device still asks");
        ioApic.input(11).set(false);
        put(EOI, 0);
        assertFalse(intr.isHigh());
        assertEquals(LEVEL | 0x5B, ioGet(0x26));
    }

    @Test
    void aLevelThatWasMaskedIsSentWhenItIsUnmasked() {
        enable();
        entry(10, MASKED | LEVEL | 0x5A);
        ioApic.input(10).set(true);
        assertFalse(intr.isHigh());
        entry(10, LEVEL | 0x5A);
        assertEquals(0x5A, apic.acknowledge());
    }

    @Test
    void anInputMayGiveNmis() {
        entry(3, 0x400);
        ioApic.input(3).pulse();
        assertEquals(1, nmis);
    }

    @Test
    void theIoApicAddressesAsMessagesDo() {
        enable();
        put(LDR, 0x0100_0000);
        ioPut(0x11, 0x0200_0000);
        ioPut(0x10, 0x0850);
        ioApic.input(0).pulse();
        assertFalse(intr.isHigh());
        ioPut(0x11, 0x0300_0000);
        ioApic.input(0).pulse();
        assertTrue(intr.isHigh());
    }

    @Test
    void thereAre24Inputs() {
        assertEquals(
                "an I/O APIC has inputs 0 to 23, not 24",
                assertThrows(IllegalArgumentException.class, () -> ioApic.input(24)).getMessage());
    }
}
