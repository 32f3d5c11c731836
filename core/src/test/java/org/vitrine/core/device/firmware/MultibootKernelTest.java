package org.vitrine.core.device.firmware;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.memory.PhysicalMemory;

/** What becomes of a Multiboot kernel's file, and which files are none. */
final class MultibootKernelTest {

    private static final int MIB = 1 << 20;
    private static final int MAGIC = 0x1BADB002;
    private static final int ADDRESSES = 0x1_0000;
    private static final int SIZE = 0x400;
    private static final int HEADER = 0x100;

    private final PortSpace ports = new PortSpace();
    private final FwCfg items = new FwCfg(new PhysicalMemory());

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer withHeader(ByteBuffer file, int at, int flags) {
        return file.putInt(at, MAGIC).putInt(at + 4, flags).putInt(at + 8, -(MAGIC + flags));
    }

    /** A kernel whose header says that byte 40h of the file belongs at 2 MiB. */
    private static ByteBuffer flat() {
        ByteBuffer file = withHeader(little(SIZE), HEADER, ADDRESSES);
        file.putInt(HEADER + 12, 2 * MIB + HEADER - 0x40).putInt(HEADER + 16, 2 * MIB);
        file.putInt(HEADER + 20, 2 * MIB + 0x300).putInt(HEADER + 24, 2 * MIB + 0x1000);
        return file.putInt(HEADER + 28, 2 * MIB + 0x123);
    }

    /** A kernel with one segment, of the file's bytes from 80h on, for 1 MiB. */
    private static ByteBuffer elf() {
        ByteBuffer file = withHeader(little(SIZE), HEADER, 0);
        file.putInt(0, 0x464C_457F).put(4, (byte) 1).put(5, (byte) 1);
        file.putShort(16, (short) 2).putShort(18, (short) 3).putInt(24, 0xC010_0010);
        file.putInt(28, 52).putShort(42, (short) 32).putShort(44, (short) 1);
        file.putInt(52, 1).putInt(56, 0x80).putInt(60, 0xC010_0000).putInt(64, MIB);
        return file.putInt(68, 0x200).putInt(72, 0x500);
    }

    private static String refusal(ByteBuffer file) {
        return assertThrows(IllegalArgumentException.class, () -> new MultibootKernel(file.array()))
                .getMessage();
    }

    private String refusal(ByteBuffer file, long memoryEnd, MultibootKernel.Module... modules) {
        MultibootKernel kernel = new MultibootKernel(file.array());
        return assertThrows(
                        IllegalArgumentException.class,
                        () -> kernel.store(List.of(modules), "", memoryEnd, items))
                .getMessage();
    }

    private ByteBuffer item(int key, int size) {
        ports.write(0x510, 2, key);
        ByteBuffer item = little(size);
        for (int i = 0; i < size; i++) {
            item.put((byte) ports.read(0x511, 1));
        }
        return item.rewind();
    }

    private int[] pieces() {
        int[] table = new int[item(FwCfg.SETUP_SIZE, 4).getInt() / 4];
        item(FwCfg.SETUP_DATA, table.length * 4).asIntBuffer().get(table);
        return table;
    }

    private void store(ByteBuffer file, MultibootKernel.Module... modules) {
        items.claimPorts(ports);
        new MultibootKernel(file.array()).store(List.of(modules), "k", 16 * MIB, items);
    }

    private static MultibootKernel.Module module(int size) {
        return new MultibootKernel.Module("m", new byte[size]);
    }

    @Test
    void theHeadersAddressesSayWhatBelongsWhere() {
        store(flat());
        int[] expected = {
            FwCfg.KERNEL_DATA, 0x40, 0x300, 2 * MIB, 0xFFFF, 0, 0xD00, 2 * MIB + 0x300,
        };
        assertArrayEquals(expected, Arrays.copyOf(pieces(), 8));
        assertEquals(2 * MIB + 0x123, item(FwCfg.KERNEL_ENTRY, 4).getInt());
    }

    @Test
    void withoutAnEndAllOfTheFileIsLoaded() {
        store(flat().putInt(HEADER + 20, 0).putInt(HEADER + 24, 0));
        int[] expected = {FwCfg.KERNEL_DATA, 0x40, SIZE - 0x40, 2 * MIB};
        assertArrayEquals(expected, Arrays.copyOf(pieces(), 4));
    }

    @Test
    void theHeadersAddressesComeBeforeTheElfFiles() {
        ByteBuffer file = flat();
        file.putInt(0, 0x464C_457F).put(4, (byte) 2);
        store(file);
        assertEquals(2 * MIB, pieces()[3]);
    }

    @Test
    void segmentsGoWhereTheirPhysicalAddressIs() {
        store(elf());
        int[] expected = {FwCfg.KERNEL_DATA, 0x80, 0x200, MIB, 0xFFFF, 0, 0x300, MIB + 0x200};
        assertArrayEquals(expected, Arrays.copyOf(pieces(), 8));
        assertEquals(MIB + 0x10, item(FwCfg.KERNEL_ENTRY, 4).getInt());
    }

