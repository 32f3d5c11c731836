package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.state.Registers.ECX;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/**
 * Shifts and rotates. OF is computed for every count as the processors do, by the rule that the
 * manual gives for a count of one.
 */
final class Shifts {

    private Shifts() {}

    static void execute(Registers r, Mmu m, Instruction i) {
        int width = i.width;
        long first = Operands.firstForUpdate(r, m, i);
        int counts = width == 8 ? 63 : 31;
        boolean immediate = i.form == Instruction.RI || i.form == Instruction.MI;
        int count = (int) (immediate ? i.immediate : r.gpr[ECX]) & counts;
        if (count == 0) {
            // Nothing changes, but a 32-bit register's upper half and memory are written all the
            // same.
            Operands.replaceFirst(r, m, i, first);
            return;
        }
        long result =
                switch (i.op) {
                    case Op.ROL -> rotateLeft(r, first, count, width);
                    case Op.ROR -> rotateRight(r, first, count, width);
                    case Op.RCL -> rotateLeftThroughCarry(r, first, count, width);
                    case Op.RCR -> rotateRightThroughCarry(r, first, count, width);
                    case Op.SHL, Op.SHL_ALIAS -> shiftLeft(r, first, count, width);
                    case Op.SHR -> shiftRight(r, first, count, width);
                    case Op.SAR -> shiftArithmetically(r, first, count, width);
                    case Op.SHLD -> doubleLeft(r, first, r.get(i.b, 0, width), count, width);
                    case Op.SHRD -> doubleRight(r, first, r.get(i.b, 0, width), count, width);
                    default -> throw new IllegalStateException(Op.name(i.op));
                };
        Operands.replaceFirst(r, m, i, result);
    }

    // 32 bits by 1 to 31.

    static long shiftLeft32(Registers r, long value, int count) {
        return shiftLeft(r, value, count, 4);
    }

    static long shiftRight32(Registers r, long value, int count) {
        return shiftRight(r, value, count, 4);
    }

    static long shiftArithmetically32(Registers r, long value, int count) {
        return shiftArithmetically(r, value, count, 4);
    }

    private static boolean bit(long value, int number) {
        return (value >>> number & 1) != 0;
    }

    private static long rotateLeft(Registers r, long value, int count, int width) {
        int bits = 8 * width;
        int by = count & bits - 1;
        long result = (value << by | value >>> bits - by) & Operands.mask(width);
        if (by == 0) {
            result = value;
        }
        boolean carry = bit(result, 0);
        r.carryAndOverflow(carry, carry != bit(result, bits - 1));
        return result;
    }

    private static long rotateRight(Registers r, long value, int count, int width) {
        int bits = 8 * width;
        int by = count & bits - 1;
        long result = by == 0 ? value : (value >>> by | value << bits - by) & Operands.mask(width);
        r.carryAndOverflow(bit(result, bits - 1), bit(result, bits - 1) != bit(result, bits - 2));
        return result;
    }

    private static long rotateLeftThroughCarry(Registers r, long value, int count, int width) {
        int bits = 8 * width;
        int by = count % (bits + 1);
        long result = value;
        boolean carry = r.carry();
        if (by > 0) {
            long in = carry ? 1 : 0;
            carry = bit(value, bits - by);
            result = shl(value, by) | in << by - 1 | shr(value, bits + 1 - by);
            result &= Operands.mask(width);
        }
        r.carryAndOverflow(carry, carry != bit(result, bits - 1));
        return result;
    }

    private static long rotateRightThroughCarry(Registers r, long value, int count, int width) {
        int bits = 8 * width;
        int by = count % (bits + 1);
        long result = value;
        boolean carry = r.carry();
        if (by > 0) {
            long in = carry ? 1 : 0;
            carry = bit(value, by - 1);
            result = shr(value, by) | in << bits - by | shl(value, bits + 1 - by);
            result &= Operands.mask(width);
        }
        r.carryAndOverflow(carry, bit(result, bits - 1) != bit(result, bits - 2));
        return result;
    }

    // Shifts that give zero for 64, unlike Java's.

    private static long shl(long value, int by) {
        return by > 63 ? 0 : value << by;
    }

    private static long shr(long value, int by) {
        return by > 63 ? 0 : value >>> by;
    }

    private static long shiftLeft(Registers r, long value, int count, int width) {
        int bits = 8 * width;
        long result = value << count & Operands.mask(width);
        boolean carry = count <= bits && bit(value, bits - count);
        r.flagsOfLogic(result, width);
        r.carryAndOverflow(carry, carry != bit(result, bits - 1));
        return result;
    }

    private static long shiftRight(Registers r, long value, int count, int width) {
        int bits = 8 * width;
        long result = value >>> count;
        r.flagsOfLogic(result, width);
        r.carryAndOverflow(bit(value, count - 1), bit(result << 1 ^ result, bits - 1));
        return result;
    }

    private static long shiftArithmetically(Registers r, long value, int count, int width) {
        long signed = Operands.signed(value, width);
        long result = signed >> count & Operands.mask(width);
        r.flagsOfLogic(result, width);
        r.carryAndOverflow(bit(signed, count - 1), false);
        return result;
    }

    private static long doubleLeft(Registers r, long first, long second, int count, int width) {
        int bits = 8 * width;
        long result;
        boolean carry;
        if (count <= bits) {
            result = shl(first, count) | shr(second, bits - count);
            carry = bit(first, bits - count);
        } else {
            // 16 bits by more than 16: undefined; the processors go on with the first operand
            // again.
            result = second << count - bits | first >>> 2 * bits - count;
            carry = bit(second, 2 * bits - count);
        }
        result &= Operands.mask(width);
        r.flagsOfLogic(result, width);
        r.carryAndOverflow(carry, carry != bit(result, bits - 1));
        return result;
    }

    private static long doubleRight(Registers r, long first, long second, int count, int width) {
        int bits = 8 * width;
        long result;
        boolean carry;
        if (count <= bits) {
            result = shr(first, count) | shl(second, bits - count);
            carry = bit(first, count - 1);
        } else {
            result = second >>> count - bits | first << 2 * bits - count;
            carry = bit(second, count - bits - 1);
        }
        result &= Operands.mask(width);
        r.flagsOfLogic(result, width);
        r.carryAndOverflow(carry, bit(result, bits - 1) != bit(result, bits - 2));
        return result;
    }
}
