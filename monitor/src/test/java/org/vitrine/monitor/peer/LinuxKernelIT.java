package org.vitrine.monitor.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.spi.testkit.Needs;

/** Debian's kernel, unchanged, through SeaBIOS to its first program, which switches it off. */
class LinuxKernelIT {

    private static final Path KERNEL =
            Path.of("/usr/lib/debian-installer/images/12/i386/text/debian-installer/i386/linux");
    private static final Path SEABIOS = Path.of("/usr/share/seabios");

    /** The kernel has billions of instructions before its first program. */
    private static final Duration DEADLINE = Duration.ofMinutes(15);

    @TempDir private Path folder;

    private static byte[] program() throws Exception {
        String name = "/org/vitrine/monitor/plugin/poweroff.bin";
        try (InputStream in = LinuxKernelIT.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void runsItsFirstProgramAndSwitchesTheMachineOff() throws Exception {
        Needs.that(Files.exists(KERNEL), KERNEL + " is not installed");
        Needs.that(Files.isDirectory(SEABIOS), SEABIOS + " is not installed");
        Path initrd = new Initrd().file("init", program()).write(folder.resolve("initrd"));
        try (SerialConsole console = new SerialConsole(folder);
                VitrineProcess vitrine =
                        new VitrineProcess(
                                "-L",
                                SEABIOS.toString(),
                                "-m",
                                "48",
                                "-display",
                                "none",
                                "-monitor",
                                "none",
                                "-chardev",
                                console.chardev("tty"),
                                "-serial",
                                "chardev:tty",
                                "-kernel",
                                KERNEL.toString(),
                                "-initrd",
                                initrd.toString(),
                                // The kernel's tests of its ciphers take longer than all the rest.
                                "-append",
                                "console=ttyS0 cryptomgr.notests panic=-1",
                                "-no-reboot",
                                // So that it can be asked what it has done.
                                "-no-shutdown")) {
            console.await("init runs, and switches off", DEADLINE);
            console.await("reboot: Power down", VitrineProcess.DEADLINE);
            vitrine.awaitStatus("shutdown");
            vitrine.report("Debian's installer's kernel to the end of its first program");
            String log = console.text();
            assertTrue(log.contains("ACPI: Core revision"), log);
            assertTrue(log.contains("pci 0000:00:02.0: [1234:1111]"), log);
            assertEquals(0, vitrine.quit());
        }
    }
}
