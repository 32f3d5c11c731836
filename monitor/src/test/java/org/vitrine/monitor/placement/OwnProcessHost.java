package org.vitrine.monitor.placement;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.LoggerFactory;
import org.vitrine.monitor.Main;
import org.vitrine.monitor.command.Monitor;
import org.vitrine.monitor.plugin.FrontendEvent;
import org.vitrine.monitor.plugin.FrontendHost;
import org.vitrine.monitor.plugin.GuestLink;
import org.vitrine.monitor.plugin.Placing;
import org.vitrine.monitor.plugin.PluginLoader;
import org.vitrine.monitor.plugin.UnknownFrontendException;
import org.vitrine.monitor.process.ChildLauncher;
import org.vitrine.monitor.process.FrontendSocket;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.Option;
import org.vitrine.spi.OptionValues;
import org.vitrine.spi.display.Display;
import org.vitrine.spi.display.ScriptedDisplay;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.InputPort;
import org.vitrine.spi.testkit.RecordedInput;
import org.vitrine.spi.testkit.TestHost;

/**
 * Frontends in processes of their own, with all that the emulator has for them but the machine: the
 * host, the socket, the launcher and the display map. Of a provider that a test passes its name
 * counts, and the JAR or the folder of classes that it comes from, which is the plugin.
 */
final class OwnProcessHost implements TestHost {

    private static final FrontendStatus NO_STATUS =
            new FrontendStatus(List.of(), List.of(), Map.of());

    /** What hosts wait for a status; then they pass on an old one, or an empty one. */
    private static final long STATUS_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final ScriptedDisplay script = new ScriptedDisplay();
    private final RecordedInput input = new RecordedInput();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final List<String> crashes = new CopyOnWriteArrayList<>();
    private final List<ProcessHandle> processes = new CopyOnWriteArrayList<>();
    private final Remainders remainders = new Remainders();
    private final Path folder;
    private final Path map;
    private final PluginFolder plugins;
    private final PublishedDisplay screen;
    private final FrontendHost frontends;
    private final FrontendSocket socket;

