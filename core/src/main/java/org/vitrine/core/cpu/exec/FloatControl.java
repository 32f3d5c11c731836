package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.fpu.FpuRegisters;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/**
 * Control of the floating-point unit, and its state in memory (Intel SDM volume 1, sections 8.1.9
 * to 8.1.11 and 10.5).
 */
final class FloatControl {

    private FloatControl() {}

    private static final int FXSAVE_ALIGNMENT = 15;

    // Where FXSAVE puts what belongs to SSE.
    private static final int MXCSR = 24;
    private static final int MXCSR_MASK = 28;
    private static final int XMM = 160;

    static void execute(Execution x, Registers r, Mmu m, Instruction i) {
        FloatingPoint f = x.floatingPoint;
        FpuRegisters state = f.registers;
        if (i.op == Op.FWAIT) {
            int both = Registers.CR0_MP | Registers.CR0_TS;
            if ((r.cr0 & both) == both) {
                throw x.fault.of(GuestFault.NO_COPROCESSOR);
            }
            f.noneReported(x, i);
            return;
        }
        FloatingPoint.checkAvailable(x);
        switch (i.op) {
            case Op.FNOP, Op.FLDCW, Op.FLDENV, Op.FRSTOR -> {
                if (!f.noneReported(x, i)) {
                    return;
                }
            }
            default -> {
                // The others don't wait.
            }
        }
        switch (i.op) {
            case Op.FNOP -> f.point(r, i);
            case Op.FNENI, Op.FNDISI, Op.FNSETPM -> {}
            case Op.FNINIT -> state.initialize();
            case Op.FNCLEX -> state.status &= ~(FpuRegisters.EXCEPTIONS | FpuRegisters.STACK_FAULT);
            case Op.FLDCW -> state.setControl(m.load16(i.segment, Operands.address(r, i)));
            case Op.FNSTCW -> m.store16(i.segment, Operands.address(r, i), state.control);
            case Op.FNSTSW -> Operands.setFirst(r, m, i, state.statusWord());
            case Op.FLDENV -> loadEnvironment(state, r, m, i);
            case Op.FNSTENV -> {
                storeEnvironment(state, r, m, i);
                state.control |= FpuRegisters.EXCEPTIONS;
            }
            case Op.FRSTOR -> restore(state, r, m, i);
            case Op.FNSAVE -> {
                save(state, r, m, i);
                state.initialize();
            }
            case Op.FXSAVE -> fastSave(x, state, r, m, i);
            case Op.FXRSTOR -> fastRestore(x, state, r, m, i);
            default -> throw new IllegalStateException(Op.name(i.op));
        }
        f.errorChanged();
    }

    /** Where a word of the environment is: its words are as wide as the operand size. */
    private static long at(Registers r, Instruction i, int index) {
        return Operands.address(r, i) + (long) index * i.width & i.addressMask;
    }

    private static long registerAt(Registers r, Instruction i, int n) {
        return Operands.address(r, i) + 7L * i.width + 10L * n & i.addressMask;
    }

    private static void storeEnvironment(FpuRegisters state, Registers r, Mmu m, Instruction i) {
        m.probeWrite(i.segment, at(r, i, 0), i.width);
        m.probeWrite(i.segment, at(r, i, 6), i.width);
        // With 32 bits, what has 16 comes with ones above.
        long above = 0xFFFF_0000L;
        word(r, m, i, 0, above | state.control);
        word(r, m, i, 1, above | state.statusWord());
        word(r, m, i, 2, above | state.tagWord());
        if (r.descriptorMode()) {
            word(r, m, i, 3, state.instructionOffset);
            word(r, m, i, 4, (long) state.opcode << 16 | state.instructionSelector);
            word(r, m, i, 5, state.operandOffset);
            word(r, m, i, 6, above | state.operandSelector);
            return;
        }
        long instruction = linear(state.instructionSelector, state.instructionOffset);
        long operand = linear(state.operandSelector, state.operandOffset);
        long high = i.width == 2 ? 0xF : 0xFFFF;
        word(r, m, i, 3, above | instruction & 0xFFFF);
        word(r, m, i, 4, (instruction >> 16 & high) << 12 | state.opcode);
        word(r, m, i, 5, above | operand & 0xFFFF);
        word(r, m, i, 6, (operand >> 16 & high) << 12);
    }

    private static long linear(int selector, long offset) {
        return ((long) selector << 4) + offset & 0xFFFF_FFFFL;
    }

    private static void word(Registers r, Mmu m, Instruction i, int index, long value) {
        m.store(i.segment, at(r, i, index), i.width, value);
    }

    private static void loadEnvironment(FpuRegisters state, Registers r, Mmu m, Instruction i) {
        // All is read before anything changes.
        int control = (int) loaded(r, m, i, 0);
        int status = (int) loaded(r, m, i, 1);
        int tags = (int) loaded(r, m, i, 2);
        long instruction = loaded(r, m, i, 3);
        long instructionHigh = loaded(r, m, i, 4);
        long operand = loaded(r, m, i, 5);
        long operandHigh = loaded(r, m, i, 6);
        state.setControl(control);
        state.setStatusWord(status);
        state.setTagWord(tags);
        if (r.descriptorMode()) {
            state.instructionOffset = instruction;
            state.instructionSelector = (int) instructionHigh & 0xFFFF;
            state.operandOffset = operand;
            state.operandSelector = (int) operandHigh & 0xFFFF;
            if (i.width == 4) {
                state.opcode = (int) (instructionHigh >> 16) & 0x7FF;
            }
            return;
        }
        state.opcode = (int) instructionHigh & 0x7FF;
        state.instructionSelector = 0;
        state.instructionOffset = instruction & 0xFFFF | instructionHigh >> 12 << 16;
        state.operandSelector = 0;
        state.operandOffset = operand & 0xFFFF | operandHigh >> 12 << 16;
    }

