package org.vitrine.core.device.video;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.device.pci.PciBus;
import org.vitrine.core.display.Picture;

/**
 * The card's configuration space through CF8 and CFC, and what is behind its base address registers
 * (QEMU, docs/specs/standard-vga).
 */
final class PciVgaTest {

    private static final int SLOT = 2;
    private static final int COMMAND = 0x04;
    private static final int BAR0 = 0x10;
    private static final int BAR1 = 0x14;
    private static final int BAR2 = 0x18;
    private static final int ROM = 0x30;

    private static final int DECODE_PORTS = 1;
    private static final int DECODE_MEMORY = 2;
    private static final int ROM_ENABLED = 1;

    private static final long POWER_ON = 0xE000_0000L;
    private static final long MEMORY = 0xFD00_0000L;
    private static final long REGISTERS = 0xFEBF_0000L;
    private static final long ROM_PLACE = 0xFEBE_0000L;
    private static final int MEMORY_SIZE = 16 << 20;
    private static final int ROM_SIZE = 0x1_0000;
    private static final long NOBODY = 0xFFFF_FFFFL;

    private final VgaBoard board = new VgaBoard();
    private final byte[] image = new byte[38 * 1024];
    private final PciBus bus =
            new PciBus(
                    board.ports,
                    board.memory,
                    0x8000_0000L,
                    0xFEC0_0000L,
                    Collections.nCopies(4, InterruptLine.unconnected()));

    PciVgaTest() {
        new Random(1).nextBytes(image);
        bus.attach(SLOT, 0, new PciVga(board.vga, MEMORY_SIZE, image));
    }

    private void select(int register) {
        board.ports.write(0xCF8, 4, 0x8000_0000 | SLOT << 11 | register);
    }

    private int config(int register) {
        select(register);
        return board.ports.read(0xCFC, 4);
    }

    private void config(int register, long value) {
        select(register);
        board.ports.write(0xCFC, 4, (int) value);
    }

    private long read(long address, int size) {
        return board.memory.read(address, size);
    }

    private void write(long address, int size, long value) {
        board.memory.write(address, size, value);
    }

    private byte[] bytes(long address, int length) {
        byte[] bytes = new byte[length];
        board.memory.read(address, bytes, 0, length);
        return bytes;
    }

    /** Puts the registers where the tests look for them. */
    private void placeRegisters() {
        config(BAR2, REGISTERS);
    }

    /** A register of the VBE extension, in memory. */
    private long vbe(int index) {
        return read(REGISTERS + 0x500 + 2 * index, 2);
    }

    private void vbe(int index, int value) {
        write(REGISTERS + 0x500 + 2 * index, 2, value);
    }

    @Test
    void theIdentityIsThatOfTheStandardVga() {
        assertEquals(0x1111_1234, config(0));
        assertEquals(0x03_0000, config(8) >>> 8, "a VGA compatible display controller");
        assertEquals(0, config(0x0C) >>> 16 & 0xFF, "one function, the usual header");
        assertEquals(0x1100_1AF4, config(0x2C));
        assertEquals(0, config(0x3C) >>> 8 & 0xFF, "no interrupt pin");
    }

    @Test
    void theBaseAddressRegistersTellTheirSizes() {
        for (int register : new int[] {BAR0, BAR1, BAR2, 0x1C, 0x20, 0x24, ROM}) {
            config(register, -1);
        }
        assertEquals(-MEMORY_SIZE | 8, config(BAR0), "prefetchable, anywhere in 32 bits");
        assertEquals(0, config(BAR1), "left for the other half of a wider one");
        assertEquals(0xFFFF_F000, config(BAR2));
        assertEquals(0, config(0x1C));
        assertEquals(0, config(0x20));
        assertEquals(0, config(0x24));
        assertEquals(-ROM_SIZE | ROM_ENABLED, config(ROM));
        config(ROM, 0xFFFF_FFFEL);
        assertEquals(-ROM_SIZE, config(ROM), "the bits between are reserved");
    }

    @Test
    void videoMemoryIsThereFromPowerOn() {
        assertEquals((int) POWER_ON | 8, config(BAR0));
        assertEquals(DECODE_PORTS | DECODE_MEMORY, config(COMMAND) & 0xFFFF);
        write(POWER_ON + MEMORY_SIZE - 4, 4, 0x1122_3344);
        assertEquals(0x1122_3344, read(POWER_ON + MEMORY_SIZE - 4, 4));
        assertEquals(NOBODY, read(POWER_ON + MEMORY_SIZE, 4));
        assertEquals(POWER_ON, board.vga.framebuffer());
    }

