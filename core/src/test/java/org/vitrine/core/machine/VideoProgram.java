package org.vitrine.core.machine;

import java.io.IOException;
import java.io.InputStream;

/**
 * The guest programs of {@code src/test/asm/video}, which show pictures. Each is an option ROM, so
 * that a machine needs no disk to run it.
 */
final class VideoProgram {

    /** Where a program has been told what to do, once it runs; a byte. */
    static final long CHOICE_ADDRESS = 0x7C05;

    private static final int CHOICE = 5;
    private static final int BALANCE = 6;

    private VideoProgram() {}

    /** A program as an option ROM. */
    static Firmware.OptionRom optionRom(String name, int choice) throws IOException {
        byte[] image;
        try (InputStream in = VideoProgram.class.getResourceAsStream("/video/" + name + ".bin")) {
            if (in == null) {
                throw new IOException("there is no program /video/" + name + ".bin");
            }
            image = in.readAllBytes();
        }
        // The bytes of an option ROM sum to zero.
        image[BALANCE] -= (byte) (choice - image[CHOICE]);
        image[CHOICE] = (byte) choice;
        return new Firmware.OptionRom(name, image);
    }
}
