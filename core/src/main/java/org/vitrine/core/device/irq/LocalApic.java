package org.vitrine.core.device.irq;

import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.core.bus.InterruptAcknowledge;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.memory.MmioDevice;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.time.LateTicks;
import org.vitrine.core.time.Scheduler;

/**
 * The interrupt controller inside the machine's one processor (Intel SDM volume 3, chapter 12),
 * without x2APIC mode. It stands between the processor and the 8259s: as after a reset, and where
 * IA32_APIC_BASE switches it off, their interrupts pass through LINT0.
 *
 * <p>LINT0 passes them after a reset although the manual says it is masked, as it is on other
 * emulators: firmware that knows no APIC would wait for ever.
 *
 * <p>Used by the vCPU thread alone.
 */
public final class LocalApic implements MmioDevice, InterruptAcknowledge {

    /** Where the registers are after a reset. */
    public static final long USUAL_BASE = 0xFEE0_0000L;

    /** The ID of the one processor. */
    public static final int ID = 0;

    private static final Logger LOG = LoggerFactory.getLogger(LocalApic.class);

    private static final long PAGE = PhysicalMemory.PAGE_SIZE;
    private static final long BASE_BOOT_PROCESSOR = 1 << 8;
    private static final long BASE_ENABLE = 1 << 11;
    private static final long BASE_ADDRESS = 0xF_FFFF_F000L;

    /** Six local vectors, and the version of the integrated APIC. */
    private static final int VERSION = 5 << 16 | 0x14;

    // Registers by their number: sixteen bytes each.
    private static final int R_ID = 0x02;
    private static final int R_VERSION = 0x03;
    private static final int R_TPR = 0x08;
    private static final int R_APR = 0x09;
    private static final int R_PPR = 0x0A;
    private static final int R_EOI = 0x0B;
    private static final int R_LDR = 0x0D;
    private static final int R_DFR = 0x0E;
    private static final int R_SVR = 0x0F;
    private static final int R_ISR = 0x10;
    private static final int R_TMR = 0x18;
    private static final int R_IRR = 0x20;
    private static final int R_ESR = 0x28;
    private static final int R_ICR_LOW = 0x30;
    private static final int R_ICR_HIGH = 0x31;
    private static final int R_LVT = 0x32;
    private static final int R_INITIAL_COUNT = 0x38;
    private static final int R_CURRENT_COUNT = 0x39;
    private static final int R_DIVIDE = 0x3E;

    // Local vectors by their place behind R_LVT, and the bits that each has.
    private static final int TIMER = 0;
    private static final int LINT0 = 3;
    private static final int LINT1 = 4;
    private static final int ERROR = 5;
    private static final int[] LVT_BITS = {0x300FF, 0x107FF, 0x107FF, 0x1A7FF, 0x1A7FF, 0x100FF};
    private static final int LVT_MASKED = 1 << 16;
    private static final int LVT_LEVEL = 1 << 15;
    private static final int TIMER_PERIODIC = 1 << 17;
    private static final int LINT0_AFTER_RESET = 0x700;

    private static final int SVR_ENABLE = 1 << 8;

    private static final int ESR_SEND_ILLEGAL = 1 << 5;
    private static final int ESR_RECEIVE_ILLEGAL = 1 << 6;
    private static final int ESR_ILLEGAL_REGISTER = 1 << 7;

    private static final int LOWEST_VECTOR = 16;
    private static final int BROADCAST = 0xFF;

    private final PhysicalMemory memory;
    private final InterruptAcknowledge pic;
    private final InterruptLine intr;
    private final Runnable nmi;
    private final ApicTimer timer;
    private final LateTicks late;
    private IntConsumer endOfInterrupt = vector -> {};
    private IntConsumer taken = vector -> {};

    private long base = USUAL_BASE | BASE_ENABLE | BASE_BOOT_PROCESSOR;
    private final VectorSet requested = new VectorSet();
    private final VectorSet inService = new VectorSet();
    private final VectorSet levels = new VectorSet();
    private final int[] lvt = new int[LVT_BITS.length];
    private final boolean[] pins = new boolean[LVT_BITS.length];
    private int id;
    private int taskPriority;
    private int logicalDestination;
    private int destinationFormat;
    private int spurious;
    private int errors;
    private int shownErrors;
    private long command;

