package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.block.Step;
import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** A step that may fault, access memory or go elsewhere. */
abstract class OperandStep extends Step {

    final Execution x;
    final Registers r;
    final Mmu m;
    final long[] gpr;

    OperandStep(Execution x, Instruction i) {
        super(i.end, i.count);
        this.x = x;
        r = x.r;
        m = x.mmu;
        gpr = r.gpr;
    }

    /** The offset of what follows in memory. */
    final long following() {
        return x.start + end;
    }

    /**
     * What {@link #run} returns when nothing but an access to memory may make it leave the block.
     */
    final boolean goOn() {
        if (x.leave) {
            r.ip = following();
            return false;
        }
        return true;
    }
}
