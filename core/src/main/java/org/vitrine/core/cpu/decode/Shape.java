package org.vitrine.core.cpu.decode;

/**
 * What an instruction's execution looks like, when it is one of those that programs mostly consist
 * of: three kinds of operation, by where the operands are, by their width. The interpreter's first
 * switch is over these numbers.
 *
 * <p>COMPUTE changes its first operand by {@link Op#ADD} to {@link Op#NOT}; COMPARE is CMP and
 * TEST, which only look.
 */
public final class Shape {

    private Shape() {}

    /** None of the others: {@link Instruction#group} tells whose it is. */
    public static final int OTHER = 0;

    private static final int FORMS = 5;
    private static final int KINDS = 3;

    public static final int COMPUTE_RR_32 = 1;
    public static final int COMPUTE_RI_32 = 2;
    public static final int COMPUTE_RM_32 = 3;
    public static final int COMPUTE_MR_32 = 4;
    public static final int COMPUTE_MI_32 = 5;
    public static final int COMPARE_RR_32 = 6;
    public static final int COMPARE_RI_32 = 7;
    public static final int COMPARE_RM_32 = 8;
    public static final int COMPARE_MR_32 = 9;
    public static final int COMPARE_MI_32 = 10;
    public static final int MOVE_RR_32 = 11;
    public static final int MOVE_RI_32 = 12;
    public static final int MOVE_RM_32 = 13;
    public static final int MOVE_MR_32 = 14;
    public static final int MOVE_MI_32 = 15;

    public static final int COMPUTE_RR_16 = 16;
    public static final int COMPUTE_RI_16 = 17;
    public static final int COMPUTE_RM_16 = 18;
    public static final int COMPUTE_MR_16 = 19;
    public static final int COMPUTE_MI_16 = 20;
    public static final int COMPARE_RR_16 = 21;
    public static final int COMPARE_RI_16 = 22;
    public static final int COMPARE_RM_16 = 23;
    public static final int COMPARE_MR_16 = 24;
    public static final int COMPARE_MI_16 = 25;
    public static final int MOVE_RR_16 = 26;
    public static final int MOVE_RI_16 = 27;
    public static final int MOVE_RM_16 = 28;
    public static final int MOVE_MR_16 = 29;
    public static final int MOVE_MI_16 = 30;

    public static final int COMPUTE_RR_8 = 31;
    public static final int COMPUTE_RI_8 = 32;
    public static final int COMPUTE_RM_8 = 33;
    public static final int COMPUTE_MR_8 = 34;
    public static final int COMPUTE_MI_8 = 35;
    public static final int COMPARE_RR_8 = 36;
    public static final int COMPARE_RI_8 = 37;
    public static final int COMPARE_RM_8 = 38;
    public static final int COMPARE_MR_8 = 39;
    public static final int COMPARE_MI_8 = 40;
    public static final int MOVE_RR_8 = 41;
    public static final int MOVE_RI_8 = 42;
    public static final int MOVE_RM_8 = 43;
    public static final int MOVE_MR_8 = 44;
    public static final int MOVE_MI_8 = 45;

    public static final int JUMP_CONDITION = 46;
    public static final int PUSH_REGISTER = 47;
    public static final int POP_REGISTER = 48;

    static int of(Instruction i) {
        int op = i.op;
        if (op >= Op.JCC && op < Op.JCC + 16) {
            return JUMP_CONDITION;
        }
        if (op == Op.PUSH && i.form == Instruction.RR) {
            return PUSH_REGISTER;
        }
        if (op == Op.POP && i.form == Instruction.RR) {
            return POP_REGISTER;
        }
        int kind;
        if (op == Op.CMP || op == Op.TEST) {
            kind = 1;
        } else if (op == Op.MOV) {
            kind = 2;
        } else if (op >>> Op.GROUP_SHIFT == Op.ARITHMETIC >>> Op.GROUP_SHIFT) {
            kind = 0;
        } else {
            return OTHER;
        }
        return switch (i.width) {
            case 4 -> COMPUTE_RR_32 + kind * FORMS + i.form;
            case 2 -> COMPUTE_RR_32 + (KINDS + kind) * FORMS + i.form;
            case 1 -> COMPUTE_RR_32 + (2 * KINDS + kind) * FORMS + i.form;
            default -> OTHER;
        };
    }
}
