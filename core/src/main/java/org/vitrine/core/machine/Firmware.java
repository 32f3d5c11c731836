package org.vitrine.core.machine;

import java.util.List;
import org.vitrine.firmware.FirmwareImages;

/**
 * The images in a machine's ROMs.
 *
 * @param bios the system BIOS, a multiple of 64 KiB, at most 256 KiB
 * @param vgaBios the VGA BIOS, at most 64 KiB; empty for none
 * @param optionRoms the ROMs of other cards, at most 64 KiB together
 */
public record Firmware(byte[] bios, byte[] vgaBios, List<OptionRom> optionRoms) {

    /** Option ROMs begin at multiples of this. */
    private static final int OPTION_ROM_STEP = 0x800;

    private static final int OPTION_ROMS_SIZE = 0x10000;

    /**
     * A ROM that extends the system BIOS.
     *
     * @param name for firmware that asks for ROMs by their names
     */
    public record OptionRom(String name, byte[] image) {}

    public Firmware {
        optionRoms = List.copyOf(optionRoms);
        if (bios.length == 0 || bios.length % 0x10000 != 0 || bios.length > 0x40000) {
            throw new IllegalArgumentException(
                    "a system BIOS has 64, 128, 192 or 256 KiB, not " + bios.length + " bytes");
        }
        if (vgaBios.length > 0x10000) {
            throw new IllegalArgumentException(
                    "a VGA BIOS has at most 64 KiB, not " + vgaBios.length + " bytes");
        }
        optionRomSpace(optionRoms);
    }

    /** The two ROMs that every machine has. */
    public Firmware(byte[] bios, byte[] vgaBios) {
        this(bios, vgaBios, List.of());
    }

    /** The project's own. */
    public static Firmware standard() {
        return new Firmware(FirmwareImages.systemBios(), FirmwareImages.vgaBios());
    }

    public Firmware withBios(byte[] image) {
        return new Firmware(image, vgaBios, optionRoms);
    }

    public Firmware withVgaBios(byte[] image) {
        return new Firmware(bios, image, optionRoms);
    }

    public Firmware withOptionRoms(List<OptionRom> roms) {
        return new Firmware(bios, vgaBios, roms);
    }

    /**
     * Option ROMs as they lie in 64 KiB of address space, one behind another.
     *
     * @throws IllegalArgumentException when they don't fit
     */
    static byte[] optionRomSpace(List<OptionRom> roms) {
        byte[] space = new byte[OPTION_ROMS_SIZE];
        int at = 0;
        for (OptionRom rom : roms) {
            int end = at + rom.image().length;
            if (end > OPTION_ROMS_SIZE) {
                throw new IllegalArgumentException(
                        "option ROMs have at most 64 KiB together, and there is no room for "
                                + rom.name());
            }
            System.arraycopy(rom.image(), 0, space, at, rom.image().length);
            at = (end + OPTION_ROM_STEP - 1) & -OPTION_ROM_STEP;
        }
        return space;
    }
}
