package org.vitrine.core.cpu.simd;

import static org.vitrine.core.cpu.simd.SimdRegisters.DENORMAL;
import static org.vitrine.core.cpu.simd.SimdRegisters.DENORMALS_ARE_ZEROS;
import static org.vitrine.core.cpu.simd.SimdRegisters.EXCEPTIONS;
import static org.vitrine.core.cpu.simd.SimdRegisters.FLUSH_TO_ZERO;
import static org.vitrine.core.cpu.simd.SimdRegisters.INVALID;
import static org.vitrine.core.cpu.simd.SimdRegisters.MASK_SHIFT;
import static org.vitrine.core.cpu.simd.SimdRegisters.OVERFLOW;
import static org.vitrine.core.cpu.simd.SimdRegisters.PRECISION;
import static org.vitrine.core.cpu.simd.SimdRegisters.ROUNDING_SHIFT;
import static org.vitrine.core.cpu.simd.SimdRegisters.UNDERFLOW;
import static org.vitrine.core.cpu.simd.SimdRegisters.ZERO_DIVIDE;

/**
 * Arithmetic on one lane as MXCSR wants it rounded, with the exceptions that it raises (Intel SDM
 * volume 1, section 11.5). Knows no guest and no registers; made once, so that no operation
 * allocates.
 *
 * <p>Java rounds to nearest and tells nothing else. That is all there is to do where the result is
 * an ordinary number, or a zero for want of another, rounding is to nearest, and the flag of
 * inexact results, which stays set until a program clears it, is set already. Everything else goes
 * the long way: the error of Java's result is computed as well, which is exact (by the sum of two,
 * and by fused multiplication and addition); its sign is all that rounding in any direction, into
 * any format of no more bits, needs to know. Operands are scaled before, so that neither the result
 * nor the error leaves the range of doubles.
 */
public final class FloatUnit {

    // Operations.
    public static final int ADD = 0;
    public static final int MULTIPLY = 1;
    public static final int SUBTRACT = 2;
    public static final int DIVIDE = 3;
    public static final int SQUARE_ROOT = 4;
    public static final int MINIMUM = 5;
    public static final int MAXIMUM = 6;

    // Relations, as bits.
    public static final int LESS = 1;
    public static final int EQUAL = 2;
    public static final int GREATER = 4;
    public static final int UNORDERED = 8;

    private static final int PRECOMPUTED = INVALID | DENORMAL | ZERO_DIVIDE;

    private static final int NEAREST = 0;
    private static final int DOWN = 1;
    private static final int UP = 2;
    private static final int TOWARDS_ZERO = 3;

    /** What rounding to an integer that doesn't fit gives. */
    private static final int INTEGER_INDEFINITE = Integer.MIN_VALUE;

    // Scaling of what a double barely holds, by powers of two.
    private static final int SCALE = 64;
    private static final double SCALED_DOWN = 0x1p-64;
    private static final double SCALED_UP = 0x1p64;
    private static final int LARGE_EXPONENT = 1000;
    private static final double NEGLIGIBLE = 0x1p-900;

    private int mxcsr;
    private int raised;
    private boolean quick;

    /** Begins an instruction. */
    public void begin(int newMxcsr) {
        mxcsr = newMxcsr;
        raised = 0;
        int untold = PRECISION | PRECISION << MASK_SHIFT;
        quick = (newMxcsr & (untold | 3 << ROUNDING_SHIFT)) == untold;
    }

    /** Whether an exception was raised that isn't masked, so that there is no result. */
    public boolean stopped() {
        return (raised & ~(mxcsr >> MASK_SHIFT) & EXCEPTIONS) != 0;
    }

    /**
     * The flags that the instruction adds to those of MXCSR. An exception that keeps one lane from
     * being computed, and is not masked, keeps all from it.
     */
    public int flags() {
        int early = raised & PRECOMPUTED;
        return (early & ~(mxcsr >> MASK_SHIFT)) != 0 ? early : raised;
    }

