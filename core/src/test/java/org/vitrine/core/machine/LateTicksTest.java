package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.RecordedLine;
import org.vitrine.core.device.timer.I8254;
import org.vitrine.core.device.timer.Mc146818;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.time.Clock;
import org.vitrine.core.time.LateTicks;
import org.vitrine.core.time.ManualClock;
import org.vitrine.core.time.Scheduler;

/**
 * What becomes of ticks that come while the processor is late or deaf, on the way through the real
 * interrupt controllers. The test is the processor: it acknowledges, and ends interrupts.
 */
class LateTicksTest {

    private static final long LOCAL_APIC = 0xFEE0_0000L;
    private static final long IO_APIC = 0xFEC0_0000L;
    private static final int APIC_VECTOR = 0x61;
    private static final int TIMER_VECTOR = 0xEC;
    private static final int PIC_TIMER = 0x08;
    private static final int PIC_CLOCK = 0x70;
    private static final long MILLISECOND = 1_000_000;

    /** Clocks of the PIT in a millisecond, not quite. */
    private static final int PIT_COUNT = 1193;

    /** Who may hand a tick of the PIT to the processor. */
    enum Way {
        PIC,
        IO_APIC
    }

    private final ManualClock clock = new ManualClock();
    private final Scheduler scheduler = new Scheduler(clock);
    private final PortSpace ports = new PortSpace();
    private final PhysicalMemory memory = new PhysicalMemory();
    private final RecordedLine intr = new RecordedLine();
    private final InterruptChips chips =
            new InterruptChips(true, scheduler, memory, ports, intr, () -> {});

    @BeforeEach
    void initialise() {
        new I8254(scheduler, chips.tickLine(0)).claimPorts(ports);
        var wall = java.time.Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        new Mc146818(scheduler, wall, chips.tickLine(8)).claimPorts(ports);
        // The first choice of a periodic mode takes the output up, which is an edge.
        ports.write(0x43, 1, 0x34);
        for (int[] write :
                new int[][] {
                    {0x20, 0x11}, {0x21, 0x08}, {0x21, 0x04}, {0x21, 0x01}, {0x21, 0xFF},
                    {0xA0, 0x11}, {0xA1, 0x70}, {0xA1, 0x02}, {0xA1, 0x01}, {0xA1, 0xFF}
                }) {
            ports.write(write[0], 1, write[1]);
        }
        memory.write(LOCAL_APIC + 0xF0, 4, 0x1FF);
    }

    private LateTicks late(String label) {
        return scheduler.lateTicks().stream()
                .filter(ticks -> ticks.label().equals(label))
                .findAny()
                .orElseThrow();
    }

    private void listen(Way way) {
        switch (way) {
            case PIC -> ports.write(0x21, 1, 0xFE);
            case IO_APIC -> ioApic(2, APIC_VECTOR);
        }
    }

    private void ioApic(int input, int entry) {
        memory.write(IO_APIC, 4, 0x10 + 2 * input);
        memory.write(IO_APIC + 0x10, 4, entry);
    }

    private void startPit(int count) {
        ports.write(0x43, 1, 0x34);
        ports.write(0x40, 1, count & 0xFF);
        ports.write(0x40, 1, count >> 8);
    }

    /** The vCPU thread is held up, and then looks at its timers. */
    private void holdUp(long nanos) {
        clock.skip(nanos);
        scheduler.runDue();
    }

    private void end(int vector) {
        if (vector >= PIC_CLOCK && vector < PIC_CLOCK + 8) {
            ports.write(0xA0, 1, 0x20);
        }
        if (vector < 0x80 && vector != APIC_VECTOR) {
            ports.write(0x20, 1, 0x20);
        } else {
            memory.write(LOCAL_APIC + 0xB0, 4, 0);
        }
    }

    /** Takes interrupts, each after the one before has ended, while there are any. */
    private int takeAll(int vector) {
        int count = 0;
        while (intr.isHigh()) {
            assertEquals(vector, chips.acknowledge().acknowledge());
            assertFalse(intr.isHigh(), "the next one waits for the end of this");
            if (vector == PIC_CLOCK) {
                registerC();
            }
            end(vector);
            count++;
        }
        return count;
    }

    private int registerC() {
        ports.write(0x70, 1, 0x0C);
        return ports.read(0x71, 1);
    }

