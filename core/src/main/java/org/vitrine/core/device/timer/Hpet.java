package org.vitrine.core.device.timer;

import java.util.List;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.TickLine;
import org.vitrine.core.memory.MmioDevice;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.time.LateTicks;
import org.vitrine.core.time.Scheduler;

/**
 * The high precision event timer: a counter of 100 MHz and three comparators of 64 bits, each of
 * which may be periodic (IA-PC HPET specification 1.0a). It is computed from guest time; nothing
 * happens between its matches. There are no interrupts by messages ("FSB").
 *
 * <p>Legacy replacement gives comparators 0 and 1 the lines of the 8254 and of the real-time clock,
 * which lose them meanwhile: these chips are wired to {@link #pitLine} and {@link #rtcLine}.
 *
 * <p>Used by the vCPU thread alone.
 */
public final class Hpet implements MmioDevice {

    /** Where its registers are, and what ACPI's table says. */
    public static final long BASE = 0xFED0_0000L;

    /** Where the four lines for {@link #INPUTS} begin among the I/O APIC's inputs. */
    public static final int FIRST_INPUT = 20;

    /** How many inputs of the I/O APIC the comparators may choose from. */
    public static final int INPUTS = 4;

    private static final int COMPARATORS = 3;

    /** Nanoseconds of one count. */
    private static final long COUNT_NANOS = 10;

    /** Femtoseconds of one count; vendor Intel, legacy replacement, 64 bits, three comparators. */
    private static final long CAPABILITIES = COUNT_NANOS * 1_000_000 << 32 | 0x8086_A201L;

    private static final int R_CAPABILITIES = 0x000;
    private static final int R_CONFIGURATION = 0x010;
    private static final int R_STATUS = 0x020;
    private static final int R_COUNTER = 0x0F0;
    private static final int R_COMPARATORS = 0x100;
    private static final int COMPARATOR_SIZE = 0x20;
    private static final int C_CONFIGURATION = 0x00;
    private static final int C_VALUE = 0x08;

    private static final int ENABLE = 1;
    private static final int LEGACY = 2;

    private static final int LEVEL = 1 << 1;
    private static final int INTERRUPT = 1 << 2;
    private static final int PERIODIC = 1 << 3;
    private static final int PERIODIC_CAPABLE = 1 << 4;
    private static final int SIZE_CAPABLE = 1 << 5;
    private static final int SET_VALUE = 1 << 6;
    private static final int MODE_32 = 1 << 8;
    private static final int ROUTE_SHIFT = 9;
    private static final int ROUTE_MASK = 31;
    private static final int WRITABLE =
            LEVEL | INTERRUPT | PERIODIC | SET_VALUE | MODE_32 | ROUTE_MASK << ROUTE_SHIFT;

    private static final long LOW = 0xFFFF_FFFFL;

    private final Scheduler scheduler;
    private final TickLine irq0;
    private final TickLine irq8;
    private final List<InterruptLine> inputs;
    private final Comparator[] comparators = new Comparator[COMPARATORS];
    private final Replaced pitLine;
    private final Replaced rtcLine;
    private int configuration;
    private int status;

    /** The counter's value while it stands still; while it runs, its value at guest time 0. */
    private long counter;

    /**
     * A timer as after reset, its registers at {@link #BASE}.
     *
     * @param irq0 the line of the 8254, for comparator 0
     * @param irq8 the line of the real-time clock, for comparator 1
     * @param inputs of the I/O APIC, from {@link #FIRST_INPUT} on: {@link #INPUTS}, or none where
     *     there is no I/O APIC
     */
    public Hpet(
            Scheduler scheduler,
            PhysicalMemory memory,
            TickLine irq0,
            TickLine irq8,
            List<InterruptLine> inputs) {
        this.scheduler = scheduler;
        this.irq0 = irq0;
        this.irq8 = irq8;
        this.inputs = List.copyOf(inputs);
        for (int i = 0; i < COMPARATORS; i++) {
            comparators[i] = new Comparator(i);
        }
        pitLine = new Replaced(irq0, comparators[0]);
        rtcLine = new Replaced(irq8, comparators[1]);
        memory.mapDevice(BASE, PhysicalMemory.PAGE_SIZE, "hpet", this);
        reset();
    }

    /** As the reset line does: the counter stands still at 0, and nothing interrupts. */
    public void reset() {
        configuration = 0;
        counter = 0;
        status = 0;
        for (Comparator comparator : comparators) {
            comparator.reset();
        }
        driveLevels();
    }