    @Test
    void videoMemoryMovesWithItsContent() {
        write(POWER_ON, 4, 0x0102_0304);
        write(POWER_ON + MEMORY_SIZE - 4, 4, 0x0506_0708);
        config(BAR0, MEMORY);
        assertEquals(0x0102_0304, read(MEMORY, 4));
        assertEquals(0x0506_0708, read(MEMORY + MEMORY_SIZE - 4, 4));
        assertEquals(NOBODY, read(POWER_ON, 4));
        assertEquals(NOBODY, read(POWER_ON + MEMORY_SIZE - 4, 4));
        write(POWER_ON, 4, 0);
        assertEquals(0x0102_0304, read(MEMORY, 4), "nothing takes writes at the old place");
        assertEquals(MEMORY, board.vga.framebuffer());
    }

    @Test
    void sizingWhileDecodingTakesVideoMemoryAwayUntilItIsOver() {
        write(POWER_ON, 4, 0x0102_0304);
        config(BAR0, -1);
        assertEquals(NOBODY, read(POWER_ON, 4));
        config(BAR0, POWER_ON);
        assertEquals(0x0102_0304, read(POWER_ON, 4));
    }

    @Test
    void theWindowAtA0000IsAPieceOfVideoMemory() {
        config(BAR0, MEMORY);
        placeRegisters();
        vbe(VbeDispi.X_RESOLUTION, 640);
        vbe(VbeDispi.Y_RESOLUTION, 480);
        vbe(VbeDispi.BITS_PER_PIXEL, 8);
        vbe(VbeDispi.ENABLE, VbeDispi.ENABLED);
        vbe(VbeDispi.BANK, 3);
        write(0xA1234, 2, 0xBEEF);
        assertEquals(0xBEEF, read(MEMORY + 0x3_1234, 2));
        write(MEMORY + 0x3_1234, 2, 0xCAFE);
        assertEquals(0xCAFE, read(0xA1234, 2));
    }

    @Test
    void theMemoryBitGatesAllThreeRanges() {
        placeRegisters();
        config(ROM, ROM_PLACE | ROM_ENABLED);
        write(POWER_ON, 4, 0x0102_0304);
        config(COMMAND, DECODE_PORTS);
        assertEquals(NOBODY, read(POWER_ON, 4));
        assertEquals(NOBODY, read(REGISTERS, 4));
        assertEquals(NOBODY, read(ROM_PLACE, 4));
        assertEquals(-1, board.vga.framebuffer());
        config(COMMAND, DECODE_MEMORY);
        assertEquals(0x0102_0304, read(POWER_ON, 4));
        assertEquals(0xFFFF_FF00L, read(REGISTERS, 4));
        assertArrayEquals(Arrays.copyOf(image, 4), bytes(ROM_PLACE, 4));
    }

    /** As in QEMU, where the ports of old are not the PCI function's. */
    @ParameterizedTest
    @ValueSource(ints = {0, DECODE_PORTS, DECODE_MEMORY})
    void thePortsOfOldAnswerWhateverTheCommandRegisterSays(int command) {
        config(COMMAND, command);
        assertEquals(command, config(COMMAND) & 0xFFFF);
        board.out(0x3CE, 8, 0x5A);
        assertEquals(0x5A, board.in(0x3CF));
        board.vbe(VbeDispi.X_RESOLUTION, 800);
        assertEquals(800, board.vbe(VbeDispi.X_RESOLUTION));
    }

    @Test
    void theCommandRegisterHasTheBitsThatMeanSomething() {
        config(COMMAND, 0xFFFF);
        assertEquals(0x0107, config(COMMAND) & 0xFFFF, "ports, memory, bus master, SERR#");
    }

    @Test
    void theRegistersAreNowhereUntilTheyArePlaced() {
        assertEquals(0, config(BAR2));
        assertEquals(NOBODY, read(REGISTERS, 4));
        placeRegisters();
        assertEquals(0xFFFF_FF00L, read(REGISTERS, 4));
        config(BAR2, REGISTERS + 0x1000);
        assertEquals(NOBODY, read(REGISTERS, 4));
        assertEquals(0xFFFF_FF00L, read(REGISTERS + 0x1000, 4));
    }

