package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.simd.Lanes.BYTES;
import static org.vitrine.core.cpu.simd.Lanes.DWORDS;
import static org.vitrine.core.cpu.simd.Lanes.WORDS;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.simd.Lanes;
import org.vitrine.core.cpu.simd.SimdRegisters;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/**
 * Integers in lanes, and bits. On XMM registers most operations are what they are on MMX registers,
 * twice.
 */
final class PackedIntegers {

    private PackedIntegers() {}

    static void execute(Execution x, Registers r, Mmu m, Instruction i) {
        if (i.width == 8) {
            if (Simd.beginMmx(x, i)) {
                long b = Simd.mmxSource(x, r, m, i);
                Simd.setMmx(x, i.a, onMmx(i.op, Simd.mmx(x, i.a), b));
            }
            return;
        }
        Simd.begin(x);
        x.simd.source(x, r, m, i);
        onXmm(x.simd.registers, i.op, i.a, x.simd.high, x.simd.low);
    }

    private static long onMmx(int op, long a, long b) {
        return switch (op) {
            case Op.PUNPCKLBW, Op.PUNPCKLWD, Op.PUNPCKLDQ -> interleave(op, a, b);
            case Op.PUNPCKHBW, Op.PUNPCKHWD, Op.PUNPCKHDQ -> interleave(op, a >>> 32, b >>> 32);
            case Op.PACKSSWB, Op.PACKSSDW, Op.PACKUSWB -> pack(op, a, b);
            default -> compute(op, a, b);
        };
    }

    private static void onXmm(SimdRegisters registers, int op, int n, long high, long low) {
        long a = registers.low(n);
        long b = registers.high(n);
        switch (op) {
            case Op.PUNPCKLBW, Op.PUNPCKLWD, Op.PUNPCKLDQ, Op.UNPCKLPS ->
                    registers.set(n, interleave(op, a >>> 32, low >>> 32), interleave(op, a, low));
            case Op.PUNPCKHBW, Op.PUNPCKHWD, Op.PUNPCKHDQ, Op.UNPCKHPS ->
                    registers.set(
                            n, interleave(op, b >>> 32, high >>> 32), interleave(op, b, high));
            case Op.PUNPCKLQDQ, Op.UNPCKLPD -> registers.set(n, low, a);
            case Op.PUNPCKHQDQ, Op.UNPCKHPD -> registers.set(n, high, b);
            case Op.PACKSSWB, Op.PACKSSDW, Op.PACKUSWB ->
                    registers.set(n, pack(op, low, high), pack(op, a, b));
            default -> registers.set(n, compute(op, b, high), compute(op, a, low));
        }
    }

    private static long interleave(int op, long a, long b) {
        return switch (op) {
            case Op.PUNPCKLBW, Op.PUNPCKHBW -> Lanes.interleaveBytes(a, b);
            case Op.PUNPCKLWD, Op.PUNPCKHWD -> Lanes.interleaveWords(a, b);
            default -> Lanes.interleaveDwords(a, b);
        };
    }

    private static long pack(int op, long a, long b) {
        return switch (op) {
            case Op.PACKSSWB -> Lanes.packSignedWords(a) | Lanes.packSignedWords(b) << 32;
            case Op.PACKUSWB -> Lanes.packUnsignedWords(a) | Lanes.packUnsignedWords(b) << 32;
            default -> Lanes.packSignedDwords(a) | Lanes.packSignedDwords(b) << 32;
        };
    }

    private static long compute(int op, long a, long b) {
        return switch (op) {
            case Op.PADDB -> Lanes.add(a, b, BYTES);
            case Op.PADDW -> Lanes.add(a, b, WORDS);
            case Op.PADDD -> Lanes.add(a, b, DWORDS);
            case Op.PADDQ -> a + b;
            case Op.PSUBB -> Lanes.subtract(a, b, BYTES);
            case Op.PSUBW -> Lanes.subtract(a, b, WORDS);
            case Op.PSUBD -> Lanes.subtract(a, b, DWORDS);
            case Op.PSUBQ -> a - b;
            case Op.PADDSB -> Lanes.addSigned(a, b, BYTES);
            case Op.PADDSW -> Lanes.addSigned(a, b, WORDS);
            case Op.PADDUSB -> Lanes.addUnsigned(a, b, BYTES);
            case Op.PADDUSW -> Lanes.addUnsigned(a, b, WORDS);
            case Op.PSUBSB -> Lanes.subtractSigned(a, b, BYTES);
            case Op.PSUBSW -> Lanes.subtractSigned(a, b, WORDS);
            case Op.PSUBUSB -> Lanes.subtractUnsigned(a, b, BYTES);
            case Op.PSUBUSW -> Lanes.subtractUnsigned(a, b, WORDS);
            case Op.PCMPEQB -> Lanes.equal(a, b, BYTES);
            case Op.PCMPEQW -> Lanes.equal(a, b, WORDS);
            case Op.PCMPEQD -> Lanes.equal(a, b, DWORDS);
            case Op.PCMPGTB -> Lanes.greater(a, b, BYTES);
            case Op.PCMPGTW -> Lanes.greater(a, b, WORDS);
            case Op.PCMPGTD -> Lanes.greater(a, b, DWORDS);
            case Op.PMULLW -> Lanes.multiplyLow(a, b);
            case Op.PMULHW -> Lanes.multiplyHigh(a, b);
            case Op.PMULHUW -> Lanes.multiplyHighUnsigned(a, b);
            case Op.PMULUDQ -> (a & 0xFFFF_FFFFL) * (b & 0xFFFF_FFFFL);
            case Op.PMADDWD -> Lanes.multiplyAndAdd(a, b);
            case Op.PSADBW -> Lanes.sumOfDifferences(a, b);
            case Op.PAVGB -> Lanes.average(a, b, BYTES);
            case Op.PAVGW -> Lanes.average(a, b, WORDS);
            case Op.PMINUB -> Lanes.minimumUnsigned(a, b, BYTES);
            case Op.PMAXUB -> Lanes.maximumUnsigned(a, b, BYTES);
            case Op.PMINSW -> Lanes.minimumSigned(a, b, WORDS);
            case Op.PMAXSW -> Lanes.maximumSigned(a, b, WORDS);
            case Op.PAND, Op.ANDPS, Op.ANDPD -> a & b;
            case Op.PANDN, Op.ANDNPS, Op.ANDNPD -> ~a & b;
            case Op.POR, Op.ORPS, Op.ORPD -> a | b;
            case Op.PXOR, Op.XORPS, Op.XORPD -> a ^ b;
            default -> throw new IllegalStateException(Op.name(op));
        };
    }
}
