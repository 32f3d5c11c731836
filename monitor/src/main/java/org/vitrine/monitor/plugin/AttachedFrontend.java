package org.vitrine.monitor.plugin;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.OptionValues;
import org.vitrine.spi.display.Display;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.InputPort;

/**
 * One frontend in the emulator's process: what the plugin sees of the host, and what the host knows
 * of the plugin's threads and input. The plugin's code runs on threads of its own, under deadlines,
 * so that one that hangs holds up nobody.
 */
final class AttachedFrontend implements FrontendContext, HostedFrontend {

    private static final Logger LOG = LoggerFactory.getLogger(AttachedFrontend.class);
    private static final FrontendStatus NO_STATUS =
            new FrontendStatus(List.of(), List.of(), Map.of());

    private final String id;
    private final Driver driver;
    private final GuestLink guest;
    private final Limits limits;
    private final Events events;
    private final Logger logger;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Set<InputPort> ports = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private volatile Frontend frontend;
    private volatile OptionValues options;
    private volatile FrontendStatus lastStatus = NO_STATUS;

    /**
     * How long the host waits for a plugin.
     *
     * @param attach for attaching, and for changing options
     * @param close for closing, and then again for its threads to end
     * @param status for its account of itself
     */
    record Limits(Duration attach, Duration close, Duration status) {
        static final Limits STANDARD =
                new Limits(Duration.ofSeconds(20), Duration.ofSeconds(5), Duration.ofSeconds(2));
    }

    /** Whom a frontend's events go to. */
    interface Events {

        void clientEvent(FrontendEvent event);

        /** A thread of the frontend ended by an exception; called on that thread. */
        void crashed(AttachedFrontend frontend, Throwable crash);

        /** It was detached, and closed. */
        void detached(AttachedFrontend frontend);
    }

    AttachedFrontend(
            String id,
            Driver driver,
            OptionValues options,
            GuestLink guest,
            Limits limits,
            Events events) {
        this.id = id;
        this.driver = driver;
        this.options = options;
        this.guest = guest;
        this.limits = limits;
        this.events = events;
        this.logger = LoggerFactory.getLogger("frontend." + id);
    }

    /** Attaches. On failure nothing is left behind. */
    void attach() throws FrontendException {
        boolean attached = false;
        try {
            Frontend made = call("attach", limits.attach(), this::makeFrontend);
            if (made == null) {
                throw new FrontendException(
                        driver.name() + ": the plugin's attach returned nothing");
            }
            attached = true;
        } finally {
            if (!attached) {
                close();
            }
        }
    }

    private Frontend makeFrontend() throws FrontendException, InterruptedException {
        Frontend made = driver.provider().attach(this, options);
        if (made != null && !accept(made)) {
            logger.warn("the plugin's attach returned when nobody waited any more");
            made.close();
        }
        return made;
    }

    private synchronized boolean accept(Frontend made) {
        if (!closed) {
            frontend = made;
        }
        return !closed;
    }

    @Override
    public String driver() {
        return driver.name();
    }

    @Override
    public Plugin plugin() {
        return driver.plugin();
    }

    @Override
    public FrontendHost.Attached describe() {
        return new FrontendHost.Attached(
                id,
                driver.name(),
                Placing.Placement.IN_PROCESS,
                FrontendHost.State.RUNNING,
                ProcessHandle.current().pid(),
                null,
                status(),
                options.visible());
    }

    @Override
    public FrontendStatus lastStatus() {
        return lastStatus;
    }

    @Override
    public OptionValues options() {
        return options;
    }

    private FrontendStatus status() {
        try {
            FrontendStatus status = call("status", limits.status(), frontend::status);
            if (status != null) {
                lastStatus = status;
                return status;
            }
            logger.warn("no status: {}: the plugin's status returned nothing", driver.name());
        } catch (FrontendException e) {
            logger.warn("no status: {}", e.getMessage());
        }
        return NO_STATUS;
    }

    @Override
    public void reconfigure(Map<String, ?> changes) throws FrontendException {
        OptionValues present = options;
        OptionValues newOptions = FrontendHost.checked(driver.name(), () -> present.with(changes));
        call(
                "reconfigure",
                limits.attach(),
                () -> {
                    frontend.reconfigure(newOptions);
                    return newOptions;
                });
        options = newOptions;
    }

    @Override
    public void close(FrontendChannel.CloseReason reason) {
        close();
    }

