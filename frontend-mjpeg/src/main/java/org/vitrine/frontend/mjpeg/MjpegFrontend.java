package org.vitrine.frontend.mjpeg;

import com.sun.net.httpserver.HttpServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.OptionValues;

/**
 * The web frontend: an HTTP server of the JDK, with a virtual thread for each request.
 *
 * <p>The server has threads of its own besides (it waits for connections on one, and has a timer);
 * they touch no guest and end with {@link #close}.
 */
final class MjpegFrontend implements Frontend {

    private static final int BACKLOG = 64;
    private static final Duration THREADS_END = Duration.ofSeconds(2);

    private final HttpServer server;
    private final Counters counters;
    private final Camera camera;
    private final Pages pages;
    private final Site site;
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Settings settings;

    private MjpegFrontend(FrontendContext context, Settings settings, HttpServer server) {
        this.settings = settings;
        this.server = server;
        this.counters = new Counters();
        this.camera = new Camera(context.display(), counters);
        this.pages = new Pages(context, counters, settings.silence());
        this.site =
                new Site(
                        context,
                        () -> this.settings,
                        camera,
                        pages,
                        counters,
                        settings.firstFrame());
        ThreadFactory threads = context.threads();
        server.setExecutor(task -> start(threads, task));
        server.createContext("/", site);
        start(threads, pages::watch);
        server.start();
    }

    /** Starts a thread that {@link #close} knows of. */
    private void start(ThreadFactory threads, Runnable task) {
        threads.newThread(
                        () -> {
                            running.add(Thread.currentThread());
                            try {
                                if (!closed.get()) {
                                    task.run();
                                }
                            } finally {
                                running.remove(Thread.currentThread());
                            }
                        })
                .start();
    }

    /** A frontend that listens; its options are those of {@link MjpegProvider}. */
    static MjpegFrontend listen(FrontendContext context, OptionValues options)
            throws FrontendException {
        Settings settings = Settings.of(options);
        // Read once, when the JDK's server is first used in this JVM. Without it the last packet of
        // a picture
        // waits until the client's system confirms the one before, which takes up to 40 ms.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
        HttpServer server = settings.address().bind(address -> HttpServer.create(address, BACKLOG));
        try {
            return new MjpegFrontend(context, settings, server);
        } catch (RuntimeException | Error e) {
            server.stop(0);
            throw e;
        }
    }

    private int port() {
        return server.getAddress().getPort();
    }

    @Override
    public FrontendStatus status() {
        List<FrontendStatus.Client> clients = new ArrayList<>(site.streams());
        clients.addAll(pages.clients());
        List<FrontendStatus.Endpoint> endpoints =
                closed.get()
                        ? List.of()
                        : List.of(
                                new FrontendStatus.Endpoint(
                                        "http", settings.address().host(), port()));
        return new FrontendStatus(endpoints, clients, counters.values());
    }

    @Override
    public void reconfigure(OptionValues options) throws FrontendException {
        Settings wanted = Settings.of(options);
        if (!wanted.canFollow(settings)) {
            throw new FrontendException(
                    "options 'host', 'port', 'to', 'first-frame' and 'silence' can't be changed while"
                            + " the frontend is attached; detach it and attach it anew");
        }
        settings = wanted;
        if (!wanted.input()) {
            pages.leaveAll("input was switched off");
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        pages.close();
        // Interrupted first, so that streams know that it was not the client who went.
        running.forEach(Thread::interrupt);
        server.stop(0);
        camera.close();
        awaitThreads();
    }

    private void awaitThreads() {
        long deadline = System.nanoTime() + THREADS_END.toNanos();
        for (Thread thread : running) {
            // A host that closes the frontend from one of its own threads must not wait for itself.
            if (thread == Thread.currentThread()) {
                continue;
            }
            // A thread that began while the others were interrupted.
            thread.interrupt();
            try {
                if (!thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
