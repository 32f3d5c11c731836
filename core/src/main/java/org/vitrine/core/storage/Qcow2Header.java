package org.vitrine.core.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a qcow2 image, as QEMU's {@code docs/interop/qcow2.txt} lays it out, all of it
 * checked: what it says lies inside the file, is aligned, and has a size that can be.
 *
 * @param backingFile as written there; null when there is none
 * @param backingFormat null when the header doesn't say
 * @param snapshotTables the snapshot table and the snapshots' L1 tables: where they lie
 */
record Qcow2Header(
        int version,
        String backingFile,
        String backingFormat,
        int clusterBits,
        long size,
        int l1Size,
        long l1Offset,
        long refcountTableOffset,
        int refcountTableClusters,
        List<Extent> snapshotTables,
        long incompatibleFeatures,
        long autoclearFeatures,
        int refcountOrder) {

    /** Bytes of a file. */
    record Extent(long offset, long length) {}

    static final int MAGIC = 0x514649FB;

    static final long DIRTY = 1L;
    static final long CORRUPT = 1L << 1;

    static final int L1_SIZE_AT = 36;
    static final int L1_OFFSET_AT = 40;
    static final int SIZE_AT = 24;
    static final int REFCOUNT_TABLE_AT = 48;
    static final int AUTOCLEAR_AT = 88;

    /** The features that version 3 may require of a reader, in the order of their bits. */
    private static final List<String> INCOMPATIBLE =
            List.of(
                    "dirty bit",
                    "corrupt bit",
                    "external data file",
                    "compression type",
                    "extended L2 entries");

    private static final int VERSION_2_LENGTH = 72;
    private static final int VERSION_3_LENGTH = 104;
    private static final int MAX_TABLE_BYTES = 32 << 20;
    private static final int MAX_REFCOUNT_TABLE_BYTES = 8 << 20;
    private static final int MAX_BACKING_NAME = 1023;
    private static final int MAX_SNAPSHOTS = 65536;
    private static final int MAX_SNAPSHOT_TABLE = 64 << 20;
    private static final int SNAPSHOT_LENGTH = 40;
    private static final int FEATURE_NAME_LENGTH = 48;

    private static final int END_OF_EXTENSIONS = 0;
    private static final int BACKING_FORMAT = 0xE2792ACA;
    private static final int FEATURE_NAMES = 0x6803F857;

    int clusterSize() {
        return 1 << clusterBits;
    }

    /** What is wrong, for a person; the file's name comes before it. */
    static IOException corrupt(ImageFile file, String what) {
        return new IOException(file.path() + " is no valid qcow2 image: " + what);
    }

    private static IOException unsupported(ImageFile file, String what) {
        return new IOException(
                file.path()
                        + " needs "
                        + what
                        + ", which Vitrine doesn't have; 'qemu-img convert -O qcow2' makes an"
                        + " image without");
    }

    /**
     * Reads the header.
     *
     * @throws IOException when it is not right, or needs what isn't there; one line for a person
     */
    static Qcow2Header read(ImageFile file) throws IOException {
        long length = file.length();
        if (length < VERSION_2_LENGTH) {
            throw corrupt(file, "it ends within the header");
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, 1 << 16));
        file.read(0, bytes);
        bytes.flip();
        if (bytes.getInt(0) != MAGIC) {
            throw corrupt(file, "it doesn't begin with 'QFI\\xfb'");
        }
        int version = bytes.getInt(4);
        if (version != 2 && version != 3) {
            throw unsupported(file, "version " + version + " of the format");
        }
        int clusterBits = bytes.getInt(20);
        if (clusterBits < 9 || clusterBits > 21) {
            throw corrupt(file, "clusters have 2^9 to 2^21 bytes, not 2^" + clusterBits);
        }
        if (length > bytes.limit() && bytes.limit() < 1 << clusterBits) {
            bytes = ByteBuffer.allocate((int) Math.min(length, 1L << clusterBits));
            file.read(0, bytes);
            bytes.flip();
        }
        bytes.limit((int) Math.min(bytes.limit(), 1L << clusterBits));
        int encryption = bytes.getInt(32);
        if (encryption != 0) {
            throw unsupported(
                    file,
                    switch (encryption) {
                        case 1 -> "AES encryption";
                        case 2 -> "LUKS encryption";
                        default -> "encryption method " + Integer.toUnsignedString(encryption);
                    });
        }
        long incompatible = 0;
        long autoclear = 0;
        int refcountOrder = 4;
        int headerLength = VERSION_2_LENGTH;
        if (version == 3) {
            if (bytes.limit() < VERSION_3_LENGTH) {
                throw corrupt(file, "it ends within the header");
            }
            incompatible = bytes.getLong(72);
            autoclear = bytes.getLong(AUTOCLEAR_AT);
            refcountOrder = bytes.getInt(96);
            headerLength = bytes.getInt(100);
            if (headerLength < VERSION_3_LENGTH || headerLength > bytes.limit()) {
                throw corrupt(
                        file,
                        "its header has " + Integer.toUnsignedString(headerLength) + " bytes");
            }
            if (refcountOrder < 0 || refcountOrder > 6) {
                throw corrupt(
                        file,
                        "reference counts have 2^0 to 2^6 bits, not 2^"
                                + Integer.toUnsignedString(refcountOrder));
            }
        }
        Map<Integer, byte[]> extensions = extensions(file, bytes, headerLength);
        refuseUnknown(file, incompatible & ~(DIRTY | CORRUPT), extensions.get(FEATURE_NAMES));

        byte[] format = extensions.get(BACKING_FORMAT);
        Qcow2Header header =
                new Qcow2Header(
                        version,
                        backingFile(file, bytes),
                        format == null ? null : new String(format, StandardCharsets.UTF_8),
                        clusterBits,
                        bytes.getLong(SIZE_AT),
                        bytes.getInt(L1_SIZE_AT),
                        bytes.getLong(L1_OFFSET_AT),
                        bytes.getLong(REFCOUNT_TABLE_AT),
                        bytes.getInt(56),
                        snapshotTables(file, clusterBits, bytes.getInt(60), bytes.getLong(64)),
                        incompatible,
                        autoclear,
                        refcountOrder);
        header.checkTables(file);
        return header;
    }

    private static Map<Integer, byte[]> extensions(ImageFile file, ByteBuffer bytes, int from)
            throws IOException {
        Map<Integer, byte[]> extensions = new HashMap<>();
        // The backing file's name comes behind the extensions.
        long nameAt = bytes.getLong(8);
        int limit = nameAt > 0 && nameAt < bytes.limit() ? (int) nameAt : bytes.limit();
        int at = from;
        while (at + 8 <= limit) {
            int type = bytes.getInt(at);
            int length = bytes.getInt(at + 4);
            if (type == END_OF_EXTENSIONS) {
                break;
            }
            if (length < 0 || length > limit - at - 8) {
                throw corrupt(
                        file,
                        String.format("header extension %08x is longer than the header", type));
            }
            byte[] data = new byte[length];
            bytes.get(at + 8, data);
            extensions.put(type, data);
            at += 8 + (length + 7) / 8 * 8;
        }
        return extensions;
    }

    private static void refuseUnknown(ImageFile file, long features, byte[] names)
            throws IOException {
        List<String> unknown = new ArrayList<>();
        for (int bit = 0; bit < 64; bit++) {
            if ((features >>> bit & 1) != 0) {
                unknown.add(featureName(bit, names));
            }
        }
        if (!unknown.isEmpty()) {
            throw unsupported(file, "the feature '" + String.join("' and '", unknown) + "'");
        }
    }

    private static String featureName(int bit, byte[] names) {
        for (int at = 0; names != null && at + FEATURE_NAME_LENGTH <= names.length; ) {
            if (names[at] == 0 && names[at + 1] == bit) {
                return new String(names, at + 2, 46, StandardCharsets.UTF_8)
                        .replaceAll("\\p{Cntrl}", "");
            }
            at += FEATURE_NAME_LENGTH;
        }
        return bit < INCOMPATIBLE.size() ? INCOMPATIBLE.get(bit) : "incompatible bit " + bit;
    }

    private static String backingFile(ImageFile file, ByteBuffer bytes) throws IOException {
        long offset = bytes.getLong(8);
        int length = bytes.getInt(16);
        if (offset == 0) {
            return null;
        }
        if (length < 0 || length > MAX_BACKING_NAME) {
            throw corrupt(
                    file,
                    "its backing file's name has " + Integer.toUnsignedString(length) + " bytes");
        }
        if (offset < 0 || offset > bytes.limit() - length) {
            throw corrupt(file, "its backing file's name lies outside the first cluster");
        }
        byte[] name = new byte[length];
        bytes.get((int) offset, name);
        return length == 0 ? null : new String(name, StandardCharsets.UTF_8);
    }

    private void checkTables(ImageFile file) throws IOException {
        long perTable = clusterSize() / 8;
        if (size < 0 || size > (long) (MAX_TABLE_BYTES / 8) * perTable * clusterSize()) {
            throw corrupt(file, "a disk can't have " + Long.toUnsignedString(size) + " bytes");
        }
        long needed = Math.ceilDiv(size, perTable * clusterSize());
        if (l1Size < needed || l1Size > MAX_TABLE_BYTES / 8) {
            throw corrupt(
                    file,
                    "its L1 table has "
                            + Integer.toUnsignedString(l1Size)
                            + " entries, and "
                            + size
                            + " bytes need "
                            + needed);
        }
        if (l1Size > 0) {
            checkExtent(file, clusterBits, "its L1 table", l1Offset, 8L * l1Size);
        }
        if (refcountTableClusters <= 0
                || (long) refcountTableClusters << clusterBits > MAX_REFCOUNT_TABLE_BYTES) {
            throw corrupt(
                    file,
                    "its refcount table has "
                            + Integer.toUnsignedString(refcountTableClusters)
                            + " clusters");
        }
        checkExtent(
                file,
                clusterBits,
                "its refcount table",
                refcountTableOffset,
                (long) refcountTableClusters << clusterBits);
    }

    private static void checkExtent(
            ImageFile file, int clusterBits, String what, long offset, long length)
            throws IOException {
        if ((offset & (1L << clusterBits) - 1) != 0) {
            throw corrupt(
                    file, what + " at " + Long.toUnsignedString(offset) + " begins in a cluster");
        }
        if (offset <= 0 || offset > file.length() - length) {
            throw corrupt(
                    file, what + " at " + Long.toUnsignedString(offset) + " lies outside the file");
        }
    }

    private static List<Extent> snapshotTables(
            ImageFile file, int clusterBits, int count, long offset) throws IOException {
        List<Extent> tables = new ArrayList<>();
        if (count == 0) {
            return tables;
        }
        if (count < 0 || count > MAX_SNAPSHOTS) {
            throw corrupt(file, "it has " + Integer.toUnsignedString(count) + " snapshots");
        }
        checkExtent(file, clusterBits, "its snapshot table", offset, SNAPSHOT_LENGTH);
        ByteBuffer entry = ByteBuffer.allocate(SNAPSHOT_LENGTH);
        long at = offset;
        for (int i = 0; i < count; i++) {
            file.read(at, entry.clear());
            int l1Entries = entry.getInt(8);
            int extra = entry.getInt(36);
            if (l1Entries < 0 || l1Entries > MAX_TABLE_BYTES / 8 || extra < 0 || extra > 1024) {
                throw corrupt(file, "entry " + i + " of its snapshot table can't be read");
            }
            if (l1Entries > 0) {
                checkExtent(
                        file,
                        clusterBits,
                        "the L1 table of snapshot " + i,
                        entry.getLong(0),
                        8L * l1Entries);
                tables.add(new Extent(entry.getLong(0), 8L * l1Entries));
            }
            int length =
                    SNAPSHOT_LENGTH
                            + extra
                            + Short.toUnsignedInt(entry.getShort(12))
                            + Short.toUnsignedInt(entry.getShort(14));
            at += (length + 7) / 8 * 8L;
            if (at - offset > MAX_SNAPSHOT_TABLE) {
                throw corrupt(file, "its snapshot table is longer than " + MAX_SNAPSHOT_TABLE);
            }
        }
        tables.add(new Extent(offset, at - offset));
        return tables;
    }
}
