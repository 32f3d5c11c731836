package org.vitrine.core.device.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vitrine.core.device.storage.IdeBoard.COUNT;
import static org.vitrine.core.device.storage.IdeBoard.DEVICE;
import static org.vitrine.core.device.storage.IdeBoard.ERROR;
import static org.vitrine.core.device.storage.IdeBoard.HIGH;
import static org.vitrine.core.device.storage.IdeBoard.LOW;
import static org.vitrine.core.device.storage.IdeBoard.MID;
import static org.vitrine.core.device.storage.IdeBoard.STATUS;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.core.storage.Drive;

/** An ATA disk at its ports. */
class AtaDiskTest {

    private static final int SECTORS = 16 * 63 * 20;
    private static final int READY = 0x50;
    private static final int FAILED = 0x51;

    @TempDir private Path folder;

    private final IdeBoard board = new IdeBoard();
    private final byte[] content = new byte[SECTORS * 512];
    private Path file;
    private Drive drive;

    @BeforeEach
    void plugIn() throws IOException {
        new Random(1).nextBytes(content);
        file = folder.resolve("disk.img");
        drive = IdeBoard.drive(Drive.Kind.HARD_DISK, file, content);
        board.plug(board.disk(drive), null);
    }

    @AfterEach
    void close() throws IOException {
        drive.close();
    }

    private byte[] sectors(long lba, int count) {
        return Arrays.copyOfRange(content, (int) lba * 512, (int) (lba + count) * 512);
    }

    private byte[] onDisk(long lba, int count) throws IOException {
        return Arrays.copyOfRange(
                Files.readAllBytes(file), (int) lba * 512, (int) (lba + count) * 512);
    }

    private short[] identify() {
        board.begin(0, 0, 0, 0xEC);
        short[] words = new short[256];
        ByteBuffer.wrap(board.readBlocks(512, 512))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer()
                .get(words);
        return words;
    }

