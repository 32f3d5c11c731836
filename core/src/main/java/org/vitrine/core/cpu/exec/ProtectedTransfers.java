package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.exec.Segmentation.access;
import static org.vitrine.core.cpu.exec.Segmentation.dpl;
import static org.vitrine.core.cpu.exec.Segmentation.fault;
import static org.vitrine.core.cpu.exec.Segmentation.refused;
import static org.vitrine.core.cpu.state.Registers.CS;
import static org.vitrine.core.cpu.state.Registers.DS;
import static org.vitrine.core.cpu.state.Registers.ES;
import static org.vitrine.core.cpu.state.Registers.ESP;
import static org.vitrine.core.cpu.state.Registers.FS;
import static org.vitrine.core.cpu.state.Registers.GS;
import static org.vitrine.core.cpu.state.Registers.PRESENT;
import static org.vitrine.core.cpu.state.Registers.SS;

import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/**
 * Far jumps, calls and returns in protected mode (Intel SDM volume 2, JMP, CALL, RET and IRET;
 * volume 3, section 5.8). Either they succeed or nothing in the registers has changed.
 */
final class ProtectedTransfers {

    private ProtectedTransfers() {}

    private static final int FIRST_STACK_32 = 4;
    private static final int FIRST_STACK_16 = 2;
    private static final int MOST_PARAMETERS = 31;

    static void jump(Execution x, int selector, long offset, int width) {
        x.begin();
        try {
            transfer(x, selector, offset, width, false);
        } catch (GuestFault fault) {
            throw x.undo(fault);
        }
    }

    static void call(Execution x, int selector, long offset, int width) {
        x.begin();
        try {
            transfer(x, selector, offset, width, true);
        } catch (GuestFault fault) {
            throw x.undo(fault);
        }
    }

    private static void transfer(Execution x, int selector, long offset, int width, boolean call) {
        Registers r = x.r;
        if (Segmentation.isNull(selector)) {
            throw refused(x, 0);
        }
        long descriptor = Segmentation.descriptor(x, selector, GuestFault.GENERAL_PROTECTION);
        int access = access(descriptor);
        int type = Segmentation.systemType(access);
        if (type < 0) {
            boolean allowed =
                    Segmentation.isConforming(access)
                            ? dpl(access) <= r.cpl
                            : (selector & 3) <= r.cpl && dpl(access) == r.cpl;
            if (!Segmentation.isCode(access) || !allowed) {
                throw refused(x, selector);
            }
            checkPresent(x, access, selector);
            if (call) {
                pushReturn(x, width);
            }
            enterCode(x, selector, descriptor, offset, r.cpl);
            return;
        }
        boolean gate = (type & ~Segmentation.OF_32_BITS) == Segmentation.CALL_GATE_16;
        boolean task = (type & ~Segmentation.OF_32_BITS) == Segmentation.TSS_16;
        if (!gate && !task && type != Segmentation.TASK_GATE
                || dpl(access) < Math.max(r.cpl, selector & 3)) {
            throw refused(x, selector);
        }
        checkPresent(x, access, selector);
        if (gate) {
            throughGate(x, descriptor, type, call);
        } else if (task) {
            Tasks.switchTo(x, selector, call ? Tasks.Reason.CALL : Tasks.Reason.JUMP);
        } else {
            Tasks.throughGate(x, descriptor, call ? Tasks.Reason.CALL : Tasks.Reason.JUMP);
        }
    }

    private static void checkPresent(Execution x, int access, int selector) {
        if ((access & PRESENT) == 0) {
            throw fault(x, GuestFault.NOT_PRESENT, selector);
        }
    }

    private static void pushReturn(Execution x, int width) {
        int oldSelector = x.r.selector[CS];
        Stack.push(x.r, x.mmu, width, oldSelector);
        Stack.push(x.r, x.mmu, width, x.r.ip);
    }

    /** Goes on in a code segment that was found to be right, at a privilege level. */
    static void enterCode(Execution x, int selector, long descriptor, long offset, int level) {
        if (offset > Segmentation.limit(descriptor)) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
        Segmentation.install(x, CS, selector & ~3 | level, descriptor);
        x.mmu.setPrivilege(level);
        x.r.ip = offset;
    }

