package org.vitrine.core.device.timer;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.function.LongConsumer;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.TickLine;
import org.vitrine.core.bus.TickLine.Reception;
import org.vitrine.core.time.Clock;
import org.vitrine.core.time.LateTicks;
import org.vitrine.core.time.Scheduler;

/**
 * The real-time clock and its battery-backed RAM, index at port 70h and data at 71h (Motorola
 * MC146818A datasheet, "Real-Time Clock plus RAM").
 *
 * <p>The time is the host's when the chip was made, and goes on with guest time. While bit SET of
 * register B or the divider's reset holds it, the time's registers are plain memory. Timers are
 * armed only for interrupts that are enabled; flags that nobody waits for are worked out when
 * register C is read. Periodic interrupts that come before the last was read there become {@link
 * LateTicks}. The update takes no time: UIP rises 244 microseconds before each second and falls
 * with it.
 *
 * <p>Used by the vCPU thread alone.
 */
public final class Mc146818 implements PortDevice {

    /** Bytes of the chip with its RAM. */
    public static final int SIZE = 128;

    private static final int SECONDS = 0x00;
    private static final int SECONDS_ALARM = 0x01;
    private static final int MINUTES = 0x02;
    private static final int MINUTES_ALARM = 0x03;
    private static final int HOURS = 0x04;
    private static final int HOURS_ALARM = 0x05;
    private static final int DAY_OF_WEEK = 0x06;
    private static final int DAY_OF_MONTH = 0x07;
    private static final int MONTH = 0x08;
    private static final int YEAR = 0x09;
    private static final int REGISTER_A = 0x0A;
    private static final int REGISTER_B = 0x0B;
    private static final int REGISTER_C = 0x0C;
    private static final int REGISTER_D = 0x0D;
    private static final int CENTURY = 0x32;
    private static final int PS2_CENTURY = 0x37;

    private static final int A_UIP = 0x80;
    private static final int A_DIVIDER_RESET = 0x60;
    private static final int B_SET = 0x80;
    private static final int B_PIE = 0x40;
    private static final int B_AIE = 0x20;
    private static final int B_UIE = 0x10;
    private static final int B_SQWE = 0x08;
    private static final int B_BINARY = 0x04;
    private static final int B_24_HOURS = 0x02;
    private static final int C_IRQF = 0x80;
    private static final int C_PF = 0x40;
    private static final int C_AF = 0x20;
    private static final int C_UF = 0x10;
    private static final int D_VALID = 0x80;

    private static final int ANY = 0xC0;
    private static final int PM = 0x80;
    private static final int DAY_SECONDS = 86_400;
    private static final long CRYSTAL_HERTZ = 32_768;
    private static final long UIP_NANOS = 244_141;

    private final Scheduler scheduler;
    private final TickLine irq8;
    private final LateTicks late;
    private final java.time.Clock wallClock;
    private final LongConsumer timeSet;
    private final Scheduler.Timer event;
    private final byte[] ram = new byte[SIZE];

    private int index;
    private boolean nmiMasked;

    /**
     * The chip's time less guest time, both in nanoseconds; the chip's from 1970 in its own zone.
     */
    private long offset;

    /** What the guest's day of the week is ahead of the calendar's, 0 to 6. */
    private int dayOfWeekAhead;

    /** The chip's time up to which flags have been raised. */
    private long flagsUpTo;

    /**
     * The chip, its RAM all zero, counting from the wall clock's date and time in that clock's
     * zone.
     *
     * @param wallClock read once, and again when the time is set
     * @param irq8 the chip's interrupt output
     */
    public Mc146818(Scheduler scheduler, java.time.Clock wallClock, TickLine irq8) {
        this(scheduler, wallClock, irq8, secondsAhead -> {});
    }

    /**
     * As {@link #Mc146818(Scheduler, java.time.Clock, TickLine)}.
     *
     * @param timeSet told when the guest has set the time: the whole seconds that it is ahead of
     *     the wall clock
     */
    public Mc146818(
            Scheduler scheduler, java.time.Clock wallClock, TickLine irq8, LongConsumer timeSet) {
        this.scheduler = scheduler;
        this.wallClock = wallClock;
        this.irq8 = irq8;
        this.timeSet = timeSet;
        this.event = scheduler.timer("mc146818", this::interrupt);
        this.late = scheduler.lateTicks("mc146818");
        LocalDateTime wall = LocalDateTime.now(wallClock);
        offset =
                wall.toEpochSecond(ZoneOffset.UTC) * Clock.SECOND
                        + wall.getNano()
                        - scheduler.nanos();
        ram[REGISTER_A] = 0x26;
        ram[REGISTER_B] = B_24_HOURS;
        flagsUpTo = now();
    }

