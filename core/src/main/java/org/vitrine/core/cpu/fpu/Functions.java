package org.vitrine.core.cpu.fpu;

import static org.vitrine.core.cpu.fpu.Extended.BIAS;
import static org.vitrine.core.cpu.fpu.Extended.DENORMAL;
import static org.vitrine.core.cpu.fpu.Extended.EXPONENT;
import static org.vitrine.core.cpu.fpu.Extended.INFINITY;
import static org.vitrine.core.cpu.fpu.Extended.INTEGER_BIT;
import static org.vitrine.core.cpu.fpu.Extended.QUIET_NAN;
import static org.vitrine.core.cpu.fpu.Extended.SIGN;
import static org.vitrine.core.cpu.fpu.Extended.ZERO;

/**
 * Sine, cosine, tangent, arc tangent, powers and logarithms of two. Each is computed to more than
 * 110 bits and rounded once, so that results are those of an exact function nearly always.
 *
 * <p>Angles are reduced by a pi of 66 bits, as the processors do (Intel SDM volume 1, section
 * 8.3.8; the recorded vectors of an AMD processor agree): a sine near a multiple of pi is that of
 * this pi.
 *
 * <p>All intermediate results are in here, so that nothing is allocated: one object for each
 * processor.
 */
public final class Functions {

    /** pi in units of 2^-64; or a half of it in units of 2^-65. */
    private static final long PI_HIGH = 3;

    private static final long PI_LOW = 0x243F_6A88_85A3_08D3L;

    /** The square root of two: what is above it is halved before taking logarithms. */
    private static final long ROOT_2 = 0xB504_F333_F9DE_6484L;

    /** From this exponent on, angles are out of range. */
    private static final int ANGLE_LIMIT = BIAS + 63;

    private final Wide angle = new Wide();
    private final Wide x = new Wide();
    private final Wide y = new Wide();
    private final Wide argument = new Wide();
    private final Wide square = new Wide();
    private final Wide part = new Wide();
    private final Wide value = new Wide();
    private final Wide other = new Wide();
    private final Wide one = new Wide().set(0, 0, INTEGER_BIT, 0);
    private final Wide minusOne = new Wide().set(SIGN, 0, INTEGER_BIT, 0);
    private boolean negative;
    private int quadrant;
    private long sumHigh;
    private long sumLow;

    /** Whether an angle is too great to be reduced: C2 is set, and the operand stays. */
    public static boolean outOfRange(int se, long a) {
        return (se & EXPONENT) >= ANGLE_LIMIT && Extended.kind(se, a) == Extended.NORMAL;
    }

    /**
     * Takes an angle in: zeros, infinities and what is no number give their results at once.
     *
     * @return whether there is something to compute; the angle is in range
     */
    private boolean takeAngle(Rounder r, int se, long a) {
        int kind = Extended.kind(se, a);
        if (kind >= QUIET_NAN) {
            r.noNumber(kind, se, a);
            return false;
        }
        if (kind == INFINITY) {
            r.invalid();
            return false;
        }
        if (kind == ZERO || kind == DENORMAL && r.denormal()) {
            r.exact(se, a);
            return false;
        }
        reduce(se, a);
        return true;
    }

    public void sine(Rounder r, int se, long a) {
        if (takeAngle(r, se, a)) {
            sineOfReduced();
            value.round(r);
        }
    }

    public void cosine(Rounder r, int se, long a) {
        if (takeAngle(r, se, a)) {
            cosineOfReduced();
            value.round(r);
        } else if (Extended.kind(se, a) == ZERO) {
            r.exact(BIAS, INTEGER_BIT);
        }
    }

    public void tangent(Rounder r, int se, long a) {
        if (takeAngle(r, se, a)) {
            cosineOfReduced();
            other.set(value);
            sineOfReduced();
            value.divide(value, other).round(r);
        }
    }

