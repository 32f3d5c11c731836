package org.vitrine.core.cpu.fpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The functions against series of decimals with 60 digits: the error has to stay within a hair of
 * half a unit in the last place.
 */
class FunctionsTest {

    private static final int ROUNDS = 2_000;
    private static final BigDecimal ALLOWED = new BigDecimal("0.500001");
    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    /** The pi of 66 bits that angles are reduced by. */
    private static final BigDecimal PI_66 =
            new BigDecimal(new BigInteger("3243F6A8885A308D3", 16)).divide(TWO.pow(64));

    private final Rounder r = new Rounder();
    private final Functions functions = new Functions();
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private BigDecimal worst = BigDecimal.ZERO;

    private void check(BigDecimal exact, String what) {
        BigDecimal is = Exact.of(r.signExponent, r.significand);
        BigDecimal error =
                is.subtract(exact).abs().divide(Exact.unit(r.signExponent), Exact.PRECISION);
        worst = worst.max(error);
        assertTrue(
                error.compareTo(ALLOWED) <= 0,
                () ->
                        what
                                + String.format(": %X:%X", r.signExponent, r.significand)
                                + " is off by "
                                + error);
    }

    private void report(String name) {
        System.out.println(
                "FunctionsTest seed "
                        + seed
                        + ": "
                        + name
                        + " is off by at most "
                        + worst.setScale(9, RoundingMode.UP)
                        + " units");
    }

    private static String text(int se, long a) {
        return String.format("%X:%X", se, a);
    }

    private static BigDecimal multiply(BigDecimal a, BigDecimal b) {
        return a.multiply(b, Exact.PRECISION);
    }

    /** The sum of a power series whose terms follow from the ones before. */
    private static BigDecimal sineSeries(BigDecimal x, boolean cosine) {
        BigDecimal square = multiply(x, x);
        BigDecimal term = cosine ? BigDecimal.ONE : x;
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal least = term.abs().movePointLeft(62);
        for (int n = cosine ? 1 : 2; term.abs().compareTo(least) > 0; n += 2) {
            sum = sum.add(term);
            term =
                    multiply(term, square)
                            .divide(BigDecimal.valueOf((long) -n * (n + 1)), Exact.PRECISION);
        }
        return sum;
    }

    private static BigDecimal sine(BigDecimal x, boolean cosine) {
        BigDecimal half = PI_66.divide(TWO);
        BigInteger quarters = x.divide(half, 0, RoundingMode.HALF_EVEN).toBigInteger();
        BigDecimal rest = x.subtract(half.multiply(new BigDecimal(quarters)));
        int quadrant = quarters.mod(BigInteger.valueOf(4)).intValue() + (cosine ? 1 : 0) & 3;
        BigDecimal value = sineSeries(rest, (quadrant & 1) != 0);
        return quadrant >= 2 ? value.negate() : value;
    }

    private static BigDecimal exponential(BigDecimal x) {
        BigDecimal term = x;
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal least = x.abs().movePointLeft(62);
        for (int n = 2; term.abs().compareTo(least) > 0; n++) {
            sum = sum.add(term);
            term = multiply(term, x).divide(BigDecimal.valueOf(n), Exact.PRECISION);
        }
        return sum;
    }

    /** 2 artanh(s), or with alternating signs 2 arctan(s). */
    private static BigDecimal twiceArtanh(BigDecimal s, boolean alternating) {
        BigDecimal square = multiply(s, s);
        BigDecimal power = alternating ? square.negate() : square;
        BigDecimal term = s;
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal least = s.abs().movePointLeft(62);
        for (int n = 1; term.abs().compareTo(least) > 0; n += 2) {
            sum = sum.add(term.divide(BigDecimal.valueOf(n), Exact.PRECISION));
            term = multiply(term, power);
        }
        return sum.multiply(TWO);
    }

    private static BigDecimal logarithm(BigDecimal x) {
        int halvings = 0;
        BigDecimal m = x;
        while (m.compareTo(new BigDecimal("1.5")) > 0) {
            m = m.divide(TWO);
            halvings++;
        }
        while (m.compareTo(new BigDecimal("0.75")) < 0) {
            m = m.multiply(TWO);
            halvings--;
        }
        BigDecimal ln2 =
                twiceArtanh(BigDecimal.ONE.divide(BigDecimal.valueOf(3), Exact.PRECISION), false);
        BigDecimal ln =
                twiceArtanh(
                        m.subtract(BigDecimal.ONE).divide(m.add(BigDecimal.ONE), Exact.PRECISION),
                        false);
        return ln.divide(ln2, Exact.PRECISION).add(BigDecimal.valueOf(halvings));
    }

