package org.vitrine.core.device.firmware;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * A Linux kernel of the i386 boot protocol, or another program in its format (Linux's
 * Documentation/arch/x86/boot.rst): the part that starts in real mode, whose header a boot loader
 * fills in, and the rest.
 */
public final class LinuxKernel {

    private static final int SECTOR = 512;
    private static final int SETUP_SECTORS = 0x1F1;
    private static final int VIDEO_MODE = 0x1FA;
    private static final int BOOT_FLAG = 0x1FE;
    private static final int MAGIC = 0x202;
    private static final int VERSION = 0x206;
    private static final int LOADER_TYPE = 0x210;
    private static final int LOAD_FLAGS = 0x211;
    private static final int INITRD_ADDRESS = 0x218;
    private static final int INITRD_SIZE = 0x21C;
    private static final int HEAP_END = 0x224;
    private static final int COMMAND_LINE = 0x228;
    private static final int INITRD_MAX = 0x22C;
    private static final int COMMAND_LINE_SIZE = 0x238;
    private static final int HEADER_END = 0x268;

    private static final int HDRS = 0x5372_6448;
    private static final int OLDEST_VERSION = 0x0202;
    private static final int QEMU_LOADER = 0xB0;
    private static final int LOADED_HIGH = 0x01;
    private static final int CAN_USE_HEAP = 0x80;
    private static final int DEFAULT_SETUP_SECTORS = 4;
    private static final int DEFAULT_INITRD_MAX = 0x37FF_FFFF;
    private static final int DEFAULT_COMMAND_LINE_SIZE = 255;

    private static final int SETUP_PLACE = 0x1_0000;
    private static final int COMMAND_LINE_PLACE = 0x2_0000;
    private static final int COMMAND_LINE_ROOM = 0x7_0000;
    private static final int KERNEL_PLACE = 0x10_0000;

    /** The firmware's tables are at the end of RAM. */
    private static final long TABLES_ROOM = 0x2_8000;

    private static final int PAGE = 0x1000;

    private final byte[] setup;
    private final byte[] code;
    private final int version;

    /**
     * Takes an image apart.
     *
     * @throws IllegalArgumentException when it is no such kernel; the message says why
     */
    public LinuxKernel(byte[] image) {
        ByteBuffer header = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        if (!recognizes(image)) {
            throw new IllegalArgumentException(
                    "it is no Linux kernel, since 'HdrS' is not at offset 0x202, and no Multiboot"
                            + " kernel, which has 1BADB002h in its first 8 KiB");
        }
        version = header.getShort(VERSION) & 0xFFFF;
        if (version < OLDEST_VERSION || (image[LOAD_FLAGS] & LOADED_HIGH) == 0) {
            throw new IllegalArgumentException(
                    String.format(
                            "it is a Linux kernel of boot protocol %d.%02d that is loaded below 1"
                                    + " MiB or is older than 2.02; a bzImage is needed",
                            version >>> 8, version & 0xFF));
        }
        int sectors = image[SETUP_SECTORS] & 0xFF;
        int length = SECTOR * (1 + (sectors == 0 ? DEFAULT_SETUP_SECTORS : sectors));
        if (length >= image.length) {
            throw new IllegalArgumentException("the Linux kernel is cut short");
        }
        setup = Arrays.copyOf(image, length);
        code = Arrays.copyOfRange(image, length, image.length);
    }

    /** Whether there is the header of such a kernel. */
    public static boolean recognizes(byte[] image) {
        ByteBuffer header = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        return image.length >= HEADER_END
                && header.getShort(BOOT_FLAG) == (short) 0xAA55
                && header.getInt(MAGIC) == HDRS;
    }

