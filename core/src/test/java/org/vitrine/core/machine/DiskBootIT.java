package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.core.display.Goldens;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.DriveStatistics;
import org.vitrine.core.storage.ImageFormat;
import org.vitrine.core.storage.ImageRequest;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.testkit.Needs;

/** Boot loaders of Debian 12, unchanged, start from this machine's disks and CDs. */
class DiskBootIT {

    private static final Path SEABIOS = Path.of("/usr/share/seabios");

    private static final Duration DEADLINE = Duration.ofSeconds(180);

    @TempDir private Path folder;

    private String name;

    @BeforeEach
    void remember(TestInfo test) {
        name = test.getDisplayName() + " of " + test.getTestMethod().orElseThrow().getName();
    }

    private BootImages images() {
        return new BootImages(folder);
    }

    /** A machine with SeaBIOS and one drive. */
    private static Guest guest(Drive.Kind kind, Path image) throws IOException {
        Path bios = SEABIOS.resolve("bios-256k.bin");
        Needs.that(Files.exists(bios), "SeaBIOS's " + bios + " is not installed");
        boolean cd = kind == Drive.Kind.CDROM;
        Drive drive =
                new Drive(
                        cd ? "ide1-cd0" : "ide0-hd0",
                        kind,
                        new ImageRequest(image, ImageFormat.RAW, cd, !cd).open());
        return Guest.with(
                MachineConfig.standard()
                        .withMemorySize(64 * MachineConfig.MIB)
                        .withFirmware(
                                new Firmware(
                                        Files.readAllBytes(bios),
                                        Files.readAllBytes(SEABIOS.resolve("vgabios-stdvga.bin"))))
                        .withDrives(Drives.NONE.withIde(cd ? 2 : 0, drive)));
    }

    /** Says what the boot cost. */
    private void report(Guest guest) {
        DriveStatistics reads = guest.machine().config().drives().all().getFirst().statistics();
        guest.report(
                "%s, %,d bytes in %d reads"
                        .formatted(name, reads.readBytes(), reads.readOperations()));
    }

    private List<String> awaitLine(Guest guest, String text) throws InterruptedException {
        List<String> lines =
                guest.awaitScreen(
                        screen -> screen.stream().anyMatch(line -> line.contains(text)), DEADLINE);
        report(guest);
        return lines;
    }

    /** Waits until the screen shows what it should. */
    private void awaitPicture(Guest guest, String golden) throws Exception {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        Frame frame = new Frame();
        while (true) {
            guest.machine().display().read(frame);
            try {
                Goldens.assertMatches(DiskBootIT.class, frame, golden);
                report(guest);
                return;
            } catch (AssertionError notYet) {
                Duration left = Duration.ofNanos(deadline - System.nanoTime());
                if (left.isNegative()
                        || !guest.machine().display().awaitNewer(frame.generation(), left)) {
                    throw notYet;
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Drive.Kind.class,
            names = {"HARD_DISK", "CDROM"})
    void grubShowsItsMenu(Drive.Kind kind) throws Exception {
        Path image = images().grub("set timeout=-1\nmenuentry \"The first entry\" { true }\n");
        try (Guest guest = guest(kind, image)) {
            guest.machine().cont();
            List<String> lines = awaitLine(guest, "*The first entry");
            assertTrue(lines.toString().contains("GNU GRUB  version 2.06"), lines::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vga", "vbe"})
    void grubDraws(String module) throws Exception {
        String mode = module.equals("vga") ? "640x480x4" : "640x480x32";
        Path image =
                images().grub("insmod " + module + "\ninsmod videotest\nvideotest " + mode + "\n");
        try (Guest guest = guest(Drive.Kind.HARD_DISK, image)) {
            guest.machine().cont();
            awaitPicture(guest, "grub-" + module);
        }
    }

    @Test
    void isolinuxDrawsItsMenu() throws Exception {
        Path image =
                images().isolinux(
                                """
                                DEFAULT vesamenu.c32
                                MENU TITLE Vitrine boots
                                LABEL one
                                  MENU LABEL The first entry
                                  LOCALBOOT 0
                                """);
        try (Guest guest = guest(Drive.Kind.CDROM, image)) {
            guest.machine().cont();
            awaitPicture(guest, "isolinux");
        }
    }

    @Test
    void syslinuxStartsFromADiskWithFat() throws Exception {
        Path image = images().syslinux("SAY SYSLINUX is here\nDEFAULT none\nPROMPT 1\n");
        try (Guest guest = guest(Drive.Kind.HARD_DISK, image)) {
            guest.machine().cont();
            awaitLine(guest, "SYSLINUX is here");
            assertEquals(
                    0, guest.machine().config().drives().ide().get(0).statistics().failedReads());
        }
    }

    @Test
    void ipxeStarts() throws Exception {
        try (Guest guest = guest(Drive.Kind.CDROM, images().ipxe())) {
            guest.machine().cont();
            awaitLine(guest, "Open Source Network Boot Firmware");
        }
    }
}
