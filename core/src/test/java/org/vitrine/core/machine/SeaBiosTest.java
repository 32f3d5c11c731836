package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.spi.testkit.Needs;

/** SeaBIOS and its VGA BIOS as Debian builds them, unchanged, on this machine. */
final class SeaBiosTest {

    private static final Path FOLDER = Path.of("/usr/share/seabios");
    private static final String NOTHING_TO_BOOT = "No bootable device.  Retrying in 60 seconds.";

    /** The letters that ACPI's root pointer begins with. */
    private static final long RSD_PTR = 0x2052_5450_2044_5352L;

    private static MachineConfig machine(String bios, long mebibytes) throws IOException {
        Path image = FOLDER.resolve(bios);
        Needs.that(Files.exists(image), "SeaBIOS's " + image + " is not installed");
        return MachineConfig.standard()
                .withMemorySize(mebibytes * MachineConfig.MIB)
                .withFirmware(
                        new Firmware(
                                Files.readAllBytes(image),
                                Files.readAllBytes(FOLDER.resolve("vgabios-stdvga.bin"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bios-256k.bin", "bios.bin"})
    void goesThroughItsSelfTestToWhereADiskIsMissing(String image) throws Exception {
        try (Guest guest = Guest.with(machine(image, 64))) {
            guest.machine().cont();
            List<String> lines = guest.awaitScreen(screen -> screen.contains(NOTHING_TO_BOOT));
            guest.report("SeaBIOS's " + image + " to where a disk is missing");
            assertTrue(lines.getFirst().startsWith("SeaBIOS (version "), lines.getFirst());
            String log = guest.awaitConsole("No bootable device", 1);
            for (String wanted :
                    List.of(
                            "Running on QEMU (i440fx)",
                            "QEMU fw_cfg DMA interface supported",
                            "PCI: init bdf=00:00.0 id=8086:1237",
                            "PCI: init bdf=00:01.0 id=8086:7000",
                            "PCI: init bdf=00:01.3 id=8086:7113",
                            "PCI: map device bdf=00:02.0  bar 0, addr fd000000, size 01000000",
                            "Using pmtimer, ioport 0x608",
                            "VBE DISPI: lfb_addr=fd000000, size 16 MB",
                            "PS2 keyboard initialized",
                            "Running option rom at c000:0003")) {
                assertTrue(log.contains(wanted), "'" + wanted + "' is not in: " + log);
            }
            assertEquals(0xFD00_0000L, framebuffer(guest));
            assertTrue(acpiRoot(guest) >= 0xF_0000, "there is no ACPI root pointer");
        }
    }

    /** Where ACPI's root pointer is, or -1. */
    private static long acpiRoot(Guest guest) {
        for (long at = 0xE_0000; at < 0x10_0000; at += 16) {
            if (guest.memory(at, 8) == RSD_PTR) {
                return at;
            }
        }
        return -1;
    }

    private static long framebuffer(Guest guest) {
        return guest.machine().call(() -> guest.machine().pc().vga().framebuffer());
    }

    @Test
    void findsMemoryAboveFourGibibytes() throws Exception {
        try (Guest guest = Guest.with(machine("bios-256k.bin", 5 * 1024))) {
            guest.machine().cont();
            String log = guest.awaitConsole("e820 map has", 1);
            assertTrue(
                    log.contains("qemu/e820: addr 0x0000000100000000 len 0x0000000080000000 [RAM]"),
                    log);
            assertTrue(log.contains("PCI: 32: 00000000c0000000 - 00000000fec00000"), log);
        }
    }

    @Test
    void offersAChoiceOfDevices() throws Exception {
        MachineConfig config = machine("bios-256k.bin", 64);
        try (Guest guest = Guest.with(config.withBoot(Boot.STANDARD.withMenu(true)))) {
            guest.machine().cont();
            guest.awaitScreen(screen -> screen.contains("Press ESC for boot menu."));
        }
    }

    @Test
    void startsAgainAfterAReset() throws Exception {
        try (Guest guest = Guest.with(machine("bios-256k.bin", 64))) {
            guest.machine().cont();
            guest.awaitConsole("No bootable device", 1);
            guest.machine().reset();
            guest.awaitConsole("No bootable device", 2);
            guest.machine()
                    .call(() -> {
                        guest.machine().pc().ports().write(0xCF9, 1, 0x06);
                        return null;
                    });
            guest.awaitConsole("No bootable device", 3);
        }
    }

    @Test
    void anOptionRomIsFoundByItsName() throws Exception {
        MachineConfig config = machine("bios-256k.bin", 64);
        Firmware.OptionRom rom = VideoProgram.optionRom("text", 10);
        try (Guest guest =
                Guest.with(config.withFirmware(config.firmware().withOptionRoms(List.of(rom))))) {
            guest.machine().cont();
            guest.awaitConsole("Searching bootorder for: /rom@genroms/text", 1);
        }
    }
}
