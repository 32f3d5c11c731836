package org.vitrine.monitor.plugin;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.OptionValues;

/**
 * One frontend in a process of its own: bound to its connection, and to its {@link Supervisor} when
 * the emulator started it. One that was started by hand lives as long as its connection.
 */
final class RemoteFrontend implements HostedFrontend {

    private final String id;
    private final String driver;
    private final GuestLink guest;
    private final AttachedFrontend.Limits limits;
    private final Owner owner;
    private final Logger logger;
    private final Supervisor supervisor;
    private final Plugin plugin;
    private final CountDownLatch connectionEnded = new CountDownLatch(1);

    // Guarded by this object.
    private RemoteSession session;
    private RemoteSession closingSession;
    private OptionValues options;
    private Map<String, Object> given;
    private long pid;
    private boolean closing;

    /** What the host does for it. */
    interface Owner extends FrontendListener {

        /**
         * Lists it among the attached ones.
         *
         * @throws FrontendException when there can be none any more
         */
        void attached(RemoteFrontend frontend) throws FrontendException;

        /** Lists it no more; whether it was listed. */
        boolean remove(RemoteFrontend frontend);
    }

    /** A frontend that somebody has started by hand. */
    RemoteFrontend(
            String id,
            String driver,
            long pid,
            GuestLink guest,
            AttachedFrontend.Limits limits,
            Owner owner) {
        this.id = id;
        this.driver = driver;
        this.pid = pid;
        this.guest = guest;
        this.limits = limits;
        this.owner = owner;
        this.supervisor = null;
        this.plugin = null;
        this.logger = LoggerFactory.getLogger("frontend." + id);
    }

    /**
     * A frontend that the emulator starts and watches.
     *
     * @param given the options that it is told when it registers, typed
     * @param options the same, checked, and with the defaults
     */
    RemoteFrontend(
            String id,
            Driver driver,
            Map<String, ?> given,
            OptionValues options,
            GuestLink guest,
            AttachedFrontend.Limits limits,
            Owner owner,
            Supervisor.Plan plan) {
        this.id = id;
        this.driver = driver.name();
        this.plugin = driver.plugin();
        this.given = Map.copyOf(given);
        this.options = options;
        this.guest = guest;
        this.limits = limits;
        this.owner = owner;
        this.logger = LoggerFactory.getLogger("frontend." + id);
        this.supervisor = new Supervisor(this, plan, limits);
    }

    /**
     * Starts its process and waits until it is attached there.
     *
     * @throws FrontendException when it is not; then nothing is left behind
     */
    void attach() throws FrontendException {
        supervisor.start();
    }

    /** Takes a connection of its process. */
    synchronized RemoteSession register(FrontendChannel channel, long claimedPid)
            throws FrontendException {
        if (closing) {
            throw new FrontendException("frontend '" + id + "' is detached");
        }
        if (session != null || supervisor != null && claimedPid != supervisor.pid()) {
            throw new FrontendException("there is a frontend '" + id + "' already");
        }
        pid = claimedPid;
        session = new RemoteSession(this, guest, channel, owner);
        return session;
    }

    /** The session's frontend is attached; called on the connection's thread. */
    void ready(RemoteSession attached) throws FrontendException {
        synchronized (this) {
            if (closing || session != attached) {
                throw new FrontendException("frontend '" + id + "' is detached");
            }
        }
        owner.attached(this);
        if (supervisor != null) {
            supervisor.ready();
        }
    }

    /** The session's connection has ended. */
    void lost(RemoteSession ended) {
        boolean wasClosing;
        synchronized (this) {
            wasClosing = closing;
            if (supervisor == null) {
                closing = true;
            }
        }
        connectionEnded.countDown();
        if (supervisor != null) {
            supervisor.connectionLost();
            return;
        }
        boolean listed = owner.remove(this);
        if (!wasClosing && listed) {
            ended.events()
                    .end(
                            ended.leftOrderly()
                                    ? new FrontendEvent.Detached(id, driver)
                                    : new FrontendEvent.Crashed(
                                            id,
                                            driver,
                                            ended.error() != null
                                                    ? ended.error()
                                                    : "its process (pid "
                                                            + pid
                                                            + ") has closed the connection"));
        }
    }