    /** Leaves an angle of at most a quarter of pi, and how many right angles it lies above zero. */
    private void reduce(int se, long a) {
        negative = (se & SIGN) != 0;
        quadrant = 0;
        angle.set(se & EXPONENT, a);
        int doublings = angle.exponent + 2;
        if (doublings < 0) {
            return;
        }
        // The remainder of a * 2^doublings by pi/2 in its units.
        long high = 0;
        long low = a;
        for (int n = 0; n < doublings; n++) {
            high = high << 1 | low >>> 63;
            low <<= 1;
            quadrant <<= 1;
            if (high > PI_HIGH || high == PI_HIGH && Long.compareUnsigned(low, PI_LOW) >= 0) {
                high -= PI_HIGH + (Long.compareUnsigned(low, PI_LOW) < 0 ? 1 : 0);
                low -= PI_LOW;
                quadrant++;
            }
        }
        long restHigh = PI_HIGH - high - (Long.compareUnsigned(PI_LOW, low) < 0 ? 1 : 0);
        long restLow = PI_LOW - low;
        if (high > restHigh || high == restHigh && Long.compareUnsigned(low, restLow) > 0) {
            quadrant++;
            angle.setNormalized(SIGN, 62, restHigh, restLow);
        } else {
            angle.setNormalized(0, 62, high, low);
        }
        // The units are 2^-65, and the 128 bits' lowest stands for 2^(62 - 127).
    }

    private void sineOfReduced() {
        ofReduced((quadrant & 1) != 0);
        value.sign ^= ((quadrant & 2) != 0) != negative ? SIGN : 0;
    }

    private void cosineOfReduced() {
        ofReduced((quadrant & 1) == 0);
        value.sign ^= (quadrant + 1 & 2) != 0 ? SIGN : 0;
    }

    /** The value becomes the sine or cosine of the angle. */
    private void ofReduced(boolean cosine) {
        square.multiply(angle, angle);
        series(square, cosine ? Constants.COSINE : Constants.SINE, true);
        part.sign = SIGN;
        if (cosine) {
            value.add(one, part);
        } else {
            part.multiply(part, angle);
            value.add(angle, part);
        }
    }

    /**
     * The part becomes c0 z - c1 z^2 + c2 z^3 - ... for a positive z below one, or the same with
     * plus signs; it is never zero.
     */
    private void series(Wide z, long[] coefficients, boolean alternating) {
        int shift = -1 - z.exponent;
        if (shift >= 128) {
            part.set(0, -128, INTEGER_BIT, 0);
            return;
        }
        long high = shift >= 64 ? 0 : z.high >>> shift;
        long low =
                shift == 0
                        ? z.low
                        : shift < 64
                                ? z.low >>> shift | z.high << 64 - shift
                                : z.high >>> shift - 64;
        // Each term has as many zeros more as z has.
        int terms = Math.min(coefficients.length / 2, 128 / (shift + 1) + 2);
        sumHigh = 0;
        sumLow = 0;
        for (int n = terms - 1; n >= 0; n--) {
            multiplySum(high, low);
            long cHigh = coefficients[2 * n];
            long cLow = coefficients[2 * n + 1];
            if (alternating) {
                sumHigh = cHigh - sumHigh - (Long.compareUnsigned(cLow, sumLow) < 0 ? 1 : 0);
                sumLow = cLow - sumLow;
            } else {
                sumLow += cLow;
                sumHigh += cHigh + (Long.compareUnsigned(sumLow, cLow) < 0 ? 1 : 0);
            }
        }
        multiplySum(high, low);
        if ((sumHigh | sumLow) == 0) {
            part.set(0, -128, INTEGER_BIT, 0);
        } else {
            part.setNormalized(0, -1, sumHigh, sumLow);
        }
    }

    /** The sum becomes its product with a fraction. */
    private void multiplySum(long high, long low) {
        long top = Math.unsignedMultiplyHigh(sumHigh, high);
        long l = sumHigh * high;
        long a = Math.unsignedMultiplyHigh(sumHigh, low);
        long b = Math.unsignedMultiplyHigh(sumLow, high);
        l += a;
        top += Long.compareUnsigned(l, a) < 0 ? 1 : 0;
        l += b;
        top += Long.compareUnsigned(l, b) < 0 ? 1 : 0;
        sumHigh = top;
        sumLow = l;
    }