    /** Claims ports 70h and 71h. */
    public void claimPorts(PortSpace ports) {
        ports.claim(0x70, 2, "rtc", this);
    }

    /** The chip's RESET pin: takes the interrupts and their flags away; time and RAM stay. */
    public void reset() {
        raiseFlags();
        late.forget();
        ram[REGISTER_B] &= (byte) ~(B_PIE | B_AIE | B_UIE | B_SQWE);
        ram[REGISTER_C] = 0;
        index = 0;
        nmiMasked = false;
        followFlags();
    }

    /** Whether bit 7 of the index port keeps non-maskable interrupts from the CPU. */
    public boolean nmiMasked() {
        return nmiMasked;
    }

    /** The RAM byte at this index, 0Eh to 7Fh. */
    public int ram(int at) {
        return ram[at] & 0xFF;
    }

    /** Stores a byte in the RAM, 0Eh to 7Fh, as the battery would have kept it. */
    public void setRam(int at, int value) {
        if (at <= REGISTER_D || at >= SIZE) {
            throw new IllegalArgumentException(
                    String.format("the clock's RAM is from 0Eh to 7Fh, not at %02Xh", at));
        }
        ram[at] = (byte) value;
    }

    @Override
    public int readPort(int port) {
        // The index can't be read back on an AT.
        return (port & 1) == 0 ? 0xFF : read(index);
    }

    @Override
    public void writePort(int port, int value) {
        if ((port & 1) == 0) {
            index = value & 0x7F;
            nmiMasked = (value & 0x80) != 0;
        } else {
            write(index, value);
        }
    }

    private long now() {
        return scheduler.nanos() + offset;
    }

    private int b() {
        return ram[REGISTER_B];
    }

    private boolean dividerHeld() {
        return (ram[REGISTER_A] & A_DIVIDER_RESET) == A_DIVIDER_RESET;
    }

    private boolean held() {
        return (b() & B_SET) != 0 || dividerHeld();
    }

    private static boolean isTime(int register) {
        return switch (register) {
            case SECONDS,
                    MINUTES,
                    HOURS,
                    DAY_OF_WEEK,
                    DAY_OF_MONTH,
                    MONTH,
                    YEAR,
                    CENTURY,
                    PS2_CENTURY ->
                    true;
            default -> false;
        };
    }

    private int read(int register) {
        if (isTime(register)) {
            if (!held()) {
                storeTime();
            }
            return ram(register == PS2_CENTURY ? CENTURY : register);
        }
        return switch (register) {
            case REGISTER_A -> ram(REGISTER_A) | (updateInProgress() ? A_UIP : 0);
            case REGISTER_C -> {
                raiseFlags();
                int flags = ram(REGISTER_C);
                ram[REGISTER_C] = 0;
                followFlags();
                deliverLate();
                yield flags;
            }
            case REGISTER_D -> D_VALID;
            default -> ram(register);
        };
    }

    private boolean updateInProgress() {
        return !held() && Math.floorMod(now(), Clock.SECOND) >= Clock.SECOND - UIP_NANOS;
    }

    private void write(int register, int value) {
        if (isTime(register)) {
            raiseFlags();
            if (!held()) {
                storeTime();
            }
            ram[register == PS2_CENTURY ? CENTURY : register] = (byte) value;
            if (!held()) {
                loadTime();
            }
            followFlags();
            return;
        }
        switch (register) {
            case REGISTER_A -> writeA(value & ~A_UIP);
            case REGISTER_B -> writeB(value);
            case REGISTER_C, REGISTER_D -> {}
            case SECONDS_ALARM, MINUTES_ALARM, HOURS_ALARM -> {
                raiseFlags();
                ram[register] = (byte) value;
                followFlags();
            }
            default -> ram[register] = (byte) value;
        }
    }

    private void writeA(int value) {
        raiseFlags();
        late.forget();
        boolean wasHeld = held();
        boolean dividerWasHeld = dividerHeld();
        if (!wasHeld) {
            storeTime();
        }
        ram[REGISTER_A] = (byte) value;
        if (dividerWasHeld && !dividerHeld()) {
            // The first update comes half a second after the divider's reset ends (datasheet,
            // "Divider control").
            offset += Clock.SECOND / 2 - Math.floorMod(now(), Clock.SECOND);
        }
        if (wasHeld && !held()) {
            loadTime();
        }
        flagsUpTo = now();
        followFlags();
    }

