package org.vitrine.bench;

import java.io.Closeable;
import java.io.IOException;

/**
 * A way to a disk's blocks. Each block of 4 KiB begins with its own number, which whoever reads it
 * looks at and whoever writes it puts there. Used by one thread.
 */
interface Transfers extends Closeable {

    /** Bytes of a block. */
    int BLOCK = 4096;

    /** The most bytes that one transfer moves. */
    int MOST = 64 << 10;

    /**
     * Reads blocks, and returns when they are in memory.
     *
     * @param offset a multiple of a block's size, as the length is
     * @throws IOException also when they are other blocks than were asked for
     */
    void read(long offset, int length) throws IOException, InterruptedException;

    /** Writes blocks, and returns when the host has taken them. */
    void write(long offset, int length) throws IOException, InterruptedException;

    /** The number that the block at this offset begins with. */
    static int number(long offset) {
        return (int) (offset / BLOCK);
    }

    /** Refuses a block that begins with another number than its own. */
    static void check(long offset, int found) throws IOException {
        if (found != number(offset)) {
            throw new IOException("the block at " + offset + " begins with " + found);
        }
    }
}
