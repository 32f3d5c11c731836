package org.vitrine.core.device.video;

import java.lang.foreign.MemorySegment;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.display.Picture;
import org.vitrine.core.display.VideoSource;
import org.vitrine.core.memory.DirtyLog;
import org.vitrine.core.memory.MmioDevice;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.RamBlock;
import org.vitrine.core.time.Clock;

/**
 * A VGA at ports 3B4 to 3DA and addresses A0000 to BFFFF, with the Bochs VBE extension at ports 1CE
 * and 1CF and its linear framebuffer. This class is its ports; the registers, the way of the CPU to
 * memory, the DAC, the beam, and what the registers make of memory have each their own.
 */
public final class Vga implements PortDevice, VideoSource {

    private static final int WINDOW = 0xA0000;
    private static final int WINDOW_SIZE = 0x20000;
    private static final int ATTRIBUTES_SHOWN = 0x20;

    /** Input status register 0: the switch that says a colour monitor is there. */
    private static final int MONITOR_SENSED = 0x10;

    private final PhysicalMemory physicalMemory;
    private final RamBlock block;
    private final DirtyLog writes;
    private final VgaRegisters registers = new VgaRegisters();
    private final VgaDac dac = new VgaDac();
    private final VgaMemory memory;
    private final VgaTiming timing;
    private final VbeDispi vbe;
    private final PictureDecoder decoder = new PictureDecoder(registers);

    private int crtcIndex;
    private int sequencerIndex;
    private int graphicsIndex;
    private int attributeIndex;

    /** Whether the next write to 3C0 is data, and not an index. */
    private boolean attributeData;

    private int vbeIndex;
    private int subsystemEnable = 1;

    /** Read by other threads, too. */
    private volatile long framebuffer = -1;

    private Picture picture;
    private boolean pictureStale = true;
    private final int[] colours = new int[256];
    private boolean coloursStale = true;
    private int coloursVersion;

    /**
     * A VGA with its display off.
     *
     * @param block video memory, a power of two from 256 KiB on
     * @param clock tells where the beam is
     */
    public Vga(PortSpace ports, PhysicalMemory physicalMemory, RamBlock block, Clock clock) {
        if (block.size() < 0x40000 || Long.bitCount(block.size()) != 1 || block.size() > 1 << 30) {
            throw new IllegalArgumentException(
                    "video memory is a power of two of 256 KiB to 1 GiB, not " + block);
        }
        this.physicalMemory = physicalMemory;
        this.block = block;
        this.writes = physicalMemory.logWrites(block, -1);
        this.memory = new VgaMemory(registers, block.memory(), writes);
        this.timing = new VgaTiming(registers, clock);
        this.vbe = new VbeDispi((int) block.size());
        physicalMemory.mapDevice(WINDOW, WINDOW_SIZE, "vga", memory);
        ports.claim(0x3B4, 2, "vga crtc (monochrome)", this);
        ports.claim(0x3BA, 1, "vga status (monochrome)", this);
        ports.claim(0x3C0, 16, "vga", this);
        ports.claim(0x3D4, 2, "vga crtc (colour)", this);
        ports.claim(0x3DA, 1, "vga status (colour)", this);
        ports.claim(0x1CE, 2, "vbe", new VbePorts());
    }

    /** Puts all registers in the state of power-on; memory stays. */
    public void reset() {
        registers.reset();
        dac.reset();
        vbe.reset();
        crtcIndex = 0;
        sequencerIndex = 0;
        graphicsIndex = 0;
        attributeIndex = 0;
        attributeData = false;
        subsystemEnable = 1;
        memory.setBank(-1);
        timing.extensionChanged(0);
        changed();
        coloursStale = true;
    }

    /**
     * Maps the linear framebuffer, which is all of video memory, at this physical address; -1 takes
     * it away.
     */
    public void mapFramebuffer(long address) {
        if (address == framebuffer) {
            return;
        }
        if (framebuffer >= 0) {
            physicalMemory.unmap(framebuffer, block.size());
        }
        framebuffer = address;
        if (address >= 0) {
            physicalMemory.mapRam(
                    address, block, 0, block.size(), PhysicalMemory.Access.READ_WRITE);
        }
        writes.moved(address);
    }

    /** Where the linear framebuffer is; -1 for nowhere. From any thread. */
    public long framebuffer() {
        return framebuffer;
    }

