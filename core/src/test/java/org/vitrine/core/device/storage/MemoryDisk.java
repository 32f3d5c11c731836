package org.vitrine.core.device.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.vitrine.core.storage.DiskImage;
import org.vitrine.core.storage.ImageFormat;

/** A medium in memory, whose sectors can be looked at, and can be bad. */
final class MemoryDisk implements DiskImage {

    private final byte[] bytes;
    private final boolean readOnly;
    private boolean bad;

    MemoryDisk(int size, boolean readOnly) {
        this.bytes = new byte[size];
        this.readOnly = readOnly;
    }

    byte[] bytes() {
        return bytes;
    }

    /** From now on nothing can be read or written. */
    void spoil() {
        bad = true;
    }

    private void checkGood(long offset) throws IOException {
        if (bad) {
            throw new IOException("memory is bad at " + offset);
        }
    }

    @Override
    public Path file() {
        return Path.of("memory");
    }

    @Override
    public ImageFormat format() {
        return ImageFormat.RAW;
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    @Override
    public DiskImage backing() {
        return null;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        check(offset, into.remaining());
        checkGood(offset);
        into.put(bytes, (int) offset, into.remaining());
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        check(offset, from.remaining());
        checkGood(offset);
        from.get(bytes, (int) offset, from.remaining());
    }

    @Override
    public void flush() {
        // Memory is as safe as it gets.
    }

    @Override
    public void resize(long size) throws IOException {
        throw new IOException("memory has its size");
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
