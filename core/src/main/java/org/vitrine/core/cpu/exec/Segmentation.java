package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.state.Registers.ACCESSED;
import static org.vitrine.core.cpu.state.Registers.CODE;
import static org.vitrine.core.cpu.state.Registers.CONFORMING;
import static org.vitrine.core.cpu.state.Registers.NOT_SYSTEM;
import static org.vitrine.core.cpu.state.Registers.PRESENT;
import static org.vitrine.core.cpu.state.Registers.READABLE;
import static org.vitrine.core.cpu.state.Registers.SS;
import static org.vitrine.core.cpu.state.Registers.UNUSABLE;
import static org.vitrine.core.cpu.state.Registers.WRITABLE;

import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Registers;

/**
 * Selectors and descriptors (Intel SDM volume 3, sections 3.4 and 5.6), and loads of the data
 * segment registers.
 */
final class Segmentation {

    private Segmentation() {}

    // Types of system descriptors (Intel SDM volume 3, table 3-2); a bit of 8 makes those of 16
    // bits ones of 32.
    static final int TSS_16 = 1;
    static final int LDT = 2;
    static final int CALL_GATE_16 = 4;
    static final int TASK_GATE = 5;
    static final int INTERRUPT_GATE_16 = 6;
    static final int TRAP_GATE_16 = 7;
    static final int OF_32_BITS = 8;

    /** What makes an available TSS a busy one. */
    static final int BUSY = 2;

    private static final int TABLE_INDICATOR = 4;
    private static final int NO_RPL = 0xFFFC;

    static boolean isNull(int selector) {
        return (selector & NO_RPL) == 0;
    }

    static boolean local(int selector) {
        return (selector & TABLE_INDICATOR) != 0;
    }

    /** An exception whose error code names a selector. */
    static GuestFault fault(Execution x, int vector, int selector) {
        return x.fault.of(vector, selector & NO_RPL);
    }

    /** The commonest one, #GP. */
    static GuestFault refused(Execution x, int selector) {
        return fault(x, GuestFault.GENERAL_PROTECTION, selector);
    }

    /**
     * The descriptor that a selector names.
     *
     * @param vector the exception when the table is too short for it
     */
    static long descriptor(Execution x, int selector, int vector) {
        if (!exists(x.r, selector)) {
            throw fault(x, vector, selector);
        }
        return x.mmu.loadSystem(place(x.r, selector), 8);
    }

    static boolean exists(Registers r, int selector) {
        int last = selector | 7;
        return local(selector)
                ? (r.ldtAccess & UNUSABLE) == 0 && last <= r.ldtLimit
                : last <= r.gdtLimit;
    }

    /** The linear address of a selector's descriptor. */
    static long place(Registers r, int selector) {
        return (local(selector) ? r.ldtBase : r.gdtBase) + (selector & 0xFFF8);
    }

    static int access(long descriptor) {
        return (int) (descriptor >>> 40) & Registers.ACCESS_MASK;
    }

    static long base(long descriptor) {
        return descriptor >>> 16 & 0xFF_FFFF | descriptor >>> 32 & 0xFF00_0000L;
    }

    /** In bytes, whatever the granularity. */
    static long limit(long descriptor) {
        long limit = descriptor & 0xFFFF | descriptor >>> 32 & 0xF_0000;
        boolean pages = (descriptor >>> 55 & 1) != 0;
        return pages ? limit << 12 | 0xFFF : limit;
    }

    static int dpl(int access) {
        return access >> Registers.DPL_SHIFT & 3;
    }

    /** The type of a system descriptor, or -1 for code and data. */
    static int systemType(int access) {
        return (access & NOT_SYSTEM) == 0 ? access & 0xF : -1;
    }

    static boolean isCode(int access) {
        return (access & (NOT_SYSTEM | CODE)) == (NOT_SYSTEM | CODE);
    }

    static boolean isConforming(int access) {
        return (access & CONFORMING) != 0;
    }

    static boolean isWritableData(int access) {
        return (access & (NOT_SYSTEM | CODE | WRITABLE)) == (NOT_SYSTEM | WRITABLE);
    }

    /** Whether a data segment register may hold it: data, or code that can be read. */
    static boolean isReadable(int access) {
        return (access & NOT_SYSTEM) != 0 && (access & (CODE | READABLE)) != CODE;
    }

    /**
     * Whether this privilege reaches a segment through this selector; conforming code is
     * everyone's.
     */
    static boolean reachable(int access, int selector, int cpl) {
        boolean everyones = isCode(access) && isConforming(access);
        return everyones || dpl(access) >= Math.max(selector & 3, cpl);
    }

    /** Fills a segment register from its descriptor, which is marked as accessed. */
    static void install(Execution x, int segment, int selector, long descriptor) {
        int access = access(descriptor);
        if ((access & ACCESSED) == 0) {
            x.mmu.storeSystem(place(x.r, selector) + 5, 1, access & 0xFF | ACCESSED);
        }
        x.r.setSegment(segment, selector, base(descriptor), limit(descriptor), access | ACCESSED);
    }

    /** Leaves a data segment register with a selector that no access can be made through. */
    static void installNull(Registers r, int segment, int selector) {
        r.setSegment(segment, selector, 0, 0, UNUSABLE);
    }

    /** Loads a segment register other than CS. */
    static void load(Execution x, int segment, int selector) {
        Registers r = x.r;
        if (!r.descriptorMode()) {
            r.setRealSegment(segment, selector);
        } else if (segment == SS) {
            loadStack(x, selector, r.cpl, GuestFault.GENERAL_PROTECTION);
        } else if (isNull(selector)) {
            installNull(r, segment, selector);
        } else {
            loadData(x, segment, selector, GuestFault.GENERAL_PROTECTION);
        }
    }

    /**
     * Loads a data segment register with a selector that is not null.
     *
     * @param vector the exception when the selector or its descriptor is not right
     */
    static void loadData(Execution x, int segment, int selector, int vector) {
        long descriptor = descriptor(x, selector, vector);
        int access = access(descriptor);
        if (!isReadable(access) || !reachable(access, selector, x.r.cpl)) {
            throw fault(x, vector, selector);
        }
        if ((access & PRESENT) == 0) {
            throw fault(x, GuestFault.NOT_PRESENT, selector);
        }
        install(x, segment, selector, descriptor);
    }

    /**
     * Loads SS for a privilege level; the exceptions are as for data, but #SS when it is not
     * present.
     */
    static void loadStack(Execution x, int selector, int level, int vector) {
        install(x, SS, selector, stackDescriptor(x, selector, level, vector));
    }

    /** The descriptor of what is right for a stack at a privilege level. */
    static long stackDescriptor(Execution x, int selector, int level, int vector) {
        if (isNull(selector)) {
            throw fault(x, vector, 0);
        }
        long descriptor = descriptor(x, selector, vector);
        int access = access(descriptor);
        if ((selector & 3) != level || !isWritableData(access) || dpl(access) != level) {
            throw fault(x, vector, selector);
        }
        if ((access & PRESENT) == 0) {
            throw fault(x, GuestFault.STACK_FAULT, selector);
        }
        return descriptor;
    }

    /**
     * After a return to less privilege: takes away the segments that were not accessible before.
     */
    static void dropPrivileged(Registers r) {
        for (int segment = 0; segment < Registers.SEGMENTS; segment++) {
            int access = r.access[segment];
            boolean data = segment != SS && segment != Registers.CS;
            boolean everyones = isCode(access) && isConforming(access);
            if (data && (access & UNUSABLE) == 0 && !everyones && dpl(access) < r.cpl) {
                installNull(r, segment, 0);
            }
        }
    }
}
