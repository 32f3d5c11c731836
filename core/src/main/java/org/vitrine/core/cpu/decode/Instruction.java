package org.vitrine.core.cpu.decode;

/**
 * A decoded instruction, the form that executors work on. Sizes are explicit, prefixes and defaults
 * are resolved, and nothing depends on the address that it was decoded at. Not changed once a
 * decoder has handed it out.
 *
 * <p>The fields are public because executors read several of them for each instruction executed.
 */
public final class Instruction {

    /** Both operands are registers, or the only one is. */
    public static final int RR = 0;

    /** The destination is a register, the source immediate; or the only operand is immediate. */
    public static final int RI = 1;

    /** The destination is a register, the source memory. */
    public static final int RM = 2;

    /** The destination is memory, the source a register; or the only operand is memory. */
    public static final int MR = 3;

    /** The destination is memory, the source immediate. */
    public static final int MI = 4;

    /**
     * The number of the register that is always zero, standing for an absent base, index or second
     * operand.
     */
    public static final int ZERO = 16;

    /** A segment's number when the instruction has no memory operand. */
    public static final int NO_SEGMENT = -1;

    public static final int REPNE = 1;
    public static final int REP = 2;
    public static final int LOCK = 4;

    /** One of {@link Op}. */
    public int op;

    /** The group of {@link #op}. */
    public int group;

    /** Which of the operands is where: {@link #RR} to {@link #MI}. */
    public int form;

    /**
     * Bytes of the first operand, or the operand size where that operand has none: 1, 2, 4 or 8.
     */
    public int width;

    /** Bytes of the second operand. */
    public int sourceWidth;

    /** The first operand's register: general, segment, control or debug by the operation. */
    public int a;

    /** How far left the first operand lies in its register: 8 for AH, CH, DH and BH, else 0. */
    public int aShift;

    /** The second operand's register; {@link #ZERO} without. */
    public int b = ZERO;

    /** How far left the second operand lies in its register. */
    public int bShift;

    /** The third operand's register, or -1. */
    public int c = -1;

    /**
     * The immediate operand, masked to the width of the operand that it is used with; a distance is
     * signed.
     */
    public long immediate;

    /** A far pointer's selector, or a second immediate operand. */
    public int immediate2;

    /**
     * The memory operand's segment, or for string instructions the source's; {@link #NO_SEGMENT}
     * without.
     */
    public int segment = NO_SEGMENT;

    /** The registers of the effective address; {@link #ZERO} for none. */
    public int base = ZERO;

    public int index = ZERO;

    /** How far left the index is shifted: 0 to 3. */
    public int scale;

    public long displacement;

    /** All ones for the bits of an address: 16, 32 or 64. */
    public long addressMask;

    /** {@link #REPNE}, {@link #REP} and {@link #LOCK}. */
    public int prefixes;

    /** Bytes. */
    public int length;

    /** Where it ends, in bytes from the start of its block. */
    public int end;

    /** How many instructions of its block are done after it. */
    public int count;

    /**
     * The opcode: two-byte ones from 100; and the ModRM byte, for what needs to know (the
     * floating-point unit).
     */
    public int opcode;

    public int modRm;

    Row row;

    /** Whether a block of straight-line code ends with this instruction. */
    public boolean endsBlock() {
        return row.endsBlock();
    }

    /** Whether an operand is in memory and addressed by a ModRM byte or an offset. */
    public boolean hasMemoryOperand() {
        return segment != NO_SEGMENT && (form == RM || form == MR || form == MI);
    }
}
