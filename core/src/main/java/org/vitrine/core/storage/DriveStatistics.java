package org.vitrine.core.storage;

import java.util.concurrent.atomic.AtomicLong;

/** What a drive has done until now. From any thread. */
public final class DriveStatistics {

    private final AtomicLong readBytes = new AtomicLong();
    private final AtomicLong readOperations = new AtomicLong();
    private final AtomicLong readNanos = new AtomicLong();
    private final AtomicLong failedReads = new AtomicLong();
    private final AtomicLong writtenBytes = new AtomicLong();
    private final AtomicLong writeOperations = new AtomicLong();
    private final AtomicLong writeNanos = new AtomicLong();
    private final AtomicLong failedWrites = new AtomicLong();
    private final AtomicLong highestOffset = new AtomicLong();
    private final AtomicLong flushOperations = new AtomicLong();
    private final AtomicLong flushNanos = new AtomicLong();
    private final AtomicLong failedFlushes = new AtomicLong();

    void read(int bytes, long nanos) {
        readBytes.addAndGet(bytes);
        readOperations.incrementAndGet();
        readNanos.addAndGet(nanos);
    }

    void readFailed() {
        failedReads.incrementAndGet();
    }

    void written(int bytes, long nanos, long end) {
        writtenBytes.addAndGet(bytes);
        writeOperations.incrementAndGet();
        writeNanos.addAndGet(nanos);
        highestOffset.accumulateAndGet(end, Math::max);
    }

    void writeFailed() {
        failedWrites.incrementAndGet();
    }

    void flushed(long nanos) {
        flushOperations.incrementAndGet();
        flushNanos.addAndGet(nanos);
    }

    void flushFailed() {
        failedFlushes.incrementAndGet();
    }

    public long readBytes() {
        return readBytes.get();
    }

    public long readOperations() {
        return readOperations.get();
    }

    public long readNanos() {
        return readNanos.get();
    }

    public long failedReads() {
        return failedReads.get();
    }

    public long writtenBytes() {
        return writtenBytes.get();
    }

    public long writeOperations() {
        return writeOperations.get();
    }

    public long writeNanos() {
        return writeNanos.get();
    }

    public long failedWrites() {
        return failedWrites.get();
    }

    /** The end of the bytes that were written farthest behind. */
    public long highestOffset() {
        return highestOffset.get();
    }

    public long flushOperations() {
        return flushOperations.get();
    }

    public long flushNanos() {
        return flushNanos.get();
    }

    public long failedFlushes() {
        return failedFlushes.get();
    }
}
