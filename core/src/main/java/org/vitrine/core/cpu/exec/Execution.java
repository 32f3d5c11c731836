package org.vitrine.core.cpu.exec;

import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;
import org.vitrine.core.time.Clock;

/**
 * What instructions act on beside registers and memory, and what they tell the loop that runs them.
 */
public final class Execution {

    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

    /** What EDX holds after reset, and CPUID tells: family 6, model 8, stepping 10. */
    public static final int SIGNATURE = SystemOperations.Identification.SIGNATURE;

    /** {@link #events}: the interrupt controller asks. */
    public static final int INTR = 1;

    /** {@link #events}: a non-maskable interrupt waits. */
    public static final int NMI = 1 << 1;

    /** {@link #events}: the next instruction is run before anything is recognized, after STI. */
    public static final int STI_SHADOW = 1 << 2;

    /** {@link #events}: the same after a load of SS. */
    public static final int STACK_SHADOW = 1 << 3;

    /** {@link #events}: waiting for an interrupt. */
    public static final int HALTED = 1 << 4;

    /** {@link #events}: a fault while reporting a double fault; only RESET helps. */
    public static final int SHUT_DOWN = 1 << 5;

    /** Both shadows. */
    public static final int SHADOWS = STI_SHADOW | STACK_SHADOW;

    public final Registers r;
    public final Mmu mmu;
    public final GuestFault fault;
    public final PortSpace ports;
    public final Clock clock;

    /** What has to be looked at before the next block. */
    public int events;

    /** Set by whatever makes the rest of the current block not the thing to run next. */
    public boolean leave;

    /** Whether an NMI is being handled, so that another one has to wait for IRET. */
    public boolean nmiBlocked;

    /** Set when an interrupt or exception was delivered. */
    public boolean interrupted;

    /** What to add to guest time for the time-stamp counter. */
    public long timeStampOffset;

    private final Runnable translationsChanged;
    private final long[] unimplemented = new long[0x200];

    public Execution(
            Registers registers,
            Mmu mmu,
            GuestFault fault,
            PortSpace ports,
            Clock clock,
            Runnable translationsChanged) {
        this.r = registers;
        this.mmu = mmu;
        this.fault = fault;
        this.ports = ports;
        this.clock = clock;
        this.translationsChanged = translationsChanged;
    }

    /** Forgets which linear page is where. */
    void translationsChanged() {
        translationsChanged.run();
    }

    /** Adds to {@link #events}, and has them looked at soon. */
    public void raise(int event) {
        events |= event;
        leave = true;
    }

    /**
     * Counts an instruction that a real CPU has and this one has not, and names it in the log the
     * first time; the guest gets an invalid-opcode exception.
     */
    GuestFault unimplemented(int opcode, String name) {
        if (unimplemented[opcode & 0x1FF]++ == 0) {
            LOG.warn(
                    "{} (opcode {}) at {}:{} is not implemented: the guest gets #UD",
                    name,
                    Integer.toHexString(opcode),
                    Integer.toHexString(r.cs()),
                    Integer.toHexString(r.eip()));
        }
        return fault.of(GuestFault.INVALID_OPCODE);
    }

    /** How many instructions were met that a real CPU has and this one has not. */
    public long unimplemented() {
        return Arrays.stream(unimplemented).sum();
    }
}
