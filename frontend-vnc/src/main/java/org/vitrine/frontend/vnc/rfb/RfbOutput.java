package org.vitrine.frontend.vnc.rfb;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing buffer for outgoing bytes, numbers big-endian as everywhere in RFB. For one thread. */
public final class RfbOutput {

    private byte[] bytes = new byte[256];
    private int size;

    public RfbOutput u8(int value) {
        int at = reserve(1);
        bytes[at] = (byte) value;
        return this;
    }

    public RfbOutput u16(int value) {
        int at = reserve(2);
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
        return this;
    }

    public RfbOutput u32(int value) {
        u32At(reserve(4), value);
        return this;
    }

    public RfbOutput bytes(byte[] more) {
        int at = reserve(more.length);
        System.arraycopy(more, 0, bytes, at, more.length);
        return this;
    }

    /**
     * A string as RFB has it: length in 32 bits, then Latin-1; other characters become question
     * marks.
     */
    public RfbOutput string(String text) {
        byte[] latin1 = text.getBytes(StandardCharsets.ISO_8859_1);
        return u32(latin1.length).bytes(latin1);
    }

    /** Overwrites four bytes that were written before. */
    public void u32At(int at, int value) {
        bytes[at] = (byte) (value >> 24);
        bytes[at + 1] = (byte) (value >> 16);
        bytes[at + 2] = (byte) (value >> 8);
        bytes[at + 3] = (byte) value;
    }

    /**
     * Adds {@code count} bytes that the caller fills in {@link #array()}; returns where they start.
     */
    public int reserve(int count) {
        int at = size;
        room(count);
        size += count;
        return at;
    }

    /** Grows the array so that {@code count} bytes fit after {@link #size()}. */
    public void room(int count) {
        if (bytes.length - size < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + count));
        }
    }

    /**
     * Sets the size, after the caller has filled the array that far, or to drop what lies beyond.
     */
    public void size(int newSize) {
        size = newSize;
    }

    public int size() {
        return size;
    }

    /** The buffer itself; valid until the next method that adds something. */
    public byte[] array() {
        return bytes;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    public void clear() {
        size = 0;
    }
}
