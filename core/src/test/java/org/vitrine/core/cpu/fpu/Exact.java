package org.vitrine.core.cpu.fpu;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Random;

/** Register values as exact decimals, for tests to reckon with in another way. */
final class Exact {

    /** Enough for every function to be told from its rounded value. */
    static final MathContext PRECISION = new MathContext(60);

    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    private Exact() {}

    static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    /** The value of a finite register. */
    static BigDecimal of(int signExponent, long significand) {
        int exponent = Math.max(signExponent & Extended.EXPONENT, 1) - Extended.BIAS - 63;
        BigDecimal magnitude = new BigDecimal(unsigned(significand));
        magnitude =
                exponent >= 0
                        ? magnitude.multiply(TWO.pow(exponent))
                        : magnitude.divide(TWO.pow(-exponent));
        return (signExponent & Extended.SIGN) != 0 ? magnitude.negate() : magnitude;
    }

    /** One unit in the last place of a register. */
    static BigDecimal unit(int signExponent) {
        int exponent = Math.max(signExponent & Extended.EXPONENT, 1) - Extended.BIAS - 63;
        return exponent >= 0 ? TWO.pow(exponent) : BigDecimal.ONE.divide(TWO.pow(-exponent));
    }

    /** A random significand, often with long runs of equal bits. */
    static long significand(Random random) {
        long value = random.nextLong();
        switch (random.nextInt(4)) {
            case 0 -> value &= -1L << random.nextInt(63);
            case 1 -> value |= -1L >>> 1 + random.nextInt(63);
            default -> {}
        }
        return value | Extended.INTEGER_BIT;
    }

    /** A random sign and an exponent from 2^low to 2^high. */
    static int signExponent(Random random, int low, int high) {
        return Extended.BIAS + low + random.nextInt(high - low + 1)
                | (random.nextBoolean() ? Extended.SIGN : 0);
    }
}