    private static String text(short[] words, int first, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = first; i < first + count; i++) {
            text.append((char) (words[i] >>> 8 & 0xFF)).append((char) (words[i] & 0xFF));
        }
        return text.toString().strip();
    }

    @Test
    void identifiesItself() {
        short[] words = identify();

        assertEquals(0x0040, words[0]);
        assertEquals(20, words[1]);
        assertEquals(16, words[3]);
        assertEquals(63, words[6]);
        assertEquals("VITRINE HARDDISK", text(words, 27, 20));
        assertEquals("VT00001", text(words, 10, 10));
        assertEquals(SECTORS, (words[61] & 0xFFFF) << 16 | words[60] & 0xFFFF);
        assertEquals(SECTORS, (words[101] & 0xFFFF) << 16 | words[100] & 0xFFFF);
        assertEquals(SECTORS, (words[58] & 0xFFFF) << 16 | words[57] & 0xFFFF);
        assertEquals(0x0407, words[63]);
        assertEquals(0x0110, words[59]);
        assertEquals(READY, board.in(STATUS));
    }

    @Test
    void sectorsAreReadOneAfterAnother() {
        board.begin(0, 5, 1000, 0x20);
        assertEquals(0x80, board.in(STATUS), "busy while the host reads");

        assertArrayEquals(sectors(1000, 5), board.readBlocks(5 * 512, 512));
        assertEquals(READY, board.in(STATUS));
        assertEquals(5, board.irq.rises());
        assertEquals(1004, board.in(LOW) | board.in(MID) << 8 | board.in(HIGH) << 16);
        assertEquals(0, board.in(COUNT));
    }

    @Test
    void aCountOfZeroMeansAllThatItCan() {
        board.begin(0, 0, 7, 0x20);

        assertArrayEquals(sectors(7, 256), board.readBlocks(256 * 512, 512));
        assertEquals(READY, board.in(STATUS));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 16})
    void multipleSectorsComeInBlocks(int multiple) {
        assertEquals(READY, board.run(multiple, 0, 0xC6));
        board.begin(0, 37, 100, 0xC4);

        assertArrayEquals(sectors(100, 37), board.readBlocks(37 * 512, multiple * 512));
        assertEquals(READY, board.in(STATUS));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 32, 255})
    void otherBlocksAreRefusedAndNoneIsSet(int multiple) {
        assertEquals(FAILED, board.run(multiple, 0, 0xC6));
        assertEquals(0x04, board.in(ERROR));
        assertEquals(FAILED, board.run(1, 0, 0xC4));
        assertEquals(0x04, board.in(ERROR));
    }

    @Test
    void wideReadsOfTheDataPortTakeTwoWords() {
        board.begin(0, 1, 3, 0x20);
        board.finishIo();
        byte[] read = new byte[512];
        ByteBuffer buffer = ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            buffer.putInt(board.ports.read(IdeBoard.DATA, 4));
        }

        assertArrayEquals(sectors(3, 1), read);
    }

    @Test
    void extendedCommandsTakeTwoBytesOfEachRegister() {
        board.beginExtended(600, 5000, 0x24);

        assertArrayEquals(sectors(5000, 600), board.readBlocks(600 * 512, 512));
        board.out(IdeBoard.CONTROL, 0x80);
        assertEquals(0, board.in(LOW));
        board.out(IdeBoard.CONTROL, 0);
        assertEquals(5599 & 0xFF, board.in(LOW));
        assertEquals(5599 >>> 8, board.in(MID));
    }

    @Test
    void cylindersHeadsAndSectorsAreAnAddressToo() {
        board.out(DEVICE, 0xA0 | 5);
        board.out(COUNT, 2);
        board.out(LOW, 63);
        board.out(MID, 7);
        board.out(HIGH, 0);
        board.out(STATUS, 0x20);

        assertArrayEquals(sectors((7 * 16 + 5) * 63 + 62, 2), board.readBlocks(2 * 512, 512));
        assertEquals(1, board.in(LOW));
        assertEquals(0xA6, board.in(DEVICE));
    }

    @Test
    void theHostMayChooseAnotherGeometry() {
        board.out(DEVICE, 0xA0 | 7);
        board.out(COUNT, 21);
        board.out(STATUS, 0x91);
        assertEquals(READY, board.in(STATUS));
        short[] words = identify();
        assertEquals(SECTORS / 8 / 21, words[54]);
        assertEquals(8, words[55]);
        assertEquals(21, words[56]);

        board.out(DEVICE, 0xA0 | 3);
        board.out(COUNT, 1);
        board.out(LOW, 10);
        board.out(MID, 2);
        board.out(HIGH, 0);
        board.out(STATUS, 0x20);
        assertArrayEquals(sectors((2 * 8 + 3) * 21 + 9, 1), board.readBlocks(512, 512));
    }

    @Test
    void placesThatAreNotThereAreNotFound() {
        assertEquals(FAILED, board.run(2, SECTORS - 1, 0x20));
        assertEquals(0x10, board.in(ERROR));
        assertEquals(FAILED, board.run(1, SECTORS, 0x40));
        assertEquals(FAILED, board.run(1, SECTORS, 0x70));
        assertEquals(READY, board.run(1, SECTORS - 1, 0x70));
        board.out(DEVICE, 0xA0);
        board.out(LOW, 0); // sectors count from 1
        board.out(STATUS, 0x20);
        assertEquals(FAILED, board.in(STATUS));
        assertEquals(0x10, board.in(ERROR));
    }

    @Test
    void whatIsWrittenIsOnTheDisk() throws IOException {
        byte[] data = new byte[3 * 512];
        new Random(2).nextBytes(data);
        board.begin(0, 3, 40, 0x30);
        assertFalse(board.irq.isHigh(), "the first block is not announced");
        for (int i = 0; i < 3; i++) {
            assertEquals(0x58, board.in(STATUS));
            board.writeData(data, i * 512, 512);
            board.finishIo();
            assertTrue(board.irq.isHigh());
        }

        assertEquals(READY, board.in(STATUS));
        assertArrayEquals(data, onDisk(40, 3));
        assertArrayEquals(sectors(43, 1), onDisk(43, 1));
    }

    @Test
    void manySectorsAreWrittenInBlocks() throws IOException {
        byte[] data = new byte[600 * 512];
        new Random(3).nextBytes(data);
        assertEquals(READY, board.run(16, 0, 0xC6));
        board.beginExtended(600, 9000, 0x39);
        for (int at = 0; at < data.length; at += 16 * 512) {
            assertEquals(0x58, board.in(STATUS));
            board.writeData(data, at, Math.min(16 * 512, data.length - at));
            board.finishIo();
        }

        assertEquals(READY, board.in(STATUS));
        assertArrayEquals(data, onDisk(9000, 600));
    }

    @Test
    void dmaReadsIntoScatteredMemory() {
        board.begin(0, 16, 200, 0xC8);
        board.finishIo();
        assertFalse(board.irq.isHigh(), "the DMA does not run yet");
        board.startDma(true, 0x1000, 0x2002, 0x0FFE, 0x8000, 0x1002);

        assertTrue(board.irq.isHigh());
        assertEquals(0x04, board.in(IdeBoard.BUS_MASTER + 2) & 0x07);
        assertEquals(READY, board.in(STATUS));
        byte[] read = new byte[16 * 512];
        board.memory.read(0x2002, read, 0, 0x0FFE);
        board.memory.read(0x8000, read, 0x0FFE, 0x1002);
        assertArrayEquals(sectors(200, 16), read);
    }

    @Test
    void dmaMayBeStartedBeforeTheCommand() {
        board.startDma(true, 0x1000, 0x10000, 0, 0x20000, 0, 0x30000, 0);
        board.beginExtended(384, 300, 0x25);
        board.finishIo();

        assertEquals(READY, board.in(STATUS));
        byte[] read = new byte[384 * 512];
        board.memory.read(0x10000, read, 0, read.length);
        assertArrayEquals(sectors(300, 384), read);
    }

    @Test
    void longDmaGoesOnStepByStep() {
        board.startDma(
                true, 0x1000, 0x10000, 0, 0x20000, 0, 0x30000, 0, 0x40000, 0, 0x50000, 0, 0x60000,
                0, 0x70000, 0, 0x80000, 0, 0x90000, 0, 0xA0000, 0);
        board.beginExtended(1280, 11, 0x25);
        board.finishIo();

        assertEquals(READY, board.in(STATUS));
        byte[] read = new byte[1280 * 512];
        board.memory.read(0x10000, read, 0, read.length);
        assertArrayEquals(sectors(11, 1280), read);
    }

    @Test
    void dmaWritesFromMemory() throws IOException {
        byte[] data = new byte[1100 * 512];
        new Random(4).nextBytes(data);
        board.memory.write(0x10000, data, 0, data.length);
        board.beginExtended(1100, 2000, 0x35);
        board.startDma(
                false,
                0x1000,
                0x10000,
                0,
                0x20000,
                0,
                0x30000,
                0,
                0x40000,
                0,
                0x50000,
                0,
                0x60000,
                0,
                0x70000,
                0,
                0x80000,
                0,
                0x90000,
                data.length - 0x80000);
        board.finishIo();

        assertEquals(READY, board.in(STATUS));
        assertEquals(0x04, board.in(IdeBoard.BUS_MASTER + 2) & 0x07);
        assertArrayEquals(data, onDisk(2000, 1100));
    }

    @Test
    void aTableThatIsTooShortLeavesTheCommandHanging() {
        board.startDma(true, 0x1000, 0x2000, 512);
        board.begin(0, 2, 0, 0xC8);
        board.finishIo();

        assertEquals(0, board.in(IdeBoard.BUS_MASTER + 2) & 0x07, "neither active nor done");
        assertEquals(0x58, board.in(STATUS));
        assertFalse(board.irq.isHigh());
        board.out(IdeBoard.CONTROL, 4);
        board.out(IdeBoard.CONTROL, 0);
        assertEquals(READY, board.in(STATUS));
    }

    @Test
    void aTableThatIsTooLongKeepsTheEngineActive() {
        board.startDma(true, 0x1000, 0x2000, 4096);
        board.begin(0, 2, 0, 0xC8);
        board.finishIo();

        assertEquals(0x05, board.in(IdeBoard.BUS_MASTER + 2) & 0x07);
        assertEquals(READY, board.in(STATUS));
    }

    @Test
    void aResetLeavesOldInputAlone() {
        board.begin(0, 1, 10, 0x20);
        board.out(IdeBoard.CONTROL, 4);
        board.out(IdeBoard.CONTROL, 0);
        board.begin(0, 1, 11, 0x20);
        board.finishIo();

        assertEquals(1, board.irq.rises());
        assertEquals(0x58, board.in(STATUS));
        assertArrayEquals(sectors(11, 1), board.readData(512));
    }

    @Test
    void theMaskKeepsTheLineLow() {
        board.out(IdeBoard.CONTROL, 2);
        board.begin(0, 1, 10, 0x20);
        board.finishIo();
        assertFalse(board.irq.isHigh());
        assertEquals(0x58, board.in(IdeBoard.CONTROL));
        board.out(IdeBoard.CONTROL, 0);
        assertTrue(board.irq.isHigh());
    }

    @Test
    void whatTheHostCannotReadIsAnErrorThere() throws IOException {
        try (RandomAccessFile host = new RandomAccessFile(file.toFile(), "rw")) {
            host.setLength(100 * 512);
        }
        assertEquals(FAILED, board.run(4, 200, 0x20));
        assertEquals(0x40, board.in(ERROR));
        assertEquals(200, board.in(LOW));
        assertEquals(1, board.events.size());
        assertTrue(board.events.getFirst().startsWith("read: " + file), board.events::toString);
        assertEquals(0x58, board.run(1, 99, 0x20), "what is there can still be read");
    }

    @Test
    void flushesAndFriendsSucceed() {
        for (int command : List.of(0xE7, 0xEA, 0x10, 0xE0, 0xE1, 0xE2, 0xE3, 0x94, 0x95)) {
            assertEquals(READY, board.run(0, 0, command), Integer.toHexString(command));
        }
        assertEquals(2 + 3, drive.statistics().flushOperations());
    }

    @Test
    void thePowerModeIsTold() {
        board.run(0, 0, 0xE5);
        assertEquals(0xFF, board.in(COUNT));
        board.run(0, 0, 0xE0);
        board.run(0, 0, 0xE5);
        assertEquals(0x00, board.in(COUNT));
        board.run(1, 0, 0x40);
        board.run(0, 0, 0xE5);
        assertEquals(0xFF, board.in(COUNT));
    }

    @Test
    void transferModesAreChosen() {
        board.out(ERROR, 3);
        assertEquals(READY, board.run(0x42, 0, 0xEF));
        short[] words = identify();
        assertEquals(0x0007, words[63]);
        assertEquals(0x043F, words[88]);
        board.out(ERROR, 3);
        assertEquals(FAILED, board.run(0x47, 0, 0xEF));
        assertEquals(0x04, board.in(ERROR));
    }

    @Test
    void withoutItsCacheWritesAreSafeAtOnce() {
        board.out(ERROR, 0x82);
        assertEquals(READY, board.run(0, 0, 0xEF));
        long before = drive.statistics().flushOperations();
        board.begin(0, 1, 5, 0x30);
        board.writeData(new byte[512], 0, 512);
        board.finishIo();
        assertEquals(READY, board.in(STATUS));
        assertEquals(before + 1, drive.statistics().flushOperations());
        assertEquals(0, identify()[85] & 0x20);
    }

    @Test
    void theLastAddressIsTold() {
        assertEquals(READY, board.run(0, 0, 0xF8));
        assertEquals(SECTORS - 1, board.in(LOW) | board.in(MID) << 8 | board.in(HIGH) << 16);
    }

    @Test
    void smartSaysThatAllIsWell() {
        board.out(ERROR, 0xDA);
        assertEquals(READY, board.run(0, 0xC24F00, 0xB0));
        assertEquals(0x4F, board.in(MID));
        assertEquals(0xC2, board.in(HIGH));
        board.out(ERROR, 0xDA);
        assertEquals(FAILED, board.run(0, 0, 0xB0), "without the signature");
        board.out(ERROR, 0xD0);
        board.begin(0, 1, 0xC24F00, 0xB0);
        byte[] data = board.readBlocks(512, 512);
        int sum = 0;
        for (byte value : data) {
            sum += value;
        }
        assertEquals(0, sum & 0xFF);
        assertEquals(READY, board.in(STATUS));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0xA0, 0xA1, 0x08, 0xF1, 0xFF, 0x87, 0xC0})
    void commandsThatItDoesNotHaveAreAborted(int command) {
        assertEquals(FAILED, board.run(0, 0, command));
        assertEquals(0x04, board.in(ERROR));
        assertTrue(board.irq.rises() > 0);
    }
}
