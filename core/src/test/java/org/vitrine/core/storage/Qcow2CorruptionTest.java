package org.vitrine.core.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images that are not what they should be: said in a line, and not made worse. */
class Qcow2CorruptionTest {

    private static final int CLUSTER = 1 << 16;

    @TempDir private Path folder;

    private Path file;
    private byte[] sound;

    /** Header, refcount table, refcount block, L1 table, and then an L2 table and data. */
    @BeforeEach
    void make() throws IOException {
        file = Files.write(folder.resolve("disk.qcow2"), new byte[0]);
        try (ImageFile empty = ImageFile.open(file, true, new HashSet<>())) {
            Qcow2Image.create(empty, 16 << 20);
        }
        try (DiskImage image = ImageRequest.of(file).open()) {
            for (int i = 0; i < 8; i++) {
                image.write(i * 3L * CLUSTER, ByteBuffer.wrap(new byte[CLUSTER]));
            }
        }
        sound = Files.readAllBytes(file);
    }

    private void assertRefused(byte[] bytes, String why) throws IOException {
        Files.write(file, bytes);
        IOException refused =
                assertThrows(IOException.class, () -> ImageRequest.of(file).open().close());
        assertTrue(refused.getMessage().contains(file.toString()), refused::getMessage);
        assertTrue(refused.getMessage().contains(why), refused::getMessage);
        assertTrue(refused.getMessage().lines().count() == 1, refused::getMessage);
        assertArrayEquals(bytes, Files.readAllBytes(file), "the file is as it was");
        Files.delete(file); // nothing is locked
    }

    @ParameterizedTest
    @CsvSource({
        "4, 4, 4, 'needs version 4 of the format'",
        "20, 4, 8, 'not 2^8'",
        "20, 4, 22, 'not 2^22'",
        "20, 4, -1, 'not 2^-1'",
        "24, 8, -1, 'a disk can''t have 18446744073709551615 bytes'",
        "24, 8, 0x10000000000, 'its L1 table has 1 entries'",
        "32, 4, 1, 'needs AES encryption'",
        "32, 4, 2, 'needs LUKS encryption'",
        "32, 4, 7, 'needs encryption method 7'",
        "36, 4, 0, 'its L1 table has 0 entries'",
        "36, 4, -1, 'its L1 table has 4294967295 entries'",
        "40, 8, 0, 'its L1 table at 0 lies outside'",
        "40, 8, 0x30001, 'its L1 table at 196609 begins in a cluster'",
        "40, 8, 0x7FFFFFFFFFFF0000, 'lies outside the file'",
        "48, 8, 0, 'its refcount table at 0'",
        "48, 8, -65536, 'lies outside the file'",
        "56, 4, 0, 'its refcount table has 0 clusters'",
        "56, 4, -1, 'its refcount table has 4294967295 clusters'",
        "56, 4, 100, 'lies outside the file'",
        "60, 4, -1, 'it has 4294967295 snapshots'",
        "60, 4, 1, 'its snapshot table at 0'",
        "72, 8, 1, 'was not closed properly'",
        "72, 8, 2, 'is marked as corrupt'",
        "72, 8, 4, 'external data file'",
        "72, 8, 8, 'compression type'",
        "72, 8, 16, 'extended L2 entries'",
        "72, 8, 0x100000000000, 'incompatible bit 44'",
        "96, 4, 7, 'not 2^7'",
        "100, 4, 103, 'its header has 103 bytes'",
        "100, 4, -1, 'its header has 4294967295 bytes'",
        "108, 4, -1, 'ends within'"
    })
    void eachFieldOfTheHeaderIsChecked(int at, int size, String value, String why)
            throws IOException {
        byte[] bytes = sound.clone();
        long number = Long.decode(value);
        if (size == 4) {
            ByteBuffer.wrap(bytes).putInt(at, (int) number);
        } else {
            ByteBuffer.wrap(bytes).putLong(at, number);
        }
        if (at == 108) {
            // An extension of unknown type that is longer than the header.
            ByteBuffer.wrap(bytes).putInt(104, 0x12345678);
            assertRefused(bytes, "header extension 12345678 is longer");
        } else {
            assertRefused(bytes, why);
        }
    }

