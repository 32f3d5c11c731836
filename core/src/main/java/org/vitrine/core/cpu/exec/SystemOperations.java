package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.state.Registers.EAX;
import static org.vitrine.core.cpu.state.Registers.EBX;
import static org.vitrine.core.cpu.state.Registers.ECX;
import static org.vitrine.core.cpu.state.Registers.EDX;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/**
 * What operating systems use: control and table registers, the interrupt flag, ports, and what
 * identifies the CPU.
 */
final class SystemOperations {

    private SystemOperations() {}

    static void execute(Execution x, Registers r, Mmu m, Instruction i) {
        switch (i.op) {
            case Op.IN -> PortAccess.in(x, r, i);
            case Op.OUT -> PortAccess.out(x, r, i);
            case Op.CLI -> Virtual8086.clearInterruptFlag(x);
            case Op.STI -> Virtual8086.setInterruptFlag(x);
            case Op.HLT -> {
                checkPrivileged(x);
                x.raise(Execution.HALTED);
            }
            case Op.SGDT -> storeTable(r, m, i, r.gdtBase, r.gdtLimit);
            case Op.SIDT -> storeTable(r, m, i, r.idtBase, r.idtLimit);
            case Op.LGDT, Op.LIDT -> loadTable(x, r, m, i);
            case Op.RDTSC -> {
                if ((r.cr4 & Registers.CR4_TSD) != 0) {
                    checkPrivileged(x);
                }
                setPair(r, timeStamp(x));
            }
            case Op.CPUID -> Identification.execute(r);
            case Op.RDMSR -> ModelSpecificRegisters.read(x, r);
            case Op.WRMSR -> ModelSpecificRegisters.write(x, r);
            case Op.RDPMC -> throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
            case Op.SYSENTER -> ProtectedTransfers.enterSystem(x);
            case Op.SYSEXIT -> ProtectedTransfers.exitSystem(x);
            case Op.SLDT, Op.STR, Op.LLDT, Op.LTR, Op.VERR, Op.VERW, Op.LAR, Op.LSL, Op.ARPL ->
                    DescriptorQueries.execute(x, r, m, i);
            case Op.INVD, Op.WBINVD -> checkPrivileged(x);
            case Op.UNDEFINED -> {
                if (i.opcode >= 0xD8 && i.opcode <= 0xDF) {
                    FloatingPoint.checkAvailable(x);
                }
                throw x.fault.of(GuestFault.INVALID_OPCODE);
            }
            case Op.UD2 -> throw x.fault.of(GuestFault.INVALID_OPCODE);
            case Op.OVERLONG -> throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
            default -> ControlRegisters.execute(x, r, m, i);
        }
    }

    static void checkPrivileged(Execution x) {
        if (x.r.cpl != 0) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
    }

    private static void storeTable(Registers r, Mmu m, Instruction i, long base, int limit) {
        long offset = Operands.address(r, i);
        m.probeWrite(i.segment, offset + 2 & i.addressMask, 4);
        m.store16(i.segment, offset, limit);
        m.store32(i.segment, offset + 2 & i.addressMask, (int) base);
    }

    private static void loadTable(Execution x, Registers r, Mmu m, Instruction i) {
        checkPrivileged(x);
        long offset = Operands.address(r, i);
        int limit = m.load16(i.segment, offset);
        long base = m.load(i.segment, offset + 2 & i.addressMask, 4);
        if (i.width == 2) {
            base &= 0xFF_FFFF;
        }
        if (i.op == Op.LGDT) {
            r.gdtBase = base;
            r.gdtLimit = limit;
        } else {
            r.idtBase = base;
            r.idtLimit = limit;
        }
    }

    /** The time-stamp counter runs at 1 GHz of guest time. */
    static long timeStamp(Execution x) {
        return x.clock.nanos() + x.timeStampOffset;
    }

    static void setPair(Registers r, long value) {
        r.gpr[EAX] = value & 0xFFFF_FFFFL;
        r.gpr[EDX] = value >>> 32;
    }

    /** What CPUID tells (Intel SDM volume 2, CPUID): a Pentium III, less what is not there. */
    static final class Identification {

        private Identification() {}

        /** Family 6, model 8, stepping 10. */
        static final int SIGNATURE = 0x68A;

        private static final int FPU = 1;
        private static final int VME = 1 << 1;
        private static final int DE = 1 << 2;
        private static final int PSE = 1 << 3;
        private static final int TSC = 1 << 4;
        private static final int MSR = 1 << 5;
        private static final int PAE = 1 << 6;
        private static final int CX8 = 1 << 8;
        private static final int SEP = 1 << 11;
        private static final int PGE = 1 << 13;
        private static final int CMOV = 1 << 15;
        private static final int PSE36 = 1 << 17;
        private static final int FXSR = 1 << 24;
        private static final int FEATURES =
                FPU | VME | DE | PSE | TSC | MSR | PAE | CX8 | SEP | PGE | CMOV | PSE36 | FXSR;

        private static final int EXTENDED = 0x8000_0000;

        /** No processor of this model has it, but none has pages that can't be executed either. */
        private static final int EXTENDED_NX = 1 << 20;

        static void execute(Registers r) {
            switch ((int) r.gpr[EAX]) {
                case 0 -> set(r, 2, 0x756E_6547, 0x6C65_746E, 0x4965_6E69);
                case 1 -> set(r, SIGNATURE, 0, 0, FEATURES);
                case EXTENDED -> set(r, EXTENDED + 1, 0, 0, 0);
                case EXTENDED + 1 -> set(r, 0, 0, 0, EXTENDED_NX);
                // Caches: 16 KB of code, 16 KB of data, 256 KB of both. A leaf that isn't there
                // answers as the highest.
                default -> set(r, 0x0302_0101, 0, 0, 0x0C04_0882);
            }
        }

        private static void set(Registers r, int eax, int ebx, int ecx, int edx) {
            r.gpr[EAX] = eax & 0xFFFF_FFFFL;
            r.gpr[EBX] = ebx & 0xFFFF_FFFFL;
            r.gpr[ECX] = ecx & 0xFFFF_FFFFL;
            r.gpr[EDX] = edx & 0xFFFF_FFFFL;
        }
    }
}