    /**
     * An APIC as after reset, its registers at {@link #USUAL_BASE}.
     *
     * @param pic answers for the 8259s
     * @param intr the processor's INTR
     * @param nmi gives the processor a non-maskable interrupt
     */
    public LocalApic(
            Scheduler scheduler,
            PhysicalMemory memory,
            InterruptAcknowledge pic,
            InterruptLine intr,
            Runnable nmi) {
        this.memory = memory;
        this.pic = pic;
        this.intr = intr;
        this.nmi = nmi;
        timer = new ApicTimer(scheduler, this::timerExpired);
        late = scheduler.lateTicks("apic timer");
        memory.mapDevice(USUAL_BASE, PAGE, "local apic", this);
        resetRegisters();
    }

    /** Who is to be told the vectors of level-triggered interrupts that have ended. */
    void onEndOfInterrupt(IntConsumer listener) {
        endOfInterrupt = listener;
    }

    /** Who is to be told the vectors that the processor takes. */
    void onTaken(IntConsumer listener) {
        taken = listener;
    }

    /** As the processor's reset does. */
    public void reset() {
        setApicBase(USUAL_BASE | BASE_ENABLE | BASE_BOOT_PROCESSOR);
        resetRegisters();
        update();
    }

    private void resetRegisters() {
        requested.clear();
        inService.clear();
        levels.clear();
        for (int i = 0; i < lvt.length; i++) {
            lvt[i] = LVT_MASKED;
        }
        lvt[LINT0] = LINT0_AFTER_RESET;
        id = ID;
        taskPriority = 0;
        logicalDestination = 0;
        destinationFormat = 0xFFFF_FFFF;
        spurious = 0xFF;
        errors = 0;
        shownErrors = 0;
        command = 0;
        timer.reset();
        late.forget();
    }

    @Override
    public long apicBase() {
        return base;
    }

    /** The registers move, or vanish. Switched off, the APIC forgets its state. */
    @Override
    public boolean setApicBase(long value) {
        if ((value & ~(BASE_ADDRESS | BASE_ENABLE | BASE_BOOT_PROCESSOR)) != 0) {
            return false;
        }
        long before = base;
        base = value;
        if (((before ^ value) & (BASE_ADDRESS | BASE_ENABLE)) != 0) {
            if ((before & BASE_ENABLE) != 0) {
                memory.unmap(before & BASE_ADDRESS, PAGE);
            }
            if (isEnabled()) {
                memory.mapDevice(value & BASE_ADDRESS, PAGE, "local apic", this);
            } else {
                resetRegisters();
            }
        }
        update();
        return true;
    }

    /** Whether IA32_APIC_BASE has it switched on, which is what CPUID tells. */
    private boolean isEnabled() {
        return (base & BASE_ENABLE) != 0;
    }

    /** The pin that the 8259s' INT is wired to. */
    public InterruptLine lint0() {
        return high -> drive(LINT0, high);
    }

    /** The pin for a board's non-maskable interrupts. */
    public InterruptLine lint1() {
        return high -> drive(LINT1, high);
    }

    private void drive(int pin, boolean high) {
        boolean rises = high && !pins[pin];
        pins[pin] = high;
        if (DeliveryMode.of(lvt[pin]) != DeliveryMode.EXT_INT && isEnabled()) {
            if (rises || high && (lvt[pin] & LVT_LEVEL) != 0) {
                local(pin);
            }
        }
        update();
    }

    /** A source of our own asks for what its local vector says. */
    private void local(int source) {
        int entry = lvt[source];
        if ((entry & LVT_MASKED) != 0) {
            return;
        }
        boolean plain = source == TIMER || source == ERROR;
        deliver(
                plain ? DeliveryMode.FIXED : DeliveryMode.of(entry),
                entry & 0xFF,
                (entry & LVT_LEVEL) != 0 && !plain);
    }

    private void timerExpired(long periods, long periodNanos) {
        int entry = lvt[TIMER];
        if ((entry & LVT_MASKED) != 0) {
            late.forget();
            return;
        }
        if ((entry & TIMER_PERIODIC) != 0) {
            boolean waits = requested.contains(entry & 0xFF);
            late.tick(waits ? periods : periods - 1, periodNanos);
        }
        local(TIMER);
    }