    @Test
    void theMonitorsDescriptionIsAtTheStart() {
        placeRegisters();
        byte[] edid = bytes(REGISTERS, 128);
        int sum = 0;
        for (byte each : edid) {
            sum += each;
        }
        assertEquals(0x00FF_FFFF_FFFF_FF00L, read(REGISTERS, 8), "its header");
        assertEquals(0, sum & 0xFF);
        assertArrayEquals(Edid.of("Vitrine"), edid);
        assertEquals(edid[9] << 8 & 0xFF00 | edid[8] & 0xFF, read(REGISTERS + 8, 2));
        assertArrayEquals(new byte[0x400 - 128], bytes(REGISTERS + 128, 0x400 - 128));
        write(REGISTERS + 8, 4, 0);
        assertArrayEquals(edid, bytes(REGISTERS, 128), "it can't be written");
    }

    @Test
    void theVgasPortsAreInMemory() {
        placeRegisters();
        write(REGISTERS + 0x402, 1, 0x67);
        assertEquals(0x67, board.in(0x3CC));
        assertEquals(0x67, read(REGISTERS + 0x40C, 1));
        board.out(0x3C6, 0x3C);
        assertEquals(0x3C, read(REGISTERS + 0x406, 1));
        assertEquals(0, read(REGISTERS + 0x420, 4), "there are no more of them");
        write(REGISTERS + 0x420, 4, -1);
        assertEquals(0x67, board.in(0x3CC));
    }

    @Test
    void aWordWritesIndexAndData() {
        placeRegisters();
        write(REGISTERS + 0x402, 1, 0x67);
        write(REGISTERS + 0x414, 2, 0x5A0E);
        assertEquals(0x0E, board.in(0x3D4));
        assertEquals(0x5A, board.in(0x3D5));
        assertEquals(0x5A0E, read(REGISTERS + 0x414, 2));
        write(REGISTERS + 0x404, 2, 0x0602);
        assertEquals(0x02, board.in(0x3C4));
        assertEquals(0x06, board.in(0x3C5));
    }

    @Test
    void theColoursAreWrittenByteByByte() {
        placeRegisters();
        write(REGISTERS + 0x408, 1, 7);
        for (int component : new int[] {10, 20, 30}) {
            write(REGISTERS + 0x409, 1, component);
        }
        board.out(0x3C7, 7);
        assertEquals(10, board.in(0x3C9));
        assertEquals(20, read(REGISTERS + 0x409, 1));
        assertEquals(30, board.in(0x3C9));
    }

    @Test
    void readingTheStatusInMemoryMakesTheNextAttributeWriteAnIndex() {
        placeRegisters();
        write(REGISTERS + 0x402, 1, 0x67);
        read(REGISTERS + 0x41A, 1);
        write(REGISTERS + 0x400, 1, 0x10);
        write(REGISTERS + 0x400, 1, 0x0C);
        write(REGISTERS + 0x400, 1, 0x11);
        read(REGISTERS + 0x41A, 1);
        write(REGISTERS + 0x400, 1, 0x10);
        assertEquals(0x0C, read(REGISTERS + 0x401, 1));
    }

    @Test
    void theExtensionsRegistersAreInUnitsOf16Bits() {
        placeRegisters();
        assertEquals(0xB0C5, vbe(VbeDispi.ID));
        assertEquals(MEMORY_SIZE >>> 16, vbe(VbeDispi.MEMORY_64K));
        assertEquals(0, read(REGISTERS + 0x516, 2), "there are no more of them");
        vbe(VbeDispi.X_RESOLUTION, 1024);
        vbe(VbeDispi.Y_RESOLUTION, 768);
        vbe(VbeDispi.BITS_PER_PIXEL, 16);
        assertEquals(1024, board.vbe(VbeDispi.X_RESOLUTION));
        assertEquals(768, board.vbe(VbeDispi.Y_RESOLUTION));
        vbe(VbeDispi.ENABLE, VbeDispi.ENABLED);
        write(REGISTERS + 0x400, 1, 0x20);
        var picture = assertInstanceOf(Picture.Graphics.class, board.vga.picture());
        assertEquals(1024, picture.width());
        assertEquals(768, picture.height());
        board.vbe(VbeDispi.Y_OFFSET, 5);
        assertEquals(5, vbe(VbeDispi.Y_OFFSET));
    }

