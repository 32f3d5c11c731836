package org.vitrine.frontend.vnc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.vitrine.frontend.vnc.VncOptions.Sharing;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.OptionValues;

/**
 * Listens, and keeps the list of clients. Its own threads are one that accepts connections and one
 * that watches the screen for all clients.
 */
final class VncServer implements Frontend {

    /**
     * So many connections may be in their handshake, or being turned away; more are closed at once.
     */
    private static final int MAX_STRANGERS = 32;

    private static final Duration CLOSE_WAIT = Duration.ofSeconds(3);
    private static final Duration PAUSE_AFTER_ACCEPT_ERROR = Duration.ofMillis(500);

    private final FrontendContext context;
    private final ServerSocket listener;
    private final Counters counters = new Counters();
    private final AuthenticationLimit limit = new AuthenticationLimit(System::nanoTime);
    private final SecureRandom random = new SecureRandom();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** All connections, and those past their handshake; both guarded by this. */
    private final List<VncSession> connections = new ArrayList<>();

    private final List<VncSession> clients = new ArrayList<>();
    private volatile VncOptions options;
    private Thread watching;

    private VncServer(FrontendContext context, VncOptions options, ServerSocket listener) {
        this.context = context;
        this.options = options;
        this.listener = listener;
    }

    /**
     * Binds the port and starts to serve.
     *
     * @throws FrontendException when there is no port to be had
     */
    static VncServer listen(FrontendContext context, VncOptions options) throws FrontendException {
        VncServer server =
                new VncServer(context, options, options.address().bind(VncServer::bound));
        server.warn(options);
        server.start(server::accept);
        ScreenWatch watch =
                new ScreenWatch(
                        context.display(),
                        server::hasClients,
                        () -> server.clients().forEach(VncSession::poke));
        server.watching = server.start(watch::run);
        return server;
    }

    private static ServerSocket bound(InetSocketAddress address) throws IOException {
        ServerSocket listener = new ServerSocket();
        try {
            listener.setReuseAddress(true);
            listener.bind(address);
            return listener;
        } catch (IOException e) {
            listener.close();
            throw e;
        }
    }

    private void warn(VncOptions now) {
        if (now.password() != null && now.password().length() > 8) {
            context.logger().warn("only the first 8 characters of a VNC password count");
        }
        if (now.password() == null && !listener.getInetAddress().isLoopbackAddress()) {
            context.logger()
                    .warn(
                            "whoever reaches {} can see and steer the machine: no password is set",
                            now.address().host());
        }
    }

    /** Starts one of the server's threads. */
    Thread start(Runnable work) {
        Thread thread =
                context.threads()
                        .newThread(() -> {
                            try {
                                work.run();
                            } finally {
                                threads.remove(Thread.currentThread());
                            }
                        });
        threads.add(thread);
        thread.start();
        return thread;
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void accept() {
        while (!isClosed()) {
            try {
                Socket socket = listener.accept();
                counters.connections.increment();
                begin(new VncSession(context, this, socket));
            } catch (IOException e) {
                if (!isClosed()) {
                    context.logger().warn("can't accept a connection: {}", e.getMessage());
                    pause();
                }
            }
        }
    }

    /** So that running out of file descriptors does not become a busy loop. */
    private void pause() {
        try {
            closed.await(PAUSE_AFTER_ACCEPT_ERROR.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin(VncSession session) {
        VncOptions now = options;
        String refusal = null;
        synchronized (this) {
            if (isClosed()) {
                session.end("the frontend is closed");
                return;
            }
            if (connections.size() - clients.size() >= MAX_STRANGERS) {
                counters.refused.increment();
                session.end("too many connections are in their handshake");
                return;
            }
            if (clients.size() >= now.maxClients()) {
                refusal = "there are " + now.maxClients() + " clients already";
            }
            connections.add(session);
        }
        long shutOut = now.password() == null ? 0 : limit.shutOut(session.host());
        if (shutOut > 0) {
            refusal =
                    "too many wrong passwords; try again in "
                            + (shutOut / 1_000_000_000 + 1)
                            + " s";
        }
        if (refusal != null) {
            counters.refused.increment();
        }
        String reason = refusal;
        start(() -> {
            try {
                session.serve(now.password(), reason);
            } finally {
                synchronized (this) {
                    connections.remove(session);
                }
            }
        });
    }

    /** Makes a session that is through its handshake a client; returns why not, or null. */
    String admit(VncSession session) {
        limit.succeeded(session.host());
        VncOptions now = options;
        List<VncSession> others;
        synchronized (this) {
            if (isClosed()) {
                return "the frontend is closed";
            }
            String refusal = refusal(session, now);
            if (refusal != null) {
                counters.refused.increment();
                return refusal;
            }
            others =
                    session.exclusive() && now.sharing() == Sharing.ALLOW_EXCLUSIVE
                            ? List.copyOf(clients)
                            : List.of();
            clients.add(session);
        }
        others.forEach(other -> other.end("another client wants the screen for itself"));
        return null;
    }

    private String refusal(VncSession session, VncOptions now) {
        if (clients.size() >= now.maxClients()) {
            return "there are " + now.maxClients() + " clients already";
        }
        return switch (now.sharing()) {
            case IGNORE -> null;
            case FORCE_SHARED -> session.exclusive() ? "the screen must be shared" : null;
            case ALLOW_EXCLUSIVE ->
                    !session.exclusive() && clients.stream().anyMatch(VncSession::exclusive)
                            ? "another client has the screen for itself"
                            : null;
        };
    }

    synchronized void left(VncSession session) {
        clients.remove(session);
    }

    void wrongPassword(String host) {
        counters.wrongPasswords.increment();
        limit.failed(host);
    }

    Counters counters() {
        return counters;
    }

    RandomGenerator random() {
        return random;
    }

    private synchronized boolean hasClients() {
        return !clients.isEmpty();
    }

    private synchronized List<VncSession> clients() {
        return List.copyOf(clients);
    }

    @Override
    public FrontendStatus status() {
        return new FrontendStatus(
                List.of(
                        new FrontendStatus.Endpoint(
                                "rfb", options.address().host(), listener.getLocalPort())),
                clients().stream().map(VncSession::client).toList(),
                counters.byName());
    }

    /** Changes password, number of clients and sharing, for clients to come. */
    @Override
    public void reconfigure(OptionValues values) throws FrontendException {
        VncOptions wanted = VncOptions.of(values);
        VncOptions now = options;
        if (!wanted.address().equals(now.address())) {
            throw new FrontendException(
                    "'host', 'port' and 'to' can't be changed while the frontend is attached");
        }
        options = wanted;
        warn(wanted);
    }

    @Override
    public void close() {
        List<VncSession> all;
        synchronized (this) {
            if (isClosed()) {
                return;
            }
            closed.countDown();
            all = List.copyOf(connections);
        }
        try {
            listener.close();
        } catch (IOException e) {
            context.logger().warn("closing the port: {}", e.getMessage());
        }
        all.forEach(session -> session.end("the frontend is detached"));
        watching.interrupt();
        awaitThreads();
    }

    private void awaitThreads() {
        long deadline = System.nanoTime() + CLOSE_WAIT.toNanos();
        try {
            for (Thread thread : threads) {
                if (thread != Thread.currentThread()
                        && !thread.join(
                                Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                    context.logger()
                            .warn("a thread has not ended within {} s", CLOSE_WAIT.toSeconds());
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
