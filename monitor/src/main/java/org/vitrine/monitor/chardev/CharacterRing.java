package org.vitrine.monitor.chardev;

/** A bounded queue of characters that allocates nothing; guarded by whoever has it. */
final class CharacterRing {

    private final short[] places;
    private int first;
    private int count;

    CharacterRing(int capacity) {
        places = new short[capacity];
    }

    int count() {
        return count;
    }

    boolean isFull() {
        return count == places.length;
    }

    void clear() {
        count = 0;
    }

    /** Adds one; there must be room. */
    void add(int character) {
        places[(first + count) % places.length] = (short) character;
        count++;
    }

    /** Takes the oldest; there must be one. */
    int remove() {
        int oldest = places[first];
        first = (first + 1) % places.length;
        count--;
        return oldest;
    }

    /** Takes as many as there are and fit; returns how many. */
    int remove(byte[] into) {
        int taken = Math.min(count, into.length);
        for (int i = 0; i < taken; i++) {
            into[i] = (byte) remove();
        }
        return taken;
    }
}
