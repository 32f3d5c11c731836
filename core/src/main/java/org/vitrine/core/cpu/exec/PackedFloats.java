package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.simd.FloatUnit;
import org.vitrine.core.cpu.simd.SimdRegisters;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** Floating-point arithmetic on XMM registers. */
final class PackedFloats {

    private PackedFloats() {}

    private static final long LOW_32 = 0xFFFF_FFFFL;

    // The low two bits of an operation with all four types.
    private static final int PACKED_SINGLE = 0;
    private static final int PACKED_DOUBLE = 1;
    private static final int SCALAR_SINGLE = 2;

    /** The number of CMP among operations, behind those that {@link FloatUnit} names. */
    private static final int COMPARE = Op.CMPPS - Op.ADDPS >> 2;

    /** What comparisons look for, by the low two bits of their number; the third inverts it. */
    private static final int[] RELATIONS = {
        FloatUnit.EQUAL, FloatUnit.LESS, FloatUnit.LESS | FloatUnit.EQUAL, FloatUnit.UNORDERED
    };

    private static final int INVERTED = 4;

    static void execute(Execution x, Registers r, Mmu m, Instruction i) {
        Simd.begin(x);
        Simd simd = x.simd;
        simd.source(x, r, m, i);
        FloatUnit unit = simd.unit;
        unit.begin(simd.registers.mxcsr);
        switch (i.op) {
            case Op.RCPPS, Op.RSQRTPS ->
                    simd.registers.set(
                            i.a, approximations(i.op, simd.high), approximations(i.op, simd.low));
            case Op.RCPSS, Op.RSQRTSS ->
                    setLow32(simd.registers, i.a, approximation(i.op, (int) simd.low));
            case Op.COMISS, Op.COMISD, Op.UCOMISS, Op.UCOMISD -> compareForFlags(x, r, i);
            default -> compute(x, i);
        }
    }

    private static void compute(Execution x, Instruction i) {
        Simd simd = x.simd;
        FloatUnit unit = simd.unit;
        SimdRegisters registers = simd.registers;
        int operation = i.op - Op.ADDPS >> 2;
        int predicate = (int) i.immediate & 7;
        long low = registers.low(i.a);
        long high = registers.high(i.a);
        switch (i.op & 3) {
            case PACKED_SINGLE -> {
                low = singles(unit, operation, predicate, low, simd.low);
                high = singles(unit, operation, predicate, high, simd.high);
            }
            case PACKED_DOUBLE -> {
                low = lane(unit, operation, predicate, low, simd.low);
                high = lane(unit, operation, predicate, high, simd.high);
            }
            case SCALAR_SINGLE -> {
                int result = lane(unit, operation, predicate, (int) low, (int) simd.low);
                low = low & ~LOW_32 | result & LOW_32;
            }
            default -> low = lane(unit, operation, predicate, low, simd.low);
        }
        simd.finish(x);
        registers.set(i.a, high, low);
    }

    private static long singles(FloatUnit unit, int operation, int predicate, long a, long b) {
        int low = lane(unit, operation, predicate, (int) a, (int) b);
        int high = lane(unit, operation, predicate, (int) (a >>> 32), (int) (b >>> 32));
        return low & LOW_32 | (long) high << 32;
    }

    private static int lane(FloatUnit unit, int operation, int predicate, int a, int b) {
        return operation == COMPARE
                ? (int) truth(predicate, unit.compare(a, b, quiet(predicate)))
                : unit.compute(operation, a, b);
    }

    private static long lane(FloatUnit unit, int operation, int predicate, long a, long b) {
        return operation == COMPARE
                ? truth(predicate, unit.compare(a, b, quiet(predicate)))
                : unit.compute(operation, a, b);
    }

    /** Whether a comparison looks only for equality or order, so that any NaN may be there. */
    private static boolean quiet(int predicate) {
        int relation = predicate & ~INVERTED;
        return relation == 0 || relation == 3;
    }

    private static long truth(int predicate, int relation) {
        boolean holds = (relation & RELATIONS[predicate & ~INVERTED]) != 0;
        return holds != (predicate & INVERTED) > 0 ? -1 : 0;
    }

    private static void compareForFlags(Execution x, Registers r, Instruction i) {
        Simd simd = x.simd;
        long a = simd.registers.low(i.a);
        boolean quiet = i.op == Op.UCOMISS || i.op == Op.UCOMISD;
        int relation =
                i.op == Op.COMISS || i.op == Op.UCOMISS
                        ? simd.unit.compare((int) a, (int) simd.low, quiet)
                        : simd.unit.compare(a, simd.low, quiet);
        simd.finish(x);
        r.setArithmeticFlags(
                switch (relation) {
                    case FloatUnit.LESS -> Registers.CF;
                    case FloatUnit.EQUAL -> Registers.ZF;
                    case FloatUnit.GREATER -> 0;
                    default -> Registers.CF | Registers.ZF | Registers.PF;
                });
    }

    private static long approximations(int op, long a) {
        return approximation(op, (int) a) & LOW_32
                | (long) approximation(op, (int) (a >>> 32)) << 32;
    }

    private static int approximation(int op, int a) {
        return op == Op.RCPPS || op == Op.RCPSS
                ? FloatUnit.reciprocal(a)
                : FloatUnit.reciprocalRoot(a);
    }

    private static void setLow32(SimdRegisters registers, int n, int value) {
        registers.xmm[2 * n] = registers.low(n) & ~LOW_32 | value & LOW_32;
    }
}
