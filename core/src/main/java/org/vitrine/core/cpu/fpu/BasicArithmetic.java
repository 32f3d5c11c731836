package org.vitrine.core.cpu.fpu;

import static org.vitrine.core.cpu.fpu.Extended.BIAS;
import static org.vitrine.core.cpu.fpu.Extended.EXPONENT;
import static org.vitrine.core.cpu.fpu.Extended.INFINITY;
import static org.vitrine.core.cpu.fpu.Extended.INTEGER_BIT;
import static org.vitrine.core.cpu.fpu.Extended.NORMAL;
import static org.vitrine.core.cpu.fpu.Extended.QUIET_NAN;
import static org.vitrine.core.cpu.fpu.Extended.SIGN;
import static org.vitrine.core.cpu.fpu.Extended.ZERO;

/** Sum, difference, product, quotient and square root, each rounded once. */
public final class BasicArithmetic {

    private BasicArithmetic() {}

    public static void add(Rounder r, int seA, long a, int seB, long b) {
        sum(r, seA, a, seB, b, 0);
    }

    /** {@code a - b}. */
    public static void subtract(Rounder r, int seA, long a, int seB, long b) {
        sum(r, seA, a, seB, b, SIGN);
    }

    private static void sum(Rounder r, int seA, long a, int seB, long b, int flip) {
        int kindA = Extended.kind(seA, a);
        int kindB = Extended.kind(seB, b);
        int signA = seA & SIGN;
        int signB = (seB ^ flip) & SIGN;
        if ((kindA | kindB) != NORMAL) {
            if (kindA >= QUIET_NAN || kindB >= QUIET_NAN) {
                r.noNumber(kindA, seA, a, kindB, seB, b);
                return;
            }
            if (kindA == INFINITY && kindB == INFINITY && signA != signB) {
                r.invalid();
                return;
            }
            if (r.denormal(kindA, kindB)) {
                return;
            }
            if (kindA == INFINITY || kindB == INFINITY) {
                r.infinity(kindA == INFINITY ? signA : signB);
                return;
            }
        }
        int eA = Math.max(seA & EXPONENT, 1);
        int eB = Math.max(seB & EXPONENT, 1);
        if (eA >= eB) {
            sumOfFinite(r, signA, eA, a, signB, eA - eB, b);
        } else {
            sumOfFinite(r, signB, eB, b, signA, eB - eA, a);
        }
    }

    /** The first operand's exponent is the second's and {@code distance} more. */
    private static void sumOfFinite(
            Rounder r, int signA, int exponent, long a, int signB, int distance, long b) {
        long high;
        long low;
        if (distance == 0) {
            high = b;
            low = 0;
        } else if (distance < 64) {
            high = b >>> distance;
            low = b << 64 - distance;
        } else {
            high = 0;
            low =
                    distance == 64
                            ? b
                            : distance < 128
                                    ? b >>> distance - 64 | (b << 128 - distance != 0 ? 1 : 0)
                                    : b != 0 ? 1 : 0;
        }
        int e = exponent;
        int sign = signA;
        if (signA == signB) {
            high += a;
            if (Long.compareUnsigned(high, a) < 0) {
                low = low >>> 1 | high << 63 | low & 1;
                high = high >>> 1 | INTEGER_BIT;
                e++;
            }
            if ((high | low) == 0) {
                r.zero(sign);
                return;
            }
        } else {
            if (Long.compareUnsigned(a, high) < 0) {
                // Only operands of one exponent come here, so that nothing lies below.
                high -= a;
                sign = signB;
            } else {
                high = a - high - (low != 0 ? 1 : 0);
                low = -low;
            }
            if ((high | low) == 0) {
                r.zero(r.signOfCancelled());
                return;
            }
        }
        r.normalizeAndRound(sign, e, high, low);
    }

    public static void multiply(Rounder r, int seA, long a, int seB, long b) {
        int kindA = Extended.kind(seA, a);
        int kindB = Extended.kind(seB, b);
        int sign = (seA ^ seB) & SIGN;
        if ((kindA | kindB) != NORMAL) {
            if (kindA >= QUIET_NAN || kindB >= QUIET_NAN) {
                r.noNumber(kindA, seA, a, kindB, seB, b);
                return;
            }
            if (kindA == INFINITY && kindB == ZERO || kindA == ZERO && kindB == INFINITY) {
                r.invalid();
                return;
            }
            if (r.denormal(kindA, kindB)) {
                return;
            }
            if (kindA == INFINITY || kindB == INFINITY) {
                r.infinity(sign);
                return;
            }
            if (kindA == ZERO || kindB == ZERO) {
                r.zero(sign);
                return;
            }
        }
        int shiftA = Long.numberOfLeadingZeros(a);
        int shiftB = Long.numberOfLeadingZeros(b);
        long normalA = a << shiftA;
        long normalB = b << shiftB;
        int e =
                Math.max(seA & EXPONENT, 1)
                        - shiftA
                        + Math.max(seB & EXPONENT, 1)
                        - shiftB
                        - BIAS
                        + 1;
        long high = Math.unsignedMultiplyHigh(normalA, normalB);
        long low = normalA * normalB;
        if (high >= 0) {
            high = high << 1 | low >>> 63;
            low <<= 1;
            e--;
        }
        r.round(sign, e, high, low);
    }

