package org.vitrine.monitor.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.vitrine.spi.FrontendException;

/**
 * Whatever a plugin does, the monitor says so, the guest goes on, and another frontend sees its
 * frames.
 */
class HostilePluginTest {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final AttachedFrontend.Limits LIMITS =
            new AttachedFrontend.Limits(
                    Duration.ofSeconds(3), Duration.ofMillis(300), Duration.ofMillis(300));

    @TempDir private static Path folder;
    @TempDir private Path elsewhere;

    private final BlockingQueue<FrontendEvent> events = new LinkedBlockingQueue<>();
    private CountingGuest guest;
    private FrontendHost host;

    @BeforeAll
    static void compilePlugins() throws IOException {
        Hostile.install(folder);
    }

    @BeforeEach
    void start() throws FrontendException {
        guest = new CountingGuest();
        host =
                new FrontendHost(
                        new PluginLoader(List.of(folder)),
                        GuestLink.of(guest.machine()),
                        LIMITS,
                        FrontendHost.Supervision.NONE);
        host.attach("watcher", "other", Map.of());
        host.addListener(events::add);
    }

    @AfterEach
    void end() {
        Hostile.release();
        host.close();
        guest.close();
    }

    private FrontendHost.Attached attach(String worst, long threads) throws FrontendException {
        return host.attach("hostile", "bad", Map.of("worst", worst, "threads", threads));
    }

    private String refusal(String worst) {
        return assertThrows(FrontendException.class, () -> attach(worst, 1)).getMessage();
    }

    private FrontendEvent next(Class<? extends FrontendEvent> kind) throws InterruptedException {
        while (true) {
            FrontendEvent event = events.poll(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            assertTrue(event != null, "no " + kind.getSimpleName() + " was told");
            if (kind.isInstance(event)) {
                return event;
            }
        }
    }

    /**
     * What is said of a fault, but for that a thread never waits, as on a slow host it may seem.
     */
    private String misbehaviour() throws InterruptedException {
        return misbehaviour(message -> !message.contains(" never waits "));
    }

    private String misbehaviour(Predicate<String> wanted) throws InterruptedException {
        while (true) {
            FrontendEvent event = next(FrontendEvent.Misbehaved.class);
            String message = ((FrontendEvent.Misbehaved) event).message();
            if (wanted.test(message)) {
                return message;
            }
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "in vain waited for: " + what);
            Thread.onSpinWait();
        }
    }

    /** Asked until it answers, which it does late on a host with much to do. */
    private long framesOfTheOther() {
        AtomicReference<Long> frames = new AtomicReference<>();
        await(
                "the other frontend's status",
                () -> {
                    for (FrontendHost.Attached frontend : host.frontends()) {
                        if (frontend.id().equals("other")) {
                            frames.set(frontend.status().counters().get("frames"));
                        }
                    }
                    return frames.get() != null;
                });
        return frames.get();
    }

    /** From now on the guest counts further, and the other frontend sees more frames. */
    private void othersGoOn() {
        long count = guest.count();
        long frames = framesOfTheOther();
        await("the guest to count", () -> guest.count() - count > 1000);
        await("the other frontend's frames", () -> framesOfTheOther() > frames + 3);
    }

    @ParameterizedTest
    @CsvSource({
        "throw, java.lang.IllegalStateException: as told",
        "stack, java.lang.StackOverflowError",
        "memory, java.lang.OutOfMemoryError"
    })
    void whatAThreadThrowsEndsItsFrontendAlone(String worst, String message) throws Exception {
        try {
            attach(worst, 1);
            FrontendEvent.Crashed crash = (FrontendEvent.Crashed) next(FrontendEvent.Crashed.class);
            assertTrue(crash.message().startsWith(message), crash.message());
        } catch (FrontendException e) {
            assertTrue(
                    e.getMessage().startsWith("hostile: a thread of the plugin failed: " + message),
                    e.getMessage());
        }
        await("the frontend to be gone", () -> host.frontends().size() == 1);
        othersGoOn();
    }

    @Test
    void endlessLoopsOnVirtualThreadsLeaveOthersACarrier() throws Exception {
        int loops = Runtime.getRuntime().availableProcessors() + 1;
        attach("loop", loops);
        othersGoOn();
        misbehaviour(message ->
                message.startsWith("thread bad-hostile never waits at plugin-hostile//Hostile."));
        host.detach("bad");
        othersGoOn();
    }

