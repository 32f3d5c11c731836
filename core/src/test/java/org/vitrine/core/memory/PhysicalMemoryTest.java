package org.vitrine.core.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.vitrine.core.memory.PhysicalMemory.Access;

/** Copies of whole ranges, and pages whose reads and writes go to different memory. */
final class PhysicalMemoryTest {

    private static final int PAGE = PhysicalMemory.PAGE_SIZE;

    private final PhysicalMemory memory = new PhysicalMemory();
    private final RamBlock ram = RamBlock.allocate("ram", 4 * PAGE);
    private final RamBlock rom = RamBlock.allocate("rom", PAGE);
    private final Registers registers = new Registers();
    private final Code code = new Code();

    /** Pages of RAM, ROM and a device, and behind them nothing. */
    PhysicalMemoryTest() {
        memory.mapRam(0, ram, 0, 4 * PAGE, Access.READ_WRITE);
        memory.mapRam(4 * PAGE, rom, 0, PAGE, Access.READ_ONLY);
        memory.mapDevice(5 * PAGE, PAGE, "registers", registers);
        memory.watch(code);
    }

    /** A page of bytes that count their accesses. */
    private static final class Registers implements MmioDevice {
        private final byte[] bytes = new byte[PAGE];
        private final List<Integer> sizes = new ArrayList<>();

        @Override
        public long readMemory(long address, int size) {
            sizes.add(size);
            return bytes[(int) address & PAGE - 1] & 0xFF;
        }

        @Override
        public void writeMemory(long address, int size, long value) {
            sizes.add(size);
            bytes[(int) address & PAGE - 1] = (byte) value;
        }
    }

    /** What the CPU is told. */
    private static final class Code implements PageWatcher {
        private final List<String> written = new ArrayList<>();

        @Override
        public void mappingChanged() {}

        @Override
        public void writesWatched(long page) {}

        @Override
        public boolean codeWritten(long address, int length) {
            written.add(Long.toHexString(address) + "+" + length);
            return true;
        }
    }

    private static byte[] random(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void copiesEqualSingleAccesses() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int length = random.nextInt(3 * PAGE);
            int address = random.nextInt(7 * PAGE - length);
            byte[] bytes = random(random, length + 2);
            byte[] expected = new byte[length];
            memory.write(address, bytes, 1, length);
            byte[] read = new byte[length + 2];
            memory.read(address, read, 1, length);
            for (int i = 0; i < length; i++) {
                expected[i] = (byte) memory.read(address + i, 1);
                int page = (address + i) / PAGE;
                int stored = page == 4 ? 0 : page > 5 ? 0xFF : bytes[1 + i] & 0xFF;
                assertEquals(stored, expected[i] & 0xFF, "seed " + seed + ", round " + round);
            }
            assertArrayEquals(expected, Arrays.copyOfRange(read, 1, length + 1), "seed " + seed);
            assertEquals(0, read[0]);
            assertEquals(0, read[length + 1]);
        }
    }

    @Test
    void fillCrossesPages() {
        memory.fill(PAGE - 3, PAGE + 6, (byte) 0x5A);
        assertEquals(0x5A_0000_00L, memory.read(PAGE - 6, 4));
        assertEquals(0x5A5A_5A5AL, memory.read(2 * PAGE - 1, 4));
        assertEquals(0x0000_5A5AL, memory.read(2 * PAGE + 1, 4));
    }

    @Test
    void registersAreReachedByteByByte() {
        memory.write(5 * PAGE, new byte[] {1, 2, 3}, 0, 3);
        memory.read(5 * PAGE, new byte[2], 0, 2);
        assertEquals(List.of(1, 1, 1, 1, 1), registers.sizes);
    }

    @Test
    void aCopyIsAnnouncedOnceForEachPageOfCode() {
        memory.watchCode(0);
        memory.watchCode(1);
        memory.write(PAGE - 2, new byte[5], 0, 5);
        assertEquals(List.of("ffe+2", "1000+3"), code.written);
    }

    @Test
    void aCopyMarksPagesDirty() {
        DirtyLog log = memory.logWrites(ram, 0);
        log.clean(0, 4);
        assertFalse(log.any());
        memory.write(PAGE + 10, new byte[PAGE], 0, PAGE);
        assertEquals(1, log.next(0));
        assertEquals(2, log.next(2));
        assertEquals(-1, log.next(3));
    }

    @Test
    void readsAndWritesGoApart() {
        RamBlock shadow = RamBlock.allocate("shadow", PAGE);
        HostMemory.setByte(rom.address(), (byte) 0x11);
        memory.mapApart(4 * PAGE, PAGE, rom, 0, shadow, 0);
        memory.write(4 * PAGE, 1, 0x22);
        assertEquals(0x11, memory.read(4 * PAGE, 1));
        memory.mapApart(4 * PAGE, PAGE, shadow, 0, null, 0);
        assertEquals(0x22, memory.read(4 * PAGE, 1));
        memory.write(4 * PAGE, 1, 0x33);
        assertEquals(0x22, memory.read(4 * PAGE, 1));
        memory.mapApart(4 * PAGE, PAGE, null, 0, shadow, 0);
        assertEquals(0xFF, memory.read(4 * PAGE, 1));
    }

    @Test
    void codeOfARomThatIsMappedAwayIsForgotten() {
        memory.mapApart(4 * PAGE, PAGE, ram, 0, null, 0);
        assertTrue(code.written.contains("4000+4096"));
    }
}
