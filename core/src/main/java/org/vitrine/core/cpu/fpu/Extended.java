package org.vitrine.core.cpu.fpu;

/**
 * The double extended-precision format (Intel SDM volume 1, section 4.2.2): a sign bit and 15 bits
 * of exponent, here the low 16 bits of an int, and a significand of 64 bits whose highest is the
 * integer bit.
 */
public final class Extended {

    private Extended() {}

    public static final int SIGN = 0x8000;
    public static final int EXPONENT = 0x7FFF;

    /** The exponent of numbers from 1 up to 2. */
    public static final int BIAS = 0x3FFF;

    /** The significand's highest bit, which stands for one. */
    public static final long INTEGER_BIT = 1L << 63;

    /** The bit that tells quiet NaNs from signalling ones. */
    public static final long QUIET = 1L << 62;

    /** The sign and exponent of the default NaN, the "real indefinite". */
    public static final int INDEFINITE_SIGN_EXPONENT = 0xFFFF;

    public static final long INDEFINITE_SIGNIFICAND = INTEGER_BIT | QUIET;

    // Kinds of values. Their order matters: what is above INFINITY is no number.
    public static final int NORMAL = 0;
    public static final int ZERO = 1;

    /** Denormals and pseudo-denormals, which have the integer bit with an exponent of zero. */
    public static final int DENORMAL = 2;

    public static final int INFINITY = 3;
    public static final int QUIET_NAN = 4;
    public static final int SIGNALLING_NAN = 5;

    /**
     * Pseudo-NaNs, pseudo-infinities and unnormals: formats of the 8087 that are refused since the
     * 387 (section 8.2.2).
     */
    public static final int UNSUPPORTED = 6;

    /** What kind of value this is. */
    public static int kind(int signExponent, long significand) {
        int exponent = signExponent & EXPONENT;
        if (exponent == 0) {
            return significand == 0 ? ZERO : DENORMAL;
        }
        if (significand >= 0) {
            return UNSUPPORTED;
        }
        if (exponent != EXPONENT) {
            return NORMAL;
        }
        if (significand == INTEGER_BIT) {
            return INFINITY;
        }
        return (significand & QUIET) != 0 ? QUIET_NAN : SIGNALLING_NAN;
    }
}