    @Test
    void anEntryOutsideOfTheSegmentsIsTakenAsItIs() {
        store(elf().putInt(24, MIB + 4));
        assertEquals(MIB + 4, item(FwCfg.KERNEL_ENTRY, 4).getInt());
    }

    @Test
    void modulesLieOnPagesBehindTheKernel() {
        store(elf(), module(5000), module(1));
        int[] expected = {
            FwCfg.INITRD_DATA, 0, 5000, MIB + 0x1000, FwCfg.INITRD_DATA, 5000, 1, MIB + 0x3000
        };
        assertArrayEquals(expected, Arrays.copyOfRange(pieces(), 8, 16));
    }

    @Test
    void filesWithoutASoundHeaderAreRefused() {
        assertEquals("it has no Multiboot header in its first 8 KiB", refusal(little(0)));
        ByteBuffer late = withHeader(little(16384), 8192 - 8, 0);
        assertEquals("it has no Multiboot header in its first 8 KiB", refusal(late));
        assertEquals(
                "the checksum of its Multiboot header, at byte 256, is wrong",
                refusal(elf().putInt(HEADER + 8, 1)));
        assertEquals(
                "its Multiboot header requires features that are unknown (0x8)",
                refusal(withHeader(elf(), HEADER, 8)));
        assertEquals(
                "the addresses in its Multiboot header contradict one another",
                refusal(flat().putInt(HEADER + 12, MIB)));
        assertEquals(
                "it is no ELF file, and its Multiboot header doesn't say where it belongs",
                refusal(withHeader(little(SIZE), HEADER, 0)));
    }

    @Test
    void aHeaderBehindAWrongOneCounts() {
        ByteBuffer file = elf();
        file.putInt(HEADER - 16, MAGIC);
        store(file);
        assertEquals(MIB, pieces()[3]);
    }

    @Test
    void otherElfFilesAreRefused() {
        assertEquals(
                "it is an ELF file of 64 bits, and Multiboot starts those of 32 bits",
                refusal(elf().put(4, (byte) 2)));
        assertEquals(
                "it is no ELF executable for the 80386", refusal(elf().putShort(18, (short) 8)));
        assertEquals(
                "it is no ELF executable for the 80386", refusal(elf().putShort(16, (short) 1)));
        assertEquals("the ELF file has no segment to be loaded", refusal(elf().putInt(52, 4)));
        assertEquals(
                "a segment of the ELF file is larger in the file than in memory",
                refusal(elf().putInt(72, 1)));
    }

    @Test
    void filesThatAreCutShortAreRefused() {
        assertEquals(
                "the kernel is cut short in its program headers",
                refusal(elf().putInt(28, SIZE - 8)));
        assertEquals(
                "the kernel is cut short: what belongs at 0x100000 is at bytes 128 to 1664, and it"
                        + " has 1024",
                refusal(elf().putInt(68, 0x600).putInt(72, 0x600)));
        assertEquals(
                "the kernel is cut short: what belongs at 0x200000 is at bytes 64 to 1088, and it"
                        + " has 1024",
                refusal(flat().putInt(HEADER + 20, 2 * MIB + 0x400)));
        ByteBuffer cut = withHeader(little(HEADER + 16), HEADER, ADDRESSES);
        assertEquals("the kernel is cut short in its Multiboot header", refusal(cut));
    }

    @Test
    void whatHasNoPlaceInRamIsRefused() {
        String places = ", which is from 0x10000 to 0x90000 and from 0x100000 to 0xfd8000";
        String needed = "memory from %s is needed, and that is not all RAM that can be filled";
        assertEquals(
                String.format(needed, "0x9ff00 to 0xa0100") + places,
                refusal(elf().putInt(64, 0x9_FF00), 16 * MIB));
        assertEquals(
                String.format(needed, "0x7c00 to 0x7e00") + places,
                refusal(elf().putInt(64, 0x7C00), 16 * MIB));
        assertEquals(
                String.format(needed, "0xc0100000 to 0xc0100200") + places,
                refusal(elf().putInt(64, 0xC010_0000), 16 * MIB));
        assertEquals(
                String.format(needed, "0xffffff00 to 0x100000100") + places,
                refusal(elf().putInt(64, 0xFFFF_FF00), 16 * MIB));
        assertEquals(
                String.format(needed, "0x101000 to 0x1001000") + places,
                refusal(elf(), 16 * MIB, module(15 * MIB)));
        assertEquals(
                "guest RAM has no room for modules of 17825792 bytes",
                refusal(elf(), 16 * MIB, module(8 * MIB), module(9 * MIB)));
        assertEquals(
                "129 modules are more than 128",
                refusal(
                        elf(),
                        16 * MIB,
                        Stream.generate(() -> module(1))
                                .limit(129)
                                .toArray(MultibootKernel.Module[]::new)));
        MultibootKernel.Module wordy = new MultibootKernel.Module("m".repeat(0x5000), new byte[1]);
        assertEquals(
                "the command line and the modules' names have more than 20480 bytes together",
                refusal(elf(), 16 * MIB, wordy));
    }
}
