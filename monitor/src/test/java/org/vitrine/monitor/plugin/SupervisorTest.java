package org.vitrine.monitor.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.MachineConfig;
import org.vitrine.spi.FrontendException;

/** Supervision of small processes that do as they are told; the test speaks for them. */
@Timeout(120)
class SupervisorTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    /** These processes do not listen, so they are not given long to close. */
    private static final Duration SHORT = Duration.ofMillis(50);

    @TempDir private static Path folder;

    private final BlockingQueue<FrontendEvent> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Process> started = new LinkedBlockingQueue<>();
    private final Machine machine = new Machine(MachineConfig.standard());
    private FrontendHost host;

    @BeforeAll
    static void compilePlugin() throws IOException {
        PluginJar.write(
                folder,
                "quiet",
                "Silent",
                PluginJar.provider("Silent", "quiet", "SpiVersion.CURRENT", "return new Quiet();"));
    }

    @AfterEach
    void end() {
        if (host != null) {
            host.close();
        }
        machine.close();
    }

    private void supervise(Duration close, String... command) {
        host =
                new FrontendHost(
                        new PluginLoader(List.of(folder)),
                        GuestLink.of(machine),
                        new AttachedFrontend.Limits(LONG, close, Duration.ofMillis(100)),
                        new FrontendHost.Supervision(
                                (driver, id, plugin) -> {
                                    Process process =
                                            new ProcessBuilder(command)
                                                    .redirectErrorStream(true)
                                                    .start();
                                    started.add(process);
                                    return process;
                                },
                                new BackOff.Delays(
                                        Duration.ofMillis(1),
                                        Duration.ofMillis(4),
                                        Duration.ofMillis(1))));
        host.addListener(events::add);
    }

    private String failure(Placing.Restart restart) {
        return assertThrows(
                        FrontendException.class,
                        () -> host.attach("quiet", null, own(restart), Map.of()))
                .getMessage();
    }

    private static Placing own(Placing.Restart restart) {
        return new Placing(Placing.Placement.OWN_PROCESS, restart);
    }

    /** Asks nothing of anybody: the processes of this test do not listen. */
    private static final class DeafChannel implements FrontendChannel {
        @Override
        public void askStatus(long request) {}

        @Override
        public void askChange(long request, Map<String, ?> changes) {}

        @Override
        public void askClose(CloseReason reason) {}

        @Override
        public void disconnect() {}
    }

    /** Says for the process that was started last that it is attached. */
    private RemoteSession speakForIt() throws Exception {
        Process process = started.poll(60, TimeUnit.SECONDS);
        RemoteSession session = host.register("quiet", "quiet0", process.pid(), new DeafChannel());
        session.ready(RemoteSession.Report.NOTHING);
        return session;
    }

    private RemoteSession attach(Placing.Restart restart) throws Exception {
        Thread attaching =
                Thread.startVirtualThread(() -> {
                    try {
                        host.attach("quiet", null, own(restart), Map.of("number", 3L));
                    } catch (FrontendException e) {
                        events.add(new FrontendEvent.Crashed("test", "test", e.getMessage()));
                    }
                });
        RemoteSession session = speakForIt();
        attaching.join();
        assertEquals(new FrontendEvent.Attached("quiet0", "quiet"), nextEvent());
        return session;
    }

    private FrontendEvent nextEvent() throws InterruptedException {
        FrontendEvent event = events.poll(60, TimeUnit.SECONDS);
        assertTrue(event != null, "no event came");
        return event;
    }

    @Test
    void processThatEndsAtOnceFailsTheAttachWithItsLastWords() {
        supervise(SHORT, "sh", "-c", "echo vitrine: no paper; exit 3");
        assertEquals(
                "its process ended with status 3: no paper", failure(Placing.Restart.ON_CRASH));
        assertTrue(events.isEmpty(), "there are events: " + events);
        assertEquals(List.of(), host.frontends());
    }

    @Test
    void processThatCanNotBeStartedFailsTheAttach() {
        supervise(SHORT, "/nonexistent/java");
        assertTrue(failure(Placing.Restart.NEVER).contains("/nonexistent/java"));
    }

    @Test
    void crashIsFollowedByARestartWithTheSameOptions() throws Exception {
        supervise(SHORT, "sleep", "1000");
        RemoteSession session = attach(Placing.Restart.ON_CRASH);
        assertEquals(Map.of("number", 3L), session.options());
        ProcessHandle.of(host.frontends().getFirst().pid()).orElseThrow().destroyForcibly();
        FrontendEvent.Crashed crash = (FrontendEvent.Crashed) nextEvent();
        assertEquals("its process was ended by signal 9 (SIGKILL)", crash.message());
        assertEquals(Duration.ofMillis(1), crash.restartsIn());
        assertEquals(Map.of("number", 3L), speakForIt().options());
        assertEquals(new FrontendEvent.Attached("quiet0", "quiet"), nextEvent());
        FrontendHost.Attached listed = host.frontends().getFirst();
        assertEquals(1, listed.restarts());
        assertEquals(FrontendHost.State.RUNNING, listed.state());
    }

    @Test
    void crashWithoutARestartRemovesIt() throws Exception {
        supervise(SHORT, "sleep", "1000");
        attach(Placing.Restart.NEVER);
        ProcessHandle.of(host.frontends().getFirst().pid()).orElseThrow().destroy();
        assertEquals(
                new FrontendEvent.Crashed(
                        "quiet0", "quiet", "its process was ended by signal 15 (SIGTERM)"),
                nextEvent());
        assertEquals(List.of(), host.frontends());
    }

    @Test
    void anotherProcessCanNotRegisterInItsPlace() throws Exception {
        supervise(SHORT, "sleep", "1000");
        attach(Placing.Restart.ON_CRASH);
        assertThrows(
                FrontendException.class,
                () -> host.register("quiet", "quiet0", 1, new DeafChannel()));
    }

    @Test
    void detachEndsAProcessThatDoesNotListen() throws Exception {
        supervise(SHORT, "sleep", "1000");
        attach(Placing.Restart.ON_CRASH);
        long pid = host.frontends().getFirst().pid();
        host.detach("quiet0");
        assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
        assertEquals(new FrontendEvent.Detached("quiet0", "quiet"), nextEvent());
        assertTrue(started.isEmpty(), "it was started again");
    }

    @Test
    void processThatClosesItsConnectionIsEndedAndStartedAgain() throws Exception {
        supervise(SHORT, "sleep", "1000");
        RemoteSession session = attach(Placing.Restart.ON_CRASH);
        session.lost();
        FrontendEvent.Crashed crash = (FrontendEvent.Crashed) nextEvent();
        assertEquals("its process was ended by signal 9 (SIGKILL)", crash.message());
        speakForIt();
        assertEquals(new FrontendEvent.Attached("quiet0", "quiet"), nextEvent());
    }
}
