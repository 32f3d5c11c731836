package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.state.Registers.AF;
import static org.vitrine.core.cpu.state.Registers.CF;
import static org.vitrine.core.cpu.state.Registers.EAX;
import static org.vitrine.core.cpu.state.Registers.EDX;
import static org.vitrine.core.cpu.state.Registers.OF;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** Multiplication, division and decimal adjustment. */
final class Multiplication {

    private Multiplication() {}

    static void execute(Execution x, Registers r, Mmu m, Instruction i) {
        switch (i.op) {
            case Op.MUL -> multiply(r, Operands.first(r, m, i), i.width);
            case Op.IMUL -> multiplySigned(r, Operands.first(r, m, i), i.width);
            case Op.DIV -> divide(x, r, Operands.first(r, m, i), i.width);
            case Op.IDIV -> divideSigned(x, r, Operands.first(r, m, i), i.width);
            case Op.IMUL_LOW -> multiplyLow(r, m, i);
            case Op.AAM -> {
                int by = (int) i.immediate;
                if (by == 0) {
                    throw x.fault.of(GuestFault.DIVIDE_ERROR);
                }
                int al = (int) r.gpr[EAX] & 0xFF;
                r.set(EAX, 0, 2, (long) (al / by) << 8 | al % by);
                r.flagsOfLogic(al % by, 1);
            }
            case Op.AAD -> {
                int al = (int) (r.gpr[EAX] + (r.gpr[EAX] >>> 8 & 0xFF) * i.immediate) & 0xFF;
                r.set(EAX, 0, 2, al);
                r.flagsOfLogic(al, 1);
            }
            default -> adjust(r, i.op);
        }
    }

    private static void multiply(Registers r, long value, int width) {
        long low;
        long high;
        if (width == 8) {
            low = r.gpr[EAX] * value;
            high = Math.unsignedMultiplyHigh(r.gpr[EAX], value);
        } else {
            long product = r.get(EAX, 0, width) * value;
            low = product & Operands.mask(width);
            high = product >>> 8 * width;
        }
        setProduct(r, low, high, width);
        r.flagsOfLogic(low, width);
        r.carryAndOverflow(high != 0, high != 0);
    }

    private static void multiplySigned(Registers r, long value, int width) {
        long low;
        long high;
        if (width == 8) {
            low = r.gpr[EAX] * value;
            high = Math.multiplyHigh(r.gpr[EAX], value);
        } else {
            long product = Operands.signed(r.gpr[EAX], width) * Operands.signed(value, width);
            low = product & Operands.mask(width);
            high = product >> 8 * width & Operands.mask(width);
        }
        setProduct(r, low, high, width);
        boolean overflow = (Operands.signed(low, width) >> 63 & Operands.mask(width)) != high;
        r.flagsOfLogic(low, width);
        r.carryAndOverflow(overflow, overflow);
    }

    private static void setProduct(Registers r, long low, long high, int width) {
        if (width == 1) {
            r.set(EAX, 0, 2, high << 8 | low);
        } else {
            r.set(EAX, 0, width, low);
            r.set(EDX, 0, width, high);
        }
    }

    private static void multiplyLow(Registers r, Mmu m, Instruction i) {
        int width = i.width;
        // Two operands: the first is also a factor. Three: the immediate is.
        boolean two = i.opcode == 0x1AF;
        long factor =
                i.form == Instruction.RM
                        ? m.load(i.segment, Operands.address(r, i), width)
                        : r.get(i.b, 0, width);
        long a = Operands.signed(factor, width);
        long b = Operands.signed(two ? r.gpr[i.a] : i.immediate, width);
        long product = a * b;
        boolean overflow =
                Operands.signed(product, width) != product
                        || width == 8 && Math.multiplyHigh(a, b) != product >> 63;
        long result = product & Operands.mask(width);
        r.set(i.a, 0, width, result);
        r.flagsOfLogic(result, width);
        r.carryAndOverflow(overflow, overflow);
    }

    private static void divide(Execution x, Registers r, long divisor, int width) {
        if (width == 8) {
            throw x.unimplemented(0xF7, "64-bit division");
        }
        long dividend = dividend(r, width);
        if (divisor == 0) {
            throw x.fault.of(GuestFault.DIVIDE_ERROR);
        }
        long quotient = Long.divideUnsigned(dividend, divisor);
        if (Long.compareUnsigned(quotient, Operands.mask(width)) > 0) {
            throw x.fault.of(GuestFault.DIVIDE_ERROR);
        }
        setQuotient(r, quotient, Long.remainderUnsigned(dividend, divisor), width);
    }

    private static void divideSigned(Execution x, Registers r, long divisor, int width) {
        if (width == 8) {
            throw x.unimplemented(0xF7, "64-bit division");
        }
        long dividend = Operands.signed(dividend(r, width), 2 * width);
        long by = Operands.signed(divisor, width);
        // The one quotient that Java can't represent is out of range as well.
        if (by == 0 || dividend == Long.MIN_VALUE && by == -1) {
            throw x.fault.of(GuestFault.DIVIDE_ERROR);
        }
        long quotient = dividend / by;
        if (Operands.signed(quotient, width) != quotient) {
            throw x.fault.of(GuestFault.DIVIDE_ERROR);
        }
        long mask = Operands.mask(width);
        setQuotient(r, quotient & mask, dividend % by & mask, width);
    }

    private static long dividend(Registers r, int width) {
        return width == 1
                ? r.get(EAX, 0, 2)
                : r.get(EDX, 0, width) << 8 * width | r.get(EAX, 0, width);
    }

    private static void setQuotient(Registers r, long quotient, long remainder, int width) {
        if (width == 1) {
            r.set(EAX, 0, 2, remainder << 8 | quotient);
        } else {
            r.set(EAX, 0, width, quotient);
            r.set(EDX, 0, width, remainder);
        }
    }

    private static void adjust(Registers r, int op) {
        int al = (int) r.gpr[EAX] & 0xFF;
        boolean low = (al & 0xF) > 9 || r.adjust();
        boolean carry = r.carry();
        switch (op) {
            case Op.DAA, Op.DAS -> {
                boolean high = al > 0x99 || carry;
                int by = (low ? 6 : 0) + (high ? 0x60 : 0);
                int result = (op == Op.DAA ? al + by : al - by) & 0xFF;
                boolean borrow = op == Op.DAS && low && al < 6;
                r.set(EAX, 0, 1, result);
                r.flagsOfLogic(result, 1);
                r.setArithmeticFlags((high || borrow ? CF : 0) | (low ? AF : 0), CF | AF | OF);
            }
            case Op.AAA, Op.AAS -> {
                long ax = r.get(EAX, 0, 2);
                if (low) {
                    ax += op == Op.AAA ? 0x106 : -0x106;
                }
                r.set(EAX, 0, 2, ax & 0xFF0F);
                r.flagsOfLogic(ax & 0xF, 1);
                r.setArithmeticFlags(low ? CF | AF : 0, CF | AF | OF);
            }
            default -> throw new IllegalStateException(Op.name(op));
        }
    }
}