    /** {@code 2^a - 1} for an operand from -1 to 1; others stay as they are. */
    public void powerLessOne(Rounder r, int se, long a) {
        int kind = Extended.kind(se, a);
        if (kind >= QUIET_NAN) {
            r.noNumber(kind, se, a);
            return;
        }
        boolean minus = (se & SIGN) != 0;
        if (kind == INFINITY) {
            r.exact(minus ? SIGN | BIAS : se, INTEGER_BIT);
            return;
        }
        if (kind == DENORMAL && r.denormal()) {
            return;
        }
        int e = (se & EXPONENT) - BIAS;
        if (kind == ZERO) {
            r.zero(se);
            return;
        }
        if (e > 0 || e == 0 && a != INTEGER_BIT) {
            r.inexact(se, a);
            return;
        }
        if (e == 0) {
            r.inexact(minus ? SIGN | BIAS - 1 : BIAS, INTEGER_BIT);
            return;
        }
        argument.set(se, a).multiply(argument, Constants.LN_2);
        argument.sign = 0;
        series(argument, Constants.EXPONENTIAL, minus);
        part.sign = minus ? SIGN : 0;
        part.multiply(part, argument);
        value.add(argument, part);
        value.sign = se & SIGN;
        value.round(r);
    }

    /** {@code b * log2(a)} (Intel SDM volume 2, FYL2X). */
    public void logarithm(Rounder r, int seA, long a, int seB, long b) {
        int kindA = Extended.kind(seA, a);
        int kindB = Extended.kind(seB, b);
        if (kindA >= QUIET_NAN || kindB >= QUIET_NAN) {
            r.noNumber(kindA, seA, a, kindB, seB, b);
            return;
        }
        int signB = seB & SIGN;
        boolean isOne = seA == BIAS && a == INTEGER_BIT;
        if ((seA & SIGN) != 0 && kindA != ZERO
                || kindB == ZERO && (kindA == ZERO || kindA == INFINITY)
                || kindB == INFINITY && isOne) {
            r.invalid();
            return;
        }
        if (kindA == ZERO) {
            if (kindB == INFINITY) {
                r.infinity(signB ^ SIGN);
            } else if (!r.denormal(kindA, kindB)) {
                r.zeroDivide(signB ^ SIGN);
            }
            return;
        }
        if (r.denormal(kindA, kindB)) {
            return;
        }
        boolean belowOne = (seA & EXPONENT) < BIAS;
        int sign = belowOne ? signB ^ SIGN : signB;
        if (kindA == INFINITY || kindB == INFINITY) {
            r.infinity(sign);
            return;
        }
        if (kindB == ZERO || isOne) {
            r.zero(sign);
            return;
        }
        x.set(seA, a);
        int exponent = x.exponent;
        x.exponent = 0;
        if (Long.compareUnsigned(x.high, ROOT_2) > 0) {
            exponent++;
            x.exponent = -1;
        }
        binaryLogarithm(exponent);
        finishLogarithm(r, seB, b, x.isZero());
    }

    /**
     * The value becomes log2 of x, times two to the exponent, by 2 artanh((x - 1) / (x + 1)); x
     * becomes zero when it is one.
     */
    private void binaryLogarithm(int exponent) {
        y.add(x, minusOne);
        if (y.isZero()) {
            x.set(y);
            value.set(y);
        } else {
            other.add(x, one);
            artanh();
        }
        if (exponent != 0) {
            int magnitude = Math.abs(exponent);
            other.setNormalized(exponent < 0 ? SIGN : 0, 127, 0, magnitude);
            value.add(value, other);
        }
    }

    /** The value becomes the binary logarithm that belongs to y / other. */
    private void artanh() {
        argument.divide(y, other);
        square.multiply(argument, argument);
        series(square, Constants.ODD, false);
        part.multiply(part, argument);
        value.add(argument, part);
        value.multiply(value, Constants.TWICE_LOG2_E);
    }

    private void finishLogarithm(Rounder r, int seB, long b, boolean exactLogarithm) {
        y.set(seB, b);
        value.multiply(value, y);
        if (exactLogarithm) {
            r.roundFully(value.sign, value.exponent + BIAS, value.high, value.low);
            r.inexact(r.signExponent, r.significand);
        } else {
            value.round(r);
        }
    }

