package org.vitrine.core.cpu.state;

/**
 * An exception of the guest's on its way to the interrupt table: thrown by whatever can't complete
 * an instruction, caught where instructions are run. There is one for each CPU, made in advance,
 * without a stack trace.
 */
public final class GuestFault extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What {@link #errorCode} is for exceptions that push none. */
    public static final int NO_ERROR_CODE = -1;

    public static final int DIVIDE_ERROR = 0;
    public static final int DEBUG = 1;
    public static final int NON_MASKABLE = 2;
    public static final int BREAKPOINT = 3;
    public static final int OVERFLOW = 4;
    public static final int BOUND_RANGE = 5;
    public static final int INVALID_OPCODE = 6;
    public static final int NO_COPROCESSOR = 7;
    public static final int DOUBLE_FAULT = 8;
    public static final int INVALID_TSS = 10;
    public static final int NOT_PRESENT = 11;
    public static final int STACK_FAULT = 12;
    public static final int GENERAL_PROTECTION = 13;
    public static final int PAGE_FAULT = 14;
    public static final int FLOATING_POINT_ERROR = 16;
    public static final int ALIGNMENT_CHECK = 17;
    public static final int SIMD_FLOATING_POINT = 19;

    private int vector;
    private int errorCode;

    public GuestFault() {
        super(null, null, false, false);
    }

    /** Fills in an exception without an error code. */
    public GuestFault of(int vector) {
        return of(vector, NO_ERROR_CODE);
    }

    /** Fills in an exception with an error code, 0 to 0xFFFF. */
    public GuestFault of(int vector, int errorCode) {
        this.vector = vector;
        this.errorCode = errorCode;
        return this;
    }

    public int vector() {
        return vector;
    }

    /** The error code, or {@link #NO_ERROR_CODE}. */
    public int errorCode() {
        return errorCode;
    }

    @Override
    public String getMessage() {
        return "guest exception "
                + vector
                + (errorCode == NO_ERROR_CODE ? "" : ", error code " + errorCode);
    }
}
