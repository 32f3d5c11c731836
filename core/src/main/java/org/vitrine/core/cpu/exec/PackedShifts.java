package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.simd.Lanes;
import org.vitrine.core.cpu.simd.SimdRegisters;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** What moves bits within lanes, and lanes within registers. */
final class PackedShifts {

    private PackedShifts() {}

    static void execute(Execution x, Registers r, Mmu m, Instruction i) {
        switch (i.op) {
            case Op.PINSRW -> insertWord(x, r, m, i);
            case Op.PEXTRW -> extractWord(x, r, i);
            default -> {
                if (i.width == 8) {
                    onMmx(x, r, m, i);
                } else {
                    onXmm(x, r, m, i);
                }
            }
        }
    }

    private static void onMmx(Execution x, Registers r, Mmu m, Instruction i) {
        if (!Simd.beginMmx(x, i)) {
            return;
        }
        boolean counted = i.op != Op.PSHUFW && i.form == Instruction.RI;
        long b = counted ? i.immediate : Simd.mmxSource(x, r, m, i);
        long a = Simd.mmx(x, i.a);
        Simd.setMmx(
                x, i.a, i.op == Op.PSHUFW ? Lanes.shuffleWords(b, i.immediate) : shift(i.op, a, b));
    }

    private static void onXmm(Execution x, Registers r, Mmu m, Instruction i) {
        Simd.begin(x);
        SimdRegisters registers = x.simd.registers;
        long low = registers.low(i.a);
        long high = registers.high(i.a);
        switch (i.op) {
            case Op.PSRLDQ -> {
                int bits = (int) Math.min(i.immediate, 16) * 8;
                registers.set(
                        i.a,
                        Lanes.shiftRight(high, bits),
                        bits < 64 ? joined(high, low, bits) : Lanes.shiftRight(high, bits - 64));
            }
            case Op.PSLLDQ -> {
                int bits = (int) Math.min(i.immediate, 16) * 8;
                registers.set(
                        i.a,
                        bits == 0
                                ? high
                                : bits <= 64
                                        ? joined(high, low, 64 - bits)
                                        : Lanes.shiftLeft(low, bits - 64),
                        Lanes.shiftLeft(low, bits));
            }
            case Op.PSHUFD, Op.PSHUFHW, Op.PSHUFLW, Op.SHUFPS, Op.SHUFPD -> {
                x.simd.source(x, r, m, i);
                shuffle(registers, i, x.simd.high, x.simd.low);
            }
            default -> {
                long count = i.immediate;
                if (i.form != Instruction.RI) {
                    x.simd.source(x, r, m, i);
                    count = x.simd.low;
                }
                registers.set(i.a, shift(i.op, high, count), shift(i.op, low, count));
            }
        }
    }

    /** Bits from this one of 128 on, which is one of the low half's or the high half's first. */
    private static long joined(long high, long low, int from) {
        return from == 0 ? low : from == 64 ? high : low >>> from | high << 64 - from;
    }

    private static long shift(int op, long a, long count) {
        return switch (op) {
            case Op.PSRLW -> Lanes.shiftRightWords(a, count);
            case Op.PSRLD -> Lanes.shiftRightDwords(a, count);
            case Op.PSRLQ -> Lanes.shiftRight(a, count);
            case Op.PSRAW -> Lanes.shiftSignedWords(a, count);
            case Op.PSRAD -> Lanes.shiftSignedDwords(a, count);
            case Op.PSLLW -> Lanes.shiftLeftWords(a, count);
            case Op.PSLLD -> Lanes.shiftLeftDwords(a, count);
            case Op.PSLLQ -> Lanes.shiftLeft(a, count);
            default -> throw new IllegalStateException(Op.name(op));
        };
    }

    private static void shuffle(SimdRegisters registers, Instruction i, long high, long low) {
        long a = registers.low(i.a);
        long b = registers.high(i.a);
        int pattern = (int) i.immediate;
        switch (i.op) {
            case Op.PSHUFD ->
                    registers.set(i.a, chosen(high, low, pattern >> 4), chosen(high, low, pattern));
            case Op.SHUFPS ->
                    registers.set(i.a, chosen(high, low, pattern >> 4), chosen(b, a, pattern));
            case Op.PSHUFHW -> registers.set(i.a, Lanes.shuffleWords(high, pattern), low);
            case Op.PSHUFLW -> registers.set(i.a, high, Lanes.shuffleWords(low, pattern));
            default ->
                    registers.set(i.a, (pattern & 2) != 0 ? high : low, (pattern & 1) != 0 ? b : a);
        }
    }

    /** Two of four dwords, by two bits of the pattern each. */
    private static long chosen(long high, long low, int pattern) {
        return dword(high, low, pattern) | dword(high, low, pattern >> 2) << 32;
    }

    private static long dword(long high, long low, int number) {
        long half = (number & 2) != 0 ? high : low;
        return ((number & 1) != 0 ? half >>> 32 : half) & 0xFFFF_FFFFL;
    }

    private static void insertWord(Execution x, Registers r, Mmu m, Instruction i) {
        if (i.width == 8) {
            if (Simd.beginMmx(x, i)) {
                long word = word(r, m, i);
                int at = 16 * ((int) i.immediate & 3);
                Simd.setMmx(x, i.a, inserted(Simd.mmx(x, i.a), at, word));
            }
            return;
        }
        Simd.begin(x);
        long word = word(r, m, i);
        int half = 2 * i.a + ((int) i.immediate >> 2 & 1);
        int at = 16 * ((int) i.immediate & 3);
        long[] xmm = x.simd.registers.xmm;
        xmm[half] = inserted(xmm[half], at, word);
    }

    private static long word(Registers r, Mmu m, Instruction i) {
        return i.form == Instruction.RM
                ? m.load16(i.segment, Operands.address(r, i))
                : r.gpr[i.b] & 0xFFFF;
    }

    private static long inserted(long a, int at, long word) {
        return a & ~(0xFFFFL << at) | word << at;
    }

    private static void extractWord(Execution x, Registers r, Instruction i) {
        int at = 16 * ((int) i.immediate & 3);
        if (i.sourceWidth == 8) {
            if (Simd.beginMmx(x, i)) {
                r.set(i.a, 0, 4, Simd.mmx(x, i.b) >>> at & 0xFFFF);
            }
            return;
        }
        Simd.begin(x);
        int half = 2 * i.b + ((int) i.immediate >> 2 & 1);
        r.set(i.a, 0, 4, x.simd.registers.xmm[half] >>> at & 0xFFFF);
    }
}
