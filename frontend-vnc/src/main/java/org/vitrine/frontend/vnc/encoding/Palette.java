package org.vitrine.frontend.vnc.encoding;

/**
 * The different pixel values of a tile in the order in which they came, up to 127. For one thread.
 */
final class Palette {

    /** The most values that it holds. */
    static final int MAX_SIZE = 127;

    /** Returned when a value found no place. */
    static final int FULL = -1;

    private static final int SLOTS = 512;

    private final int[] values = new int[MAX_SIZE];
    private final int[] slotIndex = new int[SLOTS];
    private final int[] slotRound = new int[SLOTS];
    private int round;
    private int size;

    /** Forgets all values. */
    void clear() {
        size = 0;
        round++;
    }

    /**
     * The place of a value, which is added if it is new; {@link #FULL} when there is no room for
     * it.
     */
    int index(int value) {
        int slot = value * 0x9E3779B9 >>> 23;
        while (slotRound[slot] == round) {
            if (values[slotIndex[slot]] == value) {
                return slotIndex[slot];
            }
            slot = slot + 1 & SLOTS - 1;
        }
        if (size == MAX_SIZE) {
            return FULL;
        }
        slotRound[slot] = round;
        slotIndex[slot] = size;
        values[size] = value;
        return size++;
    }

    int size() {
        return size;
    }

    int value(int index) {
        return values[index];
    }
}
