package org.vitrine.monitor.process;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.core.memory.ProcessIdentity;
import org.vitrine.monitor.command.CommandException;
import org.vitrine.monitor.command.FrontendReports;
import org.vitrine.monitor.command.MonitorEvent;
import org.vitrine.monitor.plugin.FrontendChannel;
import org.vitrine.monitor.plugin.FrontendEvent;
import org.vitrine.monitor.plugin.FrontendHost;
import org.vitrine.monitor.plugin.PluginLoader;
import org.vitrine.monitor.qmp.QmpClient;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.FrameSignal;
import org.vitrine.spi.display.SurfaceReader;

/**
 * A frontend of this process at an emulator of another: from the connection to its end. The plugin
 * sees the same host as in the emulator's process, with a guest that is far away.
 */
final class Attachment implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Attachment.class);

    private static final Duration GREETING_LIMIT = Duration.ofSeconds(10);

    /** Less than the emulator waits before it ends this process. */
    private static final Duration LAST_WORDS_LIMIT = Duration.ofSeconds(4);

    private static final long LOOK_MILLIS = 500;

    /** A heartbeat older than this is looked into; it beats four times a second. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final QmpClient emulator;
    private final Outbox outbox;
    private final CompletableFuture<Ending> ending = new CompletableFuture<>();
    private final FrameSignal.Local frames = new FrameSignal.Local();
    private FrontendHost host;
    private String id;
    private Path displayFile;
    private MemorySegment map;
    private SurfaceReader display;
    private FrontendStatus status;

    /** How it ended. */
    enum Cause {
        DETACHED,
        EMULATOR_ENDED,
        EMULATOR_GONE,
        FAILED,
        TOLD_TO_STOP
    }

    /**
     * How it ended.
     *
     * @param message for a person, or null when there is nothing to say
     */
    record Ending(Cause cause, String message) {}

    private Attachment(QmpClient emulator) {
        this.emulator = emulator;
        this.outbox = new Outbox(emulator);
    }

    /**
     * Connects, registers, maps the display and attaches the frontend.
     *
     * @param options typed, or null when the emulator has them
     * @throws NoEmulatorException when there is none, or it goes meanwhile
     * @throws FrontendException when it refuses, or the frontend can't start
     */
    static Attachment open(
            StandaloneFrontend.Order order, Map<String, Object> options, PluginLoader plugins)
            throws NoEmulatorException, FrontendException {
        Attachment attachment = new Attachment(connect(order.prefix()));
        boolean attached = false;
        try {
            attachment.attach(order, options, plugins);
            attached = true;
            return attachment;
        } catch (FrontendException e) {
            attachment.ending.complete(new Ending(Cause.FAILED, e.getMessage()));
            throw e;
        } finally {
            if (!attached) {
                attachment.close();
            }
        }
    }

    private static QmpClient connect(Path prefix) throws NoEmulatorException {
        Path socket = FrontendSocket.address(prefix).getPath();
        String none = "there is no emulator at " + prefix + ": ";
        if (!Files.exists(socket)) {
            throw new NoEmulatorException(none + socket + " does not exist", null);
        }
        try {
            return QmpClient.connect(FrontendSocket.address(prefix), GREETING_LIMIT);
        } catch (IOException e) {
            String why =
                    e.getCause() == null
                            ? socket + ": " + e.getMessage()
                            : socket + " closes the connection; an emulator serves its own user";
            throw new NoEmulatorException(none + why, e);
        }
    }

    private void attach(
            StandaloneFrontend.Order order, Map<String, Object> options, PluginLoader plugins)
            throws NoEmulatorException, FrontendException {
        emulator.addListener(this::heard);
        emulator.closed()
                .thenRun(() -> {
                    ending.complete(new Ending(Cause.EMULATOR_GONE, "the emulator has gone"));
                    frames.publish();
                });
        JsonObject registration = register(order);
        id = registration.get("id").getAsString();
        displayFile = Path.of(registration.get("display").getAsString());
        mapDisplay();
        RemoteGuest guest =
                new RemoteGuest(
                        registration.get("name").getAsString(), display, displayFile, outbox);
        host = new FrontendHost(plugins, guest);
        host.addListener(this::happened);
        Map<String, Object> given =
                options != null
                        ? options
                        : FrontendReports.readOptions(registration.getAsJsonObject("options"));
        FrontendHost.Attached attached = host.attach(order.driver(), id, given);
        status = attached.status();
        JsonObject ready = new JsonObject();
        ready.add("report", FrontendReports.write(status, attached.options()));
        say("frontend-ready", ready);
    }

    private JsonObject register(StandaloneFrontend.Order order)
            throws NoEmulatorException, FrontendException {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("driver", order.driver());
        arguments.addProperty("pid", ProcessHandle.current().pid());
        if (order.id() != null) {
            arguments.addProperty("id", order.id());
        }
        return say("frontend-register", arguments).getAsJsonObject();
    }

    private JsonElement say(String command, JsonObject arguments)
            throws NoEmulatorException, FrontendException {
        try {
            return emulator.execute(command, arguments);
        } catch (CommandException e) {
            if (emulator.closed().isDone()) {
                throw new NoEmulatorException("the emulator has gone", e);
            }
            throw new FrontendException(e.getMessage(), e);
        }
    }

    private void mapDisplay() throws NoEmulatorException, FrontendException {
        try (FileChannel file = FileChannel.open(displayFile, StandardOpenOption.READ)) {
            map = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), Arena.ofAuto());
            display = new SurfaceReader(map, frames);
        } catch (NoSuchFileException e) {
            throw new NoEmulatorException(displayFile + " has gone", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new FrontendException("can't map " + displayFile + ": " + e.getMessage(), e);
        }
    }

    String id() {
        return id;
    }

    /** What it said of itself when it was attached. */
    FrontendStatus status() {
        return status;
    }

    /** Ends it for this reason, unless it has ended for another. */
    void end(Ending why) {
        ending.complete(why);
    }

    /** Waits for the end: told by the emulator, by the connection, or by its silence. */
    Ending await() throws InterruptedException {
        long lastBeat = 0;
        long heard = System.nanoTime();
        while (true) {
            try {
                return ending.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            } catch (TimeoutException e) {
                long beat = beat();
                if (beat != lastBeat) {
                    lastBeat = beat;
                    heard = System.nanoTime();
                } else if (System.nanoTime() - heard > SILENCE_NANOS && !writer().alive()) {
                    end(new Ending(Cause.EMULATOR_GONE, "the emulator has gone"));
                }
            }
        }
    }

    /** The heartbeat; ends it when the map tells of an end. */
    private long beat() {
        try {
            if (display.state() == DisplayLayout.WriterState.SUPERSEDED) {
                end(
                        new Ending(
                                Cause.EMULATOR_GONE,
                                "another emulator has taken the place of this one"));
            }
            return (long) DisplayLayout.LONG.getAcquire(map, DisplayLayout.HEADER_HEARTBEAT);
        } catch (InternalError e) {
            end(new Ending(Cause.FAILED, cutShort()));
            return 0;
        }
    }

    private ProcessIdentity writer() {
        return new ProcessIdentity(
                map.get(DisplayLayout.U64, DisplayLayout.HEADER_WRITER_PID),
                map.get(DisplayLayout.U64, DisplayLayout.HEADER_WRITER_START_TIME));
    }

    private String cutShort() {
        return "the display map " + displayFile + " was cut short while it was read";
    }

    /** What the emulator says; on the connection's thread, which must not wait. */
    private void heard(MonitorEvent event) {
        switch (event.name()) {
            case "DISPLAY_FRAME" -> frames.publish();
            case "FRONTEND_STATUS_REQUESTED" ->
                    Thread.startVirtualThread(() -> answer(event.data(), Map.of()));
            case "FRONTEND_CHANGE_REQUESTED" ->
                    Thread.startVirtualThread(() ->
                            answer(
                                    event.data(),
                                    FrontendReports.readOptions(
                                            event.data().getAsJsonObject("options"))));
            case "FRONTEND_CLOSE_REQUESTED" ->
                    end(
                            event.data()
                                            .get("reason")
                                            .getAsString()
                                            .equals(FrontendChannel.CloseReason.DETACHED.word())
                                    ? new Ending(Cause.DETACHED, null)
                                    : new Ending(Cause.EMULATOR_ENDED, "the emulator has ended"));
            default -> {}
        }
    }

    private void answer(JsonObject request, Map<String, Object> changes) {
        JsonObject answer = new JsonObject();
        answer.add("request", request.get("request"));
        try {
            if (!changes.isEmpty()) {
                host.reconfigure(id, changes);
            }
            for (FrontendHost.Attached attached : host.frontends()) {
                answer.add("report", FrontendReports.write(attached.status(), attached.options()));
            }
        } catch (FrontendException e) {
            answer.addProperty("error", e.getMessage());
        }
        outbox.add("frontend-answer", answer);
    }

    /** What happens to the frontend. */
    private void happened(FrontendEvent event) {
        switch (event) {
            case FrontendEvent.ClientConnected connected -> {
                JsonObject told = new JsonObject();
                told.add("client", FrontendReports.describe(connected.client()));
                outbox.add("frontend-client-connected", told);
            }
            case FrontendEvent.ClientDisconnected gone -> {
                JsonObject told = new JsonObject();
                told.add("client", FrontendReports.describe(gone.client()));
                told.addProperty("reason", gone.reason());
                outbox.add("frontend-client-disconnected", told);
            }
            case FrontendEvent.Crashed crashed ->
                    end(
                            new Ending(
                                    Cause.FAILED,
                                    crashed.message().startsWith(InternalError.class.getName())
                                            ? cutShort()
                                            : crashed.message()));
            case FrontendEvent.Attached attached -> {}
            case FrontendEvent.Detached detached -> {}
            case FrontendEvent.Misbehaved misbehaved -> {
                // In the log of this process, which its emulator shows.
            }
        }
    }

    /** Closes the frontend, and takes leave of the emulator when it is there. */
    @Override
    public void close() {
        if (host != null) {
            host.close();
        }
        if (!emulator.closed().isDone()) {
            JsonObject goodbye = new JsonObject();
            Ending why = ending.getNow(new Ending(Cause.TOLD_TO_STOP, null));
            if (why.cause() == Cause.FAILED) {
                goodbye.addProperty("error", why.message());
            }
            outbox.add("frontend-goodbye", goodbye);
        }
        outbox.finish(LAST_WORDS_LIMIT);
        emulator.close();
        LOG.debug("the attachment is closed");
    }
}