    /**
     * Puts the kernel, prepared to be started, into the items for the firmware.
     *
     * @param initrd empty for none
     * @param memoryEnd the end of RAM below 4 GiB
     * @throws IllegalArgumentException when the parts don't fit into memory, or the command line is
     *     too long for the kernel; the message says so
     */
    public void store(byte[] initrd, String commandLine, long memoryEnd, FwCfg items) {
        byte[] line = (commandLine + "\0").getBytes(StandardCharsets.UTF_8);
        ByteBuffer header = ByteBuffer.wrap(setup.clone()).order(ByteOrder.LITTLE_ENDIAN);
        long longest =
                version >= 0x0206
                        ? header.getInt(COMMAND_LINE_SIZE) & 0xFFFF_FFFFL
                        : DEFAULT_COMMAND_LINE_SIZE;
        if (line.length - 1 > Math.min(longest, COMMAND_LINE_ROOM)) {
            throw new IllegalArgumentException(
                    "the command line has "
                            + (line.length - 1)
                            + " bytes, and this kernel takes "
                            + longest);
        }
        long place = 0;
        if (initrd.length > 0) {
            long most =
                    version >= 0x0203
                            ? header.getInt(INITRD_MAX) & 0xFFFF_FFFFL
                            : DEFAULT_INITRD_MAX;
            long end = Math.min(most + 1, memoryEnd - TABLES_ROOM);
            place = (end - initrd.length) & -PAGE;
            if (place < KERNEL_PLACE + code.length) {
                throw new IllegalArgumentException(
                        "guest RAM has no room for the initrd of "
                                + initrd.length
                                + " bytes beside the kernel of "
                                + code.length);
            }
        } else if (KERNEL_PLACE + code.length > memoryEnd - TABLES_ROOM) {
            throw new IllegalArgumentException(
                    "guest RAM has no room for the kernel of " + code.length + " bytes");
        }
        header.put(LOADER_TYPE, (byte) QEMU_LOADER);
        header.put(LOAD_FLAGS, (byte) (header.get(LOAD_FLAGS) | CAN_USE_HEAP));
        header.putShort(HEAP_END, (short) (COMMAND_LINE_PLACE - SETUP_PLACE - 0x200));
        header.putInt(COMMAND_LINE, COMMAND_LINE_PLACE);
        header.putInt(INITRD_ADDRESS, (int) place);
        header.putInt(INITRD_SIZE, initrd.length);
        header.putShort(VIDEO_MODE, (short) videoMode(commandLine, header.getShort(VIDEO_MODE)));
        items.put32(FwCfg.SETUP_ADDRESS, SETUP_PLACE);
        items.put32(FwCfg.SETUP_SIZE, setup.length);
        items.put(FwCfg.SETUP_DATA, header.array());
        items.put32(FwCfg.KERNEL_ADDRESS, KERNEL_PLACE);
        items.put32(FwCfg.KERNEL_SIZE, code.length);
        items.put(FwCfg.KERNEL_DATA, code);
        items.put32(FwCfg.COMMAND_LINE_ADDRESS, COMMAND_LINE_PLACE);
        items.put32(FwCfg.COMMAND_LINE_SIZE, line.length);
        items.put(FwCfg.COMMAND_LINE_DATA, line);
        items.put32(FwCfg.INITRD_ADDRESS, (int) place);
        items.put32(FwCfg.INITRD_SIZE, initrd.length);
        items.put(FwCfg.INITRD_DATA, initrd);
    }

    /** What {@code vga=} asks for, which the boot loader is to tell the kernel by a number. */
    private static int videoMode(String commandLine, int otherwise) {
        int mode = otherwise;
        for (String word : commandLine.split(" ")) {
            if (word.startsWith("vga=")) {
                String value = word.substring(4).toLowerCase(Locale.ROOT);
                mode =
                        switch (value) {
                            case "normal" -> 0xFFFF;
                            case "ext" -> 0xFFFE;
                            case "ask" -> 0xFFFD;
                            default -> number(value, otherwise);
                        };
            }
        }
        return mode;
    }

    private static int number(String value, int otherwise) {
        try {
            return Integer.decode(value);
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
