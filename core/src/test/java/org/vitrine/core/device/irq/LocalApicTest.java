package org.vitrine.core.device.irq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.bus.RecordedLine;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.time.ManualClock;
import org.vitrine.core.time.Scheduler;

/** The local APIC's registers in memory. */
class LocalApicTest {

    private static final long LOCAL = 0xFEE0_0000L;
    private static final int ID = 0x20;
    private static final int VERSION = 0x30;
    private static final int TPR = 0x80;
    private static final int PPR = 0xA0;
    private static final int EOI = 0xB0;
    private static final int LDR = 0xD0;
    private static final int DFR = 0xE0;
    private static final int SVR = 0xF0;
    private static final int ISR = 0x100;
    private static final int IRR = 0x200;
    private static final int ESR = 0x280;
    private static final int ICR = 0x300;
    private static final int ICR_HIGH = 0x310;
    private static final int LVT_TIMER = 0x320;
    private static final int LVT_LINT0 = 0x350;
    private static final int LVT_LINT1 = 0x360;
    private static final int LVT_ERROR = 0x370;
    private static final int INITIAL = 0x380;
    private static final int CURRENT = 0x390;
    private static final int DIVIDE = 0x3E0;

    private static final int MASKED = 1 << 16;
    private static final int PIC_VECTOR = 0x08;

    private final ManualClock clock = new ManualClock();
    private final Scheduler scheduler = new Scheduler(clock);
    private final PhysicalMemory memory = new PhysicalMemory();
    private final RecordedLine intr = new RecordedLine();
    private int nmis;
    private final LocalApic apic =
            new LocalApic(scheduler, memory, () -> PIC_VECTOR, intr, () -> nmis++);

    private int get(int register) {
        return (int) memory.read(LOCAL + register, 4);
    }

    private void put(int register, int value) {
        memory.write(LOCAL + register, 4, value);
    }

    private void enable() {
        put(SVR, 0x1FF);
    }

    private void sendSelf(int vector) {
        put(ICR, 1 << 18 | vector);
    }

    @Test
    void afterResetItIsOffButForThe8259s() {
        assertEquals(0, get(ID));
        assertEquals(0x0005_0014, get(VERSION));
        assertEquals(0xFF, get(SVR));
        assertEquals(0xFFFF_FFFF, get(DFR));
        assertEquals(MASKED, get(LVT_TIMER));
        assertEquals(0xFEE0_0900L, apic.apicBase());
        sendSelf(0x40);
        assertFalse(intr.isHigh(), "switched off by software it takes nothing");
        apic.lint0().set(true);
        assertTrue(intr.isHigh());
        assertEquals(PIC_VECTOR, apic.acknowledge());
        apic.lint0().set(false);
        assertFalse(intr.isHigh());
    }

    @Test
    void lint0PassesThe8259sOnlyAsItsVectorSays() {
        enable();
        apic.lint0().set(true);
        put(LVT_LINT0, MASKED | 0x700);
        assertFalse(intr.isHigh());
        put(LVT_LINT0, 0x700);
        assertTrue(intr.isHigh());
        assertTrue(apic.setApicBase(0xFEE0_0100L), "switched off, it is not there");
        put(LVT_LINT0, MASKED | 0x700);
        assertTrue(intr.isHigh());
        assertEquals(PIC_VECTOR, apic.acknowledge());
    }

    @Test
    void vectorsAreTakenInTheirOrderAndEndInTheirOrder() {
        enable();
        sendSelf(0x41);
        sendSelf(0x62);
        assertEquals(1 << 1, get(IRR + 0x20));
        assertEquals(1 << 2, get(IRR + 0x30));
        assertEquals(0x62, apic.acknowledge());
        assertEquals(0x60, get(PPR));
        assertEquals(1 << 2, get(ISR + 0x30));
        assertFalse(intr.isHigh(), "a lower class waits");
        sendSelf(0x6F);
        assertFalse(intr.isHigh(), "so does the same class");
        sendSelf(0x71);
        assertTrue(intr.isHigh());
        assertEquals(0x71, apic.acknowledge());
        put(EOI, 0);
        assertEquals(0x60, get(PPR));
        put(EOI, 0);
        assertEquals(0x6F, apic.acknowledge());
        put(EOI, 0);
        assertEquals(0x41, apic.acknowledge());
        put(EOI, 0);
        assertEquals(0, get(PPR));
        put(EOI, 0);
    }

    @Test
    void theTaskPriorityHoldsLowerClassesOff() {
        enable();
        put(TPR, 0x50);
        sendSelf(0x5F);
        assertFalse(intr.isHigh());
        assertEquals(0x50, get(PPR));
        put(TPR, 0x4F);
        assertTrue(intr.isHigh());
        put(TPR, 0xFF);
        assertEquals(0xFF, apic.acknowledge(), "what is gone meanwhile is spurious");
        put(TPR, 0);
        assertEquals(0x5F, apic.acknowledge());
    }

