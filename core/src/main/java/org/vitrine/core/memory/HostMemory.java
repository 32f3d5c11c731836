package org.vitrine.core.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Raw memory of this process: how guest RAM and the display surface are allocated, and
 * little-endian access to it by absolute address.
 *
 * <p>Access by address checks nothing. Only {@link PhysicalMemory} and what caches its answers may
 * use it, with addresses inside a {@link RamBlock}.
 */
public final class HostMemory {

    private static final Path TEMPORARY_FILES = Path.of(System.getProperty("java.io.tmpdir"));

    private HostMemory() {}

    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * Zeroed, page-aligned memory that takes no room until it is touched. It lives as long as it is
     * reachable.
     *
     * <p>It is a private mapping of a sparse file that has no name any more: nothing is written to
     * disk, and unlike memory from {@link Arena#allocate} it need not be cleared beforehand.
     *
     * @throws UncheckedIOException when the host has no room for a sparse file of this size
     */
    public static MemorySegment allocate(long size) {
        Path file = null;
        try {
            // The name needs only be free, and CREATE_NEW sees to that. Files.createTempFile would
            // begin with
            // a secure random number, whose provider takes a tenth of the start.
            file =
                    TEMPORARY_FILES.resolve(
                            "vitrine-"
                                    + Long.toHexString(ThreadLocalRandom.current().nextLong())
                                    + ".memory");
            try (FileChannel channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.DELETE_ON_CLOSE)) {
                return channel.map(FileChannel.MapMode.PRIVATE, 0, size, Arena.ofAuto());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't allocate " + size + " bytes through " + file, e);
        }
    }

    public static byte getByte(long address) {
        return ALL.get(ValueLayout.JAVA_BYTE, address);
    }

    public static short getShort(long address) {
        return ALL.get(SHORT, address);
    }

    public static int getInt(long address) {
        return ALL.get(INT, address);
    }

    public static long getLong(long address) {
        return ALL.get(LONG, address);
    }

    public static void setByte(long address, byte value) {
        ALL.set(ValueLayout.JAVA_BYTE, address, value);
    }

    public static void setShort(long address, short value) {
        ALL.set(SHORT, address, value);
    }

    public static void setInt(long address, int value) {
        ALL.set(INT, address, value);
    }

    public static void setLong(long address, long value) {
        ALL.set(LONG, address, value);
    }

    /** Copies bytes out. */
    public static void copy(long address, byte[] into, int offset, int length) {
        MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, address, into, offset, length);
    }

    /** Copies bytes in. */
    public static void copy(byte[] from, int offset, long address, int length) {
        MemorySegment.copy(from, offset, ALL, ValueLayout.JAVA_BYTE, address, length);
    }

    /** Copies bytes; where the ranges overlap, as if there were a copy between. */
    public static void copy(long from, long to, long length) {
        MemorySegment.copy(ALL, from, ALL, to, length);
    }

    /** Fills bytes. */
    public static void fill(long address, long length, byte value) {
        ALL.asSlice(address, length).fill(value);
    }
}
