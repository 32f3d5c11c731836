package org.vitrine.core.machine;

import java.util.List;
import org.vitrine.core.device.firmware.FwCfg;
import org.vitrine.core.device.firmware.LinuxKernel;
import org.vitrine.core.device.firmware.MultibootKernel;
import org.vitrine.core.device.timer.CmosSettings;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.firmware.FirmwareImages;

/**
 * What a machine starts.
 *
 * @param order the devices to try, as in {@code -boot}: a floppy, c hard disk, d CD, n network
 * @param menu whether the firmware offers a choice
 * @param kernel what to start instead of a device; null for none
 */
public record Boot(String order, boolean menu, Kernel kernel) {

    /** The hard disk, the floppy disk, the CD. */
    public static final Boot STANDARD = new Boot("cad", false, null);

    /** An operating system that is handed to the firmware. */
    public sealed interface Kernel {

        /** Puts it, prepared to be started, into the items for the firmware. */
        void store(long memoryEnd, FwCfg items);

        /** The option ROM that starts it. */
        Firmware.OptionRom rom();

        /**
         * Checks that the parts fit together, and into guest RAM of this size.
         *
         * @throws IllegalArgumentException when they don't; the message says why
         */
        default void check(long memorySize) {
            store(MemoryPlan.of(memorySize, 0).lowEnd(), new FwCfg(new PhysicalMemory()));
        }
    }

    /**
     * A kernel in Linux's boot format.
     *
     * @param initrd empty for none
     */
    public record Linux(LinuxKernel image, byte[] initrd, String commandLine) implements Kernel {

        @Override
        public void store(long memoryEnd, FwCfg items) {
            image.store(initrd, commandLine, memoryEnd, items);
        }

        @Override
        public Firmware.OptionRom rom() {
            return new Firmware.OptionRom("linuxboot.bin", FirmwareImages.linuxBoot());
        }
    }

    /** A kernel of the Multiboot Specification, with the files that it gets. */
    public record Multiboot(
            MultibootKernel image, List<MultibootKernel.Module> modules, String commandLine)
            implements Kernel {

        @Override
        public void store(long memoryEnd, FwCfg items) {
            image.store(modules, commandLine, memoryEnd, items);
        }

        @Override
        public Firmware.OptionRom rom() {
            return new Firmware.OptionRom("multiboot.bin", FirmwareImages.multiboot());
        }
    }

    /** The first three devices, for the clock's RAM. */
    List<CmosSettings.Boot> devices() {
        return order.chars()
                .limit(3)
                .mapToObj(device ->
                        switch (device) {
                            case 'a' -> CmosSettings.Boot.FLOPPY;
                            case 'c' -> CmosSettings.Boot.DISK;
                            case 'd' -> CmosSettings.Boot.CDROM;
                            default -> CmosSettings.Boot.NETWORK;
                        })
                .toList();
    }

    public Boot withOrder(String devices) {
        return new Boot(devices, menu, kernel);
    }

    public Boot withMenu(boolean offered) {
        return new Boot(order, offered, kernel);
    }

    public Boot withKernel(Kernel started) {
        return new Boot(order, menu, started);
    }
}