    @Test
    void deadlockHoldsUpNeitherCloseNorOthers() throws Exception {
        attach("deadlock", 1);
        othersGoOn();
        host.detach("bad");
        assertEquals("hostile: the plugin's close did not return within 300 ms", misbehaviour());
        for (int i = 0; i < 2; i++) {
            String message = misbehaviour();
            assertTrue(
                    message.startsWith(
                            "thread bad-hostile did not end, and is left behind at"
                                    + " plugin-hostile//Hostile.deadlock("),
                    message);
        }
        assertEquals(
                new FrontendEvent.Detached("bad", "hostile"), next(FrontendEvent.Detached.class));
        othersGoOn();
    }

    @ParameterizedTest
    @CsvSource({"attach-hang", "attach-loop"})
    void attachThatNeverReturnsIsAbandoned(String worst) {
        assertEquals("hostile: the plugin's attach did not return within 3 s", refusal(worst));
        assertEquals(1, host.frontends().size());
        othersGoOn();
    }

    @ParameterizedTest
    @CsvSource({"close-hang", "close-loop"})
    void closeThatNeverReturnsIsAbandonedAndReported(String worst) throws Exception {
        attach(worst, 1);
        host.detach("bad");
        assertEquals("hostile: the plugin's close did not return within 300 ms", misbehaviour());
        assertEquals(
                new FrontendEvent.Detached("bad", "hostile"), next(FrontendEvent.Detached.class));
        othersGoOn();
    }

    @Test
    void statusThatNeverReturnsIsAskedOnceAndSaidToBeMissing() throws Exception {
        FrontendHost.Attached attached = attach("status-loop", 1);
        assertEquals(FrontendHost.State.UNRESPONSIVE, attached.state());
        othersGoOn();
        assertEquals(1, platformThreads("bad-status"));
        host.detach("bad");
    }

    @Test
    void floodOfEventsIsCutShortAndSaidToBe() throws Exception {
        attach("events", 1);
        assertEquals(
                "it tells of more than 50 clients a second; what is beyond is not told",
                misbehaviour());
        othersGoOn();
        host.detach("bad");
        assertTrue(events.size() < 1000, events.size() + " events were told");
    }

    @Test
    void floodOfInputIsCutShortAndSaidToBe() throws Exception {
        attach("input", 2);
        assertEquals(
                "it sends more than 10000 input events a second; of what is beyond, only releases"
                        + " come through",
                misbehaviour());
        othersGoOn();
        host.detach("bad");
    }

    @Test
    void inputForTooManyClientsEndsTheFrontend() throws Exception {
        String message;
        try {
            attach("ports", 1);
            message = ((FrontendEvent.Crashed) next(FrontendEvent.Crashed.class)).message();
        } catch (FrontendException e) {
            message = e.getMessage();
        }
        assertTrue(
                message.endsWith("frontend bad has opened input for 1000 clients already"),
                message);
        othersGoOn();
    }

    @Test
    void threadThatTheHostDidNotMakeIsInterruptedAndNamedAtUnloading() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        ((Logger) LoggerFactory.getLogger(Leftovers.class)).addAppender(log);
        attach("own-thread", 1);
        await("its own thread", () -> platformThreads("unknown") == 1);
        host.plugins().unload("hostile", true);
        assertEquals(1, log.list.size());
        String message = log.list.getFirst().getFormattedMessage();
        assertTrue(
                message.startsWith(
                        "plugin hostile: thread unknown did not end, and is left behind at"
                                + " plugin-hostile//Hostile.hang("),
                message);
        othersGoOn();
    }

    @Test
    void socketThatAThreadWaitsAtIsClosedThoughThePluginForgotIt() throws Exception {
        // The first socket that the JDK closes makes it open one that it keeps.
        new ServerSocket(0).close();
        Set<String> before = OpenFiles.sockets();
        attach("socket", 1);
        await("the socket to be open", () -> !before.containsAll(OpenFiles.sockets()));
        host.detach("bad");
        await("the socket to be closed", () -> before.containsAll(OpenFiles.sockets()));
    }

    @Test
    void constructorThatNeverReturnsIsAFailedPluginAndHoldsUpNoOther() throws Exception {
        String source =
                PluginJar.provider("Stuck", "stuck", "SpiVersion.CURRENT", "return new Quiet();")
                        .replace(
                                "public String name()",
                                """
                                {
                                    String before = System.getProperty("RELEASED");
                                    while (java.util.Objects.equals(
                                            before, System.getProperty("RELEASED"))) {}
                                }
                                public String name()\
                                """
                                        .replace("RELEASED", Hostile.RELEASED));
        PluginJar.write(elsewhere, "stuck", "Stuck", source);
        PluginLoader plugins =
                new PluginLoader(
                        List.of(elsewhere.resolve("stuck.jar")), List.of(), LIMITS.close());
        assertEquals(
                "can't be loaded: its provider did not answer within 300 ms",
                plugins.plugins().getFirst().error());
        othersGoOn();
    }

    private static long platformThreads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .count();
    }
}