    private static void throughGate(Execution x, long gate, int type, boolean call) {
        Registers r = x.r;
        boolean of32Bits = (type & Segmentation.OF_32_BITS) != 0;
        int width = of32Bits ? 4 : 2;
        int selector = (int) (gate >>> 16) & 0xFFFF;
        long offset = gateOffset(gate, of32Bits);
        if (Segmentation.isNull(selector)) {
            throw refused(x, 0);
        }
        long descriptor = Segmentation.descriptor(x, selector, GuestFault.GENERAL_PROTECTION);
        int access = access(descriptor);
        boolean conforming = Segmentation.isConforming(access);
        boolean sameLevelOnly = !call && !conforming;
        if (!Segmentation.isCode(access)
                || dpl(access) > r.cpl
                || sameLevelOnly && dpl(access) != r.cpl) {
            throw refused(x, selector);
        }
        checkPresent(x, access, selector);
        if (call && !conforming && dpl(access) < r.cpl) {
            callInward(
                    x, selector, descriptor, offset, width, (int) (gate >>> 32) & MOST_PARAMETERS);
            return;
        }
        if (call) {
            pushReturn(x, width);
        }
        enterCode(x, selector, descriptor, offset, r.cpl);
    }

    /** Where a gate leads in its code segment. */
    static long gateOffset(long gate, boolean of32Bits) {
        return of32Bits ? gate & 0xFFFF | gate >>> 32 & 0xFFFF_0000L : gate & 0xFFFF;
    }

    private static void callInward(
            Execution x, int selector, long descriptor, long offset, int width, int parameters) {
        Registers r = x.r;
        Mmu m = x.mmu;
        long[] copied = x.parameters;
        for (int n = 0; n < parameters; n++) {
            copied[n] = Stack.peek(r, m, width, (long) n * width);
        }
        int oldStack = r.selector[SS];
        long oldPointer = r.gpr[ESP];
        switchStack(x, dpl(access(descriptor)));
        try {
            Stack.push(r, m, width, oldStack);
            Stack.push(r, m, width, oldPointer);
            for (int n = parameters - 1; n >= 0; n--) {
                Stack.push(r, m, width, copied[n]);
            }
            pushReturn(x, width);
        } catch (GuestFault fault) {
            throw onNewStack(x, fault);
        }
        enterCode(x, selector, descriptor, offset, r.cpl);
    }

    /** Takes the stack that the task-state segment has for a privilege level, and that level. */
    static void switchStack(Execution x, int level) {
        Registers r = x.r;
        boolean of32Bits = (r.taskAccess & Segmentation.OF_32_BITS) != 0;
        int at = of32Bits ? FIRST_STACK_32 + 8 * level : FIRST_STACK_16 + 4 * level;
        int width = of32Bits ? 4 : 2;
        if (at + width + 1 > r.taskLimit) {
            throw fault(x, GuestFault.INVALID_TSS, r.taskSelector);
        }
        long pointer = x.mmu.loadSystem(r.taskBase + at, width);
        int selector = (int) x.mmu.loadSystem(r.taskBase + at + width, 2);
        long descriptor = Segmentation.stackDescriptor(x, selector, level, GuestFault.INVALID_TSS);
        x.mmu.setPrivilege(level);
        Segmentation.install(x, SS, selector, descriptor);
        r.setStackPointer(pointer);
    }

    /** What a push on a stack just switched to raises: #SS names that stack. */
    static GuestFault onNewStack(Execution x, GuestFault fault) {
        return fault.vector() == GuestFault.STACK_FAULT
                ? fault(x, GuestFault.STACK_FAULT, x.r.selector[SS])
                : fault;
    }

    /** RETF; {@code release} bytes of parameters are dropped from both stacks. */
    static void returnFar(Execution x, int width, long release) {
        x.begin();
        try {
            returnTo(x, width, 2L * width, release);
        } catch (GuestFault fault) {
            throw x.undo(fault);
        }
    }

    static void returnFromInterrupt(Execution x, int width) {
        Registers r = x.r;
        x.begin();
        try {
            if ((r.systemFlags & Registers.NT) != 0) {
                Tasks.returnToPrevious(x);
                return;
            }
            int flags = (int) Stack.peek(r, x.mmu, width, 2L * width);
            if (width == 4 && (flags & Registers.VM) != 0 && r.cpl == 0) {
                toVirtual8086(x, flags);
                return;
            }
            int changeable = Stack.FlagImage.changeable(r) | Registers.RF;
            if (r.cpl == 0) {
                changeable |= Registers.VIF | Registers.VIP;
            }
            returnTo(x, width, 3L * width, 0);
            Stack.FlagImage.load(x, flags, width, changeable);
        } catch (GuestFault fault) {
            throw x.undo(fault);
        }
    }