    /** By arctan x = 2 arctan(x / (1 + sqrt(1 + x^2))), three times. */
    private static BigDecimal arcTangent(BigDecimal x) {
        BigDecimal reduced = x;
        for (int n = 0; n < 3; n++) {
            BigDecimal root = BigDecimal.ONE.add(multiply(reduced, reduced)).sqrt(Exact.PRECISION);
            reduced = reduced.divide(BigDecimal.ONE.add(root), Exact.PRECISION);
        }
        return twiceArtanh(reduced, true).multiply(BigDecimal.valueOf(4));
    }

    @Test
    void sinesAndCosines() {
        for (int n = 0; n < ROUNDS; n++) {
            int se = Exact.signExponent(random, -70, n % 2 == 0 ? 5 : 62);
            long a = Exact.significand(random);
            BigDecimal x = Exact.of(se, a);
            r.begin(0x37F);
            functions.sine(r, se, a);
            check(sine(x, false), "sine of " + text(se, a));
            functions.cosine(r, se, a);
            check(sine(x, true), "cosine of " + text(se, a));
        }
        report("a sine or cosine");
    }

    @Test
    void tangents() {
        for (int n = 0; n < ROUNDS; n++) {
            int se = Exact.signExponent(random, -40, n % 2 == 0 ? 5 : 62);
            long a = Exact.significand(random);
            BigDecimal x = Exact.of(se, a);
            r.begin(0x37F);
            functions.tangent(r, se, a);
            check(
                    sine(x, false).divide(sine(x, true), Exact.PRECISION),
                    "tangent of " + text(se, a));
        }
        report("a tangent");
    }

    @Test
    void arcTangents() {
        for (int n = 0; n < ROUNDS; n++) {
            int seA = Exact.signExponent(random, -20, 20) & ~Extended.SIGN;
            int seB = Exact.signExponent(random, -20, 20);
            long a = Exact.significand(random);
            long b = Exact.significand(random);
            r.begin(0x37F);
            functions.arcTangent(r, seA, a, seB, b);
            check(
                    arcTangent(Exact.of(seB, b).divide(Exact.of(seA, a), Exact.PRECISION)),
                    "arc tangent of " + text(seB, b) + " by " + text(seA, a));
        }
        report("an arc tangent");
    }

    @Test
    void powersOfTwo() {
        BigDecimal ln2 =
                twiceArtanh(BigDecimal.ONE.divide(BigDecimal.valueOf(3), Exact.PRECISION), false);
        for (int n = 0; n < ROUNDS; n++) {
            int se = Exact.signExponent(random, -80, -1);
            long a = Exact.significand(random);
            r.begin(0x37F);
            functions.powerLessOne(r, se, a);
            check(exponential(multiply(Exact.of(se, a), ln2)), "power of " + text(se, a));
        }
        report("a power of two");
    }

    @Test
    void logarithms() {
        for (int n = 0; n < ROUNDS; n++) {
            int seA = Exact.signExponent(random, n % 2 == 0 ? -1 : -60, n % 2 == 0 ? 0 : 60);
            seA &= ~Extended.SIGN;
            int seB = Exact.signExponent(random, -5, 5);
            long a = Exact.significand(random);
            long b = Exact.significand(random);
            if (seA == Extended.BIAS && a == Extended.INTEGER_BIT) {
                continue;
            }
            r.begin(0x37F);
            functions.logarithm(r, seA, a, seB, b);
            check(
                    multiply(Exact.of(seB, b), logarithm(Exact.of(seA, a))),
                    "logarithm of " + text(seA, a));
        }
        report("a logarithm");
    }

    @Test
    void logarithmsOfWhatIsNearOne() {
        for (int n = 0; n < ROUNDS; n++) {
            int seA = Exact.signExponent(random, -30, -2);
            int seB = Exact.signExponent(random, -5, 5);
            long a = Exact.significand(random);
            long b = Exact.significand(random);
            r.begin(0x37F);
            functions.logarithmOfOneMore(r, seA, a, seB, b);
            check(
                    multiply(Exact.of(seB, b), logarithm(Exact.of(seA, a).add(BigDecimal.ONE))),
                    "logarithm of one more than " + text(seA, a));
        }
        report("a logarithm near one");
    }

    @Test
    void theSineOfPiIsThatOfSixtySixBits() {
        r.begin(0x37F);
        functions.sine(r, 0x4000, 0xC90F_DAA2_2168_C235L);
        assertEquals(0xBFBF, r.signExponent);
        assertEquals(Extended.INTEGER_BIT, r.significand);
    }
}
