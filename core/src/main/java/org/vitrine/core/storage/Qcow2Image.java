package org.vitrine.core.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A qcow2 image: clusters of the disk lie anywhere in the file, or in a backing image until they
 * are written to. Snapshots inside the image stay what they are.
 */
final class Qcow2Image implements DiskImage {

    private final ImageFile file;
    private final DiskImage backing;
    private final int clusterBits;
    private final int clusterSize;
    private final Qcow2Metadata metadata;
    private final Qcow2Refcounts refcounts;
    private final Qcow2Tables tables;
    private final ByteBuffer cluster;
    private long size;
    private boolean unflushed;

    /** Why writing has been given up; null as long as it hasn't. */
    private IOException damage;

    /** The disk's compressed cluster that was read last. */
    private ByteBuffer inflated;

    private long inflatedEntry;

    /**
     * Opens the image in a file.
     *
     * @param backing what the header says, opened; null when it says none; closed with this
     */
    Qcow2Image(ImageFile file, Qcow2Header header, DiskImage backing) throws IOException {
        this.file = file;
        this.backing = backing;
        this.clusterBits = header.clusterBits();
        this.clusterSize = header.clusterSize();
        this.size = Math.ceilDiv(header.size(), SECTOR) * SECTOR;
        this.cluster = ByteBuffer.allocate(clusterSize);
        this.metadata = new Qcow2Metadata(file, clusterBits);
        metadata.add(0, clusterSize);
        header.snapshotTables().forEach(table -> metadata.add(table.offset(), table.length()));
        if (file.writable()) {
            refuseUnsound(header);
            refcounts = new Qcow2Refcounts(file, header, metadata);
        } else {
            refcounts = null;
        }
        tables = new Qcow2Tables(file, header, metadata, refcounts);
        if (file.writable() && header.autoclearFeatures() != 0) {
            // What these bits stand for is not kept up here; that is how others learn of it.
            file.write(Qcow2Header.AUTOCLEAR_AT, ByteBuffer.allocate(8));
        }
    }

    private void refuseUnsound(Qcow2Header header) throws IOException {
        String why = null;
        if ((header.incompatibleFeatures() & Qcow2Header.CORRUPT) != 0) {
            why = "is marked as corrupt";
        } else if ((header.incompatibleFeatures() & Qcow2Header.DIRTY) != 0) {
            why = "was not closed properly by its last user, who kept reference counts lazily";
        }
        if (why != null) {
            throw new IOException(
                    file.path()
                            + " "
                            + why
                            + ", so that it can only be read; 'qemu-img check -r all' repairs it");
        }
    }

    @Override
    public Path file() {
        return file.path();
    }

    @Override
    public ImageFormat format() {
        return ImageFormat.QCOW2;
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
        return backing;
    }

    private int inCluster(long offset) {
        return (int) (offset & clusterSize - 1);
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        check(offset, into.remaining());
        int end = into.limit();
        long at = offset;
        while (into.position() < end) {
            int length = Math.min(end - into.position(), clusterSize - inCluster(at));
            into.limit(into.position() + length);
            readInCluster(tables.entry(at >>> clusterBits), at, into);
            at += length;
            into.limit(end);
        }
    }

    private void readInCluster(long entry, long offset, ByteBuffer into) throws IOException {
        if ((entry & Qcow2Tables.COMPRESSED) != 0) {
            into.put(inflate(entry, offset).slice(inCluster(offset), into.remaining()));
        } else if ((entry & Qcow2Tables.ZERO) != 0) {
            fill(into);
        } else if ((entry & Qcow2Tables.OFFSET) != 0) {
            readData(dataAt(entry, offset) + inCluster(offset), into);
        } else {
            readBacking(offset, into);
        }
    }

    /** The last cluster of a file may not be all there: it reads on with zeros. */
    private void readData(long position, ByteBuffer into) throws IOException {
        if (position >= file.length()) {
            throw Qcow2Header.corrupt(file, "a cluster lies at " + position + ", beyond its end");
        }
        file.readSome(position, into);
        fill(into);
    }

