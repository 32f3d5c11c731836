package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.state.Registers.ECX;

import org.vitrine.core.cpu.block.Step;
import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Registers;

/**
 * Relative jumps, calls and returns inside a segment, pushes and pops of registers; and a
 * comparison or DEC with the conditional jump behind it, as loops end with.
 */
final class BranchSteps {

    private static final long MASK_32 = 0xFFFF_FFFFL;
    private static final int JZ = Op.JCC + 4;
    private static final int JNZ = JZ + 1;

    private BranchSteps() {}

    /** The step for an instruction, or null when it is none of these. */
    static Step of(Execution x, Instruction i) {
        return switch (i.op) {
            case Op.JMP ->
                    new JumpStep(x, i) {
                        @Override
                        public boolean run() {
                            return jump();
                        }
                    };
            case Op.LOOP ->
                    new JumpStep(x, i) {
                        @Override
                        public boolean run() {
                            long counter = gpr[ECX];
                            long next = counter - 1 & counterMask;
                            // A fault leaves the counter as it was.
                            boolean on = next == 0 || jump();
                            gpr[ECX] = counter & keptMask | next;
                            return on;
                        }
                    };
            case Op.CALL ->
                    new JumpStep(x, i) {
                        @Override
                        public boolean run() {
                            long target = target();
                            Stack.push(r, m, width, following());
                            r.ip = target;
                            return false;
                        }
                    };
            case Op.RET ->
                    new JumpStep(x, i) {
                        @Override
                        public boolean run() {
                            long target = Stack.peek(r, m, width, 0);
                            checkLimit(target);
                            Stack.drop(r, width + i.immediate);
                            r.ip = target;
                            return false;
                        }
                    };
            case Op.PUSH -> i.form == Instruction.RR ? push(x, i) : null;
            case Op.POP -> i.form == Instruction.RR ? pop(x, i) : null;
            default -> isConditional(i) ? conditional(x, i) : null;
        };
    }

    static boolean isConditional(Instruction i) {
        return i.op >= Op.JCC && i.op < Op.JCC + 16;
    }

    private abstract static class JumpStep extends OperandStep {

        final int width;
        final long counterMask;
        final long keptMask;
        private final long distance;
        private final long mask;

        JumpStep(Execution x, Instruction i) {
            super(x, i);
            width = i.width;
            counterMask = i.addressMask;
            keptMask = i.addressMask == 0xFFFF ? ~0xFFFFL : 0;
            distance = i.immediate;
            mask = Operands.mask(width);
        }

        final long target() {
            long target = following() + distance & mask;
            checkLimit(target);
            return target;
        }

        final void checkLimit(long target) {
            if (target > r.limit[Registers.CS]) {
                throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
            }
        }

        final boolean jump() {
            r.ip = target();
            return false;
        }
    }

    private static Step conditional(Execution x, Instruction i) {
        return switch (i.op) {
            case JZ ->
                    new JumpStep(x, i) {
                        @Override
                        public boolean run() {
                            return !r.zero() || jump();
                        }
                    };
            case JNZ ->
                    new JumpStep(x, i) {
                        @Override
                        public boolean run() {
                            return r.zero() || jump();
                        }
                    };
            default ->
                    new JumpStep(x, i) {
                        @Override
                        public boolean run() {
                            return !r.condition(i.op - Op.JCC) || jump();
                        }
                    };
        };
    }

    /**
     * Two instructions in one step, or null when they are not two of those that can be: CMP, TEST
     * or DEC in 32-bit registers, and Jcc.
     */
    static Step fused(Execution x, Instruction first, Instruction jump) {
        boolean inRegisters = first.form == Instruction.RR || first.form == Instruction.RI;
        if (!inRegisters || first.width != 4 || !isConditional(jump)) {
            return null;
        }
        boolean onZero = jump.op == JZ || jump.op == JNZ;
        return switch (first.op) {
            case Op.CMP -> compareAndJump(x, first, jump, onZero);
            case Op.TEST ->
                    new FusedStep(x, first, jump) {
                        @Override
                        public boolean run() {
                            r.flagsOfLogic(gpr[a] & second(), 4);
                            return !r.condition(condition) || jump();
                        }
                    };
            case Op.DEC -> onZero ? countAndJump(x, first, jump) : null;
            default -> null;
        };
    }

    private abstract static class FusedStep extends JumpStep {

        final int condition;
        final boolean zero;
        final int a;
        private final int b;
        private final long immediate;

        FusedStep(Execution x, Instruction first, Instruction jump) {
            super(x, jump);
            condition = jump.op - Op.JCC;
            zero = jump.op == JZ;
            a = first.a;
            b = first.b;
            immediate = first.immediate;
        }

        final long second() {
            return gpr[b] + immediate;
        }
    }

    private static Step compareAndJump(
            Execution x, Instruction first, Instruction jump, boolean onZero) {
        if (onZero) {
            return new FusedStep(x, first, jump) {
                @Override
                public boolean run() {
                    long left = gpr[a];
                    long right = second();
                    r.flagsOfDifference(left, right, left - right & MASK_32, 4);
                    return left == right != zero || jump();
                }
            };
        }
        return new FusedStep(x, first, jump) {
            @Override
            public boolean run() {
                long left = gpr[a];
                long right = second();
                r.flagsOfDifference(left, right, left - right & MASK_32, 4);
                return !r.condition(condition) || jump();
            }
        };
    }

    private static Step countAndJump(Execution x, Instruction first, Instruction jump) {
        return new FusedStep(x, first, jump) {
            @Override
            public boolean run() {
                long before = gpr[a];
                long after = before - 1 & MASK_32;
                gpr[a] = after;
                r.flagsOfDecrement(before, after, 4);
                return after == 0 != zero || jump();
            }
        };
    }

    private static Step push(Execution x, Instruction i) {
        if (i.width == 4) {
            return new OperandStep(x, i) {
                @Override
                public boolean run() {
                    long pointer = gpr[Registers.ESP] - 4 & r.stackMask;
                    m.store32(Registers.SS, pointer, (int) gpr[i.a]);
                    r.setStackPointer(pointer);
                    return goOn();
                }
            };
        }
        return new OperandStep(x, i) {
            @Override
            public boolean run() {
                Stack.push(r, m, i.width, gpr[i.a]);
                return goOn();
            }
        };
    }

    private static Step pop(Execution x, Instruction i) {
        return new OperandStep(x, i) {
            @Override
            public boolean run() {
                Stack.popRegister(r, m, i);
                return goOn();
            }
        };
    }
}
