package org.vitrine.core.machine;

/**
 * What a machine starts.
 *
 * @param order the devices to try, as in {@code -boot}: a floppy, c hard disk, d CD, n network
 * @param menu whether the firmware offers a choice
 * @param kernel what to start instead of a device; null for none
 */
public record Boot(String order, boolean menu, Kernel kernel) {

    /** The floppy disk, the hard disk, the CD. */
    public static final Boot STANDARD = new Boot("acd", false, null);

    /**
     * An operating system that is handed to the firmware.
     *
     * @param image in Linux's boot format or as a multiboot image
     * @param initrd empty for none
     */
    public record Kernel(byte[] image, byte[] initrd, String commandLine) {}

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
