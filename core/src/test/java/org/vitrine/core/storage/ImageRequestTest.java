package org.vitrine.core.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What files are taken for, and what is said of those that are no images. */
class ImageRequestTest {

    @TempDir private Path folder;

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static void assertFails(ImageRequest request, String message) {
        assertEquals(
                message,
                assertThrows(IOException.class, () -> request.open().close()).getMessage());
    }

    /** An empty image, as overlays are. */
    private Path qcow2(String name, long size) throws IOException {
        Path path = file(name, new byte[0]);
        try (ImageFile file = ImageFile.open(path, true, new java.util.HashSet<>())) {
            Qcow2Image.create(file, size);
        }
        return path;
    }

    @Test
    void missingFilesAreNamed() {
        Path missing = folder.resolve("missing.img");
        assertFails(
                ImageRequest.of(missing),
                "Could not open '" + missing + "': No such file or directory");
    }

    @Test
    void foldersAreNoImages() {
        assertFails(ImageRequest.of(folder), "Could not open '" + folder + "': Is a directory");
    }

    @Test
    void devicesWithoutBlocksAreNoImages() {
        assertFails(
                ImageRequest.of(Path.of("/dev/null")),
                "Could not open '/dev/null': Neither a regular file nor a block device");
    }

    @ParameterizedTest
    @CsvSource({
        "VMDK,0,4b444d56",
        "VDI,64,7f10dabe",
        "VHDX,0,7668647866696c65",
        "qcow (version 1),0,514649fb00000001",
        "LUKS,0,4c554b53babe"
    })
    void formatsOfOthersAreNamed(String name, int at, String magic) throws IOException {
        byte[] bytes = new byte[4096];
        byte[] mark = java.util.HexFormat.of().parseHex(magic);
        System.arraycopy(mark, 0, bytes, at, mark.length);
        Path file = file("foreign.img", bytes);
        IOException refused =
                assertThrows(IOException.class, () -> ImageRequest.of(file).open().close());
        assertTrue(
                refused.getMessage().startsWith(file + " is a " + name + " image"),
                refused::getMessage);
    }

    @Test
    void aGuestCannotMakeAGuessedRawImageAnother() throws IOException {
        Path file = file("disk.img", new byte[4096]);
        byte[] header = new byte[512];
        ByteBuffer.wrap(header).putInt(Qcow2Header.MAGIC).putInt(3);
        try (DiskImage image = ImageRequest.of(file).open()) {
            IOException refused =
                    assertThrows(IOException.class, () -> image.write(0, ByteBuffer.wrap(header)));
            assertTrue(refused.getMessage().contains("format=raw"), refused::getMessage);
            image.write(512, ByteBuffer.wrap(header));
            image.write(0, ByteBuffer.wrap(new byte[512]));
        }
        try (DiskImage image = new ImageRequest(file, ImageFormat.RAW, false, false).open()) {
            image.write(0, ByteBuffer.wrap(header));
        }
        assertEquals('Q', Files.readAllBytes(file)[0]);
    }

    @Test
    void aLastSectorThatIsNotWholeReadsOnWithZeros() throws IOException {
        byte[] bytes = "half a sector".getBytes(StandardCharsets.US_ASCII);
        Path file = file("odd.img", bytes);
        try (DiskImage image = ImageRequest.of(file).asReadOnly().open()) {
            assertEquals(512, image.size());
            byte[] read = new byte[512];
            image.read(0, ByteBuffer.wrap(read));
            assertArrayEquals(java.util.Arrays.copyOf(bytes, 512), read);
            assertThrows(
                    IndexOutOfBoundsException.class, () -> image.read(512, ByteBuffer.allocate(1)));
        }
    }

    @Test
    void backingFilesThatLeadInACircleAreRefused() throws IOException {
        Path image = qcow2("circle.qcow2", 1 << 20);
        byte[] bytes = Files.readAllBytes(image);
        byte[] name = "circle.qcow2".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer.wrap(bytes).putLong(8, 200).putInt(16, name.length);
        System.arraycopy(name, 0, bytes, 200, name.length);
        Files.write(image, bytes);
        for (boolean readOnly : new boolean[] {true, false}) {
            assertFails(
                    new ImageRequest(image, ImageFormat.QCOW2, readOnly, false),
                    "Could not open '"
                            + image
                            + "': It is its own backing file (the backing file of "
                            + image
                            + ")");
        }
        assertArrayEquals(bytes, Files.readAllBytes(image));
    }

    @Test
    void backingFilesElsewhereAreNamed() throws IOException {
        Path image = qcow2("top.qcow2", 1 << 20);
        byte[] bytes = Files.readAllBytes(image);
        byte[] name = "nbd://host/disk".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer.wrap(bytes).putLong(8, 200).putInt(16, name.length);
        System.arraycopy(name, 0, bytes, 200, name.length);
        Files.write(image, bytes);
        assertFails(
                ImageRequest.of(image),
                image + " has the backing file 'nbd://host/disk', which is no local file");
    }

    @Test
    void whatIsNewInAnOverlayIsGoneAfterwards() throws IOException {
        byte[] bytes = new byte[1 << 20];
        new Random(1).nextBytes(bytes);
        Path file = file("disk.img", bytes);
        ImageRequest request = new ImageRequest(file, ImageFormat.RAW, false, true);
        try (DiskImage image = request.open()) {
            image.write(1000 * 512, ByteBuffer.wrap(new byte[2048]));
            byte[] read = new byte[512];
            image.read(1001 * 512, ByteBuffer.wrap(read));
            assertArrayEquals(new byte[512], read);
            assertEquals(file, image.file());
        }
        assertArrayEquals(bytes, Files.readAllBytes(file));
    }
}
