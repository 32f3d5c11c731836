package org.vitrine.core.cpu.block;

/**
 * What an interpreter makes of an instruction, or of two: an object whose class knows the operation
 * and the places and widths of its operands, and whose fields say which operands. Running it is one
 * virtual call. Belongs to the vCPU thread.
 */
public abstract class Step {

    /** Where it ends, in bytes from the start of its block. */
    public final int end;

    /** How many instructions of the block are done after it. */
    public final int count;

    protected Step(int end, int count) {
        this.end = end;
        this.count = count;
    }

    /**
     * Runs it. The instruction pointer is not looked at before and stays as it is, unless something
     * else than the next step follows.
     *
     * @return whether the next step of the block is the next one to run; if not, the instruction
     *     pointer tells where to go on
     */
    public abstract boolean run();
}