    private void readBacking(long offset, ByteBuffer into) throws IOException {
        if (backing != null && offset < backing.size()) {
            int end = into.limit();
            into.limit(into.position() + (int) Math.min(into.remaining(), backing.size() - offset));
            backing.read(offset, into);
            into.limit(end);
        }
        fill(into);
    }

    private static void fill(ByteBuffer into) {
        while (into.remaining() >= 8) {
            into.putLong(0);
        }
        while (into.hasRemaining()) {
            into.put((byte) 0);
        }
    }

    private long dataAt(long entry, long offset) throws IOException {
        long position = entry & Qcow2Tables.OFFSET;
        if (inCluster(position) != 0) {
            throw Qcow2Header.corrupt(
                    file,
                    "the entry for byte "
                            + offset
                            + " of the disk refers to "
                            + position
                            + ", within a cluster");
        }
        return position;
    }

    private static int compressedOffsetBits(int clusterBits) {
        return 62 - (clusterBits - 8);
    }

    private long compressedAt(long entry) {
        return entry & (1L << compressedOffsetBits(clusterBits)) - 1;
    }

    /** In the file's sectors, of which the first one may hold other things too. */
    private int compressedLength(long entry) {
        long mask = (1L << clusterBits - 8) - 1;
        int sectors = (int) (entry >>> compressedOffsetBits(clusterBits) & mask) + 1;
        return sectors * SECTOR - (int) (compressedAt(entry) & SECTOR - 1);
    }

    private ByteBuffer inflate(long entry, long offset) throws IOException {
        if (inflated != null && inflatedEntry == entry) {
            return inflated;
        }
        if (inflated == null) {
            inflated = ByteBuffer.allocate(clusterSize);
        }
        inflatedEntry = 0;
        ByteBuffer deflated = ByteBuffer.allocate(compressedLength(entry));
        file.readSome(compressedAt(entry), deflated);
        try (Inflater inflater = new Inflater(true)) {
            inflater.setInput(deflated.flip());
            inflated.clear();
            while (inflated.hasRemaining()) {
                if (inflater.inflate(inflated) == 0) {
                    throw new DataFormatException("it is too short");
                }
            }
        } catch (DataFormatException e) {
            throw Qcow2Header.corrupt(
                    file,
                    "the compressed cluster for byte "
                            + offset
                            + " of the disk can't be unpacked: "
                            + e.getMessage());
        }
        inflatedEntry = entry;
        return inflated;
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        check(offset, from.remaining());
        checkWritable();
        int end = from.limit();
        long at = offset;
        unflushed = true;
        while (from.position() < end) {
            int length = Math.min(end - from.position(), clusterSize - inCluster(at));
            from.limit(from.position() + length);
            writeInCluster(at, from);
            at += length;
            from.limit(end);
        }
    }

    private void checkWritable() throws IOException {
        if (readOnly()) {
            throw new IOException(file.path() + " is read only");
        }
        if (damage != null) {
            throw new IOException(damage.getMessage(), damage);
        }
    }

    private void writeInCluster(long offset, ByteBuffer from) throws IOException {
        long entry = tables.entry(offset >>> clusterBits);
        long position = entry & Qcow2Tables.OFFSET;
        boolean own = (entry & Qcow2Tables.COPIED) != 0 && (entry & Qcow2Tables.COMPRESSED) == 0;
        if (own && position != 0 && (entry & Qcow2Tables.ZERO) == 0) {
            position = dataAt(entry, offset);
            keepTables(position, offset);
            file.write(position + inCluster(offset), from);
            return;
        }
        ByteBuffer whole = wholeCluster(entry, offset, from);
        if (own && position != 0) {
            position = dataAt(entry, offset);
            keepTables(position, offset);
            file.write(position, whole);
            tables.setEntry(offset >>> clusterBits, position | Qcow2Tables.COPIED);
            return;
        }
        position = allocate();
        try {
            file.write(position, whole);
            tables.setEntry(offset >>> clusterBits, position | Qcow2Tables.COPIED);
        } catch (IOException e) {
            // The host's disk may be full: nothing refers to the new cluster, and the old one
            // stays.
            refcounts.release(position, clusterSize);
            throw e;
        }
        release(entry, offset);
    }

