package org.vitrine.core.cpu.exec;

import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.core.bus.InterruptAcknowledge;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.cpu.fpu.FpuRegisters;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.cpu.simd.SimdRegisters;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;
import org.vitrine.core.time.Clock;

/**
 * What instructions act on beside registers and memory, and what they tell the loop that runs them.
 */
public final class Execution {

    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

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

    /**
     * {@link #events}: breakpoints are enabled, the guest's or the host's, so that each instruction
     * is looked at.
     */
    public static final int DEBUGGING = 1 << 6;

    /** {@link #events}: a performance counter runs, so that each instruction is counted. */
    public static final int COUNTING = 1 << 7;

    /** Both shadows. */
    public static final int SHADOWS = STI_SHADOW | STACK_SHADOW;

    public final CpuModel model;
    public final Registers r;
    public final Mmu mmu;
    public final GuestFault fault;
    public final PortSpace ports;
    final InterruptAcknowledge interrupts;
    public final Clock clock;

    final FloatingPoint floatingPoint;
    final MemoryTypes memoryTypes = new MemoryTypes();
    final PerformanceCounters counters = new PerformanceCounters();
    final Simd simd;

    /** What has to be looked at before the next block. */
    public int events;

    /** Set by whatever makes the rest of the current block not the thing to run next. */
    public boolean leave;

    /** The offset of the block that runs. */
    long start;

    /** Whether an NMI is being handled, so that another one has to wait for IRET. */
    public boolean nmiBlocked;

    /** Set when an interrupt or exception was delivered. */
    public boolean interrupted;

    /**
     * Set while each instruction, and each element of a repeated one, is followed by a look at
     * traps.
     */
    public boolean stepping;

    /** Set while a task switch can't be undone any more: a fault belongs to the new task. */
    public boolean committed;

    /** What to add to guest time for the time-stamp counter. */
    public long timeStampOffset;

    /** What a call through a gate copies from stack to stack. */
    final long[] parameters = new long[31];

    /** Where the host wants to stop. */
    public final StopPoints stops = new StopPoints(this);

    private final Checkpoint checkpoint = new Checkpoint();
    private final Runnable codeMoved;
    private final long[] unimplemented = new long[0x200];
    private boolean watched;

    /**
     * @param ferr the pin that reports floating-point errors where CR0.NE is clear
     * @param codeMoved called when what a linear address leads to may have changed, so that code
     *     has to be looked for
     */
    public Execution(
            CpuModel model,
            Registers registers,
            Mmu mmu,
            GuestFault fault,
            PortSpace ports,
            InterruptAcknowledge interrupts,
            Clock clock,
            InterruptLine ferr,
            Runnable codeMoved) {
        this.model = model;
        this.r = registers;
        this.mmu = mmu;
        this.fault = fault;
        this.ports = ports;
        this.interrupts = interrupts;
        this.clock = clock;
        this.floatingPoint = new FloatingPoint(ferr);
        this.simd = new Simd(model);
        this.codeMoved = codeMoved;
    }

    /** Forgets which linear page is where. */
    public void translationsChanged() {
        mmu.flush();
        codeMoved.run();
    }

    /** The same for another value of CR3: global pages stay. */
    void addressSpaceChanged() {
        mmu.flushAddressSpace();
        codeMoved.run();
    }

    /** The same for one page. */
    void pageChanged(long linear) {
        mmu.flushPage(linear);
        codeMoved.run();
    }

    /** The debug registers changed. */
    public void breakpointsChanged() {
        boolean before = (events & DEBUGGING) != 0;
        mmu.breakpoints().changed();
        if (watched || mmu.breakpoints().enabled()) {
            raise(DEBUGGING);
        } else {
            events &= ~DEBUGGING;
        }
        if (before || (events & DEBUGGING) != 0) {
            mmu.flush();
        }
    }

    /** What the performance counters count has changed. */
    void countersChanged() {
        if (counters.countsInstructions()) {
            raise(COUNTING);
        } else {
            events &= ~COUNTING;
        }
    }

    /** Counts an instruction that was run at this privilege level. */
    public void count(int level) {
        counters.count(1, level, clock.nanos());
    }

    /** Puts the model-specific registers that live here into the state after power-on. */
    public void resetModelSpecific() {
        memoryTypes.reset();
        counters.reset();
        countersChanged();
    }

    /** Has each instruction looked at, or no longer. */
    void watch(boolean each) {
        watched = each;
        breakpointsChanged();
    }

    /** Keeps the state that {@link #undo} goes back to. */
    void begin() {
        committed = false;
        checkpoint.take(r);
    }

    /**
     * Undoes a transfer of control that a fault ended, unless the fault is the new task's; returns
     * the fault.
     */
    GuestFault undo(GuestFault fault) {
        if (!committed) {
            checkpoint.restore(r, mmu);
        }
        return fault;
    }

    /** Adds to {@link #events}, and has them looked at soon. */
    public void raise(int event) {
        events |= event;
        leave = true;
    }

    /** The floating-point unit's registers. */
    public FpuRegisters floatingPoint() {
        return floatingPoint.registers;
    }

    /** The registers of SSE. */
    public SimdRegisters simd() {
        return simd.registers;
    }

    /** Puts the floating-point unit and SSE into the state after power-on. */
    public void resetFloatingPoint() {
        floatingPoint.reset();
        simd.registers.reset();
    }

    /** The IGNNE# pin: while active, floating-point errors wait, and hold nothing up. */
    public void ignoreFloatingPointErrors(boolean active) {
        floatingPoint.ignoresErrors = active;
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
