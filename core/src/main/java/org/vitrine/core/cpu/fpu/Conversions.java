package org.vitrine.core.cpu.fpu;

import static org.vitrine.core.cpu.fpu.Extended.BIAS;
import static org.vitrine.core.cpu.fpu.Extended.EXPONENT;
import static org.vitrine.core.cpu.fpu.Extended.INTEGER_BIT;
import static org.vitrine.core.cpu.fpu.Extended.QUIET;
import static org.vitrine.core.cpu.fpu.Extended.SIGN;

/**
 * From the formats in memory to the registers' and back: single, double, integers of 16 to 64 bits,
 * and packed decimals. What comes from memory is exact; what goes there is rounded.
 */
public final class Conversions {

    private Conversions() {}

    private static final int SINGLE_BIAS = 127;
    private static final int SINGLE_LIMIT = 0xFF;
    private static final int SINGLE_DROPPED = 40;
    private static final int DOUBLE_BIAS = 1023;
    private static final int DOUBLE_LIMIT = 0x7FF;
    private static final int DOUBLE_DROPPED = 11;

    /** The greatest packed decimal, of 18 digits. */
    private static final long DECIMAL_LIMIT = 999_999_999_999_999_999L;

    /** The packed decimal's sign byte and highest digits that stand for no number. */
    public static final int DECIMAL_INDEFINITE_HIGH = 0xFFFF;

    public static final long DECIMAL_INDEFINITE_LOW = 0xC000_0000_0000_0000L;

    /**
     * A single as a register has it, in the rounder's result. With {@code load}, what FLD raises is
     * raised; as an operand of arithmetic, a signalling NaN stays one, for the arithmetic to find.
     */
    public static void fromSingle(Rounder r, int bits, boolean load) {
        widen(
                r,
                bits >>> 16 & SIGN,
                bits >>> 23 & SINGLE_LIMIT,
                (long) bits << 40 & Long.MAX_VALUE,
                SINGLE_LIMIT,
                BIAS - SINGLE_BIAS,
                load);
    }

    /** A double as a register has it. */
    public static void fromDouble(Rounder r, long bits, boolean load) {
        widen(
                r,
                (int) (bits >>> 48) & SIGN,
                (int) (bits >>> 52) & DOUBLE_LIMIT,
                bits << 11 & Long.MAX_VALUE,
                DOUBLE_LIMIT,
                BIAS - DOUBLE_BIAS,
                load);
    }

    private static void widen(
            Rounder r, int sign, int exponent, long fraction, int limit, int bias, boolean load) {
        if (exponent == limit) {
            boolean signalling = fraction != 0 && (fraction & QUIET) == 0;
            if (signalling && load) {
                r.raised |= FpuRegisters.INVALID;
            }
            r.exact(sign | EXPONENT, INTEGER_BIT | fraction | (signalling && load ? QUIET : 0));
        } else if (exponent != 0) {
            r.exact(sign | exponent + bias, INTEGER_BIT | fraction);
        } else if (fraction == 0) {
            r.zero(sign);
        } else {
            r.raised |= FpuRegisters.DENORMAL;
            int shift = Long.numberOfLeadingZeros(fraction);
            r.exact(sign | bias + 1 - shift, fraction << shift);
        }
    }

    /** An integer as a register has it. */
    public static void fromInteger(Rounder r, long value) {
        if (value == 0) {
            r.zero(0);
            return;
        }
        long magnitude = Math.abs(value);
        int shift = Long.numberOfLeadingZeros(magnitude);
        r.exact((value < 0 ? SIGN : 0) | BIAS + 63 - shift, magnitude << shift);
    }

    /**
     * A packed decimal as a register has it: what is no digit counts as its value, 10 to 15.
     *
     * @param high the sign in bit 15, and two digits
     * @param low sixteen digits
     */
    public static void fromDecimal(Rounder r, int high, long low) {
        long magnitude = (high >>> 4 & 0xF) * 10 + (high & 0xF);
        for (int shift = 60; shift >= 0; shift -= 4) {
            magnitude = magnitude * 10 + (low >>> shift & 0xF);
        }
        fromInteger(r, magnitude);
        r.signExponent |= high & SIGN;
    }

    /** A register as a single: the bits, with the exceptions of a store in the rounder. */
    public static int toSingle(Rounder r, int se, long a) {
        narrow(r, se, a, SINGLE_LIMIT, BIAS - SINGLE_BIAS, SINGLE_DROPPED);
        return (r.signExponent & SIGN) << 16
                | (r.signExponent & SINGLE_LIMIT) << 23
                | (int) (r.significand << 1 >>> 41);
    }

