package org.vitrine.core.cpu.fpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Results against decimals that are exact, in every direction of rounding and every precision. */
class BasicArithmeticTest {

    private static final int ROUNDS = 20_000;
    private static final int[] PRECISIONS = {0x000, 0x200, 0x300};
    private static final int[] BITS = {24, 53, 64};
    private static final RoundingMode[] MODES = {
        RoundingMode.HALF_EVEN, RoundingMode.FLOOR, RoundingMode.CEILING, RoundingMode.DOWN
    };

    private final Rounder r = new Rounder();
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    private interface Operation {
        void compute(int seA, long a, int seB, long b);
    }

    private interface Reference {
        BigDecimal compute(BigDecimal a, BigDecimal b);
    }

    private void compare(Operation operation, Reference reference) {
        System.out.println("BasicArithmeticTest seed " + seed);
        for (int n = 0; n < ROUNDS; n++) {
            int precision = random.nextInt(3);
            int mode = random.nextInt(4);
            int seA = Exact.signExponent(random, -40, 40);
            int seB = Exact.signExponent(random, -40, 40);
            long a = Exact.significand(random);
            long b = Exact.significand(random);
            r.begin(0x3F | PRECISIONS[precision] | mode << 10);
            operation.compute(seA, a, seB, b);
            BigDecimal exact = reference.compute(Exact.of(seA, a), Exact.of(seB, b));
            String what =
                    String.format(
                            "%X:%X and %X:%X with %d bits, %s: %X:%X",
                            seA,
                            a,
                            seB,
                            b,
                            BITS[precision],
                            MODES[mode],
                            r.signExponent,
                            r.significand);
            BigDecimal rounded = rounded(exact, BITS[precision], MODES[mode]);
            BigDecimal is = Exact.of(r.signExponent, r.significand);
            assertEquals(0, rounded.compareTo(is), what);
            boolean inexact = rounded.compareTo(exact) != 0;
            assertEquals(inexact ? FpuRegisters.PRECISION : 0, r.raised, what);
            assertEquals(rounded.abs().compareTo(exact.abs()) > 0, r.up, what);
        }
    }

    /** Rounds to a number of binary digits. */
    private static BigDecimal rounded(BigDecimal value, int bits, RoundingMode mode) {
        if (value.signum() == 0) {
            return value;
        }
        // The exponent of two by estimate, then exactly.
        BigDecimal two = BigDecimal.valueOf(2);
        int exponent =
                (int) Math.floor((value.precision() - value.scale() - 1) / Math.log10(2)) - 2;
        BigDecimal power = power(exponent);
        while (value.abs().compareTo(power.multiply(two)) >= 0) {
            power = power.multiply(two);
            exponent++;
        }
        BigDecimal unit = power(exponent - bits + 1);
        return value.divide(unit, 0, mode).multiply(unit);
    }

    private static BigDecimal power(int exponent) {
        return exponent >= 0
                ? BigDecimal.valueOf(2).pow(exponent)
                : BigDecimal.ONE.divide(BigDecimal.valueOf(2).pow(-exponent));
    }

    @Test
    void sumsAreRoundedOnce() {
        compare((seA, a, seB, b) -> BasicArithmetic.add(r, seA, a, seB, b), BigDecimal::add);
    }

    @Test
    void differencesAreRoundedOnce() {
        compare(
                (seA, a, seB, b) -> BasicArithmetic.subtract(r, seA, a, seB, b),
                BigDecimal::subtract);
    }

    @Test
    void productsAreRoundedOnce() {
        compare(
                (seA, a, seB, b) -> BasicArithmetic.multiply(r, seA, a, seB, b),
                BigDecimal::multiply);
    }

    @Test
    void quotientsAreRoundedOnce() {
        // A quotient of 64-bit numbers that isn't one of 65 bits differs from those early.
        MathContext enough = new MathContext(120, RoundingMode.DOWN);
        compare(
                (seA, a, seB, b) -> BasicArithmetic.divide(r, seA, a, seB, b),
                (a, b) -> a.divide(b, enough));
    }

    @Test
    void squareRootsAreRoundedOnce() {
        MathContext enough = new MathContext(120, RoundingMode.DOWN);
        compare(
                (seA, a, seB, b) -> BasicArithmetic.squareRoot(r, seA & ~Extended.SIGN, a),
                (a, b) -> a.abs().sqrt(enough));
    }

    @Test
    void aSumOverflowsToInfinityOrToTheGreatestNumber() {
        r.begin(0x37F);
        BasicArithmetic.add(r, 0x7FFE, -1, 0x7FFE, -1);
        assertEquals(0x7FFF, r.signExponent);
        assertEquals(Extended.INTEGER_BIT, r.significand);
        assertEquals(FpuRegisters.OVERFLOW | FpuRegisters.PRECISION, r.raised);
        assertTrue(r.up);
        r.begin(0xF7F);
        BasicArithmetic.add(r, 0x7FFE, -1, 0x7FFE, -1);
        assertEquals(0x7FFE, r.signExponent);
        assertEquals(-1, r.significand);
    }

    @Test
    void anUnmaskedUnderflowIsBroughtBackIntoRange() {
        r.begin(0x36F);
        BasicArithmetic.multiply(r, 0x0001, Extended.INTEGER_BIT, 0x3FFE, Extended.INTEGER_BIT);
        assertEquals(24576, r.signExponent);
        assertEquals(FpuRegisters.UNDERFLOW, r.raised);
    }
}
