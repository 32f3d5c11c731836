package org.vitrine.monitor.process;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.vitrine.monitor.plugin.GuestLink;
import org.vitrine.spi.display.Display;
import org.vitrine.spi.input.InputPort;

/** A guest in another process: its screen is a map, its keyboard a connection. */
final class RemoteGuest implements GuestLink {

    private final String machineName;
    private final Display display;
    private final Path displayMap;
    private final Outbox outbox;

    /** Names of open ports; guarded by this object. */
    private final Set<String> clients = new HashSet<>();

    RemoteGuest(String machineName, Display display, Path displayMap, Outbox outbox) {
        this.machineName = machineName;
        this.display = display;
        this.displayMap = displayMap;
        this.outbox = outbox;
    }

    @Override
    public String machineName() {
        return machineName;
    }

    @Override
    public Display display() {
        return display;
    }

    @Override
    public Path displayMap() {
        return displayMap;
    }

    @Override
    public InputPort openInput(String client) {
        String name = client;
        synchronized (this) {
            for (int number = 2; !clients.add(name); number++) {
                name = client + "#" + number;
            }
        }
        String open = name;
        return new RemoteInput(open, outbox, () -> close(open));
    }

    private synchronized void close(String client) {
        clients.remove(client);
    }
}
