package org.vitrine.bench;

import java.util.Arrays;

/** Measurements of one kind, in nanoseconds. Used by one thread. */
final class Samples {

    private long[] values = new long[256];
    private int count;

    void add(long nanos) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = nanos;
    }

    int count() {
        return count;
    }

    /**
     * The value that this share of all does not exceed, in milliseconds.
     *
     * @param share from 0, the least, to 1, the greatest
     */
    double millis(double share) {
        if (count == 0) {
            throw new IllegalStateException("nothing was measured");
        }
        long[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(count - 1L, (long) (share * count))] / 1e6;
    }

    /** The middle one, in milliseconds. */
    double median() {
        return millis(0.5);
    }
}
