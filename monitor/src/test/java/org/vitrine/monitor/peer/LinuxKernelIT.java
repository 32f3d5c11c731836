package org.vitrine.monitor.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vitrine.spi.testkit.Needs;

/**
 * Debian's kernel, unchanged, through each BIOS to its first program, which switches it off: by the
 * registers that the BIOS's ACPI tables name.
 */
class LinuxKernelIT {

    private static final Path KERNEL =
            Path.of("/usr/lib/debian-installer/images/12/i386/text/debian-installer/i386/linux");

    /** The kernel has billions of instructions before its first program. */
    private static final Duration DEADLINE = Duration.ofMinutes(45);

    /** Firmware that the kernel is started through. */
    private enum Bios {
        OWN("Vitrine's BIOS") {
            @Override
            List<String> options() {
                return List.of();
            }
        },
        SEABIOS("SeaBIOS") {
            @Override
            List<String> options() {
                Needs.that(Files.isDirectory(FOLDER), FOLDER + " is not installed");
                return List.of("-L", FOLDER.toString());
            }
        };

        private static final Path FOLDER = Path.of("/usr/share/seabios");

        private final String words;

        Bios(String words) {
            this.words = words;
        }

        abstract List<String> options();
    }

    @TempDir private Path folder;

    private static byte[] program() throws Exception {
        String name = "/org/vitrine/monitor/plugin/poweroff.bin";
        try (InputStream in = LinuxKernelIT.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    private VitrineProcess start(Bios bios, SerialConsole console) throws Exception {
        Path initrd = new Initrd().file("init", program()).write(folder.resolve("initrd"));
        List<String> options = new ArrayList<>(bios.options());
        Collections.addAll(
                options,
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
                "-no-shutdown");
        return new VitrineProcess(options.toArray(String[]::new));
    }

    @ParameterizedTest
    @EnumSource
    void runsItsFirstProgramAndSwitchesTheMachineOff(Bios bios) throws Exception {
        Needs.that(Files.exists(KERNEL), KERNEL + " is not installed");
        try (SerialConsole console = new SerialConsole(folder);
                VitrineProcess vitrine = start(bios, console)) {
            console.await("init runs, and switches off", DEADLINE);
            console.await("reboot: Power down", VitrineProcess.DEADLINE);
            vitrine.awaitStatus("shutdown");
            vitrine.report(
                    "Debian's installer's kernel under "
                            + bios.words
                            + " to the end of its first program");
            String log = console.text();
            assertTrue(log.contains("ACPI: Core revision"), log);
            assertTrue(log.contains("pci 0000:00:02.0: [1234:1111]"), log);
            assertEquals(0, vitrine.quit());
        }
    }
}
