package org.vitrine.core.device.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vitrine.core.device.storage.IdeBoard.BUS_MASTER;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.core.storage.Drive;

/** The DMA engines at their ports, with a disk on the primary channel. */
class BusMasterTest {

    private static final int COMMAND = BUS_MASTER;
    private static final int STATUS = BUS_MASTER + 2;
    private static final int TABLE = BUS_MASTER + 4;
    private static final int SECONDARY = 8;

    private static final int START = 0x01;
    private static final int TO_MEMORY = 0x08;
    private static final int ACTIVE = 0x01;
    private static final int INTERRUPT = 0x04;
    private static final int EVENTS = 0x07;

    private static final int READ_DMA = 0xC8;
    private static final int IDENTIFY = 0xEC;

    @TempDir private Path folder;

    private final IdeBoard board = new IdeBoard();
    private final byte[] content = new byte[512 * 100];

    @BeforeEach
    void plugDisk() throws IOException {
        new Random(1).nextBytes(content);
        board.plug(
                board.disk(IdeBoard.drive(Drive.Kind.HARD_DISK, folder.resolve("disk"), content)),
                null);
    }

    private byte[] sector(int number) {
        return Arrays.copyOfRange(content, 512 * number, 512 * (number + 1));
    }

    private byte[] memory(int address, int length) {
        byte[] bytes = new byte[length];
        board.memory.read(address, bytes, 0, length);
        return bytes;
    }

    private void readSector(int number) {
        board.begin(0, 1, number, READ_DMA);
        board.finishIo();
    }

    private int events() {
        return board.in(STATUS) & EVENTS;
    }

    @Test
    void theTableIsWrittenInAnyWidthAndLiesAtADword() {
        board.ports.write(TABLE, 4, 0x1234_5677);
        assertEquals(0x1234_5674, board.ports.read(TABLE, 4));
        board.out(TABLE, 0xFB);
        board.out(TABLE + 3, 0x00);
        assertEquals(0x0034_56F8, board.ports.read(TABLE, 4));
        board.ports.write(TABLE + 2, 2, 0xABCD);
        assertEquals(0xABCD_56F8, board.ports.read(TABLE, 4));
        assertEquals(0x56, board.in(TABLE + 1));
    }

    @Test
    void theEnginesHaveRegistersOfTheirOwn() {
        board.ports.write(TABLE, 4, 0x1000);
        board.ports.write(TABLE + SECONDARY, 4, 0x2000);
        board.out(COMMAND + SECONDARY, TO_MEMORY);
        board.out(STATUS, 0x20);
        board.out(STATUS + SECONDARY, 0x40);
        assertEquals(0x1000, board.ports.read(TABLE, 4));
        assertEquals(0x2000, board.ports.read(TABLE + SECONDARY, 4));
        assertEquals(0, board.in(COMMAND));
        assertEquals(TO_MEMORY, board.in(COMMAND + SECONDARY));
        assertEquals(0x20, board.in(STATUS));
        assertEquals(0x40, board.in(STATUS + SECONDARY));
    }

    @Test
    void reservedBitsAndRegistersAreZero() {
        board.out(COMMAND, 0xFE);
        assertEquals(TO_MEMORY, board.in(COMMAND));
        board.out(STATUS, 0xFF);
        assertEquals(0x60, board.in(STATUS), "what the drives can do is the driver's to keep");
        board.out(BUS_MASTER + 1, 0xFF);
        board.out(BUS_MASTER + 3, 0xFF);
        assertEquals(0, board.in(BUS_MASTER + 1));
        assertEquals(0, board.in(BUS_MASTER + 3));
    }

    @Test
    void anEngineIsActiveFromItsStartToItsStop() {
        board.out(COMMAND, START | TO_MEMORY);
        assertEquals(START | TO_MEMORY, board.in(COMMAND));
        assertEquals(ACTIVE, events());
        board.out(STATUS, ACTIVE);
        assertEquals(ACTIVE, events(), "that bit can't be cleared by writing it");
        board.out(COMMAND, TO_MEMORY);
        assertEquals(0, events());
    }

    @Test
    void anyInterruptOfTheDriveIsKeptUntilAOneClearsIt() {
        board.run(0, 0, IDENTIFY);
        assertEquals(INTERRUPT, events());
        assertFalse(board.irq.isHigh(), "the drive's status has been read");
        board.out(STATUS, 0x02);
        assertEquals(INTERRUPT, events());
        board.out(STATUS, INTERRUPT);
        assertEquals(0, events());
    }

    @Test
    void theLowestBitsOfPlaceAndLengthDoNotCount() {
        board.memory.write(0x2001, 1, 0x5A);
        board.memory.write(0x2202, 1, 0x5A);
        board.startDma(true, 0x1000, 0x2003, 0x0101, 0x2103, 0x0101);
        readSector(7);
        assertTrue(board.irq.isHigh());
        assertEquals(INTERRUPT, events());
        byte[] all = memory(0x2001, 514);
        assertEquals(0x5A, all[0], "the byte before");
        assertEquals(0x5A, all[513], "the byte behind");
        assertArrayEquals(sector(7), Arrays.copyOfRange(all, 1, 513));
    }

    @Test
    void eachStartBeginsAtTheTablesFirstRegion() {
        board.startDma(true, 0x1000, 0x2000, 256, 0x3000, 256);
        readSector(1);
        assertEquals(INTERRUPT, events());
        board.out(STATUS, INTERRUPT);
        board.out(COMMAND, TO_MEMORY);
        board.out(COMMAND, TO_MEMORY | START);
        readSector(2);
        assertEquals(INTERRUPT, events());
        assertArrayEquals(Arrays.copyOf(sector(2), 256), memory(0x2000, 256));
        assertArrayEquals(Arrays.copyOfRange(sector(2), 256, 512), memory(0x3000, 256));
        assertEquals(0x1000, board.ports.read(TABLE, 4), "the register stays as it was written");
    }

    @Test
    void anEngineThatGoesTheOtherWayMovesNothing() {
        board.startDma(false, 0x1000, 0x2000, 512);
        readSector(3);
        assertEquals(ACTIVE, events());
        assertFalse(board.irq.isHigh());
        assertArrayEquals(new byte[512], memory(0x2000, 512));
    }

    @Test
    void aCommandWaitsForItsEngine() {
        readSector(4);
        assertFalse(board.irq.isHigh());
        assertEquals(0, events());
        board.startDma(true, 0x1000, 0x2000, 512);
        board.finishIo();
        assertTrue(board.irq.isHigh());
        assertArrayEquals(sector(4), memory(0x2000, 512));
    }

    @Test
    void theOtherChannelsEngineDoesNotServeThisOne() {
        board.memory.write(0x1000, 4, 0x2000);
        board.memory.write(0x1004, 4, 0x8000_0200L);
        board.ports.write(TABLE + SECONDARY, 4, 0x1000);
        board.out(COMMAND + SECONDARY, TO_MEMORY | START);
        readSector(5);
        assertFalse(board.irq.isHigh());
        assertEquals(ACTIVE, board.in(STATUS + SECONDARY));
        assertArrayEquals(new byte[512], memory(0x2000, 512));
    }
}
