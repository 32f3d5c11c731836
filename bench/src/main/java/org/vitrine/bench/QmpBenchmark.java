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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Prints how fast the JSON monitor answers, beside QEMU's: round trips of {@code query-status} a
 * second by one client and by eight, one after the other and a hundred at a time, and the bytes a
 * second of a request of 16 MiB. Both guests stand still; medians of several alternating rounds.
 */
public final class QmpBenchmark {

    private static final int CLIENTS = 8;
    private static final int PIPELINED = 100;
    private static final int LARGE = 16 << 20;
    private static final int ROUNDS = 5;
    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final byte[] QUERY = ascii("{\"execute\":\"query-status\"}\n");

    private QmpBenchmark() {}

    /** What is measured; a number a second, the larger the better. */
    private enum Measure {
        ONE_SEQUENTIAL("1 client, one at a time, replies/s"),
        ONE_PIPELINED("1 client, 100 at a time, replies/s"),
        EIGHT_SEQUENTIAL("8 clients, one at a time, replies/s"),
        EIGHT_PIPELINED("8 clients, 100 at a time, replies/s"),
        LARGE_REQUEST("request of 16 MiB, MiB/s");

        private final String words;

        Measure(String words) {
            this.words = words;
        }
    }

    /** Run from the project's root, built; the argument is the QEMU binary. */
    public static void main(String[] arguments) throws Exception {
        String qemu = arguments.length > 0 ? arguments[0] : "qemu-system-x86_64";
        Path folder = Files.createTempDirectory("vitrine-bench");
        List<String> vitrine = List.of("./vitrine", "-monitor", "none", "-display", "none", "-S");
        List<String> peer = List.of(qemu, "-accel", "tcg", "-display", "none", "-S");
        new Server(vitrine, folder, "w", 1).close(); // builds when something is missing
        try (Server ours = new Server(vitrine, folder, "v", 1);
                Server theirs =
                        Peers.present(qemu) ? new Server(peer, folder, "q", CLIENTS) : null) {
            System.out.printf("QMP, medians of %d rounds%n", ROUNDS);
            for (Measure measure : Measure.values()) {
                List<Double> our = new ArrayList<>();
                List<Double> their = new ArrayList<>();
                run(measure, ours); // warm; not counted
                // QEMU takes many seconds for a large request.
                int rounds = measure == Measure.LARGE_REQUEST ? 1 : ROUNDS;
                for (int round = 0; round < rounds; round++) {
                    our.add(run(measure, ours));
                    if (theirs != null) {
                        their.add(run(measure, theirs));
                    }
                }
                print(measure, our, their);
            }
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static void print(Measure measure, List<Double> our, List<Double> their) {
        double vitrine = median(our);
        if (their.isEmpty()) {
            System.out.printf("  %-38s vitrine %10.0f%n", measure.words, vitrine);
            return;
        }
        double qemu = median(their);
        System.out.printf(
                "  %-38s vitrine %10.1f   QEMU %10.1f   %7.1f times%n",
                measure.words, vitrine, qemu, vitrine / qemu);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static double run(Measure measure, Server server) throws Exception {
        return switch (measure) {
            case ONE_SEQUENTIAL -> trips(server.clients.subList(0, 1), 1);
            case ONE_PIPELINED -> trips(server.clients.subList(0, 1), PIPELINED);
            case EIGHT_SEQUENTIAL -> trips(server.clients, 1);
            case EIGHT_PIPELINED -> trips(server.clients, PIPELINED);
            case LARGE_REQUEST -> large(server.clients.getFirst());
        };
    }

    /** Replies a second of all these clients together. */
    private static double trips(List<Client> clients, int atOnce) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(clients.size())) {
            List<Callable<Double>> tasks = new ArrayList<>();
            for (Client client : clients) {
                tasks.add(() -> trips(client, atOnce));
            }
            double sum = 0;
            for (Future<Double> rate : threads.invokeAll(tasks)) {
                sum += rate.get();
            }
            return sum;
        }
    }

    private static double trips(Client client, int atOnce) throws IOException {
        byte[] requests = new byte[QUERY.length * atOnce];
        for (int i = 0; i < atOnce; i++) {
            System.arraycopy(QUERY, 0, requests, i * QUERY.length, QUERY.length);
        }
        long begin = System.nanoTime();
        long done = 0;
        while (System.nanoTime() - begin < ROUND_NANOS) {
            client.send(requests);
            client.awaitLines(atOnce);
            done += atOnce;
        }
        return done * 1e9 / (System.nanoTime() - begin);
    }

    /** MiB a second of a request that is refused for its one large argument. */
    private static double large(Client client) throws IOException {
        byte[] request = new byte[LARGE];
        byte[] head = ascii("{\"execute\":\"query-status\",\"arguments\":{\"x\":\"");
        byte[] tail = ascii("\"}}\n");
        Arrays.fill(request, (byte) 'x');
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(tail, 0, request, LARGE - tail.length, tail.length);
        long begin = System.nanoTime();
        client.send(request);
        client.awaitLines(1);
        return (LARGE >> 20) * 1e9 / (System.nanoTime() - begin);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** An emulator and its clients, which all have negotiated. */
    private static final class Server implements AutoCloseable {

        private final Process process;
        private final List<Client> clients = new ArrayList<>();

        /**
         * @param sockets how many it is to listen on: QEMU serves one client on each
         */
        Server(List<String> command, Path folder, String name, int sockets)
                throws IOException, InterruptedException {
            List<String> all = new ArrayList<>(command);
            List<Path> paths = new ArrayList<>();
            for (int i = 0; i < sockets; i++) {
                Path path = folder.resolve(name + i);
                paths.add(path);
                all.addAll(List.of("-qmp", "unix:" + path + ",server=on,wait=off"));
            }
            long begin = System.nanoTime();
            process =
                    new ProcessBuilder(all)
                            .redirectInput(Path.of("/dev/null").toFile())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            for (int i = 0; i < CLIENTS; i++) {
                Client client = new Client(connect(paths.get(i % sockets)));
                client.awaitLines(1);
                if (i == 0) {
                    System.out.printf(
                            "%s: %.0f ms from start to greeting%n",
                            command.getFirst(), (System.nanoTime() - begin) / 1e6);
                }
                client.send(ascii("{\"execute\":\"qmp_capabilities\"}\n"));
                client.awaitLines(1);
                clients.add(client);
            }
        }

        private SocketChannel connect(Path path) throws IOException, InterruptedException {
            while (true) {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                try {
                    channel.connect(UnixDomainSocketAddress.of(path));
                    return channel;
                } catch (IOException e) {
                    channel.close();
                    if (!process.isAlive()) {
                        throw new IOException("nobody listens at " + path, e);
                    }
                    TimeUnit.MILLISECONDS.sleep(1);
                }
            }
        }

        @Override
        public void close() throws IOException {
            for (Client client : clients) {
                client.channel.close();
            }
            process.destroy();
            process.onExit().join();
        }
    }

    /** One connection; replies are counted by their lines' ends. */
    private static final class Client {

        private final SocketChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

        Client(SocketChannel channel) {
            this.channel = channel;
        }

        void send(byte[] bytes) throws IOException {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
        }

        /** Waits for so many lines; the monitors say nothing unasked while the guest stands. */
        void awaitLines(int count) throws IOException {
            int left = count;
            while (left > 0) {
                if (channel.read(buffer.clear()) < 0) {
                    throw new IOException("the monitor closed the connection");
                }
                buffer.flip();
                while (buffer.hasRemaining()) {
                    left -= buffer.get() == '\n' ? 1 : 0;
                }
            }
        }
    }
}
