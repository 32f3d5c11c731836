package org.vitrine.core.cpu.decode;

/**
 * What an instruction's execution looks like, when it is one of those that programs mostly consist
 * of. The interpreter's first switch is over these numbers, and each names one short path: the
 * operation, where its operands are, and their width.
 *
 * <p>A source in a register and an immediate one are the same shape: the sum of register and
 * immediate, of which one is zero ({@link Instruction#ZERO}).
 */
public final class Shape {

    private Shape() {}

    /** None of the others: {@link Instruction#group} tells whose it is. */
    public static final int OTHER = 0;

    // 32-bit arithmetic with its destination in a register, in the order of Op.
    public static final int ADD_32 = 1;
    public static final int OR_32 = 2;
    public static final int ADC_32 = 3;
    public static final int SBB_32 = 4;
    public static final int AND_32 = 5;
    public static final int SUB_32 = 6;
    public static final int XOR_32 = 7;
    public static final int CMP_32 = 8;
    public static final int TEST_32 = 9;
    public static final int INC_32 = 10;
    public static final int DEC_32 = 11;
    public static final int NEG_32 = 12;
    public static final int NOT_32 = 13;

    /** Arithmetic on registers, by any operation. */
    public static final int COMPUTE_16 = 14;

    public static final int COMPUTE_8 = 15;

    /** CMP and TEST, which leave the first operand. */
    public static final int COMPARE_16 = 16;

    public static final int COMPARE_8 = 17;

    /** Arithmetic with an operand in memory, by any operation and width. */
    public static final int COMPUTE_MEMORY = 18;

    // MOV: to a register, from memory and to memory.
    public static final int MOVE_32 = 19;
    public static final int MOVE_16 = 20;
    public static final int MOVE_8 = 21;
    public static final int LOAD_32 = 22;
    public static final int LOAD_16 = 23;
    public static final int LOAD_8 = 24;
    public static final int STORE_32 = 25;
    public static final int STORE_16 = 26;
    public static final int STORE_8 = 27;

    /** MOVZX from memory to 32 bits. */
    public static final int LOAD_8_EXTENDED = 28;

    public static final int LOAD_16_EXTENDED = 29;

    public static final int LEA_32 = 30;

    // Shifts of 32-bit registers by a constant that isn't zero.
    public static final int SHL_32 = 31;
    public static final int SHR_32 = 32;
    public static final int SAR_32 = 33;

    /** Jcc by ZF; the lowest bit of the operation says which way. */
    public static final int JUMP_ZERO = 34;

    public static final int JUMP_CONDITION = 35;
    public static final int JUMP = 36;
    public static final int LOOP = 37;
    public static final int CALL = 38;
    public static final int RETURN = 39;
    public static final int PUSH_REGISTER = 40;
    public static final int POP_REGISTER = 41;

    private static final int JZ = Op.JCC + 4;

    static int of(Instruction i) {
        return switch (i.op >>> Op.GROUP_SHIFT) {
            case Op.ARITHMETIC >> Op.GROUP_SHIFT -> arithmetic(i);
            case Op.MOVE >> Op.GROUP_SHIFT -> move(i);
            case Op.STACK >> Op.GROUP_SHIFT -> {
                boolean register = i.form == Instruction.RR;
                yield register && i.op == Op.PUSH
                        ? PUSH_REGISTER
                        : register && i.op == Op.POP ? POP_REGISTER : OTHER;
            }
            case Op.BRANCH >> Op.GROUP_SHIFT -> branch(i.op);
            case Op.SHIFT >> Op.GROUP_SHIFT -> shift(i);
            default -> OTHER;
        };
    }

    private static int arithmetic(Instruction i) {
        if (i.form != Instruction.RR && i.form != Instruction.RI) {
            return COMPUTE_MEMORY;
        }
        boolean compares = i.op == Op.CMP || i.op == Op.TEST;
        return switch (i.width) {
            case 4 -> ADD_32 + i.op - Op.ADD;
            case 2 -> compares ? COMPARE_16 : COMPUTE_16;
            case 1 -> compares ? COMPARE_8 : COMPUTE_8;
            default -> OTHER;
        };
    }

    private static int move(Instruction i) {
        boolean fromMemory = i.form == Instruction.RM;
        if (i.op == Op.MOV && i.width <= 4) {
            int wide = fromMemory ? LOAD_32 : i.hasMemoryOperand() ? STORE_32 : MOVE_32;
            return wide + (i.width == 4 ? 0 : i.width == 2 ? 1 : 2);
        }
        if (i.op == Op.MOVZX && i.width == 4 && fromMemory) {
            return i.sourceWidth == 1 ? LOAD_8_EXTENDED : LOAD_16_EXTENDED;
        }
        return i.op == Op.LEA && i.width == 4 ? LEA_32 : OTHER;
    }

    private static int branch(int op) {
        return switch (op) {
            case JZ, JZ + 1 -> JUMP_ZERO;
            case Op.JMP -> JUMP;
            case Op.LOOP -> LOOP;
            case Op.CALL -> CALL;
            case Op.RET -> RETURN;
            default -> op < Op.JCC + 16 ? JUMP_CONDITION : OTHER;
        };
    }

    private static int shift(Instruction i) {
        if (i.form != Instruction.RI || i.width != 4 || (i.immediate & 31) == 0) {
            return OTHER;
        }
        return switch (i.op) {
            case Op.SHL -> SHL_32;
            case Op.SHR -> SHR_32;
            case Op.SAR -> SAR_32;
            default -> OTHER;
        };
    }
}
