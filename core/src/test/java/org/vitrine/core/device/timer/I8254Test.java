package org.vitrine.core.device.timer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.RecordedLine;
import org.vitrine.core.time.Clock;
import org.vitrine.core.time.ManualClock;
import org.vitrine.core.time.Scheduler;

class I8254Test {

    private static final int CONTROL = 0x43;

    private final ManualClock clock = new ManualClock();
    private final Scheduler scheduler = new Scheduler(clock);
    private final PortSpace ports = new PortSpace();
    private final RecordedLine irq0 = new RecordedLine();
    private final I8254 pit = new I8254(scheduler, irq0);
    private long tick;

    I8254Test() {
        pit.claimPorts(ports);
        new SystemControlPort(scheduler, pit).claimPorts(ports);
    }

    /** Lets so many clock pulses pass. */
    private void ticks(long count) {
        tick += count;
        clock.pass(scheduler, I8254.nanosOf(tick) - clock.nanos());
    }

    private void control(int counter, int bytes, int mode) {
        ports.write(CONTROL, 1, counter << 6 | bytes << 4 | mode << 1);
    }

    private void count16(int counter, int value) {
        ports.write(0x40 + counter, 1, value & 0xFF);
        ports.write(0x40 + counter, 1, value >>> 8);
    }

    private int read16(int counter) {
        int low = ports.read(0x40 + counter, 1);
        return low | ports.read(0x40 + counter, 1) << 8;
    }

    private int latched(int counter) {
        ports.write(CONTROL, 1, counter << 6);
        return read16(counter);
    }

    private int status(int counter) {
        ports.write(CONTROL, 1, 0xE0 | 2 << counter);
        return ports.read(0x40 + counter, 1);
    }

