package org.vitrine.core.cpu.fpu;

import static org.vitrine.core.cpu.fpu.Extended.BIAS;
import static org.vitrine.core.cpu.fpu.Extended.EXPONENT;
import static org.vitrine.core.cpu.fpu.Extended.INFINITY;
import static org.vitrine.core.cpu.fpu.Extended.INTEGER_BIT;
import static org.vitrine.core.cpu.fpu.Extended.QUIET_NAN;
import static org.vitrine.core.cpu.fpu.Extended.SIGN;
import static org.vitrine.core.cpu.fpu.Extended.ZERO;
import static org.vitrine.core.cpu.fpu.FpuRegisters.C0;
import static org.vitrine.core.cpu.fpu.FpuRegisters.C1;
import static org.vitrine.core.cpu.fpu.FpuRegisters.C2;
import static org.vitrine.core.cpu.fpu.FpuRegisters.C3;

/** Partial remainders, and taking exponents apart and putting them on. */
public final class Remainders {

    private Remainders() {}

    /**
     * The partial remainder of {@code a / b} (Intel SDM volume 2, FPREM and FPREM1).
     *
     * @param nearest whether the quotient is rounded to nearest, as IEEE 754 wants, or cut
     * @return -1 when there is none; else the condition bits: C2 when the remainder is partial,
     *     else the quotient's low bits in C0, C3 and C1
     */
    public static int remainder(Rounder r, int seA, long a, int seB, long b, boolean nearest) {
        int kindA = Extended.kind(seA, a);
        int kindB = Extended.kind(seB, b);
        if (kindA >= QUIET_NAN || kindB >= QUIET_NAN) {
            r.noNumber(kindA, seA, a, kindB, seB, b);
            return -1;
        }
        if (kindA == INFINITY || kindB == ZERO) {
            r.invalid();
            return -1;
        }
        if (r.denormal(kindA, kindB)) {
            return -1;
        }
        int sign = seA & SIGN;
        if (kindA == ZERO) {
            r.zero(sign);
            return 0;
        }
        int shiftA = Long.numberOfLeadingZeros(a);
        int eA = Math.max(seA & EXPONENT, 1) - shiftA;
        long dividend = a << shiftA;
        if (kindB == INFINITY) {
            r.roundFully(sign, eA, dividend, 0);
            return 0;
        }
        int shiftB = Long.numberOfLeadingZeros(b);
        int eB = Math.max(seB & EXPONENT, 1) - shiftB;
        long divisor = b << shiftB;
        int distance = eA - eB;
        if (distance >= 64) {
            // As many bits at once as leave a distance of less than 64 after few repetitions; the
            // manual allows 32 to 63.
            int bits = 32 + distance % 32;
            long rest = rest(dividend, divisor, bits);
            finish(r, sign, eA - bits, rest);
            return C2;
        }
        long quotient;
        long rest;
        int e = eB;
        if (distance < -1 || distance == -1 && !nearest) {
            r.roundFully(sign, eA, dividend, 0);
            return 0;
        } else if (distance == -1) {
            // Less than the divisor, and maybe more than half of it: count in halves.
            quotient = 0;
            rest = dividend;
            e = eA;
        } else {
            long high = distance == 0 ? 0 : dividend >>> 64 - distance;
            long low = dividend << distance;
            quotient =
                    distance == 0
                            ? Long.compareUnsigned(low, divisor) >= 0 ? 1 : 0
                            : Wide.divide(high, low, divisor);
            rest = low - quotient * divisor;
        }
        if (nearest) {
            boolean more;
            if (distance == -1) {
                // The divisor is 2 * divisor here, and its half is divisor.
                more = Long.compareUnsigned(rest, divisor) > 0;
                if (more) {
                    rest = divisor - (rest - divisor);
                }
            } else {
                int order = Long.compareUnsigned(rest, divisor - rest);
                more = order > 0 || order == 0 && (quotient & 1) != 0;
                if (more) {
                    rest = divisor - rest;
                }
            }
            if (more) {
                quotient++;
                sign ^= SIGN;
            }
        }
        if (rest == 0) {
            r.zero(seA & SIGN);
        } else {
            finish(r, sign, e, rest);
        }
        return ((quotient & 4) != 0 ? C0 : 0)
                | ((quotient & 2) != 0 ? C3 : 0)
                | ((quotient & 1) != 0 ? C1 : 0);
    }

    private static long rest(long dividend, long divisor, int bits) {
        long low = dividend << bits;
        return low - Wide.divide(dividend >>> 64 - bits, low, divisor) * divisor;
    }

    private static void finish(Rounder r, int sign, int e, long rest) {
        if (rest == 0) {
            r.zero(sign);
        } else {
            int shift = Long.numberOfLeadingZeros(rest);
            r.roundFully(sign, e - shift, rest << shift, 0);
        }
    }

    /** {@code a * 2^b}, with b cut to an integer (FSCALE). */
    public static void scale(Rounder r, int seA, long a, int seB, long b) {
        int kindA = Extended.kind(seA, a);
        int kindB = Extended.kind(seB, b);
        int sign = seA & SIGN;
        boolean downward = (seB & SIGN) != 0;
        if (kindA >= QUIET_NAN || kindB >= QUIET_NAN) {
            r.noNumber(kindA, seA, a, kindB, seB, b);
            return;
        }
        if (kindB == INFINITY && (downward ? kindA == INFINITY : kindA == ZERO)) {
            r.invalid();
            return;
        }
        if (r.denormal(kindA, kindB)) {
            return;
        }
        if (kindA == INFINITY || kindA == ZERO) {
            r.exact(seA, a);
            return;
        }
        if (kindB == INFINITY) {
            if (downward) {
                r.zero(sign);
            } else {
                r.infinity(sign);
            }
            return;
        }
        int e = (seB & EXPONENT) - BIAS;
        // Beyond 2^16 every exponent is out of range, even one that is wrapped around.
        int power = kindB == ZERO || e < 0 ? 0 : e > 16 ? 1 << 17 : (int) (b >>> 63 - e);
        int shift = Long.numberOfLeadingZeros(a);
        r.roundFully(
                sign,
                Math.max(seA & EXPONENT, 1) - shift + (downward ? -power : power),
                a << shift,
                0);
    }

    /** The exponent of a value as a number (FXTRACT): for zero, a division by zero. */
    public static void exponent(Rounder r, int se, long a) {
        int kind = Extended.kind(se, a);
        switch (kind) {
            case Extended.QUIET_NAN, Extended.SIGNALLING_NAN, Extended.UNSUPPORTED ->
                    r.noNumber(kind, se, a);
            case INFINITY -> r.infinity(0);
            case ZERO -> r.zeroDivide(SIGN);
            default -> {
                if (kind == Extended.DENORMAL && r.denormal()) {
                    return;
                }
                int shift = Long.numberOfLeadingZeros(a);
                Conversions.fromInteger(r, Math.max(se & EXPONENT, 1) - shift - BIAS);
            }
        }
    }

    /** The significand of a value as a number (FXTRACT). */
    public static void significand(Rounder r, int se, long a) {
        int kind = Extended.kind(se, a);
        switch (kind) {
            case Extended.QUIET_NAN, Extended.SIGNALLING_NAN, Extended.UNSUPPORTED ->
                    r.noNumber(kind, se, a);
            case INFINITY, ZERO -> r.exact(se, a);
            default -> r.exact(se & SIGN | BIAS, a << Long.numberOfLeadingZeros(a) | INTEGER_BIT);
        }
    }
}
