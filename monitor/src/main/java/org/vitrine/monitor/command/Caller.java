package org.vitrine.monitor.command;

import java.util.function.Consumer;
import org.vitrine.monitor.plugin.RemoteSession;

/**
 * The client of one connection: its role, the way to tell it alone something, and the frontend that
 * it speaks for once it has registered. Safe for use by several threads.
 */
public final class Caller {

    /** Whoever calls from the emulator's own process. */
    static final Caller LOCAL = new Caller(Role.MONITOR, event -> {}, () -> {});

    private final Role role;
    private final Consumer<MonitorEvent> events;
    private final Runnable disconnect;

    // Guarded by this object.
    private RemoteSession frontend;
    private boolean gone;

    /**
     * @param events takes events for this client alone; must not wait
     * @param disconnect breaks the connection off; must not wait
     */
    public Caller(Role role, Consumer<MonitorEvent> events, Runnable disconnect) {
        this.role = role;
        this.events = events;
        this.disconnect = disconnect;
    }

    public Role role() {
        return role;
    }

    void tell(MonitorEvent event) {
        events.accept(event);
    }

    void disconnect() {
        disconnect.run();
    }

    /** The frontend that it has registered, or null. */
    synchronized RemoteSession frontend() {
        return frontend;
    }

    /** Notes the frontend that it speaks for; false when the connection has ended meanwhile. */
    synchronized boolean speakFor(RemoteSession session) {
        if (!gone) {
            frontend = session;
        }
        return !gone;
    }

    /** The connection has ended: so has the frontend that it spoke for. */
    public void gone() {
        RemoteSession session;
        synchronized (this) {
            gone = true;
            session = frontend;
        }
        if (session != null) {
            session.lost();
        }
    }
}
