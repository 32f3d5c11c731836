package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.state.Registers.CS;
import static org.vitrine.core.cpu.state.Registers.ECX;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** Jumps, calls and returns inside a code segment. */
final class Branches {

    private Branches() {}

    static void execute(Execution x, Registers r, Mmu m, Instruction i) {
        switch (i.op) {
            case Op.JMP -> jump(x, r, r.ip + i.immediate, i.width);
            case Op.JMP_ABS -> jump(x, r, Operands.first(r, m, i), i.width);
            case Op.CALL -> call(x, r, m, r.ip + i.immediate, i.width);
            case Op.CALL_ABS -> call(x, r, m, Operands.first(r, m, i), i.width);
            case Op.RET -> returnNear(x, r, m, i);
            case Op.LOOPNE -> loop(x, r, i, !r.zero());
            case Op.LOOPE -> loop(x, r, i, r.zero());
            case Op.LOOP -> loop(x, r, i, true);
            case Op.JCXZ -> {
                if ((r.gpr[ECX] & i.addressMask) == 0) {
                    jump(x, r, r.ip + i.immediate, i.width);
                }
            }
            default -> {
                if (r.condition(i.op - Op.JCC)) {
                    jump(x, r, r.ip + i.immediate, i.width);
                }
            }
        }
    }

    /**
     * Goes on at an offset, cut to the operand size; outside the segment that is #GP, and nothing
     * has changed.
     */
    static void jump(Execution x, Registers r, long target, int width) {
        long offset = target & Operands.mask(width);
        if (offset > r.limit[CS]) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
        r.ip = offset;
        // A block goes on after a conditional branch.
        x.leave = true;
    }

    static void call(Execution x, Registers r, Mmu m, long target, int width) {
        long offset = target & Operands.mask(width);
        if (offset > r.limit[CS]) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
        Stack.push(r, m, width, r.ip);
        r.ip = offset;
    }

    static void returnNear(Execution x, Registers r, Mmu m, Instruction i) {
        long target = Stack.peek(r, m, i.width, 0);
        jump(x, r, target, i.width);
        Stack.drop(r, i.width + i.immediate);
    }

    static void loop(Execution x, Registers r, Instruction i, boolean condition) {
        long kept = i.addressMask == 0xFFFF ? r.gpr[ECX] & ~0xFFFFL : 0;
        long count = r.gpr[ECX] - 1 & i.addressMask;
        if (count != 0 && condition) {
            jump(x, r, r.ip + i.immediate, i.width);
        }
        r.gpr[ECX] = kept | count;
    }
}
