package org.vitrine.monitor.plugin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.OptionValues;
import org.vitrine.spi.display.Display;
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

    /** Clients that may come or go at once; half as many a second later on. */
    private static final int CLIENT_EVENTS = 100;

    /** Input events a second: more than people and their programs make, less than hurts. */
    private static final int INPUT_EVENTS = 10_000;

    /** Clients that may have input open. */
    private static final int INPUT_PORTS = 1000;

    /** What a thread waits that tells more than it may. */
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

    /** Faults told of at once; one a second later on. */
    private static final int FAULTS = 10;

    private final String id;
    private final Driver driver;
    private final GuestLink guest;
    private final Limits limits;
    private final Events events;
    private final Logger logger;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Set<InputPort> ports = ConcurrentHashMap.newKeySet();
    private final Budget clientEvents = new Budget(CLIENT_EVENTS, CLIENT_EVENTS / 2);
    private final Budget inputEvents = new Budget(INPUT_EVENTS, INPUT_EVENTS);
    private final Budget faults = new Budget(FAULTS, 1);

    // Guarded by this object.
    private Call<FrontendStatus> statusCall;
    private boolean statusLate;

    private volatile boolean closed;
    private volatile Frontend frontend;
    private volatile Map<String, Object> given;
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

        /** It does not keep to what it may do. */
        void misbehaved(AttachedFrontend frontend, String message);

        /** These threads of it did not end; it is closed all the same. */
        void abandoned(AttachedFrontend frontend, List<Thread> threads);

        /** A thread of the frontend ended by an exception; called on that thread. */
        void crashed(AttachedFrontend frontend, Throwable crash);

        /** It was detached, and closed. */
        void detached(AttachedFrontend frontend);
    }

    AttachedFrontend(
            String id,
            Driver driver,
            Map<String, ?> given,
            OptionValues options,
            GuestLink guest,
            Limits limits,
            Events events) {
        this.id = id;
        this.driver = driver;
        this.given = Map.copyOf(given);
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
    public Placing placing() {
        return Placing.IN_PROCESS;
    }

    @Override
    public Map<String, Object> given() {
        return given;
    }

    @Override
    public FrontendHost.Attached describe() {
        FrontendStatus status = status();
        return new FrontendHost.Attached(
                id,
                driver.name(),
                Placing.Placement.IN_PROCESS,
                state(),
                ProcessHandle.current().pid(),
                null,
                status,
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

    /** Its account of itself; nothing, at once, while it owes the answer to an earlier question. */
    private FrontendStatus status() {
        Call<FrontendStatus> asked;
        synchronized (this) {
            if (statusCall == null || statusCall.task().isDone()) {
                statusCall = start("status", frontend::status);
                statusLate = false;
            }
            if (statusLate) {
                return NO_STATUS;
            }
            asked = statusCall;
        }
        try {
            FrontendStatus status = await(asked, limits.status());
            if (status != null) {
                lastStatus = status;
                return status;
            }
            logger.warn("no status: {}: the plugin's status returned nothing", driver.name());
        } catch (FrontendException e) {
            logger.warn("no status: {}", e.getMessage());
        }
        synchronized (this) {
            statusLate = asked == statusCall && !asked.task().isDone();
        }
        return NO_STATUS;
    }

    private synchronized FrontendHost.State state() {
        return statusLate && !statusCall.task().isDone()
                ? FrontendHost.State.UNRESPONSIVE
                : FrontendHost.State.RUNNING;
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
        Map<String, Object> all = new HashMap<>(given);
        all.putAll(changes);
        given = Map.copyOf(all);
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
                misbehaved(e.getMessage());
            }
        }
        releaseInput();
        endThreads();
    }

    /** Says that it does not keep to what it may do: in the log, and as an event. */
    void misbehaved(String message) {
        logger.warn("{}", message);
        if (faults.spend(1) == Budget.Verdict.WITHIN) {
            events.misbehaved(this, message);
        }
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
        List<Thread> abandoned = new ArrayList<>();
        for (Thread thread : threads) {
            if (thread.getState() == Thread.State.NEW) {
                // Nothing to wait for; when it is started after all, it finds itself interrupted.
                continue;
            }
            if (thread != Thread.currentThread() && !Leftovers.ended(thread, deadline)) {
                misbehaved(
                        "thread "
                                + thread.getName()
                                + " did not end, and is left behind"
                                + Leftovers.where(thread));
                abandoned.add(thread);
            }
        }
        if (!abandoned.isEmpty()) {
            events.abandoned(this, abandoned);
        }
    }

    /**
     * Something that the plugin was asked to do.
     *
     * @param what for people
     */
    private record Call<T>(String what, FutureTask<T> task, Thread thread) {}

    /** Runs the plugin's code on a thread of its own, and waits no longer than the limit. */
    private <T> T call(String what, Duration limit, PluginCall<T> code) throws FrontendException {
        return await(start(what, code), limit);
    }

    private <T> Call<T> start(String what, PluginCall<T> code) {
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
        return new Call<>(what, task, thread);
    }

    private <T> T await(Call<T> call, Duration limit) throws FrontendException {
        String what = call.what();
        Thread thread = call.thread();
        try {
            return call.task().get(limit.toMillis(), TimeUnit.MILLISECONDS);
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
        if (ports.size() >= INPUT_PORTS) {
            throw new IllegalStateException(
                    "frontend " + id + " has opened input for " + INPUT_PORTS + " clients already");
        }
        InputPort port =
                new HostedPort(
                        guest.openInput(id + "/" + client),
                        ports,
                        inputEvents,
                        () ->
                                misbehaved(
                                        "it sends more than "
                                                + INPUT_EVENTS
                                                + " input events a second; of what is beyond, only"
                                                + " releases come through"));
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
        tell(new FrontendEvent.ClientConnected(id, client));
    }

    @Override
    public void clientDisconnected(FrontendStatus.Client client, String reason) {
        tell(new FrontendEvent.ClientDisconnected(id, client, reason));
    }

    private void tell(FrontendEvent event) {
        switch (clientEvents.spend(1)) {
            case WITHIN -> events.clientEvent(event);
            case FIRST_BEYOND ->
                    misbehaved(
                            "it tells of more than "
                                    + CLIENT_EVENTS / 2
                                    + " clients a second; what is beyond is not told");
            case BEYOND -> LockSupport.parkNanos(PAUSE);
        }
    }
}
