package org.vitrine.core.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each cluster of the disk lies in a qcow2 image: the L1 table and a cache of L2 tables.
 *
 * <p>Changes stay in memory until {@link #flush}, which writes them in an order that a crash of the
 * host can break off anywhere: what is referred to is on the disk before the reference is, and a
 * cluster is given up only after that.
 */
final class Qcow2Tables {

    /** The entry's cluster is referred to by this entry alone, and may be written to. */
    static final long COPIED = 1L << 63;

    static final long COMPRESSED = 1L << 62;

    /** The disk's cluster reads as zeros, whatever lies at the entry's offset. */
    static final long ZERO = 1;

    static final long OFFSET = 0x00FFFFFFFFFFFE00L;

    private static final int CACHED_TABLES = 128;

    private static final class L2Table {
        final ByteBuffer entries;
        boolean dirty;

        L2Table(ByteBuffer entries) {
            this.entries = entries;
        }
    }

    private record Released(long offset, long length) {}

    private final ImageFile file;
    private final int clusterBits;
    private final int indexBits;
    private final Qcow2Metadata metadata;

    /** Null in an image that is read only. */
    private final Qcow2Refcounts refcounts;

    private final LinkedHashMap<Integer, L2Table> cache = new LinkedHashMap<>(256, 0.75f, true);
    private final List<Released> released = new ArrayList<>();
    private final BitSet dirtyL1 = new BitSet();
    private long l1Offset;
    private long[] l1;

    Qcow2Tables(
            ImageFile file, Qcow2Header header, Qcow2Metadata metadata, Qcow2Refcounts refcounts)
            throws IOException {
        this.file = file;
        this.clusterBits = header.clusterBits();
        this.indexBits = clusterBits - 3;
        this.metadata = metadata;
        this.refcounts = refcounts;
        this.l1Offset = header.l1Offset();
        ByteBuffer bytes = ByteBuffer.allocate(8 * header.l1Size());
        file.read(l1Offset, bytes);
        l1 = new long[header.l1Size()];
        bytes.flip().asLongBuffer().get(l1);
        metadata.add(l1Offset, bytes.limit());
        for (int i = 0; i < l1.length; i++) {
            long offset = l1[i] & OFFSET;
            if (offset != 0) {
                if ((offset & clusterSize() - 1) != 0 || offset > file.length() - clusterSize()) {
                    throw Qcow2Header.corrupt(
                            file,
                            "entry "
                                    + i
                                    + " of its L1 table refers to a table at "
                                    + offset
                                    + ", where none can be");
                }
                metadata.keepFrom(offset, "entry " + i + " of its L1 table, once written to,");
                metadata.add(offset, clusterSize());
            }
        }
    }

    private long clusterSize() {
        return 1L << clusterBits;
    }

    private int l1Index(long cluster) {
        return (int) (cluster >>> indexBits);
    }

    private int l2Index(long cluster) {
        return (int) (cluster & (1L << indexBits) - 1);
    }

    /** The entry of one of the disk's clusters, 0 when it has none. */
    long entry(long cluster) throws IOException {
        L2Table table = table(l1Index(cluster));
        return table == null ? 0 : table.entries.getLong(8 * l2Index(cluster));
    }

    /** Changes the entry of one of the disk's clusters. */
    void setEntry(long cluster, long entry) throws IOException {
        L2Table table = ownTable(l1Index(cluster));
        table.entries.putLong(8 * l2Index(cluster), entry);
        table.dirty = true;
    }

    /** Gives bytes of the file up, once nothing on the disk refers to them any more. */
    void releaseLater(long offset, long length) {
        released.add(new Released(offset, length));
    }

    private L2Table table(int index) throws IOException {
        L2Table table = cache.get(index);
        long offset = l1[index] & OFFSET;
        if (table == null && offset != 0) {
            table = new L2Table(ByteBuffer.allocate((int) clusterSize()));
            file.read(offset, table.entries);
            keep(index, table);
        }
        return table;
    }

    private void keep(int index, L2Table table) throws IOException {
        if (cache.size() >= CACHED_TABLES) {
            if (cache.firstEntry().getValue().dirty) {
                flush();
            }
            cache.pollFirstEntry();
        }
        cache.put(index, table);
    }

    /** A table that no snapshot shares, made if need be. */
    private L2Table ownTable(int index) throws IOException {
        L2Table old = table(index);
        if (old != null && (l1[index] & COPIED) != 0) {
            return old;
        }
        L2Table own = new L2Table(ByteBuffer.allocate((int) clusterSize()));
        if (old != null) {
            own.entries.put(0, old.entries, 0, (int) clusterSize());
        }
        long offset = refcounts.allocate(1, "an L2 table");
        metadata.add(offset, clusterSize());
        cache.remove(index);
        try {
            keep(index, own);
        } catch (IOException e) {
            refcounts.release(offset, clusterSize());
            throw e;
        }
        own.dirty = true;
        if (old != null) {
            releaseLater(l1[index] & OFFSET, clusterSize());
        }
        l1[index] = offset | COPIED;
        dirtyL1.set(index);
        return own;
    }

    /** Writes what has changed, and returns when it, and all else that was written, is safe. */
    void flush() throws IOException {
        file.force();
        boolean wrote = false;
        for (Map.Entry<Integer, L2Table> cached : cache.sequencedEntrySet()) {
            L2Table table = cached.getValue();
            if (table.dirty) {
                file.write(l1[cached.getKey()] & OFFSET, table.entries.duplicate().clear());
                table.dirty = false;
                wrote = true;
            }
        }
        if (wrote) {
            file.force();
        }
        if (!dirtyL1.isEmpty()) {
            for (int i = dirtyL1.nextSetBit(0); i >= 0; i = dirtyL1.nextSetBit(i + 1)) {
                file.write(l1Offset + 8L * i, ByteBuffer.allocate(8).putLong(l1[i]).flip());
            }
            file.force();
            dirtyL1.clear();
        }
        while (!released.isEmpty()) {
            Released next = released.removeLast();
            refcounts.release(next.offset(), next.length());
        }
    }

    /** Makes room for a disk of so many clusters; the disk's size is the caller's to write. */
    void grow(long clusters) throws IOException {
        int entries = (int) Math.ceilDiv(clusters, 1L << indexBits);
        if (entries <= l1.length) {
            return;
        }
        flush();
        long bytes = 8L * entries;
        long offset = refcounts.allocate((int) Math.ceilDiv(bytes, clusterSize()), "an L1 table");
        long[] grown = Arrays.copyOf(l1, entries);
        ByteBuffer written = ByteBuffer.allocate((int) bytes);
        written.asLongBuffer().put(grown);
        file.write(offset, written);
        file.force();
        file.write(
                Qcow2Header.L1_SIZE_AT,
                ByteBuffer.allocate(12).putInt(entries).putLong(offset).flip());
        file.force();
        long oldOffset = l1Offset;
        long oldBytes = 8L * l1.length;
        l1 = grown;
        l1Offset = offset;
        metadata.add(offset, bytes);
        if (oldBytes > 0) {
            refcounts.release(oldOffset, oldBytes);
        }
    }
}
