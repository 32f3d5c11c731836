package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.block.Step;
import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.fpu.BasicArithmetic;
import org.vitrine.core.cpu.fpu.Rounder;

/** Sums, differences, products and quotients of floating-point registers and memory. */
final class FloatSteps {

    private static final int KIND = 7;

    private FloatSteps() {}

    /** The step for an instruction, or null when it is none of these. */
    static Step of(Execution x, Instruction i) {
        boolean arithmetic =
                i.op >= Op.FADD && i.op <= Op.FIDIVR || i.op >= Op.FADDP && i.op <= Op.FDIVRP;
        boolean compares = (i.op & KIND) == (Op.FCOM & KIND) || (i.op & KIND) == (Op.FCOMP & KIND);
        if (!arithmetic || compares) {
            return null;
        }
        return i.form == Instruction.MR ? withMemory(x, i) : inRegisters(x, i);
    }

    private abstract static class RegisterStep extends OperandStep {

        final FloatingPoint f;
        final Rounder u;
        final int to;
        final int from;
        private final Instruction i;
        private final boolean pops;

        RegisterStep(Execution x, Instruction i) {
            super(x, i);
            this.i = i;
            f = x.floatingPoint;
            u = f.rounder;
            to = i.a;
            from = i.b;
            pops = i.op >= Op.FADDP;
        }

        /**
         * Whether there are two values; if not, everything has been done, and the instruction
         * pointer may have been put back.
         */
        final boolean begin() {
            r.ip = following();
            if (!f.begin(x, i)) {
                return false;
            }
            f.point(r, i);
            if (f.hasValue(to) && f.hasValue(from)) {
                return true;
            }
            end();
            return false;
        }

        final void end() {
            if (f.deliver(to) && pops) {
                f.registers.pop();
            }
        }
    }

    private static Step inRegisters(Execution x, Instruction i) {
        return switch (i.op & KIND) {
            case Op.FADD & KIND ->
                    new RegisterStep(x, i) {
                        @Override
                        public boolean run() {
                            if (begin()) {
                                BasicArithmetic.add(
                                        u,
                                        f.signExponent(to),
                                        f.significand(to),
                                        f.signExponent(from),
                                        f.significand(from));
                                end();
                            }
                            return !x.leave;
                        }
                    };
            case Op.FMUL & KIND ->
                    new RegisterStep(x, i) {
                        @Override
                        public boolean run() {
                            if (begin()) {
                                BasicArithmetic.multiply(
                                        u,
                                        f.signExponent(to),
                                        f.significand(to),
                                        f.signExponent(from),
                                        f.significand(from));
                                end();
                            }
                            return !x.leave;
                        }
                    };
            case Op.FSUB & KIND ->
                    new RegisterStep(x, i) {
                        @Override
                        public boolean run() {
                            if (begin()) {
                                BasicArithmetic.subtract(
                                        u,
                                        f.signExponent(to),
                                        f.significand(to),
                                        f.signExponent(from),
                                        f.significand(from));
                                end();
                            }
                            return !x.leave;
                        }
                    };
            case Op.FSUBR & KIND ->
                    new RegisterStep(x, i) {
                        @Override
                        public boolean run() {
                            if (begin()) {
                                BasicArithmetic.subtract(
                                        u,
                                        f.signExponent(from),
                                        f.significand(from),
                                        f.signExponent(to),
                                        f.significand(to));
                                end();
                            }
                            return !x.leave;
                        }
                    };
            case Op.FDIV & KIND ->
                    new RegisterStep(x, i) {
                        @Override
                        public boolean run() {
                            if (begin()) {
                                BasicArithmetic.divide(
                                        u,
                                        f.signExponent(to),
                                        f.significand(to),
                                        f.signExponent(from),
                                        f.significand(from));
                                end();
                            }
                            return !x.leave;
                        }
                    };
            default ->
                    new RegisterStep(x, i) {
                        @Override
                        public boolean run() {
                            if (begin()) {
                                BasicArithmetic.divide(
                                        u,
                                        f.signExponent(from),
                                        f.significand(from),
                                        f.signExponent(to),
                                        f.significand(to));
                                end();
                            }
                            return !x.leave;
                        }
                    };
        };
    }

    private abstract static class MemoryStep extends OperandStep {

        final FloatingPoint f;
        final Rounder u;
        private final Instruction i;

        MemoryStep(Execution x, Instruction i) {
            super(x, i);
            this.i = i;
            f = x.floatingPoint;
            u = f.rounder;
        }

        /**
         * Whether there are two values, with nothing to be said of the one in memory; if not,
         * everything has been done.
         */
        final boolean begin() {
            r.ip = following();
            if (!f.begin(x, i)) {
                return false;
            }
            FloatArithmetic.load(f, r, m, i);
            if (u.raised == 0 && !f.registers.empty(0)) {
                return true;
            }
            FloatArithmetic.withOperand(f, i.op & KIND);
            return false;
        }

        final void end() {
            f.deliver(0);
        }
    }

    private static Step withMemory(Execution x, Instruction i) {
        return switch (i.op & KIND) {
            case Op.FADD & KIND ->
                    new MemoryStep(x, i) {
                        @Override
                        public boolean run() {
                            if (begin()) {
                                BasicArithmetic.add(
                                        u,
                                        f.signExponent(0),
                                        f.significand(0),
                                        u.signExponent,
                                        u.significand);
                                end();
                            }
                            return !x.leave;
                        }
                    };
            case Op.FMUL & KIND ->
                    new MemoryStep(x, i) {
                        @Override
                        public boolean run() {
                            if (begin()) {
                                BasicArithmetic.multiply(
                                        u,
                                        f.signExponent(0),
                                        f.significand(0),
                                        u.signExponent,
                                        u.significand);
                                end();
                            }
                            return !x.leave;
                        }
                    };
            case Op.FSUB & KIND ->
                    new MemoryStep(x, i) {
                        @Override
                        public boolean run() {
                            if (begin()) {
                                BasicArithmetic.subtract(
                                        u,
                                        f.signExponent(0),
                                        f.significand(0),
                                        u.signExponent,
                                        u.significand);
                                end();
                            }
                            return !x.leave;
                        }
                    };
            case Op.FSUBR & KIND ->
                    new MemoryStep(x, i) {
                        @Override
                        public boolean run() {
                            if (begin()) {
                                BasicArithmetic.subtract(
                                        u,
                                        u.signExponent,
                                        u.significand,
                                        f.signExponent(0),
                                        f.significand(0));
                                end();
                            }
                            return !x.leave;
                        }
                    };
            case Op.FDIV & KIND ->
                    new MemoryStep(x, i) {
                        @Override
                        public boolean run() {
                            if (begin()) {
                                BasicArithmetic.divide(
                                        u,
                                        f.signExponent(0),
                                        f.significand(0),
                                        u.signExponent,
                                        u.significand);
                                end();
                            }
                            return !x.leave;
                        }
                    };
            default ->
                    new MemoryStep(x, i) {
                        @Override
                        public boolean run() {
                            if (begin()) {
                                BasicArithmetic.divide(
                                        u,
                                        u.signExponent,
                                        u.significand,
                                        f.signExponent(0),
                                        f.significand(0));
                                end();
                            }
                            return !x.leave;
                        }
                    };
        };
    }
}
