package org.vitrine.frontend.rdp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.ListenAddress;
import org.vitrine.spi.OptionValues;

/** Listens for RDP clients, and gives each a {@link RdpStubSession} on a thread of its own. */
final class RdpStubFrontend implements Frontend {

    private static final int BACKLOG = 16;

    private final FrontendContext context;
    private final ServerSocket listener;
    private final String host;
    private final int maxClients;
    private final Duration patience;
    private final Counters counters = new Counters();
    private final Set<RdpStubSession> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    private RdpStubFrontend(
            FrontendContext context,
            ServerSocket listener,
            String host,
            int maxClients,
            Duration patience) {
        this.context = context;
        this.listener = listener;
        this.host = host;
        this.maxClients = maxClients;
        this.patience = patience;
        context.threads().newThread(this::accept).start();
    }

    /** A frontend that listens; its options are those of {@link RdpStubProvider}. */
    static RdpStubFrontend listen(FrontendContext context, OptionValues options)
            throws FrontendException {
        ListenAddress address = ListenAddress.of(options);
        ServerSocket listener = address.bind(RdpStubFrontend::bound);
        return new RdpStubFrontend(
                context,
                listener,
                address.host(),
                (int) options.integer("max-clients"),
                Duration.ofMillis(options.integer("patience")));
    }

    private static ServerSocket bound(InetSocketAddress address) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(address, BACKLOG);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void accept() {
        while (!closed.get()) {
            try {
                admit(listener.accept());
            } catch (IOException e) {
                if (!closed.get()) {
                    throw new IllegalStateException(
                            "can't take further clients: " + e.getMessage(), e);
                }
            }
        }
    }

    private void admit(Socket socket) throws IOException {
        counters.connections.increment();
        if (sessions.size() >= maxClients) {
            counters.turnedAway.increment();
            socket.close();
            return;
        }
        RdpStubSession session;
        try {
            socket.setTcpNoDelay(true);
            session = new RdpStubSession(context, socket, counters, patience);
        } catch (IOException e) {
            // Gone before it was looked at; that is no fault of the listener.
            socket.close();
            return;
        }
        sessions.add(session);
        boolean started = false;
        try {
            context.threads()
                    .newThread(() -> {
                        try {
                            session.run();
                        } finally {
                            sessions.remove(session);
                        }
                    })
                    .start();
            started = true;
        } finally {
            // A host gives a frontend that is being detached no thread any more.
            if (!started || closed.get()) {
                session.close();
            }
        }
    }

    private int port() {
        return listener.getLocalPort();
    }

    @Override
    public FrontendStatus status() {
        List<FrontendStatus.Endpoint> endpoints =
                closed.get()
                        ? List.of()
                        : List.of(new FrontendStatus.Endpoint("rdp", host, port()));
        return new FrontendStatus(
                endpoints,
                sessions.stream().map(RdpStubSession::client).toList(),
                counters.values());
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            listener.close();
        } catch (IOException e) {
            context.logger().warn("closing port {} failed", port(), e);
        }
        sessions.forEach(RdpStubSession::close);
    }
}
