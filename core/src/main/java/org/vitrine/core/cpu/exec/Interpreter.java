package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.decode.Shape.*;

import org.vitrine.core.cpu.block.Block;
import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/**
 * Runs decoded instructions one by one. What programs mostly consist of is told apart here, by its
 * {@code Shape}, in one switch; everything else goes to its group.
 */
public final class Interpreter {

    private static final long MASK_32 = 0xFFFF_FFFFL;

    private final Execution x;
    private final Registers r;
    private final Mmu m;

    public Interpreter(Execution execution) {
        this.x = execution;
        this.r = execution.r;
        this.m = execution.mmu;
    }

    /**
     * Runs a block from its first instruction, until its end or until something says to leave it.
     * An exception is delivered before this returns.
     *
     * @param limit the greatest number of instructions
     * @return how many were run, the one that raised an exception included
     */
    public int run(Block block, long limit) {
        Instruction[] code = block.code;
        int count = (int) Math.min(code.length, limit);
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
            if (x.committed) {
                // The fault is that of a task just switched to, and so is the instruction pointer.
                x.committed = false;
            } else {
                Instruction i = code[n - 1];
                r.ip = start + i.end - i.length;
            }
            Interrupts.exception(x, fault.vector(), fault.errorCode());
        }
        return n;
    }

    private void execute(Instruction i) {
        Registers r = this.r;
        Mmu m = this.m;
        long[] gpr = r.gpr;
        switch (i.shape) {
            case COMPUTE_RR_32 -> gpr[i.a] = Arithmetic.compute32(r, i.op, gpr[i.a], gpr[i.b]);
            case COMPUTE_RI_32 -> gpr[i.a] = Arithmetic.compute32(r, i.op, gpr[i.a], i.immediate);
            case COMPUTE_RM_32 ->
                    gpr[i.a] = Arithmetic.compute32(r, i.op, gpr[i.a], load32(r, m, i));
            case COMPUTE_MR_32 -> update32(r, m, i, gpr[i.b]);
            case COMPUTE_MI_32 -> update32(r, m, i, i.immediate);
            case COMPARE_RR_32 -> Arithmetic.compute32(r, i.op, gpr[i.a], gpr[i.b]);
            case COMPARE_RI_32 -> Arithmetic.compute32(r, i.op, gpr[i.a], i.immediate);
            case COMPARE_RM_32 -> Arithmetic.compute32(r, i.op, gpr[i.a], load32(r, m, i));
            case COMPARE_MR_32 -> Arithmetic.compute32(r, i.op, load32(r, m, i), gpr[i.b]);
            case COMPARE_MI_32 -> Arithmetic.compute32(r, i.op, load32(r, m, i), i.immediate);
            case MOVE_RR_32 -> gpr[i.a] = gpr[i.b];
            case MOVE_RI_32 -> gpr[i.a] = i.immediate;
            case MOVE_RM_32 -> gpr[i.a] = load32(r, m, i);
            case MOVE_MR_32 -> m.store32(i.segment, Operands.address(r, i), (int) gpr[i.b]);
            case MOVE_MI_32 -> m.store32(i.segment, Operands.address(r, i), (int) i.immediate);

            case COMPUTE_RR_16 -> set16(gpr, i, Arithmetic.compute16(r, i.op, gpr[i.a], gpr[i.b]));
            case COMPUTE_RI_16 ->
                    set16(gpr, i, Arithmetic.compute16(r, i.op, gpr[i.a], i.immediate));
            case COMPUTE_RM_16 ->
                    set16(gpr, i, Arithmetic.compute16(r, i.op, gpr[i.a], load16(r, m, i)));
            case COMPUTE_MR_16 -> update16(r, m, i, gpr[i.b]);
            case COMPUTE_MI_16 -> update16(r, m, i, i.immediate);
            case COMPARE_RR_16 -> Arithmetic.compute16(r, i.op, gpr[i.a], gpr[i.b]);
            case COMPARE_RI_16 -> Arithmetic.compute16(r, i.op, gpr[i.a], i.immediate);
            case COMPARE_RM_16 -> Arithmetic.compute16(r, i.op, gpr[i.a], load16(r, m, i));
            case COMPARE_MR_16 -> Arithmetic.compute16(r, i.op, load16(r, m, i), gpr[i.b]);
            case COMPARE_MI_16 -> Arithmetic.compute16(r, i.op, load16(r, m, i), i.immediate);
            case MOVE_RR_16 -> set16(gpr, i, gpr[i.b] & 0xFFFF);
            case MOVE_RI_16 -> set16(gpr, i, i.immediate);
            case MOVE_RM_16 -> set16(gpr, i, load16(r, m, i));
            case MOVE_MR_16 -> m.store16(i.segment, Operands.address(r, i), (int) gpr[i.b]);
            case MOVE_MI_16 -> m.store16(i.segment, Operands.address(r, i), (int) i.immediate);

            case COMPUTE_RR_8 ->
                    set8(
                            gpr,
                            i,
                            Arithmetic.compute8(r, i.op, gpr[i.a] >>> i.aShift, source8(gpr, i)));
            case COMPUTE_RI_8 ->
                    set8(gpr, i, Arithmetic.compute8(r, i.op, gpr[i.a] >>> i.aShift, i.immediate));
            case COMPUTE_RM_8 ->
                    set8(
                            gpr,
                            i,
                            Arithmetic.compute8(r, i.op, gpr[i.a] >>> i.aShift, load8(r, m, i)));
            case COMPUTE_MR_8 -> update8(r, m, i, source8(gpr, i));
            case COMPUTE_MI_8 -> update8(r, m, i, i.immediate);
            case COMPARE_RR_8 ->
                    Arithmetic.compute8(r, i.op, gpr[i.a] >>> i.aShift, source8(gpr, i));
            case COMPARE_RI_8 -> Arithmetic.compute8(r, i.op, gpr[i.a] >>> i.aShift, i.immediate);
            case COMPARE_RM_8 ->
                    Arithmetic.compute8(r, i.op, gpr[i.a] >>> i.aShift, load8(r, m, i));
            case COMPARE_MR_8 -> Arithmetic.compute8(r, i.op, load8(r, m, i), source8(gpr, i));
            case COMPARE_MI_8 -> Arithmetic.compute8(r, i.op, load8(r, m, i), i.immediate);
            case MOVE_RR_8 -> set8(gpr, i, source8(gpr, i) & 0xFF);
            case MOVE_RI_8 -> set8(gpr, i, i.immediate);
            case MOVE_RM_8 -> set8(gpr, i, load8(r, m, i));
            case MOVE_MR_8 -> m.store8(i.segment, Operands.address(r, i), (int) source8(gpr, i));
            case MOVE_MI_8 -> m.store8(i.segment, Operands.address(r, i), (int) i.immediate);

            case JUMP_CONDITION -> {
                if (r.condition(i.op - Op.JCC)) {
                    Branches.jump(x, r, r.ip + i.immediate, i.width);
                }
            }
            case PUSH_REGISTER -> Stack.push(r, m, i.width, gpr[i.a]);
            case POP_REGISTER -> Stack.popRegister(r, m, i);
            default -> executeGroup(i);
        }
    }

    private static long load32(Registers r, Mmu m, Instruction i) {
        return m.load32(i.segment, Operands.address(r, i)) & MASK_32;
    }

    private static long load16(Registers r, Mmu m, Instruction i) {
        return m.load16(i.segment, Operands.address(r, i));
    }

    private static long load8(Registers r, Mmu m, Instruction i) {
        return m.load8(i.segment, Operands.address(r, i));
    }

    private static long source8(long[] gpr, Instruction i) {
        return gpr[i.b] >>> i.bShift;
    }

    private static void set16(long[] gpr, Instruction i, long value) {
        gpr[i.a] = gpr[i.a] & ~0xFFFFL | value;
    }

    private static void set8(long[] gpr, Instruction i, long value) {
        gpr[i.a] = gpr[i.a] & ~(0xFFL << i.aShift) | value << i.aShift;
    }

    private static void update32(Registers r, Mmu m, Instruction i, long source) {
        long first = m.loadForUpdate(i.segment, Operands.address(r, i), 4);
        m.storeBack(4, Arithmetic.compute32(r, i.op, first, source));
    }

    private static void update16(Registers r, Mmu m, Instruction i, long source) {
        long first = m.loadForUpdate(i.segment, Operands.address(r, i), 2);
        m.storeBack(2, Arithmetic.compute16(r, i.op, first, source));
    }

    private static void update8(Registers r, Mmu m, Instruction i, long source) {
        long first = m.loadForUpdate(i.segment, Operands.address(r, i), 1);
        m.storeBack(1, Arithmetic.compute8(r, i.op, first, source));
    }

    private void executeGroup(Instruction i) {
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
            case Op.FLOAT_ARITHMETIC >> Op.GROUP_SHIFT -> FloatArithmetic.execute(x, r, m, i);
            case Op.FLOAT_MOVE >> Op.GROUP_SHIFT -> FloatMoves.execute(x, r, m, i);
            case Op.FLOAT_FUNCTION >> Op.GROUP_SHIFT -> FloatFunctions.execute(x, r, i);
            case Op.FLOAT_CONTROL >> Op.GROUP_SHIFT -> FloatControl.execute(x, r, m, i);
            case Op.PACKED_INTEGER >> Op.GROUP_SHIFT -> PackedIntegers.execute(x, r, m, i);
            case Op.PACKED_SHIFT >> Op.GROUP_SHIFT -> PackedShifts.execute(x, r, m, i);
            case Op.PACKED_MOVE >> Op.GROUP_SHIFT -> PackedMoves.execute(x, r, m, i);
            case Op.PACKED_FLOAT >> Op.GROUP_SHIFT -> PackedFloats.execute(x, r, m, i);
            case Op.PACKED_CONVERSION >> Op.GROUP_SHIFT -> PackedConversions.execute(x, r, m, i);
            default -> SimdControl.execute(x, r, m, i);
        }
    }
}
