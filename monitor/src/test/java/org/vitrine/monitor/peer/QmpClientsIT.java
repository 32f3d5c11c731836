package org.vitrine.monitor.peer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.spi.testkit.Needs;

/**
 * A session of each of QMP's known clients, as their users write it: negotiate, ask, be told of
 * events, be refused, press a key, take a picture, quit.
 */
class QmpClientsIT {

    /** The scripts, beside the tests' sources. */
    private static final Path SCRIPTS =
            Path.of(System.getProperty("vitrine.root", ".."))
                    .resolve("monitor/src/test/peers")
                    .toAbsolutePath();

    /** Go compiles its own library first. */
    private static final Duration COMPILING = Duration.ofMinutes(15);

    @TempDir private Path folder;

    private List<String> session(String... command) throws Exception {
        try (VitrineProcess vitrine =
                new VitrineProcess("-monitor", "none", "-display", "none", "-name", "peers")) {
            vitrine.awaitPrompt();
            Path picture = folder.resolve("picture.png");
            String[] all = Arrays.copyOf(command, command.length + 2);
            all[command.length] = vitrine.folder().resolve("qmp.sock").toString();
            all[command.length + 1] = picture.toString();
            List<String> printed = Peer.run(folder, all).lines().toList();
            byte[] start = Arrays.copyOf(Files.readAllBytes(picture), 8);
            assertArrayEquals("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1), start);
            assertEquals(0, vitrine.awaitExit());
            return printed;
        }
    }

    @Test
    void qemusPythonClientRunsASession() throws Exception {
        Needs.programs("python3");
        Path sources = Needs.folder("VITRINE_QEMU_PYTHON");
        assertEquals(
                List.of(
                        "version 7 2",
                        "events STOP RESUME",
                        "status running",
                        "described True",
                        "refused CommandNotFound",
                        "shutdown host-qmp-quit"),
                session(
                        "env",
                        "PYTHONPATH=" + sources,
                        "python3",
                        SCRIPTS.resolve("session.py").toString()));
    }

    @Test
    void goQemuRunsASession() throws Exception {
        Needs.programs("go");
        Path program = folder.resolve("session");
        Peer.run(
                folder,
                COMPILING,
                "env",
                "GO111MODULE=off",
                "GOPATH=" + Needs.folder("VITRINE_GOPATH"),
                "GOCACHE=" + folder.resolve("go"),
                "go",
                "build",
                "-o",
                program.toString(),
                SCRIPTS.resolve("session.go").toString());
        assertEquals(
                List.of(
                        "version 7 2",
                        "event STOP",
                        "event RESUME",
                        "status running",
                        "refused The command no-such-command has not been found",
                        "shutdown host-qmp-quit"),
                session(program.toString()));
    }

    @Test
    void npmQemuQmpRunsASession() throws Exception {
        Needs.programs("node");
        assertEquals(
                List.of(
                        "version 7 2",
                        "event STOP",
                        "event RESUME",
                        "status running",
                        "refused The command no-such-command has not been found",
                        "event SHUTDOWN"),
                session(
                        "env",
                        "NODE_NO_WARNINGS=1",
                        "NODE_PATH=" + Needs.folder("VITRINE_NODE_MODULES"),
                        "node",
                        SCRIPTS.resolve("session.js").toString()));
    }
}
