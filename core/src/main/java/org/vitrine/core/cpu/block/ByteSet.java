package org.vitrine.core.cpu.block;

import java.util.Arrays;
import org.vitrine.core.memory.PhysicalMemory;

/** Some of the bytes of a page, by their offsets. */
final class ByteSet {

    private final long[] words = new long[PhysicalMemory.PAGE_SIZE / Long.SIZE];

    void clear() {
        Arrays.fill(words, 0);
    }

    void add(int offset, int length) {
        int end = offset + length;
        for (int at = offset; at < end; at = next(at)) {
            words[at >> 6] |= mask(at, end);
        }
    }

    void remove(int offset, int length) {
        int end = offset + length;
        for (int at = offset; at < end; at = next(at)) {
            words[at >> 6] &= ~mask(at, end);
        }
    }

    /** Whether it has one of these bytes. */
    boolean hasAny(int offset, int length) {
        int end = offset + length;
        for (int at = offset; at < end; at = next(at)) {
            if ((words[at >> 6] & mask(at, end)) != 0) {
                return true;
            }
        }
        return false;
    }

    private static int next(int at) {
        return (at | 63) + 1;
    }

    /** The bits of one word, from a byte to its end or to an earlier one. */
    private static long mask(int at, int end) {
        long from = -1L << at;
        return end < next(at) ? from & ~(-1L << end) : from;
    }
}
