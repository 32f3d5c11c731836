package org.vitrine.core.cpu.fpu;

/**
 * A number with a significand of 128 bits, for intermediate results: the highest bit of {@code
 * high} stands for 2^{@code exponent}. Operations cut what lies below and keep no exact track of
 * it, so that a result is good to about 2^-125 of itself. Zero has a significand of zero.
 */
final class Wide {

    /** 0 or {@link Extended#SIGN}. */
    int sign;

    /** Unbiased. */
    int exponent;

    long high;
    long low;

    Wide set(int newSign, int newExponent, long newHigh, long newLow) {
        sign = newSign;
        exponent = newExponent;
        high = newHigh;
        low = newLow;
        return this;
    }

    Wide set(Wide other) {
        return set(other.sign, other.exponent, other.high, other.low);
    }

    /** A number from a register, which has to be finite. */
    Wide set(int signExponent, long significand) {
        return setNormalized(
                signExponent & Extended.SIGN,
                Math.max(signExponent & Extended.EXPONENT, 1) - Extended.BIAS,
                significand,
                0);
    }

    /** The same for a significand that may have zeros above. */
    Wide setNormalized(int newSign, int newExponent, long newHigh, long newLow) {
        if ((newHigh | newLow) == 0) {
            return set(newSign, 0, 0, 0);
        }
        if (newHigh == 0) {
            int shift = Long.numberOfLeadingZeros(newLow);
            return set(newSign, newExponent - 64 - shift, newLow << shift, 0);
        }
        int shift = Long.numberOfLeadingZeros(newHigh);
        return shift == 0
                ? set(newSign, newExponent, newHigh, newLow)
                : set(
                        newSign,
                        newExponent - shift,
                        newHigh << shift | newLow >>> 64 - shift,
                        newLow << shift);
    }

    boolean isZero() {
        return high == 0;
    }

    /** This becomes {@code a * b}; either may be this. */
    Wide multiply(Wide a, Wide b) {
        int newSign = a.sign ^ b.sign;
        int newExponent = a.exponent + b.exponent + 1;
        long middle = a.high * b.low;
        long middleHigh = Math.unsignedMultiplyHigh(a.high, b.low);
        long other = a.low * b.high;
        long otherHigh = Math.unsignedMultiplyHigh(a.low, b.high);
        long top = Math.unsignedMultiplyHigh(a.high, b.high);
        long l = a.high * b.high;
        long carries = carry(middle, other);
        l += middleHigh;
        top += Long.compareUnsigned(l, middleHigh) < 0 ? 1 : 0;
        l += otherHigh;
        top += Long.compareUnsigned(l, otherHigh) < 0 ? 1 : 0;
        l += carries;
        top += Long.compareUnsigned(l, carries) < 0 ? 1 : 0;
        return setNormalized(newSign, newExponent, top, l);
    }

    private static long carry(long a, long b) {
        return Long.compareUnsigned(a + b, a) < 0 ? 1 : 0;
    }

    /** This becomes {@code a + b}; either may be this. */
    Wide add(Wide a, Wide b) {
        if (a.isZero()) {
            return set(b);
        }
        if (b.isZero()) {
            return set(a);
        }
        boolean swap =
                a.exponent < b.exponent
                        || a.exponent == b.exponent
                                && (Long.compareUnsigned(a.high, b.high) < 0
                                        || a.high == b.high
                                                && Long.compareUnsigned(a.low, b.low) < 0);
        Wide greater = swap ? b : a;
        Wide less = swap ? a : b;
        int distance = greater.exponent - less.exponent;
        long h;
        long l;
        if (distance == 0) {
            h = less.high;
            l = less.low;
        } else if (distance < 64) {
            h = less.high >>> distance;
            l = less.low >>> distance | less.high << 64 - distance;
        } else {
            // Something is left of it in any case, so that results are not taken for exact.
            h = 0;
            l = distance < 128 ? less.high >>> distance - 64 | 1 : 1;
        }
        int newSign = greater.sign;
        int newExponent = greater.exponent;
        if (greater.sign == less.sign) {
            long sumLow = greater.low + l;
            long carryIn = Long.compareUnsigned(sumLow, l) < 0 ? 1 : 0;
            long sumHigh = greater.high + h + carryIn;
            boolean overflows =
                    Long.compareUnsigned(sumHigh, greater.high) < 0 || h == -1 && carryIn != 0;
            if (overflows) {
                return set(
                        newSign,
                        newExponent + 1,
                        sumHigh >>> 1 | Extended.INTEGER_BIT,
                        sumLow >>> 1 | sumHigh << 63 | sumLow & 1);
            }
            return set(newSign, newExponent, sumHigh, sumLow);
        }
        long restLow = greater.low - l;
        long borrow = Long.compareUnsigned(greater.low, l) < 0 ? 1 : 0;
        return setNormalized(newSign, newExponent, greater.high - h - borrow, restLow);
    }

