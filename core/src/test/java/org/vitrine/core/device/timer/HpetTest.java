package org.vitrine.core.device.timer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.RecordedLine;
import org.vitrine.core.bus.TickLine.Reception;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.time.Clock;
import org.vitrine.core.time.ManualClock;
import org.vitrine.core.time.Scheduler;

class HpetTest {

    private static final int CONFIGURATION = 0x10;
    private static final int STATUS = 0x20;
    private static final int COUNTER = 0xF0;
    private static final int ENABLE = 1;
    private static final int LEGACY = 2;
    private static final int LEVEL = 0x02;
    private static final int INTERRUPT = 0x04;
    private static final int PERIODIC = 0x08;
    private static final int SET_VALUE = 0x40;
    private static final int MODE_32 = 0x100;

    private final ManualClock clock = new ManualClock();
    private final Scheduler scheduler = new Scheduler(clock);
    private final PhysicalMemory memory = new PhysicalMemory();
    private final RecordedLine irq0 = new RecordedLine();
    private final RecordedLine irq8 = new RecordedLine();
    private final List<RecordedLine> inputs =
            Stream.generate(RecordedLine::new).limit(Hpet.INPUTS).toList();
    private final Hpet hpet =
            new Hpet(scheduler, memory, irq0, irq8, List.<InterruptLine>copyOf(inputs));

    private long get(int register) {
        return memory.read(Hpet.BASE + register, 8);
    }

    private int get32(int register) {
        return (int) memory.read(Hpet.BASE + register, 4);
    }

    private void put(int register, long value) {
        memory.write(Hpet.BASE + register, 8, value);
    }

    private void put32(int register, int value) {
        memory.write(Hpet.BASE + register, 4, value & 0xFFFF_FFFFL);
    }

    private static int config(int comparator) {
        return 0x100 + 0x20 * comparator;
    }

    private static int value(int comparator) {
        return 0x108 + 0x20 * comparator;
    }

    private static int route(int input) {
        return input << 9;
    }

    /** Lets so many counts of 10 ns pass. */
    private void counts(long count) {
        clock.pass(scheduler, 10 * count);
    }

    @Test
    void capabilitiesSayWhatThereIs() {
        assertEquals(0x0098_9680_8086_A201L, get(0), "10,000,000 fs, three comparators of 64 bits");
        assertEquals(0x0098_9680, get32(4));
        assertEquals(0x80, memory.read(Hpet.BASE + 3, 1));
        for (int i = 0; i < 3; i++) {
            assertEquals(0x00F0_0000_0000_0030L, get(config(i)), "periodic, 64 bits, inputs 20-23");
            assertEquals(-1, get(value(i)));
        }
        assertEquals(0, get(config(3)));
        assertEquals(0, get(0x08));
    }

    @Test
    void theCounterRunsWhileItIsEnabled() {
        counts(1000);
        assertEquals(0, get(COUNTER));
        put(CONFIGURATION, ENABLE);
        counts(1000);
        assertEquals(1000, get(COUNTER));
        put(COUNTER, 5);
        assertEquals(1000, get(COUNTER), "a running counter isn't written");
        put(CONFIGURATION, 0);
        counts(1000);
        assertEquals(1000, get(COUNTER));
        put32(COUNTER + 4, 1);
        put32(COUNTER, -2);
        put(CONFIGURATION, ENABLE);
        counts(5);
        assertEquals(0x2_0000_0003L, get(COUNTER));
        assertEquals(2, get32(COUNTER + 4));
        hpet.reset();
        assertEquals(0, get(COUNTER));
        assertEquals(0, get(CONFIGURATION));
    }

    @Test
    void aComparatorMatchesOnce() {
        put(config(2), INTERRUPT | route(21));
        put(value(2), 500);
        put(CONFIGURATION, ENABLE);
        counts(499);
        assertEquals(0, inputs.get(1).rises());
        counts(1);
        assertEquals(1, inputs.get(1).rises());
        assertFalse(inputs.get(1).isHigh());
        counts(100 * Clock.SECOND / 10);
        assertEquals(1, inputs.get(1).rises());
    }