    /** Whether the 8259s are heard. */
    public boolean hearsPic() {
        return !isEnabled()
                || (lvt[LINT0] & LVT_MASKED) == 0
                        && DeliveryMode.of(lvt[LINT0]) == DeliveryMode.EXT_INT;
    }

    /** Whether it takes vectors at all; software may have switched it off. */
    boolean takesVectors() {
        return isEnabled() && (spurious & SVR_ENABLE) != 0;
    }

    /** Whether this vector waits to be taken. */
    boolean isRequested(int vector) {
        return requested.contains(vector);
    }

    /** Whether a message to this destination is for this processor. */
    boolean isAddressed(int destination, boolean logical) {
        if (!logical) {
            return destination == id || destination == BROADCAST;
        }
        int mine = logicalDestination >>> 24;
        if (destinationFormat >>> 28 == 0xF) {
            return (mine & destination) != 0;
        }
        boolean cluster = mine >> 4 == destination >> 4 || destination >> 4 == 0xF;
        return cluster && (mine & destination & 0x0F) != 0;
    }

    /** Takes a message from the bus or from inside. */
    void deliver(DeliveryMode mode, int vector, boolean level) {
        switch (mode) {
            case FIXED, LOWEST_PRIORITY -> request(vector, level);
            case NMI -> nmi.run();
            // There is no other processor to be started, and none that sends this one an INIT.
            case INIT, START_UP, SMI, RESERVED, EXT_INT ->
                    LOG.debug("an interrupt message {} is not for this machine", mode);
        }
    }

    private void request(int vector, boolean level) {
        if ((spurious & SVR_ENABLE) == 0) {
            return;
        }
        if (vector < LOWEST_VECTOR) {
            error(ESR_RECEIVE_ILLEGAL);
            return;
        }
        requested.set(vector, true);
        levels.set(vector, level);
        update();
    }

    private void error(int bit) {
        boolean first = (errors & bit) == 0;
        errors |= bit;
        // The error's own vector may be what is illegal.
        if (first && (lvt[ERROR] & 0xFF) >= LOWEST_VECTOR) {
            local(ERROR);
        }
    }

    private int processorPriority() {
        int serviced = Math.max(inService.highest(), 0) & 0xF0;
        return (taskPriority & 0xF0) >= serviced ? taskPriority : serviced;
    }

    private boolean wantsService() {
        int vector = requested.highest();
        return vector >= 0
                && (spurious & SVR_ENABLE) != 0
                && (vector & 0xF0) > (processorPriority() & 0xF0);
    }

    /** Whether the 8259s ask, and LINT0 lets them. */
    private boolean picWantsService() {
        return pins[LINT0] && hearsPic();
    }

    private void update() {
        intr.set(isEnabled() && wantsService() || picWantsService());
    }

    @Override
    public int acknowledge() {
        if (isEnabled() && wantsService()) {
            int vector = requested.highest();
            requested.set(vector, false);
            inService.set(vector, true);
            update();
            taken.accept(vector);
            if (vector == (lvt[TIMER] & 0xFF) && late.take()) {
                local(TIMER);
            }
            return vector;
        }
        return picWantsService() || !isEnabled() ? pic.acknowledge() : spurious & 0xFF;
    }

    private void endInterrupt() {
        int vector = inService.highest();
        if (vector < 0) {
            return;
        }
        inService.set(vector, false);
        if (levels.contains(vector)) {
            endOfInterrupt.accept(vector);
            for (int pin : new int[] {LINT0, LINT1}) {
                if (pins[pin]
                        && (lvt[pin] & (LVT_LEVEL | LVT_MASKED | 0xFF)) == (LVT_LEVEL | vector)) {
                    local(pin);
                }
            }
        }
        update();
    }

    private void sendCommand() {
        DeliveryMode mode = DeliveryMode.of(command);
        int vector = (int) command & 0xFF;
        boolean self =
                switch ((int) (command >> 18) & 3) {
                    case 0 -> isAddressed((int) (command >>> 56), (command & 1 << 11) != 0);
                    case 1, 2 -> true;
                    default -> false;
                };
        if (vector < LOWEST_VECTOR && mode.ordinal() <= DeliveryMode.LOWEST_PRIORITY.ordinal()) {
            error(ESR_SEND_ILLEGAL);
        } else if (self) {
            deliver(mode, vector, false);
        }
    }

