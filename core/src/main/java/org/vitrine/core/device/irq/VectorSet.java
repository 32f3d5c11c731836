package org.vitrine.core.device.irq;

/** A bit for each of the 256 vectors: the form of the local APIC's ISR, TMR and IRR. */
final class VectorSet {

    private final long[] words = new long[4];

    void clear() {
        for (int i = 0; i < words.length; i++) {
            words[i] = 0;
        }
    }

    boolean contains(int vector) {
        return (words[vector >> 6] & 1L << vector) != 0;
    }

    void set(int vector, boolean member) {
        if (member) {
            words[vector >> 6] |= 1L << vector;
        } else {
            words[vector >> 6] &= ~(1L << vector);
        }
    }

    /** The highest vector that is in the set, or -1. */
    int highest() {
        for (int i = words.length - 1; i >= 0; i--) {
            if (words[i] != 0) {
                return 64 * i + 63 - Long.numberOfLeadingZeros(words[i]);
            }
        }
        return -1;
    }

    /** One of the eight registers of 32 bits. */
    int register(int number) {
        return (int) (words[number >> 1] >>> 32 * (number & 1));
    }
}