    /** What the CPU reaches at A0000 to BFFFF. */
    public MmioDevice window() {
        return memory;
    }

    @Override
    public long frameNanos() {
        return timing.frameNanos();
    }

    /**
     * Registers that shape the picture, the beam's way or the CPU's way to memory have other values
     * now.
     */
    private void changed() {
        memory.registersChanged();
        timing.registersChanged();
        pictureStale = true;
    }

    @Override
    public int readPort(int port) {
        return switch (port) {
            case 0x3B4, 0x3D4 -> addressed(port) ? crtcIndex : 0xFF;
            case 0x3B5, 0x3D5 ->
                    addressed(port)
                            ? crtcIndex < VgaRegisters.CR_COUNT ? registers.cr[crtcIndex] : 0
                            : 0xFF;
            case 0x3BA, 0x3DA -> {
                if (!addressed(port)) {
                    yield 0xFF;
                }
                attributeData = false;
                yield timing.inputStatus();
            }
            case 0x3C0 -> attributeIndex;
            case 0x3C1 -> {
                int index = attributeIndex & 0x1F;
                yield index < VgaRegisters.AR_COUNT ? registers.ar[index] : 0;
            }
            case 0x3C2 -> MONITOR_SENSED;
            case 0x3C3 -> subsystemEnable;
            case 0x3C4 -> sequencerIndex;
            case 0x3C5 -> registers.sr[sequencerIndex];
            case 0x3C6 -> dac.mask();
            case 0x3C7 -> dac.state();
            case 0x3C8 -> dac.writeIndex();
            case 0x3C9 -> dac.readData();
            case 0x3CA -> registers.feature;
            case 0x3CC -> registers.miscOutput;
            case 0x3CE -> graphicsIndex;
            case 0x3CF -> registers.gr[graphicsIndex];
            default -> 0xFF;
        };
    }

    /**
     * Whether this port of the CRT controller's two is the one that the miscellaneous output
     * register chose.
     */
    private boolean addressed(int port) {
        return (port >= 0x3D0) == registers.colourAddresses();
    }

    @Override
    public void writePort(int port, int value) {
        switch (port) {
            case 0x3B4, 0x3D4 -> {
                if (addressed(port)) {
                    crtcIndex = value & 0x3F;
                }
            }
            case 0x3B5, 0x3D5 -> {
                if (addressed(port)) {
                    writeCrtc(value);
                }
            }
            case 0x3BA, 0x3DA -> {
                if (addressed(port)) {
                    registers.feature = value & 3;
                }
            }
            case 0x3C0 -> writeAttributePort(value);
            case 0x3C2 -> {
                if (value != registers.miscOutput) {
                    registers.miscOutput = value;
                    changed();
                }
            }
            case 0x3C3 -> subsystemEnable = value & 1;
            case 0x3C4 -> sequencerIndex = value & 7;
            case 0x3C5 -> writeSequencer(value);
            case 0x3C6 -> {
                dac.writeMask(value);
                coloursStale = true;
            }
            case 0x3C7 -> dac.writeReadIndex(value);
            case 0x3C8 -> dac.writeWriteIndex(value);
            case 0x3C9 -> coloursStale |= dac.writeData(value);
            case 0x3CE -> graphicsIndex = value & 15;
            case 0x3CF -> writeGraphics(value);
            default -> {
                // 3C1 and 3CA to 3CD are for reading.
            }
        }
    }

    private void writeCrtc(int value) {
        if (crtcIndex >= VgaRegisters.CR_COUNT) {
            return;
        }
        int before = registers.cr[crtcIndex];
        registers.writeCrtc(crtcIndex, value);
        if (registers.cr[crtcIndex] != before) {
            timing.registersChanged();
            pictureStale = true;
        }
    }

    /**
     * Drawing in planes writes SR2 and GR registers all the time: what only concerns the CPU
     * changes no picture.
     */
    private void writeSequencer(int value) {
        int before = registers.sr[sequencerIndex];
        registers.writeSequencer(sequencerIndex, value);
        if (registers.sr[sequencerIndex] != before) {
            memory.registersChanged();
            if (sequencerIndex != 2 && sequencerIndex != 4) {
                timing.registersChanged();
                pictureStale = true;
            }
        }
    }

