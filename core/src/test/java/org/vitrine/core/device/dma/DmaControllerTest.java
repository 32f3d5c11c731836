package org.vitrine.core.device.dma;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.bus.DmaChannel;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.memory.MemorySource;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.PhysicalMemory.Access;
import org.vitrine.core.memory.RamBlock;

class DmaControllerTest {

    private static final int TO_MEMORY = 0x44;
    private static final int FROM_MEMORY = 0x48;
    private static final int VERIFY = 0x40;
    private static final int AUTO = 0x10;
    private static final int DOWN = 0x20;

    private final PhysicalMemory memory = new PhysicalMemory();
    private final PortSpace ports = new PortSpace();
    private final DmaController dma = new DmaController(memory);
    private final DmaChannel floppy = dma.channel(2);
    private final DmaChannel sound = dma.channel(5);

    DmaControllerTest() {
        RamBlock ram = RamBlock.allocate("ram", 0x40000, MemorySource.anonymous());
        memory.mapRam(0, ram, 0, ram.size(), Access.READ_WRITE);
        dma.claimPorts(ports);
        // As firmware does: the first controller's channels go through channel 4.
        out(0xD6, 0xC0);
        out(0xD4, 0x00);
    }

    private void out(int port, int value) {
        ports.write(port, 1, value);
    }

    private int in(int port) {
        return ports.read(port, 1);
    }

    private void out16(int port, int value) {
        out(port, value & 0xFF);
        out(port, value >>> 8);
    }

    private int in16(int port) {
        int low = in(port);
        return low | in(port) << 8;
    }

    private void program(int mode, int page, int address, int count) {
        out(0x0A, 0x06);
        out(0x0C, 0);
        out(0x0B, mode | 2);
        out(0x81, page);
        out16(0x04, address);
        out16(0x05, count);
        out(0x0A, 0x02);
    }

    private String text(long address, int length) {
        byte[] bytes = new byte[length];
        memory.read(address, bytes, 0, length);
        return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    @Test
    void bytesGoToMemoryUntilTheCountRunsOut() {
        program(TO_MEMORY, 1, 0x2340, 4);
        assertEquals(3, floppy.toMemory("..abc..".getBytes(), 2, 3));
        assertFalse(floppy.terminalCount());
        assertEquals("abc\0", text(0x12340, 4));
        assertEquals(0x2343, in16(0x04));
        assertEquals(1, in16(0x05));
        assertEquals(2, floppy.toMemory("defg".getBytes(), 0, 4));
        assertTrue(floppy.terminalCount());
        assertEquals("abcde\0", text(0x12340, 6));
        assertEquals(0x04, in(0x08), "status tells of it once");
        assertEquals(0x00, in(0x08));
        assertEquals(0, floppy.toMemory("x".getBytes(), 0, 1), "the channel has masked itself");
        assertEquals(0xFF, in(0x0F));
    }

    @Test
    void bytesComeFromMemory() {
        memory.write(0x500, 4, 0x64636261);
        program(FROM_MEMORY, 0, 0x500, 3);
        byte[] bytes = new byte[8];
        assertEquals(4, floppy.fromMemory(bytes, 1, 7));
        assertArrayEquals("\0abcd\0\0\0".getBytes(), bytes);
    }

    @Test
    void verifyingMovesNothing() {
        program(VERIFY, 0, 0x500, 3);
        assertEquals(4, floppy.toMemory("abcd".getBytes(), 0, 4));
        assertTrue(floppy.terminalCount());
        assertEquals("\0\0\0\0", text(0x500, 4));
    }

    @Test
    void anAutomaticChannelBeginsAnew() {
        program(TO_MEMORY | AUTO, 0, 0x500, 1);
        assertEquals(2, floppy.toMemory("abcd".getBytes(), 0, 4));
        assertTrue(floppy.terminalCount());
        assertEquals(2, floppy.toMemory("cd".getBytes(), 0, 2));
        assertEquals("cd", text(0x500, 2));
        assertEquals(0x500, in16(0x04));
    }

    @Test
    void addressesMayGoDownAndNeverLeaveTheirPage() {
        program(TO_MEMORY | DOWN, 1, 0x0001, 3);
        assertEquals(4, floppy.toMemory("abcd".getBytes(), 0, 4));
        assertEquals("ba", text(0x10000, 2));
        assertEquals("dc", text(0x1FFFE, 2));
    }

    @Test
    void theSecondControllerMovesWords() {
        out(0xD8, 0);
        out(0xD6, TO_MEMORY | 1);
        out(0x8B, 0x03);
        out16(0xC4, 0x0280);
        out16(0xC6, 1);
        out(0xD4, 0x01);
        assertEquals(4, sound.toMemory("abcdef".getBytes(), 0, 6));
        assertTrue(sound.terminalCount());
        assertEquals("abcd", text(0x20500, 4), "bit 0 of the page is of no use");
    }

    @ParameterizedTest
    @CsvSource({
        "0x08, 0x04, 0x00, 'the controller is disabled'",
        "0x0A, 0x06, 0x02, 'the channel is masked'",
        "0x0F, 0x0F, 0x00, 'all are masked'",
    })
    void aDeviceThatWaitsIsToldWhenItsTurnComes(int port, int hold, int release, String why) {
        int[] told = {0};
        floppy.attach(() -> told[0]++);
        program(TO_MEMORY, 0, 0x500, 3);
        out(port, hold);
        floppy.setRequest(true);
        assertEquals(0, floppy.toMemory("a".getBytes(), 0, 1), why);
        assertEquals(0, told[0]);
        assertEquals(0x40, in(0x08) & 0xF0);
        out(port, release);
        assertEquals(1, told[0]);
        floppy.setRequest(false);
        assertEquals(1, floppy.toMemory("a".getBytes(), 0, 1));
    }

    @Test
    void withoutChannel4TheFirstControllerHasNoBus() {
        int[] told = {0};
        floppy.attach(() -> told[0]++);
        program(TO_MEMORY, 0, 0x500, 3);
        out(0xD4, 0x04);
        floppy.setRequest(true);
        assertEquals(0, floppy.toMemory("a".getBytes(), 0, 1));
        out(0xD4, 0x00);
        assertEquals(1, told[0]);
    }

    @Test
    void masterClearMasksEverything() {
        program(TO_MEMORY, 0, 0x500, 3);
        out(0x0D, 0);
        assertEquals(0xFF, in(0x0F));
        out(0x0E, 0);
        assertEquals(0xF0, in(0x0F));
    }

    @Test
    void pageRegistersAreWhereAnAtHasThem() {
        int[] all = {0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x8F};
        for (int port : all) {
            out(port, port);
        }
        for (int port : all) {
            assertEquals(port, in(port));
        }
    }

    @Test
    void channel4IsNobodys() {
        assertEquals(
                "an AT has DMA channels 0 to 3 and 5 to 7, not 4",
                assertThrows(IllegalArgumentException.class, () -> dma.channel(4)).getMessage());
    }
}
