package org.vitrine.core.cpu.simd;

import java.util.Arrays;

/**
 * The registers of SSE (Intel SDM volume 1, section 10.2). Those of MMX are the significands of the
 * floating-point unit's. Belongs to the vCPU thread.
 */
public final class SimdRegisters {

    public static final int COUNT = 8;

    // Exceptions: the flags of MXCSR; their masks stand seven bits higher.
    public static final int INVALID = 1;
    public static final int DENORMAL = 1 << 1;
    public static final int ZERO_DIVIDE = 1 << 2;
    public static final int OVERFLOW = 1 << 3;
    public static final int UNDERFLOW = 1 << 4;
    public static final int PRECISION = 1 << 5;
    public static final int EXCEPTIONS = 0x3F;

    /** Denormal operands count as zeros. */
    public static final int DENORMALS_ARE_ZEROS = 1 << 6;

    public static final int MASK_SHIFT = 7;
    public static final int ROUNDING_SHIFT = 13;

    /** Results that are tiny become zeros, where underflow is masked. */
    public static final int FLUSH_TO_ZERO = 1 << 15;

    /** What reset makes of MXCSR: all exceptions masked, to nearest. */
    public static final int INITIAL = 0x1F80;

    /** Low and high halves in turn. */
    public final long[] xmm = new long[2 * COUNT];

    public int mxcsr = INITIAL;

    /** The state after power-on (Intel SDM volume 3, table 11-1). */
    public void reset() {
        Arrays.fill(xmm, 0);
        mxcsr = INITIAL;
    }

    public long low(int n) {
        return xmm[2 * n];
    }

    public long high(int n) {
        return xmm[2 * n + 1];
    }

    public void set(int n, long high, long low) {
        xmm[2 * n] = low;
        xmm[2 * n + 1] = high;
    }
}
