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
        long[] gpr = r.gpr;
        switch (i.shape) {
            case ADD_32 -> gpr[i.a] = Arithmetic.add32(r, gpr[i.a], source(gpr, i));
            case OR_32 -> gpr[i.a] = Arithmetic.logic32(r, gpr[i.a] | source(gpr, i));
            case ADC_32 -> gpr[i.a] = Arithmetic.addWithCarry32(r, gpr[i.a], source(gpr, i));
            case SBB_32 -> gpr[i.a] = Arithmetic.subtractWithBorrow32(r, gpr[i.a], source(gpr, i));
            case AND_32 -> gpr[i.a] = Arithmetic.logic32(r, gpr[i.a] & source(gpr, i));
            case SUB_32 -> gpr[i.a] = Arithmetic.subtract32(r, gpr[i.a], source(gpr, i));
            case XOR_32 -> gpr[i.a] = Arithmetic.logic32(r, gpr[i.a] ^ source(gpr, i));
            case CMP_32 -> Arithmetic.subtract32(r, gpr[i.a], source(gpr, i));
            case TEST_32 -> Arithmetic.logic32(r, gpr[i.a] & source(gpr, i));
            case INC_32 -> gpr[i.a] = Arithmetic.increment32(r, gpr[i.a]);
            case DEC_32 -> gpr[i.a] = Arithmetic.decrement32(r, gpr[i.a]);
            case NEG_32 -> gpr[i.a] = Arithmetic.subtract32(r, 0, gpr[i.a]);
            case NOT_32 -> gpr[i.a] = ~gpr[i.a] & MASK_32;
            case COMPUTE_16 ->
                    set16(gpr, i, Arithmetic.compute16(r, i.op, gpr[i.a], source(gpr, i)));
            case COMPUTE_8 ->
                    set8(gpr, i, Arithmetic.compute8(r, i.op, first8(gpr, i), source8(gpr, i)));
            case COMPARE_16 -> Arithmetic.compute16(r, i.op, gpr[i.a], source(gpr, i));
            case COMPARE_8 -> Arithmetic.compute8(r, i.op, first8(gpr, i), source8(gpr, i));
            case COMPUTE_MEMORY -> Arithmetic.execute(r, m, i);

            case MOVE_32 -> gpr[i.a] = source(gpr, i);
            case MOVE_16 -> set16(gpr, i, source(gpr, i) & 0xFFFF);
            case MOVE_8 -> set8(gpr, i, source8(gpr, i) & 0xFF);
            case LOAD_32 -> gpr[i.a] = m.load32(i.segment, Operands.address(r, i)) & MASK_32;
            case LOAD_16 -> set16(gpr, i, m.load16(i.segment, Operands.address(r, i)));
            case LOAD_8 -> set8(gpr, i, m.load8(i.segment, Operands.address(r, i)));
            case STORE_32 -> m.store32(i.segment, Operands.address(r, i), (int) source(gpr, i));
            case STORE_16 -> m.store16(i.segment, Operands.address(r, i), (int) source(gpr, i));
            case STORE_8 -> m.store8(i.segment, Operands.address(r, i), (int) source8(gpr, i));
            case LOAD_8_EXTENDED -> gpr[i.a] = m.load8(i.segment, Operands.address(r, i));
            case LOAD_16_EXTENDED -> gpr[i.a] = m.load16(i.segment, Operands.address(r, i));
            case LEA_32 -> gpr[i.a] = Operands.address(r, i) & MASK_32;

            case SHL_32 -> gpr[i.a] = Shifts.shiftLeft32(r, gpr[i.a], (int) i.immediate & 31);
            case SHR_32 -> gpr[i.a] = Shifts.shiftRight32(r, gpr[i.a], (int) i.immediate & 31);
            case SAR_32 ->
                    gpr[i.a] = Shifts.shiftArithmetically32(r, gpr[i.a], (int) i.immediate & 31);

            case JUMP_ZERO -> {
                if (r.zero() == ((i.op & 1) == 0)) {
                    Branches.jump(x, r, r.ip + i.immediate, i.width);
                }
            }
            case JUMP_CONDITION -> {
                if (r.condition(i.op - Op.JCC)) {
                    Branches.jump(x, r, r.ip + i.immediate, i.width);
                }
            }
            case JUMP -> Branches.jump(x, r, r.ip + i.immediate, i.width);
            case LOOP -> Branches.loop(x, r, i, true);
            case CALL -> Branches.call(x, r, m, r.ip + i.immediate, i.width);
            case RETURN -> Branches.returnNear(x, r, m, i);
            case PUSH_REGISTER -> Stack.push(r, m, i.width, gpr[i.a]);
            case POP_REGISTER -> Stack.popRegister(r, m, i);
            default -> executeGroup(i);
        }
    }

    /** The second operand, in a register or the instruction; the other one of them is zero. */
    private static long source(long[] gpr, Instruction i) {
        return gpr[i.b] + i.immediate;
    }

    private static long first8(long[] gpr, Instruction i) {
        return gpr[i.a] >>> i.aShift;
    }

    private static long source8(long[] gpr, Instruction i) {
        return (gpr[i.b] >>> i.bShift) + i.immediate;
    }

    private static void set16(long[] gpr, Instruction i, long value) {
        gpr[i.a] = gpr[i.a] & ~0xFFFFL | value;
    }

    private static void set8(long[] gpr, Instruction i, long value) {
        gpr[i.a] = gpr[i.a] & ~(0xFFL << i.aShift) | value << i.aShift;
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
