package org.vitrine.core.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The bytes of a disk, wherever the host keeps them. Used by one thread at a time; every error is
 * an {@link IOException} whose message says which file, where in it, and what was wrong.
 */
public interface DiskImage extends Closeable {

    /** Sizes of images are multiples of this. */
    int SECTOR = 512;

    /** The file that people know the image by. */
    Path file();

    ImageFormat format();

    /** Bytes that the guest sees. */
    long size();

    boolean readOnly();

    /** The image that shows where this one has nothing of its own; null when there is none. */
    DiskImage backing();

    /**
     * Fills the buffer's remaining bytes, blocking.
     *
     * @throws IndexOutOfBoundsException when the image has no such bytes
     */
    void read(long offset, ByteBuffer into) throws IOException;

    /**
     * Writes the buffer's remaining bytes, blocking. They are safe after the next {@link #flush}.
     *
     * @throws IndexOutOfBoundsException when the image has no such bytes
     * @throws IOException also when the image is read only
     */
    void write(long offset, ByteBuffer from) throws IOException;

    /** Returns when all that was written will be there after a crash of the host. */
    void flush() throws IOException;

    /**
     * Gives the image another size; new bytes read as zeros.
     *
     * @throws IOException also when this format can't do that
     */
    void resize(long size) throws IOException;

    /** Flushes, and gives up the file and its lock, also when flushing fails. */
    @Override
    void close() throws IOException;

    /** Refuses an access that is not wholly inside the image. */
    default void check(long offset, int length) {
        if (offset < 0 || length < 0 || offset > size() - length) {
            throw new IndexOutOfBoundsException(
                    length + " bytes at " + offset + " of " + file() + ", which has " + size());
        }
    }
}
