package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vitrine.core.device.firmware.MultibootKernel;
import org.vitrine.spi.testkit.Needs;

/**
 * GNU Mach as Debian builds it, a Multiboot kernel of the higher half, starts under each BIOS and
 * finds its module, in which it misses a program.
 */
class GnuMachIT {

    private static final String VARIABLE = "VITRINE_I386_GNUMACH";

    private static final Duration DEADLINE = Duration.ofSeconds(180);

    private static MultibootKernel kernel() throws Exception {
        String file = System.getenv(VARIABLE);
        Needs.that(
                file != null && Files.exists(Path.of(file)),
                VARIABLE + " names no kernel (.ci/i386-guest fetches it)");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(Path.of(file)))) {
            return new MultibootKernel(in.readAllBytes());
        }
    }

    @ParameterizedTest
    @EnumSource
    void findsItsModule(MultibootTest.Bios bios) throws Exception {
        byte[] none = "no program".getBytes(StandardCharsets.US_ASCII);
        MachineConfig config =
                MachineConfig.standard()
                        .withFirmware(bios.firmware())
                        .withBoot(
                                Boot.STANDARD.withKernel(
                                        new Boot.Multiboot(
                                                kernel(),
                                                List.of(
                                                        new MultibootKernel.Module(
                                                                "server $(task-create) word",
                                                                none)),
                                                "gnumach")));
        try (Guest guest = Guest.with(config)) {
            guest.machine().cont();
            List<String> lines =
                    guest.awaitScreen(
                            screen ->
                                    screen.stream()
                                            .anyMatch(line ->
                                                    line.endsWith("(error code -1): server")),
                            DEADLINE);
            assertTrue(lines.contains("1 multiboot modules"), lines::toString);
            assertTrue(lines.contains("module 0: server $(task-create) word"), lines::toString);
            assertTrue(lines.stream().anyMatch(line -> line.startsWith("panic ")), lines::toString);
        }
    }
}
