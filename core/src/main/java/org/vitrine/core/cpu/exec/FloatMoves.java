package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.fpu.Conversions;
import org.vitrine.core.cpu.fpu.Extended;
import org.vitrine.core.cpu.fpu.FpuRegisters;
import org.vitrine.core.cpu.fpu.Rounder;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** Floating-point loads, stores and constants, and moves in the stack. */
final class FloatMoves {

    private FloatMoves() {}

    /**
     * FLD1 to FLDZ: exponents, and significands with 64 further bits (log2 10, log2 e, pi, log10 2,
     * ln 2).
     */
    private static final int[] CONSTANT_EXPONENTS = {
        0x3FFF, 0x4000, 0x3FFF, 0x4000, 0x3FFD, 0x3FFE, 0
    };

    private static final long[] CONSTANTS = {
        0x8000_0000_0000_0000L,
        0xD49A_784B_CD1B_8AFEL,
        0xB8AA_3B29_5C17_F0BBL,
        0xC90F_DAA2_2168_C234L,
        0x9A20_9A84_FBCF_F798L,
        0xB172_17F7_D1CF_79ABL,
        0
    };

    /** The constants' next bits: a quarter stands for less than a half, three for more. */
    private static final long[] BELOW_CONSTANTS = {
        0, 1L << 62, -1L << 62, -1L << 62, -1L << 62, -1L << 62, 0
    };

    static void execute(Execution x, Registers r, Mmu m, Instruction i) {
        FloatingPoint f = x.floatingPoint;
        if (!f.begin(x, i)) {
            return;
        }
        int op = i.op;
        if (op >= Op.FLD1 && op <= Op.FLDZ) {
            f.point(r, i);
            constant(f, op - Op.FLD1);
        } else if (op >= Op.FCMOVB && op <= Op.FCMOVNU) {
            f.point(r, i);
            moveIf(f, condition(r, op - Op.FCMOVB), i.a);
        } else if (i.form == Instruction.MR) {
            switch (op) {
                case Op.FLD, Op.FILD, Op.FBLD -> load(f, r, m, i);
                default -> store(f, r, m, i);
            }
        } else {
            f.point(r, i);
            move(f, op, i.a);
        }
    }

    private static void move(FloatingPoint f, int op, int n) {
        FpuRegisters registers = f.registers;
        switch (op) {
            case Op.FLD -> {
                if (f.hasValue(n) && f.roomOnTop()) {
                    f.rounder.exact(f.signExponent(n), f.significand(n));
                }
                f.deliverOnTop();
            }
            case Op.FST -> copyTop(f, n);
            case Op.FSTP, Op.FSTP_1, Op.FSTP_2, Op.FSTP_3 -> {
                if (op == Op.FSTP_1 && registers.empty(0)) {
                    // This encoding doesn't look whether there is anything.
                    f.flag();
                    registers.pop();
                } else if (copyTop(f, n)) {
                    registers.pop();
                }
            }
            case Op.FXCH, Op.FXCH_1, Op.FXCH_2 -> exchange(f, n);
            case Op.FFREE -> {
                registers.status &= ~FpuRegisters.C1;
                registers.full &= ~(1 << registers.place(n));
            }
            case Op.FFREEP -> {
                registers.status &= ~FpuRegisters.C1;
                registers.full &= ~(1 << registers.place(n));
                registers.pop();
            }
            case Op.FINCSTP -> {
                registers.top = registers.top + 1 & 7;
                registers.status &= ~FpuRegisters.C1;
            }
            case Op.FDECSTP -> {
                registers.top = registers.top - 1 & 7;
                registers.status &= ~FpuRegisters.C1;
            }
            default -> throw new IllegalStateException(Op.name(op));
        }
    }

    private static boolean copyTop(FloatingPoint f, int n) {
        if (f.hasValue(0)) {
            f.rounder.exact(f.signExponent(0), f.significand(0));
        }
        return f.deliver(n);
    }

    private static void exchange(FloatingPoint f, int n) {
        FpuRegisters registers = f.registers;
        boolean fault = !f.hasValue(0) | !f.hasValue(n);
        f.flag();
        if (fault && f.rounder.stopped()) {
            return;
        }
        for (int each = 0; fault && each < 2; each++) {
            int which = each == 0 ? 0 : n;
            if (registers.empty(which)) {
                registers.set(
                        which, Extended.INDEFINITE_SIGN_EXPONENT, Extended.INDEFINITE_SIGNIFICAND);
            }
        }
        int signExponent = f.signExponent(0);
        long significand = f.significand(0);
        registers.set(0, f.signExponent(n), f.significand(n));
        registers.set(n, signExponent, significand);
    }

