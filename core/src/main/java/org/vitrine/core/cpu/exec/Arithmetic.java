package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** ADD to CMP, TEST, INC, DEC, NEG and NOT, for every width and every place of the operands. */
final class Arithmetic {

    private Arithmetic() {}

    private static final long MASK_32 = 0xFFFF_FFFFL;

    static void execute(Registers r, Mmu m, Instruction i) {
        int op = i.op;
        int width = i.width;
        switch (i.form) {
            case Instruction.RR -> toRegister(r, i, op, width, r.get(i.b, i.bShift, width));
            case Instruction.RI -> toRegister(r, i, op, width, i.immediate);
            case Instruction.RM ->
                    toRegister(r, i, op, width, m.load(i.segment, Operands.address(r, i), width));
            case Instruction.MR -> toMemory(r, m, i, op, width, r.get(i.b, i.bShift, width));
            default -> toMemory(r, m, i, op, width, i.immediate);
        }
    }

    private static void toRegister(Registers r, Instruction i, int op, int width, long source) {
        long result = compute(r, op, width, r.get(i.a, i.aShift, width), source);
        if (op != Op.CMP && op != Op.TEST) {
            r.set(i.a, i.aShift, width, result);
        }
    }

    private static void toMemory(
            Registers r, Mmu m, Instruction i, int op, int width, long source) {
        long offset = Operands.address(r, i);
        if (op == Op.CMP || op == Op.TEST) {
            compute(r, op, width, m.load(i.segment, offset, width), source);
        } else {
            m.storeBack(
                    width,
                    compute(r, op, width, m.loadForUpdate(i.segment, offset, width), source));
        }
    }

    // 32 bits in registers, which is most of what programs do; the operands have no more bits.

    static long add32(Registers r, long a, long b) {
        long result = a + b & MASK_32;
        r.flagsOfSum(a, b, result, 4);
        return result;
    }

    static long addWithCarry32(Registers r, long a, long b) {
        long result = a + b + (r.carry() ? 1 : 0) & MASK_32;
        r.flagsOfSum(a, b, result, 4);
        return result;
    }

    static long subtract32(Registers r, long a, long b) {
        long result = a - b & MASK_32;
        r.flagsOfDifference(a, b, result, 4);
        return result;
    }

    static long subtractWithBorrow32(Registers r, long a, long b) {
        long result = a - b - (r.carry() ? 1 : 0) & MASK_32;
        r.flagsOfDifference(a, b, result, 4);
        return result;
    }

    static long logic32(Registers r, long result) {
        r.flagsOfLogic(result, 4);
        return result;
    }

    static long increment32(Registers r, long a) {
        long result = a + 1 & MASK_32;
        r.flagsOfIncrement(a, result, 4);
        return result;
    }

    static long decrement32(Registers r, long a) {
        long result = a - 1 & MASK_32;
        r.flagsOfDecrement(a, result, 4);
        return result;
    }

    // With the width a constant, the compiler makes each of these what it would be if written by
    // hand. The operands may have more bits than the width.

    static long compute16(Registers r, int op, long a, long b) {
        return compute(r, op, 2, a & 0xFFFF, b & 0xFFFF);
    }

    static long compute8(Registers r, int op, long a, long b) {
        return compute(r, op, 1, a & 0xFF, b & 0xFF);
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
                result = a + b + (r.carry() ? 1 : 0) & mask;
                r.flagsOfSum(a, b, result, width);
            }
            case Op.SBB -> {
                result = a - b - (r.carry() ? 1 : 0) & mask;
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
