package org.vitrine.core.cpu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.vitrine.core.bus.InterruptAcknowledge;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.cpu.block.Block;
import org.vitrine.core.cpu.block.CodeCache;
import org.vitrine.core.cpu.exec.Execution;
import org.vitrine.core.cpu.exec.Interpreter;
import org.vitrine.core.cpu.exec.Interrupts;
import org.vitrine.core.cpu.exec.StopPoints;
import org.vitrine.core.cpu.fpu.FpuRegisters;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.cpu.simd.SimdRegisters;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.PageTables;
import org.vitrine.core.cpu.state.Registers;
import org.vitrine.core.memory.PageWatcher;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.time.Clock;

/**
 * An x86 processor. It is made of registers, an {@link Mmu}, a {@link CodeCache} of decoded blocks
 * and an {@link Interpreter}; this class is the loop that connects them, and recognizes interrupts
 * between blocks.
 *
 * <p>Belongs to the vCPU thread, but for {@link #requestExit}.
 */
public final class Cpu implements PageWatcher {

    private static final VarHandle EXIT;

    static {
        try {
            EXIT = MethodHandles.lookup().findVarHandle(Cpu.class, "exitRequested", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final int SINGLE_STEP = 1 << 14;

    /** Flags that take more than running. */
    private static final int ATTENTION = Registers.TF | Registers.RF;

    private final InterruptAcknowledge pic;
    private final Registers r = new Registers();
    private final GuestFault fault = new GuestFault();
    private final Mmu mmu;
    private final CodeCache code;
    private final Execution x;
    private final Interpreter interpreter;
    private long instructions;

    // Accessed through EXIT.
    @SuppressWarnings("unused")
    private boolean exitRequested;

    /**
     * A processor in the state after reset.
     *
     * @param model which processor it is
     * @param pic where the vector comes from when an interrupt is taken
     * @param clock what the time-stamp counter counts
     * @param ferr the FERR# pin: active (high here) from when a floating-point error holds the
     *     processor up until the error is cleared; only where CR0.NE doesn't make it an exception
     */
    public Cpu(
            CpuModel model,
            PhysicalMemory memory,
            PortSpace ports,
            InterruptAcknowledge pic,
            Clock clock,
            InterruptLine ferr) {
        this.pic = pic;
        mmu = new Mmu(model, memory, r, fault);
        code = new CodeCache(model, memory, r, mmu, fault);
        x = new Execution(model, r, mmu, fault, ports, pic, clock, ferr, this::codeMoved);
        interpreter = new Interpreter(x);
        memory.watch(this);
        reset();
    }

    /** Puts the processor into the state after power-on (Intel SDM volume 3, section 11.1.1). */
    public void reset() {
        r.reset(x.model.signature());
        mmu.setPrivilege(0);
        x.resetFloatingPoint();
        x.resetModelSpecific();
        x.events &= Execution.INTR;
        x.breakpointsChanged();
        x.leave = true;
        x.nmiBlocked = false;
        x.committed = false;
        x.translationsChanged();
    }

    /**
     * Runs instructions.
     *
     * @param budget how many at most; an interrupt taken counts for nothing
     * @return how many were run; fewer than asked for when the processor is halted with nothing to
     *     wake it, is shut down, has met one of the {@link #stops}, or was asked to exit
     */
    public long run(long budget) {
        long before = instructions;
        long end = before + budget;
        while (instructions < end && !x.stops.isMet() && !exitTaken()) {
            if (x.events == 0 && (r.systemFlags & ATTENTION) == 0) {
                instructions += runBlocks(end - instructions);
            } else if (recognize()) {
                runAttentively(end - instructions);
            } else {
                break;
            }
        }
        return instructions - before;
    }

    /** Runs blocks until there is something to look at; returns the number of instructions. */
    private long runBlocks(long limit) {
        long left = limit;
        try {
            Block block = code.current();
            left -= interpreter.run(block, left);
            while (left > 0
                    && x.events == 0
                    && (r.systemFlags & ATTENTION) == 0
                    && !(boolean) EXIT.getOpaque(this)) {
                block = code.following(block);
                left -= interpreter.run(block, left);
            }
        } catch (GuestFault raised) {
            // The next instruction can't be fetched.
            left--;
            Interrupts.exception(x, raised.vector(), raised.errorCode());
        }
        return limit - left;
    }

    private boolean exitTaken() {
        if (!(boolean) EXIT.getOpaque(this)) {
            return false;
        }
        EXIT.setOpaque(this, false);
        return true;
    }

    /**
     * Runs a block with an eye on breakpoints, traps and what holds interrupts off: then it has one
     * instruction.
     */
    private void runAttentively(long left) {
        boolean trap = (r.systemFlags & Registers.TF) != 0;
        boolean debugging = (x.events & Execution.DEBUGGING) != 0;
        int shadows = x.events & Execution.SHADOWS;
        if (debugging && (shadows & Execution.STACK_SHADOW) == 0) {
            long linear = linearIp();
            if (x.stops.stopsAt(linear)) {
                return;
            }
            int met = (r.systemFlags & Registers.RF) == 0 ? mmu.breakpoints().executing(linear) : 0;
            if (met != 0) {
                r.dr[6] |= met;
                Interrupts.exception(x, GuestFault.DEBUG, GuestFault.NO_ERROR_CODE);
                return;
            }
        }
        // RF holds for one instruction; IRET may set it for another.
        r.systemFlags &= ~Registers.RF;
        x.events &= ~shadows;
        x.interrupted = false;
        mmu.breakpoints().met = 0;
        x.stepping = trap || debugging;
        boolean counting = (x.events & Execution.COUNTING) != 0;
        boolean one = x.stepping || shadows != 0 || counting;
        int level = r.cpl;
        try {
            instructions += interpreter.run(code.current(), one ? 1 : left);
            if (counting) {
                x.count(level);
            }
        } catch (GuestFault raised) {
            instructions++;
            Interrupts.exception(x, raised.vector(), raised.errorCode());
            return;
        } finally {
            x.stepping = false;
        }
        if ((x.events & Execution.STACK_SHADOW) == 0) {
            int causes = mmu.breakpoints().met | (trap && !x.interrupted ? SINGLE_STEP : 0);
            mmu.breakpoints().met = 0;
            if (causes != 0) {
                r.dr[6] |= causes;
                Interrupts.exception(x, GuestFault.DEBUG, GuestFault.NO_ERROR_CODE);
            }
        }
    }

    /** Takes an interrupt that waits and may be taken; returns whether there is anything to run. */
    private boolean recognize() {
        int events = x.events;
        if ((events & Execution.SHUT_DOWN) != 0) {
            return false;
        }
        if ((events & Execution.STACK_SHADOW) == 0) {
            if ((events & Execution.NMI) != 0 && !x.nmiBlocked) {
                x.events &= ~(Execution.NMI | Execution.HALTED);
                x.nmiBlocked = true;
                Interrupts.external(x, GuestFault.NON_MASKABLE);
            } else if ((events & (Execution.INTR | Execution.STI_SHADOW)) == Execution.INTR
                    && (r.systemFlags & Registers.IF) != 0) {
                x.events &= ~Execution.HALTED;
                Interrupts.external(x, pic.acknowledge());
            }
        }
        return (x.events & (Execution.HALTED | Execution.SHUT_DOWN)) == 0;
    }

    /** Whether the processor waits for an interrupt, after HLT. */
    public boolean halted() {
        return (x.events & Execution.HALTED) != 0;
    }

    /** Whether the processor waits for an interrupt, and none waits for it. */
    public boolean idle() {
        int events = x.events;
        return (events & Execution.HALTED) != 0
                && ((events & Execution.NMI) == 0 || x.nmiBlocked)
                && ((events & Execution.INTR) == 0 || (r.systemFlags & Registers.IF) == 0);
    }

    /** Whether only a reset helps, after a fault while a double fault was reported. */
    public boolean shutDown() {
        return (x.events & Execution.SHUT_DOWN) != 0;
    }

    /** The INTR pin. */
    public InterruptLine intr() {
        return this::setIntr;
    }

    private void setIntr(boolean high) {
        if (high) {
            x.raise(Execution.INTR);
        } else {
            x.events &= ~Execution.INTR;
        }
    }

    /** A rising edge at the NMI pin. */
    public void nmi() {
        x.raise(Execution.NMI);
    }

    /** The IGNNE# pin: while active, floating-point errors hold nothing up. */
    public void setIgnne(boolean active) {
        x.ignoreFloatingPointErrors(active);
    }

    /** The A20M pin: while not enabled, bit 20 of physical addresses is zero. */
    public void setA20(boolean enabled) {
        if (enabled != mmu.a20()) {
            mmu.setA20(enabled);
            code.flushRecent();
            x.leave = true;
        }
    }

    /**
     * Forgets all that is kept of memory's content, decoded code and translations, as when somebody
     * else may have written there.
     */
    public void forgetMemory() {
        code.clear();
        x.translationsChanged();
    }

    /** Makes {@link #run} return soon, or at once when it is called next. From any thread. */
    public void requestExit() {
        EXIT.setOpaque(this, true);
    }

    /** Where the host wants to stop; {@link #run} does nothing until a stop met is taken. */
    public StopPoints stops() {
        return x.stops;
    }

    /** The linear address of the next instruction. */
    public long linearIp() {
        return mmu.linear(Registers.CS, r.ip);
    }

    /** Whether address line 20 is open. */
    public boolean a20() {
        return mmu.a20();
    }

    /** The registers, for reading by people and for tests. */
    public Registers registers() {
        return r;
    }

    /** The floating-point unit's registers, for reading by people and for tests. */
    public FpuRegisters floatingPoint() {
        return x.floatingPoint();
    }

    /** The registers of SSE, for reading by people and for tests. */
    public SimdRegisters simd() {
        return x.simd();
    }

    /**
     * The physical address of a linear one by the page tables as they are, or -1; changes nothing.
     * For people.
     */
    public long translate(long linear) {
        return mmu.peekTranslation(linear);
    }

    /** The page tables, for people. */
    public PageTables pageTables() {
        return mmu.pageTables();
    }

    /**
     * Instructions run since creation; a repeated string instruction counts each time it is begun
     * again.
     */
    public long instructions() {
        return instructions;
    }

    /** Instructions met that a real processor has and this one has not. */
    public long unimplemented() {
        return x.unimplemented();
    }

    private void codeMoved() {
        code.flushRecent();
        x.leave = true;
    }

    @Override
    public void mappingChanged() {
        x.translationsChanged();
    }

    @Override
    public void writesWatched(long page) {
        mmu.flushWrites();
    }

    @Override
    public boolean codeWritten(long address, int length) {
        if (code.written(address, length)) {
            x.leave = true;
            // Who writes code once may do so again: the page is watched until data are written.
            return false;
        }
        return !code.watches(address);
    }
}
