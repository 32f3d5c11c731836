package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.block.Step;
import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;

/** MOV and MOVZX from memory and to memory, LEA, arithmetic with an operand in memory. */
final class MemorySteps {

    private static final long MASK_32 = 0xFFFF_FFFFL;

    private MemorySteps() {}

    /** The step for an instruction, or null when it is none of these. */
    static Step of(Execution x, Instruction i) {
        return switch (i.op) {
            case Op.LEA -> i.width == 4 ? lea32(x, i) : null;
            case Op.MOVZX -> i.width == 4 && i.form == Instruction.RM ? extended(x, i) : null;
            case Op.MOV ->
                    switch (i.form) {
                        case Instruction.RM -> load(x, i);
                        case Instruction.MR, Instruction.MI -> store(x, i);
                        default -> null;
                    };
            default ->
                    i.op >>> Op.GROUP_SHIFT == Op.ARITHMETIC >> Op.GROUP_SHIFT
                            ? computed(x, i)
                            : null;
        };
    }

    /** With an operand in memory, whose address has up to two registers. */
    private abstract static class AddressStep extends OperandStep {

        final int segment;
        private final int base;
        private final int index;
        private final int scale;
        private final long displacement;
        private final long mask;

        AddressStep(Execution x, Instruction i) {
            super(x, i);
            segment = i.segment;
            base = i.base;
            index = i.index;
            scale = i.scale;
            displacement = i.displacement;
            mask = i.addressMask;
        }

        final long address() {
            return gpr[base] + (gpr[index] << scale) + displacement & mask;
        }
    }

    /** To a register. */
    private abstract static class LoadStep extends AddressStep {

        final int a;
        final int aShift;

        LoadStep(Execution x, Instruction i) {
            super(x, i);
            a = i.a;
            aShift = i.aShift;
        }
    }

    /** From a register or the instruction. */
    private abstract static class StoreStep extends AddressStep {

        private final int b;
        private final int bShift;
        private final long immediate;

        StoreStep(Execution x, Instruction i) {
            super(x, i);
            b = i.b;
            bShift = i.bShift;
            immediate = i.immediate;
        }

        final int source() {
            return (int) ((gpr[b] >>> bShift) + immediate);
        }
    }

    private static Step lea32(Execution x, Instruction i) {
        return new LoadStep(x, i) {
            @Override
            public boolean run() {
                gpr[a] = address() & MASK_32;
                return true;
            }
        };
    }

    private static Step load(Execution x, Instruction i) {
        return switch (i.width) {
            case 1 ->
                    new LoadStep(x, i) {
                        @Override
                        public boolean run() {
                            r.set(a, aShift, 1, m.load8(segment, address()));
                            return goOn();
                        }
                    };
            case 2 ->
                    new LoadStep(x, i) {
                        @Override
                        public boolean run() {
                            r.set(a, 0, 2, m.load16(segment, address()));
                            return goOn();
                        }
                    };
            case 4 ->
                    new LoadStep(x, i) {
                        @Override
                        public boolean run() {
                            gpr[a] = m.load32(segment, address()) & MASK_32;
                            return goOn();
                        }
                    };
            default -> null;
        };
    }

    private static Step extended(Execution x, Instruction i) {
        if (i.sourceWidth == 1) {
            return new LoadStep(x, i) {
                @Override
                public boolean run() {
                    gpr[a] = m.load8(segment, address());
                    return goOn();
                }
            };
        }
        return new LoadStep(x, i) {
            @Override
            public boolean run() {
                gpr[a] = m.load16(segment, address());
                return goOn();
            }
        };
    }

    private static Step store(Execution x, Instruction i) {
        return switch (i.width) {
            case 1 ->
                    new StoreStep(x, i) {
                        @Override
                        public boolean run() {
                            m.store8(segment, address(), source());
                            return goOn();
                        }
                    };
            case 2 ->
                    new StoreStep(x, i) {
                        @Override
                        public boolean run() {
                            m.store16(segment, address(), source());
                            return goOn();
                        }
                    };
            case 4 ->
                    new StoreStep(x, i) {
                        @Override
                        public boolean run() {
                            m.store32(segment, address(), source());
                            return goOn();
                        }
                    };
            default -> null;
        };
    }

    private static Step computed(Execution x, Instruction i) {
        if (i.form != Instruction.RM) {
            return new OperandStep(x, i) {
                @Override
                public boolean run() {
                    Arithmetic.toMemory(r, m, i);
                    return goOn();
                }
            };
        }
        if (i.width != 4) {
            return null;
        }
        return new LoadStep(x, i) {
            @Override
            public boolean run() {
                long loaded = m.load32(segment, address()) & MASK_32;
                long result = Arithmetic.compute(r, i.op, 4, gpr[a], loaded);
                if (i.op != Op.CMP && i.op != Op.TEST) {
                    gpr[a] = result;
                }
                return goOn();
            }
        };
    }
}