    /** The output of a counter over the next pulses, as a row of 1 and 0. */
    private String outputs(int counter, int count) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < count; i++) {
            ticks(1);
            row.append(pit.output(counter) ? '1' : '0');
        }
        return row.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 4, 00001111111, 'high with the fifth pulse after the count is written'",
        "2, 3, 11011011011, 'low for the last pulse of three'",
        "2, 4, 11101110111, 'low for the last pulse of four'",
        "3, 4, 11001100110, 'a square wave'",
        "3, 5, 11100111001, 'one pulse more high than low'",
        "4, 4, 11110111111, 'one low pulse after 4'",
        "1, 4, 11111111111, 'waits for its trigger'",
        "5, 4, 11111111111, 'waits for its trigger'"
    })
    void outputsFollowTheDatasheetsDiagrams(int mode, int count, String expected, String why) {
        control(1, 3, mode);
        count16(1, count);
        // The diagrams begin with the pulse that loads the count.
        assertEquals(expected, outputs(1, expected.length()), why);
    }

    @Test
    void aTriggerStartsModes1And5AndStartsThemAgain() {
        ports.write(0x61, 1, 0);
        control(2, 3, 1);
        count16(2, 3);
        assertEquals("111", outputs(2, 3));
        ports.write(0x61, 1, 1);
        assertEquals("00011", outputs(2, 5));
        ports.write(0x61, 1, 0);
        ports.write(0x61, 1, 1);
        assertEquals("00", outputs(2, 2));
        ports.write(0x61, 1, 0);
        ports.write(0x61, 1, 1);
        assertEquals("0001", outputs(2, 4));
        control(2, 3, 5);
        count16(2, 2);
        ports.write(0x61, 1, 0);
        ports.write(0x61, 1, 1);
        assertEquals("11011", outputs(2, 5));
    }

    @Test
    void aClosedGateHoldsModes0And4() {
        control(2, 3, 0);
        ports.write(0x61, 1, 1);
        count16(2, 10);
        ticks(1 + 4);
        assertEquals(6, latched(2));
        ports.write(0x61, 1, 0);
        ticks(100);
        assertEquals(6, latched(2));
        assertEquals(0, ports.read(0x61, 1) & 0x20);
        ports.write(0x61, 1, 1);
        ticks(5);
        assertEquals(0, ports.read(0x61, 1) & 0x20);
        ticks(1);
        assertEquals(0x20, ports.read(0x61, 1) & 0x20);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void aClosedGateHoldsPeriodicOutputsHighAndAnOpenedOneStartsOver(int mode) {
        ports.write(0x61, 1, 1);
        control(2, 3, mode);
        count16(2, 4);
        ticks(4);
        ports.write(0x61, 1, 0);
        assertEquals("111111", outputs(2, 6));
        ports.write(0x61, 1, 1);
        assertEquals(mode == 2 ? "11101" : "11001", outputs(2, 5));
    }

    @Test
    void aPeriodicCounterTakesANewCountAtTheEndOfItsCycle() {
        control(1, 3, 2);
        count16(1, 4);
        ticks(2);
        count16(1, 2);
        assertEquals("10" + "10101", outputs(1, 7));
        control(1, 3, 3);
        count16(1, 8);
        ticks(2);
        count16(1, 4);
        assertEquals(
                "11" + "00" + "11001", outputs(1, 9), "in mode 3 at the end of the half cycle");
    }

    @Test
    void aNewCountInMode0CountsAtOnceAndItsFirstByteStopsTheOld() {
        control(1, 3, 0);
        count16(1, 5);
        ticks(3);
        ports.write(0x41, 1, 3);
        ticks(20);
        assertFalse(pit.output(1), "waits for the second byte");
        ports.write(0x41, 1, 0);
        assertEquals("0001", outputs(1, 4));
    }

    @Test
    void countsRunOnBelowZeroInMode0() {
        control(1, 3, 0);
        count16(1, 2);
        ticks(1 + 3);
        assertEquals(0xFFFF, latched(1));
    }

    @Test
    void mode3CountsByTwos() {
        control(1, 3, 3);
        count16(1, 6);
        int[] even = {6, 4, 2, 6, 4, 2, 6};
        for (int expected : even) {
            ticks(1);
            assertEquals(expected, latched(1));
        }
        control(1, 3, 3);
        count16(1, 5);
        int[] odd = {4, 2, 0, 4, 2, 4, 2, 0};
        for (int expected : odd) {
            ticks(1);
            assertEquals(expected, latched(1));
        }
    }

    @Test
    void decimalCountersCountInDecimal() {
        ports.write(CONTROL, 1, 0x40 | 0x30 | 0x01);
        count16(1, 0x1000);
        ticks(1 + 1);
        assertEquals(0x0999, latched(1));
        ticks(999 + 1);
        assertEquals(0x9999, latched(1));
        ports.write(CONTROL, 1, 0x40 | 0x30 | 0x05);
        count16(1, 0);
        ticks(1 + 1);
        assertEquals(0x9999, latched(1), "0 is 10000");
    }

    @Test
    void aCountOf0IsTheLargest() {
        control(1, 3, 2);
        count16(1, 0);
        ticks(2);
        assertEquals(0xFFFF, latched(1));
    }

    @Test
    void aLatchHoldsUntilItIsReadWholly() {
        control(1, 3, 2);
        count16(1, 0x1234);
        ticks(1);
        ports.write(CONTROL, 1, 0x40);
        ticks(0x100);
        ports.write(CONTROL, 1, 0x40);
        assertEquals(0x1234, read16(1), "a second latch command changes nothing");
        assertEquals(0x1134, read16(1));
    }

    @Test
    void singleByteAccessReadsAndWritesThatByte() {
        control(1, 1, 2);
        ports.write(0x41, 1, 0x50);
        ticks(1);
        assertEquals(0x50, ports.read(0x41, 1));
        control(1, 2, 2);
        ports.write(0x41, 1, 0x50);
        ticks(1);
        assertEquals(0x50, ports.read(0x41, 1));
        ticks(1);
        assertEquals(0x4F, ports.read(0x41, 1));
    }

    @Test
    void readBackGivesStatusThenCountOfAllChosenCounters() {
        control(1, 3, 0);
        assertEquals(0x70, status(1), "null count, output low");
        ports.write(0x41, 1, 9);
        assertEquals(0x70, status(1));
        ports.write(0x41, 1, 0);
        assertEquals(0x70, status(1), "not loaded yet");
        ticks(1);
        assertEquals(0x30, status(1));
        ticks(9);
        assertEquals(0xB0, status(1));
        ports.write(CONTROL, 1, 0xC0 | 0x04);
        ticks(5);
        assertEquals(0xB0, ports.read(0x41, 1));
        assertEquals(0, read16(1));
        assertEquals(0xFFFB, read16(1));
        control(0, 2, 7);
        assertEquals(0x80 | 0x40 | 0x20 | 0x06, status(0), "mode 7 is mode 3");
    }

    @ParameterizedTest
    @CsvSource({"2, 11932, 100", "3, 11932, 100", "2, 1193, 1000", "3, 0, 18"})
    void counter0InterruptsAtItsRate(int mode, int count, int perSecond) {
        control(0, 3, mode);
        count16(0, count);
        int before = irq0.rises();
        clock.pass(scheduler, Clock.SECOND + 1_000_000);
        assertEquals(perSecond, irq0.rises() - before, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void counter0InterruptsOnceInOneShotModes(int mode) {
        control(0, 3, mode);
        int before = irq0.rises();
        count16(0, 1000);
        ticks(1000);
        assertEquals(before, irq0.rises());
        ticks(mode == 0 ? 1 : 2);
        assertEquals(before + 1, irq0.rises());
        ticks(1_000_000);
        assertEquals(before + 1, irq0.rises());
        assertEquals(Scheduler.NEVER, scheduler.nextDeadline());
    }

    @Test
    void aLateVcpuSeesOneEdgeAndTheNextOnesOnTime() {
        control(0, 3, 2);
        count16(0, 1000);
        int before = irq0.rises();
        clock.skip(I8254.nanosOf(5_500));
        scheduler.runDue();
        assertEquals(before + 1, irq0.rises());
        assertEquals(
                I8254.nanosOf(6_001), scheduler.nextDeadline(), "the count was loaded at pulse 1");
    }

    @Test
    void reprogrammingDoesNotForgetAnEdgeThatIsDue() {
        control(0, 3, 2);
        count16(0, 1000);
        int before = irq0.rises();
        clock.skip(I8254.nanosOf(1_500));
        count16(0, 2000);
        assertEquals(before + 1, irq0.rises());
    }

    @Test
    void timeStaysExactAfterMonths() {
        long days = 200L * 86_400;
        clock.skip(days * Clock.SECOND);
        tick = days * I8254.HERTZ;
        assertEquals(tick, I8254.ticksAt(clock.nanos()));
        for (long at = tick; at < tick + 1000; at++) {
            assertEquals(at, I8254.ticksAt(I8254.nanosOf(at)));
            assertEquals(at - 1, I8254.ticksAt(I8254.nanosOf(at) - 1));
        }
    }

    @Test
    void resetStopsTheInterrupts() {
        control(0, 3, 2);
        count16(0, 1000);
        pit.reset();
        assertFalse(irq0.isHigh());
        assertEquals(Scheduler.NEVER, scheduler.nextDeadline());
        assertTrue((status(0) & 0x40) != 0);
    }
}
