package org.vitrine.monitor.chardev;

import org.vitrine.core.bus.CharacterLine;

/**
 * A line with a bounded queue each way between the vCPU thread, which never waits, and threads of
 * the host, which do. While nobody is connected, what is sent is lost.
 */
final class QueuedLine implements CharacterLine {

    /** Characters that may wait in each direction. */
    static final int CAPACITY = 4096;

    private final Object lock = new Object();
    private final CharacterRing toGuest = new CharacterRing(CAPACITY);
    private final CharacterRing toHost = new CharacterRing(CAPACITY);
    private boolean connected;
    private boolean closed;

    // Asked after each slice of guest code: saves the lock when nothing is there.
    private volatile boolean something;
    private volatile Runnable attention = () -> {};

    @Override
    public void attach(Runnable newAttention) {
        attention = newAttention;
    }

    @Override
    public int receive() {
        if (!something) {
            return NOTHING;
        }
        synchronized (lock) {
            if (toGuest.count() == 0) {
                return NOTHING;
            }
            int character = toGuest.remove();
            something = toGuest.count() > 0;
            lock.notifyAll();
            return character;
        }
    }

    @Override
    public boolean send(int character) {
        synchronized (lock) {
            if (!connected) {
                return true;
            }
            if (toHost.isFull()) {
                return false;
            }
            toHost.add(character);
            if (toHost.count() == 1) {
                lock.notifyAll();
            }
            return true;
        }
    }

    /** Somebody is there now, or nobody any more: then what waits for them is lost. */
    void setConnected(boolean nowConnected) {
        synchronized (lock) {
            connected = nowConnected;
            if (!nowConnected) {
                toHost.clear();
            }
            lock.notifyAll();
        }
        attention.run();
    }

    boolean isConnected() {
        synchronized (lock) {
            return connected;
        }
    }

    /** Gives characters to the guest; waits while there is no room. */
    void give(byte[] from, int length) throws InterruptedException {
        int given = 0;
        while (given < length) {
            synchronized (lock) {
                while (toGuest.isFull() && !closed) {
                    lock.wait();
                }
                if (closed) {
                    return;
                }
                while (given < length && !toGuest.isFull()) {
                    toGuest.add(from[given++] & 0xFF);
                }
                something = true;
            }
            attention.run();
        }
    }

    /** Gives a break; it is lost when there is no room. */
    void giveBreak() {
        synchronized (lock) {
            if (!toGuest.isFull()) {
                toGuest.add(BREAK);
                something = true;
            }
        }
        attention.run();
    }

    /**
     * Waits for what the guest sends.
     *
     * @return how much was taken; 0 when the line is closed and all has been taken
     */
    int take(byte[] into) throws InterruptedException {
        int taken;
        synchronized (lock) {
            while (toHost.count() == 0 && !closed) {
                lock.wait();
            }
            taken = toHost.remove(into);
        }
        attention.run();
        return taken;
    }

    /** Takes nothing more from the machine. What is there can still be taken. */
    void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }
}
