package org.vitrine.monitor.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that others wrote, as the other side of a test. */
public final class Peer {

    private Peer() {}

    /**
     * Runs a program to its end and returns what it printed; anything but exit status 0 fails the
     * test.
     */
    public static String run(Path folder, String... command)
            throws IOException, InterruptedException {
        return run(folder, VitrineProcess.DEADLINE, command);
    }

    /** The same of a program that may take so long. */
    public static String run(Path folder, Duration most, String... command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "peer", ".out");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .redirectInput(Path.of("/dev/null").toFile())
                        .start();
        if (!process.waitFor(most.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(
                    List.of(command) + " did not end; it printed " + Files.readString(output));
        }
        if (process.exitValue() != 0) {
            throw new AssertionError(
                    List.of(command)
                            + " ended with "
                            + process.exitValue()
                            + ": "
                            + Files.readString(output));
        }
        return Files.readString(output);
    }

    /**
     * An X server without a screen of its own; programs are started on it and end with it. It
     * repeats no keys, which a slow host would seem to hold down.
     */
    public static final class XServer implements AutoCloseable {

        private final Process server;
        private final String display;
        private final Path folder;
        private final List<Process> clients = new ArrayList<>();

        public XServer(Path folder) throws IOException, InterruptedException {
            this.folder = folder;
            Path number = Files.createTempFile(folder, "display", "");
            server =
                    new ProcessBuilder(
                                    "sh",
                                    "-c",
                                    "exec Xvfb -displayfd 3 -screen 0 1280x1024x24 -nolisten tcp -r 3>"
                                            + number)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            long deadline = System.nanoTime() + VitrineProcess.DEADLINE.toNanos();
            while (!Files.readString(number).endsWith("\n")) {
                if (!server.isAlive() || System.nanoTime() > deadline) {
                    server.destroyForcibly();
                    throw new AssertionError("Xvfb did not start");
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
            display = ":" + Files.readString(number).strip();
        }

        /** Starts a program on this server. */
        public Process start(String... command) throws IOException {
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(Files.createTempFile(folder, "client", ".out").toFile())
                            .redirectInput(Path.of("/dev/null").toFile());
            builder.environment().put("DISPLAY", display);
            Process client = builder.start();
            clients.add(client);
            return client;
        }

        /** Runs a program on this server to its end. */
        public void run(String... command) throws IOException, InterruptedException {
            List<String> all = new ArrayList<>(List.of("env", "DISPLAY=" + display));
            all.addAll(List.of(command));
            Peer.run(folder, all.toArray(String[]::new));
        }

        @Override
        public void close() {
            for (Process client : clients) {
                client.destroyForcibly().onExit().join();
            }
            server.destroy();
            server.onExit().join();
        }
    }
}
