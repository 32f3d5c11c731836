package org.vitrine.monitor.peer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.spi.testkit.Needs;

/**
 * Debian's installer, unchanged, to its first screen: with 256 MiB it says that this is little, and
 * would go on.
 */
class InstallerIT {

    private static final Path INSTALLER =
            Path.of("/usr/lib/debian-installer/images/12/i386/text/debian-installer/i386");
    private static final Path SEABIOS = Path.of("/usr/share/seabios");

    /** Six billion instructions, of which two unpack the kernel and its first file system. */
    private static final Duration DEADLINE = Duration.ofMinutes(30);

    /** The kernel's tests of its ciphers take longer than all the rest. */
    private static final String KERNEL_OPTIONS = "cryptomgr.notests";

    @TempDir private Path folder;

    private static VitrineProcess start(String kernelOptions, String... options) throws Exception {
        Needs.minutes("Debian's installer");
        Needs.that(
                Files.isDirectory(INSTALLER),
                INSTALLER + " is not there (Debian's package debian-installer-12-netboot-i386)");
        Needs.that(Files.isDirectory(SEABIOS), SEABIOS + " is not installed");
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "-L",
                                SEABIOS.toString(),
                                "-m",
                                "256",
                                "-display",
                                "none",
                                "-monitor",
                                "none",
                                "-kernel",
                                INSTALLER.resolve("linux").toString(),
                                "-initrd",
                                INSTALLER.resolve("initrd.gz").toString(),
                                "-append",
                                kernelOptions));
        Collections.addAll(all, options);
        return new VitrineProcess(all.toArray(String[]::new));
    }

    @Test
    void showsItsFirstScreenOnTheSerialLine() throws Exception {
        try (SerialConsole console = new SerialConsole(folder);
                VitrineProcess vitrine =
                        start(
                                KERNEL_OPTIONS + " console=ttyS0",
                                "-chardev",
                                console.chardev("tty"),
                                "-serial",
                                "chardev:tty")) {
            console.await("Run /init as init process", DEADLINE);
            vitrine.report("Debian's installer, serial line, to its first program");
            console.await("[!!] Low memory", DEADLINE);
            console.await("Insufficient memory", VitrineProcess.DEADLINE);
            console.await("<Continue>", VitrineProcess.DEADLINE);
            console.await("<Tab> moves; <Space> selects", VitrineProcess.DEADLINE);
            vitrine.report("Debian's installer, serial line, to its first screen");
            vitrine.quit();
        }
    }

    @Test
    void showsItsFirstScreenOnTheVga() throws Exception {
        // As users say who want the VGA's own text and no frame buffer.
        try (VitrineProcess vitrine = start(KERNEL_OPTIONS + " vga=normal nomodeset fb=false")) {
            vitrine.awaitScreenText("Run /init as init process", DEADLINE);
            vitrine.report("Debian's installer, VGA, to its first program");
            vitrine.awaitScreenText("\\[!!\\] Low memory", DEADLINE);
            vitrine.awaitScreenText("Insufficient memory", VitrineProcess.DEADLINE);
            vitrine.awaitScreenText("<Continue>", VitrineProcess.DEADLINE);
            vitrine.awaitScreenText("<Tab> moves; <Space> selects", VitrineProcess.DEADLINE);
            vitrine.report("Debian's installer, VGA, to its first screen");
            vitrine.quit();
        }
    }
}
