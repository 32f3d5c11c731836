package org.vitrine.core.cpu.exec;

import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.fpu.FpuRegisters;
import org.vitrine.core.cpu.fpu.Functions;
import org.vitrine.core.cpu.fpu.Rounder;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Registers;

/**
 * The floating-point unit as instructions see it: its registers, what computes, and the ways that
 * it asks for attention.
 *
 * <p>An exception that is not masked is flagged by the instruction that has it, and reported by the
 * next one that waits for the unit: with CR0.NE as #MF; without, by the FERR# pin, at which the PC
 * has interrupt 13, and the processor stands still before that instruction until an interrupt comes
 * (Intel SDM volume 1, section 8.7). While the IGNNE# pin is active, it goes on instead.
 */
final class FloatingPoint {

    final FpuRegisters registers = new FpuRegisters();
    final Rounder rounder = new Rounder();
    final Functions functions = new Functions();
    private final InterruptLine ferr;

    /** Whether FERR# is active. */
    private boolean reported;

    /** Whether IGNNE# is active. */
    boolean ignoresErrors;

    FloatingPoint(InterruptLine ferr) {
        this.ferr = ferr;
    }

    void reset() {
        registers.reset();
        errorChanged();
    }

    /** Raises #NM where the unit isn't there, or holds another task's registers. */
    static void checkAvailable(Execution x) {
        if ((x.r.cr0 & (Registers.CR0_EM | Registers.CR0_TS)) != 0) {
            throw x.fault.of(GuestFault.NO_COPROCESSOR);
        }
    }

    /**
     * Begins an instruction that waits for the unit.
     *
     * @return whether it is to be executed; if not, it will be again after an interrupt
     */
    boolean begin(Execution x, Instruction i) {
        checkAvailable(x);
        rounder.begin(registers.control);
        return noneReported(x, i);
    }

    /** Reports an exception that waits; returns whether the instruction may go on. */
    boolean noneReported(Execution x, Instruction i) {
        if (!registers.pending()) {
            return true;
        }
        if ((x.r.cr0 & Registers.CR0_NE) != 0) {
            throw x.fault.of(GuestFault.FLOATING_POINT_ERROR);
        }
        if (!reported) {
            reported = true;
            ferr.set(true);
        }
        if (ignoresErrors) {
            return true;
        }
        x.r.ip -= i.length;
        x.interrupted = true;
        x.raise(Execution.HALTED);
        return false;
    }

    /** Flags or masks were changed by other than computing. */
    void errorChanged() {
        if (reported && !registers.pending()) {
            reported = false;
            ferr.set(false);
        }
    }

    /** Notes where the instruction and its operand are, for those who handle its exceptions. */
    void point(Registers r, Instruction i) {
        FpuRegisters f = registers;
        f.opcode = (i.opcode & 7) << 8 | i.modRm;
        f.instructionSelector = r.selector[Registers.CS];
        f.instructionOffset = r.ip - i.length;
        if (i.hasMemoryOperand()) {
            f.operandSelector = r.selector[i.segment];
            f.operandOffset = Operands.address(r, i);
        }
    }

    /** Adds the operation's exceptions to the flags, and tells in C1 which way it was rounded. */
    void flag() {
        registers.status =
                registers.status & ~FpuRegisters.C1
                        | rounder.raised
                        | (rounder.up ? FpuRegisters.C1 : 0);
    }

    /** Gives ST(n) the result, unless an exception forbids it; returns whether it did. */
    boolean deliver(int n) {
        flag();
        if (rounder.stopped()) {
            return false;
        }
        registers.set(n, rounder.signExponent, rounder.significand);
        return true;
    }

    /** Pushes the result, unless an exception forbids it. */
    void deliverOnTop() {
        flag();
        if (!rounder.stopped()) {
            registers.push();
            registers.set(0, rounder.signExponent, rounder.significand);
        }
    }

    /** Makes a stack fault the result when a push has no room; returns whether it has. */
    boolean roomOnTop() {
        if (registers.empty(-1)) {
            return true;
        }
        rounder.stackFault(true);
        return false;
    }

    /** Makes a stack fault the result when a register is empty; returns whether it has a value. */
    boolean hasValue(int n) {
        if (!registers.empty(n)) {
            return true;
        }
        rounder.stackFault(false);
        return false;
    }

    int signExponent(int n) {
        return registers.signExponent[registers.place(n)];
    }

    long significand(int n) {
        return registers.significand[registers.place(n)];
    }
}