    @Test
    void featuresAreNamedAsTheImageNamesThem() throws IOException {
        byte[] bytes = sound.clone();
        ByteBuffer header = ByteBuffer.wrap(bytes);
        header.putLong(72, 1L << 40);
        header.putInt(104, 0x6803F857).putInt(108, 48).put(112, (byte) 0).put(113, (byte) 40);
        System.arraycopy("time travel".getBytes(), 0, bytes, 114, 11);
        assertRefused(bytes, "the feature 'time travel'");
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "71", "72", "103", "104", "65536", "131072", "196608", "196615"})
    void truncatedImagesAreRefused(int length) throws IOException {
        byte[] bytes = Arrays.copyOf(sound, length);
        Files.write(file, bytes);
        ImageRequest request = new ImageRequest(file, ImageFormat.QCOW2, false, false);
        IOException refused = assertThrows(IOException.class, () -> request.open().close());
        assertTrue(refused.getMessage().contains(file.toString()), refused::getMessage);
        assertArrayEquals(bytes, Files.readAllBytes(file));
    }

    @ParameterizedTest
    @CsvSource({
        "0x8000000000010000, 'entry 0 of its L1 table'", // the refcount table
        "0x8000000000040200, 'where none can be'",
        "0x80000000FFFF0000, 'where none can be'"
    })
    void tablesAreWhereTablesCanBe(String entry, String why) throws IOException {
        byte[] bytes = sound.clone();
        ByteBuffer.wrap(bytes).putLong(3 * CLUSTER, Long.parseUnsignedLong(entry.substring(2), 16));
        assertRefused(bytes, why);
    }

    @Test
    void dataThatLieInATableAreNotWritten() throws IOException {
        byte[] bytes = sound.clone();
        // The disk's first cluster is said to lie where the refcount table is.
        int l2 = (int) (ByteBuffer.wrap(bytes).getLong(3 * CLUSTER) & Qcow2Tables.OFFSET);
        ByteBuffer.wrap(bytes).putLong(l2, Qcow2Tables.COPIED | CLUSTER);
        Files.write(file, bytes);
        try (DiskImage image = ImageRequest.of(file).open()) {
            IOException refused =
                    assertThrows(IOException.class, () -> image.write(0, ByteBuffer.allocate(512)));
            assertTrue(refused.getMessage().contains("would overwrite a table"));
            assertThrows(
                    IOException.class,
                    () -> image.write(3L * CLUSTER, ByteBuffer.allocate(512)),
                    "nothing is written any more");
            image.read(3L * CLUSTER, ByteBuffer.allocate(512));
        }
        assertArrayEquals(bytes, Files.readAllBytes(file));
    }

    @Test
    void clustersThatAreCountedAsFreeButAreTablesAreNotTaken() throws IOException {
        byte[] bytes = sound.clone();
        ByteBuffer.wrap(bytes).putShort(2 * CLUSTER + 2 * 3, (short) 0); // the L1 table's
        Files.write(file, bytes);
        try (DiskImage image = ImageRequest.of(file).open()) {
            assertThrows(
                    IOException.class, () -> image.write(CLUSTER, ByteBuffer.allocate(CLUSTER)));
        }
        assertArrayEquals(bytes, Files.readAllBytes(file));
    }

    @Test
    void whateverTheTablesSayTheHeaderStays() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            byte[] bytes = sound.clone();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                int table = random.nextInt(5);
                int at = table * CLUSTER + random.nextInt(table == 0 ? 112 : 256);
                bytes[at] =
                        (byte) (random.nextBoolean() ? random.nextInt() : 1 << random.nextInt(8));
            }
            Files.write(file, bytes);
            ImageRequest request = new ImageRequest(file, ImageFormat.QCOW2, false, false);
            try (DiskImage image = request.open()) {
                for (int i = 0; i < 30; i++) {
                    ByteBuffer buffer = ByteBuffer.allocate(1024);
                    long at = random.nextLong(image.size() / 1024) * 1024 & 0xFFFFFF;
                    if (random.nextBoolean()) {
                        image.read(Math.min(at, image.size() - 1024), buffer);
                    } else {
                        image.write(Math.min(at, image.size() - 1024), buffer);
                    }
                }
            } catch (IOException e) {
                assertTrue(
                        e.getMessage().contains(file.toString()),
                        () -> e.getMessage() + ", seed " + seed);
            }
            byte[] after = new byte[72];
            try (var in = Files.newInputStream(file)) {
                in.readNBytes(after, 0, 72);
            }
            assertArrayEquals(Arrays.copyOf(bytes, 72), after, "seed " + seed);
        }
    }
}
