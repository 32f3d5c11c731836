package org.vitrine.core.cpu.fpu;

import java.util.Arrays;

/**
 * The registers of the floating-point unit (Intel SDM volume 1, section 8.1). They are numbered by
 * their place, not from the top of the stack, so that MMX, whose registers are the significands,
 * can find them. Belongs to the vCPU thread.
 */
public final class FpuRegisters {

    public static final int COUNT = 8;

    // Exceptions: the same bits in the status word, where they are flags, and in the control word,
    // where they are masks.
    public static final int INVALID = 1;
    public static final int DENORMAL = 1 << 1;
    public static final int ZERO_DIVIDE = 1 << 2;
    public static final int OVERFLOW = 1 << 3;
    public static final int UNDERFLOW = 1 << 4;
    public static final int PRECISION = 1 << 5;
    public static final int EXCEPTIONS = 0x3F;

    public static final int STACK_FAULT = 1 << 6;
    public static final int SUMMARY = 1 << 7;
    public static final int C0 = 1 << 8;
    public static final int C1 = 1 << 9;
    public static final int C2 = 1 << 10;
    public static final int C3 = 1 << 14;
    public static final int CONDITIONS = C0 | C1 | C2 | C3;
    private static final int BUSY = 1 << 15;
    private static final int TOP_SHIFT = 11;

    /** What FNINIT sets: all exceptions masked, 64 bits of precision, to nearest. */
    public static final int INITIAL_CONTROL = 0x37F;

    /** Bits of the control word that can be changed: bit 12 is kept, though it does nothing. */
    private static final int CONTROL_WRITABLE = 0x1F3F;

    private static final int CONTROL_FIXED = 0x40;

    private static final int TAG_VALID = 0;
    private static final int TAG_ZERO = 1;
    private static final int TAG_SPECIAL = 2;
    private static final int TAG_EMPTY = 3;

    public final long[] significand = new long[COUNT];
    public final int[] signExponent = new int[COUNT];

    /** A bit for each register that is not empty. */
    public int full;

    /** The number of the register that is ST(0). */
    public int top;

    /** The control word. */
    public int control;

    /** {@link #EXCEPTIONS}, {@link #STACK_FAULT} and {@link #CONDITIONS}. */
    public int status;

    /**
     * Of the last instruction that was none of control: 11 bits, its first byte's low three above.
     */
    public int opcode;

    public int instructionSelector;
    public long instructionOffset;

    /** Of the last memory operand. */
    public int operandSelector;

    public long operandOffset;

    /** The state after power-on (Intel SDM volume 3, table 11-1). */
    public void reset() {
        Arrays.fill(significand, 0);
        Arrays.fill(signExponent, 0);
        initialize();
        control = 0x40;
        full = 0xFF;
    }

    /** What FNINIT does: the registers keep what they have, and are empty. */
    public void initialize() {
        control = INITIAL_CONTROL;
        status = 0;
        top = 0;
        full = 0;
        opcode = 0;
        instructionSelector = 0;
        instructionOffset = 0;
        operandSelector = 0;
        operandOffset = 0;
    }

    /** The number of the register that is ST(n). */
    public int place(int n) {
        return top + n & 7;
    }

    /** Whether ST(n) is empty. */
    public boolean empty(int n) {
        return (full >> place(n) & 1) == 0;
    }

    /** Gives ST(n) a value. */
    public void set(int n, int newSignExponent, long newSignificand) {
        int place = place(n);
        signExponent[place] = newSignExponent;
        significand[place] = newSignificand;
        full |= 1 << place;
    }

    /** What every MMX instruction but EMMS does (Intel SDM volume 1, section 9.5.1). */
    public void enterMmx() {
        top = 0;
        full = 0xFF;
    }

    /** What EMMS does: the registers are empty. */
    public void leaveMmx() {
        top = 0;
        full = 0;
    }

    /** Writes an MMX register: the exponent becomes that of a NaN. */
    public void setMmx(int place, long value) {
        significand[place] = value;
        signExponent[place] = 0xFFFF;
    }

    /** Takes ST(0) off the stack. */
    public void pop() {
        full &= ~(1 << top);
        top = top + 1 & 7;
    }

    /** Moves the top down, to a place that {@link #set} has to fill. */
    public void push() {
        top = top - 1 & 7;
    }

    /** Whether an exception is flagged that is not masked, so that the next instruction has it. */
    public boolean pending() {
        return (status & ~control & EXCEPTIONS) != 0;
    }

    public void setControl(int value) {
        control = value & CONTROL_WRITABLE | CONTROL_FIXED;
    }

    /** The status word as it is stored. */
    public int statusWord() {
        return status | top << TOP_SHIFT | (pending() ? SUMMARY | BUSY : 0);
    }

    /** Sets the flags, the conditions and the top; the summary follows from flags and masks. */
    public void setStatusWord(int value) {
        status = value & (EXCEPTIONS | STACK_FAULT | CONDITIONS);
        top = value >> TOP_SHIFT & 7;
    }

    /** Two bits for each register. Only whether it is empty is kept; the rest follows from it. */
    public int tagWord() {
        int tags = 0;
        for (int place = 0; place < COUNT; place++) {
            tags |= tag(place) << 2 * place;
        }
        return tags;
    }

    private int tag(int place) {
        if ((full >> place & 1) == 0) {
            return TAG_EMPTY;
        }
        return switch (Extended.kind(signExponent[place], significand[place])) {
            case Extended.NORMAL -> TAG_VALID;
            case Extended.ZERO -> TAG_ZERO;
            default -> TAG_SPECIAL;
        };
    }

    public void setTagWord(int tags) {
        full = 0;
        for (int place = 0; place < COUNT; place++) {
            if ((tags >> 2 * place & 3) != TAG_EMPTY) {
                full |= 1 << place;
            }
        }
    }
}
