package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.fpu.BasicArithmetic;
import org.vitrine.core.cpu.fpu.Comparison;
import org.vitrine.core.cpu.fpu.Conversions;
import org.vitrine.core.cpu.fpu.Extended;
import org.vitrine.core.cpu.fpu.FpuRegisters;
import org.vitrine.core.cpu.fpu.Rounder;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** Floating-point sums, differences, products, quotients and comparisons. */
final class FloatArithmetic {

    private FloatArithmetic() {}

    private static final int KIND = 7;
    private static final int COM = Op.FCOM & KIND;
    private static final int COMP = Op.FCOMP & KIND;

    static void execute(Execution x, Registers r, Mmu m, Instruction i) {
        FloatingPoint f = x.floatingPoint;
        if (!f.begin(x, i)) {
            return;
        }
        if (i.op > Op.FDIVRP) {
            f.point(r, i);
            compareRegisters(f, r, i);
            return;
        }
        int kind = i.op & KIND;
        if (i.form == Instruction.MR) {
            load(f, r, m, i);
            withOperand(f, kind);
            return;
        }
        f.point(r, i);
        switch (i.op) {
            case Op.FCOM -> compare(f, i.a, false, 0);
            case Op.FCOMP, Op.FCOMP_2 -> compare(f, i.a, false, 1);
            case Op.FCOMPP -> compare(f, 1, false, 2);
            default -> {
                if (f.hasValue(i.a) && f.hasValue(i.b)) {
                    compute(
                            f.rounder,
                            kind,
                            f.signExponent(i.a),
                            f.significand(i.a),
                            f.signExponent(i.b),
                            f.significand(i.b));
                }
                if (f.deliver(i.a) && i.op >= Op.FADDP) {
                    f.registers.pop();
                }
            }
        }
    }

    private static void compute(Rounder u, int kind, int seA, long a, int seB, long b) {
        switch (kind) {
            case Op.FADD & KIND -> BasicArithmetic.add(u, seA, a, seB, b);
            case Op.FMUL & KIND -> BasicArithmetic.multiply(u, seA, a, seB, b);
            case Op.FSUB & KIND -> BasicArithmetic.subtract(u, seA, a, seB, b);
            case Op.FSUBR & KIND -> BasicArithmetic.subtract(u, seB, b, seA, a);
            case Op.FDIV & KIND -> BasicArithmetic.divide(u, seA, a, seB, b);
            default -> BasicArithmetic.divide(u, seB, b, seA, a);
        }
    }

    /** Makes the operand in memory the rounder's result. */
    static void load(FloatingPoint f, Registers r, Mmu m, Instruction i) {
        Rounder u = f.rounder;
        long bits = m.load(i.segment, Operands.address(r, i), i.width);
        f.point(r, i);
        if (i.op >= Op.FIADD) {
            Conversions.fromInteger(u, Operands.signed(bits, i.width));
        } else if (i.width == 4) {
            Conversions.fromSingle(u, (int) bits, false);
        } else {
            Conversions.fromDouble(u, bits, false);
        }
    }

    /** Computes with ST(0) and the operand that was loaded. */
    static void withOperand(FloatingPoint f, int kind) {
        Rounder u = f.rounder;
        int seB = u.signExponent;
        long b = u.significand;
        boolean compares = kind == COM || kind == COMP;
        if (!f.hasValue(0)) {
            u.raised &= ~FpuRegisters.DENORMAL;
        } else {
            int seA = f.signExponent(0);
            long a = f.significand(0);
            if (Extended.kind(seA, a) >= Extended.QUIET_NAN) {
                // Nothing is said of a denormal then.
                u.raised = 0;
            }
            if (compares) {
                conditions(f, Comparison.compare(u, seA, a, seB, b, false), kind == COM ? 0 : 1);
                return;
            }
            if (!u.stopped()) {
                compute(u, kind, seA, a, seB, b);
            }
        }
        if (compares) {
            conditions(f, Comparison.UNORDERED, kind == COM ? 0 : 1);
        } else {
            f.deliver(0);
        }
    }

    private static void compareRegisters(FloatingPoint f, Registers r, Instruction i) {
        switch (i.op) {
            case Op.FCOM_1 -> compare(f, i.a, false, 0);
            case Op.FCOMP_1 -> compare(f, i.a, false, 1);
            case Op.FUCOM -> compare(f, i.a, true, 0);
            case Op.FUCOMP -> compare(f, i.a, true, 1);
            case Op.FUCOMPP -> compare(f, 1, true, 2);
            case Op.FCOMI -> compareToFlags(f, r, i.a, false, 0);
            case Op.FUCOMI -> compareToFlags(f, r, i.a, true, 0);
            case Op.FCOMIP -> compareToFlags(f, r, i.a, false, 1);
            case Op.FUCOMIP -> compareToFlags(f, r, i.a, true, 1);
            case Op.FTST -> {
                int order = Comparison.UNORDERED;
                if (f.hasValue(0)) {
                    order =
                            Comparison.compare(
                                    f.rounder, f.signExponent(0), f.significand(0), 0, 0, false);
                }
                conditions(f, order, 0);
            }
            case Op.FXAM -> {
                int examined =
                        f.registers.empty(0)
                                ? Comparison.examineEmpty(f.signExponent(0))
                                : Comparison.examine(f.signExponent(0), f.significand(0));
                f.registers.status = f.registers.status & ~FpuRegisters.CONDITIONS | examined;
            }
            default -> throw new IllegalStateException(Op.name(i.op));
        }
    }

    /** The order of ST(0) and ST(n). */
    private static int order(FloatingPoint f, int n, boolean quiet) {
        return f.hasValue(0) && f.hasValue(n)
                ? Comparison.compare(
                        f.rounder,
                        f.signExponent(0),
                        f.significand(0),
                        f.signExponent(n),
                        f.significand(n),
                        quiet)
                : Comparison.UNORDERED;
    }

    private static void compare(FloatingPoint f, int n, boolean quiet, int pops) {
        conditions(f, order(f, n, quiet), pops);
    }

    /**
     * Sets the condition bits, and pops unless an exception forbids it. The bits are set in any
     * case, as processors do; the manual says that an invalid operation that isn't masked leaves
     * them.
     */
    private static void conditions(FloatingPoint f, int order, int pops) {
        f.flag();
        int kept = ~(FpuRegisters.C0 | FpuRegisters.C2 | FpuRegisters.C3);
        f.registers.status = f.registers.status & kept | order;
        pop(f, pops);
    }

    private static void compareToFlags(
            FloatingPoint f, Registers r, int n, boolean quiet, int pops) {
        int order = order(f, n, quiet);
        f.flag();
        // C0, C2 and C3 are where SAHF has CF, PF and ZF.
        r.setArithmeticFlags(order >> 8);
        pop(f, pops);
    }

    private static void pop(FloatingPoint f, int pops) {
        for (int n = 0; n < pops && !f.rounder.stopped(); n++) {
            f.registers.pop();
        }
    }
}
