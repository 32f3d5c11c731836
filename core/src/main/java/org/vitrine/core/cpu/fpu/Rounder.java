package org.vitrine.core.cpu.fpu;

import static org.vitrine.core.cpu.fpu.FpuRegisters.DENORMAL;
import static org.vitrine.core.cpu.fpu.FpuRegisters.INVALID;
import static org.vitrine.core.cpu.fpu.FpuRegisters.OVERFLOW;
import static org.vitrine.core.cpu.fpu.FpuRegisters.PRECISION;
import static org.vitrine.core.cpu.fpu.FpuRegisters.UNDERFLOW;
import static org.vitrine.core.cpu.fpu.FpuRegisters.ZERO_DIVIDE;

/**
 * The end of every operation: takes an exact result, or one with a bit that stands for what lies
 * below, rounds it as the control word says, and keeps it with the exceptions that it raised. Made
 * once and used for every operation, so that none allocates.
 *
 * <p>An operation with a result of 128 bits gives the significand's highest bit the meaning of one
 * and sets the lowest when anything lies below it.
 */
public final class Rounder {

    /** What an unmasked overflow or underflow takes from, or adds to, the exponent. */
    private static final int WRAP = 24576;

    private static final int NEAREST = 0;
    private static final int DOWN = 1;
    private static final int UP = 2;

    /** Bits of the significand that are not kept, by the control word's precision field. */
    private static final int[] DROPPED = {40, 0, 11, 0};

    /** For results that precision control says nothing of. */
    static final int FULL_PRECISION = 0;

    /** The control word that operations go by. */
    public int control;

    /** The exceptions of the operation, and the stack fault. */
    public int raised;

    /** Whether the magnitude was rounded up, or what else C1 tells. */
    public boolean up;

    /** The result; where a narrower format was asked for, with that format's exponent. */
    public int signExponent;

    public long significand;

    /** Forgets the operation before. */
    public void begin(int controlWord) {
        control = controlWord;
        raised = 0;
        up = false;
    }

    /** Whether an exception was raised that comes before computing and isn't masked: no result. */
    public boolean stopped() {
        return (raised & ~control & (INVALID | DENORMAL | ZERO_DIVIDE)) != 0;
    }

    /** The same for results that go to memory, where every exception but precision says so. */
    public boolean storesNothing() {
        return (raised & ~control & (INVALID | DENORMAL | ZERO_DIVIDE | OVERFLOW | UNDERFLOW)) != 0;
    }

    int direction() {
        return control >> 10 & 3;
    }

    /** The sign of a sum that cancels: plus, but for rounding down. */
    int signOfCancelled() {
        return direction() == DOWN ? Extended.SIGN : 0;
    }

    /** Gives a result that needs no rounding. */
    public void exact(int newSignExponent, long newSignificand) {
        signExponent = newSignExponent;
        significand = newSignificand;
    }

    /** Makes a positive constant the result: it is rounded, and nothing is said of it. */
    public void constant(int newSignExponent, long high, long low) {
        exact(newSignExponent, increments(0, high, low, 0) ? high + 1 : high);
    }

    /** Gives a result that counts as inexact whatever it is. */
    void inexact(int newSignExponent, long newSignificand) {
        raised |= PRECISION;
        exact(newSignExponent, newSignificand);
    }

    /** Raises an invalid operation, whose masked result is the default NaN. */
    public void invalid() {
        raised |= INVALID;
        exact(Extended.INDEFINITE_SIGN_EXPONENT, Extended.INDEFINITE_SIGNIFICAND);
    }

    /** The stack had no value, or no room: invalid, and C1 tells which. */
    public void stackFault(boolean overflow) {
        invalid();
        raised |= FpuRegisters.STACK_FAULT;
        up = overflow;
    }

    void infinity(int sign) {
        exact(sign | Extended.EXPONENT, Extended.INTEGER_BIT);
    }