    /** This becomes {@code a / b}; either may be this, and neither is zero. */
    Wide divide(Wide a, Wide b) {
        int newSign = a.sign ^ b.sign;
        int newExponent = a.exponent - b.exponent;
        long divisorHigh = b.high;
        long divisorLow = b.low;
        long restHigh = a.high;
        long restLow = a.low;
        boolean carry = false;
        if (less(restHigh, restLow, divisorHigh, divisorLow)) {
            newExponent--;
            carry = restHigh < 0;
            restHigh = restHigh << 1 | restLow >>> 63;
            restLow <<= 1;
        }
        long quotientHigh = 0;
        long quotientLow = 0;
        for (int bit = 127; bit >= 0; bit--) {
            quotientHigh = quotientHigh << 1 | quotientLow >>> 63;
            quotientLow <<= 1;
            if (carry || !less(restHigh, restLow, divisorHigh, divisorLow)) {
                long borrow = Long.compareUnsigned(restLow, divisorLow) < 0 ? 1 : 0;
                restLow -= divisorLow;
                restHigh -= divisorHigh + borrow;
                quotientLow |= 1;
            }
            carry = restHigh < 0;
            restHigh = restHigh << 1 | restLow >>> 63;
            restLow <<= 1;
        }
        return set(newSign, newExponent, quotientHigh, quotientLow);
    }

    private static boolean less(long highA, long lowA, long highB, long lowB) {
        int order = Long.compareUnsigned(highA, highB);
        return order < 0 || order == 0 && Long.compareUnsigned(lowA, lowB) < 0;
    }

    /** Rounds this to a register's format; it counts as inexact. */
    void round(Rounder r) {
        r.roundFully(sign, exponent + Extended.BIAS, high, low | 1);
    }

    /**
     * An unsigned number of 128 bits by one of 64 that is greater than its upper half: the quotient
     * (Knuth, The Art of Computer Programming, volume 2, section 4.3.1, algorithm D, in base 2^32).
     */
    static long divide(long high, long low, long divisor) {
        int shift = Long.numberOfLeadingZeros(divisor);
        long d = divisor << shift;
        long h = shift == 0 ? high : high << shift | low >>> 64 - shift;
        long l = low << shift;
        if (h == 0) {
            return Long.divideUnsigned(l, d);
        }
        long first = digit(h, l >>> 32, d);
        long middle = (h << 32 | l >>> 32) - first * d;
        long second = digit(middle, l & 0xFFFF_FFFFL, d);
        return first << 32 | second;
    }

    /** One digit of 32 bits: {@code (rest * 2^32 + next) / d}. */
    private static long digit(long rest, long next, long d) {
        long upper = d >>> 32;
        long lower = d & 0xFFFF_FFFFL;
        long digit = Long.divideUnsigned(rest, upper);
        long left = rest - digit * upper;
        while (digit >>> 32 != 0 || Long.compareUnsigned(digit * lower, left << 32 | next) > 0) {
            digit--;
            left += upper;
            if (left >>> 32 != 0) {
                break;
            }
        }
        return digit;
    }
}
