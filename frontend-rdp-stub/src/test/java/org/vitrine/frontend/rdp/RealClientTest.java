package org.vitrine.frontend.rdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.testkit.InEachPlacement;
import org.vitrine.spi.testkit.Needs;
import org.vitrine.spi.testkit.Placement;
import org.vitrine.spi.testkit.TestHost;

/** What clients that people use make of this server; skipped where they are not installed. */
@InEachPlacement
@Timeout(240)
class RealClientTest {

    @TempDir private Path home;

    private final TestHost host;
    private Frontend frontend;
    private int port;

    RealClientTest(Placement placement) {
        host = placement.newHost();
    }

    @AfterEach
    void close() throws InterruptedException {
        try (host) {
            if (frontend != null) {
                frontend.close();
            }
            host.awaitNothingRuns();
            assertEquals(List.of(), host.crashes());
        }
    }

    /** Listens for this client; skips the test when it is not installed. */
    private void listenFor(String program) throws FrontendException, InterruptedException {
        Needs.programs(program, "xvfb-run");
        FrontendProvider provider = new RdpStubProvider();
        frontend = host.attach(provider, provider.options().parse(Map.of("port", "0")));
        port = frontend.status().endpoints().getFirst().port();
    }

    /**
     * Runs a client on a screen of its own; what it printed. It must end by itself, and not well.
     */
    private String run(String program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("xvfb-run", "-a", program));
        command.addAll(List.of(arguments));
        Path output = home.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .redirectInput(new File("/dev/null"));
        builder.environment().put("HOME", home.toString());
        Process process = builder.start();
        try {
            assertTrue(
                    process.waitFor(60, TimeUnit.SECONDS),
                    () -> program + " did not end: " + text(output));
            assertNotEquals(0, process.exitValue(), text(output));
            return text(output);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "no output: " + e;
        }
    }

    private long count(String counter) {
        return frontend.status().counters().get(counter);
    }

    @Test
    void freeRdpSaysThatTheServerHasNoTls() throws Exception {
        listenFor("xfreerdp");
        String output =
                run(
                        "xfreerdp",
                        "/v:127.0.0.1:" + port,
                        "/u:anna",
                        "/p:secret",
                        "/cert:ignore",
                        "/sec:tls");
        assertTrue(output.contains("SSL_NOT_ALLOWED_BY_SERVER"), output);
        assertEquals(1, count("refused"), output);
        assertEquals(0, count("malformed"), output);
    }

    @Test
    void freeRdpWithStandardSecurityIsConfirmedAndThenDisconnected() throws Exception {
        listenFor("xfreerdp");
        String output = run("xfreerdp", "/v:127.0.0.1:" + port, "/u:anna", "/p:secret", "/sec:rdp");
        assertTrue(count("confirmed") > 0, output);
        assertEquals(0, count("malformed"), output);
    }

    @Test
    void rdesktopEndsByItself() throws Exception {
        listenFor("rdesktop");
        String output = run("rdesktop", "-u", "anna", "-p", "secret", "127.0.0.1:" + port);
        assertTrue(count("refused") + count("confirmed") > 0, output);
        assertEquals(0, count("malformed"), output);
    }
}
