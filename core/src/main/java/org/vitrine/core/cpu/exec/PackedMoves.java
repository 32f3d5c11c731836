package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.state.Registers.EDI;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.simd.Lanes;
import org.vitrine.core.cpu.simd.SimdRegisters;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** Moves from and to MMX and XMM registers. */
final class PackedMoves {

    private PackedMoves() {}

    private static final long LOW_32 = 0xFFFF_FFFFL;

    static void execute(Execution x, Registers r, Mmu m, Instruction i) {
        switch (i.op) {
            case Op.MOVAPS, Op.MOVAPD, Op.MOVDQA, Op.MOVNTPS, Op.MOVNTPD, Op.MOVNTDQ ->
                    whole(x, r, m, i, true);
            case Op.MOVUPS, Op.MOVUPD, Op.MOVDQU -> whole(x, r, m, i, false);
            case Op.MOVSS, Op.MOVSD, Op.MOVQ_XMM -> scalar(x, r, m, i);
            case Op.MOVNTI -> m.store32(i.segment, Operands.address(r, i), (int) r.gpr[i.b]);
            case Op.MOVD, Op.MOVD_FROM, Op.PMOVMSKB -> {
                if (i.width == 8 || i.sourceWidth == 8) {
                    mmx(x, r, m, i);
                } else {
                    xmm(x, r, m, i);
                }
            }
            case Op.MOVQ, Op.MOVNTQ, Op.MASKMOVQ -> mmx(x, r, m, i);
            case Op.MOVQ2DQ, Op.MOVDQ2Q -> between(x, i);
            default -> xmm(x, r, m, i);
        }
    }

    private static void mmx(Execution x, Registers r, Mmu m, Instruction i) {
        if (!Simd.beginMmx(x, i)) {
            return;
        }
        long[] registers = x.floatingPoint.registers.significand;
        boolean store = i.form == Instruction.MR;
        switch (i.op) {
            case Op.MOVD -> setMmx(x, i.a, Operands.second(r, m, i) & LOW_32);
            case Op.MOVD_FROM -> Operands.setFirst(r, m, i, registers[i.b] & LOW_32);
            case Op.MOVQ, Op.MOVNTQ -> {
                if (store) {
                    m.store64(i.segment, Operands.address(r, i), registers[i.b]);
                } else {
                    setMmx(x, i.a, Simd.mmxSource(x, r, m, i));
                }
            }
            case Op.MASKMOVQ -> storeMasked(r, m, i, 0, registers[i.a], 0, registers[i.b]);
            default -> r.set(i.a, 0, 4, Lanes.byteSigns(registers[i.b]));
        }
        x.floatingPoint.registers.enterMmx();
    }

    private static void setMmx(Execution x, int n, long value) {
        Simd.setMmx(x, n, value);
    }

    private static void between(Execution x, Instruction i) {
        Simd.begin(x);
        if (!Simd.beginMmx(x, i)) {
            return;
        }
        if (i.op == Op.MOVQ2DQ) {
            x.simd.registers.set(i.a, 0, Simd.mmx(x, i.b));
        } else {
            x.floatingPoint.registers.enterMmx();
            setMmx(x, i.a, x.simd.registers.low(i.b));
        }
    }

