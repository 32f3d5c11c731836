package org.vitrine.core.machine;

import java.util.ArrayList;
import java.util.List;
import org.vitrine.core.device.video.PciVga;
import org.vitrine.core.memory.MemorySource;
import org.vitrine.core.memory.RamBlock;
import org.vitrine.spi.display.DisplayLayout;

/**
 * Which blocks of memory a PC has, how large they are, and where the guest finds them.
 *
 * @param lowEnd the end of the RAM below 4 GiB
 * @param blocks in the order of their addresses, the display's surface last; one that a machine of
 *     this size lacks is not among them
 */
public record MemoryPlan(long lowEnd, List<Block> blocks) {

    private static final long KIB = 1L << 10;

    static final long FOUR_GIB = 1L << 32;

    /** RAM below 4 GiB ends here at the latest, so that devices have room above it. */
    public static final long LOW_MEMORY_LIMIT = 0xE000_0000L;

    /** Where RAM is split when there is more than fits, as QEMU's i440FX machine does. */
    private static final long SPLIT_LOW_MEMORY = 0xC000_0000L;

    private static final long CONVENTIONAL_SIZE = 640 * KIB;
    private static final long OPTION_ROM_ADDRESS = 0xC_0000;
    private static final long OPTION_ROM_SIZE = 128 * KIB;
    private static final long VIDEO_MEMORY_SIZE = 16 << 20;

    /** Between RAM and this address PCI devices have their place; above it chips of the board. */
    static final long PCI_END = 0xFEC0_0000L;

    /** The linear framebuffer's place until firmware gives it another. */
    static final long FRAMEBUFFER_ADDRESS = PciVga.FRAMEBUFFER & 0xFFFF_FFFFL;

    /**
     * A block.
     *
     * @param address guest-physical; -1 for the display's surface, which the guest can't reach
     * @param size bytes, a multiple of the page size
     */
    public record Block(String name, long address, long size) {}

    public MemoryPlan {
        blocks = List.copyOf(blocks);
    }

    /**
     * The plan of a machine.
     *
     * @param memorySize bytes of guest RAM, as {@link MachineConfig} allows
     * @param biosSize bytes of the system BIOS
     */
    public static MemoryPlan of(long memorySize, long biosSize) {
        long lowEnd = memorySize <= LOW_MEMORY_LIMIT ? memorySize : SPLIT_LOW_MEMORY;
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block(RamBlock.CONVENTIONAL, 0, CONVENTIONAL_SIZE));
        blocks.add(new Block(RamBlock.OPTION_ROM, OPTION_ROM_ADDRESS, OPTION_ROM_SIZE));
        if (lowEnd > MachineConfig.MIB) {
            blocks.add(new Block(RamBlock.BELOW_4G, MachineConfig.MIB, lowEnd - MachineConfig.MIB));
        }
        blocks.add(new Block(RamBlock.VGA, FRAMEBUFFER_ADDRESS, VIDEO_MEMORY_SIZE));
        blocks.add(new Block(RamBlock.BIOS, FOUR_GIB - biosSize, biosSize));
        if (memorySize > lowEnd) {
            blocks.add(new Block(RamBlock.ABOVE_4G, FOUR_GIB, memorySize - lowEnd));
        }
        blocks.add(new Block(MemorySource.DISPLAY, -1, DisplayLayout.SIZE));
        return new MemoryPlan(lowEnd, blocks);
    }

    /** The plan of a machine. */
    static MemoryPlan of(MachineConfig config) {
        return of(config.memorySize(), config.firmware().bios().length);
    }

    /** The block with this name, or null when the machine has none. */
    public Block block(String name) {
        for (Block block : blocks) {
            if (block.name().equals(name)) {
                return block;
            }
        }
        return null;
    }

    /** Bytes of RAM above 4 GiB. */
    long highSize() {
        Block high = block(RamBlock.ABOVE_4G);
        return high == null ? 0 : high.size();
    }
}
