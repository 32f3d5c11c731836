package org.vitrine.core.cpu.simd;

/**
 * Arithmetic on the lanes of a word of 64 bits, all at once. Where an operation exists for several
 * widths, {@code tops} has a one in each lane's highest bit, and so says how wide they are.
 */
public final class Lanes {

    private Lanes() {}

    public static final long BYTES = 0x8080_8080_8080_8080L;
    public static final long WORDS = 0x8000_8000_8000_8000L;
    public static final long DWORDS = 0x8000_0000_8000_0000L;

    private static final long WORD_ONES = 0x0001_0001_0001_0001L;
    private static final long DWORD_ONES = 0x0000_0001_0000_0001L;

    /** Sums; the lanes' highest bits are added without a carry, so that none leaves a lane. */
    public static long add(long a, long b, long tops) {
        return (a & ~tops) + (b & ~tops) ^ (a ^ b) & tops;
    }

    public static long subtract(long a, long b, long tops) {
        return (a | tops) - (b & ~tops) ^ (a ^ ~b) & tops;
    }

    /** All ones in the lanes whose highest bit is set. */
    private static long spread(long a, long tops) {
        long set = a & tops;
        return (set << 1) - (set >>> Long.numberOfTrailingZeros(tops));
    }

    private static long select(long mask, long a, long b) {
        return a & mask | b & ~mask;
    }

    /** Sums of signed numbers, those out of range replaced by the nearest in it. */
    public static long addSigned(long a, long b, long tops) {
        long sum = add(a, b, tops);
        return saturate(a, sum, (a ^ sum) & (b ^ sum), tops);
    }

    public static long subtractSigned(long a, long b, long tops) {
        long difference = subtract(a, b, tops);
        return saturate(a, difference, (a ^ b) & (a ^ difference), tops);
    }

    /** Where it overflowed, the end of the range that has the sign of {@code a}. */
    private static long saturate(long a, long result, long overflow, long tops) {
        long end = ~tops + ((a & tops) >>> Long.numberOfTrailingZeros(tops));
        return select(spread(overflow, tops), end, result);
    }

    public static long addUnsigned(long a, long b, long tops) {
        long sum = add(a, b, tops);
        return sum | spread(a & b | (a | b) & ~sum, tops);
    }

    public static long subtractUnsigned(long a, long b, long tops) {
        return subtract(a, b, tops) & ~spread(borrow(a, b, tops), tops);
    }

    /** In each lane's highest bit, whether {@code a} is below {@code b}, both unsigned. */
    private static long borrow(long a, long b, long tops) {
        return ~a & b | ~(a ^ b) & subtract(a, b, tops);
    }

    /** The same for signed numbers. */
    private static long less(long a, long b, long tops) {
        return a & ~b | ~(a ^ b) & subtract(a, b, tops);
    }

    public static long equal(long a, long b, long tops) {
        long differing = a ^ b;
        return ~spread((differing & ~tops) + ~tops | differing, tops);
    }

    public static long greater(long a, long b, long tops) {
        return spread(less(b, a, tops), tops);
    }

    public static long minimumUnsigned(long a, long b, long tops) {
        return select(spread(borrow(a, b, tops), tops), a, b);
    }

    public static long maximumUnsigned(long a, long b, long tops) {
        return select(spread(borrow(a, b, tops), tops), b, a);
    }

    public static long minimumSigned(long a, long b, long tops) {
        return select(spread(less(a, b, tops), tops), a, b);
    }

    public static long maximumSigned(long a, long b, long tops) {
        return select(spread(less(a, b, tops), tops), b, a);
    }

    /** Half the sums of unsigned numbers, rounded up. */
    public static long average(long a, long b, long tops) {
        return (a | b) - ((a ^ b) >>> 1 & ~tops);
    }

    public static long shiftLeftWords(long a, long count) {
        int n = atMost(count, 16);
        return n == 16 ? 0 : a << n & (0xFFFFL << n & 0xFFFF) * WORD_ONES;
    }

    public static long shiftRightWords(long a, long count) {
        int n = atMost(count, 16);
        return n == 16 ? 0 : a >>> n & (0xFFFFL >> n) * WORD_ONES;
    }

    public static long shiftSignedWords(long a, long count) {
        int n = atMost(count, 15);
        long signs = WORDS >>> n;
        return subtract(shiftRightWords(a, n) ^ signs, signs, WORDS);
    }

    public static long shiftLeftDwords(long a, long count) {
        int n = atMost(count, 32);
        return n == 32 ? 0 : a << n & (0xFFFF_FFFFL << n & 0xFFFF_FFFFL) * DWORD_ONES;
    }

    public static long shiftRightDwords(long a, long count) {
        int n = atMost(count, 32);
        return n == 32 ? 0 : a >>> n & (0xFFFF_FFFFL >> n) * DWORD_ONES;
    }

