package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** ADD to CMP, TEST, INC, DEC, NEG and NOT, for every width and every place of the operands. */
final class Arithmetic {

    private Arithmetic() {}

    static void execute(Registers r, Mmu m, Instruction i) {
        switch (i.form) {
            case Instruction.RR, Instruction.RI -> inRegisters(r, i);
            case Instruction.RM ->
                    toRegister(r, i, m.load(i.segment, Operands.address(r, i), i.width));
            default -> toMemory(r, m, i);
        }
    }

    /** With the first operand in a register, and the second in another or immediate. */
    static void inRegisters(Registers r, Instruction i) {
        toRegister(r, i, source(r, i));
    }

    /** The second operand: the sum of a register and the immediate, of which one is zero. */
    private static long source(Registers r, Instruction i) {
        return (r.gpr[i.b] >>> i.bShift) + i.immediate & Operands.mask(i.width);
    }

    private static void toRegister(Registers r, Instruction i, long source) {
        int width = i.width;
        long result = compute(r, i.op, width, r.get(i.a, i.aShift, width), source);
        if (i.op != Op.CMP && i.op != Op.TEST) {
            r.set(i.a, i.aShift, width, result);
        }
    }

    static void toMemory(Registers r, Mmu m, Instruction i) {
        int op = i.op;
        int width = i.width;
        long offset = Operands.address(r, i);
        long source = source(r, i);
        if (op == Op.CMP || op == Op.TEST) {
            compute(r, op, width, m.load(i.segment, offset, width), source);
        } else {
            m.storeBack(
                    width,
                    compute(r, op, width, m.loadForUpdate(i.segment, offset, width), source));
        }
    }

    /** Computes a result and the flags; the operands and the result are masked to the width. */
    static long compute(Registers r, int op, int width, long a, long b) {
        long mask = -1L >>> 64 - 8 * width;
        long result;
        switch (op) {
            case Op.ADD -> {
                result = a + b & mask;
                r.flagsOfSum(a, b, result, width);
            }
            case Op.OR -> {
                result = a | b;
                r.flagsOfLogic(result, width);
            }
            case Op.ADC -> {
                result = a + b + r.carryBit() & mask;
                r.flagsOfSum(a, b, result, width);
            }
            case Op.SBB -> {
                result = a - b - r.carryBit() & mask;
                r.flagsOfDifference(a, b, result, width);
            }
            case Op.AND, Op.TEST -> {
                result = a & b;
                r.flagsOfLogic(result, width);
            }
            case Op.SUB, Op.CMP -> {
                result = a - b & mask;
                r.flagsOfDifference(a, b, result, width);
            }
            case Op.XOR -> {
                result = a ^ b;
                r.flagsOfLogic(result, width);
            }
            case Op.INC -> {
                result = a + 1 & mask;
                r.flagsOfIncrement(a, result, width);
            }
            case Op.DEC -> {
                result = a - 1 & mask;
                r.flagsOfDecrement(a, result, width);
            }
            case Op.NEG -> {
                result = -a & mask;
                r.flagsOfDifference(0, a, result, width);
            }
            case Op.NOT -> result = ~a & mask;
            default -> throw new IllegalStateException(Op.name(op));
        }
        return result;
    }
}
