package org.vitrine.core.device.firmware;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.vitrine.core.device.firmware.KernelPieces.Piece;

/**
 * A kernel that a boot loader of the Multiboot Specification, version 0.6.96, can start: an ELF
 * file of 32 bits, or any file whose Multiboot header says what of it belongs where.
 *
 * <p>What the kernel is told lies below 64 KiB, as {@code multiboot.asm} expects it; that is why a
 * kernel can't be there.
 */
public final class MultibootKernel {

    /**
     * A file that the kernel finds in memory.
     *
     * @param line its name and what else is to be said to it
     */
    public record Module(String line, byte[] content) {}

    private static final int MAGIC = 0x1BADB002;
    private static final int SEARCHED = 8192;

    // The header (section 3.1).
    private static final int FLAGS = 4;
    private static final int CHECKSUM = 8;
    private static final int HEADER_ADDRESS = 12;
    private static final int LOAD_ADDRESS = 16;
    private static final int LOAD_END = 20;
    private static final int BSS_END = 24;
    private static final int ENTRY_ADDRESS = 28;
    private static final int MODE_TYPE = 32;
    private static final int WIDTH = 36;
    private static final int HEIGHT = 40;
    private static final int DEPTH = 44;

    private static final int WANTS_VIDEO = 1 << 2;
    private static final int HAS_ADDRESSES = 1 << 16;

    /** Pages, memory and video; the other bits of the lower half must be understood. */
    private static final int UNDERSTOOD = 0x7;

    private static final int TEXT_MODE = 1;
    private static final int USUAL_WIDTH = 800;
    private static final int USUAL_HEIGHT = 600;
    private static final int USUAL_DEPTH = 32;

    // What the kernel is told (section 3.3).
    private static final int INFO_SIZE = 116;
    private static final int INFO_COMMAND_LINE = 16;
    private static final int INFO_LOADER_NAME = 64;
    private static final int INFO_WIDTH = 100;
    private static final int INFO_MEMORY_FLAG = 1;
    private static final int INFO_COMMAND_LINE_FLAG = 1 << 2;
    private static final int INFO_MODULES_FLAG = 1 << 3;
    private static final int INFO_LOADER_NAME_FLAG = 1 << 9;
    private static final int MODULE_ENTRY = 16;

    private static final int INFO_PLACE = 0xA000;
    private static final int INFO_ROOM = 0x5000;
    private static final int MOST_MODULES = 128;
    private static final String LOADER_NAME = "Vitrine";

    private final byte[] image;
    private final ByteBuffer file;
    private final int header;
    private final KernelPieces segments = new KernelPieces();
    private final int entry;

    /**
     * Takes an image apart.
     *
     * @throws IllegalArgumentException when it is no such kernel; the message says why
     */
    public MultibootKernel(byte[] image) {
        this.image = image;
        file = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        header = header();
        int flags = field(FLAGS);
        int unknown = flags & 0xFFFF & ~UNDERSTOOD;
        if (unknown != 0) {
            throw new IllegalArgumentException(
                    String.format(
                            "its Multiboot header requires features that are unknown (%#x)",
                            unknown));
        }
        int needed = (flags & WANTS_VIDEO) != 0 ? DEPTH + 4 : CHECKSUM + 4;
        if ((flags & HAS_ADDRESSES) != 0) {
            needed = Math.max(needed, ENTRY_ADDRESS + 4);
        }
        if (header + needed > image.length) {
            throw new IllegalArgumentException("the kernel is cut short in its Multiboot header");
        }
        entry = (flags & HAS_ADDRESSES) != 0 ? addSegment() : ElfSegments.add(file, segments);
    }