    /** What the 8254's output is wired to. */
    public TickLine pitLine() {
        return pitLine;
    }

    /** What the real-time clock's interrupt is wired to. */
    public TickLine rtcLine() {
        return rtcLine;
    }

    private boolean enabled() {
        return (configuration & ENABLE) != 0;
    }

    private boolean legacy() {
        return (configuration & LEGACY) != 0;
    }

    private long counts() {
        return scheduler.nanos() / COUNT_NANOS;
    }

    private long counter() {
        return enabled() ? counter + counts() : counter;
    }

    private void configure(int value) {
        int before = configuration;
        long now = counter();
        configuration = value & (ENABLE | LEGACY);
        if (((before ^ value) & ENABLE) != 0) {
            counter = enabled() ? now - counts() : now;
        }
        if (((before ^ value) & LEGACY) != 0) {
            irq0.set(false);
            irq8.set(false);
        }
        for (Comparator comparator : comparators) {
            comparator.follow();
        }
        driveLevels();
    }

    /** Drives the inputs of comparators that ask by level. */
    private void driveLevels() {
        int wanted = 0;
        for (Comparator comparator : comparators) {
            int input = comparator.input();
            if (input >= 0 && comparator.isAsking()) {
                wanted |= 1 << input;
            }
        }
        for (int i = 0; i < inputs.size(); i++) {
            inputs.get(i).set((wanted & 1 << i) != 0);
        }
        if (legacy()) {
            for (int i = 0; i < 2; i++) {
                if (comparators[i].has(LEVEL)) {
                    (i == 0 ? irq0 : irq8).set(comparators[i].isAsking());
                }
            }
        }
    }

    @Override
    public long readMemory(long address, int size) {
        int offset = (int) (address & PhysicalMemory.PAGE_SIZE - 1);
        long value = read(offset & ~7) >>> 8 * (offset & 7);
        return size == 8 ? value : value & (1L << 8 * size) - 1;
    }

    private long read(int register) {
        if (register >= R_COMPARATORS) {
            int number = (register - R_COMPARATORS) / COMPARATOR_SIZE;
            return number < COMPARATORS
                    ? comparators[number].read(register & COMPARATOR_SIZE - 1)
                    : 0;
        }
        return switch (register) {
            case R_CAPABILITIES -> CAPABILITIES;
            case R_CONFIGURATION -> configuration;
            case R_STATUS -> status;
            case R_COUNTER -> counter();
            default -> 0;
        };
    }

    /** Registers are written by halves or whole; what is less is no access for this chip. */
    @Override
    public void writeMemory(long address, int size, long value) {
        int offset = (int) (address & PhysicalMemory.PAGE_SIZE - 1);
        if (size == 8) {
            write(offset, 0, -1, value);
        } else if (size == 4 && (offset & 3) == 0) {
            int shift = 8 * (offset & 4);
            write(offset & ~7, shift, LOW << shift, (value & LOW) << shift);
        }
    }

    /** Writes the bits of the mask; the shift says whether they are the register's upper half. */
    private void write(int register, int shift, long mask, long value) {
        if (register >= R_COMPARATORS) {
            int number = (register - R_COMPARATORS) / COMPARATOR_SIZE;
            if (number < COMPARATORS) {
                comparators[number].write(register & COMPARATOR_SIZE - 1, mask, value);
            }
            return;
        }
        switch (register) {
            case R_CONFIGURATION -> {
                if (shift == 0) {
                    configure((int) value);
                }
            }
            case R_STATUS -> {
                status &= (int) ~value;
                driveLevels();
            }
            case R_COUNTER -> {
                // While it runs, what would be read after a write is left open: none is made.
                if (!enabled()) {
                    counter = counter & ~mask | value;
                }
            }
            default -> {}
        }
    }

    @Override
    public String toString() {
        return "hpet: config=%x status=%x counter=%x".formatted(configuration, status, counter());
    }

    /** One of the comparators, with its interrupt. */
    private final class Comparator {

        private final int number;
        private final Scheduler.Timer match;
        private final LateTicks late;
        private int config;
        private long value;
        private long period;

        Comparator(int number) {
            this.number = number;
            match = scheduler.timer("hpet " + number, this::matched);
            late = scheduler.lateTicks("hpet " + number);
        }

        void reset() {
            config = 0;
            value = -1;
            period = -1;
            late.forget();
            match.disarm();
        }

        boolean has(int bit) {
            return (config & bit) != 0;
        }

        private long width() {
            return has(MODE_32) ? LOW : -1;
        }

