package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.fpu.FpuRegisters;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.cpu.model.Feature;
import org.vitrine.core.cpu.simd.FloatUnit;
import org.vitrine.core.cpu.simd.SimdRegisters;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;
import org.vitrine.core.memory.HostMemory;

/**
 * MMX and SSE as instructions see them: the registers, what computes, and what comes before and
 * after every instruction.
 */
final class Simd {

    private static final int ALIGNMENT = 15;

    final SimdRegisters registers = new SimdRegisters();
    final FloatUnit unit = new FloatUnit();

    /** The bits of MXCSR that exist: denormals as zeros came with SSE2. */
    final int mxcsrMask;

    /** The source operand of an instruction on XMM registers. */
    long low;

    long high;

    Simd(CpuModel model) {
        mxcsrMask = model.has(Feature.SSE2) ? 0xFFFF : 0xFFBF;
    }

    /** Begins an instruction on XMM registers (Intel SDM volume 3, table 14-1). */
    static void begin(Execution x) {
        if ((x.r.cr0 & Registers.CR0_EM) != 0 || (x.r.cr4 & Registers.CR4_OSFXSR) == 0) {
            throw x.fault.of(GuestFault.INVALID_OPCODE);
        }
        if ((x.r.cr0 & Registers.CR0_TS) != 0) {
            throw x.fault.of(GuestFault.NO_COPROCESSOR);
        }
    }

    /**
     * Begins an instruction on MMX registers (Intel SDM volume 3, table 13-1).
     *
     * @return whether it is to be executed; if not, it will be again after an interrupt
     */
    static boolean beginMmx(Execution x, Instruction i) {
        if ((x.r.cr0 & Registers.CR0_EM) != 0) {
            throw x.fault.of(GuestFault.INVALID_OPCODE);
        }
        if ((x.r.cr0 & Registers.CR0_TS) != 0) {
            throw x.fault.of(GuestFault.NO_COPROCESSOR);
        }
        return x.floatingPoint.noneReported(x, i);
    }

    /** An MMX register; every instruction on one makes the floating-point unit's all full. */
    static long mmx(Execution x, int n) {
        FpuRegisters f = x.floatingPoint.registers;
        f.enterMmx();
        return f.significand[n];
    }

    static void setMmx(Execution x, int n, long value) {
        x.floatingPoint.registers.setMmx(n, value);
    }

    /** The second operand of an instruction on MMX registers. */
    static long mmxSource(Execution x, Registers r, Mmu m, Instruction i) {
        return i.form == Instruction.RM
                ? m.load(i.segment, Operands.address(r, i), i.sourceWidth)
                : x.floatingPoint.registers.significand[i.b];
    }

    /** Reads the second operand, which is aligned when it is 128 bits of memory. */
    void source(Execution x, Registers r, Mmu m, Instruction i) {
        if (i.form != Instruction.RM) {
            low = registers.low(i.b);
            high = registers.high(i.b);
            return;
        }
        long offset = Operands.address(r, i);
        if (i.sourceWidth == 16) {
            checkAligned(x, m, i, offset);
            load(m, i, offset);
        } else {
            low = m.load(i.segment, offset, i.sourceWidth);
            high = 0;
        }
    }

    /** Reads 128 bits of memory. */
    void load(Mmu m, Instruction i, long offset) {
        low = m.load64(i.segment, offset);
        high = m.load64(i.segment, offset + 8);
    }

    /** Writes 128 bits to memory, or nothing. */
    static void store(Mmu m, Instruction i, long offset, long high, long low) {
        long host = m.writableHost(i.segment, offset, 16);
        if (host != 0) {
            HostMemory.setLong(host, low);
            HostMemory.setLong(host + 8, high);
            return;
        }
        m.probeWrite(i.segment, offset, 16);
        m.store64(i.segment, offset, low);
        m.store64(i.segment, offset + 8, high);
    }

    static void checkAligned(Execution x, Mmu m, Instruction i, long offset) {
        if ((m.linear(i.segment, offset) & ALIGNMENT) != 0) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
    }

    /** Adds the exceptions raised to MXCSR; one that is not masked ends the instruction here. */
    void finish(Execution x) {
        registers.mxcsr |= unit.flags();
        if (unit.stopped()) {
            throw x.fault.of(
                    (x.r.cr4 & Registers.CR4_OSXMMEXCPT) != 0
                            ? GuestFault.SIMD_FLOATING_POINT
                            : GuestFault.INVALID_OPCODE);
        }
    }
}
