package org.vitrine.monitor.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.spi.testkit.Needs;

/** {@code -sharedmaps} as users give it: what is printed, what is left, and what Python sees. */
class SharedMapsIT {

    @TempDir private Path folder;

    private record Outcome(int status, String output) {}

    private static Outcome run(ProcessBuilder command) throws Exception {
        Process process =
                command.redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(VitrineProcess.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("it did not end");
        }
        return new Outcome(process.exitValue(), output);
    }

    private static void assertRefused(int status, String message, String... options)
            throws Exception {
        Outcome outcome = run(VitrineProcess.command(options));
        assertEquals(List.of("vitrine: -sharedmaps " + message), outcome.output().lines().toList());
        assertEquals(status, outcome.status());
    }

    private VitrineProcess start(String maps) throws Exception {
        return new VitrineProcess(
                "-monitor",
                "none",
                "-display",
                "none",
                "-m",
                "16",
                "-sharedmaps",
                prefix() + ":" + maps);
    }

    private Path prefix() {
        return folder.resolve("vm");
    }

    private Path file(String name) {
        return folder.resolve("vm." + name);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void questionMarkListsTheNamesWithTheirSizes() throws Exception {
        for (String word : List.of("?", "help")) {
            Outcome outcome = run(VitrineProcess.command("-m", "4G", "-sharedmaps", word));
            assertEquals(0, outcome.status(), outcome.output());
            Map<String, String> sizes = new HashMap<>();
            for (String line : outcome.output().lines().toList()) {
                String[] words = line.trim().split(" +");
                sizes.put(words[0], words[1]);
            }
            assertEquals("655360", sizes.get("640k"));
            assertEquals("3220176896", sizes.get("below_4g"));
            assertEquals("1073741824", sizes.get("above_4g"));
            assertEquals("16777216", sizes.get("vga"));
            assertEquals("131072", sizes.get("option_rom"));
            assertTrue(
                    sizes.keySet().containsAll(List.of("bios", "display", "all")),
                    outcome.output());
        }
    }

    @Test
    void aWrongCommandLineIsOneLineAndStatusTwo() throws Exception {
        assertRefused(
                2,
                "there is no map 'vgb'; names are 640k, below_4g, above_4g, vga, bios, option_rom,"
                        + " display, all",
                "-sharedmaps",
                prefix() + ":vgb");
        assertRefused(
                2,
                "above_4g: this machine has no RAM there; it takes -m 3585 or more",
                "-sharedmaps",
                prefix() + ":above_4g");
        assertEquals(List.of(), files());
    }

    @Test
    void whatStandsInTheWayIsOneLineAndStatusOne() throws Exception {
        Files.createSymbolicLink(file("vga"), folder.resolve("elsewhere"));
        assertRefused(
                1,
                file("vga") + " is a link, and links are not followed",
                "-sharedmaps",
                prefix() + ":vga");
        assertRefused(
                1,
                folder.resolve("no") + ": no such folder",
                "-sharedmaps",
                folder.resolve("no/vm") + ":vga");
        assertEquals(List.of("vm.vga"), files());
    }

    @Test
    void aStartThatFailsLaterLeavesNothing() throws Exception {
        Outcome outcome =
                run(
                        VitrineProcess.command(
                                "-monitor",
                                "none",
                                "-sharedmaps",
                                prefix() + ":all,keep=on",
                                "-display",
                                "vnc,port=x"));
        assertEquals(2, outcome.status(), outcome.output());
        assertEquals(1, outcome.output().lines().count(), outcome.output());
        assertEquals(List.of(), files());
    }

    @Test
    void twoAtOnceAreRefusedAndAnEndRemovesAll() throws Exception {
        try (VitrineProcess first = start("all")) {
            List<String> before = files();
            Outcome second =
                    run(
                            VitrineProcess.command(
                                    "-monitor",
                                    "none",
                                    "-display",
                                    "none",
                                    "-sharedmaps",
                                    prefix() + ":vga"));
            assertEquals(1, second.status());
            assertTrue(
                    second.output()
                            .startsWith(
                                    "vitrine: -sharedmaps "
                                            + file("lock")
                                            + " is in use by process "),
                    second.output());
            assertEquals(1, second.output().lines().count(), second.output());
            assertEquals(before, files());
            first.awaitPrompt();
            assertEquals(0, first.quit());
        }
        assertEquals(List.of(), files());
    }

    @Test
    void aKilledEmulatorsFilesAreReplacedByTheNextStart() throws Exception {
        VitrineProcess first = start("640k,display");
        first.awaitPrompt();
        first.close(); // SIGKILL
        assertEquals(List.of("vm.640k", "vm.display", "vm.lock", "vm.sock"), files());
        try (VitrineProcess second = start("vga")) {
            second.awaitPrompt();
            assertEquals(List.of("vm.lock", "vm.sock", "vm.vga"), files());
            assertEquals(0, second.quit());
        }
        assertEquals(List.of(), files());
    }

    @Test
    void keptFilesStayAfterTheEnd() throws Exception {
        try (VitrineProcess first = start("bios,keep=on")) {
            assertEquals(0, first.quit());
        }
        assertEquals(List.of("vm.bios", "vm.lock"), files());
        try (VitrineProcess second = start("bios,keep=on")) {
            second.awaitPrompt();
            assertEquals(0, second.quit());
        }
        assertEquals(List.of("vm.bios", "vm.lock"), files());
    }

    @Test
    void aTerminatedEmulatorRemovesItsFiles() throws Exception {
        try (VitrineProcess emulator = start("all")) {
            emulator.awaitPrompt();
            emulator.terminate();
            emulator.awaitExit();
        }
        assertEquals(List.of(), files());
    }

    @Test
    void eachFrameIsWrittenThroughWhenThatIsAskedFor() throws Exception {
        try (VitrineProcess emulator = start("display,sync=on")) {
            emulator.awaitPrompt();
            assertEquals(0, emulator.quit());
        }
    }

    private static final String PYTHON =
            """
            import mmap, sys
            with open(sys.argv[1], "r+b") as f:
                m = mmap.mmap(f.fileno(), 0)
            at = int(sys.argv[2])
            for i, c in enumerate(sys.argv[3]):
                m[at + 4 * i] = ord(c)
                m[at + 4 * i + 1] = 0x1F
            """;

    @Test
    void pythonWritesToTheScreenAndTheMapsSayWhoReads() throws Exception {
        try (VitrineProcess emulator = start("vga,640k")) {
            emulator.awaitPrompt();
            ProcessBuilder python =
                    new ProcessBuilder(
                            "python3",
                            "-c",
                            PYTHON,
                            file("vga").toString(),
                            Integer.toString(4 * 80 * 22),
                            "hello");
            Outcome outcome = run(python);
            assertEquals(0, outcome.status(), outcome.output());
            emulator.awaitScreen(lines -> lines.get(22).equals("hello"));

            Process reader =
                    new ProcessBuilder(
                                    "python3",
                                    "-c",
                                    "import mmap, sys\n"
                                            + "f = open(sys.argv[1], 'rb')\n"
                                            + "m = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)\n"
                                            + "print('ready', flush=True)\n"
                                            + "sys.stdin.read()\n",
                                    file("vga").toString())
                            .start();
            assertEquals("ready", reader.inputReader().readLine());
            JsonArray maps = emulator.execute("query-maps").getAsJsonArray();
            reader.destroy();
            Map<String, JsonObject> byName = new HashMap<>();
            for (JsonElement map : maps) {
                byName.put(map.getAsJsonObject().get("name").getAsString(), map.getAsJsonObject());
            }
            assertEquals(
                    "[" + reader.pid() + "]", byName.get("vga").getAsJsonArray("pids").toString());
            assertEquals(1, byName.get("vga").get("readers").getAsInt());
            assertEquals(file("vga").toString(), byName.get("vga").get("path").getAsString());
            assertEquals(0, byName.get("640k").get("address").getAsLong());
            assertEquals(0, byName.get("640k").get("readers").getAsInt());
            assertFalse(byName.get("display").has("address"));
            assertEquals(0, emulator.quit());
        }
    }

    @Test
    void aFullFileSystemStopsTheMachineWithALineInTheLog() throws Exception {
        Path small = Files.createDirectory(folder.resolve("small"));
        Outcome mounted =
                run(
                        new ProcessBuilder(
                                "mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                "size=1m",
                                "tmpfs",
                                small.toString()));
        Needs.that(
                mounted.status() == 0,
                "this test may not mount a small file system: " + mounted.output());
        try (VitrineProcess emulator =
                new VitrineProcess(
                        "-monitor",
                        "none",
                        "-display",
                        "none",
                        "-S",
                        "-sharedmaps",
                        small.resolve("vm") + ":640k")) {
            Files.write(small.resolve("filler"), new byte[(int) small.toFile().getUsableSpace()]);
            emulator.execute("cont");
            emulator.awaitEvent("STOP");
            assertEquals(
                    "internal-error",
                    emulator.execute("query-status").getAsJsonObject().get("status").getAsString());
            assertTrue(
                    emulator.output()
                            .contains(
                                    "the machine is stopped: the file system of "
                                            + small
                                            + " is full"),
                    emulator.output());
            assertEquals(0, emulator.quit());
        } finally {
            run(new ProcessBuilder("umount", "-l", small.toString()));
        }
    }
}