    private static long loaded(Registers r, Mmu m, Instruction i, int index) {
        return m.load(i.segment, at(r, i, index), i.width);
    }

    private static void save(FpuRegisters state, Registers r, Mmu m, Instruction i) {
        for (int n = 0; n < FpuRegisters.COUNT; n++) {
            m.probeWrite(i.segment, registerAt(r, i, n), 8);
            m.probeWrite(i.segment, registerAt(r, i, n) + 8 & i.addressMask, 2);
        }
        storeEnvironment(state, r, m, i);
        for (int n = 0; n < FpuRegisters.COUNT; n++) {
            int place = state.place(n);
            long offset = registerAt(r, i, n);
            m.store64(i.segment, offset, state.significand[place]);
            m.store16(i.segment, offset + 8 & i.addressMask, state.signExponent[place]);
        }
    }

    private static void restore(FpuRegisters state, Registers r, Mmu m, Instruction i) {
        // The last bytes first, so that a fault leaves everything as it was; of the pages between
        // there are none.
        m.load16(i.segment, registerAt(r, i, 7) + 8 & i.addressMask);
        loadEnvironment(state, r, m, i);
        for (int n = 0; n < FpuRegisters.COUNT; n++) {
            int place = state.place(n);
            long offset = registerAt(r, i, n);
            state.significand[place] = m.load64(i.segment, offset);
            state.signExponent[place] = m.load16(i.segment, offset + 8 & i.addressMask);
        }
    }

    private static long aligned(Execution x, Registers r, Mmu m, Instruction i) {
        long offset = Operands.address(r, i);
        if ((m.linear(i.segment, offset) & FXSAVE_ALIGNMENT) != 0) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
        return offset;
    }

    /**
     * Without CR4.OSFXSR the XMM registers stay out of it, as the manual leaves open (Intel SDM
     * volume 2, FXSAVE).
     */
    private static void fastSave(
            Execution x, FpuRegisters state, Registers r, Mmu m, Instruction i) {
        long offset = aligned(x, r, m, i);
        long mask = i.addressMask;
        m.probeWrite(i.segment, offset, 8);
        m.probeWrite(i.segment, offset + 511 & mask, 1);
        m.store16(i.segment, offset, state.control);
        m.store16(i.segment, offset + 2 & mask, state.statusWord());
        m.store16(i.segment, offset + 4 & mask, state.full);
        m.store16(i.segment, offset + 6 & mask, state.opcode);
        m.store32(i.segment, offset + 8 & mask, (int) state.instructionOffset);
        m.store32(i.segment, offset + 12 & mask, state.instructionSelector);
        m.store32(i.segment, offset + 16 & mask, (int) state.operandOffset);
        m.store32(i.segment, offset + 20 & mask, state.operandSelector);
        for (int n = 0; n < FpuRegisters.COUNT; n++) {
            int place = state.place(n);
            m.store64(i.segment, offset + 32 + 16L * n & mask, state.significand[place]);
            m.store64(i.segment, offset + 40 + 16L * n & mask, state.signExponent[place]);
        }
        m.store32(i.segment, offset + MXCSR & mask, x.simd.registers.mxcsr);
        m.store32(i.segment, offset + MXCSR_MASK & mask, x.simd.mxcsrMask);
        if ((r.cr4 & Registers.CR4_OSFXSR) != 0) {
            long[] xmm = x.simd.registers.xmm;
            for (int n = 0; n < xmm.length; n++) {
                m.store64(i.segment, offset + XMM + 8L * n & mask, xmm[n]);
            }
        }
    }

    private static void fastRestore(
            Execution x, FpuRegisters state, Registers r, Mmu m, Instruction i) {
        long offset = aligned(x, r, m, i);
        long mask = i.addressMask;
        m.load8(i.segment, offset + 511 & mask);
        m.load8(i.segment, offset);
        boolean withSse = (r.cr4 & Registers.CR4_OSFXSR) != 0;
        if (withSse) {
            int mxcsr = m.load32(i.segment, offset + MXCSR & mask);
            if ((mxcsr & ~x.simd.mxcsrMask) != 0) {
                throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
            }
            x.simd.registers.mxcsr = mxcsr;
            long[] xmm = x.simd.registers.xmm;
            for (int n = 0; n < xmm.length; n++) {
                xmm[n] = m.load64(i.segment, offset + XMM + 8L * n & mask);
            }
        }
        state.setControl(m.load16(i.segment, offset));
        state.setStatusWord(m.load16(i.segment, offset + 2 & mask));
        state.full = m.load8(i.segment, offset + 4 & mask);
        state.opcode = m.load16(i.segment, offset + 6 & mask) & 0x7FF;
        state.instructionOffset = m.load32(i.segment, offset + 8 & mask) & 0xFFFF_FFFFL;
        state.instructionSelector = m.load16(i.segment, offset + 12 & mask);
        state.operandOffset = m.load32(i.segment, offset + 16 & mask) & 0xFFFF_FFFFL;
        state.operandSelector = m.load16(i.segment, offset + 20 & mask);
        for (int n = 0; n < FpuRegisters.COUNT; n++) {
            int place = state.place(n);
            state.significand[place] = m.load64(i.segment, offset + 32 + 16L * n & mask);
            state.signExponent[place] = m.load16(i.segment, offset + 40 + 16L * n & mask);
        }
    }
}