    private void writeLocalVector(int entry, int value) {
        lvt[entry] = value & LVT_BITS[entry];
        if ((spurious & SVR_ENABLE) == 0) {
            lvt[entry] |= LVT_MASKED;
        }
        if (entry == TIMER) {
            late.forget();
            timer.setPeriodic((value & TIMER_PERIODIC) != 0);
        } else if (pins[entry] && (lvt[entry] & LVT_LEVEL) != 0) {
            drive(entry, true);
        }
        update();
    }

    private void writeSpurious(int value) {
        spurious = value & 0x1FF;
        if ((value & SVR_ENABLE) == 0) {
            for (int i = 0; i < lvt.length; i++) {
                lvt[i] |= LVT_MASKED;
            }
        }
        update();
    }

    @Override
    public long readMemory(long address, int size) {
        int offset = (int) (address & PAGE - 1);
        int value = read(offset >> 4);
        // Only the first four of sixteen bytes are a register's.
        int shift = 8 * (offset & 0x0F);
        return shift < 32 ? (value & 0xFFFF_FFFFL) >>> shift : 0;
    }

    private int read(int register) {
        if (register >= R_ISR && register < R_ESR) {
            VectorSet set = register < R_TMR ? inService : register < R_IRR ? levels : requested;
            return set.register(register & 7);
        }
        if (register >= R_LVT && register < R_LVT + lvt.length) {
            return lvt[register - R_LVT];
        }
        return switch (register) {
            case R_ID -> id << 24;
            case R_VERSION -> VERSION;
            case R_TPR -> taskPriority;
            case R_APR, R_PPR -> processorPriority();
            case R_EOI -> 0;
            case R_LDR -> logicalDestination;
            case R_DFR -> destinationFormat;
            case R_SVR -> spurious;
            case R_ESR -> shownErrors;
            case R_ICR_LOW -> (int) command;
            case R_ICR_HIGH -> (int) (command >>> 32);
            case R_INITIAL_COUNT -> timer.initial();
            case R_CURRENT_COUNT -> (int) timer.current();
            case R_DIVIDE -> timer.divideConfiguration();
            default -> {
                error(ESR_ILLEGAL_REGISTER);
                yield 0;
            }
        };
    }

    @Override
    public void writeMemory(long address, int size, long value) {
        int offset = (int) (address & PAGE - 1);
        if ((offset & 0x0F) == 0) {
            write(offset >> 4, (int) value);
        }
    }

    private void write(int register, int value) {
        if (register >= R_LVT && register < R_LVT + lvt.length) {
            writeLocalVector(register - R_LVT, value);
            return;
        }
        switch (register) {
            case R_ID -> id = value >>> 24;
            case R_TPR -> {
                taskPriority = value & 0xFF;
                update();
            }
            case R_EOI -> endInterrupt();
            case R_LDR -> logicalDestination = value & 0xFF00_0000;
            case R_DFR -> destinationFormat = value | 0x0FFF_FFFF;
            case R_SVR -> writeSpurious(value);
            case R_ESR -> {
                shownErrors = errors;
                errors = 0;
            }
            case R_ICR_LOW -> {
                // Bit 12, "pending", never shows: a message is there at once.
                command = command & 0xFFFF_FFFF_0000_0000L | value & 0x000C_CFFFL;
                sendCommand();
            }
            case R_ICR_HIGH -> command = command & 0xFFFF_FFFFL | (value & 0xFF00_0000L) << 32;
            case R_INITIAL_COUNT -> {
                late.forget();
                timer.start(value);
            }
            case R_DIVIDE -> timer.setDivideConfiguration(value);
            case R_VERSION, R_APR, R_PPR, R_CURRENT_COUNT -> {
                // These tell, and take nothing.
            }
            default -> {
                if (register < R_ISR || register > R_ESR) {
                    error(ESR_ILLEGAL_REGISTER);
                }
            }
        }
    }

    @Override
    public String toString() {
        return String.format(
                "apic: base=%x id=%d svr=%03x tpr=%02x ppr=%02x irr=%d isr=%d lint0=%05x"
                        + " timer=%05x count=%d",
                base,
                id,
                spurious,
                taskPriority,
                processorPriority(),
                requested.highest(),
                inService.highest(),
                lvt[LINT0],
                lvt[TIMER],
                timer.current());
    }
}
