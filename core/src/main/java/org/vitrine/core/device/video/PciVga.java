package org.vitrine.core.device.video;

import java.util.Arrays;
import java.util.List;
import org.vitrine.core.bus.PciBar;
import org.vitrine.core.bus.PciFunction;
import org.vitrine.core.memory.MmioDevice;

/**
 * The VGA as the PCI card that QEMU and Bochs have: video memory, registers in memory, and the
 * video BIOS. At power-on video memory is at E0000000 already, for guests that know nothing of PCI.
 *
 * <p>The registers are the EDID of the monitor, and from 400h the VGA's ports from 3C0 on, from
 * 500h the VBE extension's registers, from 600h two that tell their own size and the byte order.
 */
public final class PciVga extends PciFunction {

    /** Where video memory is until the guest moves it. */
    public static final int FRAMEBUFFER = 0xE000_0000;

    private static final int PREFETCHABLE = 8;
    private static final int SMALLEST_ROM = 0x1_0000;

    /**
     * A card whose video memory is mapped once it is connected.
     *
     * @param memorySize bytes of video memory
     * @param rom the video BIOS, at most 64 KiB; may be empty
     */
    public PciVga(Vga vga, int memorySize, byte[] rom) {
        super(
                "VGA",
                new Identity(0x1234, 0x1111, 2, 0x030000, 0x1AF4, 0x1100),
                List.of(
                        new PciBar.Memory(0, memorySize, "vga memory", vga::mapFramebuffer),
                        new PciBar.Registers(2, 0x1000, "vga registers", new Registers(vga)),
                        new PciBar.Registers(PciBar.ROM, SMALLEST_ROM, "vga rom", new Rom(rom))));
        register(COMMAND, 2, 0x0003, 0x0107);
        register(FIRST_BAR, 4, FRAMEBUFFER | PREFETCHABLE, -memorySize);
    }

    private static final class Rom implements MmioDevice {
        private final byte[] image;

        Rom(byte[] image) {
            this.image = Arrays.copyOf(image, SMALLEST_ROM);
        }

        @Override
        public long readMemory(long address, int size) {
            int at = (int) address & SMALLEST_ROM - 1;
            long value = 0;
            for (int i = 0; i < size; i++) {
                value |= (image[at + i] & 0xFFL) << 8 * i;
            }
            return value;
        }

        @Override
        public void writeMemory(long address, int size, long value) {}
    }

    private static final class Registers implements MmioDevice {

        private static final int VGA_PORTS = 0x400;
        private static final int VGA_PORTS_END = 0x420;
        private static final int VBE = 0x500;
        private static final int VBE_END = 0x516;
        private static final int SIZE = 0x600;
        private static final int BYTE_ORDER = 0x604;
        private static final int LITTLE_ENDIAN = 0x1E;

        private final Vga vga;
        private final byte[] edid = Edid.of("Vitrine");

        Registers(Vga vga) {
            this.vga = vga;
        }

        @Override
        public long readMemory(long address, int size) {
            int at = (int) address & 0xFFF;
            long value = 0;
            for (int i = 0; i < size; i++) {
                value |= (long) readByte(at + i) << 8 * i;
            }
            return value;
        }

        private int readByte(int at) {
            if (at < edid.length) {
                return edid[at] & 0xFF;
            }
            if (at >= VGA_PORTS && at < VGA_PORTS_END) {
                return vga.readPort(0x3C0 + at - VGA_PORTS);
            }
            if (at >= VBE && at < VBE_END) {
                return vga.readVbe(at - VBE >>> 1) >>> 8 * (at & 1) & 0xFF;
            }
            if (at >= BYTE_ORDER && at < BYTE_ORDER + 4) {
                return LITTLE_ENDIAN;
            }
            return at == SIZE ? 8 : 0;
        }

        @Override
        public void writeMemory(long address, int size, long value) {
            int at = (int) address & 0xFFF;
            if (at >= VBE && at < VBE_END) {
                // As at the ports, a byte is taken as one with zeros above.
                int mask = size == 1 ? 0xFF : 0xFFFF;
                for (int i = 0; i < size; i += 2) {
                    vga.writeVbe(at - VBE + i >>> 1, (int) (value >>> 8 * i) & mask);
                }
            } else if (at >= VGA_PORTS && at + size <= VGA_PORTS_END) {
                for (int i = 0; i < size; i++) {
                    vga.writePort(0x3C0 + at + i - VGA_PORTS, (int) (value >>> 8 * i) & 0xFF);
                }
            }
        }
    }
}