    private void writeB(int value) {
        raiseFlags();
        if (((value ^ b()) & B_PIE) != 0) {
            late.forget();
        }
        boolean wasHeld = held();
        if (!wasHeld) {
            storeTime();
        }
        // Setting SET clears UIE (datasheet, register B).
        ram[REGISTER_B] = (byte) ((value & B_SET) != 0 ? value & ~B_UIE : value);
        if (wasHeld && !held()) {
            loadTime();
        }
        flagsUpTo = now();
        followFlags();
    }

    /** Writes the running time to the time's registers. */
    private void storeTime() {
        LocalDateTime time =
                LocalDateTime.ofEpochSecond(Math.floorDiv(now(), Clock.SECOND), 0, ZoneOffset.UTC);
        ram[SECONDS] = encode(time.getSecond());
        ram[MINUTES] = encode(time.getMinute());
        ram[HOURS] = encodeHour(time.getHour());
        ram[DAY_OF_WEEK] = encode((calendarDayOfWeek(time.toLocalDate()) + dayOfWeekAhead) % 7 + 1);
        ram[DAY_OF_MONTH] = encode(time.getDayOfMonth());
        ram[MONTH] = encode(time.getMonthValue());
        ram[YEAR] = encode(Math.floorMod(time.getYear(), 100));
        ram[CENTURY] = encode(Math.floorDiv(time.getYear(), 100));
    }

    /**
     * Lets time run from what stands in the time's registers; the fraction of a second goes on as
     * it was.
     */
    private void loadTime() {
        int year = decode(CENTURY) * 100 + decode(YEAR);
        // A date that is none, as 31 February, becomes one counted on from the month's first day.
        LocalDate date =
                LocalDate.of(year, 1, 1)
                        .plusMonths(decode(MONTH) - 1L)
                        .plusDays(decode(DAY_OF_MONTH) - 1L);
        long seconds =
                date.toEpochDay() * DAY_SECONDS
                        + decodeHour(HOURS) * 3600L
                        + decode(MINUTES) * 60L
                        + decode(SECONDS);
        long fraction = Math.floorMod(now(), Clock.SECOND);
        offset = seconds * Clock.SECOND + fraction - scheduler.nanos();
        dayOfWeekAhead = Math.floorMod(decode(DAY_OF_WEEK) - 1 - calendarDayOfWeek(date), 7);
        flagsUpTo = now();
        timeSet.accept(seconds - LocalDateTime.now(wallClock).toEpochSecond(ZoneOffset.UTC));
    }

    /** 0 is Sunday, as the chip's 1 is. */
    private static int calendarDayOfWeek(LocalDate date) {
        return date.getDayOfWeek().getValue() % 7;
    }

    private byte encode(int value) {
        return (byte) ((b() & B_BINARY) != 0 ? value : value / 10 << 4 | value % 10);
    }

    private byte encodeHour(int hour) {
        if ((b() & B_24_HOURS) != 0) {
            return encode(hour);
        }
        return (byte) (encode((hour + 11) % 12 + 1) | (hour >= 12 ? PM : 0));
    }

    private int decode(int register) {
        return decodeValue(ram(register));
    }

    private int decodeValue(int value) {
        return (b() & B_BINARY) != 0 ? value : (value >>> 4) * 10 + (value & 15);
    }

    private int decodeHour(int register) {
        int value = ram(register);
        if ((b() & B_24_HOURS) != 0) {
            return decodeValue(value);
        }
        return decodeValue(value & ~PM) % 12 + ((value & PM) != 0 ? 12 : 0);
    }

    /** Periodic interrupts in a second, or 0 when there are none. */
    private long periodicHertz() {
        int rate = ram[REGISTER_A] & 0x0F;
        if (rate == 0 || dividerHeld()) {
            return 0;
        }
        // With a 32 kHz crystal the two highest rates are those of 8 and 9 (datasheet, table 5).
        return CRYSTAL_HERTZ >> (rate < 3 ? rate + 7 : rate) - 1;
    }

    private static long periods(long nanos, long hertz) {
        return Math.floorDiv(nanos, Clock.SECOND) * hertz
                + Math.floorMod(nanos, Clock.SECOND) * hertz / Clock.SECOND;
    }

    private static long nanosOfPeriod(long period, long hertz) {
        return Math.floorDiv(period, hertz) * Clock.SECOND
                + (Math.floorMod(period, hertz) * Clock.SECOND + hertz - 1) / hertz;
    }