    public static long shiftSignedDwords(long a, long count) {
        int n = atMost(count, 31);
        long signs = DWORDS >>> n;
        return subtract(shiftRightDwords(a, n) ^ signs, signs, DWORDS);
    }

    public static long shiftLeft(long a, long count) {
        int n = atMost(count, 64);
        return n == 64 ? 0 : a << n;
    }

    public static long shiftRight(long a, long count) {
        int n = atMost(count, 64);
        return n == 64 ? 0 : a >>> n;
    }

    private static int atMost(long count, int limit) {
        return Long.compareUnsigned(count, limit) < 0 ? (int) count : limit;
    }

    public static long multiplyLow(long a, long b) {
        long result = 0;
        for (int at = 0; at < 64; at += 16) {
            result |= ((a >>> at) * (b >>> at) & 0xFFFF) << at;
        }
        return result;
    }

    public static long multiplyHigh(long a, long b) {
        long result = 0;
        for (int at = 0; at < 64; at += 16) {
            long product = (short) (a >>> at) * (short) (b >>> at);
            result |= (product >>> 16 & 0xFFFF) << at;
        }
        return result;
    }

    public static long multiplyHighUnsigned(long a, long b) {
        long result = 0;
        for (int at = 0; at < 64; at += 16) {
            long product = (a >>> at & 0xFFFF) * (b >>> at & 0xFFFF);
            result |= (product >>> 16) << at;
        }
        return result;
    }

    /** Dwords of sums of the products of neighbouring signed words. */
    public static long multiplyAndAdd(long a, long b) {
        long result = 0;
        for (int at = 0; at < 64; at += 32) {
            long sum =
                    (short) (a >>> at) * (short) (b >>> at)
                            + (short) (a >>> at + 16) * (short) (b >>> at + 16);
            result |= (sum & 0xFFFF_FFFFL) << at;
        }
        return result;
    }

    /** The sum of the distances of unsigned bytes. */
    public static long sumOfDifferences(long a, long b) {
        long sum = 0;
        for (int at = 0; at < 64; at += 8) {
            sum += Math.abs((a >>> at & 0xFF) - (b >>> at & 0xFF));
        }
        return sum;
    }

    /** Four signed words as signed bytes in the low half, saturated. */
    public static long packSignedWords(long a) {
        long result = 0;
        for (int n = 0; n < 4; n++) {
            long value = Math.clamp((short) (a >>> 16 * n), Byte.MIN_VALUE, Byte.MAX_VALUE);
            result |= (value & 0xFF) << 8 * n;
        }
        return result;
    }

    /** Four signed words as unsigned bytes in the low half, saturated. */
    public static long packUnsignedWords(long a) {
        long result = 0;
        for (int n = 0; n < 4; n++) {
            long value = Math.clamp((short) (a >>> 16 * n), 0, 0xFF);
            result |= value << 8 * n;
        }
        return result;
    }

    /** Two signed dwords as signed words in the low half, saturated. */
    public static long packSignedDwords(long a) {
        long low = Math.clamp((int) a, Short.MIN_VALUE, Short.MAX_VALUE);
        long high = Math.clamp((int) (a >>> 32), Short.MIN_VALUE, Short.MAX_VALUE);
        return low & 0xFFFF | (high & 0xFFFF) << 16;
    }

    /** The bytes of the low halves in turn. */
    public static long interleaveBytes(long a, long b) {
        return widenBytes(a) | widenBytes(b) << 8;
    }

    private static long widenBytes(long a) {
        long words = (a & 0xFFFF_FFFFL | a << 16) & 0x0000_FFFF_0000_FFFFL;
        return (words | words << 8) & 0x00FF_00FF_00FF_00FFL;
    }

    /** The words of the low halves in turn. */
    public static long interleaveWords(long a, long b) {
        return widenWords(a) | widenWords(b) << 16;
    }

    private static long widenWords(long a) {
        return (a & 0xFFFF_FFFFL | a << 16) & 0x0000_FFFF_0000_FFFFL;
    }

    /** The low halves, the second above the first. */
    public static long interleaveDwords(long a, long b) {
        return a & 0xFFFF_FFFFL | b << 32;
    }

    /** The four words that two bits each of a pattern choose. */
    public static long shuffleWords(long a, long pattern) {
        long result = 0;
        for (int n = 0; n < 4; n++) {
            result |= (a >>> 16 * (pattern >> 2 * n & 3) & 0xFFFF) << 16 * n;
        }
        return result;
    }

    /** The highest bits of the bytes, side by side. */
    public static int byteSigns(long a) {
        return (int) ((a & BYTES) * 0x0002_0408_1020_4081L >>> 56);
    }
}
