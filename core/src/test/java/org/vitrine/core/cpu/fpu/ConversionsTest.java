package org.vitrine.core.cpu.fpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConversionsTest {

    private static final int ROUNDS = 100_000;

    private final Rounder r = new Rounder();
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void doublesComeBackAsTheyWere() {
        System.out.println("ConversionsTest seed " + seed);
        for (int n = 0; n < ROUNDS; n++) {
            long bits = random.nextLong();
            if (Double.isNaN(Double.longBitsToDouble(bits))) {
                continue;
            }
            r.begin(0x37F);
            Conversions.fromDouble(r, bits, true);
            assertEquals(bits, Conversions.toDouble(r, r.signExponent, r.significand));
        }
    }

    @Test
    void doublesBecomeSinglesAsJavaHasThem() {
        System.out.println("ConversionsTest seed " + seed);
        for (int n = 0; n < ROUNDS; n++) {
            double value = Math.scalb(random.nextDouble() - 0.5, random.nextInt(300) - 160);
            r.begin(0x37F);
            Conversions.fromDouble(r, Double.doubleToRawLongBits(value), true);
            assertEquals(
                    Float.floatToRawIntBits((float) value),
                    Conversions.toSingle(r, r.signExponent, r.significand),
                    () -> "of " + value);
        }
    }

    @Test
    void integersAreRoundedInEveryDirection() {
        System.out.println("ConversionsTest seed " + seed);
        RoundingMode[] modes = {
            RoundingMode.HALF_EVEN, RoundingMode.FLOOR, RoundingMode.CEILING, RoundingMode.DOWN
        };
        BigInteger least = BigInteger.valueOf(Long.MIN_VALUE);
        for (int n = 0; n < ROUNDS; n++) {
            int mode = random.nextInt(4);
            int se = Exact.signExponent(random, -3, 63);
            long a = Exact.significand(random);
            BigInteger exact = Exact.of(se, a).setScale(0, modes[mode]).toBigInteger();
            boolean fits = exact.bitLength() <= 63;
            r.begin(0x37F | mode << 10);
            long is = Conversions.toInteger(r, se, a, 8);
            assertEquals(fits ? exact : least, BigInteger.valueOf(is));
            boolean inexact = new BigDecimal(exact).compareTo(Exact.of(se, a)) != 0;
            int expected = !fits ? FpuRegisters.INVALID : inexact ? FpuRegisters.PRECISION : 0;
            assertEquals(expected, r.raised);
        }
    }

    @Test
    void decimalsComeBackAsTheyWere() {
        System.out.println("ConversionsTest seed " + seed);
        for (int n = 0; n < ROUNDS; n++) {
            long magnitude = random.nextLong(1_000_000_000_000_000_000L);
            String digits = String.format("%018d", magnitude);
            int sign = random.nextBoolean() ? Extended.SIGN : 0;
            int high = sign | Integer.parseInt(digits.substring(0, 2), 16);
            long low = Long.parseUnsignedLong(digits.substring(2), 16);
            r.begin(0x37F);
            Conversions.fromDecimal(r, high, low);
            assertEquals(
                    BigDecimal.valueOf(magnitude),
                    Exact.of(r.signExponent & ~Extended.SIGN, r.significand).setScale(0));
            assertEquals(low, Conversions.toDecimal(r, r.signExponent, r.significand));
            assertEquals(high, r.signExponent);
        }
    }
}