    /** A register as a double. */
    public static long toDouble(Rounder r, int se, long a) {
        narrow(r, se, a, DOUBLE_LIMIT, BIAS - DOUBLE_BIAS, DOUBLE_DROPPED);
        return (long) (r.signExponent & SIGN) << 48
                | (long) (r.signExponent & DOUBLE_LIMIT) << 52
                | r.significand << 1 >>> 12;
    }

    private static void narrow(Rounder r, int se, long a, int limit, int bias, int dropped) {
        int sign = se & SIGN;
        switch (Extended.kind(se, a)) {
            case Extended.ZERO -> r.zero(sign);
            case Extended.INFINITY -> r.exact(sign | limit, INTEGER_BIT);
            case Extended.NORMAL -> r.round(sign, (se & EXPONENT) - bias, a, 0, dropped, limit);
            case Extended.DENORMAL -> {
                int shift = Long.numberOfLeadingZeros(a);
                r.round(sign, 1 - shift - bias, a << shift, 0, dropped, limit);
            }
            case Extended.UNSUPPORTED -> r.invalid();
            default -> {
                r.noNumber(Extended.kind(se, a), se, a);
                r.exact(sign | limit, r.significand);
            }
        }
    }

    /**
     * A register as a signed integer.
     *
     * @param bytes 2, 4 or 8
     * @return the integer; the least one, which stands for no number, when there is none
     */
    public static long toInteger(Rounder r, int se, long a, int bytes) {
        long least = Long.MIN_VALUE >> 64 - 8 * bytes;
        int e = (se & EXPONENT) - BIAS;
        if (Extended.kind(se, a) >= Extended.INFINITY || e > 63) {
            r.invalid();
            return least;
        }
        int sign = se & SIGN;
        long magnitude = rounded(r, sign, e, a);
        // The magnitude of the least integer is one more than that of the greatest. One that was
        // rounded up to 2^64 comes as zero.
        boolean tooMuch = magnitude == 0 && e == 63;
        if (tooMuch || Long.compareUnsigned(magnitude, sign != 0 ? -least : ~least) > 0) {
            r.raised = 0;
            r.up = false;
            r.invalid();
            return least;
        }
        return sign != 0 ? -magnitude : magnitude;
    }

    private static long rounded(Rounder r, int sign, int e, long a) {
        if (e == 63) {
            return a;
        }
        if (e >= 0) {
            return r.roundToInteger(sign, a >>> 63 - e, a << e + 1);
        }
        // Below one: what is below a half has to stay there.
        return r.roundToInteger(sign, 0, e == -1 ? a : a != 0 ? 1 : 0);
    }

    /**
     * A register as a packed decimal: the sixteen low digits; the rounder's {@code signExponent}
     * has the sign and the two high digits, in the low 16 bits.
     */
    public static long toDecimal(Rounder r, int se, long a) {
        int e = (se & EXPONENT) - BIAS;
        boolean none = Extended.kind(se, a) >= Extended.INFINITY || e > 62;
        long magnitude = none ? 0 : rounded(r, se & SIGN, e, a);
        if (none || magnitude > DECIMAL_LIMIT) {
            r.raised = 0;
            r.up = false;
            r.invalid();
            r.signExponent = DECIMAL_INDEFINITE_HIGH;
            return DECIMAL_INDEFINITE_LOW;
        }
        long digits = 0;
        for (int shift = 0; shift < 64; shift += 4) {
            digits |= magnitude % 10 << shift;
            magnitude /= 10;
        }
        r.signExponent = se & SIGN | (int) (magnitude / 10) << 4 | (int) (magnitude % 10);
        return digits;
    }

    /** FRNDINT: a register's value rounded to an integer, as a register has it. */
    public static void roundToInteger(Rounder r, int se, long a) {
        int kind = Extended.kind(se, a);
        if (kind >= Extended.QUIET_NAN) {
            r.noNumber(kind, se, a);
            return;
        }
        int e = (se & EXPONENT) - BIAS;
        if (kind == Extended.ZERO || e >= 63) {
            r.exact(se, a);
            return;
        }
        if (kind == Extended.DENORMAL && r.denormal()) {
            return;
        }
        int sign = se & SIGN;
        long magnitude = rounded(r, sign, e, a);
        fromInteger(r, magnitude);
        if (magnitude < 0) {
            // 2^63.
            r.exact(BIAS + 63, INTEGER_BIT);
        }
        r.signExponent |= sign;
    }
}
