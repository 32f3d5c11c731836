package org.vitrine.monitor.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.vitrine.spi.testkit.Needs;

/** memtest86+, unchanged, tests this machine's memory once with all its patterns. */
class Memtest86IT {

    private static final Path PROGRAM = Path.of("/boot/memtest86+ia32.bin");
    private static final Path SEABIOS = Path.of("/usr/share/seabios");

    /** With less it finds no second place for itself, and gives up. */
    private static final String MEBIBYTES = "5";

    /** A pass is ten billion instructions and more: it also waits whether bits fade. */
    private static final Duration DEADLINE = Duration.ofMinutes(45);

    @Test
    void aPassOfAllTestsFindsNoErrors() throws Exception {
        Needs.minutes("a pass of memtest86+");
        Needs.that(Files.exists(PROGRAM), PROGRAM + " is not installed");
        Needs.that(Files.isDirectory(SEABIOS), SEABIOS + " is not installed");
        try (VitrineProcess vitrine =
                new VitrineProcess(
                        "-L",
                        SEABIOS.toString(),
                        "-m",
                        MEBIBYTES,
                        "-kernel",
                        PROGRAM.toString(),
                        "-display",
                        "none",
                        "-monitor",
                        "none")) {
            vitrine.awaitScreenText("Pass: +0 +Errors: 0", VitrineProcess.DEADLINE);
            // What it says once a whole pass is over, and only when there was no error.
            vitrine.awaitScreenText("(?s)Status: Pass.*Pass: +1 +Errors: 0", DEADLINE);
            vitrine.report("memtest86+ to the end of its first pass");
            List<String> screen = vitrine.screen();
            assertTrue(screen.getFirst().contains("Memtest86+ v"), () -> shown(screen));
            assertEquals("5MB", field(screen, "Memory +: +(\\S+)"));
            assertEquals("32KB", field(screen, "L1 Cache: +(\\S+)"));
            assertEquals("1 Cores 1 Threads", field(screen, "CPU: (\\S+ \\S+ \\S+ \\S+)"));
            assertEquals("0", field(screen, "Errors: (\\S+)"));
            vitrine.quit();
        }
    }

    private static String field(List<String> screen, String pattern) {
        return Pattern.compile(pattern)
                .matcher(shown(screen))
                .results()
                .findFirst()
                .orElseThrow(() -> new AssertionError(pattern + " is not in:\n" + shown(screen)))
                .group(1);
    }

    private static String shown(List<String> screen) {
        return String.join("\n", screen);
    }
}
