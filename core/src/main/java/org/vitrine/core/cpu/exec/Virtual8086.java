package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.state.Registers.CR4_PVI;
import static org.vitrine.core.cpu.state.Registers.CR4_VME;
import static org.vitrine.core.cpu.state.Registers.CS;
import static org.vitrine.core.cpu.state.Registers.IF;
import static org.vitrine.core.cpu.state.Registers.IOPL;
import static org.vitrine.core.cpu.state.Registers.TF;
import static org.vitrine.core.cpu.state.Registers.VIF;
import static org.vitrine.core.cpu.state.Registers.VIP;

import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/**
 * What virtual-8086 mode does otherwise (Intel SDM volume 3, chapter 21): the instructions that
 * look at the interrupt flag trap to the monitor when IOPL is below 3, or with the mode's
 * extensions work on VIF.
 */
final class Virtual8086 {

    private Virtual8086() {}

    private static final int IO_MAP = 102;
    private static final int REDIRECTION_BYTES = 32;

    /**
     * Whether an instruction that looks at IF has to look at VIF; #GP when it may look at neither.
     */
    private static boolean virtualFlag(Execution x, int width) {
        Registers r = x.r;
        if (!r.virtual8086() || r.iopl() == 3) {
            return false;
        }
        if (width != 2 || (r.cr4 & CR4_VME) == 0) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
        return true;
    }

    static void clearInterruptFlag(Execution x) {
        Registers r = x.r;
        if (r.cpl <= r.iopl()) {
            r.systemFlags &= ~IF;
        } else if (hasVirtualFlag(r)) {
            r.systemFlags &= ~VIF;
        } else {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
    }

    static void setInterruptFlag(Execution x) {
        Registers r = x.r;
        if (r.cpl <= r.iopl()) {
            if ((r.systemFlags & IF) == 0) {
                r.systemFlags |= IF;
                x.raise(Execution.STI_SHADOW);
            }
        } else if (hasVirtualFlag(r) && (r.systemFlags & VIP) == 0) {
            r.systemFlags |= VIF;
        } else {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
    }

    /** Whether CLI and STI work on VIF where IOPL keeps them from IF. */
    private static boolean hasVirtualFlag(Registers r) {
        return (r.cr4 & (r.virtual8086() ? CR4_VME : CR4_PVI)) != 0 && r.cpl == 3;
    }

    /** The flags as PUSHF shows them, less VM and RF. */
    static int image(Execution x, int width) {
        int flags = x.r.flags();
        boolean virtual = virtualFlag(x, width);
        return (virtual ? withVirtualFlag(flags) : flags) & ~(Registers.VM | Registers.RF);
    }

    private static int withVirtualFlag(int flags) {
        return flags & ~IF | IOPL | ((flags & VIF) != 0 ? IF : 0);
    }

    /**
     * Whether POPF or IRET has to use {@link #setFlags}; #GP when the program may not load this
     * image.
     */
    static boolean popsToVirtualFlag(Execution x, int width, int image) {
        if (!virtualFlag(x, width)) {
            return false;
        }
        boolean pending = (image & IF) != 0 && (x.r.systemFlags & VIP) != 0;
        if (pending || (image & TF) != 0) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
        return true;
    }

    /** Loads an image of 16 bits, whose IF is VIF. */
    static void setFlags(Execution x, int image) {
        int changeable = (Registers.ARITHMETIC | TF | Registers.DF | Registers.NT) & 0xFFFF;
        int flags = x.r.flags() & ~(Registers.RF | VIF | changeable);
        x.r.setFlags(flags | image & changeable | ((image & IF) != 0 ? VIF : 0));
    }

    static void returnFromInterrupt(Execution x, int width) {
        Registers r = x.r;
        Mmu m = x.mmu;
        int flags = (int) Stack.peek(r, m, width, 2L * width);
        boolean virtual = popsToVirtualFlag(x, width, flags);
        long target = Stack.peek(r, m, width, 0);
        int selector = (int) Stack.peek(r, m, 2, width);
        if (target > r.limit[CS]) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
        r.setRealSegment(CS, selector);
        r.ip = target;
        Stack.drop(r, 3L * width);
        if (virtual) {
            setFlags(x, flags);
        } else {
            Stack.FlagImage.load(x, flags, width, Stack.FlagImage.changeable(r) | Registers.RF);
        }
    }

    /** INT n: to the monitor, or with the extensions to the program's own handler. */
    static void interrupt(Execution x, int vector) {
        Registers r = x.r;
        if ((r.cr4 & CR4_VME) != 0 && !monitorWants(x, vector)) {
            toProgram(x, vector);
        } else if (r.iopl() < 3) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        } else {
            Interrupts.software(x, vector);
        }
    }

    /** What the redirection bitmap below the I/O permission bitmap says of a vector. */
    private static boolean monitorWants(Execution x, int vector) {
        Registers r = x.r;
        if ((r.taskAccess & Segmentation.OF_32_BITS) == 0 || r.taskLimit < IO_MAP + 1) {
            return true;
        }
        long at = x.mmu.loadSystem(r.taskBase + IO_MAP, 2) - REDIRECTION_BYTES + (vector >> 3);
        return at < 0
                || at > r.taskLimit
                || (x.mmu.loadSystem(r.taskBase + at, 1) >>> (vector & 7) & 1) != 0;
    }

    private static void toProgram(Execution x, int vector) {
        Registers r = x.r;
        Mmu m = x.mmu;
        long entry = m.loadSystem(vector * 4L, 4);
        boolean real = r.iopl() == 3;
        int flags = r.flags();
        Stack.probePush(r, m, 2, 3);
        Stack.push(r, m, 2, (real ? flags : withVirtualFlag(flags)) & 0xFFFF);
        Stack.push(r, m, 2, r.selector[CS]);
        Stack.push(r, m, 2, r.ip & 0xFFFF);
        r.systemFlags &= ~(TF | Registers.NT | Registers.RF | (real ? IF : VIF));
        r.setRealSegment(CS, (int) (entry >>> 16));
        r.ip = entry & 0xFFFF;
        x.interrupted = true;
    }
}