    @ParameterizedTest
    @CsvSource({
        "0x0000, 0x00, true, 'physical: its ID'",
        "0x0000, 0x03, false, 'another ID'",
        "0x0000, 0xFF, true, 'everybody'",
        "0x0800, 0x14, true, 'flat: a bit of it is its own'",
        "0x0800, 0x12, false, 'none is'",
    })
    void messagesAreForThoseThatTheyAddress(int mode, int destination, boolean mine, String what) {
        enable();
        put(LDR, 0x0400_0000);
        put(ICR_HIGH, destination << 24);
        put(ICR, mode | 0x40);
        assertEquals(mine, intr.isHigh(), what);
    }

    @ParameterizedTest
    @CsvSource({"0x24, true", "0x25, true", "0x2B, false", "0x34, false", "0xF4, true"})
    void clustersAreAddressedByTheirNumberAndABit(int destination, boolean mine) {
        enable();
        put(DFR, 0x0FFF_FFFF);
        put(LDR, 0x2400_0000);
        put(ICR_HIGH, destination << 24);
        put(ICR, 0x0840);
        assertEquals(mine, intr.isHigh());
    }

    @Test
    void allButItselfAreNobody() {
        enable();
        put(ICR, 3 << 18 | 0x40);
        assertFalse(intr.isHigh());
        put(ICR, 2 << 18 | 0x40);
        assertTrue(intr.isHigh());
        put(ICR, 1 << 18 | 0x400);
        assertEquals(1, nmis);
    }

    @Test
    void illegalVectorsAndRegistersAreErrors() {
        enable();
        put(LVT_ERROR, 0xFE);
        sendSelf(0x0F);
        assertTrue(intr.isHigh());
        assertEquals(0xFE, apic.acknowledge());
        assertEquals(0, get(ESR), "shown when it has been written to");
        put(ESR, 0);
        assertEquals(0x20, get(ESR));
        memory.read(LOCAL + 0x40, 4);
        put(ESR, 0);
        assertEquals(0x80, get(ESR));
        put(ESR, 0);
        assertEquals(0, get(ESR));
    }

    @Test
    void lint1GivesNmis() {
        enable();
        put(LVT_LINT1, 0x400);
        apic.lint1().set(true);
        apic.lint1().set(true);
        assertEquals(1, nmis);
        put(LVT_LINT1, MASKED | 0x400);
        apic.lint1().pulse();
        assertEquals(1, nmis);
    }

    @Test
    void switchingItOffBySoftwareMasksItsVectors() {
        enable();
        put(LVT_TIMER, 0x31);
        put(SVR, 0xFF);
        assertEquals(MASKED | 0x31, get(LVT_TIMER));
        put(LVT_TIMER, 0x32);
        assertEquals(MASKED | 0x32, get(LVT_TIMER), "nor can they be unmasked");
    }

    @Test
    void theTimerCountsDownOnce() {
        enable();
        put(LVT_TIMER, 0x31);
        put(DIVIDE, 0x3);
        put(INITIAL, 100);
        clock.pass(scheduler, 16 * 40);
        assertEquals(60, get(CURRENT));
        clock.pass(scheduler, 16 * 60 - 1);
        assertFalse(intr.isHigh());
        clock.pass(scheduler, 1);
        assertEquals(0x31, apic.acknowledge());
        assertEquals(0, get(CURRENT));
        put(EOI, 0);
        clock.pass(scheduler, 16 * 1000);
        assertFalse(intr.isHigh());
    }

    @Test
    void theTimerCountsDownAgainAndAgain() {
        enable();
        put(LVT_TIMER, 1 << 17 | 0x31);
        put(DIVIDE, 0xB);
        put(INITIAL, 1000);
        for (int i = 0; i < 3; i++) {
            clock.pass(scheduler, 999);
            assertFalse(intr.isHigh());
            clock.pass(scheduler, 1);
            assertEquals(0x31, apic.acknowledge());
            put(EOI, 0);
            assertEquals(1000, get(CURRENT));
        }
        clock.skip(3500);
        assertEquals(500, get(CURRENT));
        scheduler.runDue();
        assertEquals(0x31, apic.acknowledge(), "periods that are lost don't come in a crowd");
        put(EOI, 0);
        assertFalse(intr.isHigh());
        clock.pass(scheduler, 499);
        assertFalse(intr.isHigh());
        clock.pass(scheduler, 1);
        assertTrue(intr.isHigh(), "the rhythm is the old one");
        put(INITIAL, 0);
        assertEquals(0, get(CURRENT));
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "1, 4", "2, 8", "3, 16", "8, 32", "9, 64", "10, 128", "11, 1"})
    void theDividerDivides(int code, int by) {
        put(DIVIDE, code);
        put(INITIAL, 1000);
        clock.skip(10L * by);
        assertEquals(990, get(CURRENT));
    }

    @Test
    void aMaskedTimerCountsAndIsSilent() {
        enable();
        put(INITIAL, 100);
        clock.pass(scheduler, 1000);
        assertFalse(intr.isHigh());
    }

    @Test
    void itsRegistersMoveAndVanish() {
        assertTrue(apic.setApicBase(0xFED4_0900L));
        assertEquals(0x0005_0014, memory.read(0xFED4_0030L, 4));
        assertEquals(0xFFFF_FFFFL, memory.read(LOCAL + VERSION, 4));
        assertFalse(apic.setApicBase(0xFEE0_0901L), "a reserved bit");
        apic.reset();
        assertEquals(0x0005_0014, get(VERSION));
    }
}
