package org.vitrine.core.machine;

import org.vitrine.firmware.FirmwareImages;

/**
 * The images in a machine's ROMs.
 *
 * @param bios the system BIOS, a multiple of 64 KiB, at most 256 KiB
 * @param vgaBios the VGA BIOS, at most 64 KiB; empty for none
 */
public record Firmware(byte[] bios, byte[] vgaBios) {

    public Firmware {
        if (bios.length == 0 || bios.length % 0x10000 != 0 || bios.length > 0x40000) {
            throw new IllegalArgumentException(
                    "a system BIOS has 64, 128, 192 or 256 KiB, not " + bios.length + " bytes");
        }
        if (vgaBios.length > 0x10000) {
            throw new IllegalArgumentException(
                    "a VGA BIOS has at most 64 KiB, not " + vgaBios.length + " bytes");
        }
    }

    /** The project's own. */
    public static Firmware standard() {
        return new Firmware(FirmwareImages.systemBios(), FirmwareImages.vgaBios());
    }

    public Firmware withBios(byte[] image) {
        return new Firmware(image, vgaBios);
    }

    public Firmware withVgaBios(byte[] image) {
        return new Firmware(bios, image);
    }
}
