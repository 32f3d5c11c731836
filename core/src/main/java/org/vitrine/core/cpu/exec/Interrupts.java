package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.exec.Segmentation.access;
import static org.vitrine.core.cpu.exec.Segmentation.dpl;
import static org.vitrine.core.cpu.state.Registers.CS;
import static org.vitrine.core.cpu.state.Registers.DS;
import static org.vitrine.core.cpu.state.Registers.ES;
import static org.vitrine.core.cpu.state.Registers.ESP;
import static org.vitrine.core.cpu.state.Registers.FS;
import static org.vitrine.core.cpu.state.Registers.GS;
import static org.vitrine.core.cpu.state.Registers.PRESENT;
import static org.vitrine.core.cpu.state.Registers.SS;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/**
 * Delivery of interrupts and exceptions (Intel SDM volume 3, chapter 6; real mode: section 21.1.4).
 */
public final class Interrupts {

    private static final Logger LOG = LoggerFactory.getLogger(Interrupts.class);

    private Interrupts() {}

    /** Bit of an error code: what was wrong is in the interrupt descriptor table. */
    private static final int IDT = 2;

    /** Bit of an error code: the program did not ask for this interrupt. */
    private static final int EXTERNAL = 1;

    /** INT n and its like: what faults on the way counts as the instruction's fault. */
    static void software(Execution x, int vector) {
        deliver(x, vector, GuestFault.NO_ERROR_CODE, true, 0);
    }

    /** INT1, which asks for no privilege. */
    static void breakpoint(Execution x) {
        deliver(x, GuestFault.DEBUG, GuestFault.NO_ERROR_CODE, false, 0);
    }

    /** An interrupt from outside; what faults on the way is handled. */
    public static void external(Execution x, int vector) {
        try {
            deliver(x, vector, GuestFault.NO_ERROR_CODE, false, 0);
        } catch (GuestFault fault) {
            exception(x, fault.vector(), fault.errorCode());
        }
    }

    /** An exception; the instruction pointer is the one to be saved. Never throws. */
    public static void exception(Execution x, int vector, int errorCode) {
        int delivered = vector;
        int code = errorCode;
        for (int attempt = 0; attempt < 4; attempt++) {
            try {
                // Whoever returns from a fault has not met the breakpoint of that instruction
                // again.
                int resume = delivered == GuestFault.DEBUG ? 0 : Registers.RF;
                deliver(x, delivered, code, false, resume);
                return;
            } catch (GuestFault fault) {
                if (delivered == GuestFault.DOUBLE_FAULT) {
                    break;
                }
                boolean twice = makesDoubleFault(delivered, fault.vector());
                delivered = twice ? GuestFault.DOUBLE_FAULT : fault.vector();
                code = twice ? 0 : fault.errorCode();
            }
        }
        LOG.info(
                "the guest shut the CPU down: exception {} at {}:{}",
                vector,
                Integer.toHexString(x.r.cs()),
                Integer.toHexString(x.r.eip()));
        x.raise(Execution.SHUT_DOWN);
    }

    /** Which pairs of exceptions make a double fault (Intel SDM volume 3, table 6-5). */
    private static boolean makesDoubleFault(int first, int second) {
        return contributory(second) && (contributory(first) || first == GuestFault.PAGE_FAULT)
                || second == GuestFault.PAGE_FAULT && first == GuestFault.PAGE_FAULT;
    }

    private static boolean contributory(int vector) {
        return vector == GuestFault.DIVIDE_ERROR
                || vector >= GuestFault.INVALID_TSS && vector <= GuestFault.GENERAL_PROTECTION;
    }

    /**
     * @param resume RF for the saved flags, or 0 to save them as they are
     */
    private static void deliver(
            Execution x, int vector, int errorCode, boolean software, int resume) {
        Registers r = x.r;
        if ((r.cr0 & Registers.CR0_PE) == 0) {
            throughVectorTable(x, vector);
        } else {
            x.begin();
            try {
                throughDescriptorTable(x, vector, errorCode, software, resume);
            } catch (GuestFault fault) {
                GuestFault undone = x.undo(fault);
                boolean namesSelector =
                        fault.vector() >= GuestFault.INVALID_TSS
                                && fault.vector() <= GuestFault.GENERAL_PROTECTION;
                throw namesSelector && !software
                        ? undone.of(fault.vector(), fault.errorCode() | EXTERNAL)
                        : undone;
            }
        }
        x.interrupted = true;
        x.leave = true;
    }

