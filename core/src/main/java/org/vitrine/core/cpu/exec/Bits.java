package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.state.Registers.EAX;
import static org.vitrine.core.cpu.state.Registers.EBX;
import static org.vitrine.core.cpu.state.Registers.ECX;
import static org.vitrine.core.cpu.state.Registers.EDX;
import static org.vitrine.core.cpu.state.Registers.ZF;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** Single bits, and the instructions that semaphores are made of. */
final class Bits {

    private Bits() {}

    static void execute(Registers r, Mmu m, Instruction i) {
        switch (i.op) {
            case Op.BT, Op.BTS, Op.BTR, Op.BTC -> test(r, m, i);
            case Op.BSF, Op.BSR -> scan(r, m, i);
            case Op.XADD -> exchangeAndAdd(r, m, i);
            case Op.CMPXCHG -> compareAndExchange(r, m, i);
            case Op.CMPXCHG8B -> compareAndExchange8(r, m, i);
            default -> throw new IllegalStateException(Op.name(i.op));
        }
    }

    private static void test(Registers r, Mmu m, Instruction i) {
        int width = i.width;
        int op = i.op;
        boolean register = i.form == Instruction.RR || i.form == Instruction.RI;
        boolean immediate = i.form == Instruction.RI || i.form == Instruction.MI;
        long number = immediate ? i.immediate : r.get(i.b, 0, width);
        long offset = 0;
        long value;
        if (register) {
            value = r.get(i.a, 0, width);
        } else {
            offset = Operands.address(r, i);
            if (!immediate) {
                // A bit number in a register reaches beyond the operand, on either side.
                long units =
                        Operands.signed(number, width) >> 3 + Integer.numberOfTrailingZeros(width);
                offset = offset + units * width & i.addressMask;
            }
            value =
                    op == Op.BT
                            ? m.load(i.segment, offset, width)
                            : m.loadForUpdate(i.segment, offset, width);
        }
        long bit = 1L << (number & 8L * width - 1);
        r.carryAndOverflow((value & bit) != 0, r.overflow());
        if (op == Op.BT) {
            return;
        }
        long result = op == Op.BTS ? value | bit : op == Op.BTR ? value & ~bit : value ^ bit;
        if (register) {
            r.set(i.a, 0, width, result);
        } else {
            m.storeBack(width, result);
        }
    }

    private static void scan(Registers r, Mmu m, Instruction i) {
        long value = Operands.second(r, m, i);
        if (value != 0) {
            long number =
                    i.op == Op.BSF
                            ? Long.numberOfTrailingZeros(value)
                            : 63 - Long.numberOfLeadingZeros(value);
            r.set(i.a, 0, i.width, number);
        }
        // With a source of zero the destination keeps its value, as on every processor that was
        // measured.
        r.setArithmeticFlags(value == 0 ? ZF : 0, ZF);
    }

    private static void exchangeAndAdd(Registers r, Mmu m, Instruction i) {
        long first = Operands.firstForUpdate(r, m, i);
        long second = r.get(i.b, i.bShift, i.width);
        long sum = first + second & Operands.mask(i.width);
        if (i.form == Instruction.RR) {
            // With one register for both, the sum stays.
            r.set(i.b, i.bShift, i.width, first);
            r.set(i.a, i.aShift, i.width, sum);
        } else {
            m.storeBack(i.width, sum);
            r.set(i.b, i.bShift, i.width, first);
        }
        r.flagsOfSum(first, second, sum, i.width);
    }

    private static void compareAndExchange(Registers r, Mmu m, Instruction i) {
        int width = i.width;
        long first = Operands.firstForUpdate(r, m, i);
        long accumulator = r.get(EAX, 0, width);
        if (accumulator == first) {
            Operands.replaceFirst(r, m, i, r.get(i.b, i.bShift, width));
        } else {
            // The destination is written in any case.
            Operands.replaceFirst(r, m, i, first);
            r.set(EAX, 0, width, first);
        }
        r.flagsOfDifference(accumulator, first, accumulator - first & Operands.mask(width), width);
    }

    private static void compareAndExchange8(Registers r, Mmu m, Instruction i) {
        long first = m.loadForUpdate(i.segment, Operands.address(r, i), 8);
        boolean equal = first == (r.gpr[EDX] << 32 | r.gpr[EAX] & 0xFFFF_FFFFL);
        if (equal) {
            m.storeBack(8, r.gpr[ECX] << 32 | r.gpr[EBX] & 0xFFFF_FFFFL);
        } else {
            m.storeBack(8, first);
            r.gpr[EDX] = first >>> 32;
            r.gpr[EAX] = first & 0xFFFF_FFFFL;
        }
        r.setArithmeticFlags(equal ? ZF : 0, ZF);
    }
}
