package org.vitrine.core.device.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vitrine.core.device.storage.IdeBoard.COUNT;
import static org.vitrine.core.device.storage.IdeBoard.ERROR;
import static org.vitrine.core.device.storage.IdeBoard.HIGH;
import static org.vitrine.core.device.storage.IdeBoard.MID;
import static org.vitrine.core.device.storage.IdeBoard.STATUS;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.ImageFormat;
import org.vitrine.core.storage.ImageRequest;

/** An ATAPI CD-ROM drive at its ports. */
class AtapiCdromTest {

    private static final int SECTORS = 500;

    @TempDir private Path folder;

    private final IdeBoard board = new IdeBoard();
    private final byte[] content = new byte[SECTORS * 2048];
    private Drive drive;

    @BeforeEach
    void plugIn() throws IOException {
        new Random(1).nextBytes(content);
        drive = IdeBoard.drive(Drive.Kind.CDROM, folder.resolve("cd.iso"), content);
        board.plug(board.cdrom(drive), null);
    }

    @AfterEach
    void close() throws IOException {
        drive.close();
    }

    private byte[] sectors(int first, int count) {
        return Arrays.copyOfRange(content, first * 2048, (first + count) * 2048);
    }

    private void insert(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, bytes);
        exchange(new ImageRequest(file, ImageFormat.RAW, true, false));
    }

    private void exchange(ImageRequest medium) throws IOException {
        var old = drive.exchange(medium == null ? null : medium.open());
        if (old != null) {
            old.close();
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void identifiesItselfAsAPacketDevice() {
        board.out(STATUS, 0xEC);
        assertEquals(0x51, board.in(STATUS));
        assertEquals(0x14, board.in(MID));
        assertEquals(0xEB, board.in(HIGH));
        board.out(STATUS, 0xA1);
        byte[] words = board.readBlocks(512, 512);
        assertEquals(0x85C0, words[0] & 0xFF | (words[1] & 0xFF) << 8);
    }

    @Test
    void inquiriesAreAnsweredAsFarAsAllowed() {
        byte[] inquiry = board.answer(0x12, 0, 0, 0, 96);
        assertEquals(36, inquiry.length);
        assertEquals("0580", hex(inquiry).substring(0, 4));
        assertEquals("VITRINE ", new String(inquiry, 8, 8, StandardCharsets.US_ASCII));
        assertEquals(5, board.answer(0x12, 0, 0, 0, 5).length);
    }

    @Test
    void theCapacityIsTheLastBlock() {
        assertEquals("000001f300000800", hex(board.answer(0x25)));
    }

    @Test
    void blocksAreReadByInstructions() {
        assertArrayEquals(sectors(16, 100), board.answer(0x28, 0, 0, 0, 0, 16, 0, 0, 100));
        assertArrayEquals(sectors(499, 1), board.answer(0xA8, 0, 0, 0, 1, 0xF3, 0, 0, 0, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 12, 2048, 2049, 3000, 8192, 0, 0xFFFF})
    void theHostLimitsTheBytesOfABlock(int limit) {
        board.packet(limit, false, 0x28, 0, 0, 0, 0, 3, 0, 0, 4);
        byte[] read = new byte[4 * 2048];
        int most = limit == 0 || limit == 0xFFFF ? 0xFFFE : limit & ~1;
        int at = 0;
        while (at < read.length) {
            board.finishIo();
            assertTrue(board.irq.isHigh());
            assertEquals(0x58, board.in(STATUS));
            assertEquals(2, board.in(COUNT), "data for the host");
            int length = board.in(MID) | board.in(HIGH) << 8;
            assertEquals(Math.min(most, read.length - at), length);
            System.arraycopy(board.readData(length), 0, read, at, length);
            at += length;
        }
        assertTrue(board.irq.isHigh());
        assertEquals(0x50, board.in(STATUS));
        assertEquals(3, board.in(COUNT), "the command is done");
        assertArrayEquals(sectors(3, 4), read);
    }

    @Test
    void blocksAreReadByDma() {
        board.startDma(true, 0x1000, 0x10000, 0, 0x20000, 0, 0x30000, 0, 0x40000, 0);
        board.packet(0, true, 0x28, 0, 0, 0, 0, 100, 0, 0, 128);

        assertTrue(board.irq.isHigh());
        assertEquals(0x50, board.in(STATUS));
        assertEquals(4, board.in(IdeBoard.BUS_MASTER + 2) & 7);
        byte[] read = new byte[128 * 2048];
        board.memory.read(0x10000, read, 0, read.length);
        assertArrayEquals(sectors(100, 128), read);
    }

    @Test
    void blocksThatAreNotThereAreRefused() {
        assertEquals(0x52100, board.senseOf(0x28, 0, 0, 0, 1, 0xF4, 0, 0, 1));
        assertEquals(0x52100, board.senseOf(0x28, 0, 0, 0, 1, 0xF3, 0, 0, 2));
        assertEquals(0x52100, board.senseOf(0x28, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 1));
        assertEquals(0x52100, board.senseOf(0xA8, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF));
        assertEquals(0, board.answer(0x28, 0, 0, 0, 0, 0, 0, 0, 0).length, "no blocks at all");
    }

    @Test
    void rawSectorsHaveTheirHeaders() {
        byte[] raw = board.answer(0xBE, 0, 0, 0, 0, 75, 0, 0, 2, 0xF8);
        assertEquals(2 * 2352, raw.length);
        assertEquals("00ffffffffffffffffffff0000030001", hex(Arrays.copyOf(raw, 16)));
        assertArrayEquals(sectors(75, 1), Arrays.copyOfRange(raw, 16, 16 + 2048));
        assertArrayEquals(sectors(76, 1), Arrays.copyOfRange(raw, 2352 + 16, 2352 + 16 + 2048));
        assertArrayEquals(sectors(75, 1), board.answer(0xBE, 0, 0, 0, 0, 75, 0, 0, 1, 0x10));
    }

    @Test
    void theTableOfContentsHasOneTrack() {
        assertEquals(
                "0012010100140100000000000016aa00000001f4",
                hex(board.answer(0x43, 0, 0, 0, 0, 0, 0, 0, 100)));
        assertEquals(
                "00120101001401000000020000" + "16aa0000000832",
                hex(board.answer(0x43, 2, 0, 0, 0, 0, 0, 0, 100)));
        assertEquals(
                "000a01010016aa00000001f4", hex(board.answer(0x43, 0, 0, 0, 0, 0, 0xAA, 0, 100)));
        assertEquals("000a01010014010000000000", hex(board.answer(0x43, 0, 1, 0, 0, 0, 0, 0, 100)));
        assertEquals(48, board.answer(0x43, 0, 2, 0, 0, 0, 0, 0, 100).length);
        assertEquals(12, board.answer(0x43, 0, 0, 0, 0, 0, 0, 0, 100, 0x40).length);
        assertEquals(0x52400, board.senseOf(0x43, 0, 0, 0, 0, 0, 5, 0, 100));
    }

    @Test
    void aDriveWithoutAMediumIsNotReady() throws IOException {
        exchange(null);
        assertEquals(0x23A01, board.senseOf(0x00));
        assertEquals(0x23A01, board.senseOf(0x28, 0, 0, 0, 0, 0, 0, 0, 1));
        assertEquals(0x23A01, board.senseOf(0x25));
        drive.setTrayOpen(true);
        assertEquals(0x23A02, board.senseOf(0x00));
    }

    @Test
    void aNewMediumIsToldOnce() throws IOException {
        assertEquals(0, board.answer(0x00).length);
        byte[] other = new byte[10 * 2048];
        new Random(5).nextBytes(other);
        insert("other.iso", other);

        assertEquals(36, board.answer(0x12, 0, 0, 0, 96).length, "an inquiry is answered");
        assertEquals(0x62800, board.senseOf(0x00));
        assertEquals(0, board.answer(0x00).length);
        assertEquals("0000000900000800", hex(board.answer(0x25)));
        assertArrayEquals(other, board.answer(0x28, 0, 0, 0, 0, 0, 0, 0, 10));
    }

    @Test
    void eventsSayWhatHasHappened() throws IOException {
        assertEquals("0006041000020000", hex(board.answer(0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8)));
        exchange(null);
        assertEquals("0006041003000000", hex(board.answer(0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8)));
        insert("other.iso", new byte[2048]);
        assertEquals("0006041002020000", hex(board.answer(0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8)));
        assertEquals("0006041000020000", hex(board.answer(0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8)));
        drive.requestEject();
        assertEquals("0006041001020000", hex(board.answer(0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8)));
        assertEquals("00028010", hex(board.answer(0x4A, 1, 0, 0, 0x40, 0, 0, 0, 8)));
        assertEquals(0x52400, board.senseOf(0x4A, 0, 0, 0, 0x10, 0, 0, 0, 8));
    }

    @Test
    void theGuestOpensLocksAndClosesTheTray() {
        board.answer(0x1E, 0, 0, 0, 1);
        assertTrue(drive.locked());
        assertEquals(0x55302, board.senseOf(0x1B, 0, 0, 0, 2));
        assertFalse(drive.trayOpen());
        board.answer(0x1E, 0, 0, 0, 0);
        board.answer(0x1B, 0, 0, 0, 2);
        assertTrue(drive.trayOpen());
        assertEquals(0x10, board.answer(0xBD, 0, 0, 0, 0, 0, 0, 0, 0, 8)[1]);
        board.answer(0x1B, 0, 0, 0, 3);
        assertFalse(drive.trayOpen());
        assertEquals(List.of("opened", "closed"), board.events);
    }

    @Test
    void modesAndFeaturesAreTold() {
        byte[] page = board.answer(0x5A, 0, 0x2A, 0, 0, 0, 0, 0, 100);
        assertEquals(28, page.length);
        assertEquals("001a01", hex(Arrays.copyOf(page, 3)));
        assertEquals("2a12", hex(Arrays.copyOfRange(page, 8, 10)));
        assertEquals(36, board.answer(0x5A, 0, 0x3F, 0, 0, 0, 0, 0, 100).length);
        assertEquals(0x52400, board.senseOf(0x5A, 0, 0x05, 0, 0, 0, 0, 0, 100));
        assertEquals(0x53900, board.senseOf(0x5A, 0, 0xEA, 0, 0, 0, 0, 0, 100));

        byte[] features = board.answer(0x46, 0, 0, 0, 0, 0, 0, 0, 100);
        assertEquals("0000002400000008", hex(Arrays.copyOf(features, 8)));
        assertEquals(40, features.length);
        assertEquals(34, board.answer(0x51, 0, 0, 0, 0, 0, 0, 0, 100).length);
    }

    @Test
    void parametersOfModesAreTakenAndForgotten() {
        board.packet(0xFFFE, false, 0x55, 0x10, 0, 0, 0, 0, 0, 0, 16);
        assertEquals(0x58, board.in(STATUS));
        assertEquals(0, board.in(COUNT), "data from the host");
        board.writeData(new byte[16], 0, 16);
        assertEquals(0x50, board.in(STATUS));
    }

    @Test
    void unknownPacketsAreIllegalRequests() {
        assertEquals(0x52000, board.senseOf(0xEE));
        assertEquals(0, board.answer(0x03, 0, 0, 0, 18)[2], "sense is told once");
        board.packet(0xFFFE, false, 0xEE);
        assertEquals(0x54, board.in(ERROR));
        assertEquals(3, board.in(COUNT));
    }

    @Test
    void whatTheHostCannotReadIsAMediumError() throws IOException {
        try (var host = new java.io.RandomAccessFile(folder.resolve("cd.iso").toFile(), "rw")) {
            host.setLength(2048 * 10);
        }
        assertEquals(0x31100, board.senseOf(0x28, 0, 0, 0, 0, 20, 0, 0, 1));
        assertEquals(1, board.events.size());
        assertArrayEquals(sectors(9, 1), board.answer(0x28, 0, 0, 0, 0, 9, 0, 0, 1));
    }

    @Test
    void aDiscWhoseLastBlockIsNotWholeReadsOnWithZeros() throws IOException {
        byte[] odd = new byte[2048 + 600];
        Arrays.fill(odd, (byte) 7);
        insert("odd.iso", odd);
        board.senseOf(0x00);
        assertEquals("0000000100000800", hex(board.answer(0x25)));
        assertArrayEquals(Arrays.copyOf(odd, 4096), board.answer(0x28, 0, 0, 0, 0, 0, 0, 0, 2));
    }
}
