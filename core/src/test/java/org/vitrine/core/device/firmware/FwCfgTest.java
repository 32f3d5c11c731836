package org.vitrine.core.device.firmware;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.RamBlock;

/** Items by their ports and by DMA. */
final class FwCfgTest {

    private static final int DESCRIPTOR = 0x100;
    private static final int TARGET = 0x2000;
    private static final int ITEM = 0x15;
    private static final byte[] BYTES = {1, 2, 3, 4, 5};

    private final PortSpace ports = new PortSpace();
    private final PhysicalMemory memory = new PhysicalMemory();
    private final FwCfg fwCfg = new FwCfg(memory);

    @BeforeEach
    void putTogether() {
        RamBlock ram = RamBlock.allocate("ram", 0x4000);
        memory.mapRam(0, ram, 0, 0x4000, PhysicalMemory.Access.READ_WRITE);
        fwCfg.claimPorts(ports);
        fwCfg.put(ITEM, BYTES);
    }

    private byte[] read(int key, int count) {
        ports.write(0x510, 2, key);
        return next(count);
    }

    private byte[] next(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) ports.read(0x511, 1);
        }
        return bytes;
    }

    /** Runs a transfer; what the device leaves in the control field. */
    private int transfer(int control, int length) {
        int[] words = {control, length, 0, TARGET};
        for (int i = 0; i < words.length; i++) {
            memory.write(DESCRIPTOR + 4 * i, 4, Integer.reverseBytes(words[i]));
        }
        ports.write(0x514, 4, 0);
        ports.write(0x518, 4, Integer.reverseBytes(DESCRIPTOR));
        return Integer.reverseBytes((int) memory.read(DESCRIPTOR, 4));
    }

    private byte[] target(int length) {
        byte[] bytes = new byte[length];
        memory.read(TARGET, bytes, 0, length);
        return bytes;
    }

    @Test
    void theSignatureAndTheFeaturesAreThere() {
        assertArrayEquals("QEMU".getBytes(StandardCharsets.US_ASCII), read(0, 4));
        assertArrayEquals(new byte[] {3, 0, 0, 0}, read(1, 4));
        assertEquals(
                "QEMU CFG",
                new String(
                        new byte[] {
                            (byte) ports.read(0x514, 1), (byte) ports.read(0x515, 1),
                            (byte) ports.read(0x516, 1), (byte) ports.read(0x517, 1),
                            (byte) ports.read(0x518, 1), (byte) ports.read(0x519, 1),
                            (byte) ports.read(0x51A, 1), (byte) ports.read(0x51B, 1)
                        },
                        StandardCharsets.US_ASCII));
        assertEquals(0x554D_4551, ports.read(0x514, 4));
    }

    @Test
    void bytesFollowOneAnotherUntilZerosFollow() {
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 0, 0}, read(ITEM, 7));
        assertArrayEquals(new byte[] {1, 2}, read(ITEM, 2));
        assertArrayEquals(new byte[3], read(0x7777, 3), "there is no such item");
    }

    @Test
    void filesAreListedByName() {
        fwCfg.putFile("etc/two", new byte[] {2, 2});
        fwCfg.putFile("etc/one", new byte[] {1});
        byte[] directory = read(0x19, 4 + 2 * 64);
        assertEquals(2, directory[3]);
        assertArrayEquals(
                new byte[] {0, 0, 0, 1, 0, 0x20, 0, 0}, Arrays.copyOfRange(directory, 4, 12));
        assertEquals("etc/one\0", new String(directory, 12, 8, StandardCharsets.US_ASCII));
        assertArrayEquals(new byte[] {2, 2}, read(directory[64 + 4 + 5], 2));
        fwCfg.putFile("etc/one", new byte[] {7, 7, 7});
        assertArrayEquals(new byte[] {7, 7, 7}, read(0x20, 3), "a file may be put again");
    }

    @Test
    void aFilesNameHasRoomForItsEnd() {
        assertThrows(
                IllegalArgumentException.class, () -> fwCfg.putFile("x".repeat(56), new byte[0]));
    }

    @Test
    void dmaReadsASelectedItem() {
        assertEquals(0, transfer(ITEM << 16 | 0x0A, 3));
        assertArrayEquals(new byte[] {1, 2, 3}, target(3));
        assertEquals(0, transfer(0x02, 4));
        assertArrayEquals(new byte[] {4, 5, 0, 0}, target(4), "it goes on, and zeros follow");
    }

    @Test
    void dmaSkips() {
        assertEquals(0, transfer(ITEM << 16 | 0x0C, 3));
        assertArrayEquals(new byte[] {4, 5}, next(2));
        assertEquals(0, transfer(ITEM << 16 | 0x0C, -1));
        assertArrayEquals(new byte[] {0}, next(1));
    }

    @Test
    void dmaSelectsWithoutTransferringAnything() {
        assertEquals(0, transfer(ITEM << 16 | 0x08, 0));
        assertArrayEquals(new byte[] {1}, next(1));
    }

    @Test
    void itemsCantBeWritten() {
        assertEquals(1, transfer(ITEM << 16 | 0x18, 2));
        assertArrayEquals(BYTES, read(ITEM, 5));
    }

    @Test
    void resetSelectsTheSignature() {
        read(ITEM, 2);
        fwCfg.reset();
        assertArrayEquals("QE".getBytes(StandardCharsets.US_ASCII), next(2));
    }
}
