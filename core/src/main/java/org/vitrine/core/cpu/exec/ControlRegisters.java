package org.vitrine.core.cpu.exec;

import java.util.List;
import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.cpu.model.Feature;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** Control and debug registers. */
final class ControlRegisters {

    private ControlRegisters() {}

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

    /** What a processor needs for each bit of CR4; higher bits are reserved. */
    private static final List<Feature> CR4_FEATURES =
            List.of(
                    Feature.VME,
                    Feature.VME,
                    Feature.TSC,
                    Feature.DE,
                    Feature.PSE,
                    Feature.PAE,
                    Feature.MCE,
                    Feature.PGE,
                    Feature.PMC,
                    Feature.FXSR,
                    Feature.SSE);

    /** What translations depend on. */
    private static final int CR0_OF_TRANSLATIONS =
            Registers.CR0_PE | Registers.CR0_PG | Registers.CR0_WP;

    private static final int CR4_OF_TRANSLATIONS =
            Registers.CR4_PSE | Registers.CR4_PAE | Registers.CR4_PGE;

    /**
     * A change of one of these reads the page-directory-pointer-table entries again, as one of
     * {@link #CR4_OF_TRANSLATIONS} does (Intel SDM volume 3, section 4.4.1).
     */
    private static final int CR0_OF_POINTERS =
            Registers.CR0_CD | Registers.CR0_NW | Registers.CR0_PG;

    private static final int GENERAL_DETECT = 1 << 13;
    private static final int ACCESS_DETECTED = 1 << 13;
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
                x.pageChanged(m.linear(i.segment, Operands.address(r, i)));
            }
            case Op.MOV_FROMCR -> {
                checkControl(x, i.b);
                r.set(i.a, 0, 4, control(r, i.b) & 0xFFFF_FFFFL);
            }
            case Op.MOV_CR -> {
                checkControl(x, i.a);
                setControl(x, r, i.a, (int) r.gpr[i.b]);
            }
            case Op.MOV_FROMDR -> {
                r.set(i.a, 0, 4, r.dr[debugNumber(x, i.b)] & 0xFFFF_FFFFL);
            }
            case Op.MOV_DR -> {
                setDebug(r, debugNumber(x, i.a), (int) r.gpr[i.b]);
                x.breakpointsChanged();
            }
            default -> throw new IllegalStateException(Op.name(i.op));
        }
    }

    private static int control(Registers r, int number) {
        return switch (number) {
            case 0 -> r.cr0;
            case 2 -> r.cr2;
            case 3 -> r.cr3;
            default -> r.cr4;
        };
    }

    private static void setControl(Execution x, Registers r, int number, int value) {
        switch (number) {
            case 0 -> setCr0(x, value);
            case 2 -> r.cr2 = value;
            case 3 -> {
                if (extendedPaging(r.cr0, r.cr4)) {
                    x.mmu.loadDirectoryPointers(value);
                }
                r.cr3 = value;
                x.addressSpaceChanged();
            }
            default -> {
                if ((value & ~writableCr4(x.model)) != 0) {
                    throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
                }
                int changed = r.cr4 ^ value;
                if (extendedPaging(r.cr0, value) && (changed & CR4_OF_TRANSLATIONS) != 0) {
                    x.mmu.loadDirectoryPointers(r.cr3);
                }
                r.cr4 = value;
                if ((changed & CR4_OF_TRANSLATIONS) != 0) {
                    x.translationsChanged();
                }
            }
        }
    }

    private static void checkControl(Execution x, int number) {
        if (number == 1 || number > 4) {
            throw x.fault.of(GuestFault.INVALID_OPCODE);
        }
        SystemOperations.checkPrivileged(x);
    }

    private static int writableCr4(CpuModel model) {
        int writable = 0;
        for (int bit = 0; bit < CR4_FEATURES.size(); bit++) {
            if (model.has(CR4_FEATURES.get(bit))) {
                writable |= 1 << bit;
            }
        }
        return writable;
    }

    private static void setCr0(Execution x, int value) {
        boolean pagingUnprotected =
                (value & (Registers.CR0_PE | Registers.CR0_PG)) == Registers.CR0_PG;
        boolean uncachedWriteBack =
                (value & (Registers.CR0_CD | Registers.CR0_NW)) == Registers.CR0_NW;
        if (pagingUnprotected || uncachedWriteBack) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
        int changed = x.r.cr0 ^ value;
        if (extendedPaging(value, x.r.cr4) && (changed & CR0_OF_POINTERS) != 0) {
            x.mmu.loadDirectoryPointers(x.r.cr3);
        }
        x.r.cr0 = value & CR0_WRITABLE | Registers.CR0_ET;
        if ((changed & CR0_OF_TRANSLATIONS) != 0) {
            x.translationsChanged();
        }
    }

    private static boolean extendedPaging(int cr0, int cr4) {
        return (cr0 & Registers.CR0_PG) != 0 && (cr4 & Registers.CR4_PAE) != 0;
    }

    /**
     * DR4 and DR5 are other names of DR6 and DR7, but with debugging extensions (Intel SDM volume
     * 3, section 17.2.2).
     */
    private static int debugNumber(Execution x, int number) {
        Registers r = x.r;
        boolean alias = number == 4 || number == 5;
        if (alias && (r.cr4 & Registers.CR4_DE) != 0) {
            throw x.fault.of(GuestFault.INVALID_OPCODE);
        }
        SystemOperations.checkPrivileged(x);
        if ((r.dr[7] & GENERAL_DETECT) != 0) {
            r.dr[6] |= ACCESS_DETECTED;
            // The handler may look at the registers.
            r.dr[7] &= ~GENERAL_DETECT;
            throw x.fault.of(GuestFault.DEBUG);
        }
        return alias ? number + 2 : number;
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
