package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** Control and debug registers. */
final class ControlRegisters {

    private ControlRegisters() {}

    static final int CR4_TSD = 1 << 2;

    private static final int CR0_WRITABLE =
            Registers.CR0_PE
                    | Registers.CR0_MP
                    | Registers.CR0_EM
                    | Registers.CR0_TS
                    | Registers.CR0_NE
                    | Registers.CR0_WP
                    | Registers.CR0_AM
                    | Registers.CR0_NW
                    | Registers.CR0_CD
                    | Registers.CR0_PG;
    private static final int CR4_WRITABLE = CR4_TSD;
    private static final int MACHINE_STATUS_WORD = 0xF;

    static void execute(Execution x, Registers r, Mmu m, Instruction i) {
        switch (i.op) {
            case Op.SMSW -> {
                if (i.form == Instruction.RR) {
                    r.set(i.a, 0, i.width, r.cr0 & Operands.mask(i.width));
                } else {
                    m.store16(i.segment, Operands.address(r, i), r.cr0);
                }
            }
            case Op.LMSW -> {
                SystemOperations.checkPrivileged(x);
                int value = (int) Operands.first(r, m, i) & MACHINE_STATUS_WORD;
                // Protected mode can be entered this way, but not left.
                value |= r.cr0 & Registers.CR0_PE;
                setCr0(x, r.cr0 & ~MACHINE_STATUS_WORD | value);
            }
            case Op.CLTS -> {
                SystemOperations.checkPrivileged(x);
                r.cr0 &= ~Registers.CR0_TS;
            }
            case Op.INVLPG -> {
                SystemOperations.checkPrivileged(x);
                x.translationsChanged();
            }
            case Op.MOV_FROMCR -> {
                SystemOperations.checkPrivileged(x);
                r.set(i.a, 0, 4, control(x, r, i.b) & 0xFFFF_FFFFL);
            }
            case Op.MOV_CR -> {
                SystemOperations.checkPrivileged(x);
                setControl(x, r, i.a, (int) r.gpr[i.b]);
            }
            case Op.MOV_FROMDR -> {
                SystemOperations.checkPrivileged(x);
                r.set(i.a, 0, 4, r.dr[debugNumber(i.b)] & 0xFFFF_FFFFL);
            }
            case Op.MOV_DR -> {
                SystemOperations.checkPrivileged(x);
                setDebug(r, debugNumber(i.a), (int) r.gpr[i.b]);
            }
            default -> throw new IllegalStateException(Op.name(i.op));
        }
    }

    private static int control(Execution x, Registers r, int number) {
        return switch (number) {
            case 0 -> r.cr0;
            case 2 -> r.cr2;
            case 3 -> r.cr3;
            case 4 -> r.cr4;
            default -> throw x.fault.of(GuestFault.INVALID_OPCODE);
        };
    }

    private static void setControl(Execution x, Registers r, int number, int value) {
        switch (number) {
            case 0 -> setCr0(x, value);
            case 2 -> r.cr2 = value;
            case 3 -> {
                r.cr3 = value;
                x.translationsChanged();
            }
            case 4 -> {
                if ((value & ~CR4_WRITABLE) != 0) {
                    throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
                }
                r.cr4 = value;
                x.translationsChanged();
            }
            default -> throw x.fault.of(GuestFault.INVALID_OPCODE);
        }
    }

    private static void setCr0(Execution x, int value) {
        boolean pagingUnprotected =
                (value & (Registers.CR0_PE | Registers.CR0_PG)) == Registers.CR0_PG;
        boolean uncachedWriteBack =
                (value & (Registers.CR0_CD | Registers.CR0_NW)) == Registers.CR0_NW;
        if (pagingUnprotected || uncachedWriteBack) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
        if ((value & Registers.CR0_PG) != 0) {
            throw x.unimplemented(0x122, "paging");
        }
        x.r.cr0 = value & CR0_WRITABLE | Registers.CR0_ET;
        x.translationsChanged();
    }

    /** DR4 and DR5 are other names of DR6 and DR7 (Intel SDM volume 3, section 18.2.2). */
    private static int debugNumber(int number) {
        return number == 4 || number == 5 ? number + 2 : number;
    }

    private static void setDebug(Registers r, int number, int value) {
        r.dr[number] =
                switch (number) {
                    case 6 -> value & 0xE00F | 0xFFFF_0FF0;
                    case 7 -> value & ~0xD800 | 0x400;
                    default -> value;
                };
    }
}
