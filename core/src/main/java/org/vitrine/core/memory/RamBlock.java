package org.vitrine.core.memory;

import java.lang.foreign.MemorySegment;

/**
 * A named block of the machine's memory: RAM, video RAM or a ROM's content. Off-heap, so that it
 * can as well be a file that other processes map.
 */
public final class RamBlock {

    /** The names of all blocks that a PC can have, in the order of their addresses. */
    public static final String CONVENTIONAL = "640k";

    public static final String VGA = "vga";
    public static final String OPTION_ROM = "option_rom";
    public static final String BIOS = "bios";
    public static final String BELOW_4G = "below_4g";
    public static final String ABOVE_4G = "above_4g";

    private final String name;
    private final MemorySegment memory;

    private RamBlock(String name, MemorySegment memory) {
        this.name = name;
        this.memory = memory;
    }

    /**
     * A block of zeroed anonymous memory.
     *
     * @param size bytes, a multiple of the page size of 4096
     */
    public static RamBlock allocate(String name, long size) {
        return allocate(name, size, MemorySource.anonymous());
    }

    /**
     * A block of zeroed memory from this source.
     *
     * @param size bytes, a multiple of the page size of 4096
     */
    public static RamBlock allocate(String name, long size, MemorySource source) {
        if (size <= 0 || size % PhysicalMemory.PAGE_SIZE != 0) {
            throw new IllegalArgumentException(
                    "block " + name + " of " + size + " bytes is not made of whole pages");
        }
        return new RamBlock(name, source.allocate(name, size));
    }

    public String name() {
        return name;
    }

    /** Bytes. */
    public long size() {
        return memory.byteSize();
    }

    /** The memory itself. */
    public MemorySegment memory() {
        return memory;
    }

    /** Where the block lies in this process. */
    public long address() {
        return memory.address();
    }

    @Override
    public String toString() {
        return name + " (" + size() + " bytes)";
    }
}