    void zero(int sign) {
        exact(sign, 0);
    }

    /** Raises a division by zero, whose masked result is an infinity. */
    void zeroDivide(int sign) {
        raised |= ZERO_DIVIDE;
        infinity(sign);
    }

    /** Raises the denormal-operand exception; whether the operation ends with it. */
    boolean denormal() {
        raised |= DENORMAL;
        return (control & DENORMAL) == 0;
    }

    /** The same when either of two operands is denormal. */
    boolean denormal(int kindA, int kindB) {
        return (kindA == Extended.DENORMAL || kindB == Extended.DENORMAL) && denormal();
    }

    /** The result of an operation on one value that is no number. */
    void noNumber(int kind, int signExponentA, long a) {
        if (kind == Extended.UNSUPPORTED) {
            invalid();
            return;
        }
        if (kind == Extended.SIGNALLING_NAN) {
            raised |= INVALID;
        }
        exact(signExponentA, a | Extended.QUIET);
    }

    /**
     * The result of an operation on two values, one of which at least is no number (Intel SDM
     * volume 1, table 4-7).
     */
    void noNumber(int kindA, int signExponentA, long a, int kindB, int signExponentB, long b) {
        if (kindA == Extended.UNSUPPORTED || kindB == Extended.UNSUPPORTED) {
            invalid();
            return;
        }
        boolean signallingA = kindA == Extended.SIGNALLING_NAN;
        boolean signallingB = kindB == Extended.SIGNALLING_NAN;
        if (signallingA || signallingB) {
            raised |= INVALID;
        }
        boolean first;
        if (kindA < Extended.QUIET_NAN) {
            first = false;
        } else if (kindB < Extended.QUIET_NAN) {
            first = true;
        } else if (signallingA != signallingB) {
            // The quiet one.
            first = signallingB;
        } else {
            int order = Long.compareUnsigned(a, b);
            first = order > 0 || order == 0 && signExponentA < signExponentB;
        }
        if (first) {
            exact(signExponentA, a | Extended.QUIET);
        } else {
            exact(signExponentB, b | Extended.QUIET);
        }
    }

    /** Rounds what needs not be normalized, and isn't zero, by the control word's precision. */
    void normalizeAndRound(int sign, int exponent, long high, long low) {
        int shift = Long.numberOfLeadingZeros(high);
        if (shift == 0) {
            round(sign, exponent, high, low);
        } else if (high == 0) {
            shift = Long.numberOfLeadingZeros(low);
            round(sign, exponent - 64 - shift, low << shift, 0);
        } else {
            round(sign, exponent - shift, high << shift | low >>> 64 - shift, low << shift);
        }
    }

    /** Rounds by the control word's precision; the exponent is biased and may have any value. */
    void round(int sign, int exponent, long high, long low) {
        round(sign, exponent, high, low, DROPPED[control >> 8 & 3], Extended.EXPONENT);
    }

    /** Rounds to all 64 bits of the significand, whatever the control word says. */
    void roundFully(int sign, int exponent, long high, long low) {
        round(sign, exponent, high, low, FULL_PRECISION, Extended.EXPONENT);
    }