    /** The result for singles. */
    public int compute(int operation, int a, int b) {
        if (quick && operation <= SQUARE_ROOT) {
            float x = Float.intBitsToFloat(a);
            float y = Float.intBitsToFloat(b);
            float result =
                    switch (operation) {
                        case ADD -> x + y;
                        case MULTIPLY -> x * y;
                        case SUBTRACT -> x - y;
                        case DIVIDE -> x / y;
                        default -> (float) Math.sqrt(y);
                    };
            int exponent = Math.getExponent(result);
            boolean ordinary = exponent > Float.MIN_EXPONENT && exponent <= Float.MAX_EXPONENT;
            if ((ordinary || result == 0 && (x == 0 || y == 0))
                    && !isDenormal(a)
                    && !isDenormal(b)) {
                return Float.floatToRawIntBits(result);
            }
        }
        return (int) compute(FloatFormat.SINGLE, operation, a & 0xFFFF_FFFFL, b & 0xFFFF_FFFFL);
    }

    private static boolean isDenormal(int bits) {
        return (bits & 0x7F80_0000) == 0 && (bits & 0x7F_FFFF) != 0;
    }

    /** The result for doubles. */
    public long compute(int operation, long a, long b) {
        if (quick && operation <= SQUARE_ROOT) {
            double x = Double.longBitsToDouble(a);
            double y = Double.longBitsToDouble(b);
            double result =
                    switch (operation) {
                        case ADD -> x + y;
                        case MULTIPLY -> x * y;
                        case SUBTRACT -> x - y;
                        case DIVIDE -> x / y;
                        default -> Math.sqrt(y);
                    };
            int exponent = Math.getExponent(result);
            boolean ordinary = exponent > Double.MIN_EXPONENT && exponent <= Double.MAX_EXPONENT;
            if ((ordinary || result == 0 && (x == 0 || y == 0))
                    && !FloatFormat.DOUBLE.isDenormal(a)
                    && !FloatFormat.DOUBLE.isDenormal(b)) {
                return Double.doubleToRawLongBits(result);
            }
        }
        return compute(FloatFormat.DOUBLE, operation, a, b);
    }

    private long compute(FloatFormat f, int operation, long first, long second) {
        long a = operand(f, first);
        long b = operand(f, second);
        if (operation == MINIMUM || operation == MAXIMUM) {
            return extreme(f, operation, a, b);
        }
        if (operation == SQUARE_ROOT) {
            return squareRoot(f, b);
        }
        if (f.isNan(a) || f.isNan(b)) {
            return notANumber(f, a, b);
        }
        double x = f.value(a);
        double y = operation == SUBTRACT ? -f.value(b) : f.value(b);
        double result =
                switch (operation) {
                    case MULTIPLY -> x * y;
                    case DIVIDE -> x / y;
                    default -> x + y;
                };
        if (Double.isNaN(result)) {
            raised |= INVALID;
            return f.indefinite;
        }
        if (operation == DIVIDE && y == 0 && !Double.isInfinite(x)) {
            raised |= ZERO_DIVIDE;
            return f.bits(result);
        }
        noteDenormal(f, a);
        noteDenormal(f, b);
        if (Double.isInfinite(x) || Double.isInfinite(y)) {
            return f.bits(result);
        }
        return switch (operation) {
            case MULTIPLY -> product(f, x, y, result);
            case DIVIDE -> quotient(f, x, y, result);
            default -> sum(f, x, y, result);
        };
    }

    private long sum(FloatFormat f, double x, double y, double result) {
        if (result == 0) {
            boolean cancelled = 1 / x < 0 != 1 / y < 0;
            return cancelled && direction() == DOWN ? f.sign : f.bits(result);
        }
        boolean large = Math.max(Math.getExponent(x), Math.getExponent(y)) > LARGE_EXPONENT;
        double p = large ? smaller(x) : x;
        double q = large ? smaller(y) : y;
        double s = p + q;
        double part = s - p;
        double error = p - (s - part) + (q - part);
        return round(f, s, error, large ? SCALE : 0);
    }

