package org.vitrine.monitor.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.MachineConfig;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.OptionException;
import org.vitrine.spi.display.Frame;

class FrontendHostTest {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final long BIOS_SHIFT_FLAGS = 0x417;
    private static final int LEFT_SHIFT_HELD = 2;

    /** What the actor's thread that watches the display calls itself. */
    private static final FrontendStatus.Client WATCHER =
            new FrontendStatus.Client("watcher", "a client");

    @TempDir private static Path folder;

    private final BlockingQueue<FrontendEvent> events = new LinkedBlockingQueue<>();
    private Machine machine;
    private FrontendHost host;

    @BeforeAll
    static void compilePlugins() throws IOException {
        Actor.install(folder);
        PluginJar.write(
                folder,
                "quiet",
                "Silent",
                PluginJar.provider("Silent", "quiet", "SpiVersion.CURRENT", "return new Quiet();"));
    }

    @BeforeEach
    void startHost() {
        machine = new Machine(MachineConfig.standard().withMemorySize(2 * MachineConfig.MIB));
        host =
                host(
                        new AttachedFrontend.Limits(
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(20)));
    }

    @AfterEach
    void end() {
        host.close();
        machine.close();
    }

    private FrontendHost host(AttachedFrontend.Limits limits) {
        FrontendHost made =
                new FrontendHost(
                        new PluginLoader(List.of(folder)),
                        GuestLink.of(machine),
                        limits,
                        FrontendHost.Supervision.NONE);
        made.addListener(events::add);
        return made;
    }

    /** Replaces the host by one that waits no longer than this for attach, close and status. */
    private void patience(long attachMillis, long closeMillis, long statusMillis) {
        host =
                host(
                        new AttachedFrontend.Limits(
                                Duration.ofMillis(attachMillis),
                                Duration.ofMillis(closeMillis),
                                Duration.ofMillis(statusMillis)));
    }

    private String failureOf(String driver, String id, Map<String, ?> options) {
        return assertThrows(FrontendException.class, () -> host.attach(driver, id, options))
                .getMessage();
    }

    private List<String> ids() {
        return host.frontends().stream().map(FrontendHost.Attached::id).toList();
    }

