package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.block.Step;
import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;

/** Steps for whatever there is: each leaves it to the instruction's group to tell it apart. */
final class GroupSteps {

    private GroupSteps() {}

    private abstract static class GroupStep extends OperandStep {

        final Instruction i;
        private final boolean ends;

        GroupStep(Execution x, Instruction i) {
            super(x, i);
            this.i = i;
            ends = i.endsBlock();
        }

        abstract void execute();

        @Override
        public final boolean run() {
            r.ip = following();
            execute();
            if (ends) {
                // Where it goes and what it changed is no matter of this block.
                x.leave = true;
            }
            return !x.leave;
        }
    }

    /** The step for an instruction, of which everything that it does can be seen. */
    static Step of(Execution x, Instruction i) {
        return switch (i.group) {
            case Op.ARITHMETIC >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            Arithmetic.execute(r, m, i);
                        }
                    };
            case Op.MOVE >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            Moves.execute(r, m, i);
                        }
                    };
            case Op.STACK >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            Stack.execute(x, r, m, i);
                        }
                    };
            case Op.BRANCH >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            Branches.execute(x, r, m, i);
                        }
                    };
            case Op.FAR >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            FarTransfers.execute(x, r, m, i);
                        }
                    };
            case Op.SHIFT >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            Shifts.execute(r, m, i);
                        }
                    };
            case Op.MULTIPLY >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            Multiplication.execute(x, r, m, i);
                        }
                    };
            case Op.BITS >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            Bits.execute(r, m, i);
                        }
                    };
            case Op.STRING >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            Strings.execute(x, r, m, i);
                        }
                    };
            case Op.SYSTEM >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            SystemOperations.execute(x, r, m, i);
                        }
                    };
            case Op.FLOAT_ARITHMETIC >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            FloatArithmetic.execute(x, r, m, i);
                        }
                    };
            case Op.FLOAT_MOVE >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            FloatMoves.execute(x, r, m, i);
                        }
                    };
            case Op.FLOAT_FUNCTION >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            FloatFunctions.execute(x, r, i);
                        }
                    };
            case Op.FLOAT_CONTROL >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            FloatControl.execute(x, r, m, i);
                        }
                    };
            case Op.PACKED_INTEGER >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            PackedIntegers.execute(x, r, m, i);
                        }
                    };
            case Op.PACKED_SHIFT >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            PackedShifts.execute(x, r, m, i);
                        }
                    };
            case Op.PACKED_MOVE >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            PackedMoves.execute(x, r, m, i);
                        }
                    };
            case Op.PACKED_FLOAT >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            PackedFloats.execute(x, r, m, i);
                        }
                    };
            case Op.PACKED_CONVERSION >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            PackedConversions.execute(x, r, m, i);
                        }
                    };
            default ->
                    new GroupStep(x, i) {
                        @Override
                        void execute() {
                            SimdControl.execute(x, r, m, i);
                        }
                    };
        };
    }
}