    /** Scales down; what would be lost beside the other operand of a sum keeps its sign. */
    private static double smaller(double x) {
        return x != 0 && Math.abs(x) < NEGLIGIBLE ? Math.copySign(NEGLIGIBLE, x) : x * SCALED_DOWN;
    }

    private long product(FloatFormat f, double x, double y, double result) {
        if (x == 0 || y == 0) {
            return f.bits(result);
        }
        int exponentX = exponent(x);
        int exponentY = exponent(y);
        double p = Math.scalb(x, -exponentX);
        double q = Math.scalb(y, -exponentY);
        double product = p * q;
        return round(f, product, Math.fma(p, q, -product), exponentX + exponentY);
    }

    private long quotient(FloatFormat f, double x, double y, double result) {
        if (x == 0) {
            return f.bits(result);
        }
        int exponentX = exponent(x);
        int exponentY = exponent(y);
        double p = Math.scalb(x, -exponentX);
        double q = Math.scalb(y, -exponentY);
        double quotient = p / q;
        double rest = Math.fma(-quotient, q, p);
        return round(f, quotient, q < 0 ? -rest : rest, exponentX - exponentY);
    }

    private long squareRoot(FloatFormat f, long a) {
        if (f.isNan(a)) {
            return notANumber(f, a, a);
        }
        double x = f.value(a);
        if (x < 0) {
            raised |= INVALID;
            return f.indefinite;
        }
        noteDenormal(f, a);
        if (x == 0 || Double.isInfinite(x)) {
            return a;
        }
        int exponent = exponent(x) & ~1;
        double p = Math.scalb(x, -exponent);
        double root = Math.sqrt(p);
        return round(f, root, Math.fma(-root, root, p), exponent / 2);
    }

    /** The exponent of a number, a denormal one's too, that isn't zero. */
    private static int exponent(double x) {
        int exponent = Math.getExponent(x);
        return exponent >= Double.MIN_EXPONENT ? exponent : Math.getExponent(x * SCALED_UP) - SCALE;
    }

    /** The lesser or the greater; the second one where neither is (Intel SDM volume 2, MINPS). */
    private long extreme(FloatFormat f, int operation, long a, long b) {
        if (f.isNan(a) || f.isNan(b)) {
            raised |= INVALID;
            return b;
        }
        noteDenormal(f, a);
        noteDenormal(f, b);
        double x = f.value(a);
        double y = f.value(b);
        return (operation == MINIMUM ? x < y : x > y) ? a : b;
    }

    /**
     * How two singles compare, as a bit.
     *
     * @param quiet whether NaNs that are quiet are no reason for an exception
     */
    public int compare(int a, int b, boolean quiet) {
        return compare(FloatFormat.SINGLE, a & 0xFFFF_FFFFL, b & 0xFFFF_FFFFL, quiet);
    }

    /** The same for doubles. */
    public int compare(long a, long b, boolean quiet) {
        return compare(FloatFormat.DOUBLE, a, b, quiet);
    }

    private int compare(FloatFormat f, long first, long second, boolean quiet) {
        long a = operand(f, first);
        long b = operand(f, second);
        if (f.isNan(a) || f.isNan(b)) {
            if (!quiet || f.isSignalling(a) || f.isSignalling(b)) {
                raised |= INVALID;
            }
            return UNORDERED;
        }
        noteDenormal(f, a);
        noteDenormal(f, b);
        double x = f.value(a);
        double y = f.value(b);
        return x < y ? LESS : x > y ? GREATER : EQUAL;
    }

    /** A single as a double. */
    public long widen(int a) {
        FloatFormat f = FloatFormat.SINGLE;
        long bits = operand(f, a & 0xFFFF_FFFFL);
        if (f.isNan(bits)) {
            noteSignalling(f, bits);
            return (bits & f.sign) << 32
                    | FloatFormat.DOUBLE.infinity
                    | FloatFormat.DOUBLE.quiet
                    | (bits & f.fraction) << 29;
        }
        noteDenormal(f, bits);
        return FloatFormat.DOUBLE.bits(f.value(bits));
    }

