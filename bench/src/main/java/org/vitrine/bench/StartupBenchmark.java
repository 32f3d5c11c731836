package org.vitrine.bench;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/**
 * Prints how long a start takes: from the start of the process to the greeting of its JSON monitor
 * and, for Vitrine, to the frame that shows the firmware's banner; beside QEMU's time to its
 * greeting. Medians and ranges of several alternating runs.
 */
public final class StartupBenchmark {

    private static final int RUNS = 9;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private StartupBenchmark() {}

    private record Times(double greeting, double banner) {}

    /** Run from the project's root, built; the argument is the QEMU binary. */
    public static void main(String[] arguments) throws Exception {
        String qemu = arguments.length > 0 ? arguments[0] : "qemu-system-x86_64";
        Path folder = Files.createTempDirectory("vitrine-bench");
        Path socket = folder.resolve("qmp.sock");
        List<String> vitrine =
                List.of(
                        "./vitrine",
                        "-monitor",
                        "none",
                        "-display",
                        "none",
                        "-qmp",
                        "unix:" + socket);
        List<String> withFrontends =
                List.of(
                        "./vitrine",
                        "-monitor",
                        "none",
                        "-display",
                        "vnc,port=0",
                        "-display",
                        "mjpeg,port=0",
                        "-qmp",
                        "unix:" + socket);
        List<String> peer =
                List.of(
                        qemu,
                        "-accel",
                        "tcg",
                        "-display",
                        "none",
                        "-qmp",
                        "unix:" + socket + ",server=on,wait=off");
        boolean peerIsThere = Peers.present(qemu);
        start(vitrine, socket, true, List.of()); // builds when something is missing; not counted

        List<Times> bare = new ArrayList<>();
        List<Times> full = new ArrayList<>();
        List<Times> uncached = new ArrayList<>();
        List<Times> peers = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            bare.add(start(vitrine, socket, true, List.of()));
            full.add(start(withFrontends, socket, true, List.of()));
            uncached.add(start(vitrine, socket, true, List.of("-XX:AOTMode=off")));
            if (peerIsThere) {
                peers.add(start(peer, socket, false, List.of()));
            }
        }
        System.out.printf("start-up, milliseconds, median (least .. most) of %d runs%n", RUNS);
        double greeting =
                print("vitrine, no frontend: greeting", bare.stream().mapToDouble(Times::greeting));
        print("vitrine, no frontend: banner published", bare.stream().mapToDouble(Times::banner));
        print("vitrine, VNC and web page: greeting", full.stream().mapToDouble(Times::greeting));
        print(
                "vitrine, VNC and web page: banner published",
                full.stream().mapToDouble(Times::banner));
        print(
                "vitrine without its AOT cache: greeting",
                uncached.stream().mapToDouble(Times::greeting));
        print(
                "vitrine without its AOT cache: banner",
                uncached.stream().mapToDouble(Times::banner));
        if (peerIsThere) {
            double peerGreeting =
                    print(qemu + ": greeting", peers.stream().mapToDouble(Times::greeting));
            System.out.printf(
                    "vitrine's greeting takes %.2f times as long as QEMU's%n",
                    greeting / peerGreeting);
        }
        Files.deleteIfExists(socket);
        Files.delete(folder);
    }

    private static double print(String what, DoubleStream times) {
        double[] sorted = times.sorted().toArray();
        double median = sorted[sorted.length / 2];
        System.out.printf(
                "  %-45s %7.1f (%.1f .. %.1f)%n",
                what, median, sorted[0], sorted[sorted.length - 1]);
        return median;
    }

    private static Times start(
            List<String> command, Path socket, boolean untilBanner, List<String> javaOptions)
            throws IOException, InterruptedException {
        Files.deleteIfExists(socket);
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("VITRINE_JAVA_OPTIONS", String.join(" ", javaOptions));
        long begin = System.nanoTime();
        Process process = builder.start();
        try (SocketChannel channel = connect(socket, begin, process)) {
            Lines lines = new Lines(channel);
            lines.awaitOne("\"QMP\"");
            double greeting = (System.nanoTime() - begin) / 1e6;
            lines.send("{\"execute\":\"qmp_capabilities\"}");
            lines.awaitOne("\"return\"");
            double banner = Double.NaN;
            while (untilBanner && Double.isNaN(banner)) {
                lines.send("{\"execute\":\"query-screen-text\"}");
                String answer = lines.awaitReply();
                if (answer.contains("Vitrine BIOS")) {
                    banner = (System.nanoTime() - begin) / 1e6;
                } else if (System.nanoTime() - begin > LIMIT_NANOS) {
                    throw new IllegalStateException(
                            "no banner within a minute; the screen's last answer: " + answer);
                } else {
                    // Asking without a pause would take a processor from the machine.
                    TimeUnit.MILLISECONDS.sleep(1);
                }
            }
            lines.send("{\"execute\":\"quit\"}");
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException(command + " did not end after quit");
            }
            return new Times(greeting, banner);
        } finally {
            process.destroyForcibly();
        }
    }

    private static SocketChannel connect(Path socket, long begin, Process process)
            throws IOException, InterruptedException {
        while (true) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                return channel;
            } catch (IOException e) {
                channel.close();
                if (!process.isAlive() || System.nanoTime() - begin > 10 * LIMIT_NANOS) {
                    throw new IOException("nobody listens at " + socket, e);
                }
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
    }

    /**
     * Lines of a monitor; fields are found by looking for their text, since answers are the
     * benchmark's own.
     */
    private static final class Lines {

        private final SocketChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).flip();

        Lines(SocketChannel channel) {
            this.channel = channel;
        }

        void send(String line) throws IOException {
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
        }

        String awaitReply() throws IOException {
            while (true) {
                String line = next();
                if (line.startsWith("{\"return\"") || line.startsWith("{\"error\"")) {
                    return line;
                }
            }
        }

        void awaitOne(String text) throws IOException {
            while (!next().contains(text)) {
                // Events may come before.
            }
        }

        private String next() throws IOException {
            byte[] line = new byte[1 << 16];
            int length = 0;
            while (true) {
                if (!buffer.hasRemaining()) {
                    buffer.clear();
                    int read = channel.read(buffer);
                    buffer.flip();
                    if (read < 0) {
                        throw new IOException("the monitor closed the connection");
                    }
                    continue;
                }
                byte next = buffer.get();
                if (next == '\n') {
                    return new String(Arrays.copyOf(line, length), StandardCharsets.UTF_8).strip();
                }
                line[length++] = next;
            }
        }
    }
}
