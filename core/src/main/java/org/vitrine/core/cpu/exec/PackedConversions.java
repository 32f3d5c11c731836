package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.simd.FloatUnit;
import org.vitrine.core.cpu.simd.SimdRegisters;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** Conversions between integers, singles and doubles, in XMM, MMX and general registers. */
final class PackedConversions {

    private PackedConversions() {}

    private static final long LOW_32 = 0xFFFF_FFFFL;

    static void execute(Execution x, Registers r, Mmu m, Instruction i) {
        Simd.begin(x);
        Simd simd = x.simd;
        simd.unit.begin(simd.registers.mxcsr);
        switch (i.op) {
            case Op.CVTPI2PS, Op.CVTPI2PD -> fromMmx(x, r, m, i);
            case Op.CVTPS2PI, Op.CVTTPS2PI, Op.CVTPD2PI, Op.CVTTPD2PI -> toMmx(x, r, m, i);
            case Op.CVTSI2SS, Op.CVTSI2SD -> fromGeneral(x, r, m, i);
            case Op.CVTSS2SI, Op.CVTTSS2SI, Op.CVTSD2SI, Op.CVTTSD2SI -> {
                simd.source(x, r, m, i);
                boolean truncate = i.op == Op.CVTTSS2SI || i.op == Op.CVTTSD2SI;
                int result =
                        i.op == Op.CVTSS2SI || i.op == Op.CVTTSS2SI
                                ? simd.unit.toInteger((int) simd.low, truncate)
                                : simd.unit.toInteger(simd.low, truncate);
                simd.finish(x);
                r.set(i.a, 0, 4, result & LOW_32);
            }
            default -> {
                simd.source(x, r, m, i);
                withinXmm(x, i);
            }
        }
    }

    private static void withinXmm(Execution x, Instruction i) {
        Simd simd = x.simd;
        FloatUnit unit = simd.unit;
        SimdRegisters registers = simd.registers;
        long source = simd.low;
        long low = registers.low(i.a);
        long high = registers.high(i.a);
        switch (i.op) {
            case Op.CVTDQ2PS -> {
                low = singles(unit, source);
                high = singles(unit, simd.high);
            }
            case Op.CVTDQ2PD -> {
                low = ofInteger((int) source);
                high = ofInteger((int) (source >>> 32));
            }
            case Op.CVTPS2PD -> {
                low = unit.widen((int) source);
                high = unit.widen((int) (source >>> 32));
            }
            case Op.CVTPD2PS -> {
                low = pair(unit.narrow(source), unit.narrow(simd.high));
                high = 0;
            }
            case Op.CVTSS2SD -> low = unit.widen((int) source);
            case Op.CVTSD2SS -> low = low & ~LOW_32 | unit.narrow(source) & LOW_32;
            case Op.CVTPS2DQ, Op.CVTTPS2DQ -> {
                boolean truncate = i.op == Op.CVTTPS2DQ;
                low = integersOfSingles(unit, source, truncate);
                high = integersOfSingles(unit, simd.high, truncate);
            }
            default -> {
                low = integersOfDoubles(unit, simd.high, source, i.op == Op.CVTTPD2DQ);
                high = 0;
            }
        }
        simd.finish(x);
        registers.set(i.a, high, low);
    }

    /** With an operand in memory these have nothing to do with MMX. */
    private static void fromMmx(Execution x, Registers r, Mmu m, Instruction i) {
        boolean memory = i.form == Instruction.RM;
        if (!memory && !Simd.beginMmx(x, i)) {
            return;
        }
        Simd simd = x.simd;
        long source = memory ? m.load64(i.segment, Operands.address(r, i)) : Simd.mmx(x, i.b);
        SimdRegisters registers = simd.registers;
        if (i.op == Op.CVTPI2PD) {
            registers.set(i.a, ofInteger((int) (source >>> 32)), ofInteger((int) source));
        } else {
            long low = singles(simd.unit, source);
            simd.finish(x);
            registers.set(i.a, registers.high(i.a), low);
        }
    }

    private static void toMmx(Execution x, Registers r, Mmu m, Instruction i) {
        if (!Simd.beginMmx(x, i)) {
            return;
        }
        Simd simd = x.simd;
        simd.source(x, r, m, i);
        // The floating-point unit changes hands even when an exception follows.
        x.floatingPoint.registers.enterMmx();
        boolean truncate = i.op == Op.CVTTPS2PI || i.op == Op.CVTTPD2PI;
        long result =
                i.op == Op.CVTPS2PI || i.op == Op.CVTTPS2PI
                        ? integersOfSingles(simd.unit, simd.low, truncate)
                        : integersOfDoubles(simd.unit, simd.high, simd.low, truncate);
        simd.finish(x);
        Simd.setMmx(x, i.a, result);
    }

    private static void fromGeneral(Execution x, Registers r, Mmu m, Instruction i) {
        Simd simd = x.simd;
        int source = (int) Operands.second(r, m, i);
        long[] xmm = simd.registers.xmm;
        if (i.op == Op.CVTSI2SD) {
            xmm[2 * i.a] = ofInteger(source);
            return;
        }
        int result = simd.unit.fromInteger(source);
        simd.finish(x);
        xmm[2 * i.a] = xmm[2 * i.a] & ~LOW_32 | result & LOW_32;
    }

    private static long ofInteger(int value) {
        return Double.doubleToRawLongBits(value);
    }

    private static long pair(int low, int high) {
        return low & LOW_32 | (long) high << 32;
    }

    private static long singles(FloatUnit unit, long integers) {
        return pair(unit.fromInteger((int) integers), unit.fromInteger((int) (integers >>> 32)));
    }

    private static long integersOfSingles(FloatUnit unit, long singles, boolean truncate) {
        return pair(
                unit.toInteger((int) singles, truncate),
                unit.toInteger((int) (singles >>> 32), truncate));
    }

    private static long integersOfDoubles(FloatUnit unit, long high, long low, boolean truncate) {
        return pair(unit.toInteger(low, truncate), unit.toInteger(high, truncate));
    }
}