        /** The line in place of the 8254's or the clock's, or null. */
        private TickLine legacyLine() {
            return !legacy() || number > 1 ? null : number == 0 ? irq0 : irq8;
        }

        /** The input that is chosen, from 0, or -1 when there is none such. */
        int input() {
            int input = (config >> ROUTE_SHIFT & ROUTE_MASK) - FIRST_INPUT;
            return legacyLine() == null && input >= 0 && input < inputs.size() ? input : -1;
        }

        /** Whether it asks for an interrupt by a level. */
        boolean isAsking() {
            return enabled()
                    && (config & (LEVEL | INTERRUPT)) == (LEVEL | INTERRUPT)
                    && (status & 1 << number) != 0;
        }

        long read(int register) {
            return switch (register) {
                case C_CONFIGURATION ->
                        config & ~SET_VALUE
                                | PERIODIC_CAPABLE
                                | SIZE_CAPABLE
                                | ((1L << inputs.size()) - 1 << FIRST_INPUT) << 32;
                case C_VALUE -> value & width();
                default -> 0;
            };
        }

        void write(int register, long mask, long written) {
            switch (register) {
                case C_CONFIGURATION -> {
                    if ((mask & 1) != 0) {
                        config = (int) written & WRITABLE;
                        int route = config >> ROUTE_SHIFT & ROUTE_MASK;
                        if (route < FIRST_INPUT || route >= FIRST_INPUT + inputs.size()) {
                            config &= ~(ROUTE_MASK << ROUTE_SHIFT);
                        }
                        late.forget();
                        follow();
                        driveLevels();
                    }
                }
                case C_VALUE -> {
                    writeValue(mask, written);
                    late.forget();
                    follow();
                }
                default -> {}
            }
        }

        /**
         * A periodic comparator's value is written after "set value" alone, and then once; its
         * period is what is written last (specification, section 2.3.9.2.2).
         */
        private void writeValue(long mask, long written) {
            if (!has(PERIODIC) || has(SET_VALUE)) {
                value = value & ~mask | written;
            }
            if (has(PERIODIC)) {
                period = period & ~mask | written;
            }
            config &= ~SET_VALUE;
        }

        /** Arms the timer for the next match. */
        void follow() {
            if (!enabled()) {
                match.disarm();
                return;
            }
            long left = value - counter() & width();
            long at = counts() + left;
            boolean beyond = left < 0 || at < 0 || at > Scheduler.NEVER / COUNT_NANOS;
            match.arm(beyond ? Scheduler.NEVER : at * COUNT_NANOS);
        }

        private void matched() {
            long step = period & width();
            if (has(PERIODIC) && step != 0) {
                // The counter may be at several matches further on.
                long passed = Long.divideUnsigned(counter() - value & width(), step);
                value += (passed + 1) * step;
                follow();
                interrupt(passed, step);
            } else {
                // The next one is a whole turn away.
                long past = counter() - value & width();
                match.arm(
                        has(MODE_32) ? (counts() - past + LOW + 1) * COUNT_NANOS : Scheduler.NEVER);
                interrupt(0, 0);
            }
        }

        private void interrupt(long lost, long step) {
            if (has(LEVEL)) {
                status |= 1 << number;
                driveLevels();
                return;
            }
            if (!has(INTERRUPT)) {
                return;
            }
            TickLine line = legacyLine();
            if (line == null) {
                if (input() >= 0) {
                    inputs.get(input()).pulse();
                }
                return;
            }
            if (step != 0) {
                long nanos = step * COUNT_NANOS;
                switch (line.reception()) {
                    case DEAF -> late.forget();
                    case OCCUPIED -> late.tick(lost + 1, nanos);
                    case READY -> late.tick(lost, nanos);
                }
            }
            line.pulse();
        }

        /** The processor has taken the interrupt of a legacy line. */
        void taken() {
            TickLine line = legacyLine();
            if (line != null && late.take()) {
                line.pulse();
            }
        }
    }

    /** A line of the 8254 or the clock, cut while a comparator has it. */
    private final class Replaced implements TickLine {

        private final TickLine line;
        private Runnable listener = () -> {};

        Replaced(TickLine line, Comparator instead) {
            this.line = line;
            line.onTaken(() -> {
                if (legacy()) {
                    instead.taken();
                } else {
                    listener.run();
                }
            });
        }

        @Override
        public void set(boolean high) {
            if (!legacy()) {
                line.set(high);
            }
        }

        @Override
        public Reception reception() {
            return legacy() ? Reception.DEAF : line.reception();
        }

        @Override
        public void onTaken(Runnable taken) {
            listener = taken;
        }
    }
}