    @Override
    public void tellDetached() {
        events.detached(this);
    }

    /** Closes the frontend, ends its threads and releases what its clients held down. */
    void close() {
        Frontend closing;
        synchronized (this) {
            closed = true;
            closing = frontend;
        }
        if (closing != null) {
            try {
                call(
                        "close",
                        limits.close(),
                        () -> {
                            closing.close();
                            return id;
                        });
            } catch (FrontendException e) {
                logger.warn("{}", e.getMessage());
            }
        }
        releaseInput();
        endThreads();
    }

    /** Detaches a frontend that has failed: nothing that it does may hold keys down meanwhile. */
    void closeCrashed() {
        closed = true;
        releaseInput();
        close();
    }

    private void releaseInput() {
        ports.forEach(InputPort::close);
    }

    private void endThreads() {
        threads.forEach(Thread::interrupt);
        long deadline = System.nanoTime() + limits.close().toNanos();
        for (Thread thread : threads) {
            if (thread.getState() == Thread.State.NEW) {
                // Nothing to wait for; when it is started after all, it finds itself interrupted.
                continue;
            }
            try {
                Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
                if (thread != Thread.currentThread() && !thread.join(left)) {
                    logger.warn("thread {} did not end, and is left behind", thread.getName());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
    }

    /** Runs the plugin's code on a thread of its own, and waits no longer than the limit. */
    private <T> T call(String what, Duration limit, PluginCall<T> code) throws FrontendException {
        FutureTask<T> task = new FutureTask<>(code::run);
        // A platform thread: code that never ends would keep a carrier of all virtual threads.
        Thread thread =
                Thread.ofPlatform()
                        .name(id + "-" + what)
                        .daemon()
                        .inheritInheritableThreadLocals(false)
                        .unstarted(task);
        thread.setContextClassLoader(driver.plugin().loader());
        thread.start();
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            thread.interrupt();
            throw new FrontendException(
                    driver.name()
                            + ": the plugin's "
                            + what
                            + " did not return within "
                            + seconds(limit));
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new FrontendException(driver.name() + ": " + what + " was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FrontendException cause) {
                throw new FrontendException(driver.name() + ": " + cause.getMessage(), cause);
            }
            LOG.warn("{}: the plugin's {} failed", id, what, e.getCause());
            throw new FrontendException(
                    driver.name() + ": the plugin's " + what + " failed: " + e.getCause());
        }
    }

    static String seconds(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }

    private interface PluginCall<T> {
        T run() throws Exception;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String machineName() {
        return guest.machineName();
    }

    @Override
    public Display display() {
        return guest.display();
    }

    @Override
    public InputPort openInput(String client) {
        InputPort port = new HostedPort(guest.openInput(id + "/" + client), ports);
        ports.add(port);
        if (closed) {
            port.close();
        }
        return port;
    }

    @Override
    public ThreadFactory threads() {
        return task -> {
            if (closed) {
                throw new IllegalStateException("frontend " + id + " is detached");
            }
            Thread thread =
                    Thread.ofVirtual()
                            .name(id + "-" + driver.name())
                            .uncaughtExceptionHandler((dead, crash) -> events.crashed(this, crash))
                            .unstarted(() -> {
                                try {
                                    task.run();
                                } finally {
                                    threads.remove(Thread.currentThread());
                                }
                            });
            thread.setContextClassLoader(driver.plugin().loader());
            threads.add(thread);
            return thread;
        };
    }

    /** The threads that still run, for tests and the monitor. */
    Collection<Thread> liveThreads() {
        return List.copyOf(threads);
    }

    @Override
    public Logger logger() {
        return logger;
    }

    @Override
    public void clientConnected(FrontendStatus.Client client) {
        events.clientEvent(new FrontendEvent.ClientConnected(id, client));
    }

    @Override
    public void clientDisconnected(FrontendStatus.Client client, String reason) {
        events.clientEvent(new FrontendEvent.ClientDisconnected(id, client, reason));
    }

    /** An input port that the host forgets when it is closed. */
    private static final class HostedPort implements InputPort {

        private final InputPort port;
        private final Set<InputPort> open;

        HostedPort(InputPort port, Set<InputPort> open) {
            this.port = port;
            this.open = open;
        }

        @Override
        public void send(InputEvent... group) {
            port.send(group);
        }

        @Override
        public void releaseAll() {
            port.releaseAll();
        }

        @Override
        public void close() {
            open.remove(this);
            port.close();
        }
    }
}
