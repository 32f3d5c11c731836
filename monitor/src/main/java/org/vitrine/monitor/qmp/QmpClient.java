package org.vitrine.monitor.qmp;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.monitor.command.CommandException;
import org.vitrine.monitor.command.CommandException.ErrorClass;
import org.vitrine.monitor.command.MonitorEvent;
import org.vitrine.monitor.command.MonitorLink;

/** A connection to a QMP server, Vitrine's or QEMU's. Safe for use by several threads. */
public final class QmpClient implements MonitorLink, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QmpClient.class);

    private final SocketChannel channel;
    private final CompletableFuture<JsonObject> greeting = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Map<Long, CompletableFuture<JsonObject>> pending = new ConcurrentHashMap<>();
    private final List<Consumer<MonitorEvent>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong lastId = new AtomicLong();

    /** Sends in order: an interrupt of the thread that writes to the channel would close it. */
    private final ExecutorService sender =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("qmp-client-send").factory());

    private QmpClient(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Connects and negotiates.
     *
     * @param timeout how long the server may take to greet
     * @throws IOException when nobody is there, or it does not speak QMP
     */
    public static QmpClient connect(SocketAddress address, Duration timeout) throws IOException {
        SocketChannel channel = SocketChannel.open(resolved(address));
        QmpClient client = new QmpClient(channel);
        Thread.ofVirtual().name("qmp-client").start(client::read);
        try {
            client.greeting.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            client.execute("qmp_capabilities");
            return client;
        } catch (TimeoutException | ExecutionException | CommandException e) {
            client.close();
            throw new IOException("there is no QMP server at " + address, e);
        } catch (InterruptedException e) {
            client.close();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while connecting to " + address, e);
        }
    }

    private static SocketAddress resolved(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.isUnresolved()
                ? new InetSocketAddress(inet.getHostString(), inet.getPort())
                : address;
    }

    /** The server's greeting: {@code version} and {@code capabilities}. */
    public JsonObject greeting() {
        return greeting.join();
    }

    /** Done when the connection has ended. */
    public CompletableFuture<Void> closed() {
        return closed.copy();
    }

    @Override
    public JsonElement execute(String command, JsonObject arguments) throws CommandException {
        long id = lastId.incrementAndGet();
        JsonObject request = new JsonObject();
        request.addProperty("execute", command);
        if (!arguments.isEmpty()) {
            request.add("arguments", arguments);
        }
        request.addProperty("id", id);
        CompletableFuture<JsonObject> reply = new CompletableFuture<>();
        pending.put(id, reply);
        try {
            send(JsonText.write(request) + "\r\n", reply);
            return result(reply.get());
        } catch (RejectedExecutionException | ExecutionException e) {
            throw lost(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("the wait for '" + command + "' was broken off", e);
        } finally {
            pending.remove(id);
        }
    }

    private static CommandException lost(Exception cause) {
        return new CommandException("the connection to the emulator is lost", cause);
    }

    private static JsonElement result(JsonObject reply) throws CommandException {
        if (reply.has("return")) {
            return reply.get("return");
        }
        JsonObject error = reply.getAsJsonObject("error");
        throw new CommandException(
                ErrorClass.ofQmpName(error.get("class").getAsString()),
                error.get("desc").getAsString());
    }

    private void send(String line, CompletableFuture<JsonObject> reply) {
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
        sender.execute(() -> {
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                reply.completeExceptionally(e);
            }
        });
    }

    @Override
    public void addListener(Consumer<MonitorEvent> listener) {
        listeners.add(listener);
    }

    @Override
    public void removeListener(Consumer<MonitorEvent> listener) {
        listeners.remove(listener);
    }

    private void read() {
        JsonStream stream = new JsonStream(new Messages());
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        try {
            while (channel.read(buffer.clear()) >= 0) {
                stream.feed(buffer.array(), 0, buffer.position());
            }
        } catch (IOException e) {
            LOG.debug("the QMP connection ended", e);
        } finally {
            end();
        }
    }

    private void end() {
        IOException gone = new IOException("the server has closed the connection");
        closed.complete(null);
        // Before those that wait are told: from here on nobody begins to.
        sender.shutdown();
        greeting.completeExceptionally(gone);
        pending.values().forEach(reply -> reply.completeExceptionally(gone));
    }

    private final class Messages implements JsonStream.Values {

        @Override
        public void value(JsonElement value) {
            if (!(value instanceof JsonObject message)) {
                LOG.warn("the QMP server sent something that is no object");
            } else if (message.has("QMP")) {
                greeting.complete(message.getAsJsonObject("QMP"));
            } else if (message.has("event")) {
                tell(message);
            } else {
                answer(message);
            }
        }

        @Override
        public void error(String message) {
            LOG.warn("the QMP server sent something that is no JSON: {}", message);
        }
    }

    private void answer(JsonObject message) {
        JsonElement id = message.get("id");
        CompletableFuture<JsonObject> reply = id == null ? null : pending.get(id.getAsLong());
        if (reply == null || !message.has("return") && !message.has("error")) {
            LOG.warn("the QMP server sent a reply that nobody waits for");
        } else {
            reply.complete(message);
        }
    }

    private void tell(JsonObject message) {
        JsonObject time = message.getAsJsonObject("timestamp");
        Instant timestamp =
                Instant.ofEpochSecond(
                        time.get("seconds").getAsLong(),
                        time.get("microseconds").getAsLong() * 1000);
        MonitorEvent event =
                new MonitorEvent(
                        message.get("event").getAsString(),
                        message.getAsJsonObject("data"),
                        timestamp);
        for (Consumer<MonitorEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                LOG.error("a listener failed at {}", event.name(), e);
            }
        }
    }

    /** Ends the connection. Commands that wait fail. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing the QMP connection", e);
        }
        end();
    }
}
