package org.vitrine.core.device.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.memory.PhysicalMemory;

/** A kernel's header before and after a boot loader has filled it in. */
final class LinuxKernelTest {

    private static final int MIB = 1 << 20;
    private static final int CODE_SIZE = 3000;

    private final PortSpace ports = new PortSpace();
    private final FwCfg items = new FwCfg(new PhysicalMemory());

    /** A bzImage of protocol 2.15 with two sectors of setup code behind the first. */
    private static ByteBuffer image() {
        ByteBuffer image = ByteBuffer.allocate(3 * 512 + CODE_SIZE);
        image.order(ByteOrder.LITTLE_ENDIAN);
        image.put(0x1F1, (byte) 2).putShort(0x1FA, (short) 0xFFFF);
        image.putShort(0x1FE, (short) 0xAA55)
                .put(0x202, "HdrS".getBytes(StandardCharsets.US_ASCII));
        image.putShort(0x206, (short) 0x020F).put(0x211, (byte) 1);
        image.putInt(0x22C, 0x7FFF_FFFF).putInt(0x238, 2047);
        image.put(3 * 512, (byte) 0xC0);
        return image;
    }

    private ByteBuffer item(int key, int size) {
        ports.write(0x510, 2, key);
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) ports.read(0x511, 1);
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private int number(int key) {
        return item(key, 4).getInt();
    }

    private ByteBuffer store(String commandLine, int initrd) {
        items.claimPorts(ports);
        new LinuxKernel(image().array()).store(new byte[initrd], commandLine, 64 * MIB, items);
        return item(FwCfg.SETUP_DATA, number(FwCfg.SETUP_SIZE));
    }

    private static String refusal(byte[] image) {
        return assertThrows(IllegalArgumentException.class, () -> new LinuxKernel(image))
                .getMessage();
    }

    @Test
    void theHeaderTellsWhereThePartsAre() {
        ByteBuffer setup = store("console=ttyS0", 5000);
        assertEquals(3 * 512, setup.capacity());
        assertEquals(0xB0, setup.get(0x210) & 0xFF);
        assertEquals(0x81, setup.get(0x211) & 0xFF);
        assertEquals(number(FwCfg.COMMAND_LINE_ADDRESS), setup.getInt(0x228));
        assertEquals(number(FwCfg.INITRD_ADDRESS), setup.getInt(0x218));
        assertEquals(5000, setup.getInt(0x21C));
        assertEquals(0, setup.getInt(0x218) % 4096);
        assertTrue(setup.getInt(0x218) + 5000 <= 64 * MIB - 0x28000);
        assertEquals(0xC0, item(FwCfg.KERNEL_DATA, 1).get() & 0xFF);
        assertEquals(CODE_SIZE, number(FwCfg.KERNEL_SIZE));
        assertEquals(MIB, number(FwCfg.KERNEL_ADDRESS));
        byte[] line = item(FwCfg.COMMAND_LINE_DATA, 14).array();
        assertEquals("console=ttyS0\0", new String(line, StandardCharsets.US_ASCII));
    }

    @Test
    void theVideoModeIsTakenFromTheCommandLine() {
        assertEquals(0x317, store("quiet vga=0x317 single", 0).getShort(0x1FA));
    }

    @Test
    void askingForTheVideoModeIsANumberToo() {
        assertEquals((short) 0xFFFD, store("vga=ask", 0).getShort(0x1FA));
    }

    @Test
    void aVideoModeThatIsNoneChangesNothing() {
        assertEquals((short) 0xFFFF, store("vga=pretty", 0).getShort(0x1FA));
    }

    @Test
    void otherFilesAreRefused() {
        assertTrue(refusal(new byte[100]).startsWith("it is no Linux kernel"));
        assertTrue(refusal(new byte[10000]).startsWith("it is no Linux kernel"));
        assertTrue(refusal(image().putShort(0x206, (short) 0x0201).array()).contains("2.01"));
        assertTrue(refusal(image().put(0x211, (byte) 0).array()).contains("bzImage"));
        assertTrue(refusal(image().put(0x1F1, (byte) 60).array()).contains("cut short"));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        LinuxKernel kernel = new LinuxKernel(image().array());
        byte[] none = {};
        String room =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> kernel.store(new byte[3 * MIB], "", 4 * MIB, items))
                        .getMessage();
        assertTrue(room.contains("no room for the initrd"), room);
        String line =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> kernel.store(none, "x".repeat(2048), 4 * MIB, items))
                        .getMessage();
        assertEquals("the command line has 2048 bytes, and this kernel takes 2047", line);
        assertThrows(IllegalArgumentException.class, () -> kernel.store(none, "", MIB, items));
    }
}
