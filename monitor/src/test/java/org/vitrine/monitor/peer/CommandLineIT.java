package org.vitrine.monitor.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the command answers, and how it ends, when it is asked for something that it can't do. */
class CommandLineIT {

    private record Outcome(int status, String output) {}

    private static Outcome run(String... options) throws Exception {
        Process process =
                VitrineProcess.command(options)
                        .redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(VitrineProcess.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("it did not end");
        }
        return new Outcome(process.exitValue(), output);
    }

    private static void assertOneLine(int status, String message, Outcome outcome) {
        assertEquals(List.of("vitrine: " + message), VitrineProcess.said(outcome.output()));
        assertEquals(status, outcome.status());
    }

    @Test
    void unknownOptionIsOneLineAndStatusTwo() throws Exception {
        assertOneLine(2, "Unknown option: '-frobnicate'", run("-frobnicate"));
    }

    @Test
    void unknownDriverNamesTheKnownOnes() throws Exception {
        assertOneLine(
                2,
                "-display there is no frontend driver 'vcn'; drivers are mjpeg, rdp-stub, vnc",
                run("-monitor", "none", "-display", "vcn"));
    }

    @Test
    void unknownFrontendOptionNamesTheKnownOnes() throws Exception {
        Outcome outcome = run("-monitor", "none", "-display", "mjpeg,prot=1");
        assertOneLine(
                2,
                "-display mjpeg: there is no option 'prot'; options are host, port, to,"
                        + " quality, fps, input, first-frame, silence",
                outcome);
    }

    @Test
    void wrongTypeSaysWhatIsRight() throws Exception {
        assertOneLine(
                2,
                "-display vnc: option 'port' takes a number from 0 to 65535, not 'x'",
                run("-monitor", "none", "-display", "vnc,port=x"));
    }

    @Test
    void portInUseIsOneLineAndStatusOne() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            Outcome outcome = run("-monitor", "none", "-display", "vnc,port=" + port);
            assertOneLine(1, "vnc: port " + port + " of 127.0.0.1 is in use", outcome);
        }
    }

    @Test
    void missingBiosIsOneLineAndStatusTwo() throws Exception {
        assertOneLine(2, "-bios nothing.bin: there is no such file", run("-bios", "nothing.bin"));
    }

    @Test
    void frontendsAreListedWithTheirOptions() throws Exception {
        Outcome outcome = run("-display", "help");
        assertEquals(0, outcome.status());
        for (String word :
                List.of(
                        "vnc 0.1.0: ",
                        "mjpeg 0.1.0: ",
                        "rdp-stub 0.1.0: ",
                        "    port=a number from 0")) {
            assertTrue(outcome.output().contains(word), word + " is not in " + outcome.output());
        }
    }

    @Test
    void monitorOfNobodyIsOneLineAndStatusOne() throws Exception {
        Outcome outcome = run("monitor", "unix:/nonexistent/socket");
        assertEquals(1, outcome.status());
        assertEquals(1, VitrineProcess.said(outcome.output()).size(), outcome.output());
    }

    @Test
    void twoOnTheSameSocketAreToldSo() throws Exception {
        try (VitrineProcess first = new VitrineProcess("-monitor", "none", "-display", "none")) {
            Path socket = first.folder().resolve("qmp.sock");
            Outcome second = run("-monitor", "none", "-display", "none", "-qmp", "unix:" + socket);
            assertEquals(1, second.status());
            assertEquals(1, VitrineProcess.said(second.output()).size(), second.output());
            assertEquals(0, first.quit());
        }
    }
}
