package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.decode.Shape.*;

import org.vitrine.core.cpu.block.Block;
import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.decode.Shape;
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
                // These methods are so long that the compiler doesn't take them into this loop:
                // each keeps its operands in processor registers.
                if (i.shape <= Shape.ADDRESSES) {
                    if (i.shape <= Shape.REGISTERS) {
                        inRegisters(r, r.gpr, i);
                    } else {
                        withAddress(r, m, i);
                    }
                } else if (i.shape == COMPUTE_NARROW) {
                    Arithmetic.inRegisters(r, i);
                } else {
                    execute(i);
                }
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

    private static void inRegisters(Registers r, long[] gpr, Instruction i) {
        long first = gpr[i.a];
        long second = gpr[i.b] + i.immediate;
        switch (i.shape) {
            case ADD_32 -> {
                long result = first + second & MASK_32;
                gpr[i.a] = result;
                r.flagsOfSum(first, second, result, 4);
            }
            case OR_32 -> {
                gpr[i.a] = first | second;
                r.flagsOfLogic(first | second, 4);
            }
            case ADC_32 -> {
                long result = first + second + r.carryBit() & MASK_32;
                gpr[i.a] = result;
                r.flagsOfSum(first, second, result, 4);
            }
            case SBB_32 -> {
                long result = first - second - r.carryBit() & MASK_32;
                gpr[i.a] = result;
                r.flagsOfDifference(first, second, result, 4);
            }
            case AND_32 -> {
                gpr[i.a] = first & second;
                r.flagsOfLogic(first & second, 4);
            }
            case SUB_32 -> {
                long result = first - second & MASK_32;
                gpr[i.a] = result;
                r.flagsOfDifference(first, second, result, 4);
            }
            case XOR_32 -> {
                gpr[i.a] = first ^ second;
                r.flagsOfLogic(first ^ second, 4);
            }
            case CMP_32 -> r.flagsOfDifference(first, second, first - second & MASK_32, 4);
            case TEST_32 -> r.flagsOfLogic(first & second, 4);
            case INC_32 -> {
                long result = first + 1 & MASK_32;
                gpr[i.a] = result;
                r.flagsOfIncrement(first, result, 4);
            }
            case DEC_32 -> {
                long result = first - 1 & MASK_32;
                gpr[i.a] = result;
                r.flagsOfDecrement(first, result, 4);
            }
            case NEG_32 -> {
                long result = -first & MASK_32;
                gpr[i.a] = result;
                r.flagsOfDifference(0, first, result, 4);
            }
            case NOT_32 -> gpr[i.a] = ~first & MASK_32;
            case MOVE_32 -> gpr[i.a] = second;
            case SHL_32 -> gpr[i.a] = Shifts.shiftLeft32(r, first, (int) i.immediate & 31);
            case SHR_32 -> gpr[i.a] = Shifts.shiftRight32(r, first, (int) i.immediate & 31);
            case SAR_32 ->
                    gpr[i.a] = Shifts.shiftArithmetically32(r, first, (int) i.immediate & 31);
            case ROL_32 -> gpr[i.a] = Shifts.rotateLeft32(r, first, (int) i.immediate & 31);
            case ROR_32 -> gpr[i.a] = Shifts.rotateRight32(r, first, (int) i.immediate & 31);
            default -> {}
        }
    }

    private static void withAddress(Registers r, Mmu m, Instruction i) {
        long[] gpr = r.gpr;
        int segment = i.segment;
        long offset = Operands.address(r, i);
        switch (i.shape) {
            case LOAD_32 -> gpr[i.a] = m.load32(segment, offset) & MASK_32;
            case LOAD_16 -> r.set(i.a, 0, 2, m.load16(segment, offset));
            case LOAD_8 -> r.set(i.a, i.aShift, 1, m.load8(segment, offset));
            case STORE_32 -> m.store32(segment, offset, (int) (gpr[i.b] + i.immediate));
            case STORE_16 -> m.store16(segment, offset, (int) (gpr[i.b] + i.immediate));
            case STORE_8 ->
                    m.store8(segment, offset, (int) ((gpr[i.b] >>> i.bShift) + i.immediate));
            case LOAD_16_EXTENDED -> gpr[i.a] = m.load16(segment, offset);
            case LOAD_8_EXTENDED -> gpr[i.a] = m.load8(segment, offset);
            case LEA_32 -> gpr[i.a] = offset & MASK_32;
            case COMPUTE_LOADED_32 ->
                    gpr[i.a] =
                            Arithmetic.compute(
                                    r, i.op, 4, gpr[i.a], m.load32(segment, offset) & MASK_32);
            case COMPARE_LOADED_32 ->
                    Arithmetic.compute(r, i.op, 4, gpr[i.a], m.load32(segment, offset) & MASK_32);
            default -> {}
        }
    }

    private void execute(Instruction i) {
        Registers r = this.r;
        switch (i.shape) {
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
            case PUSH_REGISTER -> Stack.push(r, m, i.width, r.gpr[i.a]);
            case POP_REGISTER -> Stack.popRegister(r, m, i);
            case MOVE_16 -> r.set(i.a, 0, 2, r.gpr[i.b] + i.immediate & 0xFFFF);
            case MOVE_8 -> r.set(i.a, i.aShift, 1, (r.gpr[i.b] >>> i.bShift) + i.immediate & 0xFF);
            default -> executeGroup(i);
        }
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
