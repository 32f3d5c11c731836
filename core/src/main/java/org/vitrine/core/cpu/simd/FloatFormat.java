package org.vitrine.core.cpu.simd;

/** Single or double precision, as bits (IEEE 754); singles stand in the low half of a long. */
enum FloatFormat {
    SINGLE(24, 8),
    DOUBLE(53, 11);

    /** Bits of the significand, the one that isn't stored too. */
    final int precision;

    /** The exponent of the greatest numbers, and what is added to exponents where they stand. */
    final int maximum;

    /** The exponent of the least numbers that aren't denormal. */
    final int minimum;

    final long sign;
    final long infinity;
    final long fraction;
    final long quiet;

    /** The NaN that invalid operations give. */
    final long indefinite;

    FloatFormat(int precision, int exponentBits) {
        this.precision = precision;
        maximum = (1 << exponentBits - 1) - 1;
        minimum = 1 - maximum;
        sign = 1L << precision + exponentBits - 1;
        fraction = (1L << precision - 1) - 1;
        infinity = sign - 1 & ~fraction;
        quiet = 1L << precision - 2;
        indefinite = sign | infinity | quiet;
    }

    boolean isNan(long bits) {
        return (bits & ~sign) > infinity;
    }

    boolean isSignalling(long bits) {
        return isNan(bits) && (bits & quiet) == 0;
    }

    boolean isDenormal(long bits) {
        return (bits & infinity) == 0 && (bits & fraction) != 0;
    }

    /** The value, which a double always has room for. */
    double value(long bits) {
        return this == SINGLE ? Float.intBitsToFloat((int) bits) : Double.longBitsToDouble(bits);
    }

    /** The bits of a value that there is room for, or of an infinity. */
    long bits(double value) {
        return this == SINGLE
                ? Float.floatToRawIntBits((float) value) & 0xFFFF_FFFFL
                : Double.doubleToRawLongBits(value);
    }
}
