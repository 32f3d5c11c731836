package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.state.Registers.EBP;
import static org.vitrine.core.cpu.state.Registers.ESP;
import static org.vitrine.core.cpu.state.Registers.SS;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** Pushes and pops. The stack pointer moves only after every access has succeeded. */
final class Stack {

    private Stack() {}

    static void push(Registers r, Mmu m, int width, long value) {
        long pointer = r.gpr[ESP] - width & r.stackMask;
        m.store(SS, pointer, width, value);
        r.setStackPointer(pointer);
    }

    /** The value so many bytes above the top. */
    static long peek(Registers r, Mmu m, int width, long above) {
        return m.load(SS, r.gpr[ESP] + above & r.stackMask, width);
    }

    static void drop(Registers r, long bytes) {
        r.setStackPointer(r.gpr[ESP] + bytes);
    }

    static void execute(Execution x, Registers r, Mmu m, Instruction i) {
        int width = i.width;
        switch (i.op) {
            case Op.PUSH ->
                    push(
                            r,
                            m,
                            width,
                            i.form == Instruction.RI ? i.immediate : Operands.first(r, m, i));
            case Op.POP -> pop(r, m, i);
            case Op.PUSH_SEG -> pushSegment(r, m, i);
            case Op.POP_SEG -> popSegment(x, r, m, i);
            case Op.PUSHA -> pushAll(r, m, width);
            case Op.POPA -> popAll(r, m, width);
            case Op.PUSHF -> FlagImage.push(x, width);
            case Op.POPF -> FlagImage.pop(x, width);
            case Op.ENTER -> enter(r, m, i);
            case Op.LEAVE -> leave(r, m, width);
            default -> throw new IllegalStateException(Op.name(i.op));
        }
    }

    static void popRegister(Registers r, Mmu m, Instruction i) {
        long value = m.load(SS, r.gpr[ESP] & r.stackMask, i.width);
        drop(r, i.width);
        r.set(i.a, 0, i.width, value);
    }

    private static void pop(Registers r, Mmu m, Instruction i) {
        int width = i.width;
        if (i.form == Instruction.RR) {
            popRegister(r, m, i);
            return;
        }
        long value = peek(r, m, width, 0);
        // An address based on the stack pointer is computed after the pop.
        long pointer = r.gpr[ESP];
        drop(r, width);
        long offset = Operands.address(r, i);
        r.gpr[ESP] = pointer;
        m.store(i.segment, offset, width, value);
        drop(r, width);
    }

    private static void pushSegment(Registers r, Mmu m, Instruction i) {
        // With 32 bits, the upper half of the slot is left as it is by this family.
        long pointer = r.gpr[ESP] - i.width & r.stackMask;
        m.store(SS, pointer, 2, r.selector[i.a]);
        r.setStackPointer(pointer);
    }

    private static void popSegment(Execution x, Registers r, Mmu m, Instruction i) {
        Segmentation.load(x, i.a, (int) peek(r, m, 2, 0));
        drop(r, i.width);
        if (i.a == SS) {
            x.raise(Execution.STACK_SHADOW);
        }
    }

    private static void pushAll(Registers r, Mmu m, int width) {
        long pointer = r.gpr[ESP];
        for (int register = 0; register < 8; register++) {
            m.probeWrite(SS, pointer - width * (register + 1L) & r.stackMask, width);
        }
        for (int register = 0; register < 8; register++) {
            m.store(SS, pointer - width * (register + 1L) & r.stackMask, width, r.gpr[register]);
        }
        r.setStackPointer(pointer - 8L * width);
    }

    private static void popAll(Registers r, Mmu m, int width) {
        for (int register = 0; register < 8; register++) {
            peek(r, m, width, width * (7L - register));
        }
        for (int register = 0; register < 8; register++) {
            if (register != ESP) {
                r.set(register, 0, width, peek(r, m, width, width * (7L - register)));
            }
        }
        drop(r, 8L * width);
    }

    private static void enter(Registers r, Mmu m, Instruction i) {
        int width = i.width;
        int level = i.immediate2 & 31;
        long mask = r.stackMask;
        long pointer = r.gpr[ESP] - width & mask;
        m.store(SS, pointer, width, r.gpr[EBP] & Operands.mask(width));
        long frame = pointer;
        if (level > 0) {
            long base = r.gpr[EBP];
            for (int n = 1; n < level; n++) {
                base = base - width & mask;
                long value = m.load(SS, base, width);
                pointer = pointer - width & mask;
                m.store(SS, pointer, width, value);
            }
            pointer = pointer - width & mask;
            m.store(SS, pointer, width, frame);
        }
        pointer = pointer - i.immediate & mask;
        // What the next push would hit has to be writable (Intel SDM volume 2, ENTER).
        m.probeWrite(SS, pointer, 1);
        r.setStackPointer(pointer);
        r.set(EBP, 0, width, frame & Operands.mask(width));
    }

    private static void leave(Registers r, Mmu m, int width) {
        long value = m.load(SS, r.gpr[EBP] & r.stackMask, width);
        r.setStackPointer((r.gpr[EBP] & r.stackMask) + width);
        r.set(EBP, 0, width, value);
    }

    /** PUSHF and POPF, and which flags may be changed. */
    static final class FlagImage {

        private FlagImage() {}

        static void push(Execution x, int width) {
            Stack.push(x.r, x.mmu, width, Virtual8086.image(x, width) & Operands.mask(width));
        }

        static void pop(Execution x, int width) {
            int value = (int) peek(x.r, x.mmu, width, 0);
            boolean virtual = Virtual8086.popsToVirtualFlag(x, width, value);
            drop(x.r, width);
            if (virtual) {
                Virtual8086.setFlags(x, value);
                return;
            }
            load(x, value, width, changeable(x.r));
            if (width == 4 && !x.r.virtual8086()) {
                x.r.systemFlags &= ~(Registers.VIF | Registers.VIP);
            }
        }

        /** The flags that POPF and IRET may change at this privilege level. */
        static int changeable(Registers r) {
            int changeable =
                    Registers.ARITHMETIC
                            | Registers.TF
                            | Registers.DF
                            | Registers.NT
                            | Registers.AC
                            | Registers.ID;
            if (r.cpl == 0) {
                changeable |= Registers.IOPL;
            }
            if (r.cpl <= r.iopl()) {
                changeable |= Registers.IF;
            }
            return changeable;
        }

        static void load(Execution x, int value, int width, int changeable) {
            int mask = width == 2 ? changeable & 0xFFFF : changeable;
            int flags = x.r.flags() & ~Registers.RF;
            x.r.setFlags(flags & ~mask | value & mask);
            x.mmu.alignmentFlagChanged();
        }
    }

    /** Raises #SS when pushing this many bytes would fail, and pushes nothing. */
    static void probePush(Registers r, Mmu m, int width, int count) throws GuestFault {
        for (int n = 1; n <= count; n++) {
            m.probeWrite(SS, r.gpr[ESP] - (long) width * n & r.stackMask, width);
        }
    }
}