    /** A double as a single. */
    public int narrow(long a) {
        FloatFormat f = FloatFormat.DOUBLE;
        long bits = operand(f, a);
        FloatFormat single = FloatFormat.SINGLE;
        if (f.isNan(bits)) {
            noteSignalling(f, bits);
            return (int)
                    (bits >>> 32 & single.sign
                            | single.infinity
                            | single.quiet
                            | bits >>> 29 & single.fraction);
        }
        noteDenormal(f, bits);
        double x = f.value(bits);
        return (int) (x == 0 || Double.isInfinite(x) ? single.bits(x) : round(single, x, 0, 0));
    }

    /** An integer as a single. */
    public int fromInteger(int a) {
        return a == 0 ? 0 : (int) round(FloatFormat.SINGLE, a, 0, 0);
    }

    /** A single as an integer, by MXCSR's direction or towards zero. */
    public int toInteger(int a, boolean truncate) {
        FloatFormat f = FloatFormat.SINGLE;
        return integer(f.value(operand(f, a & 0xFFFF_FFFFL)), truncate);
    }

    /** The same for a double. */
    public int toInteger(long a, boolean truncate) {
        FloatFormat f = FloatFormat.DOUBLE;
        return integer(f.value(operand(f, a)), truncate);
    }

    private int integer(double x, boolean truncate) {
        double whole =
                switch (truncate ? TOWARDS_ZERO : direction()) {
                    case NEAREST -> Math.rint(x);
                    case DOWN -> Math.floor(x);
                    case UP -> Math.ceil(x);
                    default -> x < 0 ? Math.ceil(x) : Math.floor(x);
                };
        if (whole >= Integer.MIN_VALUE && whole <= Integer.MAX_VALUE) {
            if (whole != x) {
                raised |= PRECISION;
            }
            return (int) whole;
        }
        raised |= INVALID;
        return INTEGER_INDEFINITE;
    }

    private int direction() {
        return mxcsr >> ROUNDING_SHIFT & 3;
    }

    private long operand(FloatFormat f, long bits) {
        return (mxcsr & DENORMALS_ARE_ZEROS) != 0 && f.isDenormal(bits) ? bits & f.sign : bits;
    }

    private void noteDenormal(FloatFormat f, long bits) {
        if (f.isDenormal(bits)) {
            raised |= DENORMAL;
        }
    }

    private void noteSignalling(FloatFormat f, long bits) {
        if (f.isSignalling(bits)) {
            raised |= INVALID;
        }
    }

    /** The result when an operand is none: the first that is no number, made quiet. */
    private long notANumber(FloatFormat f, long a, long b) {
        noteSignalling(f, a);
        noteSignalling(f, b);
        return (f.isNan(a) ? a : b) | f.quiet;
    }

    /**
     * Rounds {@code value} plus an error that is below half of its last place, all times a power of
     * two.
     *
     * @param value neither zero nor infinite
     */
    private long round(FloatFormat f, double value, double error, int scale) {
        double v = value;
        int exponent = Math.getExponent(v) + scale;
        if (Math.getExponent(v) < Double.MIN_EXPONENT) {
            v *= SCALED_UP;
            exponent = Math.getExponent(v) - SCALE + scale;
        }
        long bits = Double.doubleToRawLongBits(v);
        FloatFormat d = FloatFormat.DOUBLE;
        // The highest bit is the one that isn't stored; the lowest tells whether anything is below.
        long significand = (bits & d.fraction) << 11 | Long.MIN_VALUE;
        if (error != 0) {
            if (error < 0 == value < 0) {
                significand |= 1;
            } else {
                significand--;
                if (significand > 0) {
                    significand = significand << 1 | 1;
                    exponent--;
                }
            }
        }
        return roundBits(f, value < 0 ? f.sign : 0, exponent, significand);
    }

