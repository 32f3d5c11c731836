package org.vitrine.core.cpu.exec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.vitrine.core.cpu.block.Block;
import org.vitrine.core.cpu.block.Step;
import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Registers;

/**
 * Runs decoded instructions one by one. Each is made a {@link Step} when its block is first run:
 * what programs mostly consist of has classes of its own, everything else goes to its group.
 */
public final class Interpreter {

    /** How many instructions a block that jumps to itself runs at most before others are heard. */
    private static final int LONGEST_LOOP = 1000;

    private final Execution x;
    private final Registers r;

    public Interpreter(Execution execution) {
        this.x = execution;
        this.r = execution.r;
    }

    /**
     * Runs a block from its first instruction, until its end or until something says to leave it;
     * and, while it jumps to its own start, again. An exception is delivered before this returns.
     *
     * @param limit the greatest number of instructions
     * @return how many were run, the one that raised an exception included
     */
    public int run(Block block, long limit) {
        Step[] steps = block.steps;
        if (steps == null) {
            steps = steps(block.code);
            block.steps = steps;
        }
        int length = block.code.length;
        if (limit < length) {
            return runSome(block, (int) limit);
        }
        // Others may want to be heard between two turns.
        long lastTurn = Math.min(limit, LONGEST_LOOP) - length;
        long start = r.ip;
        x.start = start;
        x.leave = false;
        int done = 0;
        Step step = null;
        try {
            do {
                int n = 0;
                do {
                    step = steps[n++];
                } while (step.run());
                done += step.count;
            } while (r.ip == start && !x.leave && done <= lastTurn);
            return done;
        } catch (GuestFault fault) {
            deliver(fault, block.code[step.count - 1]);
            return done + step.count;
        }
    }

    /** Runs a block's first instructions, and leaves the flags so that they can be looked at. */
    private int runSome(Block block, int limit) {
        Step[] steps = block.singleSteps;
        if (steps == null) {
            steps = singleSteps(block.code);
            block.singleSteps = steps;
        }
        x.start = r.ip;
        x.leave = false;
        int n = 0;
        try {
            boolean on;
            do {
                on = steps[n++].run();
            } while (on && n < limit);
            if (on) {
                r.ip = x.start + steps[n - 1].end;
            }
        } catch (GuestFault fault) {
            deliver(fault, block.code[n - 1]);
        }
        return n;
    }

    private void deliver(GuestFault fault, Instruction i) {
        if (x.committed) {
            // The fault is that of a task just switched to, and so is the instruction pointer.
            x.committed = false;
        } else {
            r.ip = x.start + i.end - i.length;
        }
        Interrupts.exception(x, fault.vector(), fault.errorCode());
    }

    private Step[] singleSteps(Instruction[] code) {
        Step[] steps = new Step[code.length];
        for (int n = 0; n < steps.length; n++) {
            steps[n] = GroupSteps.of(x, code[n]);
        }
        return steps;
    }

    /** The steps for a block; the last goes elsewhere in any case. */
    private Step[] steps(Instruction[] code) {
        int last = code.length - 1;
        List<Step> steps = new ArrayList<>();
        if (!code[last].endsBlock()) {
            steps.add(endOf(code[last]));
        }
        int seen = Registers.ARITHMETIC;
        for (int n = last; n >= 0; n--) {
            Instruction i = code[n];
            Step step = n > 0 ? BranchSteps.fused(x, code[n - 1], i) : null;
            if (step != null) {
                n--;
                seen = Registers.ARITHMETIC;
            } else {
                int set = flagsSet(i);
                step = RegisterSteps.of(r, i, (set & seen) != 0);
                if (step != null) {
                    boolean carries = i.op == Op.ADC || i.op == Op.SBB;
                    seen = seen & ~set | (carries ? Registers.CF : 0);
                } else {
                    step = withMemory(i);
                    seen = Registers.ARITHMETIC;
                }
            }
            steps.add(step);
        }
        Collections.reverse(steps);
        return steps.toArray(new Step[0]);
    }

    private Step withMemory(Instruction i) {
        Step step = MemorySteps.of(x, i);
        if (step == null) {
            step = BranchSteps.of(x, i);
        }
        if (step == null) {
            step = FloatSteps.of(x, i);
        }
        return step != null ? step : GroupSteps.of(x, i);
    }

    private static int flagsSet(Instruction i) {
        return switch (i.op) {
            case Op.NOT, Op.MOV, Op.LEA -> 0;
            case Op.INC, Op.DEC -> Registers.ARITHMETIC & ~Registers.CF;
            case Op.ROL, Op.ROR -> Registers.CF | Registers.OF;
            default -> Registers.ARITHMETIC;
        };
    }

    /** Goes on behind an instruction. */
    private Step endOf(Instruction i) {
        return new OperandStep(x, i) {
            @Override
            public boolean run() {
                r.ip = following();
                return false;
            }
        };
    }
}