    /** {@code b * log2(a + 1)} (FYL2XP1). */
    public void logarithmOfOneMore(Rounder r, int seA, long a, int seB, long b) {
        int kindA = Extended.kind(seA, a);
        int kindB = Extended.kind(seB, b);
        if (kindA >= QUIET_NAN || kindB >= QUIET_NAN) {
            r.noNumber(kindA, seA, a, kindB, seB, b);
            return;
        }
        int sign = (seA ^ seB) & SIGN;
        boolean atMostMinusOne = (seA & SIGN) != 0 && (seA & EXPONENT) >= BIAS;
        if (kindA == ZERO && kindB == INFINITY
                || kindA == INFINITY && kindB == ZERO
                || atMostMinusOne && kindA == INFINITY) {
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
        if (atMostMinusOne) {
            // Out of range.
            r.inexact(seA, a);
            return;
        }
        y.set(seA, a);
        if (y.exponent < -2) {
            other.add(y, one);
            other.add(other, one);
            artanh();
        } else {
            x.add(y, one);
            int exponent = x.exponent;
            x.exponent = 0;
            if (Long.compareUnsigned(x.high, ROOT_2) > 0) {
                exponent++;
                x.exponent = -1;
            }
            binaryLogarithm(exponent);
        }
        finishLogarithm(r, seB, b, false);
    }

    /** The angle of the point (a, b), from -pi to pi (FPATAN: {@code a} is ST(0)). */
    public void arcTangent(Rounder r, int seA, long a, int seB, long b) {
        int kindA = Extended.kind(seA, a);
        int kindB = Extended.kind(seB, b);
        if (kindA >= QUIET_NAN || kindB >= QUIET_NAN) {
            r.noNumber(kindA, seA, a, kindB, seB, b);
            return;
        }
        if (r.denormal(kindA, kindB)) {
            return;
        }
        int sign = seB & SIGN;
        boolean left = (seA & SIGN) != 0;
        Wide fixed = null;
        if (kindB == ZERO || kindA == INFINITY && kindB != INFINITY) {
            if (!left) {
                r.zero(sign);
                return;
            }
            fixed = Constants.PI;
        } else if (kindA == INFINITY) {
            fixed = left ? Constants.THREE_QUARTERS_PI : Constants.ARC_TANGENTS[Constants.STEPS];
        } else if (kindB == INFINITY || kindA == ZERO) {
            fixed = Constants.HALF_PI;
        }
        if (fixed != null) {
            value.set(fixed);
        } else {
            x.set(seA & EXPONENT, a);
            y.set(seB & EXPONENT, b);
            arcTangentOfPoint(left);
        }
        value.sign = sign;
        value.round(r);
    }

    private void arcTangentOfPoint(boolean left) {
        boolean steep =
                x.exponent < y.exponent
                        || x.exponent == y.exponent && Long.compareUnsigned(x.high, y.high) < 0;
        Wide shorter = steep ? x : y;
        Wide longer = steep ? y : x;
        arcTangentOfRatio(shorter, longer);
        if (steep) {
            // Right of the vertical the angle is less than a right one, left of it more.
            value.sign = left ? 0 : SIGN;
            value.add(Constants.HALF_PI, value);
        } else if (left) {
            value.sign = SIGN;
            value.add(Constants.PI, value);
        }
    }

    private void arcTangentOfRatio(Wide shorter, Wide longer) {
        int distance = longer.exponent - shorter.exponent;
        double ratio =
                distance > 10
                        ? 0
                        : Math.scalb(
                                (double) (shorter.high >>> 11) / (double) (longer.high >>> 11),
                                -distance);
        int step = (int) Math.rint(ratio * Constants.STEPS);
        if (step == 0) {
            argument.divide(shorter, longer);
        } else {
            // atan(s/l) = atan(k) + atan((s - k l) / (l + k s)); both sums are exact.
            other.set(Constants.ARC_TANGENTS[step]);
            value.setNormalized(0, 127, 0, step);
            value.exponent -= 5;
            part.multiply(value, longer);
            part.sign = SIGN;
            argument.add(shorter, part);
            part.multiply(value, shorter);
            square.add(longer, part);
            if (argument.isZero()) {
                value.set(other);
                return;
            }
            argument.divide(argument, square);
        }
        square.multiply(argument, argument);
        series(square, Constants.ODD, true);
        part.sign = SIGN;
        part.multiply(part, argument);
        value.add(argument, part);
        if (step != 0) {
            value.add(value, other);
        }
    }
}
