package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.fpu.BasicArithmetic;
import org.vitrine.core.cpu.fpu.Conversions;
import org.vitrine.core.cpu.fpu.Extended;
import org.vitrine.core.cpu.fpu.FpuRegisters;
import org.vitrine.core.cpu.fpu.Functions;
import org.vitrine.core.cpu.fpu.Remainders;
import org.vitrine.core.cpu.fpu.Rounder;
import org.vitrine.core.cpu.state.Registers;

/** Floating-point functions of ST(0), or of it and ST(1). */
final class FloatFunctions {

    private FloatFunctions() {}

    static void execute(Execution x, Registers r, Instruction i) {
        FloatingPoint f = x.floatingPoint;
        if (!f.begin(x, i)) {
            return;
        }
        f.point(r, i);
        switch (i.op) {
            case Op.FSCALE, Op.FPREM, Op.FPREM1 -> ofTwo(f, i.op, 0);
            case Op.FYL2X, Op.FYL2XP1, Op.FPATAN -> {
                if (ofTwo(f, i.op, 1)) {
                    f.registers.pop();
                }
            }
            case Op.FXTRACT -> extract(f);
            case Op.FSIN, Op.FCOS, Op.FPTAN, Op.FSINCOS -> trigonometric(f, i.op);
            default -> ofOne(f, i.op);
        }
    }

    private static void ofOne(FloatingPoint f, int op) {
        if (f.hasValue(0)) {
            Rounder u = f.rounder;
            int se = f.signExponent(0);
            long a = f.significand(0);
            switch (op) {
                case Op.FCHS -> u.exact(se ^ Extended.SIGN, a);
                case Op.FABS -> u.exact(se & ~Extended.SIGN, a);
                case Op.FSQRT -> BasicArithmetic.squareRoot(u, se, a);
                case Op.FRNDINT -> Conversions.roundToInteger(u, se, a);
                case Op.F2XM1 -> f.functions.powerLessOne(u, se, a);
                default -> throw new IllegalStateException(Op.name(op));
            }
        }
        f.deliver(0);
    }

    /** Gives ST(n) a function of both; returns whether it did. */
    private static boolean ofTwo(FloatingPoint f, int op, int n) {
        int conditions = -1;
        if (f.hasValue(0) && f.hasValue(1)) {
            Rounder u = f.rounder;
            int seA = f.signExponent(0);
            long a = f.significand(0);
            int seB = f.signExponent(1);
            long b = f.significand(1);
            switch (op) {
                case Op.FSCALE -> Remainders.scale(u, seA, a, seB, b);
                case Op.FPREM -> conditions = Remainders.remainder(u, seA, a, seB, b, false);
                case Op.FPREM1 -> conditions = Remainders.remainder(u, seA, a, seB, b, true);
                case Op.FYL2X -> f.functions.logarithm(u, seA, a, seB, b);
                case Op.FYL2XP1 -> f.functions.logarithmOfOneMore(u, seA, a, seB, b);
                default -> f.functions.arcTangent(u, seA, a, seB, b);
            }
        }
        boolean delivered = f.deliver(n);
        if (op == Op.FPREM || op == Op.FPREM1) {
            f.registers.status &= ~FpuRegisters.C2;
        }
        if (conditions >= 0 && delivered) {
            f.registers.status = f.registers.status & ~FpuRegisters.CONDITIONS | conditions;
        }
        return delivered;
    }

    private static void extract(FloatingPoint f) {
        Rounder u = f.rounder;
        if (!f.hasValue(0) || !f.roomOnTop()) {
            twice(f);
            return;
        }
        int se = f.signExponent(0);
        long a = f.significand(0);
        Remainders.exponent(u, se, a);
        int exponentSe = u.signExponent;
        long exponent = u.significand;
        if (!u.stopped()) {
            Remainders.significand(u, se, a);
        }
        both(f, exponentSe, exponent);
    }

    /** Gives ST(0) a first result and pushes the one that the rounder has. */
    private static void both(FloatingPoint f, int firstSe, long first) {
        f.flag();
        if (!f.rounder.stopped()) {
            f.registers.set(0, firstSe, first);
            f.registers.push();
            f.registers.set(0, f.rounder.signExponent, f.rounder.significand);
        }
    }

    private static void twice(FloatingPoint f) {
        both(f, f.rounder.signExponent, f.rounder.significand);
    }

    private static void trigonometric(FloatingPoint f, int op) {
        Rounder u = f.rounder;
        boolean pushes = op == Op.FPTAN || op == Op.FSINCOS;
        if (!f.hasValue(0) || pushes && !f.roomOnTop()) {
            f.registers.status &= ~FpuRegisters.C2;
            if (pushes) {
                twice(f);
            } else {
                f.deliver(0);
            }
            return;
        }
        int se = f.signExponent(0);
        long a = f.significand(0);
        if (Functions.outOfRange(se, a)) {
            f.registers.status = f.registers.status & ~FpuRegisters.C1 | FpuRegisters.C2;
            return;
        }
        f.registers.status &= ~FpuRegisters.C2;
        switch (op) {
            case Op.FSIN -> {
                f.functions.sine(u, se, a);
                f.deliver(0);
            }
            case Op.FCOS -> {
                f.functions.cosine(u, se, a);
                f.deliver(0);
            }
            case Op.FSINCOS -> {
                f.functions.sine(u, se, a);
                int sineSe = u.signExponent;
                long sine = u.significand;
                f.functions.cosine(u, se, a);
                both(f, sineSe, sine);
            }
            default -> {
                f.functions.tangent(u, se, a);
                int tangentSe = u.signExponent;
                long tangent = u.significand;
                if (Extended.kind(se, a) < Extended.INFINITY) {
                    u.exact(Extended.BIAS, Extended.INTEGER_BIT);
                }
                both(f, tangentSe, tangent);
            }
        }
    }
}
