package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.state.Registers.EAX;
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
            case Op.CPUID -> Identification.execute(r, x.model, x.interrupts.apicBase());
            case Op.RDMSR -> ModelSpecificRegisters.read(x, r);
            case Op.WRMSR -> ModelSpecificRegisters.write(x, r);
            case Op.RDPMC -> ModelSpecificRegisters.readCounter(x, r);
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
}