    /** Whether there is the magic number of a Multiboot header where one may be. */
    public static boolean recognizes(byte[] image) {
        return magic(ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN), 0) >= 0;
    }

    private static int magic(ByteBuffer file, int from) {
        int end = Math.min(file.capacity(), SEARCHED) - (CHECKSUM + 4);
        for (int at = from; at <= end; at += 4) {
            if (file.getInt(at) == MAGIC) {
                return at;
            }
        }
        return -1;
    }

    private int header() {
        int first = magic(file, 0);
        for (int at = first; at >= 0; at = magic(file, at + 4)) {
            if (MAGIC + file.getInt(at + FLAGS) + file.getInt(at + CHECKSUM) == 0) {
                return at;
            }
        }
        throw new IllegalArgumentException(
                first < 0
                        ? "it has no Multiboot header in its first 8 KiB"
                        : "the checksum of its Multiboot header, at byte " + first + ", is wrong");
    }

    private int field(int offset) {
        return file.getInt(header + offset);
    }

    private long address(int offset) {
        return field(offset) & 0xFFFF_FFFFL;
    }

    /** What the header's addresses mean; returns where to begin. */
    private int addSegment() {
        long load = address(LOAD_ADDRESS);
        long start = header - (address(HEADER_ADDRESS) - load);
        if (start < 0 || start > header) {
            throw new IllegalArgumentException(
                    "the addresses in its Multiboot header contradict one another");
        }
        long end = address(LOAD_END);
        long length = end == 0 ? image.length - start : end - load;
        long bssEnd = address(BSS_END);
        if (length <= 0 || bssEnd != 0 && bssEnd < load + length) {
            throw new IllegalArgumentException(
                    "the addresses in its Multiboot header contradict one another");
        }
        segments.addFromFile(image.length, start, length, load);
        if (bssEnd != 0) {
            segments.addZeros(bssEnd - load - length, load + length);
        }
        return field(ENTRY_ADDRESS);
    }

    /**
     * Puts the kernel, prepared to be started, into the items for the firmware.
     *
     * @param memoryEnd the end of RAM below 4 GiB
     * @throws IllegalArgumentException when the parts don't fit into memory; the message says so
     */
    public void store(List<Module> modules, String commandLine, long memoryEnd, FwCfg items) {
        segments.checkPlaces(memoryEnd);
        ByteBuffer info = ByteBuffer.allocate(INFO_ROOM).order(ByteOrder.LITTLE_ENDIAN);
        int list = INFO_SIZE;
        if (modules.size() > MOST_MODULES) {
            throw new IllegalArgumentException(
                    modules.size() + " modules are more than " + MOST_MODULES);
        }
        info.position(list + modules.size() * MODULE_ENTRY);
        int flags = INFO_MEMORY_FLAG | INFO_COMMAND_LINE_FLAG | INFO_LOADER_NAME_FLAG;
        info.putInt(INFO_COMMAND_LINE, putText(info, commandLine));
        info.putInt(INFO_LOADER_NAME, putText(info, LOADER_NAME));
        KernelPieces pieces = segments.copy();
        long length = modules.stream().mapToLong(module -> module.content().length).sum();
        if (length > memoryEnd) {
            throw new IllegalArgumentException(
                    "guest RAM has no room for modules of " + length + " bytes");
        }
        ByteBuffer contents = ByteBuffer.allocate((int) length);
        for (Module module : modules) {
            long place = pieces.placeBehind();
            int size = module.content().length;
            pieces.add(new Piece(FwCfg.INITRD_DATA, contents.position(), size, place));
            contents.put(module.content());
            info.putInt(list, (int) place).putInt(list + 4, (int) place + size);
            info.putInt(list + 8, putText(info, module.line()));
            list += MODULE_ENTRY;
        }
        if (!modules.isEmpty()) {
            flags |= INFO_MODULES_FLAG;
            info.putInt(20, modules.size()).putInt(24, INFO_PLACE + INFO_SIZE);
            pieces.checkPlaces(memoryEnd);
        }
        info.putInt(0, flags);
        wishForVideo(info);
        pieces.add(new Piece(FwCfg.COMMAND_LINE_DATA, 0, info.position(), INFO_PLACE));
        byte[] table = pieces.table();
        items.put(FwCfg.KERNEL_DATA, image);
        items.put(FwCfg.INITRD_DATA, contents.array());
        items.put(FwCfg.COMMAND_LINE_DATA, info.array());
        items.put32(FwCfg.INITRD_ADDRESS, INFO_PLACE);
        items.put32(FwCfg.KERNEL_ENTRY, entry);
        items.put32(FwCfg.SETUP_SIZE, table.length);
        items.put(FwCfg.SETUP_DATA, table);
    }

    /** Adds a text; returns where it will be in memory. */
    private static int putText(ByteBuffer info, String text) {
        byte[] bytes = (text + "\0").getBytes(StandardCharsets.UTF_8);
        if (bytes.length > info.remaining()) {
            throw new IllegalArgumentException(
                    "the command line and the modules' names have more than "
                            + INFO_ROOM
                            + " bytes together");
        }
        int place = INFO_PLACE + info.position();
        info.put(bytes);
        return place;
    }

    /** Leaves the size of the picture that is asked for where its description will be. */
    private void wishForVideo(ByteBuffer info) {
        if ((field(FLAGS) & WANTS_VIDEO) == 0) {
            return;
        }
        boolean text = field(MODE_TYPE) == TEXT_MODE;
        info.putInt(INFO_WIDTH, wish(WIDTH, text ? 80 : USUAL_WIDTH));
        info.putInt(INFO_WIDTH + 4, wish(HEIGHT, text ? 25 : USUAL_HEIGHT));
        info.put(INFO_WIDTH + 8, text ? 0 : (byte) wish(DEPTH, USUAL_DEPTH));
    }

    private int wish(int offset, int otherwise) {
        return field(offset) == 0 ? otherwise : field(offset);
    }
}