    /** Of FCMOVcc: B, E, BE, U, and their opposites. */
    private static boolean condition(Registers r, int number) {
        boolean holds =
                switch (number & 3) {
                    case 0 -> r.carry();
                    case 1 -> r.zero();
                    case 2 -> r.carry() || r.zero();
                    default -> r.parity();
                };
        return holds == number < 4;
    }

    private static void moveIf(FloatingPoint f, boolean condition, int n) {
        if (!(f.hasValue(0) && f.hasValue(n))) {
            f.deliver(0);
        } else if (condition) {
            f.registers.set(0, f.signExponent(n), f.significand(n));
        }
    }

    private static void constant(FloatingPoint f, int number) {
        if (f.roomOnTop()) {
            Rounder u = f.rounder;
            u.constant(CONSTANT_EXPONENTS[number], CONSTANTS[number], BELOW_CONSTANTS[number]);
        }
        f.deliverOnTop();
    }

    private static void load(FloatingPoint f, Registers r, Mmu m, Instruction i) {
        Rounder u = f.rounder;
        long offset = Operands.address(r, i);
        long bits;
        int high = 0;
        if (i.width == 10) {
            bits = m.load64(i.segment, offset);
            high = m.load16(i.segment, offset + 8 & i.addressMask);
        } else {
            bits = m.load(i.segment, offset, i.width);
        }
        f.point(r, i);
        if (f.roomOnTop()) {
            switch (i.op) {
                case Op.FILD -> Conversions.fromInteger(u, Operands.signed(bits, i.width));
                case Op.FBLD -> Conversions.fromDecimal(u, high, bits);
                default -> {
                    switch (i.width) {
                        case 4 -> Conversions.fromSingle(u, (int) bits, true);
                        case 8 -> Conversions.fromDouble(u, bits, true);
                        default -> {
                            u.exact(high, bits);
                        }
                    }
                }
            }
        }
        f.flag();
        // A denormal is loaded even when the exception that it raises isn't masked.
        if ((u.raised & ~u.control & FpuRegisters.INVALID) == 0) {
            f.registers.push();
            f.registers.set(0, u.signExponent, u.significand);
        }
    }

    private static void store(FloatingPoint f, Registers r, Mmu m, Instruction i) {
        Rounder u = f.rounder;
        boolean present = f.hasValue(0);
        int se = present ? f.signExponent(0) : Extended.INDEFINITE_SIGN_EXPONENT;
        long a = present ? f.significand(0) : Extended.INDEFINITE_SIGNIFICAND;
        long offset = Operands.address(r, i);
        int high = 0;
        long bits;
        switch (i.op) {
            case Op.FIST, Op.FISTP ->
                    bits =
                            present
                                    ? Conversions.toInteger(u, se, a, i.width)
                                    : Long.MIN_VALUE >> 64 - 8 * i.width;
            case Op.FBSTP -> {
                if (present) {
                    bits = Conversions.toDecimal(u, se, a);
                    high = u.signExponent;
                } else {
                    bits = Conversions.DECIMAL_INDEFINITE_LOW;
                    high = Conversions.DECIMAL_INDEFINITE_HIGH;
                }
            }
            default -> {
                switch (i.width) {
                    case 4 -> bits = Conversions.toSingle(u, se, a);
                    case 8 -> bits = Conversions.toDouble(u, se, a);
                    default -> {
                        high = se;
                        bits = a;
                    }
                }
            }
        }
        // Memory first: when it faults, the unit is as it was.
        if (!u.storesNothing()) {
            if (i.width == 10) {
                m.probeWrite(i.segment, offset, 8);
                m.probeWrite(i.segment, offset + 8 & i.addressMask, 2);
                m.store64(i.segment, offset, bits);
                m.store16(i.segment, offset + 8 & i.addressMask, high);
            } else {
                m.store(i.segment, offset, i.width, bits);
            }
        } else {
            m.probeWrite(i.segment, offset, i.width);
        }
        f.point(r, i);
        f.flag();
        boolean pops = i.op != Op.FST && i.op != Op.FIST;
        if (pops && !u.storesNothing()) {
            f.registers.pop();
        }
    }
}
