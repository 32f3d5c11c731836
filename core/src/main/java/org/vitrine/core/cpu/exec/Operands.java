package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** Where operands are, and how they are read and written when it doesn't matter where they are. */
final class Operands {

    private Operands() {}

    /** The effective address: an offset in {@link Instruction#segment}. */
    static long address(Registers r, Instruction i) {
        return r.gpr[i.base] + (r.gpr[i.index] << i.scale) + i.displacement & i.addressMask;
    }

    /** The first operand, in register or memory. */
    static long first(Registers r, Mmu m, Instruction i) {
        return i.form == Instruction.MR || i.form == Instruction.MI
                ? m.load(i.segment, address(r, i), i.width)
                : r.get(i.a, i.aShift, i.width);
    }

    /** The first operand, which will be replaced. */
    static long firstForUpdate(Registers r, Mmu m, Instruction i) {
        return i.form == Instruction.MR || i.form == Instruction.MI
                ? m.loadForUpdate(i.segment, address(r, i), i.width)
                : r.get(i.a, i.aShift, i.width);
    }

    /** Replaces the operand that was read for it. */
    static void replaceFirst(Registers r, Mmu m, Instruction i, long value) {
        if (i.form == Instruction.MR || i.form == Instruction.MI) {
            m.storeBack(i.width, value);
        } else {
            r.set(i.a, i.aShift, i.width, value);
        }
    }

    /** Writes the first operand. */
    static void setFirst(Registers r, Mmu m, Instruction i, long value) {
        if (i.form == Instruction.MR || i.form == Instruction.MI) {
            m.store(i.segment, address(r, i), i.width, value);
        } else {
            r.set(i.a, i.aShift, i.width, value);
        }
    }

    /** The second operand, in register, memory or the instruction. */
    static long second(Registers r, Mmu m, Instruction i) {
        return switch (i.form) {
            case Instruction.RI, Instruction.MI -> i.immediate;
            case Instruction.RM -> m.load(i.segment, address(r, i), i.sourceWidth);
            default -> r.get(i.b, i.bShift, i.sourceWidth);
        };
    }

    static long mask(int width) {
        return -1L >>> 64 - 8 * width;
    }

    static long signed(long value, int width) {
        int shift = 64 - 8 * width;
        return value << shift >> shift;
    }
}
