package org.vitrine.core.device.timer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.RecordedLine;
import org.vitrine.core.time.Clock;
import org.vitrine.core.time.ManualClock;
import org.vitrine.core.time.Scheduler;

class Mc146818Test {

    private static final long MIB = 1L << 20;
    private static final int A = 0x0A;
    private static final int B = 0x0B;
    private static final int C = 0x0C;

    private final ManualClock clock = new ManualClock();
    private final Scheduler scheduler = new Scheduler(clock);
    private final PortSpace ports = new PortSpace();
    private final RecordedLine irq8 = new RecordedLine();
    private final Mc146818 rtc = at("2009-09-28T23:59:58Z");

    private Mc146818 at(String instant) {
        var wall = java.time.Clock.fixed(Instant.parse(instant), ZoneOffset.UTC);
        Mc146818 chip = new Mc146818(scheduler, wall, irq8);
        if (!ports.ranges().containsKey(0x70)) {
            chip.claimPorts(ports);
        }
        return chip;
    }

    private int read(int register) {
        ports.write(0x70, 1, register);
        return ports.read(0x71, 1);
    }

    private void write(int register, int value) {
        ports.write(0x70, 1, register);
        ports.write(0x71, 1, value);
    }

    private void pass(long nanos) {
        clock.pass(scheduler, nanos);
    }

    /**
     * Century, year, month, day, hour, minute, second and day of the week, as the registers have
     * them.
     */
    private String time() {
        return String.format(
                "%02x%02x-%02x-%02x %02x:%02x:%02x %d",
                read(0x32), read(9), read(8), read(7), read(4), read(2), read(0), read(6));
    }

    @Test
    void aGuestThatSetsTheTimeIsToldOfOnceItRuns() {
        var wall = java.time.Clock.fixed(Instant.parse("2009-09-28T12:00:00Z"), ZoneOffset.UTC);
        List<Long> ahead = new ArrayList<>();
        Mc146818 chip = new Mc146818(scheduler, wall, irq8, ahead::add);
        chip.writePort(0x70, B);
        chip.writePort(0x71, 0x82);
        chip.writePort(0x70, 4);
        chip.writePort(0x71, 0x13);
        assertEquals(List.of(), ahead);
        chip.writePort(0x70, B);
        chip.writePort(0x71, 0x02);
        assertEquals(List.of(3600L), ahead);
        chip.writePort(0x70, 2);
        chip.writePort(0x71, 0x01);
        assertEquals(List.of(3600L, 3660L), ahead);
    }

