package org.vitrine.core.device.input;

/** A ring of bytes of fixed capacity, for what a device has yet to send. */
final class ByteQueue {

    private final byte[] bytes;
    private int head;
    private int size;

    ByteQueue(int capacity) {
        bytes = new byte[capacity];
    }

    boolean isEmpty() {
        return size == 0;
    }

    int free() {
        return bytes.length - size;
    }

    void clear() {
        size = 0;
    }

    /** Adds a byte at the end; there must be room. */
    void add(int value) {
        if (size == bytes.length) {
            throw new IllegalStateException("queue of " + size + " bytes is full");
        }
        bytes[(head + size++) % bytes.length] = (byte) value;
    }

    int remove() {
        if (size == 0) {
            throw new IllegalStateException("queue is empty");
        }
        int value = bytes[head] & 0xFF;
        head = (head + 1) % bytes.length;
        size--;
        return value;
    }
}