    /** The disk's cluster as it is to become. */
    private ByteBuffer wholeCluster(long entry, long offset, ByteBuffer from) throws IOException {
        if (from.remaining() == clusterSize) {
            return from;
        }
        long start = offset - inCluster(offset);
        cluster.clear();
        // The disk's last cluster may reach beyond its end.
        cluster.limit((int) Math.min(clusterSize, size - start));
        readInCluster(entry, start, cluster);
        cluster.limit(clusterSize);
        fill(cluster);
        cluster.position(inCluster(offset));
        cluster.put(from);
        return cluster.rewind();
    }

    private void keepTables(long position, long offset) throws IOException {
        try {
            metadata.keepFrom(position, "byte " + offset + " of the disk");
        } catch (IOException e) {
            damage = e;
            throw e;
        }
    }

    private long allocate() throws IOException {
        try {
            return refcounts.allocate(1, "new data");
        } catch (IOException e) {
            if (e.getMessage().contains("is no valid qcow2")) {
                damage = e;
            }
            throw e;
        }
    }

    private void release(long entry, long offset) throws IOException {
        if ((entry & Qcow2Tables.COMPRESSED) != 0) {
            tables.releaseLater(compressedAt(entry), compressedLength(entry));
        } else if ((entry & Qcow2Tables.OFFSET) != 0) {
            tables.releaseLater(dataAt(entry, offset), clusterSize);
        }
    }

    @Override
    public void flush() throws IOException {
        if (unflushed) {
            tables.flush();
            unflushed = false;
        }
    }

    @Override
    public void resize(long newSize) throws IOException {
        checkWritable();
        if (newSize < size) {
            throw new IOException(
                    file.path() + " can only grow: it has " + size + " bytes, not " + newSize);
        }
        // What the backing image has beyond the old end must not come up.
        if (backing != null && backing.size() > size) {
            throw new IOException(
                    file.path() + " can't grow: its backing image is larger than it is");
        }
        long rounded = Math.ceilDiv(newSize, SECTOR) * SECTOR;
        tables.grow(Math.ceilDiv(rounded, clusterSize));
        file.write(Qcow2Header.SIZE_AT, ByteBuffer.allocate(8).putLong(rounded).flip());
        file.force();
        size = rounded;
    }

    @Override
    public void close() throws IOException {
        try (backing;
                file) {
            flush();
        }
    }

    /** Writes an empty image with clusters of 64 KiB into an empty file. */
    static Qcow2Header create(ImageFile file, long size) throws IOException {
        int bits = 16;
        long clusterBytes = 1L << bits;
        int entries = (int) Math.ceilDiv(size, clusterBytes * clusterBytes / 8);
        int tableClusters = (int) Math.max(1, Math.ceilDiv(8L * entries, clusterBytes));
        int metadataClusters = 3 + tableClusters;
        ByteBuffer bytes = ByteBuffer.allocate(3 << bits);
        bytes.putInt(Qcow2Header.MAGIC).putInt(3);
        bytes.position(20).putInt(bits).putLong(size).putInt(0);
        bytes.putInt(entries).putLong(3 * clusterBytes);
        bytes.putLong(clusterBytes).putInt(1);
        bytes.position(96).putInt(4).putInt(104);
        bytes.putLong(1 << bits, 2 * clusterBytes);
        for (int i = 0; i < metadataClusters; i++) {
            bytes.putShort((2 << bits) + 2 * i, (short) 1);
        }
        file.write(0, bytes.rewind());
        file.setLength(metadataClusters * clusterBytes);
        return Qcow2Header.read(file);
    }
}
