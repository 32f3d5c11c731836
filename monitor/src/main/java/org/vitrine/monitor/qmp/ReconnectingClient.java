package org.vitrine.monitor.qmp;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.monitor.command.CommandException;
import org.vitrine.monitor.command.MonitorEvent;
import org.vitrine.monitor.command.MonitorLink;

/**
 * A client for a person, who may break a command off by interrupting its thread. The server does
 * not know of that, and would finish the command before the next one of the same connection; so the
 * connection is given up, and the next command goes over a new one. Safe for use by several
 * threads.
 */
public final class ReconnectingClient implements MonitorLink, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReconnectingClient.class);

    private final SocketAddress address;
    private final Duration timeout;
    private final List<Consumer<MonitorEvent>> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile QmpClient client;
    private volatile QmpClient givenUp;

    /**
     * Connects and negotiates.
     *
     * @param timeout how long the server may take to greet
     * @throws IOException when nobody is there, or it does not speak QMP
     */
    public ReconnectingClient(SocketAddress address, Duration timeout) throws IOException {
        this.address = address;
        this.timeout = timeout;
        try {
            use(QmpClient.connect(address, timeout));
        } catch (SocketException e) {
            throw new IOException("can't connect to " + address + ": " + e.getMessage(), e);
        }
    }

    private void use(QmpClient connected) {
        client = connected;
        connected.addListener(this::tell);
        connected
                .closed()
                .thenRun(() -> {
                    if (client == connected && givenUp != connected) {
                        closed.complete(null);
                    }
                });
    }

    private void tell(MonitorEvent event) {
        listeners.forEach(listener -> listener.accept(event));
    }

    /** Done when the server has ended the connection, or {@link #close} was called. */
    public CompletableFuture<Void> closed() {
        return closed.copy();
    }

    @Override
    public JsonElement execute(String command, JsonObject arguments) throws CommandException {
        QmpClient used = client;
        try {
            return used.execute(command, arguments);
        } catch (CommandException e) {
            if (Thread.interrupted()) {
                reconnect(used);
                Thread.currentThread().interrupt();
            } else if (used.closed().isDone() && newest() != used) {
                // Somebody else's command was broken off, and took this one's connection along.
                return newest().execute(command, arguments);
            }
            throw e;
        }
    }

    /** The connection, once one that is being made is there. */
    private synchronized QmpClient newest() {
        return client;
    }

    private synchronized void reconnect(QmpClient used) {
        if (used != client || closed.isDone()) {
            return;
        }
        // A server may serve one client at a time, so the old connection ends first. Its end is
        // not the machine's.
        givenUp = used;
        used.close();
        try {
            use(QmpClient.connect(address, timeout));
        } catch (IOException e) {
            LOG.warn("the emulator does not answer any more: {}", e.getMessage());
            closed.complete(null);
        }
    }

    @Override
    public void addListener(Consumer<MonitorEvent> listener) {
        listeners.add(listener);
    }

    @Override
    public void removeListener(Consumer<MonitorEvent> listener) {
        listeners.remove(listener);
    }

    /** Ends the connection. Commands that wait fail. */
    @Override
    public synchronized void close() {
        client.close();
        closed.complete(null);
    }
}
