package org.vitrine.core.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each cluster of a qcow2 image is referred to, and so which are free. Every change is
 * written at once: a cluster is counted before anything refers to it, and until nothing does any
 * more, so that whatever stops the process, an image loses clusters at worst.
 */
final class Qcow2Refcounts {

    private static final int CACHED_BLOCKS = 64;
    private static final int MAX_TABLE_BYTES = 8 << 20;

    private final ImageFile file;
    private final Qcow2Metadata metadata;
    private final int clusterBits;
    private final int order;
    private final int perBlock;
    private final Map<Integer, ByteBuffer> blocks =
            new LinkedHashMap<>(CACHED_BLOCKS * 2, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Integer, ByteBuffer> eldest) {
                    return size() > CACHED_BLOCKS;
                }
            };

    private long tableOffset;
    private long[] table;

    /** No cluster before this one is free. */
    private long firstFree;

    Qcow2Refcounts(ImageFile file, Qcow2Header header, Qcow2Metadata metadata) throws IOException {
        this.file = file;
        this.metadata = metadata;
        this.clusterBits = header.clusterBits();
        this.order = header.refcountOrder();
        this.perBlock = 1 << clusterBits + 3 - order;
        this.tableOffset = header.refcountTableOffset();
        int bytes = header.refcountTableClusters() << clusterBits;
        ByteBuffer read = ByteBuffer.allocate(bytes);
        file.read(tableOffset, read);
        table = new long[bytes / 8];
        read.flip().asLongBuffer().get(table);
        metadata.add(tableOffset, bytes);
        for (long block : table) {
            if (block != 0) {
                checkBlock(block);
                metadata.add(block, clusterSize());
            }
        }
    }

    private void checkBlock(long offset) throws IOException {
        if (offset < 0
                || (offset & clusterSize() - 1) != 0
                || offset > file.length() - clusterSize()) {
            throw Qcow2Header.corrupt(
                    file,
                    "its refcount table refers to a block at "
                            + Long.toUnsignedString(offset)
                            + ", where none can be");
        }
    }

    private long clusterSize() {
        return 1L << clusterBits;
    }

    private ByteBuffer block(int index) throws IOException {
        ByteBuffer block = blocks.get(index);
        if (block == null) {
            block = ByteBuffer.allocate((int) clusterSize());
            file.read(table[index], block);
            blocks.put(index, block);
        }
        return block;
    }

    private boolean covered(long cluster) {
        long index = cluster / perBlock;
        return index < table.length && table[(int) index] != 0;
    }

    private long count(long cluster) throws IOException {
        return covered(cluster)
                ? get(block((int) (cluster / perBlock)), (int) (cluster % perBlock))
                : 0;
    }

    private long get(ByteBuffer block, int index) {
        return switch (order) {
            case 3 -> Byte.toUnsignedLong(block.get(index));
            case 4 -> Short.toUnsignedLong(block.getShort(2 * index));
            case 5 -> Integer.toUnsignedLong(block.getInt(4 * index));
            case 6 -> block.getLong(8 * index);
            default -> {
                int bits = 1 << order;
                yield block.get(index * bits / 8) >> index * bits % 8 & (1 << bits) - 1;
            }
        };
    }

    private void set(ByteBuffer block, int index, long count) {
        switch (order) {
            case 3 -> block.put(index, (byte) count);
            case 4 -> block.putShort(2 * index, (short) count);
            case 5 -> block.putInt(4 * index, (int) count);
            case 6 -> block.putLong(8 * index, count);
            default -> {
                int bits = 1 << order;
                int shift = index * bits % 8;
                int others = block.get(index * bits / 8) & ~((1 << bits) - 1 << shift);
                block.put(index * bits / 8, (byte) (others | count << shift));
            }
        }
    }

    private void store(long cluster, long count) throws IOException {
        int blockIndex = (int) (cluster / perBlock);
        int index = (int) (cluster % perBlock);
        ByteBuffer block = block(blockIndex);
        long before = get(block, index);
        set(block, index, count);
        int at = (int) ((long) index << order >>> 3);
        int length = Math.max(1, 1 << order >>> 3);
        try {
            file.write(table[blockIndex] + at, block.slice(at, length));
        } catch (IOException e) {
            set(block, index, before);
            throw e;
        }
    }

    /**
     * Takes free clusters that lie beside one another, each counted once from now on.
     *
     * @param number fewer than one block counts
     * @param use what they are for, for people
     * @return where the first one begins in the file
     */
    long allocate(int number, String use) throws IOException {
        if (number >= perBlock) {
            throw new IOException(
                    file.path() + ": " + number + " clusters can't be had side by side");
        }
        int run = 0;
        for (long cluster = firstFree; ; cluster++) {
            if (!covered(cluster)) {
                cover(cluster);
            }
            run = count(cluster) == 0 ? run + 1 : 0;
            if (run == number) {
                long first = cluster - number + 1;
                for (long taken = first; taken <= cluster; taken++) {
                    metadata.keepFrom(taken << clusterBits, use);
                    store(taken, 1);
                }
                if (number == 1) {
                    firstFree = cluster + 1;
                }
                return first << clusterBits;
            }
        }
    }

    /**
     * Takes one reference away from each cluster that these bytes touch; without any it is free.
     */
    void release(long offset, long length) throws IOException {
        for (long cluster = offset >>> clusterBits;
                cluster << clusterBits < offset + length;
                cluster++) {
            long count = count(cluster);
            if (count == 0) {
                throw Qcow2Header.corrupt(
                        file,
                        "the cluster at " + (cluster << clusterBits) + " was in use uncounted");
            }
            store(cluster, count - 1);
            if (count == 1) {
                metadata.remove(cluster << clusterBits, 1);
                firstFree = Math.min(firstFree, cluster);
            }
        }
    }

    /** Makes the block that counts a cluster; the block lies in that cluster itself. */
    private void cover(long cluster) throws IOException {
        if (cluster / perBlock >= table.length) {
            growTable();
        }
        int index = (int) (cluster / perBlock);
        if (table[index] != 0) {
            return;
        }
        long offset = cluster << clusterBits;
        metadata.keepFrom(offset, "a refcount block");
        ByteBuffer block = ByteBuffer.allocate((int) clusterSize());
        set(block, (int) (cluster % perBlock), 1);
        file.write(offset, block.duplicate());
        // Nobody may find the block before it is there.
        file.force();
        file.write(tableOffset + 8L * index, ByteBuffer.allocate(8).putLong(offset).flip());
        metadata.add(offset, clusterSize());
        table[index] = offset;
        blocks.put(index, block);
    }

    /**
     * Makes a larger table, behind all that the old one counts, together with the blocks that count
     * the new table and themselves.
     */
    private void growTable() throws IOException {
        long first = (long) table.length * perBlock;
        int entries = table.length;
        long tableClusters;
        long newBlocks;
        do {
            entries += Math.max(entries / 2, (int) clusterSize() / 8);
            tableClusters = Math.ceilDiv(8L * entries, clusterSize());
            entries = (int) (tableClusters * clusterSize() / 8);
            newBlocks = Math.ceilDiv(tableClusters + 1, perBlock - 1);
        } while (table.length + newBlocks >= entries);
        if (8L * entries > MAX_TABLE_BYTES) {
            throw new IOException(
                    file.path()
                            + " can't grow: its refcount table would have more than "
                            + MAX_TABLE_BYTES
                            + " bytes");
        }
        long newOffset = first << clusterBits;
        long blocksOffset = newOffset + (tableClusters << clusterBits);
        ByteBuffer[] made = new ByteBuffer[(int) newBlocks];
        long[] grown = Arrays.copyOf(table, entries);
        for (int i = 0; i < newBlocks; i++) {
            made[i] = ByteBuffer.allocate((int) clusterSize());
            grown[table.length + i] = blocksOffset + ((long) i << clusterBits);
        }
        for (int i = 0; i < tableClusters + newBlocks; i++) {
            set(made[i / perBlock], i % perBlock, 1);
        }
        for (int i = 0; i < newBlocks; i++) {
            file.write(grown[table.length + i], made[i].duplicate());
        }
        ByteBuffer bytes = ByteBuffer.allocate(8 * entries);
        bytes.asLongBuffer().put(grown);
        file.write(newOffset, bytes);
        file.force();
        file.write(
                Qcow2Header.REFCOUNT_TABLE_AT,
                ByteBuffer.allocate(12).putLong(newOffset).putInt((int) tableClusters).flip());
        file.force();

        long oldOffset = tableOffset;
        long oldBytes = 8L * table.length;
        for (int i = 0; i < newBlocks; i++) {
            blocks.put(table.length + i, made[i]);
        }
        metadata.add(newOffset, tableClusters + newBlocks << clusterBits);
        tableOffset = newOffset;
        table = grown;
        release(oldOffset, oldBytes);
    }
}
