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

        final void begin() {
            r.ip = following();
        }

        final boolean goOnOrEnd() {
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
                        public boolean run() {
                            begin();
                            Arithmetic.execute(r, m, i);
                            return goOnOrEnd();
                        }
                    };
            case Op.MOVE >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        public boolean run() {
                            begin();
                            Moves.execute(r, m, i);
                            return goOnOrEnd();
                        }
                    };
            case Op.STACK >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        public boolean run() {
                            begin();
                            Stack.execute(x, r, m, i);
                            return goOnOrEnd();
                        }
                    };
            case Op.BRANCH >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        public boolean run() {
                            begin();
                            Branches.execute(x, r, m, i);
                            return goOnOrEnd();
                        }
                    };
            case Op.FAR >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        public boolean run() {
                            begin();
                            FarTransfers.execute(x, r, m, i);
                            return goOnOrEnd();
                        }
                    };
            case Op.SHIFT >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        public boolean run() {
                            begin();
                            Shifts.execute(r, m, i);
                            return goOnOrEnd();
                        }
                    };
            case Op.MULTIPLY >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        public boolean run() {
                            begin();
                            Multiplication.execute(x, r, m, i);
                            return goOnOrEnd();
                        }
                    };
            case Op.BITS >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        public boolean run() {
                            begin();
                            Bits.execute(r, m, i);
                            return goOnOrEnd();
                        }
                    };
            case Op.STRING >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        public boolean run() {
                            begin();
                            Strings.execute(x, r, m, i);
                            return goOnOrEnd();
                        }
                    };
            case Op.SYSTEM >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        public boolean run() {
                            begin();
                            SystemOperations.execute(x, r, m, i);
                            return goOnOrEnd();
                        }
                    };
            case Op.FLOAT_ARITHMETIC >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        public boolean run() {
                            begin();
                            FloatArithmetic.execute(x, r, m, i);
                            return goOnOrEnd();
                        }
                    };
            case Op.FLOAT_MOVE >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        public boolean run() {
                            begin();
                            FloatMoves.execute(x, r, m, i);
                            return goOnOrEnd();
                        }
                    };
            case Op.FLOAT_FUNCTION >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        public boolean run() {
                            begin();
                            FloatFunctions.execute(x, r, i);
                            return goOnOrEnd();
                        }
                    };
            case Op.FLOAT_CONTROL >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        public boolean run() {
                            begin();
                            FloatControl.execute(x, r, m, i);
                            return goOnOrEnd();
                        }
                    };
            case Op.PACKED_INTEGER >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        public boolean run() {
                            begin();
                            PackedIntegers.execute(x, r, m, i);
                            return goOnOrEnd();
                        }
                    };
            case Op.PACKED_SHIFT >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        public boolean run() {
                            begin();
                            PackedShifts.execute(x, r, m, i);
                            return goOnOrEnd();
                        }
                    };
            case Op.PACKED_MOVE >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        public boolean run() {
                            begin();
                            PackedMoves.execute(x, r, m, i);
                            return goOnOrEnd();
                        }
                    };
            case Op.PACKED_FLOAT >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        public boolean run() {
                            begin();
                            PackedFloats.execute(x, r, m, i);
                            return goOnOrEnd();
                        }
                    };
            case Op.PACKED_CONVERSION >> Op.GROUP_SHIFT ->
                    new GroupStep(x, i) {
                        @Override
                        public boolean run() {
                            begin();
                            PackedConversions.execute(x, r, m, i);
                            return goOnOrEnd();
                        }
                    };
            default ->
                    new GroupStep(x, i) {
                        @Override
                        public boolean run() {
                            begin();
                            SimdControl.execute(x, r, m, i);
                            return goOnOrEnd();
                        }
                    };
        };
    }
}
