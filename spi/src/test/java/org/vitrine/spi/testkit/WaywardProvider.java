package org.vitrine.spi.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.vitrine.spi.Capability;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.ListenAddress;
import org.vitrine.spi.OptionSchema;
import org.vitrine.spi.OptionValues;
import org.vitrine.spi.SpiVersion;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.input.InputPort;
import org.vitrine.spi.input.KeyCode;

/** A terminal's frontend with one fault, to see whether the suite finds it. */
public final class WaywardProvider implements FrontendProvider {

    private static final int HALF = 12;

    private final Fault fault;

    /** What is wrong with it. */
    enum Fault {
        NONE,
        DESCRIBES_ITSELF_AT_LENGTH,
        TAKES_ANY_PORT,
        /** Of lines full of one letter, the upper half comes from the frame before. */
        MIXES_FRAMES
    }

    /** For {@link java.util.ServiceLoader}: one without fault. */
    public WaywardProvider() {
        this(Fault.NONE);
    }

    WaywardProvider(Fault fault) {
        this.fault = fault;
    }

    @Override
    public String name() {
        return "wayward";
    }

    @Override
    public String description() {
        return fault == Fault.DESCRIBES_ITSELF_AT_LENGTH
                ? "a terminal\nof which much can be said"
                : "a terminal";
    }

    @Override
    public String version() {
        return "1.0";
    }

    @Override
    public String spiVersion() {
        return SpiVersion.CURRENT;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.INPUT);
    }

    @Override
    public OptionSchema options() {
        return ListenAddress.declare(OptionSchema.builder(), 0).build();
    }

    @Override
    public Frontend attach(FrontendContext context, OptionValues options) throws FrontendException {
        ServerSocket listener;
        try {
            listener = ListenAddress.of(options).bind(WaywardProvider::bound);
        } catch (FrontendException e) {
            if (fault != Fault.TAKES_ANY_PORT) {
                throw e;
            }
            listener = new ListenAddress("127.0.0.1", 0, 0).bind(WaywardProvider::bound);
        }
        Server server = new Server(context, listener);
        context.threads().newThread(server::accept).start();
        return server;
    }

    private static ServerSocket bound(InetSocketAddress at) throws IOException {
        return new ServerSocket(at.getPort(), 50, at.getAddress());
    }

    private final class Server implements Frontend {

        private final FrontendContext context;
        private final ServerSocket listener;
        private final Map<Socket, FrontendStatus.Client> clients = new ConcurrentHashMap<>();

        Server(FrontendContext context, ServerSocket listener) {
            this.context = context;
            this.listener = listener;
        }

        void accept() {
            while (!listener.isClosed()) {
                try {
                    Socket socket = listener.accept();
                    context.threads().newThread(() -> serve(socket)).start();
                } catch (IOException | IllegalStateException e) {
                    // It is being closed.
                }
            }
        }

        private void serve(Socket socket) {
            FrontendStatus.Client client =
                    new FrontendStatus.Client("127.0.0.1:" + socket.getPort(), "");
            clients.put(socket, client);
            context.clientConnected(client);
            try (socket;
                    InputPort keyboard = context.openInput(client.address())) {
                if (!listener.isClosed()) {
                    context.threads().newThread(() -> show(socket)).start();
                    for (int c = socket.getInputStream().read();
                            c >= 0;
                            c = socket.getInputStream().read()) {
                        KeyCode key =
                                c == '\r' ? KeyCode.RET : KeyCode.ofName(String.valueOf((char) c));
                        if (key != null) {
                            keyboard.key(key, true);
                            keyboard.key(key, false);
                        }
                    }
                }
            } catch (IOException | IllegalStateException e) {
                // It has gone, or is sent away.
            } finally {
                clients.remove(socket);
                context.clientDisconnected(client, "gone");
            }
        }

        private void show(Socket socket) {
            Frame frame = new Frame();
            List<String> before = List.of();
            try (socket) {
                while (!socket.isClosed()) {
                    if (context.display().awaitNewer(frame.generation(), Duration.ofSeconds(1))) {
                        context.display().read(frame);
                        List<String> lines =
                                frame.text() == null ? List.of("a picture") : frame.text().lines();
                        String sent = sequences(lines, before);
                        socket.getOutputStream().write(sent.getBytes(StandardCharsets.UTF_8));
                        before = lines;
                    }
                }
            } catch (IOException | InterruptedException e) {
                // It has gone, or is sent away.
            }
        }

        private String sequences(List<String> lines, List<String> before) {
            boolean mixed =
                    fault == Fault.MIXES_FRAMES
                            && lines.getFirst().matches("(\\w)\\1{79}")
                            && before.size() == lines.size();
            StringBuilder out = new StringBuilder("\u001b[?2026h\u001b[2J");
            for (int row = 0; row < lines.size(); row++) {
                String line = mixed && row < HALF ? before.get(row) : lines.get(row);
                out.append("\u001b[").append(row + 1).append(";1H").append(line).append(' ');
            }
            return out.append("\u001b[?2026l").toString();
        }

        @Override
        public FrontendStatus status() {
            return new FrontendStatus(
                    List.of(
                            new FrontendStatus.Endpoint(
                                    "telnet", "127.0.0.1", listener.getLocalPort())),
                    List.copyOf(clients.values()),
                    Map.of());
        }

        @Override
        public void close() {
            try {
                listener.close();
                for (Socket socket : clients.keySet()) {
                    socket.close();
                }
            } catch (IOException e) {
                context.logger().warn("closing failed", e);
            }
        }
    }
}
