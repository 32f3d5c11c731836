package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.exec.Segmentation.access;
import static org.vitrine.core.cpu.state.Registers.PRESENT;
import static org.vitrine.core.cpu.state.Registers.UNUSABLE;
import static org.vitrine.core.cpu.state.Registers.ZF;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** What asks about descriptors without using them, and the registers of the LDT and the task. */
final class DescriptorQueries {

    private DescriptorQueries() {}

    /** What LAR shows of a descriptor's upper half: the access byte, and G, D, L and AVL. */
    private static final long ACCESS_RIGHTS = 0xF0_FF00;

    /** System descriptors that LAR knows: both TSS, LDT, the gates but those of interrupts. */
    private static final int WITH_RIGHTS =
            1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 9 | 1 << 11 | 1 << 12;

    /** System descriptors that have a limit. */
    private static final int WITH_LIMIT = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 9 | 1 << 11;

    static void execute(Execution x, Registers r, Mmu m, Instruction i) {
        if (!r.descriptorMode()) {
            throw x.fault.of(GuestFault.INVALID_OPCODE);
        }
        switch (i.op) {
            case Op.SLDT -> store(r, m, i, r.ldtSelector);
            case Op.STR -> store(r, m, i, r.taskSelector);
            case Op.LLDT -> loadLdt(x, (int) Operands.first(r, m, i));
            case Op.LTR -> loadTask(x, (int) Operands.first(r, m, i));
            case Op.VERR -> verify(x, (int) Operands.first(r, m, i), false);
            case Op.VERW -> verify(x, (int) Operands.first(r, m, i), true);
            case Op.LAR -> accessRights(x, r, m, i);
            case Op.LSL -> limit(x, r, m, i);
            case Op.ARPL -> adjust(r, m, i);
            default -> throw new IllegalStateException(Op.name(i.op));
        }
    }

    private static void store(Registers r, Mmu m, Instruction i, int selector) {
        if (i.form == Instruction.RR) {
            r.set(i.a, 0, i.width, selector);
        } else {
            m.store16(i.segment, Operands.address(r, i), selector);
        }
    }

    private static void loadLdt(Execution x, int selector) {
        SystemOperations.checkPrivileged(x);
        Registers r = x.r;
        if (Segmentation.isNull(selector)) {
            r.ldtSelector = selector;
            r.ldtAccess = UNUSABLE;
            return;
        }
        long descriptor = systemDescriptor(x, selector, 1 << Segmentation.LDT);
        r.ldtSelector = selector;
        r.ldtBase = Segmentation.base(descriptor);
        r.ldtLimit = Segmentation.limit(descriptor);
        r.ldtAccess = access(descriptor);
    }

    private static void loadTask(Execution x, int selector) {
        SystemOperations.checkPrivileged(x);
        Registers r = x.r;
        int available =
                1 << Segmentation.TSS_16 | 1 << (Segmentation.TSS_16 | Segmentation.OF_32_BITS);
        long descriptor = systemDescriptor(x, selector, available);
        int access = access(descriptor) | Segmentation.BUSY;
        x.mmu.storeSystem(Segmentation.place(r, selector) + 5, 1, access & 0xFF);
        r.taskSelector = selector;
        r.taskBase = Segmentation.base(descriptor);
        r.taskLimit = Segmentation.limit(descriptor);
        r.taskAccess = access;
    }

    /** A present descriptor of the GDT that is of one of these types. */
    private static long systemDescriptor(Execution x, int selector, int types) {
        if (Segmentation.isNull(selector) || Segmentation.local(selector)) {
            throw Segmentation.refused(x, selector);
        }
        long descriptor = Segmentation.descriptor(x, selector, GuestFault.GENERAL_PROTECTION);
        int access = access(descriptor);
        int type = Segmentation.systemType(access);
        if (type < 0 || (types >>> type & 1) == 0) {
            throw Segmentation.refused(x, selector);
        }
        if ((access & PRESENT) == 0) {
            throw Segmentation.fault(x, GuestFault.NOT_PRESENT, selector);
        }
        return descriptor;
    }

    private static void answer(Registers r, boolean yes) {
        r.setArithmeticFlags(yes ? ZF : 0, ZF);
    }

    private static void verify(Execution x, int selector, boolean write) {
        Registers r = x.r;
        boolean may = false;
        if (!Segmentation.isNull(selector) && Segmentation.exists(r, selector)) {
            int access = access(x.mmu.loadSystem(Segmentation.place(r, selector), 8));
            may =
                    Segmentation.reachable(access, selector, r.cpl)
                            && (write
                                    ? Segmentation.isWritableData(access)
                                    : Segmentation.isReadable(access));
        }
        answer(r, may);
    }

    /**
     * The descriptor if this privilege may know of it and its type is among these, or else 0, which
     * is none's.
     */
    private static long visible(Execution x, int selector, int systemTypes) {
        Registers r = x.r;
        if (Segmentation.isNull(selector) || !Segmentation.exists(r, selector)) {
            return 0;
        }
        long descriptor = x.mmu.loadSystem(Segmentation.place(r, selector), 8);
        int access = access(descriptor);
        int type = Segmentation.systemType(access);
        boolean known = type < 0 || (systemTypes >>> type & 1) != 0;
        return known && Segmentation.reachable(access, selector, r.cpl) ? descriptor : 0;
    }

    private static void accessRights(Execution x, Registers r, Mmu m, Instruction i) {
        long descriptor = visible(x, (int) Operands.second(r, m, i), WITH_RIGHTS);
        if (descriptor != 0) {
            r.set(i.a, 0, i.width, descriptor >>> 32 & ACCESS_RIGHTS & Operands.mask(i.width));
        }
        answer(r, descriptor != 0);
    }

    private static void limit(Execution x, Registers r, Mmu m, Instruction i) {
        long descriptor = visible(x, (int) Operands.second(r, m, i), WITH_LIMIT);
        if (descriptor != 0) {
            r.set(i.a, 0, i.width, Segmentation.limit(descriptor) & Operands.mask(i.width));
        }
        answer(r, descriptor != 0);
    }

    private static void adjust(Registers r, Mmu m, Instruction i) {
        long destination = Operands.firstForUpdate(r, m, i);
        long level = r.gpr[i.b] & 3;
        boolean raised = (destination & 3) < level;
        if (raised) {
            Operands.replaceFirst(r, m, i, destination & ~3 | level);
        }
        answer(r, raised);
    }
}