    private static int vector(Way way) {
        return way == Way.PIC ? PIC_TIMER : APIC_VECTOR;
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void ticksOfAThreadThatWasHeldUpFollowOneAnother(Way way) {
        listen(way);
        startPit(PIT_COUNT);
        holdUp(10 * MILLISECOND + MILLISECOND / 2);
        assertEquals(10, takeAll(vector(way)));
        assertEquals(9, late("i8254").delivered());
        holdUp(MILLISECOND);
        assertEquals(1, takeAll(vector(way)), "and then they come by themselves");
        assertEquals(0, late("i8254").dropped());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void ticksThatAGuestDidNotTakeFollowOneAnother(Way way) {
        listen(way);
        startPit(PIT_COUNT);
        for (int i = 0; i < 10; i++) {
            holdUp(MILLISECOND);
        }
        holdUp(MILLISECOND / 2);
        assertEquals(10, takeAll(vector(way)));
        assertEquals(9, late("i8254").delivered());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void manyLateTicksComeInBurstsBetweenWhichTheGuestGoesOn(Way way) {
        listen(way);
        startPit(PIT_COUNT);
        holdUp(100 * MILLISECOND + MILLISECOND / 2);
        assertEquals(1 + LateTicks.BURST, takeAll(vector(way)));
        int taken = 1 + LateTicks.BURST;
        while (late("i8254").waiting() > 0) {
            holdUp(MILLISECOND);
            taken += takeAll(vector(way));
        }
        assertEquals(99, late("i8254").delivered());
        // The ticks of the four milliseconds that this took came too.
        assertEquals(104, taken);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void ticksBeyondTheBoundAreDroppedAndCounted(Way way) {
        listen(way);
        startPit(PIT_COUNT);
        holdUp(20 * Clock.SECOND);
        long period = PIT_COUNT * Clock.SECOND / I8254.HERTZ;
        long most = LateTicks.LIMIT_SECONDS * Clock.SECOND / period;
        assertEquals(most, late("i8254").waiting());
        assertEquals(20 * I8254.HERTZ / PIT_COUNT - 1 - most, late("i8254").dropped());
    }

    @Test
    void aGuestThatDoesNotListenGetsNoneOfThem() {
        startPit(PIT_COUNT);
        for (int i = 0; i < 100; i++) {
            holdUp(MILLISECOND);
        }
        listen(Way.IO_APIC);
        assertEquals(0, takeAll(APIC_VECTOR));
        listen(Way.PIC);
        assertEquals(1, takeAll(PIC_TIMER), "what an 8259 remembers although it was masked");
        assertEquals(0, late("i8254").waiting());
    }

    @Test
    void oneWayThatListensIsEnough() {
        listen(Way.PIC);
        // LINT0 is masked, so that nobody hears the 8259s, and their request waits for ever.
        memory.write(LOCAL_APIC + 0x350, 4, 0x10700);
        listen(Way.IO_APIC);
        startPit(PIT_COUNT);
        holdUp(5 * MILLISECOND + MILLISECOND / 2);
        assertEquals(5, takeAll(APIC_VECTOR));
    }

    @Test
    void programmingTheTimerForgetsThem() {
        listen(Way.PIC);
        startPit(PIT_COUNT);
        holdUp(10 * MILLISECOND + MILLISECOND / 2);
        startPit(PIT_COUNT);
        assertEquals(1, takeAll(PIC_TIMER));
        assertEquals(0, late("i8254").waiting());
    }

    @Test
    void timersThatNoGuestCanFollowHaveNoLateTicks() {
        listen(Way.PIC);
        startPit(100);
        holdUp(MILLISECOND);
        assertEquals(1, takeAll(PIC_TIMER));
        assertEquals(I8254.HERTZ / 100_000 - 1, late("i8254").dropped());
    }

    @Test
    void theClocksPeriodicInterruptFollowsEachReadingOfRegisterC() {
        ports.write(0x21, 1, 0xFB);
        ports.write(0xA1, 1, 0xFE);
        startRtc();
        holdUp(Clock.SECOND / 64 + MILLISECOND / 2);
        assertEquals(16, takeAll(PIC_CLOCK));
        assertEquals(15, late("mc146818").delivered());
        assertEquals(0, registerC());
        for (int i = 0; i < 16; i++) {
            holdUp(Clock.SECOND / 1024);
        }
        assertEquals(16, takeAll(PIC_CLOCK), "and those that the guest did not take");
    }

    private void startRtc() {
        ports.write(0x70, 1, 0x0A);
        ports.write(0x71, 1, 0x26);
        ports.write(0x70, 1, 0x0B);
        ports.write(0x71, 1, 0x42);
    }

    @Test
    void aGuestThatPollsTheClockSeesEachFlagOnce() {
        startRtc();
        holdUp(Clock.SECOND);
        assertEquals(0x40, registerC() & 0x40);
        assertEquals(0, registerC());
        assertEquals(0, late("mc146818").waiting());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theApicsTimerFollowsTheEndOfItsInterrupt(boolean heldUp) {
        memory.write(LOCAL_APIC + 0x3E0, 4, 0x0B);
        memory.write(LOCAL_APIC + 0x320, 4, 0x20000 | TIMER_VECTOR);
        memory.write(LOCAL_APIC + 0x380, 4, MILLISECOND);
        for (int i = 0; i < 10; i++) {
            holdUp(heldUp ? 0 : MILLISECOND);
        }
        holdUp(heldUp ? 10 * MILLISECOND : 0);
        assertEquals(10, takeAll(TIMER_VECTOR));
        assertEquals(9, late("apic timer").delivered());
        holdUp(10 * MILLISECOND);
        memory.write(LOCAL_APIC + 0x380, 4, MILLISECOND);
        assertEquals(1, takeAll(TIMER_VECTOR), "programming it forgets them");
    }
}
