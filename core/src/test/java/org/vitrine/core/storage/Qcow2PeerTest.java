package org.vitrine.core.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Images that QEMU's tools make are written to here, and QEMU's tools look at what became of them.
 */
class Qcow2PeerTest {

    private static final int SIZE = 5 << 20;

    @TempDir private Path folder;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    private Path image() {
        return folder.resolve("disk.qcow2");
    }

    private static DiskImage open(Path file) throws IOException {
        return ImageRequest.of(file).open();
    }

    /** Writes and reads at random, and compares with what must be there. */
    private void exercise(DiskImage image, byte[] model, int operations, int longest)
            throws IOException {
        for (int i = 0; i < operations; i++) {
            int length = DiskImage.SECTOR * (1 + random.nextInt(longest / DiskImage.SECTOR));
            int offset =
                    DiskImage.SECTOR
                            * random.nextInt((model.length - length) / DiskImage.SECTOR + 1);
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    byte[] data = new byte[length];
                    random.nextBytes(data);
                    image.write(offset, ByteBuffer.wrap(data));
                    System.arraycopy(data, 0, model, offset, length);
                }
                case 2 -> {
                    byte[] read = new byte[length];
                    image.read(offset, ByteBuffer.wrap(read));
                    assertArrayEquals(
                            Arrays.copyOfRange(model, offset, offset + length),
                            read,
                            () -> "at " + offset + ", seed " + seed);
                }
                default -> {
                    if (random.nextInt(10) == 0) {
                        image.flush();
                    }
                }
            }
        }
    }

    private byte[] asQemuReads(Path file) throws IOException, InterruptedException {
        Path raw = folder.resolve("as-read.raw");
        QemuTools.run("qemu-img", "convert", "-O", "raw", file, raw);
        return Files.readAllBytes(raw);
    }

    private void assertSound(Path file) throws IOException, InterruptedException {
        QemuTools.Answer check = QemuTools.check(file);
        assertEquals(0, check.status(), () -> check.text() + "seed " + seed);
    }

    private void writeAndCompare(byte[] model, int operations, int longest)
            throws IOException, InterruptedException {
        try (DiskImage image = open(image())) {
            assertEquals(model.length, image.size());
            exercise(image, model, operations, longest);
        }
        assertSound(image());
        assertArrayEquals(model, asQemuReads(image()), () -> "seed " + seed);
        byte[] read = new byte[model.length];
        try (DiskImage image = open(image())) {
            image.read(0, ByteBuffer.wrap(read));
        }
        assertArrayEquals(model, read, () -> "seed " + seed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compat=0.10",
                "compat=1.1",
                "compat=1.1,lazy_refcounts=on",
                "cluster_size=512",
                "cluster_size=4096",
                "cluster_size=2M",
                "preallocation=metadata",
                "cluster_size=512,refcount_bits=64",
                "cluster_size=1024,refcount_bits=32",
                "refcount_bits=8",
                "refcount_bits=4",
                "refcount_bits=2",
                "cluster_size=512,refcount_bits=1"
            })
    void whatIsWrittenIsThereForQemu(String options) throws IOException, InterruptedException {
        QemuTools.run("qemu-img", "create", "-q", "-f", "qcow2", "-o", options, image(), SIZE);

        writeAndCompare(new byte[SIZE], 300, 200 << 10);
    }

    @Test
    void smallClustersMakeTheRefcountTableGrow() throws IOException, InterruptedException {
        int size = 40 << 20;
        QemuTools.run(
                "qemu-img",
                "create",
                "-q",
                "-f",
                "qcow2",
                "-o",
                "cluster_size=512,refcount_bits=64",
                image(),
                size);

        writeAndCompare(new byte[size], 400, 1 << 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"raw", "qcow2"})
    void whatIsNotWrittenComesFromTheBackingFile(String format)
            throws IOException, InterruptedException {
        byte[] below = new byte[3 << 20];
        random.nextBytes(below);
        Path raw = folder.resolve("base.raw");
        Path base = folder.resolve("base." + format);
        Files.write(raw, below);
        if (format.equals("qcow2")) {
            QemuTools.run("qemu-img", "convert", "-O", "qcow2", raw, base);
        }
        QemuTools.run(
                "qemu-img",
                "create",
                "-q",
                "-f",
                "qcow2",
                "-b",
                "base." + format,
                "-F",
                format,
                image(),
                SIZE);

        byte[] before = Files.readAllBytes(base);
        writeAndCompare(Arrays.copyOf(below, SIZE), 200, 100 << 10);
        assertArrayEquals(before, Files.readAllBytes(base));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster_size=65536", "cluster_size=4096", "cluster_size=2M"})
    void compressedClustersAreReadAndReplaced(String options)
            throws IOException, InterruptedException {
        byte[] model = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            // Half of it can't be made smaller.
            model[i] = (byte) ((i >> 16 & 1) == 0 ? i >> 8 : random.nextInt());
        }
        Path raw = folder.resolve("plain.raw");
        Files.write(raw, model);
        QemuTools.run("qemu-img", "convert", "-c", "-O", "qcow2", "-o", options, raw, image());

        writeAndCompare(model, 200, 100 << 10);
    }

    @Test
    void zeroClustersReadAsZerosAndAreReplaced() throws IOException, InterruptedException {
        byte[] model = new byte[SIZE];
        Arrays.fill(model, (byte) 0xA5);
        QemuTools.run("qemu-img", "create", "-q", "-f", "qcow2", image(), SIZE);
        QemuTools.run(
                "qemu-io",
                "-c",
                "write -P 0xa5 0 " + SIZE,
                "-c",
                "write -z 128k 1M", // with a cluster below
                "-c",
                "write -z -u 2M 512k", // without
                image());
        Arrays.fill(model, 128 << 10, (128 << 10) + (1 << 20), (byte) 0);
        Arrays.fill(model, 2 << 20, (2 << 20) + (512 << 10), (byte) 0);

        writeAndCompare(model, 200, 100 << 10);
    }

    @Test
    void snapshotsStayAsTheyAre() throws IOException, InterruptedException {
        QemuTools.run("qemu-img", "create", "-q", "-f", "qcow2", image(), SIZE);
        byte[] model = new byte[SIZE];
        List<byte[]> kept = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            writeAndCompare(model, 100, 100 << 10);
            QemuTools.run("qemu-img", "snapshot", "-c", "s" + i, image());
            kept.add(model.clone());
        }
        writeAndCompare(model, 200, 100 << 10);
        for (int i = 0; i < 3; i++) {
            Path raw = folder.resolve("snapshot.raw");
            QemuTools.run(
                    "qemu-img", "convert", "-O", "raw", "-l", "snapshot.name=s" + i, image(), raw);
            assertArrayEquals(kept.get(i), Files.readAllBytes(raw), "snapshot " + i + ", " + seed);
        }
        QemuTools.run("qemu-img", "snapshot", "-d", "s1", image());
        writeAndCompare(model, 200, 100 << 10);
        assertSound(image());
    }

    @Test
    void sizesThatAreNoWholeClustersWork() throws IOException, InterruptedException {
        int size = (1 << 20) + 512 * 3;
        QemuTools.run("qemu-img", "create", "-q", "-f", "qcow2", image(), size);

        writeAndCompare(new byte[size], 100, 32 << 10);
    }

    @Test
    void imagesGrow() throws IOException, InterruptedException {
        QemuTools.run(
                "qemu-img",
                "create",
                "-q",
                "-f",
                "qcow2",
                "-o",
                "cluster_size=4k",
                image(),
                1 << 20);
        byte[] model = new byte[40 << 20];
        try (DiskImage image = open(image())) {
            byte[] data = new byte[1 << 20];
            random.nextBytes(data);
            image.write(0, ByteBuffer.wrap(data));
            System.arraycopy(data, 0, model, 0, data.length);
            image.resize(model.length);
            exercise(image, model, 50, 64 << 10);
        }
        assertSound(image());
        assertArrayEquals(model, asQemuReads(image()));
    }

    @Test
    void overlaysKeepTheImageAsItIs() throws IOException, InterruptedException {
        byte[] model = new byte[SIZE];
        random.nextBytes(model);
        Path raw = folder.resolve("base.raw");
        Files.write(raw, model);
        byte[] before = model.clone();
        try (DiskImage image = new ImageRequest(raw, ImageFormat.RAW, false, true).open()) {
            exercise(image, model, 300, 100 << 10);
            image.flush();
            byte[] read = new byte[SIZE];
            image.read(0, ByteBuffer.wrap(read));
            assertArrayEquals(model, read, () -> "seed " + seed);
        }
        assertArrayEquals(before, Files.readAllBytes(raw));
    }
}