    @Test
    void theTimeIsTheHostsAndGoesOnWithGuestTime() {
        assertEquals("2009-09-28 23:59:58 2", time());
        pass(2 * Clock.SECOND);
        assertEquals("2009-09-29 00:00:00 3", time());
        pass(366L * 86_400 * Clock.SECOND);
        assertEquals("2010-09-30 00:00:00 5", time());
        assertEquals(0x20, read(0x37), "the PS/2 has the century here");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0x02, 0x00",
        "0, 0x00, 0x12",
        "0, 0x04, 12",
        "9, 0x04, 9",
        "11, 0x00, 0x11",
        "12, 0x00, 0x92",
        "13, 0x00, 0x81",
        "23, 0x00, 0x91",
        "23, 0x04, 0x8B",
        "23, 0x06, 23",
        "23, 0x02, 0x23"
    })
    void hoursAreBinaryOrDecimalOf12Or24(int hour, int modeBits, int register) {
        write(B, 0x06);
        write(4, hour);
        write(B, modeBits);
        assertEquals(register, read(4));
        write(4, register);
        write(B, 0x06);
        assertEquals(hour, read(4));
    }

    @Test
    void settingHoldsTheTimeUntilTheBitIsCleared() {
        write(B, 0x82);
        pass(10 * Clock.SECOND);
        assertEquals("2009-09-28 23:59:58 2", time());
        int[] date = {
            0x00, 0x30, 0x02, 0x59, 0x04, 0x23, 0x07, 0x29, 0x08, 0x02, 0x09, 0x24, 0x32, 0x20,
            0x06, 0x05
        };
        for (int i = 0; i < date.length; i += 2) {
            write(date[i], date[i + 1]);
        }
        assertEquals("2024-02-29 23:59:30 5", time());
        write(B, 0x02);
        pass(30 * Clock.SECOND);
        assertEquals("2024-03-01 00:00:00 6", time());
    }

    @Test
    void aFieldWrittenWhileTimeRunsTakesEffectAtOnce() {
        write(9, 0x99);
        write(0x37, 0x19);
        pass(Clock.SECOND);
        assertEquals("1999-09-28 23:59:59 2", time());
    }

    @Test
    void nonsenseDatesDoNotStopTheClock() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            write(random.nextInt(0x40), random.nextInt(0x100));
            pass(random.nextLong(Clock.SECOND));
        }
        write(A, 0x26);
        write(B, 0x82);
        int[] date = {
            0x00, 0x00, 0x02, 0x00, 0x04, 0x00, 0x07, 0x01, 0x08, 0x01, 0x09, 0x26, 0x32, 0x20,
            0x06, 0x05
        };
        for (int i = 0; i < date.length; i += 2) {
            write(date[i], date[i + 1]);
        }
        write(B, 0x02);
        assertEquals("2026-01-01 00:00:00 5", time(), "seed " + seed);
    }

    @Test
    void updateInProgressWarnsBeforeTheSecond() {
        assertEquals(0x26, read(A));
        pass(Clock.SECOND - 245_000);
        assertEquals(0x26, read(A));
        pass(1_000);
        assertEquals(0xA6, read(A));
        assertEquals(0x58, read(0));
        pass(244_000);
        assertEquals(0x26, read(A));
        assertEquals(0x59, read(0));
        write(B, 0x82);
        pass(Clock.SECOND - 1_000);
        assertEquals(0x26, read(A), "no update while the time is set");
    }

    @Test
    void theFirstUpdateAfterADividerResetComesInHalfASecond() {
        pass(Clock.SECOND / 4);
        write(A, 0x76);
        pass(10 * Clock.SECOND);
        assertEquals(0x58, read(0));
        write(A, 0x26);
        pass(Clock.SECOND / 2 - 1_000);
        assertEquals(0x58, read(0));
        pass(1_000);
        assertEquals(0x59, read(0));
    }

    @ParameterizedTest
    @CsvSource({"1, 256", "2, 128", "3, 8192", "6, 1024", "9, 128", "12, 16", "15, 2"})
    void periodicInterruptsComeAtTheirRate(int rate, int hertz) {
        write(A, 0x20 | rate);
        write(B, 0x42);
        int interrupts = 0;
        long end = clock.nanos() + Clock.SECOND;
        while (scheduler.nextDeadline() <= end) {
            pass(scheduler.nextDeadline() - clock.nanos());
            assertTrue(irq8.isHigh());
            assertEquals(0xC0, read(C) & 0xC0);
            assertFalse(irq8.isHigh());
            interrupts++;
        }
        assertEquals(hertz, interrupts);
    }

    @Test
    void withoutReadingRegisterCThereIsNoSecondInterrupt() {
        write(B, 0x42);
        pass(Clock.SECOND / 2);
        assertEquals(1, irq8.rises());
        assertEquals(Scheduler.NEVER, scheduler.nextDeadline());
        read(C);
        pass(Clock.SECOND / 2);
        assertEquals(2, irq8.rises());
    }

    @Test
    void updateEndedInterruptsComeWithTheSecond() {
        write(B, 0x12);
        pass(Clock.SECOND - 1);
        assertEquals(0, irq8.rises());
        pass(1);
        assertEquals(1, irq8.rises());
        assertEquals(0x90, read(C) & 0x90);
        write(B, 0x92);
        assertEquals(0x82, read(B), "setting the time disables them");
    }

    @Test
    void flagsRiseWithoutInterruptsToo() {
        pass(Clock.SECOND);
        assertEquals(0x50, read(C), "update ended and periodic, no interrupt");
        assertEquals(0x00, read(C), "reading clears");
        assertEquals(0, irq8.rises());
        pass(Clock.SECOND);
        write(B, 0x12);
        assertTrue(irq8.isHigh(), "an enabled flag that is up already interrupts");
    }

    @ParameterizedTest
    @CsvSource({
        // The chip starts at 23:59:58.
        "0x23, 0x59, 0x59, 1",
        "0x00, 0x00, 0x00, 2",
        "0x23, 0x59, 0x58, 86400",
        "0xFF, 0xC0, 0xFF, 1",
        "0xFF, 0xFF, 0x05, 7",
        "0xFF, 0x30, 0x00, 1802",
        "0x06, 0xFF, 0x00, 21602"
    })
    void alarmsGoOffAtTheNextMatch(String hour, String minute, String second, long after) {
        write(5, Integer.decode(hour));
        write(3, Integer.decode(minute));
        write(1, Integer.decode(second));
        write(B, 0x22);
        pass(after * Clock.SECOND - 1);
        assertEquals(0, irq8.rises());
        pass(1);
        assertEquals(1, irq8.rises());
        assertEquals(0xA0, read(C) & 0xA0);
    }

    @Test
    void anAlarmThatMatchesNothingNeverGoesOff() {
        write(5, 0x25);
        write(B, 0x22);
        assertEquals(Scheduler.NEVER, scheduler.nextDeadline());
    }

    @Test
    void settingTheTimeMovesTheAlarm() {
        write(5, 0x12);
        write(3, 0x00);
        write(1, 0x00);
        write(B, 0x22);
        write(4, 0x11);
        pass(2 * Clock.SECOND - 1);
        assertEquals(0, irq8.rises());
        pass(1);
        assertEquals(1, irq8.rises());
    }

    @Test
    void resetTakesInterruptsButNotTheTimeNorTheRam() {
        write(0x50, 0xA5);
        write(B, 0x72);
        pass(Clock.SECOND);
        assertTrue(irq8.isHigh());
        rtc.reset();
        assertFalse(irq8.isHigh());
        assertEquals(0x02, read(B));
        assertEquals(0x00, read(C));
        assertEquals(0xA5, read(0x50));
        assertEquals("2009-09-28 23:59:59 2", time());
    }

    @Test
    void theIndexPortMasksNmiAndCannotBeRead() {
        assertFalse(rtc.nmiMasked());
        ports.write(0x70, 1, 0x8F);
        assertTrue(rtc.nmiMasked());
        ports.write(0x71, 1, 0x05);
        assertEquals(0x05, rtc.ram(0x0F), "shutdown status");
        ports.write(0x70, 1, 0x0F);
        assertFalse(rtc.nmiMasked());
        assertEquals(0xFF, ports.read(0x70, 1));
        assertEquals(0x80, read(0x0D));
        write(0x0D, 0);
        write(C, 0xFF);
        assertEquals(0x80, read(0x0D));
        assertEquals(0, read(C));
    }

    @Test
    void theZoneOfTheWallClockCounts() {
        var wall =
                java.time.Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.ofHours(2));
        Mc146818 local = new Mc146818(scheduler, wall, irq8);
        assertEquals(LocalDateTime.of(2026, 1, 1, 2, 0).toString(), local.toString());
    }

    @ParameterizedTest
    @CsvSource({
        // Below and above 4 GiB in MiB, then bytes 15-16, 17-18 and 30-31, 34-35, 5B-5D.
        "1, 0, 640, 0, 0, 0",
        "16, 0, 640, 15360, 0, 0",
        "128, 0, 640, 65535, 1792, 0",
        "3072, 1024, 640, 65535, 48896, 16384",
        "3584, 61440, 640, 65535, 57088, 983040"
    })
    void memorySizesStandWhereQemuHasThem(
            long below, long above, int base, int extended, int high, int above4g) {
        new CmosSettings(below * MIB, above * MIB, List.of(), List.of(), List.of(), true)
                .store(rtc);
        assertEquals(base, read(0x15) | read(0x16) << 8);
        assertEquals(extended, read(0x17) | read(0x18) << 8);
        assertEquals(extended, read(0x30) | read(0x31) << 8);
        assertEquals(high, read(0x34) | read(0x35) << 8);
        assertEquals(above4g, read(0x5B) | read(0x5C) << 8 | read(0x5D) << 16);
    }

    @Test
    void drivesEquipmentBootOrderAndChecksumAreStored() {
        new CmosSettings(
                        64 * MIB,
                        0,
                        List.of(
                                CmosSettings.Floppy.INCH_35_1440K,
                                CmosSettings.Floppy.INCH_35_2880K),
                        List.of(
                                new CmosSettings.Disk(1024, 16, 63, 1),
                                new CmosSettings.Disk(306, 4, 17, 0)),
                        List.of(
                                CmosSettings.Boot.FLOPPY,
                                CmosSettings.Boot.DISK,
                                CmosSettings.Boot.CDROM),
                        true)
                .store(rtc);
        assertEquals(0x45, read(0x10));
        assertEquals(0x47, read(0x14));
        assertEquals(0xFF, read(0x12));
        assertEquals(47, read(0x19));
        assertEquals(47, read(0x1A));
        assertEquals(1024, read(0x1B) | read(0x1C) << 8);
        assertEquals(16, read(0x1D));
        assertEquals(0xC8, read(0x20));
        assertEquals(63, read(0x23));
        assertEquals(306, read(0x24) | read(0x25) << 8);
        assertEquals(17, read(0x2C));
        assertEquals(0x01, read(0x39));
        assertEquals(0x20, read(0x2D));
        assertEquals(0x21, read(0x3D));
        assertEquals(0x31, read(0x38));
        int sum = 0;
        for (int at = 0x10; at <= 0x2D; at++) {
            sum += read(at);
        }
        assertEquals(sum, read(0x2E) << 8 | read(0x2F));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x0D, 128})
    void onlyRamCanBeStoredTo(int at) {
        assertThrows(IllegalArgumentException.class, () -> rtc.setRam(at, 1));
    }
}