    /** Returns to CS:EIP at the top of the stack, at the same or less privilege. */
    private static void returnTo(Execution x, int width, long frame, long release) {
        Registers r = x.r;
        Mmu m = x.mmu;
        long offset = Stack.peek(r, m, width, 0);
        int selector = (int) Stack.peek(r, m, 2, width);
        if (Segmentation.isNull(selector)) {
            throw refused(x, 0);
        }
        long descriptor = Segmentation.descriptor(x, selector, GuestFault.GENERAL_PROTECTION);
        int access = access(descriptor);
        int level = selector & 3;
        boolean allowed =
                Segmentation.isConforming(access) ? dpl(access) <= level : dpl(access) == level;
        if (!Segmentation.isCode(access) || level < r.cpl || !allowed) {
            throw refused(x, selector);
        }
        checkPresent(x, access, selector);
        if (level == r.cpl) {
            enterCode(x, selector, descriptor, offset, level);
            Stack.drop(r, frame + release);
            return;
        }
        long pointer = Stack.peek(r, m, width, frame + release);
        int stack = (int) Stack.peek(r, m, 2, frame + release + width);
        long stackDescriptor =
                Segmentation.stackDescriptor(x, stack, level, GuestFault.GENERAL_PROTECTION);
        enterCode(x, selector, descriptor, offset, level);
        Segmentation.install(x, SS, stack, stackDescriptor);
        r.setStackPointer(pointer + release);
        Segmentation.dropPrivileged(r);
    }

    private static void toVirtual8086(Execution x, int flags) {
        Registers r = x.r;
        Mmu m = x.mmu;
        long ip = Stack.peek(r, m, 4, 0);
        int code = (int) Stack.peek(r, m, 2, 4);
        long pointer = Stack.peek(r, m, 4, 12);
        int stack = (int) Stack.peek(r, m, 2, 16);
        int extra = (int) Stack.peek(r, m, 2, 20);
        int data = (int) Stack.peek(r, m, 2, 24);
        int f = (int) Stack.peek(r, m, 2, 28);
        int g = (int) Stack.peek(r, m, 2, 32);
        if (ip > 0xFFFF) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
        r.setFlags(flags);
        r.setVirtual8086Segment(CS, code);
        r.setVirtual8086Segment(SS, stack);
        r.setVirtual8086Segment(ES, extra);
        r.setVirtual8086Segment(DS, data);
        r.setVirtual8086Segment(FS, f);
        r.setVirtual8086Segment(GS, g);
        m.setPrivilege(3);
        r.gpr[ESP] = pointer;
        r.ip = ip;
    }

    /** SYSENTER (Intel SDM volume 2): to level 0, at what the model-specific registers say. */
    static void enterSystem(Execution x) {
        Registers r = x.r;
        checkFastCall(x);
        r.systemFlags &= ~(Registers.VM | Registers.IF | Registers.RF);
        x.mmu.setPrivilege(0);
        setFlat(r, r.sysenterCs & 0xFFFC, r.sysenterCs + 8 & 0xFFFC, 0);
        r.gpr[ESP] = r.sysenterEsp & 0xFFFF_FFFFL;
        r.ip = r.sysenterEip & 0xFFFF_FFFFL;
    }

    /** SYSEXIT: to level 3, at EDX with the stack at ECX. */
    static void exitSystem(Execution x) {
        Registers r = x.r;
        checkFastCall(x);
        SystemOperations.checkPrivileged(x);
        x.mmu.setPrivilege(3);
        setFlat(r, r.sysenterCs + 16 & 0xFFFC | 3, r.sysenterCs + 24 & 0xFFFC | 3, 3);
        r.gpr[ESP] = r.gpr[Registers.ECX];
        r.ip = r.gpr[Registers.EDX];
    }

    private static void checkFastCall(Execution x) {
        if ((x.r.cr0 & Registers.CR0_PE) == 0 || Segmentation.isNull(x.r.sysenterCs)) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
    }

    private static void setFlat(Registers r, int code, int stack, int level) {
        int common =
                PRESENT
                        | level << Registers.DPL_SHIFT
                        | Registers.NOT_SYSTEM
                        | Registers.ACCESSED
                        | Registers.BIG
                        | 1 << 15;
        r.setSegment(CS, code, 0, 0xFFFF_FFFFL, common | Registers.CODE | Registers.READABLE);
        r.setSegment(SS, stack, 0, 0xFFFF_FFFFL, common | Registers.WRITABLE);
    }
}
