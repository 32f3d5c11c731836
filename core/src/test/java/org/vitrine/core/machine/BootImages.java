package org.vitrine.core.machine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.vitrine.spi.testkit.Needs;

/** Disks and CDs with the boot loaders of Debian 12, made when a test needs them. */
final class BootImages {

    private static final Path GRUB = Path.of("/usr/lib/grub/i386-pc");
    private static final Path ISOLINUX = Path.of("/usr/lib/ISOLINUX/isolinux.bin");
    private static final Path SYSLINUX_MODULES = Path.of("/usr/lib/syslinux/modules/bios");
    private static final Path IPXE = Path.of("/usr/lib/ipxe/ipxe.iso");

    private final Path folder;

    /** Images that are made in this folder. */
    BootImages(Path folder) {
        this.folder = folder;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Needs.programs(command[0]);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(List.of(command) + ": " + output);
        }
    }

    private static void needs(Path file, String debianPackage) {
        Needs.that(
                Files.exists(file),
                file + " is not there (Debian's package " + debianPackage + ")");
    }

    /** GRUB with this configuration; the image boots from a CD and from a hard disk. */
    Path grub(String configuration) throws IOException, InterruptedException {
        needs(GRUB, "grub-pc-bin");
        Needs.programs("grub-mkrescue", "xorriso", "mformat");
        Path tree = Files.createDirectories(folder.resolve("grub/boot/grub"));
        Files.writeString(tree.resolve("grub.cfg"), configuration);
        Path image = folder.resolve("grub.img");
        run(
                "grub-mkrescue",
                "-d",
                GRUB.toString(),
                "-o",
                image.toString(),
                folder.resolve("grub").toString());
        return image;
    }

    /** A CD with ISOLINUX, its graphical menu and this configuration. */
    Path isolinux(String configuration) throws IOException, InterruptedException {
        needs(ISOLINUX, "isolinux");
        needs(SYSLINUX_MODULES, "syslinux-common");
        Path tree = Files.createDirectories(folder.resolve("cd/isolinux"));
        Files.copy(ISOLINUX, tree.resolve("isolinux.bin"));
        for (String module : List.of("ldlinux", "vesamenu", "libcom32", "libutil")) {
            Files.copy(SYSLINUX_MODULES.resolve(module + ".c32"), tree.resolve(module + ".c32"));
        }
        Files.writeString(tree.resolve("isolinux.cfg"), configuration);
        Path image = folder.resolve("isolinux.iso");
        run(
                "xorriso",
                "-as",
                "mkisofs",
                "-quiet",
                "-o",
                image.toString(),
                "-b",
                "isolinux/isolinux.bin",
                "-c",
                "isolinux/boot.cat",
                "-no-emul-boot",
                "-boot-load-size",
                "4",
                "-boot-info-table",
                folder.resolve("cd").toString());
        return image;
    }

    /** A disk with a FAT file system and SYSLINUX on it. */
    Path syslinux(String configuration) throws IOException, InterruptedException {
        Needs.programs("mformat", "mcopy", "syslinux");
        Path image = folder.resolve("syslinux.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(32 << 20);
        }
        Path written = Files.writeString(folder.resolve("syslinux.cfg"), configuration);
        String at = image.toString();
        run("mformat", "-i", at, "-v", "SYS", "-T", "65536", "-h", "64", "-s", "32", "::");
        run("mcopy", "-i", at, written.toString(), "::");
        run("syslinux", "--install", at);
        return image;
    }

    /** A CD with iPXE. */
    Path ipxe() {
        needs(IPXE, "ipxe");
        return IPXE;
    }
}
