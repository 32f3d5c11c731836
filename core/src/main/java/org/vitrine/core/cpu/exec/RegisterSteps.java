package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.block.Step;
import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.Registers;

/**
 * Arithmetic, MOV and shifts by a constant in registers. None of them can fault, and none ends a
 * block.
 *
 * <p>A source in a register and an immediate one are the same: the sum of register and immediate,
 * of which one is zero ({@link Instruction#ZERO}). Those of 32 bits, which programs mostly consist
 * of, are apart from those of any width. Flags that nobody can see before they are set anew are not
 * computed.
 */
final class RegisterSteps {

    private static final long MASK_32 = 0xFFFF_FFFFL;

    private RegisterSteps() {}

    /**
     * The step for an instruction, or null when it is none of these.
     *
     * @param seen whether the flags that it computes may be looked at
     */
    static Step of(Registers r, Instruction i, boolean seen) {
        if (i.form != Instruction.RR && i.form != Instruction.RI) {
            return null;
        }
        if (i.width != 4) {
            return narrow(r, i, seen);
        }
        boolean shift = i.op >>> Op.GROUP_SHIFT == Op.SHIFT >> Op.GROUP_SHIFT;
        if (shift && (i.form != Instruction.RI || (i.immediate & 31) == 0)) {
            return null;
        }
        return shift ? shift32(r, i, seen) : arithmetic32(r, i, seen);
    }

    /** With operands of 32 bits. */
    private abstract static class Step32 extends Step {

        final Registers r;
        final boolean seen;
        final long[] gpr;
        final int a;

        /** How far to shift. */
        final int by;

        private final int b;
        private final long immediate;

        Step32(Registers r, Instruction i, boolean seen) {
            super(i.end, i.count);
            this.seen = seen;
            this.r = r;
            gpr = r.gpr;
            a = i.a;
            b = i.b;
            immediate = i.immediate;
            by = (int) i.immediate & 31;
        }

        final long first() {
            return gpr[a];
        }

        final long second() {
            return gpr[b] + immediate;
        }
    }

