package org.vitrine.example.ascii;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.ListenAddress;
import org.vitrine.spi.OptionValues;

/** Listens, and gives each client a {@link Session}. */
final class AsciiFrontend implements Frontend {

    private final FrontendContext context;
    private final ServerSocket listener;
    private final String host;
    private final boolean telnet;
    private final boolean input;
    private final LongAdder frames = new LongAdder();
    private final LongAdder connections = new LongAdder();
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private AsciiFrontend(
            FrontendContext context, ServerSocket listener, String host, OptionValues options) {
        this.context = context;
        this.listener = listener;
        this.host = host;
        this.telnet = options.bool("telnet");
        this.input = options.bool("input");
    }

    static AsciiFrontend listen(FrontendContext context, OptionValues options)
            throws FrontendException {
        ListenAddress address = ListenAddress.of(options);
        ServerSocket listener =
                address.bind(at -> {
                    ServerSocket socket = new ServerSocket();
                    try {
                        socket.bind(at);
                        return socket;
                    } catch (IOException e) {
                        socket.close();
                        throw e;
                    }
                });
        AsciiFrontend frontend = new AsciiFrontend(context, listener, address.host(), options);
        context.threads().newThread(frontend::accept).start();
        return frontend;
    }

    private void accept() {
        while (!closed) {
            try {
                admit(listener.accept());
            } catch (IOException e) {
                if (!closed) {
                    throw new IllegalStateException("can't take further clients", e);
                }
            }
        }
    }

    private void admit(Socket socket) {
        connections.increment();
        Session session = new Session(context, socket, telnet, input, frames);
        sessions.add(session);
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
        } catch (IllegalStateException detached) {
            // The host, which gives no more threads, is about to call close().
            session.close();
        }
        if (closed) {
            session.close();
        }
    }

    @Override
    public FrontendStatus status() {
        return new FrontendStatus(
                closed
                        ? List.of()
                        : List.of(
                                new FrontendStatus.Endpoint(
                                        telnet ? "telnet" : "tcp", host, listener.getLocalPort())),
                sessions.stream().map(Session::client).toList(),
                Map.of("frames", frames.sum(), "connections", connections.sum()));
    }

    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
        } catch (IOException e) {
            context.logger().warn("closing port {} failed", listener.getLocalPort(), e);
        }
        sessions.forEach(Session::close);
    }
}