    @Test
    void widerAccessesReachNeighbouringRegistersAndBytesTheirHalves() {
        placeRegisters();
        write(REGISTERS + 0x502, 4, 600 << 16 | 800);
        assertEquals(800, vbe(VbeDispi.X_RESOLUTION));
        assertEquals(600, vbe(VbeDispi.Y_RESOLUTION));
        assertEquals(600 << 16 | 800, read(REGISTERS + 0x502, 4));
        assertEquals(800 & 0xFF, read(REGISTERS + 0x502, 1));
        assertEquals(800 >>> 8, read(REGISTERS + 0x503, 1));
        write(REGISTERS + 0x502, 8, 24L << 32 | 480 << 16 | 640);
        assertEquals(24L << 32 | 480 << 16 | 640, read(REGISTERS + 0x502, 8));
        write(REGISTERS + 0x506, 1, 0xFF20);
        assertEquals(32, vbe(VbeDispi.BITS_PER_PIXEL));
    }

    @Test
    void twoRegistersTellTheirSizeAndTheByteOrder() {
        placeRegisters();
        assertEquals(8, read(REGISTERS + 0x600, 4));
        assertEquals(0x1E1E_1E1E, read(REGISTERS + 0x604, 4));
        assertEquals(0x1E1E_1E1E_0000_0008L, read(REGISTERS + 0x600, 8));
        assertEquals(0x1E1E, read(REGISTERS + 0x604, 2));
        assertEquals(0x1E, read(REGISTERS + 0x607, 1));
        write(REGISTERS + 0x604, 4, 0xBEBE_BEBEL);
        assertEquals(0x1E1E_1E1E, read(REGISTERS + 0x604, 4), "it can't be turned");
        assertEquals(0, read(REGISTERS + 0x608, 8));
    }

    @Test
    void theRomHasAnEnableBitOfItsOwn() {
        assertEquals(0, config(ROM), "off at power-on");
        config(ROM, ROM_PLACE);
        assertEquals(NOBODY, read(ROM_PLACE, 4));
        config(ROM, ROM_PLACE | ROM_ENABLED);
        assertArrayEquals(Arrays.copyOf(image, 4), bytes(ROM_PLACE, 4));
        config(ROM, ROM_PLACE);
        assertEquals(NOBODY, read(ROM_PLACE, 4));
    }

    @Test
    void theRomIsTheVideoBiosWithZerosBehind() {
        config(ROM, ROM_PLACE | ROM_ENABLED);
        assertArrayEquals(Arrays.copyOf(image, ROM_SIZE), bytes(ROM_PLACE, ROM_SIZE));
        assertEquals(NOBODY, read(ROM_PLACE + ROM_SIZE, 4));
        for (int size : new int[] {1, 2, 4, 8}) {
            assertEquals(little(0x1001, size), read(ROM_PLACE + 0x1001, size), size + " bytes");
            assertEquals(little(0x0FFF, size), read(ROM_PLACE + 0x0FFF, size), size + " bytes");
            assertEquals(0, read(ROM_PLACE + ROM_SIZE - size, size), size + " last bytes");
        }
    }

    private long little(int at, int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (image[at + i] & 0xFFL) << 8 * i;
        }
        return value;
    }

    @Test
    void theRomTakesNoWrites() {
        config(ROM, ROM_PLACE | ROM_ENABLED);
        write(ROM_PLACE, 4, ~little(0, 4));
        assertEquals(little(0, 4), read(ROM_PLACE, 4));
    }

    @Test
    void resetPutsEverythingWhereItWasAtPowerOn() {
        write(POWER_ON, 4, 0x0102_0304);
        config(BAR0, MEMORY);
        placeRegisters();
        config(ROM, ROM_PLACE | ROM_ENABLED);
        config(COMMAND, 0);
        bus.reset();
        assertEquals(0x0102_0304, read(POWER_ON, 4));
        assertEquals(NOBODY, read(MEMORY, 4));
        assertEquals(NOBODY, read(REGISTERS, 4));
        assertEquals(NOBODY, read(ROM_PLACE, 4));
        assertEquals(0, config(ROM));
        assertEquals(0, config(BAR2));
        assertEquals(DECODE_PORTS | DECODE_MEMORY, config(COMMAND) & 0xFFFF);
    }
}
