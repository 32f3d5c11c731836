package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.exec.Segmentation.access;
import static org.vitrine.core.cpu.exec.Segmentation.fault;
import static org.vitrine.core.cpu.state.Registers.CS;
import static org.vitrine.core.cpu.state.Registers.DS;
import static org.vitrine.core.cpu.state.Registers.ES;
import static org.vitrine.core.cpu.state.Registers.FS;
import static org.vitrine.core.cpu.state.Registers.GS;
import static org.vitrine.core.cpu.state.Registers.PRESENT;
import static org.vitrine.core.cpu.state.Registers.SS;
import static org.vitrine.core.cpu.state.Registers.UNUSABLE;

import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/**
 * Task switches (Intel SDM volume 3, section 7.3). Until the new task's registers are loaded a
 * fault is the old task's, and nothing has changed; afterwards it is the new task's, with its
 * instruction pointer.
 */
final class Tasks {

    private Tasks() {}

    /** How a switch came about, which decides about links and busy bits. */
    enum Reason {
        JUMP,
        CALL,
        /** An interrupt or exception through a task gate. */
        INTERRUPT,
        /** IRET with NT. */
        RETURN
    }

    private static final int TASK_SWITCHED = 1 << 15;
    private static final int LOCAL_BREAKPOINTS = 0x155;

    /** Where a TSS has what (Intel SDM volume 3, figures 7-2 and 7-10). */
    private record Layout(
            int width,
            int minimum,
            int cr3,
            int ip,
            int general,
            int segments,
            int segmentCount,
            int ldt,
            int trap) {}

    private static final Layout OF_32 = new Layout(4, 103, 0x1C, 0x20, 0x28, 0x48, 6, 0x60, 0x64);
    private static final Layout OF_16 = new Layout(2, 43, -1, 0x0E, 0x12, 0x22, 4, 0x2A, -1);

    private static Layout layout(int access) {
        return (access & Segmentation.OF_32_BITS) != 0 ? OF_32 : OF_16;
    }

    /** Switches to the task that a task gate names; the gate itself was found to be right. */
    static void throughGate(Execution x, long gate, Reason reason) {
        int selector = (int) (gate >>> 16) & 0xFFFF;
        if (Segmentation.local(selector)) {
            throw Segmentation.refused(x, selector);
        }
        long descriptor = Segmentation.descriptor(x, selector, GuestFault.GENERAL_PROTECTION);
        int access = access(descriptor);
        if ((Segmentation.systemType(access) & ~Segmentation.OF_32_BITS) != Segmentation.TSS_16) {
            throw Segmentation.refused(x, selector);
        }
        if ((access & PRESENT) == 0) {
            throw fault(x, GuestFault.NOT_PRESENT, selector);
        }
        switchTo(x, selector, reason);
    }

    /** IRET in a nested task: back to the one that it is linked to. */
    static void returnToPrevious(Execution x) {
        int selector = (int) x.mmu.loadSystem(x.r.taskBase, 2);
        if (Segmentation.local(selector) || Segmentation.isNull(selector)) {
            throw fault(x, GuestFault.INVALID_TSS, selector);
        }
        long descriptor = Segmentation.descriptor(x, selector, GuestFault.INVALID_TSS);
        int access = access(descriptor);
        int busy = Segmentation.TSS_16 | Segmentation.BUSY;
        if ((Segmentation.systemType(access) & ~Segmentation.OF_32_BITS) != busy) {
            throw fault(x, GuestFault.INVALID_TSS, selector);
        }
        if ((access & PRESENT) == 0) {
            throw fault(x, GuestFault.NOT_PRESENT, selector);
        }
        switchTo(x, selector, Reason.RETURN);
    }

    /** Switches to a task whose descriptor's type and presence were found to be right. */
    static void switchTo(Execution x, int selector, Reason reason) {
        Registers r = x.r;
        Mmu m = x.mmu;
        long descriptor = Segmentation.descriptor(x, selector, GuestFault.GENERAL_PROTECTION);
        int access = access(descriptor);
        Layout to = layout(access);
        long base = Segmentation.base(descriptor);
        long limit = Segmentation.limit(descriptor);
        if (limit < to.minimum) {
            throw fault(x, GuestFault.INVALID_TSS, selector);
        }
        boolean nests = reason == Reason.CALL || reason == Reason.INTERRUPT;
        int oldSelector = r.taskSelector;
        m.probeSystem(r.taskBase, layout(r.taskAccess).minimum + 1);
        m.probeSystem(base, to.minimum + 1);
        m.probeSystem(Segmentation.place(r, selector), 8);
        int directory = to.cr3 >= 0 ? (int) m.loadSystem(base + to.cr3, 4) : r.cr3;
        boolean newDirectory = directory != r.cr3 && to.cr3 >= 0 && (r.cr0 & Registers.CR0_PG) != 0;
        if (newDirectory && (r.cr4 & Registers.CR4_PAE) != 0) {
            m.loadDirectoryPointers(directory);
        }

        int flags = r.flags();
        save(x, reason == Reason.RETURN ? flags & ~Registers.NT : flags);
        if (!nests) {
            setBusy(x, oldSelector, false);
        }
        if (reason != Reason.RETURN) {
            setBusy(x, selector, true);
        }
        if (nests) {
            m.storeSystem(base, 2, oldSelector);
        }
        r.taskSelector = selector;
        r.taskBase = base;
        r.taskLimit = limit;
        r.taskAccess = access | Segmentation.BUSY;
        r.cr0 |= Registers.CR0_TS;
        r.dr[7] &= ~LOCAL_BREAKPOINTS;
        x.breakpointsChanged();
        x.committed = true;
        x.leave = true;
        if (newDirectory) {
            r.cr3 = directory;
            x.addressSpaceChanged();
        }
        load(x, to, nests);
        x.committed = false;
    }