    private void writeGraphics(int value) {
        int before = registers.gr[graphicsIndex];
        registers.writeGraphics(graphicsIndex, value);
        int difference = registers.gr[graphicsIndex] ^ before;
        if (difference != 0) {
            memory.registersChanged();
            if (graphicsIndex == 5 && (difference & 0x60) != 0
                    || graphicsIndex == 6 && (difference & 1) != 0) {
                pictureStale = true;
                coloursStale = true;
            }
        }
    }

    private void writeAttributePort(int value) {
        if (!attributeData) {
            attributeData = true;
            if (((attributeIndex ^ value) & ATTRIBUTES_SHOWN) != 0) {
                pictureStale = true;
            }
            attributeIndex = value & 0x3F;
            return;
        }
        attributeData = false;
        int index = attributeIndex & 0x1F;
        // The palette has one port: while it serves the screen the CPU can't write it (bit 5 of the
        // index).
        if (index >= VgaRegisters.AR_COUNT
                || index < 0x10 && (attributeIndex & ATTRIBUTES_SHOWN) != 0) {
            return;
        }
        int before = registers.ar[index];
        registers.writeAttribute(index, value);
        if (registers.ar[index] != before) {
            pictureStale |= index >= 0x10;
            coloursStale = true;
        }
    }

    private final class VbePorts implements PortDevice {

        @Override
        public boolean wide(int port, int size) {
            return size == 2;
        }

        @Override
        public int readPortWide(int port, int size) {
            return port == 0x1CE ? vbeIndex : readVbe(vbeIndex);
        }

        @Override
        public void writePortWide(int port, int size, int value) {
            if (port == 0x1CE) {
                vbeIndex = value & 0xFFFF;
            } else {
                writeVbe(vbeIndex, value & 0xFFFF);
            }
        }

        @Override
        public int readPort(int port) {
            return readPortWide(port, 2) & 0xFF;
        }

        /** The registers have 16 bits; a byte is taken as one with zeros above. */
        @Override
        public void writePort(int port, int value) {
            writePortWide(port, 2, value);
        }
    }

    int readVbe(int index) {
        return vbe.read(index);
    }

    void writeVbe(int index, int value) {
        if (vbe.write(index, value)) {
            block.memory().asSlice(0, vbe.shownBytes()).fill((byte) 0);
            writes.markAll();
        }
        memory.setBank(vbe.bankStart());
        timing.extensionChanged(vbe.lines());
        if (index == VbeDispi.ENABLE) {
            dac.setEightBits(vbe.eightBitDac());
            coloursStale = true;
        }
        pictureStale |= index != VbeDispi.BANK;
    }

    @Override
    public Picture picture() {
        if (pictureStale) {
            pictureStale = false;
            boolean shown = (attributeIndex & ATTRIBUTES_SHOWN) != 0;
            // Drivers of the extension blank its modes by the attribute controller, too.
            picture = vbe.enabled() && shown ? vbe.picture(block.name()) : decoder.decode(shown);
        }
        return picture;
    }

    @Override
    public int[] colours() {
        bringColoursUpToDate();
        return colours;
    }

    @Override
    public int coloursVersion() {
        bringColoursUpToDate();
        return coloursVersion;
    }

    private void bringColoursUpToDate() {
        if (!coloursStale) {
            return;
        }
        coloursStale = false;
        boolean direct =
                vbe.enabled()
                        ? vbe.indexed()
                        : registers.graphicsMode() && registers.packedPixels();
        boolean different = false;
        for (int i = 0; i < colours.length; i++) {
            int colour = dac.colour(direct ? i : attributeColour(i));
            different |= colours[i] != colour;
            colours[i] = colour;
        }
        if (different) {
            coloursVersion++;
        }
    }

    /** Which of the DAC's colours the attribute controller makes of four bits. */
    private int attributeColour(int bits) {
        int colour = registers.ar[bits & registers.ar[0x12] & 15];
        int select = registers.ar[0x14];
        if ((registers.ar[0x10] & 0x80) != 0) {
            colour = colour & 0x0F | (select & 3) << 4;
        }
        return colour | (select & 0x0C) << 4;
    }

    @Override
    public MemorySegment memory() {
        return block.memory();
    }

    @Override
    public DirtyLog writes() {
        return writes;
    }
}
