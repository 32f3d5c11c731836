package org.vitrine.core.device.firmware;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** What of the firmware's items goes where in memory, for the option ROM that fetches it. */
final class KernelPieces {

    /**
     * One piece.
     *
     * @param key the item; {@link #ZEROS} for zeros
     * @param offset where in the item it begins
     * @param length bytes
     * @param address where it goes
     */
    record Piece(int key, int offset, int length, long address) {
        long end() {
            return address + length;
        }
    }

    /** An item that there is not. */
    static final int ZEROS = 0xFFFF;

    // Memory that a boot loader may fill; its own data lie below.
    private static final int LOW_BEGIN = 0x1_0000;
    private static final int LOW_END = 0x9_0000;
    private static final int HIGH_BEGIN = 0x10_0000;

    /** The firmware's tables are at the end of RAM. */
    private static final long TABLES_ROOM = 0x2_8000;

    private static final int PAGE = 0x1000;
    private static final int ENTRY_SIZE = 16;
    private static final int MOST = 256;

    private final List<Piece> pieces = new ArrayList<>();

    void add(Piece piece) {
        if (piece.length() > 0) {
            pieces.add(piece);
        }
    }

    /**
     * Adds bytes of the kernel's file.
     *
     * @throws IllegalArgumentException when the file doesn't have them
     */
    void addFromFile(int fileSize, long offset, long length, long address) {
        if (offset > fileSize || length > fileSize - offset) {
            throw new IllegalArgumentException(
                    String.format(
                            "the kernel is cut short: what belongs at %#x is at bytes %d to %d,"
                                    + " and it has %d",
                            address, offset, offset + length, fileSize));
        }
        add(new Piece(FwCfg.KERNEL_DATA, (int) offset, (int) length, address));
    }

    void addZeros(long length, long address) {
        if (length > Integer.MAX_VALUE) {
            throw outside(address, address + length);
        }
        add(new Piece(ZEROS, 0, (int) length, address));
    }

    KernelPieces copy() {
        KernelPieces copy = new KernelPieces();
        copy.pieces.addAll(pieces);
        return copy;
    }

    /** The first page above 1 MiB that is behind all pieces. */
    long placeBehind() {
        long end = pieces.stream().mapToLong(Piece::end).max().orElse(0);
        return Math.max(HIGH_BEGIN, end + PAGE - 1 & -PAGE);
    }

    /**
     * Refuses pieces that lie where there is no RAM that a boot loader may fill.
     *
     * @param memoryEnd the end of RAM below 4 GiB
     */
    void checkPlaces(long memoryEnd) {
        for (Piece piece : pieces) {
            boolean low = piece.address() >= LOW_BEGIN && piece.end() <= LOW_END;
            boolean high = piece.address() >= HIGH_BEGIN && piece.end() <= memoryEnd - TABLES_ROOM;
            if (!low && !high) {
                throw new IllegalArgumentException(
                        outside(piece.address(), piece.end()).getMessage()
                                + String.format(
                                        ", which is from %#x to %#x and from %#x to %#x",
                                        LOW_BEGIN, LOW_END, HIGH_BEGIN, memoryEnd - TABLES_ROOM));
            }
        }
    }

    private static IllegalArgumentException outside(long from, long to) {
        return new IllegalArgumentException(
                String.format(
                        "memory from %#x to %#x is needed, and that is not all RAM that can be"
                                + " filled",
                        from, to));
    }

    /** As the option ROM reads it: item, offset, length and address of each piece. */
    byte[] table() {
        if (pieces.size() > MOST) {
            throw new IllegalArgumentException(
                    "the kernel and its modules have "
                            + pieces.size()
                            + " parts, and at most "
                            + MOST
                            + " can be placed");
        }
        ByteBuffer table =
                ByteBuffer.allocate(pieces.size() * ENTRY_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        for (Piece piece : pieces) {
            table.putInt(piece.key()).putInt(piece.offset()).putInt(piece.length());
            table.putInt((int) piece.address());
        }
        return table.array();
    }
}
