package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.block.Block;
import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** Runs decoded instructions one by one. */
public final class Interpreter {

    private final Execution x;
    private final Registers r;
    private final Mmu m;

    public Interpreter(Execution execution) {
        this.x = execution;
        this.r = execution.r;
        this.m = execution.mmu;
    }

    /**
     * Runs a block from its first instruction, until its end or until something says to leave it. An exception is
     * delivered before this returns.
     *
     * @param limit the greatest number of instructions
     * @return how many were run, the one that raised an exception included
     */
    public int run(Block block, int limit) {
        Instruction[] code = block.code;
        int count = Math.min(code.length, limit);
        long start = r.ip;
        int n = 0;
        x.leave = false;
        try {
            do {
                Instruction i = code[n++];
                r.ip = start + i.end;
                execute(i);
            } while (n < count && !x.leave);
        } catch (GuestFault fault) {
            Instruction i = code[n - 1];
            r.ip = start + i.end - i.length;
            Interrupts.exception(x, fault.vector(), fault.errorCode());
        }
        return n;
    }

    private void execute(Instruction i) {
        switch (i.group) {
            case Op.ARITHMETIC >> Op.GROUP_SHIFT -> Arithmetic.execute(r, m, i);
            case Op.MOVE >> Op.GROUP_SHIFT -> Moves.execute(r, m, i);
            case Op.STACK >> Op.GROUP_SHIFT -> Stack.execute(x, r, m, i);
            case Op.BRANCH >> Op.GROUP_SHIFT -> Branches.execute(x, r, m, i);
            case Op.FAR >> Op.GROUP_SHIFT -> FarTransfers.execute(x, r, m, i);
            case Op.SHIFT >> Op.GROUP_SHIFT -> Shifts.execute(r, m, i);
            case Op.MULTIPLY >> Op.GROUP_SHIFT -> Multiplication.execute(x, r, m, i);
            case Op.BITS >> Op.GROUP_SHIFT -> Bits.execute(r, m, i);
            case Op.STRING >> Op.GROUP_SHIFT -> Strings.execute(x, r, m, i);
            case Op.SYSTEM >> Op.GROUP_SHIFT -> SystemOperations.execute(x, r, m, i);
            default -> NoCoprocessor.execute(x, r, i);
        }
    }
}