    private static void throughVectorTable(Execution x, int vector) {
        Registers r = x.r;
        if (vector * 4 + 3 > r.idtLimit) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, vector * 8 + 2);
        }
        long entry = x.mmu.loadSystem(r.idtBase + vector * 4L, 4);
        long offset = entry & 0xFFFF;
        if (offset > r.limit[CS]) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
        Stack.probePush(r, x.mmu, 2, 3);
        Stack.push(r, x.mmu, 2, r.flags() & 0xFFFF);
        Stack.push(r, x.mmu, 2, r.selector[CS]);
        Stack.push(r, x.mmu, 2, r.ip & 0xFFFF);
        r.systemFlags &= ~(Registers.IF | Registers.TF | Registers.AC | Registers.RF);
        r.setRealSegment(CS, (int) (entry >>> 16));
        r.ip = offset;
    }

    private static void throughDescriptorTable(
            Execution x, int vector, int errorCode, boolean software, int resume) {
        Registers r = x.r;
        int error = vector * 8 | IDT;
        if (vector * 8 + 7 > r.idtLimit) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, error);
        }
        long gate = x.mmu.loadSystem(r.idtBase + vector * 8L, 8);
        int access = access(gate);
        int type = Segmentation.systemType(access);
        int kind = type & ~Segmentation.OF_32_BITS;
        boolean known =
                type == Segmentation.TASK_GATE
                        || kind == Segmentation.INTERRUPT_GATE_16
                        || kind == Segmentation.TRAP_GATE_16;
        if (type < 0 || !known || software && dpl(access) < r.cpl) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, error);
        }
        if ((access & PRESENT) == 0) {
            throw x.fault.of(GuestFault.NOT_PRESENT, error);
        }
        if (type == Segmentation.TASK_GATE) {
            r.systemFlags |= resume;
            Tasks.throughGate(x, gate, Tasks.Reason.INTERRUPT);
            if (errorCode != GuestFault.NO_ERROR_CODE) {
                int width = (r.taskAccess & Segmentation.OF_32_BITS) != 0 ? 4 : 2;
                pushErrorCode(x, width, errorCode);
            }
            return;
        }
        toHandler(x, gate, type, errorCode, resume);
    }

    private static void pushErrorCode(Execution x, int width, int errorCode) {
        // What fails here fails in the new task.
        x.committed = true;
        Stack.push(x.r, x.mmu, width, errorCode);
        x.committed = false;
    }

    private static void toHandler(Execution x, long gate, int type, int errorCode, int resume) {
        Registers r = x.r;
        Mmu m = x.mmu;
        boolean of32Bits = (type & Segmentation.OF_32_BITS) != 0;
        int width = of32Bits ? 4 : 2;
        int selector = (int) (gate >>> 16) & 0xFFFF;
        if (Segmentation.isNull(selector)) {
            throw Segmentation.refused(x, 0);
        }
        long descriptor = Segmentation.descriptor(x, selector, GuestFault.GENERAL_PROTECTION);
        int access = access(descriptor);
        boolean virtual8086 = r.virtual8086();
        int level = Segmentation.isConforming(access) ? r.cpl : dpl(access);
        if (!Segmentation.isCode(access) || dpl(access) > r.cpl || virtual8086 && level != 0) {
            throw Segmentation.refused(x, selector);
        }
        if ((access & PRESENT) == 0) {
            throw Segmentation.fault(x, GuestFault.NOT_PRESENT, selector);
        }
        int flags = r.flags() | resume;
        boolean inward = level < r.cpl;
        int oldStack = r.selector[SS];
        long oldPointer = r.gpr[ESP];
        if (inward) {
            ProtectedTransfers.switchStack(x, level);
        }
        try {
            if (virtual8086) {
                Stack.push(r, m, width, r.selector[GS]);
                Stack.push(r, m, width, r.selector[FS]);
                Stack.push(r, m, width, r.selector[DS]);
                Stack.push(r, m, width, r.selector[ES]);
            }
            if (inward) {
                Stack.push(r, m, width, oldStack);
                Stack.push(r, m, width, oldPointer);
            }
            Stack.push(r, m, width, flags);
            Stack.push(r, m, width, r.selector[CS]);
            Stack.push(r, m, width, r.ip);
            if (errorCode != GuestFault.NO_ERROR_CODE) {
                Stack.push(r, m, width, errorCode);
            }
        } catch (GuestFault fault) {
            throw inward ? ProtectedTransfers.onNewStack(x, fault) : fault;
        }
        ProtectedTransfers.enterCode(
                x, selector, descriptor, ProtectedTransfers.gateOffset(gate, of32Bits), level);
        if (virtual8086) {
            Segmentation.installNull(r, ES, 0);
            Segmentation.installNull(r, DS, 0);
            Segmentation.installNull(r, FS, 0);
            Segmentation.installNull(r, GS, 0);
        }
        r.systemFlags &= ~(Registers.TF | Registers.NT | Registers.VM | Registers.RF);
        if ((type & 1) == 0) {
            r.systemFlags &= ~Registers.IF;
        }
    }
}
