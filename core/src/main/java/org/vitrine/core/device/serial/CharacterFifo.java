package org.vitrine.core.device.serial;

/** The sixteen places of one of the UART's FIFOs; each has a character with its error bits. */
final class CharacterFifo {

    static final int SIZE = 16;

    private final int[] places = new int[SIZE];
    private int first;
    private int count;

    int count() {
        return count;
    }

    void clear() {
        count = 0;
    }

    /** Adds one; there must be room. */
    void add(int character) {
        places[(first + count) % SIZE] = character;
        count++;
    }

    /** Takes the oldest; there must be one. */
    int remove() {
        int oldest = places[first];
        first = (first + 1) % SIZE;
        count--;
        return oldest;
    }

    /** The oldest, which there must be. */
    int head() {
        return places[first];
    }

    /** Puts another in the oldest's place. */
    void setHead(int character) {
        places[first] = character;
    }

    /** Whether one of the characters has one of these bits. */
    boolean contains(int bits) {
        for (int i = 0; i < count; i++) {
            if ((places[(first + i) % SIZE] & bits) != 0) {
                return true;
            }
        }
        return false;
    }
}
