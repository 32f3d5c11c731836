package org.vitrine.monitor.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jline.reader.Candidate;
import org.jline.reader.Parser;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.core.machine.RunState;
import org.vitrine.monitor.command.CommandTable;
import org.vitrine.monitor.command.HumanMonitor;
import org.vitrine.monitor.command.MonitorLink;
import org.vitrine.monitor.command.SamplePlugin;
import org.vitrine.monitor.qmp.Testbed;
import org.vitrine.monitor.terminal.MonitorTerminal.End;
import org.vitrine.monitor.terminal.MonitorTerminal.Place;

@Timeout(240)
class MonitorTerminalTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** JLine turns bracketed paste off when a line is complete. */
    private static final String LINE_TAKEN = "\u001b[?2004l";

    @TempDir private Path folder;

    @TempDir private static Path plugins;

    private final Testbed testbed = new Testbed("typed", SamplePlugin.install(plugins));

    @AfterEach
    void endMachine() {
        testbed.close();
    }

    /** What a person would see of a terminal, as it comes. */
    private static final class Screen extends OutputStream {

        private final StringBuilder text = new StringBuilder();

        @Override
        public synchronized void write(int b) {
            text.append((char) b);
            notifyAll();
        }

        synchronized String await(Predicate<String> wanted) throws InterruptedException {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!wanted.test(text.toString())) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("the terminal shows:\n" + text);
                }
                wait(left);
            }
            return text.toString();
        }

        void await(String wanted) throws InterruptedException {
            await(shown -> shown.contains(wanted));
        }
    }

    /** A person's terminal, with keys to type on. */
    private final class Desk implements AutoCloseable {

        final Screen screen = new Screen();
        final LineDisciplineTerminal device;
        final InteractiveTerminal terminal;
        final CompletableFuture<End> end;
        final Path history = folder.resolve("state/vitrine/history");

        /** Whether Ctrl-C comes once, as soon as JLine has given the signal back after a line. */
        final AtomicBoolean interruptsWhenTaken = new AtomicBoolean();

        Desk(Place place) throws IOException {
            device =
                    new LineDisciplineTerminal(
                            "test",
                            "xterm",
                            screen,
                            StandardCharsets.UTF_8,
                            Terminal.SignalHandler.SIG_IGN) {

                        private SignalHandler first;

                        @Override
                        public SignalHandler handle(Signal signal, SignalHandler handler) {
                            SignalHandler before = super.handle(signal, handler);
                            if (signal == Signal.INT && first == null) {
                                first = handler;
                            } else if (signal == Signal.INT
                                    && handler == first
                                    && interruptsWhenTaken.getAndSet(false)) {
                                raise(Signal.INT);
                            }
                            return before;
                        }
                    };
            device.setSize(new Size(100, 30));
            terminal = new InteractiveTerminal(testbed.monitor(), place, device, history);
            end =
                    CompletableFuture.supplyAsync(
                            terminal::run, task -> new Thread(task, "desk").start());
        }

        void type(String keys) throws IOException {
            device.processInputBytes(keys.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() {
            terminal.close();
        }
    }

    private String plain(Place place, String input, End expected) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PlainTerminal terminal =
                new PlainTerminal(
                        testbed.monitor(),
                        place,
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(output, true, StandardCharsets.UTF_8),
                        StandardCharsets.UTF_8,
                        false);
        assertEquals(expected, terminal.run());
        return output.toString(StandardCharsets.UTF_8);
    }

    @Test
    void plainLinesHaveNoPromptAndNoEscapes() {
        String output =
                plain(
                        Place.EMULATOR,
                        "info name\nnope\n\n# a comment\ninfo status",
                        End.END_OF_INPUT);
        assertEquals("typed\nunknown command: 'nope'\nVM status: paused (prelaunch)\n", output);
    }

    @Test
    void quitEndsTheMachineAndTheTerminal() throws Exception {
        plain(Place.EMULATOR, "quit\ninfo name\n", End.CLOSED);
        assertTrue(testbed.machine().ended().isDone());
    }

    @Test
    void exitLeavesARemoteMachineAlone() {
        assertEquals("typed\n", plain(Place.REMOTE, "info name\nexit\ninfo status\n", End.LEFT));
        assertFalse(testbed.machine().ended().isDone());
    }

    @Test
    void linesAreEditedAndDone() throws Exception {
        try (Desk desk = new Desk(Place.EMULATOR)) {
            desk.screen.await(MonitorTerminal.PROMPT);
            desk.type("info nxme\u0002\u0002\u0008a\r");
            desk.screen.await("typed");
        }
    }

    @Test
    void eventsComeAboveTheLine() throws Exception {
        try (Desk desk = new Desk(Place.EMULATOR)) {
            desk.screen.await(MonitorTerminal.PROMPT);
            desk.type("info na");
            testbed.machine().cont();
            desk.screen.await(shown ->
                    shown.indexOf(
                                    MonitorTerminal.PROMPT,
                                    Math.max(shown.indexOf("the guest runs"), 0))
                            > 0);
            desk.type("me\r");
            desk.screen.await("typed");
        }
    }

    @Test
    void controlCDropsTheLineAndNotTheMachine() throws Exception {
        try (Desk desk = new Desk(Place.EMULATOR)) {
            desk.screen.await(MonitorTerminal.PROMPT);
            desk.type("quit");
            desk.screen.await("quit");
            desk.type("\u0003");
            desk.screen.await(shown -> shown.split("\\(vitrine\\) ", -1).length > 2);
            desk.type("info name\r");
            desk.screen.await("typed");
            assertEquals(RunState.PRELAUNCH, testbed.machine().state());
        }
    }

    @Test
    void controlCBreaksOffACommandThatWaits() throws Exception {
        try (Desk desk = new Desk(Place.EMULATOR)) {
            desk.screen.await(MonitorTerminal.PROMPT);
            desk.type("wait_screen Godot\r");
            desk.screen.await(LINE_TAKEN);
            // JLine misses one that comes at the very moment it gives the signal back.
            while (!desk.screen
                    .await(shown -> true)
                    .contains("the wait for 'Godot' was broken off")) {
                desk.device.raise(Terminal.Signal.INT);
                Thread.onSpinWait();
            }
            desk.type("info name\r");
            desk.screen.await("typed");
        }
    }

    @Test
    void controlCRightBehindALineBreaksItsCommandOff() throws Exception {
        try (Desk desk = new Desk(Place.EMULATOR)) {
            desk.screen.await(MonitorTerminal.PROMPT);
            desk.interruptsWhenTaken.set(true);
            desk.type("wait_screen Godot\r");
            desk.screen.await("the wait for 'Godot' was broken off");
            desk.type("info name\r");
            desk.screen.await("typed");
        }
    }

    @Test
    void controlDSaysHowToQuit() throws Exception {
        try (Desk desk = new Desk(Place.EMULATOR)) {
            desk.screen.await(MonitorTerminal.PROMPT);
            desk.type("\u0004");
            desk.screen.await("type quit to end it");
            assertFalse(desk.end.isDone());
        }
    }

    @Test
    void controlDLeavesARemoteMachine() throws Exception {
        try (Desk desk = new Desk(Place.REMOTE)) {
            desk.screen.await(MonitorTerminal.PROMPT);
            desk.type("\u0004");
            assertEquals(End.LEFT, desk.end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
    }

    @Test
    void theTerminalEndsWithTheMachine() throws Exception {
        try (Desk desk = new Desk(Place.EMULATOR)) {
            desk.screen.await(MonitorTerminal.PROMPT);
            testbed.machine().close();
            assertEquals(End.CLOSED, desk.end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
    }

    @Test
    void historyIsKeptForItsOwnerWithoutSecrets() throws Exception {
        Path history;
        try (Desk desk = new Desk(Place.EMULATOR)) {
            history = desk.history;
            desk.screen.await(MonitorTerminal.PROMPT);
            desk.type("info name\r");
            desk.screen.await("typed");
            desk.type("frontend attach sample password=hunter2 port=9\r");
            desk.screen.await("sample0: ");
        }
        String kept = Files.readString(history);
        assertTrue(kept.contains("info name"), kept);
        assertFalse(kept.contains("hunter2"), kept);
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(history)));
        assertEquals(
                Path.of("/home/u/.local/state/vitrine/history"),
                MonitorHistory.file(null, "/home/u"));
        assertEquals(Path.of("/s/vitrine/history"), MonitorHistory.file("/s", "/home/u"));
    }

    @Test
    void secretIsNeitherShownNorKept() throws Exception {
        testbed.frontends().attach("sample", "glass", Map.of());
        Path history;
        try (Desk desk = new Desk(Place.EMULATOR)) {
            history = desk.history;
            desk.screen.await(MonitorTerminal.PROMPT);
            desk.type("frontend attach sample password=hunter2,");
            desk.type("port=9\r");
            desk.screen.await("sample0: ");
            assertFalse(desk.screen.await(shown -> true).contains("hunter2"));
        }
        assertFalse(Files.readString(history).contains("hunter2"));
    }

    @Test
    void passwordThatIsLeftOutIsAskedForAndShownAsStars() throws Exception {
        try (Desk desk = new Desk(Place.EMULATOR)) {
            desk.screen.await(MonitorTerminal.PROMPT);
            desk.type("set_password vnc\r");
            desk.screen.await("Password: ");
            desk.type("hunter2");
            // Between them the status line may be drawn.
            desk.screen.await(shown -> shown.chars().filter(c -> c == '*').count() >= 7);
            desk.type("\r");
            desk.screen.await("Error: ");
            assertFalse(desk.screen.await(shown -> true).contains("hunter2"));
        }
    }

    @Test
    void lastLineSaysWhatTheMachineDoes() throws Exception {
        testbed.frontends().attach("sample", "glass", Map.of());
        try (Desk desk = new Desk(Place.EMULATOR)) {
            desk.screen.await("prelaunch");
            desk.screen.await("glass");
            desk.type("cont\r");
            desk.screen.await("running");
            desk.screen.await("MIPS");
            desk.screen.await("fps");
        }
    }

    @Test
    void longOutputComesInPages() throws Exception {
        try (Desk desk = new Desk(Place.EMULATOR)) {
            desk.screen.await(MonitorTerminal.PROMPT);
            desk.type("help\r");
            String first = desk.screen.await(shown -> shown.contains(" more: "));
            assertFalse(first.contains("wait_screen PATTERN"), first);
            desk.type("G");
            desk.screen.await("wait_screen PATTERN");
            desk.type("info name\r");
            desk.screen.await("typed");
            desk.type("help\r");
            desk.screen.await(shown -> shown.split(" more: ", -1).length > 2);
            desk.type("q");
            desk.type("info uuid\r");
            desk.screen.await("00000000-0000");
        }
    }

    private List<String> completions(String line) {
        List<Candidate> candidates = new ArrayList<>();
        MonitorParser parser = new MonitorParser();
        MonitorLink monitor = testbed.monitor();
        new MonitorCompleter(
                        new HumanMonitor(CommandTable.standard(), monitor), new Vocabulary(monitor))
                .complete(
                        null,
                        parser.parse(line, line.length(), Parser.ParseContext.COMPLETE),
                        candidates);
        String word =
                line.startsWith("qmp ")
                        ? line.substring("qmp ".length())
                        : line.substring(line.lastIndexOf(' ') + 1);
        return candidates.stream()
                .filter(candidate -> candidate.value().startsWith(word))
                .map(candidate ->
                        candidate.value()
                                + (candidate.descr() == null ? "" : ": " + candidate.descr()))
                .toList();
    }

    @Test
    void everyWordIsCompletedWithItsMeaning() throws Exception {
        testbed.monitor().execute("cont");
        assertEquals(List.of("stop: stop the guest"), completions("sto"));
        assertEquals(List.of("info: show something"), completions("inf"));
        assertEquals(List.of("status: show what the machine is doing"), completions("info statu"));
        assertEquals(
                List.of("status: show what the machine is doing"), completions("help info statu"));
        assertEquals(List.of("sample: a frontend for tests"), completions("frontend attach "));
        assertEquals(
                List.of(
                        "id=: the frontend's id; by default the driver's name and a number",
                        "placement=: where it runs (default in-process)",
                        "restart=: what follows a crash of its own process (default on-crash)",
                        "port=: a number (default 1)",
                        "loud=: how it is (default off)",
                        "colour=: one of two (default red)",
                        "password=: what nobody may see"),
                completions("frontend attach sample "));
        assertEquals(
                List.of("port=5,loud=on", "port=5,loud=off"),
                completions("frontend attach sample port=5,loud="));
        assertEquals(
                List.of("colour=green"), completions("frontend attach sample port=5 colour=g"));
        assertEquals(List.of(), completions("frontend set "));
        testbed.frontends().attach("sample", "glass", Map.of());
        assertEquals(List.of("glass: sample"), completions("frontend set "));
        assertEquals(
                List.of("loud=: how it is (default off)"), completions("frontend set glass l"));
        String plugin = "sample: " + plugins + "/sample.jar";
        assertEquals(List.of(plugin), completions("plugin reload "));
        assertEquals(List.of(plugin), completions("plugin unload -f sa"));
        assertEquals(
                List.of(plugins + "/sample.jar"), completions("plugin load " + plugins + "/sa"));
        assertEquals(List.of("ctrl-alt-delete"), completions("sendkey ctrl-alt-del"));
        Files.createFile(folder.resolve("picture.png"));
        assertEquals(
                List.of(folder + "/picture.png"), completions("screendump " + folder + "/pic"));
        assertEquals(List.of("png: Portable Network Graphics"), completions("screendump x pn"));
        assertEquals(List.of(), completions("stop "));
        assertEquals(List.of("log: show what is logged"), completions("info lo"));
        assertEquals(List.of("breakpoint: stop the guest at an address"), completions("br"));
        assertEquals(List.of("debug: and why"), completions("log de"));
    }

    @Test
    void requestsInJsonAreCompleted() {
        assertTrue(
                completions("qmp ")
                        .contains(
                                "{\"execute\": \"query-status\"}: tell what the machine is doing"));
        assertEquals(
                List.of(
                        "{\"execute\": \"query-uuid\"}: tell the machine's UUID: zeros, since it has none"),
                completions("qmp {\"execute\": \"query-uu"));
        assertEquals(
                List.of(
                        "{\"execute\":\"memsave\", \"arguments\": {\": write guest memory, by virtual address, to a file"),
                completions("qmp {\"execute\":\"mems"));
        assertEquals(
                List.of("{\"execute\": \"memsave\", \"arguments\": {: what it takes"),
                completions("qmp {\"execute\": \"memsave\", "));
        assertEquals(
                List.of(
                        "{\"execute\": \"memsave\", \"arguments\": {\"val\": 4096, \"size\": : bytes"),
                completions("qmp {\"execute\": \"memsave\", \"arguments\": {\"val\": 4096, \"s"));
        assertEquals(List.of(), completions("qmp [1, "));
    }

    @Test
    void registersFormatsAndBreakpointsAreCompleted() throws Exception {
        assertEquals(List.of("$cs.base: 0xffff0000"), completions("print $cs.b"));
        assertEquals(List.of("$eip+$cs.limit: 0x0000ffff"), completions("x/4i $eip+$cs.l"));
        assertEquals(
                List.of("x/4i: instructions"),
                completions("x/4").stream()
                        .filter(candidate -> candidate.startsWith("x/4i"))
                        .toList());
        assertEquals(
                List.of("/4xb: bytes"),
                completions("xp /4x").stream()
                        .filter(candidate -> candidate.startsWith("/4xb"))
                        .toList());
        testbed.monitor()
                .execute(
                        "breakpoint-set",
                        JsonParser.parseString("{\"address\": 4096}").getAsJsonObject());
        assertEquals(
                List.of("1: 0x00001000", "all: all breakpoints"),
                completions("breakpoint delete "));
    }
}