    /**
     * @param distribution a built Vitrine, whose program runs in those processes
     */
    OwnProcessHost(Path distribution) {
        try {
            folder = Files.createTempDirectory("vitrine-placement");
            map = folder.resolve("v.display");
            plugins = new PluginFolder(folder.resolve("plugins"));
            screen = new PublishedDisplay(script, map);
            GuestLink guest = new ScriptedGuest();
            frontends =
                    new FrontendHost(
                            new PluginLoader(List.of(plugins.path())),
                            guest,
                            new ChildLauncher(
                                    () -> folder.resolve("v"),
                                    Main.class,
                                    distribution.resolve("lib") + "/*"));
            frontends.addListener(this::happened);
            socket = FrontendSocket.at(Monitor.forFrontends(guest, frontends), folder.resolve("v"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        remainders.listen();
    }

    private void happened(FrontendEvent event) {
        switch (event) {
            case FrontendEvent.ClientConnected connected ->
                    events.add("connected " + connected.client().address());
            case FrontendEvent.ClientDisconnected gone ->
                    events.add("disconnected " + gone.client().address());
            case FrontendEvent.Crashed crashed -> crashes.add(crashed.message());
            case FrontendEvent.Attached attached -> {}
            case FrontendEvent.Detached detached -> {}
            case FrontendEvent.Misbehaved misbehaved -> {}
        }
    }

    @Override
    public ScriptedDisplay display() {
        return script;
    }

    @Override
    public Frontend attach(FrontendProvider provider, OptionValues options)
            throws FrontendException {
        try {
            plugins.add(provider);
            FrontendHost.Attached attached =
                    frontends.attach(
                            provider.name(),
                            null,
                            new Placing(Placing.Placement.OWN_PROCESS, Placing.Restart.NEVER),
                            typed(provider, options));
            if (attached.pid() == ProcessHandle.current().pid()) {
                throw new AssertionError(attached.id() + " has no process of its own");
            }
            ProcessHandle.of(attached.pid()).ifPresent(processes::add);
            return new RemoteControl(provider, attached.id());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (FrontendException e) {
            throw withoutName(provider, e);
        }
    }

    private static Map<String, Object> typed(FrontendProvider provider, OptionValues options) {
        Map<String, Object> typed = new HashMap<>();
        for (Option option : provider.options().options()) {
            String name = option.name();
            if (options.has(name)) {
                typed.put(
                        name,
                        switch (option.type()) {
                            case STRING, CHOICE, PATH -> options.string(name);
                            case INTEGER -> options.integer(name);
                            case BOOLEAN -> options.bool(name);
                        });
            }
        }
        return typed;
    }

    /** The frontend's own words: hosts put the driver's name before them. */
    private static FrontendException withoutName(
            FrontendProvider provider, FrontendException refusal) {
        String name = provider.name() + ": ";
        if (!refusal.getMessage().startsWith(name)) {
            throw new AssertionError("a refusal without the driver's name", refusal);
        }
        return new FrontendException(refusal.getMessage().substring(name.length()), refusal);
    }

    @Override
    public InputEvent nextInput() throws InterruptedException {
        return input.next();
    }

    @Override
    public boolean inputIsEmpty() {
        return input.isEmpty();
    }

    @Override
    public int openInputs() {
        return input.openPorts();
    }

    @Override
    public List<String> takeEvents() {
        List<String> taken = new ArrayList<>();
        events.drainTo(taken);
        return taken;
    }

    @Override
    public String nextEvent() throws InterruptedException {
        String event = events.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (event == null) {
            throw new AssertionError("no client event came");
        }
        return event;
    }

    @Override
    public void awaitNothingRuns() throws InterruptedException {
        for (ProcessHandle process : processes) {
            try {
                process.onExit().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new AssertionError("process " + process.pid() + " did not end", e);
            }
        }
        if (!remainders.lines.isEmpty()) {
            throw new AssertionError("something did not end: " + remainders.lines);
        }
    }

    @Override
    public List<String> crashes() {
        return List.copyOf(crashes);
    }

    @Override
    public void close() {
        frontends.close();
        socket.close();
        screen.close();
        remainders.detach();
        try {
            Files.delete(map);
            plugins.delete();
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a frontend's host knows of the guest. */
    private final class ScriptedGuest implements GuestLink {

        @Override
        public String machineName() {
            return "Vitrine";
        }

        @Override
        public Display display() {
            return screen.display();
        }

        @Override
        public Path displayMap() {
            return map;
        }

        @Override
        public InputPort openInput(String client) {
            return input.openPort();
        }
    }

    /** A frontend in its process, as its host sees and steers it. */
    private final class RemoteControl implements Frontend {

        private final FrontendProvider provider;
        private final String id;

        /** Whether it has ever told of itself, so that an empty answer tells that it is slow. */
        private volatile boolean known;

        RemoteControl(FrontendProvider provider, String id) {
            this.provider = provider;
            this.id = id;
        }

        /** Asks until an answer comes in time, so that it tells what is so now. */
        @Override
        public FrontendStatus status() {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                long asked = System.nanoTime();
                Optional<FrontendStatus> answer =
                        frontends.frontends().stream()
                                .filter(attached -> attached.id().equals(id))
                                .map(FrontendHost.Attached::status)
                                .findFirst();
                boolean empty = answer.isPresent() && answer.get().equals(NO_STATUS);
                if (!(empty && known) && System.nanoTime() - asked < STATUS_NANOS) {
                    known |= !empty;
                    return answer.orElse(NO_STATUS);
                }
                if (System.nanoTime() - deadline >= 0) {
                    throw new AssertionError(id + " does not tell its status");
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }

        @Override
        public void reconfigure(OptionValues options) throws FrontendException {
            try {
                frontends.reconfigure(id, typed(provider, options));
            } catch (FrontendException e) {
                throw withoutName(provider, e);
            }
        }

        @Override
        public void close() {
            try {
                frontends.detach(id);
            } catch (UnknownFrontendException e) {
                // Closed before, or crashed, which crashes() tells.
                return;
            } catch (FrontendException e) {
                throw new AssertionError(e);
            }
        }
    }

    /**
     * What hosts say of threads and processes that did not end when they should; the host in the
     * frontend's process says it through its log, which arrives in this one's. With a log other
     * than Logback they are not seen.
     */
    private static final class Remainders extends AppenderBase<ILoggingEvent> {

        private final List<String> lines = new CopyOnWriteArrayList<>();

        void listen() {
            if (LoggerFactory.getLogger("frontend") instanceof Logger logger) {
                setContext(logger.getLoggerContext());
                start();
                logger.addAppender(this);
            }
        }

        void detach() {
            if (LoggerFactory.getLogger("frontend") instanceof Logger logger) {
                logger.detachAppender(this);
                stop();
            }
        }

        @Override
        protected void append(ILoggingEvent event) {
            String line = event.getFormattedMessage();
            if (event.getLevel().isGreaterOrEqual(Level.WARN)
                    && !line.contains("no status")
                    && (line.contains("did not end")
                            || line.contains("does not end")
                            || line.contains("has not ended")
                            || line.contains("did not return"))) {
                lines.add(event.getLoggerName() + ": " + line);
            }
        }
    }
}
