package org.vitrine.firmware;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The firmware images that {@code firmware/build} makes from {@code firmware/src/main/asm}. */
public final class FirmwareImages {

    private FirmwareImages() {}

    /** The system BIOS: 64 KiB, to be mapped so that it ends at 1 MiB, and again at 4 GiB. */
    public static byte[] systemBios() {
        return load("vitrine-bios.bin");
    }

    /** The VGA BIOS: an option ROM of 16 KiB for C0000. */
    public static byte[] vgaBios() {
        return load("vitrine-vgabios.bin");
    }

    /** An option ROM that starts the Linux kernel which the machine's fw_cfg device holds. */
    public static byte[] linuxBoot() {
        return load("vitrine-linuxboot.bin");
    }

    /** An option ROM that starts the Multiboot kernel which the machine's fw_cfg device holds. */
    public static byte[] multiboot() {
        return load("vitrine-multiboot.bin");
    }

    private static byte[] load(String name) {
        try (InputStream in = FirmwareImages.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "The firmware image org/vitrine/firmware/"
                                + name
                                + " is not on the class path; firmware/build makes it");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("The firmware image " + name + " cannot be read", e);
        }
    }
}
