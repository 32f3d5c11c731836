package org.vitrine.core.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A drive of the machine and the medium in it, if there is one. The vCPU thread says what becomes
 * of tray and medium; a thread beside it reads and writes. Safe for all of them.
 */
public final class Drive {

    /** What kind of drive it is. */
    public enum Kind {
        HARD_DISK,
        CDROM,
        FLOPPY;

        /** Whether the medium can be changed. */
        public boolean removable() {
            return this != HARD_DISK;
        }
    }

    private final String name;
    private final Kind kind;
    private final ErrorPolicy errorPolicy;
    private final DriveStatistics statistics = new DriveStatistics();
    private volatile IOException stopped;
    private DiskImage image;
    private boolean trayOpen;
    private boolean locked;
    private boolean ejectRequested;
    private long changes;

    /** A drive that does what is usual about errors. */
    public Drive(String name, Kind kind, DiskImage image) {
        this(name, kind, image, ErrorPolicy.STANDARD);
    }

    /**
     * A drive with a medium.
     *
     * @param name as QEMU names it: {@code ide0-hd0}, {@code ide1-cd0}, {@code floppy0}
     * @param image null when there is no medium; the drive closes it
     */
    public Drive(String name, Kind kind, DiskImage image, ErrorPolicy errorPolicy) {
        if (image == null && !kind.removable()) {
            throw new IllegalArgumentException(name + " can't be without a medium");
        }
        this.name = name;
        this.kind = kind;
        this.image = image;
        this.errorPolicy = errorPolicy;
    }

    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    public DriveStatistics statistics() {
        return statistics;
    }

    public ErrorPolicy errorPolicy() {
        return errorPolicy;
    }

    /** Why the machine was stopped for this drive's sake; null once it has gone on. */
    public IOException stopped() {
        return stopped;
    }

    void setStopped(IOException reason) {
        stopped = reason;
    }

    /** The medium; null when there is none. */
    public synchronized DiskImage image() {
        return image;
    }

    /** Bytes of the medium that the guest can reach; 0 with the tray open or without a medium. */
    public synchronized long size() {
        return reachable() ? image.size() : 0;
    }

    /** Whether there is a medium and the tray is closed. */
    public synchronized boolean reachable() {
        return image != null && !trayOpen;
    }

    /** How often another medium, or none, has been there: a guest is to be told of that. */
    public synchronized long changes() {
        return changes;
    }

    public synchronized boolean trayOpen() {
        return trayOpen;
    }

    /** Opens or closes the tray; what lies in it is there, or gone, for the guest. */
    public synchronized void setTrayOpen(boolean open) {
        if (open != trayOpen) {
            trayOpen = open;
            changes++;
        }
    }

    /** Whether the guest has locked the tray. */
    public synchronized boolean locked() {
        return locked;
    }

    public synchronized void setLocked(boolean lock) {
        locked = lock;
    }

    /** Asks the guest to open the tray, as its button does. */
    public synchronized void requestEject() {
        ejectRequested = true;
    }

    /** Whether the guest has been asked to open the tray since this was called last. */
    public synchronized boolean takeEjectRequest() {
        boolean requested = ejectRequested;
        ejectRequested = false;
        return requested;
    }

    /**
     * Exchanges the medium.
     *
     * @param medium the new one, or null for none; the drive closes it in the end
     * @return the old one, which is the caller's to close now; null when there was none
     */
    public synchronized DiskImage exchange(DiskImage medium) {
        if (medium == null && !kind.removable()) {
            throw new IllegalArgumentException(name + " can't be without a medium");
        }
        DiskImage old = image;
        image = medium;
        changes++;
        return old;
    }

    private DiskImage medium() throws IOException {
        if (!reachable()) {
            throw new IOException(name + " has no medium");
        }
        return image;
    }

    /** Fills the buffer's remaining bytes from the medium, blocking. */
    public synchronized void read(long offset, ByteBuffer into) throws IOException {
        int length = into.remaining();
        long begin = System.nanoTime();
        try {
            medium().read(offset, into);
            statistics.read(length, System.nanoTime() - begin);
        } catch (IOException e) {
            statistics.readFailed();
            throw e;
        }
    }

    /** Writes the buffer's remaining bytes to the medium, blocking. */
    public synchronized void write(long offset, ByteBuffer from) throws IOException {
        int length = from.remaining();
        long begin = System.nanoTime();
        try {
            medium().write(offset, from);
            statistics.written(length, System.nanoTime() - begin, offset + length);
        } catch (IOException e) {
            statistics.writeFailed();
            throw e;
        }
    }

    /** Returns when all that was written is safe from a crash of the host. */
    public synchronized void flush() throws IOException {
        long begin = System.nanoTime();
        try {
            if (image != null) {
                image.flush();
            }
            statistics.flushed(System.nanoTime() - begin);
        } catch (IOException e) {
            statistics.flushFailed();
            throw e;
        }
    }

    /** Gives the medium another size, of which the guest learns when it asks the next time. */
    public synchronized void resize(long size) throws IOException {
        if (image == null) {
            throw new IOException(name + " has no medium");
        }
        image.resize(size);
    }

    /** Flushes and closes the medium. The drive is of no use any more. */
    public synchronized void close() throws IOException {
        if (image != null) {
            image.close();
        }
    }
}
