package org.vitrine.core.cpu.exec;

import java.util.Arrays;

/**
 * The memory type range registers and the page attribute table (Intel SDM volume 3, sections 12.11
 * and 12.12). There are no caches that would follow them: they keep what they are given.
 */
final class MemoryTypes {

    private static final int CAPABILITIES = 0xFE;
    private static final int VARIABLE = 0x200;
    private static final int VARIABLE_RANGES = 8;
    private static final int VARIABLE_END = VARIABLE + 2 * VARIABLE_RANGES;
    private static final int FIXED_64K = 0x250;
    private static final int FIXED_16K = 0x258;
    private static final int FIXED_4K = 0x268;
    private static final int PAGE_ATTRIBUTES = 0x277;
    private static final int DEFAULT_TYPE = 0x2FF;

    /** Eight variable ranges, the fixed ones, and write-combining as a type. */
    private static final long CAPABILITY = VARIABLE_RANGES | 1 << 8 | 1 << 10;

    private static final long DEFAULT_ATTRIBUTES = 0x0007_0406_0007_0406L;

    /** Uncached, write-combining, write-through, write-protected, write-back. */
    private static final int RANGE_TYPES = 1 | 1 << 1 | 1 << 4 | 1 << 5 | 1 << 6;

    /** The same, and uncached unless a range says otherwise. */
    private static final int PAGE_TYPES = RANGE_TYPES | 1 << 7;

    private static final long PHYSICAL_PAGE = 0xF_FFFF_F000L;
    private static final long ENABLED = 1 << 11;
    private static final long FIXED_ENABLED = 1 << 10;

    private final long[] values = new long[DEFAULT_TYPE - VARIABLE + 1];

    MemoryTypes() {
        reset();
    }

    void reset() {
        Arrays.fill(values, 0);
        values[PAGE_ATTRIBUTES - VARIABLE] = DEFAULT_ATTRIBUTES;
    }

    /** Whether a model-specific register of this number is the page attribute table. */
    static boolean isPageAttributes(int number) {
        return number == PAGE_ATTRIBUTES;
    }

    /** Whether a model-specific register of this number is one for ranges. */
    static boolean isRange(int number) {
        return number == CAPABILITIES
                || number >= VARIABLE && number < VARIABLE_END
                || isFixed(number)
                || number == DEFAULT_TYPE;
    }

    private static boolean isFixed(int number) {
        return number == FIXED_64K || number >> 1 == FIXED_16K >> 1 || number >> 3 == FIXED_4K >> 3;
    }

    long read(int number) {
        return number == CAPABILITIES ? CAPABILITY : values[number - VARIABLE];
    }

    /** Keeps a value; false where there are bits or types that don't exist. */
    boolean write(int number, long value) {
        boolean valid;
        if (number == CAPABILITIES) {
            return false;
        } else if (number == PAGE_ATTRIBUTES) {
            valid = areTypes(value, PAGE_TYPES);
        } else if (isFixed(number)) {
            valid = areTypes(value, RANGE_TYPES);
        } else if (number == DEFAULT_TYPE) {
            valid = isType(value, ENABLED | FIXED_ENABLED);
        } else if ((number & 1) == 0) {
            valid = isType(value, PHYSICAL_PAGE);
        } else {
            valid = (value & ~(PHYSICAL_PAGE | ENABLED)) == 0;
        }
        if (valid) {
            values[number - VARIABLE] = value;
        }
        return valid;
    }

    /** Whether the low byte is a range's type, and no bits but these stand above it. */
    private static boolean isType(long value, long others) {
        return (value & ~(others | 7)) == 0 && (RANGE_TYPES >> (value & 7) & 1) != 0;
    }

    private static boolean areTypes(long value, int types) {
        for (int shift = 0; shift < 64; shift += 8) {
            int type = (int) (value >>> shift) & 0xFF;
            if (type > 7 || (types >> type & 1) == 0) {
                return false;
            }
        }
        return true;
    }
}