    private FrontendEvent nextEvent() throws InterruptedException {
        FrontendEvent event = events.poll(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        assertTrue(event != null, "no event came");
        return event;
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "in vain waited for: " + what);
            Thread.yield();
        }
    }

    private void bootToPrompt() throws InterruptedException {
        machine.cont();
        Frame frame = new Frame();
        while (frame.text() == null || !frame.text().lines().contains("vitrine>")) {
            assertTrue(
                    machine.display().awaitNewer(frame.generation(), DEADLINE), "no prompt came");
            machine.display().read(frame);
        }
    }

    private boolean shiftIsDown() {
        return (machine.call(() -> machine.pc().memory().read(BIOS_SHIFT_FLAGS, 1))
                        & LEFT_SHIFT_HELD)
                != 0;
    }

    private static ListAppender<ILoggingEvent> logOf(String id) {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        ((Logger) LoggerFactory.getLogger("frontend." + id)).addAppender(log);
        return log;
    }

    private static List<String> messages(ListAppender<ILoggingEvent> log) {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void idIsTheDriverWithTheLowestFreeNumber() throws FrontendException {
        assertEquals("quiet0", host.attach("quiet", null, Map.of()).id());
        assertEquals("quiet1", host.attach("quiet", null, Map.of()).id());
        assertEquals("actor0", host.attach("actor", null, Map.of()).id());
        host.detach("quiet0");
        assertEquals("quiet0", host.attach("quiet", null, Map.of()).id());
        assertEquals(List.of("actor0", "quiet0", "quiet1"), ids());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "Z", "my-screen", "a.b_c-1"})
    void idMadeOfLettersDigitsAndMarksIsTaken(String id) throws FrontendException {
        assertEquals(id, host.attach("quiet", id, Map.of()).id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "-a", "a b", "a/b", "é", "a\n"})
    void otherIdIsRefused(String id) {
        assertEquals(
                "'"
                        + id
                        + "' is no id: one starts with a letter, and has letters, digits, '-', '.' and"
                        + " '_'",
                failureOf("quiet", id, Map.of()));
        assertEquals(List.of(), ids());
    }

    @Test
    void idInUseIsRefusedAndTheOtherFrontendStays() throws FrontendException {
        host.attach("quiet", "screen", Map.of());
        assertEquals(
                "there is a frontend 'screen' already", failureOf("actor", "screen", Map.of()));
        assertEquals("quiet", host.frontends().getFirst().driver());
    }

    @Test
    void unknownDriverIsAnsweredWithThoseThereAre() {
        assertEquals(
                "there is no frontend driver 'vcn'; drivers are actor, quiet",
                failureOf("vcn", null, Map.of()));
    }

    @Test
    void unknownFrontendIsRefusedByItsName() {
        for (var refused :
                List.<org.junit.jupiter.api.function.Executable>of(
                        () -> host.detach("none"), () -> host.reconfigure("none", Map.of()))) {
            assertEquals(
                    "Frontend 'none' not found",
                    assertThrows(UnknownFrontendException.class, refused).getMessage());
        }
    }

    @Test
    void wrongOptionsAreRefusedWithTheDriversName() {
        assertEquals(
                "quiet: there is no option 'size'; options are number",
                failureOf("quiet", null, Map.of("size", 1L)));
        assertEquals(
                "quiet: option 'number' takes a number from 0 to 9, not 10",
                failureOf("quiet", null, Map.of("number", 10L)));
        assertEquals(
                "quiet: option 'number' takes a number from 0 to 9, not 'x'",
                assertThrows(
                                OptionException.class,
                                () ->
                                        host.attachWords(
                                                "quiet",
                                                null,
                                                Placing.IN_PROCESS,
                                                Map.of("number", "x")))
                        .getMessage());
        assertEquals(List.of(), ids());
    }

    @ParameterizedTest
    @CsvSource({
        "refuse, actor: port 1 is in use",
        "throw, actor: the plugin's attach failed: java.lang.IllegalStateException: out of order",
        "error, actor: the plugin's attach failed: java.lang.StackOverflowError",
        "nothing, actor: the plugin's attach returned nothing",
        "early-crash, actor: a thread of the plugin failed: java.lang.IllegalStateException: too early"
    })
    void failedAttachSaysWhyAndLeavesNothing(String behaviour, String message)
            throws FrontendException {
        assertEquals(message, failureOf("actor", null, Map.of("attach", behaviour)));
        assertEquals(List.of(), ids());
        assertTrue(events.isEmpty());
        assertEquals("actor0", host.attach("actor", null, Map.of()).id());
    }

    @Test
    void attachThatHangsIsGivenUp() {
        patience(200, 20_000, 20_000);
        assertEquals(
                "actor: the plugin's attach did not return within 200 ms",
                failureOf("actor", null, Map.of("attach", "hang")));
        assertEquals(List.of(), ids());
    }

    @Test
    void frontendThatAttachesTooLateIsClosed() {
        patience(200, 20_000, 20_000);
        failureOf("actor", "late", Map.of("attach", "late"));
        await("the late frontend to be closed", () -> Actor.closed("late"));
        assertEquals(List.of(), ids());
    }

    @Test
    void eventsComeInOrder() throws Exception {
        host.attach("actor", "a", Map.of("attach", "early-client", "thread", "watch"));
        FrontendStatus.Client early = new FrontendStatus.Client("early", "a client");
        assertEquals(new FrontendEvent.Attached("a", "actor"), nextEvent());
        assertEquals(new FrontendEvent.ClientConnected("a", early), nextEvent());
        assertEquals(new FrontendEvent.ClientConnected("a", WATCHER), nextEvent());
        host.detach("a");
        assertEquals(
                List.of(
                        new FrontendEvent.ClientDisconnected("a", WATCHER, "interrupted"),
                        new FrontendEvent.Detached("a", "actor")),
                List.copyOf(events));
    }

    @Test
    void removedListenerHearsNothingAndOneThatThrowsHarmsNobody() throws Exception {
        FrontendListener mute = event -> events.add(new FrontendEvent.Detached("mute", "mute"));
        host.addListener(mute);
        host.removeListener(mute);
        host.addListener(event -> {
            throw new IllegalStateException("a listener's fault");
        });
        host.attach("quiet", null, Map.of());
        assertEquals(new FrontendEvent.Attached("quiet0", "quiet"), nextEvent());
        assertTrue(events.isEmpty());
    }

    @Test
    void frontendWhoseThreadFailsIsRemovedAndAnotherGoesOn() throws Exception {
        bootToPrompt();
        host.attach("quiet", null, Map.of());
        host.attach("actor", null, Map.of("thread", "shift"));
        await("Shift to be held", this::shiftIsDown);
        assertEquals(new FrontendEvent.Attached("quiet0", "quiet"), nextEvent());
        assertEquals(new FrontendEvent.Attached("actor0", "actor"), nextEvent());
        assertEquals(new FrontendEvent.ClientConnected("actor0", WATCHER), nextEvent());
        host.reconfigure("actor0", Map.of("crash", true));
        assertEquals(
                new FrontendEvent.ClientDisconnected("actor0", WATCHER, "interrupted"),
                nextEvent());
        assertEquals(
                new FrontendEvent.Crashed(
                        "actor0", "actor", "java.lang.IllegalStateException: as told"),
                nextEvent());
        await("Shift to be released", () -> !shiftIsDown());
        assertEquals(List.of("quiet0"), ids());
        assertEquals(1L, host.frontends().getFirst().status().counters().get("seen"));
        assertThrows(UnknownFrontendException.class, () -> host.detach("actor0"));
    }

    @Test
    void inputOfACrashedFrontendIsReleasedEvenWhenItsCloseHangs() throws Exception {
        patience(20_000, 30_000, 20_000);
        bootToPrompt();
        host.attach("actor", "hung", Map.of("thread", "shift", "close", "hang"));
        await("Shift to be held", this::shiftIsDown);
        long before = System.nanoTime();
        host.reconfigure("hung", Map.of("crash", true));
        await("Shift to be released", () -> !shiftIsDown());
        long waited = System.nanoTime() - before;
        assertTrue(waited < Duration.ofSeconds(30).toNanos(), "released after " + waited + " ns");
    }

    @Test
    void detachEndsThreadsAndReleasesInput() throws Exception {
        bootToPrompt();
        host.attach("actor", "tidy", Map.of("thread", "shift"));
        await("Shift to be held", this::shiftIsDown);
        ListAppender<ILoggingEvent> log = logOf("tidy");
        host.detach("tidy");
        assertTrue(Actor.closed("tidy"));
        await("Shift to be released", () -> !shiftIsDown());
        assertEquals(List.of(), messages(log));
    }

    @Test
    void threadThatDoesNotEndIsNamedInTheLog() throws Exception {
        patience(20_000, 200, 20_000);
        host.attach("actor", "stubborn", Map.of("thread", "stubborn"));
        ListAppender<ILoggingEvent> log = logOf("stubborn");
        host.detach("stubborn");
        assertEquals(
                List.of(
                        "thread stubborn-actor did not end, and is left behind at"
                                + " plugin-actor//Actor.hang(Actor.java:70)"),
                messages(log).stream().filter(line -> line.contains("did not end")).toList());
        assertEquals(List.of(), ids());
    }

    @ParameterizedTest
    @CsvSource({
        "hang, 3, actor: the plugin's close did not return within 3 s",
        "throw, 20, actor: the plugin's close failed: java.lang.IllegalStateException: won't close"
    })
    void closeThatFailsDetachesAllTheSame(String behaviour, int seconds, String message)
            throws Exception {
        patience(20_000, seconds * 1000L, 20_000);
        host.attach("actor", behaviour, Map.of("close", behaviour, "thread", "watch"));
        ListAppender<ILoggingEvent> log = logOf(behaviour);
        assertEquals(new FrontendEvent.Attached(behaviour, "actor"), nextEvent());
        assertEquals(new FrontendEvent.ClientConnected(behaviour, WATCHER), nextEvent());
        host.detach(behaviour);
        assertEquals(List.of(message), messages(log));
        assertEquals(List.of(), ids());
        assertEquals(new FrontendEvent.Misbehaved(behaviour, "actor", message), nextEvent());
        assertEquals(
                FrontendEvent.ClientDisconnected.class,
                nextEvent().getClass(),
                "the thread that was left over is interrupted");
        assertEquals(new FrontendEvent.Detached(behaviour, "actor"), nextEvent());
    }

    @Test
    void threadThatIsMadeAndNeverStartedHoldsNothingUp() throws Exception {
        host.attach("actor", "lazy", Map.of("attach", "unstarted"));
        host.detach("lazy");
        assertEquals(new FrontendEvent.Attached("lazy", "actor"), nextEvent());
        assertEquals(new FrontendEvent.Detached("lazy", "actor"), nextEvent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"throw", "nothing", "hang"})
    void statusThatFailsIsAnEmptyOneAndOthersAreShown(String behaviour) throws Exception {
        patience(20_000, 20_000, 200);
        host.attach("actor", null, Map.of("status", behaviour));
        host.attach("quiet", null, Map.of());
        assertEquals(List.of("actor0", "quiet0"), ids());
        // On a host with much to do the other may be late too, and is asked again.
        await(
                "the other's status",
                () -> {
                    List<FrontendHost.Attached> shown = host.frontends();
                    assertEquals(
                            new FrontendStatus(List.of(), List.of(), Map.of()),
                            shown.getFirst().status());
                    return shown.getLast().status().counters().equals(Map.of("seen", 1L));
                });
    }

    @Test
    void reconfigureKeepsWhatIsNotNamedSecretsIncluded() throws Exception {
        host.attach("actor", null, Map.of("password", "secret", "status", ""));
        FrontendHost.Attached changed = host.reconfigure("actor0", Map.of("number", 5L));
        assertEquals(Map.of("number", 5L, "password-length", 6L), changed.status().counters());
        assertEquals(5L, changed.options().get("number"));
        assertFalse(changed.options().containsKey("password"));
        assertFalse(changed.toString().contains("secret"), changed.toString());
    }

    @Test
    void refusedReconfigureChangesNothing() throws Exception {
        host.attach("actor", null, Map.of("number", 3L));
        assertEquals(
                "actor: 9 is too much",
                assertThrows(
                                FrontendException.class,
                                () -> host.reconfigure("actor0", Map.of("number", 9L)))
                        .getMessage());
        assertEquals(3L, host.frontends().getFirst().options().get("number"));
        assertEquals(
                "quiet: this frontend's options can't be changed while it is attached",
                assertThrows(
                                FrontendException.class,
                                () -> {
                                    host.attach("quiet", null, Map.of());
                                    host.reconfigure("quiet0", Map.of("number", 2L));
                                })
                        .getMessage());
    }

    @Test
    void closedHostAttachesNothing() throws Exception {
        host.attach("actor", "last", Map.of());
        host.close();
        assertTrue(Actor.closed("last"));
        assertEquals("the machine has ended", failureOf("quiet", null, Map.of()));
        assertEquals(List.of(), ids());
    }

    @Test
    void classLoaderOfADetachedPluginIsCollected() throws Exception {
        WeakReference<ClassLoader> loader = useAndDropAPlugin("");
        await(
                "the plugin's class loader to be collected",
                () -> {
                    System.gc();
                    return loader.refersTo(null);
                });
    }

    @Test
    void classLoaderOfAPluginThatComparedRecordsIsCollectedWhenMemoryIsShort() throws Exception {
        WeakReference<ClassLoader> loader = useAndDropAPlugin("compare");
        await(
                "the plugin's class loader to be collected",
                () -> {
                    SoftReferences.clear();
                    return loader.refersTo(null);
                });
    }

    @Test
    void classLoaderOfAPluginThatFailedToAttachIsCollected() throws Exception {
        WeakReference<ClassLoader> loader = failToAttachAndDropAPlugin();
        await(
                "the plugin's class loader to be collected",
                () -> {
                    System.gc();
                    return loader.refersTo(null);
                });
    }

    private WeakReference<ClassLoader> failToAttachAndDropAPlugin() {
        PluginLoader plugins = new PluginLoader(List.of(folder));
        try (FrontendHost own = new FrontendHost(plugins, GuestLink.of(machine))) {
            for (String fault : List.of("throw", "refuse", "nothing", "early-crash")) {
                assertThrows(
                        FrontendException.class,
                        () -> own.attach("actor", null, Map.of("attach", fault)));
            }
            return new WeakReference<>(plugins.provider("actor").getClass().getClassLoader());
        }
    }

    private WeakReference<ClassLoader> useAndDropAPlugin(String behaviour)
            throws FrontendException {
        PluginLoader plugins = new PluginLoader(List.of(folder));
        try (FrontendHost own = new FrontendHost(plugins, GuestLink.of(machine))) {
            own.attach("actor", "gone", Map.of("thread", "watch", "attach", behaviour));
            own.frontends();
            own.detach("gone");
            return new WeakReference<>(plugins.provider("actor").getClass().getClassLoader());
        }
    }
}