    /** {@code a / b}. */
    public static void divide(Rounder r, int seA, long a, int seB, long b) {
        int kindA = Extended.kind(seA, a);
        int kindB = Extended.kind(seB, b);
        int sign = (seA ^ seB) & SIGN;
        if ((kindA | kindB) != NORMAL) {
            if (kindA >= QUIET_NAN || kindB >= QUIET_NAN) {
                r.noNumber(kindA, seA, a, kindB, seB, b);
                return;
            }
            if (kindA == kindB && (kindA == INFINITY || kindA == ZERO)) {
                r.invalid();
                return;
            }
            if (kindB == ZERO && kindA != INFINITY) {
                r.zeroDivide(sign);
                return;
            }
            if (r.denormal(kindA, kindB)) {
                return;
            }
            if (kindA == INFINITY) {
                r.infinity(sign);
                return;
            }
            if (kindA == ZERO || kindB == INFINITY) {
                r.zero(sign);
                return;
            }
        }
        int shiftA = Long.numberOfLeadingZeros(a);
        int shiftB = Long.numberOfLeadingZeros(b);
        long normalA = a << shiftA;
        long normalB = b << shiftB;
        int e = Math.max(seA & EXPONENT, 1) - shiftA - Math.max(seB & EXPONENT, 1) + shiftB + BIAS;
        long high;
        long low;
        if (Long.compareUnsigned(normalA, normalB) >= 0) {
            high = normalA >>> 1;
            low = normalA << 63;
        } else {
            high = normalA;
            low = 0;
            e--;
        }
        long quotient = Wide.divide(high, low, normalB);
        long rest = low - quotient * normalB;
        // The next bit of the quotient, and whether more follow.
        boolean half = rest < 0 || Long.compareUnsigned(rest << 1, normalB) >= 0;
        long further = half ? (rest << 1) - normalB : rest;
        r.round(sign, e, quotient, (half ? INTEGER_BIT : 0) | (further != 0 ? 1 : 0));
    }

    public static void squareRoot(Rounder r, int se, long a) {
        int kind = Extended.kind(se, a);
        if (kind != NORMAL) {
            if (kind >= QUIET_NAN) {
                r.noNumber(kind, se, a);
                return;
            }
            if (kind == ZERO) {
                r.zero(se & SIGN);
                return;
            }
        }
        if ((se & SIGN) != 0) {
            r.invalid();
            return;
        }
        if (kind == INFINITY) {
            r.infinity(0);
            return;
        }
        if (kind == Extended.DENORMAL && r.denormal()) {
            return;
        }
        int shift = Long.numberOfLeadingZeros(a);
        int e = Math.max(se & EXPONENT, 1) - shift - BIAS;
        long normal = a << shift;
        // The number is n * 2^(e - 127) with an even distance of e from the exponent of n.
        long high = (e & 1) == 0 ? normal >>> 1 : normal;
        long low = (e & 1) == 0 ? normal << 63 : 0;
        long root = root(high, low);
        long square = root * root;
        long rest = low - square;
        boolean restIsLong =
                high
                                - Math.unsignedMultiplyHigh(root, root)
                                - (Long.compareUnsigned(low, square) < 0 ? 1 : 0)
                        != 0;
        // (root + 1/2)^2 is root^2 + root + 1/4.
        boolean half = restIsLong || Long.compareUnsigned(rest, root) > 0;
        r.round(
                0,
                (e >> 1) + BIAS,
                root,
                (half ? INTEGER_BIT : 0) | (restIsLong || rest != 0 ? 1 : 0));
    }

    /** The integer part of the square root of a 128-bit number that is 2^126 or more. */
    private static long root(long high, long low) {
        double estimate = Math.sqrt((double) (high >>> 1) * 2.0);
        // A little too low, with half of its bits free for what is missing.
        long first = (long) ((estimate - 1e-5) * 0x1p20) << 12;
        long square = first * first;
        long restHigh =
                high
                        - Math.unsignedMultiplyHigh(first, first)
                        - (Long.compareUnsigned(low, square) < 0 ? 1 : 0);
        long rest = low - square;
        long root = first + Wide.divide(restHigh >>> 1, restHigh << 63 | rest >>> 1, first);
        if (Long.compareUnsigned(root, first) < 0) {
            root = -1;
        }
        while (greater(root, high, low)) {
            root--;
        }
        return root;
    }

    private static boolean greater(long root, long high, long low) {
        int order = Long.compareUnsigned(Math.unsignedMultiplyHigh(root, root), high);
        return order > 0 || order == 0 && Long.compareUnsigned(root * root, low) > 0;
    }
}