    /** The process of this run has ended: forgets its session, and returns it. */
    RemoteSession endRun() {
        RemoteSession ended;
        synchronized (this) {
            ended = session;
            session = null;
        }
        if (ended != null) {
            ended.end();
        }
        return ended;
    }

    /**
     * Its process has ended and this is what follows; called by the supervisor.
     *
     * @param ended the run's session, or null when it had not registered
     * @param crash the fault, or null when it ended orderly
     * @param restartsIn null when it is not started again
     */
    void runEnded(RemoteSession ended, String crash, Duration restartsIn) {
        if (restartsIn == null && !owner.remove(this)) {
            return;
        }
        FrontendEvent event =
                crash == null
                        ? new FrontendEvent.Detached(id, driver)
                        : new FrontendEvent.Crashed(id, driver, crash, restartsIn);
        if (ended != null && ended.isReady()) {
            ended.events().end(event);
        } else {
            owner.frontendEvent(event);
        }
    }

    Logger logger() {
        return logger;
    }

    @Override
    public Placing placing() {
        return new Placing(
                Placing.Placement.OWN_PROCESS,
                supervisor == null ? Placing.Restart.NEVER : supervisor.restart());
    }

    @Override
    public synchronized Map<String, Object> given() {
        return given;
    }

    /** Tells that it was detached; called after {@link #close}. */
    @Override
    public void tellDetached() {
        RemoteSession last;
        synchronized (this) {
            last = closingSession;
        }
        FrontendEvent event = new FrontendEvent.Detached(id, driver);
        if (last != null && last.isReady()) {
            last.events().end(event);
        } else {
            owner.frontendEvent(event);
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String driver() {
        return driver;
    }

    @Override
    public Plugin plugin() {
        return plugin;
    }

    @Override
    public FrontendHost.Attached describe() {
        RemoteSession now;
        synchronized (this) {
            now = session;
        }
        boolean running = now != null && now.isReady();
        RemoteSession.Report report =
                running ? now.report(limits.status()) : RemoteSession.Report.NOTHING;
        synchronized (this) {
            return new FrontendHost.Attached(
                    id,
                    driver,
                    Placing.Placement.OWN_PROCESS,
                    running ? FrontendHost.State.RUNNING : FrontendHost.State.RESTARTING,
                    supervisor == null ? pid : supervisor.pid(),
                    supervisor == null ? null : supervisor.restarts(),
                    report.status(),
                    options == null ? report.options() : options.visible());
        }
    }

    @Override
    public FrontendStatus lastStatus() {
        RemoteSession now;
        synchronized (this) {
            now = session;
        }
        return (now == null ? RemoteSession.Report.NOTHING : now.lastReport()).status();
    }

    @Override
    public synchronized OptionValues options() {
        return options;
    }

    @Override
    public void reconfigure(Map<String, ?> changes) throws FrontendException {
        RemoteSession now;
        OptionValues present;
        synchronized (this) {
            now = session;
            present = options;
        }
        if (now == null || !now.isReady()) {
            throw new FrontendException(driver + ": its process is being started again");
        }
        OptionValues changed =
                present == null ? null : FrontendHost.checked(driver, () -> present.with(changes));
        now.change(changes, limits.attach());
        synchronized (this) {
            if (changed != null) {
                options = changed;
                Map<String, Object> all = new HashMap<>(given);
                all.putAll(changes);
                given = Map.copyOf(all);
            }
        }
    }

    @Override
    public void close(FrontendChannel.CloseReason reason) {
        RemoteSession now;
        synchronized (this) {
            closing = true;
            now = session;
            closingSession = session;
        }
        if (now != null) {
            now.channel().askClose(reason);
        }
        if (supervisor != null) {
            supervisor.stop(now != null);
            return;
        }
        try {
            if (!connectionEnded.await(limits.close().toMillis(), TimeUnit.MILLISECONDS)) {
                logger.warn("its process (pid {}) does not end, and is disconnected", pid);
                now.channel().disconnect();
                now.end();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
