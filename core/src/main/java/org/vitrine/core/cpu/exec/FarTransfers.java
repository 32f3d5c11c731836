package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.state.Registers.CS;
import static org.vitrine.core.cpu.state.Registers.DS;
import static org.vitrine.core.cpu.state.Registers.ES;
import static org.vitrine.core.cpu.state.Registers.FS;
import static org.vitrine.core.cpu.state.Registers.GS;
import static org.vitrine.core.cpu.state.Registers.SS;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** What loads segment registers, changes the code segment or interrupts. */
final class FarTransfers {

    private FarTransfers() {}

    static void execute(Execution x, Registers r, Mmu m, Instruction i) {
        int width = i.width;
        switch (i.op) {
            case Op.JMP_FAR -> {
                if (i.form == Instruction.RI) {
                    jump(x, i.immediate2, i.immediate, width);
                } else {
                    long offset = Operands.address(r, i);
                    long target = m.load(i.segment, offset, width);
                    jump(x, m.load16(i.segment, offset + width & i.addressMask), target, width);
                }
            }
            case Op.CALL_FAR -> {
                if (i.form == Instruction.RI) {
                    call(x, r, m, i.immediate2, i.immediate, width);
                } else {
                    long offset = Operands.address(r, i);
                    long target = m.load(i.segment, offset, width);
                    call(
                            x,
                            r,
                            m,
                            m.load16(i.segment, offset + width & i.addressMask),
                            target,
                            width);
                }
            }
            case Op.RETF -> {
                if (r.descriptorMode()) {
                    ProtectedTransfers.returnFar(x, width, i.immediate);
                    return;
                }
                long target = Stack.peek(r, m, width, 0);
                int selector = (int) Stack.peek(r, m, 2, width);
                jumpReal(x, selector, target);
                Stack.drop(r, 2L * width + i.immediate);
            }
            case Op.INT -> {
                if (r.virtual8086()) {
                    Virtual8086.interrupt(x, (int) i.immediate);
                } else {
                    Interrupts.software(x, (int) i.immediate);
                }
            }
            case Op.INT3 -> Interrupts.software(x, GuestFault.BREAKPOINT);
            case Op.INT1 -> Interrupts.breakpoint(x);
            case Op.INTO -> {
                if (r.overflow()) {
                    Interrupts.software(x, GuestFault.OVERFLOW);
                }
            }
            case Op.IRET -> returnFromInterrupt(x, r, m, width);
            case Op.LES -> loadPointer(x, r, m, i, ES);
            case Op.LDS -> loadPointer(x, r, m, i, DS);
            case Op.LSS -> loadPointer(x, r, m, i, SS);
            case Op.LFS -> loadPointer(x, r, m, i, FS);
            case Op.LGS -> loadPointer(x, r, m, i, GS);
            case Op.MOV_SEG -> moveToSegment(x, r, m, i);
            case Op.MOV_FROMSEG -> moveFromSegment(x, r, m, i);
            case Op.BOUND -> bound(x, r, m, i);
            default -> throw new IllegalStateException(Op.name(i.op));
        }
    }

    private static void jump(Execution x, int selector, long offset, int width) {
        if (x.r.descriptorMode()) {
            ProtectedTransfers.jump(x, selector, offset, width);
        } else {
            jumpReal(x, selector, offset);
        }
    }

    /** As in real mode, and in virtual-8086 mode. */
    private static void jumpReal(Execution x, int selector, long offset) {
        Registers r = x.r;
        if (offset > r.limit[CS]) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
        r.setRealSegment(CS, selector);
        r.ip = offset;
    }

    private static void call(
            Execution x, Registers r, Mmu m, int selector, long offset, int width) {
        if (r.descriptorMode()) {
            ProtectedTransfers.call(x, selector, offset, width);
            return;
        }
        Stack.probePush(r, m, width, 2);
        int oldSelector = r.selector[CS];
        long oldIp = r.ip;
        jumpReal(x, selector, offset);
        Stack.push(r, m, width, oldSelector);
        Stack.push(r, m, width, oldIp);
    }

    /** NMIs are unblocked even when IRET faults (Intel SDM volume 3, section 6.7.1). */
    private static void returnFromInterrupt(Execution x, Registers r, Mmu m, int width) {
        x.nmiBlocked = false;
        if (r.descriptorMode()) {
            ProtectedTransfers.returnFromInterrupt(x, width);
        } else if (r.virtual8086()) {
            Virtual8086.returnFromInterrupt(x, width);
        } else {
            long target = Stack.peek(r, m, width, 0);
            int selector = (int) Stack.peek(r, m, 2, width);
            int flags = (int) Stack.peek(r, m, width, 2L * width);
            jumpReal(x, selector, target);
            Stack.drop(r, 3L * width);
            Stack.FlagImage.load(x, flags, width, Stack.FlagImage.changeable(r) | Registers.RF);
        }
    }

    private static void loadPointer(Execution x, Registers r, Mmu m, Instruction i, int segment) {
        long offset = Operands.address(r, i);
        long value = m.load(i.segment, offset, i.width);
        int selector = m.load16(i.segment, offset + i.width & i.addressMask);
        Segmentation.load(x, segment, selector);
        r.set(i.a, 0, i.width, value);
    }

    private static void moveToSegment(Execution x, Registers r, Mmu m, Instruction i) {
        if (i.a == CS || i.a > GS) {
            throw x.fault.of(GuestFault.INVALID_OPCODE);
        }
        Segmentation.load(x, i.a, (int) Operands.second(r, m, i));
        if (i.a == SS) {
            x.raise(Execution.STACK_SHADOW);
        }
    }

    private static void moveFromSegment(Execution x, Registers r, Mmu m, Instruction i) {
        if (i.b > GS) {
            throw x.fault.of(GuestFault.INVALID_OPCODE);
        }
        if (i.form == Instruction.RR) {
            r.set(i.a, 0, i.width, r.selector[i.b]);
        } else {
            m.store16(i.segment, Operands.address(r, i), r.selector[i.b]);
        }
    }

    private static void bound(Execution x, Registers r, Mmu m, Instruction i) {
        long offset = Operands.address(r, i);
        long index = Operands.signed(r.gpr[i.a], i.width);
        long lower = Operands.signed(m.load(i.segment, offset, i.width), i.width);
        long upper =
                Operands.signed(
                        m.load(i.segment, offset + i.width & i.addressMask, i.width), i.width);
        if (index < lower || index > upper) {
            throw x.fault.of(GuestFault.BOUND_RANGE);
        }
    }
}