    private static void xmm(Execution x, Registers r, Mmu m, Instruction i) {
        Simd.begin(x);
        SimdRegisters registers = x.simd.registers;
        switch (i.op) {
            case Op.MOVD -> registers.set(i.a, 0, Operands.second(r, m, i) & LOW_32);
            case Op.MOVD_FROM -> Operands.setFirst(r, m, i, registers.low(i.b) & LOW_32);
            case Op.MOVHPS, Op.MOVHPD -> {
                if (i.form == Instruction.MR) {
                    m.store64(i.segment, Operands.address(r, i), registers.high(i.b));
                } else {
                    long value = m.load64(i.segment, Operands.address(r, i));
                    registers.set(i.a, value, registers.low(i.a));
                }
            }
            case Op.MOVLPS, Op.MOVLPD -> {
                if (i.form == Instruction.MR) {
                    m.store64(i.segment, Operands.address(r, i), registers.low(i.b));
                } else {
                    long value = m.load64(i.segment, Operands.address(r, i));
                    registers.set(i.a, registers.high(i.a), value);
                }
            }
            case Op.MOVLHPS -> registers.set(i.a, registers.low(i.b), registers.low(i.a));
            case Op.MOVHLPS -> registers.set(i.a, registers.high(i.a), registers.high(i.b));
            case Op.MOVMSKPS -> {
                long low = registers.low(i.b);
                long high = registers.high(i.b);
                long signs = low >>> 31 & 1 | low >>> 63 << 1;
                r.set(i.a, 0, 4, signs | (high >>> 31 & 1) << 2 | high >>> 63 << 3);
            }
            case Op.MOVMSKPD ->
                    r.set(i.a, 0, 4, registers.low(i.b) >>> 63 | registers.high(i.b) >>> 63 << 1);
            case Op.PMOVMSKB -> {
                int high = Lanes.byteSigns(registers.high(i.b));
                r.set(i.a, 0, 4, Lanes.byteSigns(registers.low(i.b)) | high << 8);
            }
            default ->
                    storeMasked(
                            r,
                            m,
                            i,
                            registers.high(i.a),
                            registers.low(i.a),
                            registers.high(i.b),
                            registers.low(i.b));
        }
    }

    private static void whole(Execution x, Registers r, Mmu m, Instruction i, boolean aligned) {
        Simd.begin(x);
        SimdRegisters registers = x.simd.registers;
        if (i.form == Instruction.RR) {
            registers.set(i.a, registers.high(i.b), registers.low(i.b));
            return;
        }
        long offset = Operands.address(r, i);
        if (aligned) {
            Simd.checkAligned(x, m, i, offset);
        }
        if (i.form == Instruction.MR) {
            Simd.store(m, i, offset, registers.high(i.b), registers.low(i.b));
        } else {
            x.simd.load(m, i, offset);
            registers.set(i.a, x.simd.high, x.simd.low);
        }
    }

    /** What memory has no bits for becomes zero; between registers only MOVQ makes it so. */
    private static void scalar(Execution x, Registers r, Mmu m, Instruction i) {
        Simd.begin(x);
        SimdRegisters registers = x.simd.registers;
        switch (i.form) {
            case Instruction.MR ->
                    m.store(i.segment, Operands.address(r, i), i.width, registers.low(i.b));
            case Instruction.RM -> {
                long value = m.load(i.segment, Operands.address(r, i), i.sourceWidth);
                registers.set(i.a, 0, value);
            }
            default -> {
                long low = registers.low(i.b);
                switch (i.op) {
                    case Op.MOVQ_XMM -> registers.set(i.a, 0, low);
                    case Op.MOVSD -> registers.xmm[2 * i.a] = low;
                    default -> registers.xmm[2 * i.a] = registers.low(i.a) & ~LOW_32 | low & LOW_32;
                }
            }
        }
    }

    /** Writes the bytes whose bytes in the mask have their highest bit set, or nothing. */
    private static void storeMasked(
            Registers r, Mmu m, Instruction i, long high, long low, long highMask, long lowMask) {
        int mask = Lanes.byteSigns(lowMask) | Lanes.byteSigns(highMask) << 8;
        for (int n = 0; n < 16; n++) {
            if ((mask >> n & 1) != 0) {
                m.probeWrite(i.segment, r.gpr[EDI] + n & i.addressMask, 1);
            }
        }
        for (int n = 0; n < 16; n++) {
            if ((mask >> n & 1) != 0) {
                long value = n < 8 ? low >>> 8 * n : high >>> 8 * n;
                m.store8(i.segment, r.gpr[EDI] + n & i.addressMask, (int) value);
            }
        }
    }
}
