package org.vitrine.core.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file whose bytes are the disk's. A last sector that is not whole reads on with zeros. */
final class RawImage implements DiskImage {

    private final ImageFile file;

    /** Whether nobody said that the file is raw, so that it must not become something else. */
    private final boolean guessed;

    private long size;

    RawImage(ImageFile file, boolean guessed) throws IOException {
        this.file = file;
        this.guessed = guessed;
        this.size = wholeSectors(file.length());
    }

    private static long wholeSectors(long bytes) {
        return (bytes + SECTOR - 1) / SECTOR * SECTOR;
    }

    @Override
    public Path file() {
        return file.path();
    }

    @Override
    public ImageFormat format() {
        return ImageFormat.RAW;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public boolean readOnly() {
        return !file.writable();
    }

    @Override
    public DiskImage backing() {
        return null;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        check(offset, into.remaining());
        int got = file.readSome(offset, into);
        if (into.hasRemaining()) {
            if (offset + got <= size - SECTOR) {
                throw new IOException(
                        file.path()
                                + " ends at byte "
                                + (offset + got)
                                + ", but had "
                                + size
                                + " when it was opened");
            }
            while (into.hasRemaining()) {
                into.put((byte) 0);
            }
        }
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        check(offset, from.remaining());
        if (readOnly()) {
            throw new IOException(file.path() + " is read only");
        }
        if (guessed && offset == 0) {
            keepRaw(from);
        }
        file.write(offset, from);
    }

    /** A guest that writes another format's header could make the host open any file of it. */
    private void keepRaw(ByteBuffer from) throws IOException {
        byte[] beginning = new byte[Math.min(from.remaining(), ImageFormat.PROBED)];
        from.get(from.position(), beginning);
        if (ImageFormat.probe(beginning) != ImageFormat.RAW
                || ImageFormat.foreign(beginning) != null) {
            throw new IOException(
                    file.path()
                            + " was opened without a format: the guest may not write another"
                            + " format's header to its first sector; say format=raw to let it");
        }
    }

    @Override
    public void flush() throws IOException {
        if (file.writable()) {
            file.force();
        }
    }

    @Override
    public void resize(long newSize) throws IOException {
        if (readOnly()) {
            throw new IOException(file.path() + " is read only");
        }
        file.setLength(newSize);
        size = wholeSectors(file.length());
    }

    @Override
    public void close() throws IOException {
        try (file) {
            flush();
        }
    }
}
