package org.vitrine.monitor.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.core.machine.Machine;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendProvider;
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

    private final PluginLoader plugins;
    private final Machine machine;
    private final AttachedFrontend.Limits limits;
    private final Map<String, Entry> frontends = new TreeMap<>();
    private final Set<String> attaching = ConcurrentHashMap.newKeySet();
    private final List<FrontendListener> listeners = new CopyOnWriteArrayList<>();
    private boolean closed;

    /**
     * A kind of frontend that can be attached, or a plugin that failed.
     *
     * @param name the driver's name; the plugin's when it failed
     * @param jar where it comes from
     * @param options null when the plugin failed
     * @param error why the plugin can't be used, or null
     */
    public record ProviderInfo(
            String name,
            String description,
            String version,
            String spiVersion,
            String jar,
            OptionSchema options,
            String error) {}

    /** A frontend that is attached. */
    public record Attached(
            String id,
            String driver,
            String placement,
            FrontendStatus status,
            OptionValues options) {}

    private record Entry(AttachedFrontend frontend, HostEvents events) {}

    public FrontendHost(PluginLoader plugins, Machine machine) {
        this(plugins, machine, AttachedFrontend.Limits.STANDARD);
    }

    FrontendHost(PluginLoader plugins, Machine machine, AttachedFrontend.Limits limits) {
        this.plugins = plugins;
        this.machine = machine;
        this.limits = limits;
    }

    public void addListener(FrontendListener listener) {
        listeners.add(listener);
    }

    public void removeListener(FrontendListener listener) {
        listeners.remove(listener);
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
                                plugin.name(), null, null, null, jar, null, plugin.error()));
            }
            for (FrontendProvider provider : plugin.providers()) {
                infos.add(
                        new ProviderInfo(
                                provider.name(),
                                provider.description(),
                                provider.version(),
                                provider.spiVersion(),
                                jar,
                                provider.options(),
                                null));
            }
        }
        return infos;
    }

    /** The attached frontends by id. */
    public List<Attached> frontends() {
        List<Entry> attached;
        synchronized (this) {
            attached = List.copyOf(frontends.values());
        }
        return attached.stream().map(entry -> describe(entry.frontend())).toList();
    }

    private static Attached describe(AttachedFrontend frontend) {
        return new Attached(
                frontend.id(),
                frontend.driver(),
                "in-process",
                frontend.status(),
                frontend.options());
    }

    /**
     * Attaches a frontend with options typed as in JSON (String, Long, Boolean).
     *
     * @param id null for the driver's name with the lowest free number
     * @throws FrontendException when it can't be attached; then nothing has changed
     */
    public Attached attach(String driver, String id, Map<String, ?> options)
            throws FrontendException {
        FrontendProvider provider = provider(driver);
        return attach(provider, id, checked(driver, () -> provider.options().check(options)));
    }

    /** Attaches a frontend with options as words of a command line; see {@link #attach}. */
    public Attached attachWords(String driver, String id, Map<String, String> options)
            throws FrontendException {
        FrontendProvider provider = provider(driver);
        return attach(provider, id, checked(driver, () -> provider.options().parse(options)));
    }

    private interface OptionCheck {
        OptionValues run() throws OptionException;
    }

    private static OptionValues checked(String driver, OptionCheck check) throws OptionException {
        try {
            return check.run();
        } catch (OptionException e) {
            throw new OptionException(driver + ": " + e.getMessage());
        }
    }

    private FrontendProvider provider(String driver) throws FrontendException {
        FrontendProvider provider = plugins.provider(driver);
        if (provider == null) {
            List<String> known =
                    providers().stream()
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
        return provider;
    }

    private Attached attach(FrontendProvider provider, String wantedId, OptionValues options)
            throws FrontendException {
        String id = reserve(provider.name(), wantedId);
        HostEvents events = new HostEvents();
        AttachedFrontend frontend =
                new AttachedFrontend(id, provider, options, machine, limits, events);
        try {
            frontend.attach();
            String refusal = keep(frontend, events);
            if (refusal != null) {
                frontend.close();
                throw new FrontendException(refusal);
            }
        } finally {
            attaching.remove(id);
        }
        events.announce(new FrontendEvent.Attached(id, frontend.driver()));
        return describe(frontend);
    }

    /** Lists a frontend among the attached ones, or says why not. */
    private synchronized String keep(AttachedFrontend frontend, HostEvents events) {
        if (closed) {
            return "the machine has ended";
        }
        if (events.crash != null) {
            return frontend.driver() + ": a thread of the plugin failed: " + events.crash;
        }
        frontends.put(frontend.id(), new Entry(frontend, events));
        return null;
    }

    private synchronized String reserve(String driver, String wantedId) throws FrontendException {
        String id = wantedId;
        if (id == null) {
            int number = 0;
            while (frontends.containsKey(driver + number) || attaching.contains(driver + number)) {
                number++;
            }
            id = driver + number;
        } else if (!id.matches("[A-Za-z][A-Za-z0-9._-]*")) {
            throw new FrontendException(
                    "'"
                            + id
                            + "' is no id: one starts with a letter, and has letters, digits, '-', '.' and '_'");
        } else if (frontends.containsKey(id) || attaching.contains(id)) {
            throw new FrontendException("there is a frontend '" + id + "' already");
        }
        attaching.add(id);
        return id;
    }

    private synchronized Entry find(String id) throws UnknownFrontendException {
        Entry entry = frontends.get(id);
        if (entry == null) {
            throw new UnknownFrontendException(id);
        }
        return entry;
    }

    /** Changes options of an attached frontend; those not named keep their values. */
    public Attached reconfigure(String id, Map<String, ?> options) throws FrontendException {
        AttachedFrontend frontend = find(id).frontend();
        frontend.reconfigure(checked(frontend.driver(), () -> frontend.options().with(options)));
        return describe(frontend);
    }

    /** Detaches a frontend, and waits until its endpoints and threads are gone. */
    public void detach(String id) throws FrontendException {
        Entry entry;
        synchronized (this) {
            entry = find(id);
            frontends.remove(id);
        }
        entry.frontend().close();
        entry.events().end(new FrontendEvent.Detached(id, entry.frontend().driver()));
    }

    /** Detaches all frontends; none can be attached any more. */
    @Override
    public void close() {
        List<Entry> attached;
        synchronized (this) {
            closed = true;
            attached = List.copyOf(frontends.values());
            frontends.clear();
        }
        List<Thread> closing = new ArrayList<>();
        for (Entry entry : attached) {
            closing.add(Thread.startVirtualThread(entry.frontend()::close));
        }
        for (Thread thread : closing) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
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

    /**
     * The events of one frontend in their order: that it is attached, what its clients do, and that
     * it is gone. What comes too early waits, and what comes too late is dropped.
     */
    private final class HostEvents implements AttachedFrontend.Events {

        /** Why a thread ended before the frontend was attached; guarded by the host. */
        private String crash;

        // Guarded by this object.
        private List<FrontendEvent> early = new ArrayList<>();
        private FrontendEvent last;

        synchronized void announce(FrontendEvent.Attached attached) {
            tell(attached);
            early.forEach(FrontendHost.this::tell);
            early = null;
            if (last != null) {
                tell(last);
            }
        }

        synchronized void end(FrontendEvent event) {
            last = event;
            if (early == null) {
                tell(event);
            }
        }

        @Override
        public synchronized void clientEvent(FrontendEvent event) {
            if (last != null) {
                return;
            }
            if (early != null) {
                early.add(event);
            } else {
                tell(event);
            }
        }

        @Override
        public void crashed(AttachedFrontend frontend, Throwable thrown) {
            String what = describe(thrown);
            boolean mine;
            synchronized (FrontendHost.this) {
                Entry entry = frontends.get(frontend.id());
                mine = entry != null && entry.frontend() == frontend;
                if (mine) {
                    frontends.remove(frontend.id());
                } else if (crash == null) {
                    crash = what;
                }
            }
            if (mine) {
                Thread.startVirtualThread(() -> {
                    frontend.closeCrashed();
                    end(new FrontendEvent.Crashed(frontend.id(), frontend.driver(), what));
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
