package org.vitrine.core.device.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vitrine.core.device.storage.IdeBoard.BUS_MASTER;
import static org.vitrine.core.device.storage.IdeBoard.STATUS;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.RecordedLine;
import org.vitrine.core.device.pci.PciBus;
import org.vitrine.core.storage.Drive;

/** The function's configuration space, and which ports it decodes; a disk and a CD-ROM drive. */
class Piix3IdeTest {

    private static final int SLOT = 1;
    private static final int COMMAND = 0x04;
    private static final int BAR4 = 0x20;
    private static final int TIMING = 0x40;

    private static final int DECODE_PORTS = 1;
    private static final int MASTER = 4;
    private static final int DECODE_CHANNEL = 0x8000;

    @TempDir private Path folder;

    private final IdeBoard board = new IdeBoard();
    private final byte[] content = new byte[512 * 10];
    private final PciBus bus =
            new PciBus(
                    board.ports,
                    board.memory,
                    0x8000_0000L,
                    0xFEC0_0000L,
                    Collections.nCopies(4, InterruptLine.unconnected()));

    @BeforeEach
    void attach() throws IOException {
        new Random(1).nextBytes(content);
        Drive disk = IdeBoard.drive(Drive.Kind.HARD_DISK, folder.resolve("disk"), content);
        AtaChannel primary =
                new AtaChannel(
                        "ide0",
                        0x1F0,
                        0x3F6,
                        board.disk(disk),
                        null,
                        board.irq,
                        board.busMaster.engine(0));
        AtaChannel secondary =
                new AtaChannel(
                        "ide1",
                        0x170,
                        0x376,
                        board.cdrom(new Drive("cd", Drive.Kind.CDROM, null)),
                        null,
                        new RecordedLine(),
                        board.busMaster.engine(1));
        bus.attach(SLOT, 0, new Piix3Ide(board.ports, board.busMaster, primary, secondary));
    }

    private int config(int register, int size) {
        board.ports.write(0xCF8, 4, 0x8000_0000 | SLOT << 11 | register & ~3);
        return board.ports.read(0xCFC | register & 3, size);
    }

    private void config(int register, int size, int value) {
        board.ports.write(0xCF8, 4, 0x8000_0000 | SLOT << 11 | register & ~3);
        board.ports.write(0xCFC | register & 3, size, value);
    }

    @Test
    void theIdentityIsThatOfThePiix3() {
        assertEquals(0x7010_8086, config(0, 4));
        assertEquals(0x0101_8000, config(8, 4), "an IDE controller that can be bus master");
        assertEquals(0x0280, config(6, 2), "DEVSEL# timing medium, fast back-to-back");
        assertEquals(0, config(0x3D, 1), "IRQ 14 and 15 are no pins of PCI");
    }

    @Test
    void onlyTheBusMastersPortsCanBeMoved() {
        for (int register = 0x10; register < 0x28; register += 4) {
            config(register, 4, -1);
            assertEquals(register == BAR4 ? 0xFFFF_FFF1 : 0, config(register, 4));
        }
    }

    @Test
    void eachChannelHasADecodeBitOfItsOwn() {
        assertEquals(0xFF, board.in(STATUS));
        assertEquals(0xFF, board.in(0x177));
        config(TIMING, 2, DECODE_CHANNEL);
        assertEquals(0x50, board.in(STATUS));
        assertEquals(0x50, board.in(0x3F6));
        assertEquals(0xFF, board.in(0x177));
        config(TIMING + 2, 2, DECODE_CHANNEL);
        board.out(0x176, 0xA0);
        assertEquals(0x14, board.in(0x174), "the signature of a CD-ROM drive");
        config(TIMING, 2, 0);
        assertEquals(0xFF, board.in(STATUS));
        assertEquals(0x14, board.in(0x174));
    }

    @Test
    void oneDwordEnablesBothChannels() {
        config(TIMING, 4, DECODE_CHANNEL << 16 | DECODE_CHANNEL);
        assertEquals(0x50, board.in(STATUS));
        assertEquals(0x14, board.in(0x174));
    }

    @Test
    void timingsAreKept() {
        config(TIMING, 2, 0xA307);
        config(TIMING + 2, 2, 0xA303);
        assertEquals(0xA303_A307, config(TIMING, 4));
        config(TIMING, 1, 0x77);
        assertEquals(0xA377, config(TIMING, 2));
        assertEquals(0x50, board.in(STATUS));
    }

    @Test
    void theBusMastersPortsAreWhereTheRegisterSays() {
        config(BAR4, 4, BUS_MASTER);
        assertEquals(0xFF, board.in(BUS_MASTER + 2));
        config(COMMAND, 2, DECODE_PORTS);
        board.ports.write(BUS_MASTER + 4, 4, 0x1234_5678);
        board.ports.write(BUS_MASTER + 12, 4, 0x1122_3344);
        config(BAR4, 4, 0xC120);
        assertEquals(0xFF, board.in(BUS_MASTER + 2));
        assertEquals(0x1234_5678, board.ports.read(0xC124, 4));
        assertEquals(0x1122_3344, board.ports.read(0xC12C, 4));
        assertEquals(0xFF, board.in(0xC130));
        config(COMMAND, 2, 0);
        assertEquals(0xFF, board.in(0xC122));
    }

    @Test
    void noMemoryIsTouchedUntilTheFunctionMayBeMaster() {
        config(BAR4, 4, BUS_MASTER);
        config(COMMAND, 2, DECODE_PORTS);
        config(TIMING, 2, DECODE_CHANNEL);
        board.startDma(true, 0x1000, 0x2000, 512);
        board.begin(0, 1, 3, 0xC8);
        board.finishIo();
        byte[] read = new byte[512];
        board.memory.read(0x2000, read, 0, 512);
        assertArrayEquals(new byte[512], read);
        assertFalse(board.irq.isHigh());

        config(COMMAND, 2, DECODE_PORTS | MASTER);
        board.finishIo();
        board.memory.read(0x2000, read, 0, 512);
        assertArrayEquals(Arrays.copyOfRange(content, 512 * 3, 512 * 4), read);
        assertTrue(board.irq.isHigh());
        assertEquals(4, board.in(BUS_MASTER + 2) & 7);
    }

    @Test
    void resetTakesAllPortsAwayAndClearsTheEngines() {
        config(BAR4, 4, BUS_MASTER);
        config(COMMAND, 2, DECODE_PORTS | MASTER);
        config(TIMING, 4, DECODE_CHANNEL << 16 | DECODE_CHANNEL);
        board.ports.write(BUS_MASTER + 4, 4, 0x1000);
        board.out(BUS_MASTER, 9);
        board.out(BUS_MASTER + 2, 0x60);
        bus.reset();
        assertEquals(0xFF, board.in(STATUS));
        assertEquals(0xFF, board.in(0x177));
        assertEquals(0xFF, board.in(BUS_MASTER + 2));
        assertEquals(0, config(TIMING, 4));
        assertEquals(1, config(BAR4, 4));

        config(BAR4, 4, BUS_MASTER);
        config(COMMAND, 2, DECODE_PORTS);
        assertEquals(0, board.in(BUS_MASTER));
        assertEquals(0, board.in(BUS_MASTER + 2));
        assertEquals(0, board.ports.read(BUS_MASTER + 4, 4));
    }
}
