package org.vitrine.core.cpu.fpu;

import java.math.BigInteger;

/**
 * Numbers that the functions need, to 128 bits, computed when the first function is: series'
 * coefficients, pi, the logarithm of two, and arc tangents. Fractions are pairs of longs, the upper
 * half first, in units of 2^-128.
 */
final class Constants {

    private Constants() {}

    private static final int PRECISION = 192;
    private static final BigInteger ONE = BigInteger.ONE.shiftLeft(PRECISION);

    /** 1/3!, 1/5!, 1/7! and so on. */
    static final long[] SINE = new long[2 * 20];

    /** 1/2!, 1/4!, 1/6! and so on. */
    static final long[] COSINE = new long[2 * 20];

    /** 1/2!, 1/3!, 1/4! and so on. */
    static final long[] EXPONENTIAL = new long[2 * 34];

    /** 1/3, 1/5, 1/7 and so on: of arc tangents, and with equal signs of logarithms. */
    static final long[] ODD = new long[2 * 30];

    /** The arc tangents of n / {@link #STEPS}. */
    static final Wide[] ARC_TANGENTS;

    static final int STEPS = 32;

    static final Wide HALF_PI;
    static final Wide PI;
    static final Wide THREE_QUARTERS_PI;
    static final Wide LN_2;

    /** 2 / ln 2. */
    static final Wide TWICE_LOG2_E;

    static {
        BigInteger factorial = BigInteger.ONE;
        for (int n = 2; n <= 41; n++) {
            factorial = factorial.multiply(BigInteger.valueOf(n));
            BigInteger inverse = ONE.divide(factorial);
            fraction(n % 2 != 0 ? SINE : COSINE, n / 2 - 1, inverse);
            if (n - 2 < EXPONENTIAL.length / 2) {
                fraction(EXPONENTIAL, n - 2, inverse);
            }
        }
        for (int n = 0; n < ODD.length / 2; n++) {
            fraction(ODD, n, ONE.divide(BigInteger.valueOf(2L * n + 3)));
        }
        ARC_TANGENTS = new Wide[STEPS + 1];
        for (int n = 0; n <= STEPS; n++) {
            ARC_TANGENTS[n] = wide(arcTangent(n));
        }
        BigInteger quarterPi = arcTangent(STEPS);
        HALF_PI = wide(quarterPi.shiftLeft(1));
        PI = wide(quarterPi.shiftLeft(2));
        THREE_QUARTERS_PI = wide(quarterPi.multiply(BigInteger.valueOf(3)));
        BigInteger ln2 = BigInteger.ZERO;
        for (int n = 1; n <= PRECISION; n++) {
            ln2 = ln2.add(ONE.shiftRight(n).divide(BigInteger.valueOf(n)));
        }
        LN_2 = wide(ln2);
        TWICE_LOG2_E = wide(ONE.shiftLeft(PRECISION + 1).divide(ln2));
    }

    /**
     * By Euler's series: the sum of 2^2n (n!)^2 / (2n+1)! * x^(2n+1) / (1 + x^2)^(n+1), with x = k
     * / {@link #STEPS}.
     */
    private static BigInteger arcTangent(int k) {
        BigInteger square = BigInteger.valueOf((long) k * k);
        BigInteger sum = square.add(BigInteger.valueOf((long) STEPS * STEPS));
        BigInteger term = ONE.multiply(BigInteger.valueOf((long) k * STEPS)).divide(sum);
        BigInteger result = BigInteger.ZERO;
        for (long n = 1; term.signum() != 0; n++) {
            result = result.add(term);
            term =
                    term.multiply(square)
                            .multiply(BigInteger.valueOf(2 * n))
                            .divide(sum.multiply(BigInteger.valueOf(2 * n + 1)));
        }
        return result;
    }

    private static void fraction(long[] table, int index, BigInteger value) {
        BigInteger bits = value.shiftRight(PRECISION - 128);
        table[2 * index] = bits.shiftRight(64).longValue();
        table[2 * index + 1] = bits.longValue();
    }

    private static Wide wide(BigInteger value) {
        if (value.signum() == 0) {
            return new Wide();
        }
        int length = value.bitLength();
        BigInteger bits =
                length > 128 ? value.shiftRight(length - 128) : value.shiftLeft(128 - length);
        return new Wide()
                .set(0, length - 1 - PRECISION, bits.shiftRight(64).longValue(), bits.longValue());
    }
}