    /**
     * Rounds to a format.
     *
     * @param sign 0 or {@link Extended#SIGN}
     * @param exponent biased as the format's; 0 and less make denormals
     * @param high the significand, its highest bit set
     * @param low 64 further bits
     * @param dropped how many of the 64 bits of {@code high} are not kept
     * @param limit the format's exponent of infinities
     */
    void round(int sign, int exponent, long high, long low, int dropped, int limit) {
        int e = exponent;
        if (e <= 0) {
            boolean tiny = e < 0 || !carries(sign, high, low, dropped);
            boolean wraps = (control & UNDERFLOW) == 0 && limit == Extended.EXPONENT;
            if (!tiny || !wraps) {
                roundDenormal(sign, e, high, low, dropped, limit, tiny);
                return;
            }
            raised |= UNDERFLOW;
            e += WRAP;
            if (e <= 0) {
                // Too little even for that, as only scaling makes it.
                raised |= PRECISION;
                zero(sign);
                return;
            }
        }
        boolean increments = increments(sign, high, low, dropped);
        long result = high >>> dropped << dropped;
        boolean inexact = result != high || low != 0;
        if (increments) {
            result += 1L << dropped;
            if (result == 0) {
                result = Extended.INTEGER_BIT;
                e++;
            }
        }
        if (e >= limit) {
            raised |= OVERFLOW;
            if ((control & OVERFLOW) != 0) {
                overflowed(sign, dropped, limit);
                return;
            }
            if (limit != Extended.EXPONENT) {
                // Nothing will be stored, and nothing is said of how it would have been.
                return;
            }
            e -= WRAP;
            if (e >= limit) {
                // Too much even for that, as only scaling makes it.
                raised |= PRECISION;
                up = true;
                infinity(sign);
                return;
            }
        }
        if (inexact) {
            raised |= PRECISION;
            up = increments;
        }
        exact(sign | e & Extended.EXPONENT, result);
    }

    private void overflowed(int sign, int dropped, int limit) {
        raised |= PRECISION;
        int direction = direction();
        up = direction == NEAREST || direction == (sign != 0 ? DOWN : UP);
        if (up) {
            exact(sign | limit, Extended.INTEGER_BIT);
        } else {
            exact(sign | limit - 1, -1L << dropped);
        }
    }

    private void roundDenormal(
            int sign, int exponent, long high, long low, int dropped, int limit, boolean tiny) {
        int shift = 1 - exponent;
        long h;
        long l;
        if (shift < 64) {
            h = high >>> shift;
            l = high << 64 - shift | low >>> shift | (low << 64 - shift != 0 ? 1 : 0);
        } else if (shift == 64) {
            h = 0;
            l = high | (low != 0 ? 1 : 0);
        } else if (shift < 128) {
            h = 0;
            l = high >>> shift - 64 | 1;
        } else {
            h = 0;
            l = 1;
        }
        boolean increments = increments(sign, h, l, dropped);
        long result = h >>> dropped << dropped;
        boolean inexact = result != h || l != 0;
        if (increments) {
            result += 1L << dropped;
        }
        if (tiny && (control & UNDERFLOW) == 0 && limit != Extended.EXPONENT) {
            raised |= UNDERFLOW;
            return;
        }
        if (inexact) {
            raised |= tiny ? PRECISION | UNDERFLOW : PRECISION;
            up = increments;
        } else if (tiny && (control & UNDERFLOW) == 0) {
            raised |= UNDERFLOW;
        }
        exact(sign | (result < 0 ? 1 : 0), result);
    }

    /** Whether rounding, with no bound to the exponent, gives the next power of two. */
    private boolean carries(int sign, long high, long low, int dropped) {
        return high >>> dropped == -1L >>> dropped && increments(sign, high, low, dropped);
    }

    /** Whether the last bit that is kept is incremented. */
    private boolean increments(int sign, long high, long low, int dropped) {
        long rest = dropped == 0 ? low : high << 64 - dropped | (low != 0 ? 1 : 0);
        if (rest == 0) {
            return false;
        }
        return switch (direction()) {
            case NEAREST -> rest < 0 && (rest != Long.MIN_VALUE || (high >>> dropped & 1) != 0);
            case DOWN -> sign != 0;
            case UP -> sign == 0;
            default -> false;
        };
    }

    /**
     * A magnitude below 2^64 with a fraction, rounded to an integer: its significand is the result
     * as an unsigned number. Raises precision.
     */
    long roundToInteger(int sign, long integer, long fraction) {
        if (fraction != 0) {
            raised |= PRECISION;
            if (increments(sign, integer, fraction, 0)) {
                up = true;
                return integer + 1;
            }
        }
        return integer;
    }
}
