package org.vitrine.monitor.plugin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.spi.Capability;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.OptionException;
import org.vitrine.spi.OptionSchema;
import org.vitrine.spi.OptionValues;

/**
 * The frontends of one machine: attaches and detaches them while the guest runs, and keeps what
 * goes wrong in one from all others. Safe for use by several threads.
 */
public final class FrontendHost implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FrontendHost.class);
    private static final String ENDED = "the machine has ended";

    private final PluginLoader plugins;
    private final PluginHost pluginHost;
    private final GuestLink guest;
    private final AttachedFrontend.Limits limits;
    private final Supervision supervision;
    private final Map<String, HostedFrontend> frontends = new TreeMap<>();
    private final Map<String, RemoteFrontend> starting = new HashMap<>();
    private final Set<String> attaching = new HashSet<>();

    /** For each frontend whose end is not complete yet, its plugin. */
    private final Map<HostedFrontend, Plugin> unended = new IdentityHashMap<>();

    private final List<FrontendListener> listeners = new CopyOnWriteArrayList<>();
    private final CarrierWatch carriers = new CarrierWatch(this::pluginThreads, this::holdsCarrier);

    /** Threads that did not end with their frontends. */
    private final Set<Thread> abandoned = ConcurrentHashMap.newKeySet();

    private boolean closed;

    /**
     * How frontends get processes of their own.
     *
     * @param launcher null when there can be none
     */
    record Supervision(FrontendLauncher launcher, BackOff.Delays delays) {
        static final Supervision NONE = new Supervision(null, BackOff.Delays.STANDARD);
    }

    /** What an attached frontend is doing. */
    public enum State implements Worded {
        RUNNING,
        /** It does not answer the host's question about its status. */
        UNRESPONSIVE,
        /** Its process has crashed, and is being started again. */
        RESTARTING
    }

    /**
     * A kind of frontend that can be attached, or a plugin that failed.
     *
     * @param name the driver's name; the plugin's when it failed
     * @param jar where it comes from
     * @param capabilities what it can do beside showing the screen; null when the plugin failed
     * @param options null when the plugin failed
     * @param error why the plugin can't be used, or null
     */
    public record ProviderInfo(
            String name,
            String description,
            String version,
            String spiVersion,
            String jar,
            Set<Capability> capabilities,
            OptionSchema options,
            String error) {}

    /**
     * A frontend that is attached.
     *
     * @param pid the process that it runs in, or ran in last
     * @param restarts how often the emulator has started its process again; null for a process that
     *     the emulator did not start
     * @param options its options by name, without the secret ones
     */
    public record Attached(
            String id,
            String driver,
            Placing.Placement placement,
            State state,
            long pid,
            Integer restarts,
            FrontendStatus status,
            Map<String, Object> options) {}

    /** The frontends of this guest, all of them in this process. */
    public FrontendHost(PluginLoader plugins, GuestLink guest) {
        this(plugins, guest, AttachedFrontend.Limits.STANDARD, Supervision.NONE);
    }

    /** The frontends of this guest, in this process or in ones that the launcher starts. */
    public FrontendHost(PluginLoader plugins, GuestLink guest, FrontendLauncher launcher) {
        this(
                plugins,
                guest,
                AttachedFrontend.Limits.STANDARD,
                new Supervision(launcher, BackOff.Delays.STANDARD));
    }

    FrontendHost(
            PluginLoader plugins,
            GuestLink guest,
            AttachedFrontend.Limits limits,
            Supervision supervision) {
        this.plugins = plugins;
        this.pluginHost = new PluginHost(plugins, this);
        this.guest = guest;
        this.limits = limits;
        this.supervision = supervision;
    }

    public void addListener(FrontendListener listener) {
        listeners.add(listener);
    }

    public void removeListener(FrontendListener listener) {
        listeners.remove(listener);
    }

    /** The plugins, to be loaded and unloaded. */
    public PluginHost plugins() {
        return pluginHost;
    }

    /** What can be attached, and the plugins that failed. */
    public List<ProviderInfo> providers() {
        return providers(plugins);
    }

    /** What these plugins provide, and those that failed. */
    public static List<ProviderInfo> providers(PluginLoader plugins) {
        List<ProviderInfo> infos = new ArrayList<>();
        for (Plugin plugin : plugins.plugins()) {
            String jar = plugin.path().toString();
            if (plugin.error() != null) {
                infos.add(
                        new ProviderInfo(
                                plugin.name(), null, null, null, jar, null, null, plugin.error()));
            }
            for (Driver driver : plugin.drivers()) {
                infos.add(
                        new ProviderInfo(
                                driver.name(),
                                driver.description(),
                                driver.version(),
                                driver.spiVersion(),
                                jar,
                                driver.capabilities(),
                                driver.options(),
                                null));
            }
        }
        return infos;
    }

    /** Where frontends can be attached. */
    public List<Placing.Placement> placements() {
        return supervision.launcher() == null
                ? List.of(Placing.Placement.IN_PROCESS)
                : List.of(Placing.Placement.values());
    }

    /** The attached frontends by id. */
    public List<Attached> frontends() {
        List<HostedFrontend> attached;
        synchronized (this) {
            attached = List.copyOf(frontends.values());
        }
        return attached.stream().map(HostedFrontend::describe).toList();
    }

    /**
     * What an attached frontend last said of itself, or null when there is none with this id. Asks
     * and waits for nothing, so that listeners may call it.
     */
    public synchronized FrontendStatus lastStatus(String id) {
        HostedFrontend frontend = frontends.get(id);
        return frontend == null ? null : frontend.lastStatus();
    }

    /**
     * The options of an attached frontend, secret ones included; null when there is none with this
     * id, and when somebody has started its process by hand, so that the host does not know them.
     */
    public synchronized OptionValues options(String id) {
        HostedFrontend frontend = frontends.get(id);
        return frontend == null ? null : frontend.options();
    }

    /**
     * Attaches a frontend in this process with options typed as in JSON (String, Long, Boolean).
     *
     * @param id null for the driver's name with the lowest free number
     * @throws FrontendException when it can't be attached; then nothing has changed
     */
    public Attached attach(String driver, String id, Map<String, ?> options)
            throws FrontendException {
        return attach(driver, id, Placing.IN_PROCESS, options);
    }

    /** Attaches a frontend where it is to run; see {@link #attach(String, String, Map)}. */
    public Attached attach(String driver, String id, Placing placing, Map<String, ?> options)
            throws FrontendException {
        Driver found = driver(plugins, driver);
        OptionValues values = checked(driver, () -> found.options().check(options));
        return switch (placing.placement()) {
            case IN_PROCESS -> attachHere(found, id, options, values);
            case OWN_PROCESS -> attachThere(found, id, placing.restart(), options, values);
        };
    }

    /** Attaches a frontend with options as words of a command line; see {@link #attach}. */
    public Attached attachWords(
            String driver, String id, Placing placing, Map<String, String> words)
            throws FrontendException {
        return attach(driver, id, placing, typed(plugins, driver, words));
    }

    /**
     * The options, typed, for which these words of a command line stand.
     *
     * @throws OptionException when the driver or an option is unknown, or a value is wrong
     */
    public static Map<String, Object> typed(
            PluginLoader plugins, String driver, Map<String, String> words) throws OptionException {
        OptionSchema schema = driver(plugins, driver).options();
        checked(driver, () -> schema.parse(words));
        Map<String, Object> typed = new LinkedHashMap<>();
        for (Map.Entry<String, String> word : words.entrySet()) {
            typed.put(word.getKey(), schema.option(word.getKey()).parse(word.getValue()));
        }
        return typed;
    }

    /** A check of options. */
    interface OptionCheck {
        OptionValues run() throws OptionException;
    }

    static OptionValues checked(String driver, OptionCheck check) throws OptionException {
        try {
            return check.run();
        } catch (OptionException e) {
            throw new OptionException(driver + ": " + e.getMessage());
        }
    }

    private static Driver driver(PluginLoader plugins, String driver) throws OptionException {
        Driver found = plugins.driver(driver);
        if (found == null) {
            List<String> known =
                    providers(plugins).stream()
                            .filter(info -> info.error() == null)
                            .map(ProviderInfo::name)
                            .toList();
            throw new OptionException(
                    "there is no frontend driver '"
                            + driver
                            + "'; "
                            + (known.isEmpty()
                                    ? "no plugin was found"
                                    : "drivers are " + String.join(", ", known)));
        }
        return found;
    }

    private Attached attachHere(
            Driver driver, String wantedId, Map<String, ?> given, OptionValues options)
            throws FrontendException {
        String id = reserve(driver.name(), wantedId);
        Events events = new Events();
        AttachedFrontend frontend =
                new AttachedFrontend(id, driver, given, options, guest, limits, events);
        try {
            begin(frontend);
            carriers.start();
            frontend.attach();
            String refusal = keep(frontend, events);
            if (refusal != null) {
                frontend.close();
                throw new FrontendException(refusal);
            }
        } finally {
            synchronized (this) {
                attaching.remove(id);
                settled(frontend);
            }
        }
        // Before the event, since those who hear of its clients then want to know where they came
        // to.
        Attached attached = frontend.describe();
        events.order.announce(new FrontendEvent.Attached(id, frontend.driver()));
        return attached;
    }

    /** Notes that a frontend of a plugin is to be attached, so that the plugin stays meanwhile. */
    private synchronized void begin(HostedFrontend frontend) throws FrontendException {
        if (frontend.plugin().isRetired()) {
            throw new FrontendException(
                    frontend.driver() + ": plugin '" + frontend.plugin().name() + "' is unloaded");
        }
        unended.put(frontend, frontend.plugin());
    }

    /** Notes that a frontend is complete: it is attached, or nothing of it is left. */
    private synchronized void settled(HostedFrontend frontend) {
        unended.remove(frontend);
        notifyAll();
    }

    /** Lists a frontend among the attached ones, or says why not. */
    private synchronized String keep(AttachedFrontend frontend, Events events) {
        if (closed) {
            return ENDED;
        }
        if (events.crash != null) {
            return frontend.driver() + ": a thread of the plugin failed: " + events.crash;
        }
        frontends.put(frontend.id(), frontend);
        return null;
    }

    private Attached attachThere(
            Driver driver,
            String wantedId,
            Placing.Restart restart,
            Map<String, ?> given,
            OptionValues options)
            throws FrontendException {
        if (supervision.launcher() == null) {
            throw new FrontendException("this host starts no processes for frontends");
        }
        String id = reserve(driver.name(), wantedId);
        Supervisor.Plan plan =
                new Supervisor.Plan(supervision.launcher(), restart, supervision.delays());
        RemoteFrontend frontend =
                new RemoteFrontend(
                        id, driver, given, options, guest, limits, new RemoteOwner(), plan);
        try {
            synchronized (this) {
                if (closed) {
                    throw new FrontendException(ENDED);
                }
                begin(frontend);
                starting.put(id, frontend);
            }
            frontend.attach();
        } finally {
            synchronized (this) {
                starting.remove(id);
                attaching.remove(id);
                settled(frontend);
            }
        }
        return frontend.describe();
    }

    /**
     * Takes the connection of a frontend that runs in another process: one that this host has
     * started, or one that somebody has started by hand.
     *
     * @param id null for the driver's name with the lowest free number
     * @param pid its process
     * @throws FrontendException when it can't be taken; the message is for a person
     */
    public RemoteSession register(String driver, String id, long pid, FrontendChannel channel)
            throws FrontendException {
        if (!driver.matches("[a-z][a-z0-9-]*")) {
            throw new FrontendException("'" + driver + "' is no name of a driver");
        }
        RemoteFrontend known;
        synchronized (this) {
            HostedFrontend attached = id == null ? null : frontends.get(id);
            known = attached instanceof RemoteFrontend remote ? remote : starting.get(id);
            if (closed) {
                throw new FrontendException(ENDED);
            }
        }
        if (known != null) {
            return known.register(channel, pid);
        }
        String given = reserve(driver, id);
        RemoteFrontend frontend =
                new RemoteFrontend(given, driver, pid, guest, limits, new RemoteOwner());
        synchronized (this) {
            starting.put(given, frontend);
            attaching.remove(given);
        }
        return frontend.register(channel, pid);
    }

    private synchronized String reserve(String driver, String wantedId) throws FrontendException {
        String id = wantedId;
        if (id == null) {
            int number = 0;
            while (isTaken(driver + number)) {
                number++;
            }
            id = driver + number;
        } else if (!id.matches("[A-Za-z][A-Za-z0-9._-]*")) {
            throw new FrontendException(
                    "'"
                            + id
                            + "' is no id: one starts with a letter, and has letters, digits, '-', '.' and '_'");
        } else if (isTaken(id)) {
            throw new FrontendException("there is a frontend '" + id + "' already");
        }
        attaching.add(id);
        return id;
    }

    private boolean isTaken(String id) {
        return frontends.containsKey(id) || starting.containsKey(id) || attaching.contains(id);
    }

    private synchronized HostedFrontend find(String id) throws UnknownFrontendException {
        HostedFrontend frontend = frontends.get(id);
        if (frontend == null) {
            throw new UnknownFrontendException(id);
        }
        return frontend;
    }

    /** Changes options of an attached frontend; those not named keep their values. */
    public Attached reconfigure(String id, Map<String, ?> options) throws FrontendException {
        HostedFrontend frontend = find(id);
        frontend.reconfigure(options);
        return frontend.describe();
    }

    /** Detaches a frontend, and waits until its endpoints, threads and processes are gone. */
    public void detach(String id) throws FrontendException {
        HostedFrontend frontend;
        synchronized (this) {
            frontend = find(id);
            takeOff(frontend);
        }
        detach(frontend);
    }

    /** Lists a frontend no more, though it has not ended yet. */
    private synchronized void takeOff(HostedFrontend frontend) {
        frontends.remove(frontend.id());
        unended.put(frontend, frontend.plugin());
    }

    private void detach(HostedFrontend frontend) {
        try {
            frontend.close(FrontendChannel.CloseReason.DETACHED);
        } finally {
            settled(frontend);
        }
        frontend.tellDetached();
    }

    /** The ids of the attached frontends of a plugin. */
    synchronized List<String> attachedOf(Plugin plugin) {
        return frontends.values().stream()
                .filter(frontend -> frontend.plugin() == plugin)
                .map(HostedFrontend::id)
                .toList();
    }

    /**
     * Lets nothing of a plugin be attached any more, and waits until all that was has ended.
     *
     * @param detach whether frontends of it that are attached are detached
     * @return what was detached
     * @throws FrontendException when some are, and shall not be; then nothing changes
     */
    List<HostedFrontend> retire(Plugin plugin, boolean detach) throws FrontendException {
        List<HostedFrontend> detached = new ArrayList<>();
        synchronized (this) {
            List<String> attached = attachedOf(plugin);
            if (!attached.isEmpty() && !detach) {
                throw new FrontendException(
                        "plugin '"
                                + plugin.name()
                                + "' is in use by "
                                + String.join(", ", attached)
                                + "; detach them first, or force it");
            }
            plugin.retire();
            for (String id : attached) {
                detached.add(frontends.get(id));
            }
            detached.forEach(this::takeOff);
        }
        detached.forEach(this::detach);
        synchronized (this) {
            try {
                while (unended.containsValue(plugin)) {
                    wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FrontendException("the wait for its frontends was broken off", e);
            }
        }
        Leftovers.end(plugin, limits.close());
        return detached;
    }

    /** The virtual threads of frontends in this process, with those that they left behind. */
    private Set<Thread> pluginThreads() {
        abandoned.removeIf(thread -> !thread.isAlive());
        Set<Thread> threads = new HashSet<>(abandoned);
        for (AttachedFrontend frontend : here()) {
            threads.addAll(frontend.liveThreads());
        }
        return threads;
    }

    private void holdsCarrier(Thread thread, String where) {
        for (AttachedFrontend frontend : here()) {
            if (frontend.liveThreads().contains(thread)) {
                frontend.misbehaved("thread " + thread.getName() + " never waits" + where);
                return;
            }
        }
    }

    private synchronized List<AttachedFrontend> here() {
        return Stream.concat(frontends.values().stream(), unended.keySet().stream())
                .filter(AttachedFrontend.class::isInstance)
                .map(AttachedFrontend.class::cast)
                .toList();
    }

    /** Detaches all frontends; none can be attached any more. */
    @Override
    public void close() {
        List<HostedFrontend> attached = new ArrayList<>();
        synchronized (this) {
            closed = true;
            attached.addAll(frontends.values());
            attached.addAll(starting.values());
            frontends.clear();
        }
        List<Thread> closing = new ArrayList<>();
        for (HostedFrontend frontend : attached) {
            closing.add(
                    Thread.startVirtualThread(
                            () -> frontend.close(FrontendChannel.CloseReason.EMULATOR_ENDS)));
        }
        try {
            for (Thread thread : closing) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // Until now those that close needed carriers too.
            carriers.close();
        }
    }

    private void tell(FrontendEvent event) {
        for (FrontendListener listener : listeners) {
            try {
                listener.frontendEvent(event);
            } catch (RuntimeException e) {
                LOG.error("a listener failed at {}", event, e);
            }
        }
    }

    /** The way of a remote frontend into the list, and out of it. */
    private final class RemoteOwner implements RemoteFrontend.Owner {

        @Override
        public void attached(RemoteFrontend frontend) throws FrontendException {
            synchronized (FrontendHost.this) {
                if (closed) {
                    throw new FrontendException(ENDED);
                }
                starting.remove(frontend.id());
                frontends.put(frontend.id(), frontend);
            }
        }

        @Override
        public boolean remove(RemoteFrontend frontend) {
            synchronized (FrontendHost.this) {
                starting.remove(frontend.id(), frontend);
                return frontends.remove(frontend.id(), frontend);
            }
        }

        @Override
        public void frontendEvent(FrontendEvent event) {
            tell(event);
        }
    }

    /** What comes of a frontend in this process. */
    private final class Events implements AttachedFrontend.Events {

        private final EventOrder order = new EventOrder(FrontendHost.this::tell);

        /** Why a thread ended before the frontend was attached; guarded by the host. */
        private String crash;

        @Override
        public void clientEvent(FrontendEvent event) {
            order.client(event);
        }

        @Override
        public void detached(AttachedFrontend frontend) {
            order.end(new FrontendEvent.Detached(frontend.id(), frontend.driver()));
        }

        @Override
        public void misbehaved(AttachedFrontend frontend, String message) {
            tell(new FrontendEvent.Misbehaved(frontend.id(), frontend.driver(), message));
        }

        @Override
        public void abandoned(AttachedFrontend frontend, List<Thread> threads) {
            abandoned.removeIf(thread -> !thread.isAlive());
            abandoned.addAll(threads);
        }

        @Override
        public void crashed(AttachedFrontend frontend, Throwable thrown) {
            String what = describe(thrown);
            boolean mine;
            synchronized (FrontendHost.this) {
                mine = frontends.get(frontend.id()) == frontend;
                if (mine) {
                    takeOff(frontend);
                }
                if (!mine && crash == null) {
                    crash = what;
                }
            }
            if (mine) {
                Thread.startVirtualThread(() -> {
                    try {
                        frontend.closeCrashed();
                    } finally {
                        settled(frontend);
                    }
                    order.end(new FrontendEvent.Crashed(frontend.id(), frontend.driver(), what));
                });
                LOG.warn("frontend {} crashed", frontend.id(), thrown);
            } else {
                LOG.debug(
                        "a thread of frontend {} failed while it came or went",
                        frontend.id(),
                        thrown);
            }
        }

        /** What was thrown; also when its own words fail. */
        private static String describe(Throwable thrown) {
            try {
                return String.valueOf(thrown);
            } catch (RuntimeException | Error e) {
                return thrown.getClass().getName();
            }
        }
    }
}