    private void raiseFlags() {
        long now = now();
        int flags = 0;
        long hertz = periodicHertz();
        long ticks = hertz == 0 ? 0 : periods(now, hertz) - periods(flagsUpTo, hertz);
        if (ticks > 0) {
            flags |= C_PF;
            if ((b() & B_PIE) != 0 && irq8.reception() != Reception.DEAF) {
                boolean waits = (ram[REGISTER_C] & C_PF) != 0;
                late.tick(waits ? ticks : ticks - 1, Clock.SECOND / hertz);
            } else {
                late.forget();
            }
        }
        if (!held()) {
            if (Math.floorDiv(flagsUpTo, Clock.SECOND) != Math.floorDiv(now, Clock.SECOND)) {
                flags |= C_UF;
            }
            if (nextAlarm(flagsUpTo) <= now) {
                flags |= C_AF;
            }
        }
        flagsUpTo = now;
        ram[REGISTER_C] |= (byte) flags;
        if ((ram[REGISTER_C] & b() & (C_PF | C_AF | C_UF)) != 0) {
            ram[REGISTER_C] |= (byte) C_IRQF;
        }
    }

    /** Raises the flag again, once register C has been read, for a tick that came before. */
    private void deliverLate() {
        if (late.take()) {
            ram[REGISTER_C] |= C_PF;
            followFlags();
        }
    }

    private void interrupt() {
        raiseFlags();
        followFlags();
    }

    /** Drives the interrupt output and, while it is low, arms the timer for what will raise it. */
    private void followFlags() {
        boolean asserted = (ram[REGISTER_C] & b() & (C_PF | C_AF | C_UF)) != 0;
        ram[REGISTER_C] = (byte) (asserted ? ram[REGISTER_C] | C_IRQF : ram[REGISTER_C] & ~C_IRQF);
        irq8.set(asserted);
        long next = Scheduler.NEVER;
        if (!asserted) {
            long hertz = periodicHertz();
            if ((b() & B_PIE) != 0 && hertz != 0) {
                next = nanosOfPeriod(periods(flagsUpTo, hertz) + 1, hertz);
            }
            if (!held()) {
                if ((b() & B_UIE) != 0) {
                    next =
                            Math.min(
                                    next,
                                    (Math.floorDiv(flagsUpTo, Clock.SECOND) + 1) * Clock.SECOND);
                }
                if ((b() & B_AIE) != 0) {
                    next = Math.min(next, nextAlarm(flagsUpTo));
                }
            }
        }
        event.arm(next == Scheduler.NEVER ? Scheduler.NEVER : next - offset);
    }

    /**
     * The first second after this time, in the chip's nanoseconds, at which the alarm goes off; or
     * never.
     */
    private long nextAlarm(long after) {
        long first = Math.floorDiv(after, Clock.SECOND) + 1;
        long day = Math.floorDiv(first, DAY_SECONDS);
        LocalTime from = LocalTime.ofSecondOfDay(Math.floorMod(first, DAY_SECONDS));
        int found = alarmSecondOfDay(from);
        if (found < 0) {
            day++;
            found = alarmSecondOfDay(LocalTime.MIDNIGHT);
        }
        return found < 0 ? Scheduler.NEVER : (day * DAY_SECONDS + found) * Clock.SECOND;
    }

    private int alarmSecondOfDay(LocalTime from) {
        for (int hour = from.getHour(); hour < 24; hour++) {
            if (!matches(HOURS_ALARM, hour)) {
                continue;
            }
            boolean sameHour = hour == from.getHour();
            for (int minute = sameHour ? from.getMinute() : 0; minute < 60; minute++) {
                if (!matches(MINUTES_ALARM, minute)) {
                    continue;
                }
                boolean sameMinute = sameHour && minute == from.getMinute();
                for (int second = sameMinute ? from.getSecond() : 0; second < 60; second++) {
                    if (matches(SECONDS_ALARM, second)) {
                        return (hour * 60 + minute) * 60 + second;
                    }
                }
            }
        }
        return -1;
    }

    private boolean matches(int alarmRegister, int value) {
        int alarm = ram(alarmRegister);
        return (alarm & ANY) == ANY
                || alarm
                        == ((alarmRegister == HOURS_ALARM ? encodeHour(value) : encode(value))
                                & 0xFF);
    }

    @Override
    public String toString() {
        return LocalDateTime.ofEpochSecond(Math.floorDiv(now(), Clock.SECOND), 0, ZoneOffset.UTC)
                .toString();
    }
}
