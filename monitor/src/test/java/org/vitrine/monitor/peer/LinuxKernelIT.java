package org.vitrine.monitor.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
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

    private static final int EXECUTABLE = 0100755;

    @TempDir private Path folder;

    /** An archive as the kernel unpacks it: of one program, as {@code /init}. */
    private Path initrd() throws IOException {
        byte[] program;
        String name = "/org/vitrine/monitor/plugin/poweroff.bin";
        try (InputStream in = LinuxKernelIT.class.getResourceAsStream(name)) {
            program = in.readAllBytes();
        }
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        add(archive, "init", EXECUTABLE, program);
        add(archive, "TRAILER!!!", 0, new byte[0]);
        return Files.write(folder.resolve("initrd"), archive.toByteArray());
    }

    /** Adds a file in cpio's format "newc". */
    private static void add(ByteArrayOutputStream archive, String name, int mode, byte[] content) {
        String header =
                String.format(
                        "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s\0",
                        1,
                        mode,
                        0,
                        0,
                        1,
                        0,
                        content.length,
                        0,
                        0,
                        0,
                        0,
                        name.length() + 1,
                        0,
                        name);
        archive.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        pad(archive);
        archive.writeBytes(content);
        pad(archive);
    }

    private static void pad(ByteArrayOutputStream archive) {
        while (archive.size() % 4 != 0) {
            archive.write(0);
        }
    }

    @Test
    void runsItsFirstProgramAndSwitchesTheMachineOff() throws Exception {
        Needs.that(Files.exists(KERNEL), KERNEL + " is not installed");
        Needs.that(Files.isDirectory(SEABIOS), SEABIOS + " is not installed");
        Path serial = folder.resolve("serial.txt");
        Process process =
                VitrineProcess.command(
                                "-L",
                                SEABIOS.toString(),
                                "-m",
                                "48",
                                "-display",
                                "none",
                                "-monitor",
                                "none",
                                "-serial",
                                "file:" + serial,
                                "-kernel",
                                KERNEL.toString(),
                                "-initrd",
                                initrd().toString(),
                                // The kernel's tests of its ciphers take longer than all the rest.
                                "-append",
                                "console=ttyS0 cryptomgr.notests panic=-1",
                                "-no-reboot")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            assertTrue(
                    process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS),
                    () -> "the kernel did not end; it wrote: " + text(serial));
        } finally {
            process.destroyForcibly();
        }
        String log = text(serial);
        assertTrue(log.contains("init runs, and switches off"), log);
        assertTrue(log.contains("reboot: Power down"), log);
        assertTrue(log.contains("ACPI: Core revision"), log);
        assertTrue(log.contains("pci 0000:00:02.0: [1234:1111]"), log);
        assertEquals(0, process.exitValue());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "nothing: " + e.getMessage();
        }
    }
}