    private static void setBusy(Execution x, int selector, boolean busy) {
        long place = Segmentation.place(x.r, selector) + 5;
        int access = (int) x.mmu.loadSystem(place, 1);
        x.mmu.storeSystem(
                place, 1, busy ? access | Segmentation.BUSY : access & ~Segmentation.BUSY);
    }

    private static void save(Execution x, int flags) {
        Registers r = x.r;
        Mmu m = x.mmu;
        Layout from = layout(r.taskAccess);
        int width = from.width;
        long base = r.taskBase;
        m.storeSystem(base + from.ip, width, r.ip);
        m.storeSystem(base + from.ip + width, width, flags);
        for (int register = 0; register < 8; register++) {
            m.storeSystem(base + from.general + (long) register * width, width, r.gpr[register]);
        }
        for (int segment = 0; segment < from.segmentCount; segment++) {
            m.storeSystem(base + from.segments + (long) segment * width, 2, r.selector[segment]);
        }
    }

    private static void load(Execution x, Layout to, boolean nests) {
        Registers r = x.r;
        Mmu m = x.mmu;
        int width = to.width;
        long base = r.taskBase;
        int[] selectors = new int[Registers.SEGMENTS];
        r.ip = m.loadSystem(base + to.ip, width);
        int flags = (int) m.loadSystem(base + to.ip + width, width);
        for (int register = 0; register < 8; register++) {
            r.gpr[register] = m.loadSystem(base + to.general + (long) register * width, width);
        }
        for (int segment = 0; segment < to.segmentCount; segment++) {
            selectors[segment] = (int) m.loadSystem(base + to.segments + (long) segment * width, 2);
        }
        int ldt = (int) m.loadSystem(base + to.ldt, 2);
        boolean trap = to.trap >= 0 && (m.loadSystem(base + to.trap, 2) & 1) != 0;
        r.setFlags(nests ? flags | Registers.NT : flags);
        for (int segment = 0; segment < Registers.SEGMENTS; segment++) {
            Segmentation.installNull(r, segment, selectors[segment]);
        }
        m.setPrivilege(r.virtual8086() ? 3 : selectors[CS] & 3);
        loadLdt(x, ldt);
        if (r.virtual8086()) {
            for (int segment = 0; segment < Registers.SEGMENTS; segment++) {
                r.setVirtual8086Segment(segment, selectors[segment]);
            }
        } else {
            loadCode(x, selectors[CS]);
            Segmentation.loadStack(x, selectors[SS], r.cpl, GuestFault.INVALID_TSS);
            loadData(x, DS, selectors[DS]);
            loadData(x, ES, selectors[ES]);
            loadData(x, FS, selectors[FS]);
            loadData(x, GS, selectors[GS]);
        }
        if (r.ip > r.limit[CS]) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
        if (trap) {
            r.dr[6] |= TASK_SWITCHED;
            throw x.fault.of(GuestFault.DEBUG);
        }
    }

    private static void loadLdt(Execution x, int selector) {
        Registers r = x.r;
        r.ldtSelector = selector;
        r.ldtAccess = UNUSABLE;
        if (Segmentation.isNull(selector)) {
            return;
        }
        if (Segmentation.local(selector)) {
            throw fault(x, GuestFault.INVALID_TSS, selector);
        }
        long descriptor = Segmentation.descriptor(x, selector, GuestFault.INVALID_TSS);
        int access = access(descriptor);
        if (Segmentation.systemType(access) != Segmentation.LDT || (access & PRESENT) == 0) {
            throw fault(x, GuestFault.INVALID_TSS, selector);
        }
        r.ldtBase = Segmentation.base(descriptor);
        r.ldtLimit = Segmentation.limit(descriptor);
        r.ldtAccess = access;
    }

    private static void loadCode(Execution x, int selector) {
        if (Segmentation.isNull(selector)) {
            throw fault(x, GuestFault.INVALID_TSS, 0);
        }
        long descriptor = Segmentation.descriptor(x, selector, GuestFault.INVALID_TSS);
        int access = access(descriptor);
        int level = selector & 3;
        int dpl = Segmentation.dpl(access);
        boolean allowed = Segmentation.isConforming(access) ? dpl <= level : dpl == level;
        if (!Segmentation.isCode(access) || !allowed) {
            throw fault(x, GuestFault.INVALID_TSS, selector);
        }
        if ((access & PRESENT) == 0) {
            throw fault(x, GuestFault.NOT_PRESENT, selector);
        }
        Segmentation.install(x, CS, selector, descriptor);
    }

    private static void loadData(Execution x, int segment, int selector) {
        if (!Segmentation.isNull(selector)) {
            Segmentation.loadData(x, segment, selector, GuestFault.INVALID_TSS);
        }
    }
}