    private static Step arithmetic32(Registers r, Instruction i, boolean seen) {
        return switch (i.op) {
            case Op.ADD ->
                    new Step32(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long second = second();
                            long result = first + second & MASK_32;
                            gpr[a] = result;
                            if (seen) {
                                r.flagsOfSum(first, second, result, 4);
                            }
                            return true;
                        }
                    };
            case Op.OR ->
                    new Step32(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long second = second();
                            long result = first | second;
                            gpr[a] = result;
                            if (seen) {
                                r.flagsOfLogic(result, 4);
                            }
                            return true;
                        }
                    };
            case Op.ADC ->
                    new Step32(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long second = second();
                            long result = first + second + r.carryBit() & MASK_32;
                            gpr[a] = result;
                            if (seen) {
                                r.flagsOfSum(first, second, result, 4);
                            }
                            return true;
                        }
                    };
            case Op.SBB ->
                    new Step32(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long second = second();
                            long result = first - second - r.carryBit() & MASK_32;
                            gpr[a] = result;
                            if (seen) {
                                r.flagsOfDifference(first, second, result, 4);
                            }
                            return true;
                        }
                    };
            case Op.AND ->
                    new Step32(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long second = second();
                            long result = first & second;
                            gpr[a] = result;
                            if (seen) {
                                r.flagsOfLogic(result, 4);
                            }
                            return true;
                        }
                    };
            case Op.SUB ->
                    new Step32(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long second = second();
                            long result = first - second & MASK_32;
                            gpr[a] = result;
                            if (seen) {
                                r.flagsOfDifference(first, second, result, 4);
                            }
                            return true;
                        }
                    };
            case Op.XOR ->
                    new Step32(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long second = second();
                            long result = first ^ second;
                            gpr[a] = result;
                            if (seen) {
                                r.flagsOfLogic(result, 4);
                            }
                            return true;
                        }
                    };
            case Op.CMP ->
                    new Step32(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long second = second();
                            r.flagsOfDifference(first, second, first - second & MASK_32, 4);
                            return true;
                        }
                    };
            case Op.TEST ->
                    new Step32(r, i, seen) {
                        @Override
                        public boolean run() {
                            r.flagsOfLogic(first() & second(), 4);
                            return true;
                        }
                    };
            case Op.INC ->
                    new Step32(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long result = first + 1 & MASK_32;
                            gpr[a] = result;
                            if (seen) {
                                r.flagsOfIncrement(first, result, 4);
                            }
                            return true;
                        }
                    };
            case Op.DEC ->
                    new Step32(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long result = first - 1 & MASK_32;
                            gpr[a] = result;
                            if (seen) {
                                r.flagsOfDecrement(first, result, 4);
                            }
                            return true;
                        }
                    };
            case Op.NEG ->
                    new Step32(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long result = -first & MASK_32;
                            gpr[a] = result;
                            if (seen) {
                                r.flagsOfDifference(0, first, result, 4);
                            }
                            return true;
                        }
                    };
            case Op.NOT ->
                    new Step32(r, i, seen) {
                        @Override
                        public boolean run() {
                            gpr[a] = ~first() & MASK_32;
                            return true;
                        }
                    };
            case Op.MOV ->
                    new Step32(r, i, seen) {
                        @Override
                        public boolean run() {
                            gpr[a] = second();
                            return true;
                        }
                    };
            default -> null;
        };
    }

    private static Step shift32(Registers r, Instruction i, boolean seen) {
        return switch (i.op) {
            case Op.SHL ->
                    new Step32(r, i, seen) {
                        @Override
                        public boolean run() {
                            gpr[a] =
                                    seen
                                            ? Shifts.shiftLeft32(r, first(), by)
                                            : first() << by & MASK_32;
                            return true;
                        }
                    };
            case Op.SHR ->
                    new Step32(r, i, seen) {
                        @Override
                        public boolean run() {
                            gpr[a] = seen ? Shifts.shiftRight32(r, first(), by) : first() >>> by;
                            return true;
                        }
                    };
            case Op.SAR ->
                    new Step32(r, i, seen) {
                        @Override
                        public boolean run() {
                            gpr[a] = Shifts.shiftArithmetically32(r, first(), by);
                            return true;
                        }
                    };
            case Op.ROL ->
                    new Step32(r, i, seen) {
                        @Override
                        public boolean run() {
                            gpr[a] = Shifts.rotateLeft32(r, first(), by);
                            return true;
                        }
                    };
            case Op.ROR ->
                    new Step32(r, i, seen) {
                        @Override
                        public boolean run() {
                            gpr[a] = Shifts.rotateRight32(r, first(), by);
                            return true;
                        }
                    };
            default -> null;
        };
    }

    /** With operands of any width, in any place of their registers. */
    private abstract static class NarrowStep extends Step {

        final Registers r;
        final boolean seen;
        final int width;
        final long mask;
        private final long[] gpr;
        private final int a;
        private final int aShift;
        private final int b;
        private final int bShift;
        private final long immediate;
        private final long kept;

        NarrowStep(Registers r, Instruction i, boolean seen) {
            super(i.end, i.count);
            this.seen = seen;
            this.r = r;
            gpr = r.gpr;
            a = i.a;
            b = i.b;
            aShift = i.aShift;
            bShift = i.bShift;
            immediate = i.immediate;
            width = i.width;
            mask = Operands.mask(width);
            kept = width >= 4 ? 0 : ~(mask << aShift);
        }

        final long first() {
            return gpr[a] >>> aShift & mask;
        }

        final long second() {
            return (gpr[b] >>> bShift) + immediate & mask;
        }

        final void set(long result) {
            gpr[a] = gpr[a] & kept | result << aShift;
        }
    }

    private static Step narrow(Registers r, Instruction i, boolean seen) {
        return switch (i.op) {
            case Op.ADD ->
                    new NarrowStep(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long second = second();
                            long result = first + second & mask;
                            set(result);
                            if (seen) {
                                r.flagsOfSum(first, second, result, width);
                            }
                            return true;
                        }
                    };
            case Op.OR ->
                    new NarrowStep(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long second = second();
                            long result = first | second;
                            set(result);
                            if (seen) {
                                r.flagsOfLogic(result, width);
                            }
                            return true;
                        }
                    };
            case Op.ADC ->
                    new NarrowStep(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long second = second();
                            long result = first + second + r.carryBit() & mask;
                            set(result);
                            if (seen) {
                                r.flagsOfSum(first, second, result, width);
                            }
                            return true;
                        }
                    };
            case Op.SBB ->
                    new NarrowStep(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long second = second();
                            long result = first - second - r.carryBit() & mask;
                            set(result);
                            if (seen) {
                                r.flagsOfDifference(first, second, result, width);
                            }
                            return true;
                        }
                    };
            case Op.AND ->
                    new NarrowStep(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long second = second();
                            long result = first & second;
                            set(result);
                            if (seen) {
                                r.flagsOfLogic(result, width);
                            }
                            return true;
                        }
                    };
            case Op.SUB ->
                    new NarrowStep(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long second = second();
                            long result = first - second & mask;
                            set(result);
                            if (seen) {
                                r.flagsOfDifference(first, second, result, width);
                            }
                            return true;
                        }
                    };
            case Op.XOR ->
                    new NarrowStep(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long second = second();
                            long result = first ^ second;
                            set(result);
                            if (seen) {
                                r.flagsOfLogic(result, width);
                            }
                            return true;
                        }
                    };
            case Op.CMP ->
                    new NarrowStep(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long second = second();
                            r.flagsOfDifference(first, second, first - second & mask, width);
                            return true;
                        }
                    };
            case Op.TEST ->
                    new NarrowStep(r, i, seen) {
                        @Override
                        public boolean run() {
                            r.flagsOfLogic(first() & second(), width);
                            return true;
                        }
                    };
            case Op.INC ->
                    new NarrowStep(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long result = first + 1 & mask;
                            set(result);
                            if (seen) {
                                r.flagsOfIncrement(first, result, width);
                            }
                            return true;
                        }
                    };
            case Op.DEC ->
                    new NarrowStep(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long result = first - 1 & mask;
                            set(result);
                            if (seen) {
                                r.flagsOfDecrement(first, result, width);
                            }
                            return true;
                        }
                    };
            case Op.NEG ->
                    new NarrowStep(r, i, seen) {
                        @Override
                        public boolean run() {
                            long first = first();
                            long result = -first & mask;
                            set(result);
                            if (seen) {
                                r.flagsOfDifference(0, first, result, width);
                            }
                            return true;
                        }
                    };
            case Op.NOT ->
                    new NarrowStep(r, i, seen) {
                        @Override
                        public boolean run() {
                            set(~first() & mask);
                            return true;
                        }
                    };
            case Op.MOV ->
                    new NarrowStep(r, i, seen) {
                        @Override
                        public boolean run() {
                            set(second());
                            return true;
                        }
                    };
            default -> null;
        };
    }
}