    @Test
    void thirtyTwoBitsMatchAgainAfterATurn() {
        put(config(0), INTERRUPT | MODE_32 | route(20));
        put32(value(0), 500);
        put(CONFIGURATION, ENABLE);
        counts(500);
        assertEquals(1, inputs.getFirst().rises());
        counts((1L << 32) - 1);
        assertEquals(1, inputs.getFirst().rises());
        counts(1);
        assertEquals(2, inputs.getFirst().rises());
        put32(value(0), 499);
        counts((1L << 32) - 2);
        assertEquals(2, inputs.getFirst().rises(), "what has passed is a turn away");
        counts(1);
        assertEquals(3, inputs.getFirst().rises());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, MODE_32})
    void aPeriodicComparatorMatchesAgainAndAgain(int mode) {
        put(CONFIGURATION, ENABLE);
        counts(50);
        put(config(1), INTERRUPT | PERIODIC | SET_VALUE | mode | route(23));
        assertEquals(0, get(config(1)) & SET_VALUE);
        if (mode == 0) {
            put(value(1), 150);
            put(value(1), 1000);
        } else {
            put32(value(1), 150);
            put32(value(1), 1000);
        }
        counts(99);
        assertEquals(0, inputs.get(3).rises());
        counts(1);
        assertEquals(1, inputs.get(3).rises());
        assertEquals(1150, get(value(1)), "the comparator holds its next match");
        counts(999);
        assertEquals(1, inputs.get(3).rises());
        counts(1 + 10 * 1000);
        assertEquals(12, inputs.get(3).rises());
    }

    @Test
    void aLevelStaysUntilItsStatusIsCleared() {
        put(config(0), INTERRUPT | LEVEL | PERIODIC | SET_VALUE | route(20));
        put(value(0), 100);
        put(value(0), 100);
        put(config(2), INTERRUPT | LEVEL | route(20));
        put(value(2), 150);
        put(CONFIGURATION, ENABLE);
        counts(100);
        assertTrue(inputs.getFirst().isHigh());
        assertEquals(1, get(STATUS));
        counts(50);
        assertEquals(5, get(STATUS));
        put(STATUS, 1);
        assertTrue(inputs.getFirst().isHigh(), "the other still asks");
        put(STATUS, 4);
        assertFalse(inputs.getFirst().isHigh());
        counts(50);
        assertTrue(inputs.getFirst().isHigh());
        put(config(0), LEVEL | PERIODIC | route(20));
        assertFalse(inputs.getFirst().isHigh());
        assertEquals(1, get(STATUS), "a comparator that may not interrupt still says what it sees");
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 0", "1, 0, 1"})
    void legacyReplacementTakesTheLinesOfTheOtherTimers(int comparator, int of0, int of8) {
        hpet.pitLine().set(true);
        hpet.rtcLine().set(true);
        assertTrue(irq0.isHigh() && irq8.isHigh());
        put(CONFIGURATION, LEGACY);
        assertFalse(irq0.isHigh() || irq8.isHigh());
        assertEquals(Reception.DEAF, hpet.pitLine().reception());
        hpet.pitLine().set(false);
        hpet.pitLine().set(true);
        hpet.rtcLine().pulse();
        assertEquals(List.of(1, 1), List.of(irq0.rises(), irq8.rises()));
        put(config(comparator), INTERRUPT | route(20));
        put(value(comparator), 100);
        put(CONFIGURATION, LEGACY | ENABLE);
        counts(100);
        assertEquals(List.of(1 + of0, 1 + of8), List.of(irq0.rises(), irq8.rises()));
        assertEquals(0, inputs.getFirst().rises(), "the route means nothing now");
        put(CONFIGURATION, ENABLE);
        assertEquals(Reception.READY, hpet.pitLine().reception());
        hpet.pitLine().pulse();
        assertEquals(2 + of0, irq0.rises());
    }

    @Test
    void lateTicksOfALegacyLineFollowOneAnother() {
        put(config(0), INTERRUPT | PERIODIC | SET_VALUE);
        put(value(0), 100_000);
        put(value(0), 100_000);
        put(CONFIGURATION, LEGACY | ENABLE);
        clock.skip(10 * 1_000_000 + 500_000);
        scheduler.runDue();
        assertEquals(1, irq0.rises());
        for (int i = 0; i < 20; i++) {
            irq0.take();
        }
        assertEquals(10, irq0.rises());
        assertEquals(11 * 1_000_000, scheduler.nextDeadline());
        irq0.receive(Reception.OCCUPIED);
        clock.pass(scheduler, 3 * 1_000_000);
        irq0.receive(Reception.READY);
        int before = irq0.rises();
        for (int i = 0; i < 20; i++) {
            irq0.take();
        }
        assertEquals(3, irq0.rises() - before, "and those that the guest did not take");
    }

    @Test
    void thePitsLateTicksWaitForThePitsOwnEdges() {
        I8254 pit = new I8254(scheduler, hpet.pitLine());
        pit.writePort(0x43, 0x34);
        pit.writePort(0x40, 0xA9);
        pit.writePort(0x40, 0x04);
        int before = irq0.rises();
        clock.skip(5_500_000);
        scheduler.runDue();
        irq0.take();
        irq0.take();
        assertEquals(3, irq0.rises() - before);
        put(CONFIGURATION, LEGACY);
        irq0.take();
        assertEquals(3, irq0.rises() - before);
    }

    @Test
    void aRouteThatThereIsNotIsNotTaken() {
        put(config(0), INTERRUPT | route(5));
        assertEquals(INTERRUPT | 0x30, get32(config(0)));
        put(config(0), INTERRUPT | route(22));
        assertEquals(INTERRUPT | 0x30 | route(22), get32(config(0)));
    }

    @Test
    void aPeriodThatIsShorterThanANanosecondsWorkHarmsNobody() {
        put(config(0), INTERRUPT | PERIODIC | SET_VALUE | route(20));
        put(value(0), 1);
        put(value(0), 1);
        put(CONFIGURATION, ENABLE);
        clock.skip(Clock.SECOND);
        scheduler.runDue();
        assertEquals(1, inputs.getFirst().rises());
        assertEquals(Clock.SECOND + 10, scheduler.nextDeadline());
    }
}
