package org.vitrine.core.cpu.fpu;

import static org.vitrine.core.cpu.fpu.FpuRegisters.C0;
import static org.vitrine.core.cpu.fpu.FpuRegisters.C1;
import static org.vitrine.core.cpu.fpu.FpuRegisters.C2;
import static org.vitrine.core.cpu.fpu.FpuRegisters.C3;
import static org.vitrine.core.cpu.fpu.FpuRegisters.INVALID;

/** How two values are ordered, and what kind of value one is. */
public final class Comparison {

    private Comparison() {}

    /** {@link #compare}: the first is greater. */
    public static final int GREATER = 0;

    public static final int LESS = C0;
    public static final int EQUAL = C3;
    public static final int UNORDERED = C0 | C2 | C3;

    /**
     * Compares two values.
     *
     * @param quiet whether quiet NaNs are no invalid operation (FUCOM and its like)
     * @return one of {@link #GREATER} to {@link #UNORDERED}, as condition bits
     */
    public static int compare(Rounder r, int seA, long a, int seB, long b, boolean quiet) {
        int kindA = Extended.kind(seA, a);
        int kindB = Extended.kind(seB, b);
        if (kindA >= Extended.QUIET_NAN || kindB >= Extended.QUIET_NAN) {
            if (!quiet || kindA >= Extended.SIGNALLING_NAN || kindB >= Extended.SIGNALLING_NAN) {
                r.raised |= INVALID;
            }
            return UNORDERED;
        }
        r.denormal(kindA, kindB);
        if (kindA == Extended.ZERO && kindB == Extended.ZERO) {
            return EQUAL;
        }
        boolean negative = (seA & Extended.SIGN) != 0;
        if (negative != ((seB & Extended.SIGN) != 0)) {
            return negative ? LESS : GREATER;
        }
        // A pseudo-denormal has the value of exponent 1.
        int eA = exponent(seA, a);
        int eB = exponent(seB, b);
        int order = eA != eB ? Integer.compare(eA, eB) : Long.compareUnsigned(a, b);
        if (order == 0) {
            return EQUAL;
        }
        return order < 0 == negative ? GREATER : LESS;
    }

    private static int exponent(int signExponent, long significand) {
        int exponent = signExponent & Extended.EXPONENT;
        return exponent == 0 && significand < 0 ? 1 : exponent;
    }

    /** The condition bits of FXAM for a register that isn't empty. */
    public static int examine(int signExponent, long significand) {
        int sign = (signExponent & Extended.SIGN) != 0 ? C1 : 0;
        return sign
                | switch (Extended.kind(signExponent, significand)) {
                    case Extended.NORMAL -> C2;
                    case Extended.ZERO -> C3;
                    case Extended.DENORMAL -> C2 | C3;
                    case Extended.INFINITY -> C0 | C2;
                    case Extended.UNSUPPORTED -> 0;
                    default -> C0;
                };
    }

    /** The condition bits of FXAM for an empty register. */
    public static int examineEmpty(int signExponent) {
        return C0 | C3 | ((signExponent & Extended.SIGN) != 0 ? C1 : 0);
    }
}