    private long roundBits(FloatFormat f, long sign, int exponent, long significand) {
        int dropped = 64 - f.precision;
        if (exponent < f.minimum) {
            // Tiny is what would be with an unbounded exponent.
            boolean tiny = exponent < f.minimum - 1 || !carries(sign, significand, dropped);
            if (tiny && (mxcsr & UNDERFLOW << MASK_SHIFT) == 0) {
                raised |= UNDERFLOW | (significand << f.precision != 0 ? PRECISION : 0);
                return 0;
            }
            if (tiny && (mxcsr & FLUSH_TO_ZERO) != 0) {
                raised |= UNDERFLOW | PRECISION;
                return sign;
            }
            int shift = f.minimum - exponent;
            long denormal =
                    shift > 63
                            ? 1
                            : significand >>> shift | (significand << 64 - shift != 0 ? 1 : 0);
            if (denormal << f.precision != 0) {
                raised |= tiny ? UNDERFLOW | PRECISION : PRECISION;
            }
            return sign | (denormal >>> dropped) + increment(sign, denormal, dropped);
        }
        long kept = (significand >>> dropped) + increment(sign, significand, dropped);
        int e = exponent;
        if (kept >>> f.precision != 0) {
            kept >>>= 1;
            e++;
        }
        boolean inexact = significand << f.precision != 0;
        if (e > f.maximum) {
            boolean masked = (mxcsr & OVERFLOW << MASK_SHIFT) != 0;
            raised |= OVERFLOW | (masked || inexact ? PRECISION : 0);
            int direction = direction();
            boolean away = direction == NEAREST || direction == (sign != 0 ? DOWN : UP);
            return sign | f.infinity - (away ? 0 : 1);
        }
        if (inexact) {
            raised |= PRECISION;
        }
        return sign | (long) (e + f.maximum) << f.precision - 1 | kept & f.fraction;
    }

    private boolean carries(long sign, long significand, int dropped) {
        return significand >>> dropped == -1L >>> dropped
                && increment(sign, significand, dropped) != 0;
    }

    /** What is added to the last bit that is kept. */
    private int increment(long sign, long significand, int dropped) {
        long rest = significand << 64 - dropped;
        if (rest == 0) {
            return 0;
        }
        boolean up =
                switch (direction()) {
                    case NEAREST ->
                            rest < 0
                                    && (rest != Long.MIN_VALUE
                                            || (significand >>> dropped & 1) != 0);
                    case DOWN -> sign != 0;
                    case UP -> sign == 0;
                    default -> false;
                };
        return up ? 1 : 0;
    }

    /**
     * About the reciprocal of a single: exact but for the last 12 bits, and without exceptions.
     * Denormals, as operands and as results, are zeros.
     */
    public static int reciprocal(int a) {
        FloatFormat f = FloatFormat.SINGLE;
        long bits = a & 0xFFFF_FFFFL;
        if (f.isNan(bits)) {
            return (int) (bits | f.quiet);
        }
        double result = 1 / f.value(f.isDenormal(bits) ? bits & f.sign : bits);
        return approximation(result);
    }

    /** The same for the reciprocal of the square root. */
    public static int reciprocalRoot(int a) {
        FloatFormat f = FloatFormat.SINGLE;
        long bits = a & 0xFFFF_FFFFL;
        if (f.isNan(bits)) {
            return (int) (bits | f.quiet);
        }
        double x = f.value(f.isDenormal(bits) ? bits & f.sign : bits);
        if (x < 0) {
            return (int) f.indefinite;
        }
        return approximation(x == 0 ? 1 / x : 1 / Math.sqrt(x));
    }

    private static int approximation(double value) {
        int bits = Float.floatToRawIntBits((float) value);
        if (Math.abs(value) <= Float.MIN_NORMAL) {
            return bits & 0x8000_0000;
        }
        return Double.isInfinite(value) ? bits : bits + 0x400 & ~0x7FF;
    }
}
