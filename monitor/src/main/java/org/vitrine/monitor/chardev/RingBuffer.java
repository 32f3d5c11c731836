package org.vitrine.monitor.chardev;

/**
 * Keeps the last characters that were sent there, for {@code ringbuf-read}; the oldest give way.
 */
public final class RingBuffer implements CharacterBackend {

    public static final int DEFAULT_SIZE = 0x10000;

    private final CharacterRing ring;

    /**
     * An empty one.
     *
     * @param size how many characters, a power of two
     */
    public RingBuffer(int size) {
        if (Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException("size of ringbuf chardev must be power of two");
        }
        ring = new CharacterRing(size);
    }

    @Override
    public String kind() {
        return "ringbuf";
    }

    @Override
    public String filename() {
        return "ringbuf";
    }

    @Override
    public int receive() {
        return NOTHING;
    }

    @Override
    public boolean send(int character) {
        synchronized (ring) {
            if (ring.isFull()) {
                ring.remove();
            }
            ring.add(character);
        }
        return true;
    }

    @Override
    public void attach(Runnable attention) {
        // There always is room.
    }

    /** Writes as the guest does. */
    public void write(byte[] bytes) {
        synchronized (ring) {
            for (byte each : bytes) {
                send(each & 0xFF);
            }
        }
    }

    /** Takes the oldest characters, so many at most. */
    public byte[] read(long size) {
        synchronized (ring) {
            byte[] bytes = new byte[(int) Math.min(size, ring.count())];
            ring.remove(bytes);
            return bytes;
        }
    }

    @Override
    public void close() {
        // Holds nothing of the host's.
    }
}
