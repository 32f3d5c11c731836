package org.vitrine.monitor.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vitrine.monitor.peer.Tmux.has;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.monitor.qmp.QmpClient;
import org.vitrine.spi.testkit.Needs;

/** The interactive monitor as a person has it, in a real terminal. */
class TerminalIT {

    private static final String PROMPT = "(vitrine) ";
    private static final int ROWS = 30;

    /** A command that no host is slow enough to see the end of. */
    private static final String WAITING =
            "qmp {\"execute\":\"wait-screen-text\",\"arguments\":{\"pattern\":\"Godot\",\"timeout\":600}}";

    @TempDir private Path folder;
    private Tmux tmux;

    @BeforeEach
    void openTerminal() throws Exception {
        Needs.programs("tmux");
        tmux = new Tmux(folder, 110, ROWS);
    }

    @AfterEach
    void closeTerminal() throws Exception {
        if (tmux != null) {
            tmux.close();
        }
    }

    private void start(String... options) throws Exception {
        tmux.run(VitrineProcess.command(options), "XDG_STATE_HOME=" + folder.resolve("state"));
        awaitPrompt();
    }

    private void awaitPrompt() throws Exception {
        tmux.await("the prompt", screen -> written().equals(PROMPT));
    }

    private void startWithoutScreen() throws Exception {
        start("-display", "none", "-qmp", "unix:" + folder.resolve("q"));
    }

    /** Types a line at the prompt: what comes sooner the terminal would echo by itself. */
    private void say(String line) throws Exception {
        awaitPrompt();
        tmux.type(line);
        tmux.await(line, screen -> written().length() == PROMPT.length() + line.length());
        tmux.press("Enter");
    }

    /** Says a line whose command waits, and breaks it off. */
    private void breakOff(String said) throws Exception {
        say(WAITING);
        tmux.await("the line is taken", screen -> written().isEmpty());
        // JLine misses a signal that comes at the very moment it gives it back.
        tmux.pressUntil("C-c", said);
    }

    private void quit() throws Exception {
        say("quit");
        tmux.await("exit status 0");
    }

    @Test
    void wordsAreCompletedWithTheirMeaning() throws Exception {
        start("-display", "mjpeg,port=0");
        tmux.type("info regi");
        tmux.press("Tab");
        tmux.await("info registers", screen -> written().equals(PROMPT + "info registers "));
        tmux.press("C-u");
        tmux.type("frontend attach ");
        tmux.press("Tab");
        tmux.await(
                "vnc",
                screen -> has(screen, "rdp-stub") && has(screen, "vnc") && has(screen, "(VNC"));
        tmux.type("vnc pass");
        tmux.press("Tab");
        tmux.await("password=", screen -> written().endsWith("frontend attach vnc password="));
        tmux.press("C-u");
        tmux.type("frontend detach ");
        tmux.press("Tab");
        tmux.await("mjpeg0", screen -> written().endsWith("frontend detach mjpeg0 "));
        tmux.press("C-u");
        tmux.type("x/4i $cs.b");
        tmux.press("Tab");
        tmux.await("$cs.base", screen -> written().endsWith("x/4i $cs.base"));
        tmux.press("C-u");
        quit();
    }

    /** The line that is written, up to the cursor. */
    private String written() {
        try {
            return tmux.beforeCursor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatIsWrongIsSaidWhileItIsWritten() throws Exception {
        start("-display", "none");
        tmux.type("screendump ");
        tmux.await("FILE [FORMAT]  -- write a picture");
        tmux.press("C-u");
        tmux.type("frontend attach vnc prot=1");
        tmux.await("<- there is no option 'prot'");
        assertTrue(tmux.colours().contains("\u001b[4"), "the wrong word is not underlined");
        tmux.press("C-u");
        quit();
    }

    @Test
    void historyIsThereInTheNextRunAndCanBeSearched() throws Exception {
        startWithoutScreen();
        say("info uuid");
        tmux.await("00000000-0000");
        say("info version");
        tmux.await("QMP as QEMU");
        quit();
        Path history = folder.resolve("state/vitrine/history");
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(history)));
        startWithoutScreen();
        tmux.press("C-r");
        tmux.type("uu");
        tmux.await("the search", screen -> has(screen, "bck-i-search: uu"));
        assertTrue(has(tmux.screen(), "(vitrine) info uuid"), String.join("\n", tmux.screen()));
        tmux.press("Enter");
        tmux.await("00000000-0000");
        awaitPrompt();
        tmux.press("Up", "Up", "Up");
        tmux.await("info version", screen -> written().equals(PROMPT + "info version"));
        tmux.press("C-u");
        quit();
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(history)));
    }

    @Test
    void statusLineSaysWhatTheMachineDoes() throws Exception {
        start("-display", "mjpeg,port=0");
        tmux.await(
                "the status line",
                screen ->
                        screen.getLast()
                                .matches(" running  \\| [0-9.]+ MIPS \\| [0-9]+ fps \\| mjpeg0"));
        awaitPrompt();
        assertTrue(
                tmux.screen().getFirst().startsWith("mjpeg0: http://"), tmux.screen().getFirst());
        say("stop");
        tmux.await("stopped", screen -> screen.getLast().startsWith(" paused  | "));
        quit();
        assertFalse(has(tmux.screen(), "MIPS"), "the status line stays when the terminal is left");
    }

    @Test
    void eventIsPrintedAboveTheLineThatIsWritten() throws Exception {
        startWithoutScreen();
        tmux.type("info na");
        tmux.await("the line", screen -> written().equals(PROMPT + "info na"));
        try (QmpClient other =
                QmpClient.connect(
                        UnixDomainSocketAddress.of(folder.resolve("q")), VitrineProcess.DEADLINE)) {
            other.execute("stop");
        }
        tmux.await("the guest is stopped");
        tmux.await("the line below it", screen -> written().equals(PROMPT + "info na"));
        assertEquals(1, tmux.screen().stream().filter(line -> line.startsWith(PROMPT)).count());
        tmux.type("me");
        tmux.press("Enter");
        tmux.await(
                "two prompts",
                shown ->
                        shown.stream().filter(line -> line.startsWith(PROMPT.strip())).count()
                                == 2);
        quit();
    }

    @Test
    void controlCBreaksOffACommandAndNotTheMachine() throws Exception {
        startWithoutScreen();
        breakOff("the wait for 'Godot' was broken off");
        say("info status");
        tmux.await("VM status: running");
        awaitPrompt();
        tmux.type("half a li");
        tmux.await("the half", screen -> written().equals(PROMPT + "half a li"));
        tmux.press("C-c");
        tmux.await("a new line", screen -> written().equals(PROMPT));
        say("info uuid");
        tmux.await("00000000-0000");
        awaitPrompt();
        tmux.press("C-d");
        tmux.await("type quit to end it");
        quit();
    }

    @Test
    void remoteTerminalGoesOnAfterACommandThatWasBrokenOff() throws Exception {
        try (VitrineProcess machine = new VitrineProcess("-monitor", "none", "-display", "none")) {
            start("monitor", "unix:" + machine.folder().resolve("qmp.sock"));
            breakOff("the wait for 'wait-screen-text' was broken off");
            // Long before the server is done with the other.
            say("info status");
            tmux.await("VM status: running");
            awaitPrompt();
            machine.execute("stop");
            tmux.await("the guest is stopped");
            tmux.press("C-d");
            tmux.await("exit status 0");
            assertEquals(0, machine.quit());
        }
    }

    @Test
    void screenIsDrawnAnewWhenItsSizeChanges() throws Exception {
        start("-display", "none");
        tmux.await("the status line", screen -> screen.getLast().contains("MIPS"));
        tmux.type("info na");
        tmux.await("the line", screen -> written().equals(PROMPT + "info na"));
        for (int rows : new int[] {20, 35, 12}) {
            tmux.resize(60 + rows, rows);
            tmux.await(
                    "one status line in the last of " + rows + " lines",
                    screen ->
                            screen.size() == rows
                                    && screen.getLast().contains("no frontend")
                                    && written().equals(PROMPT + "info na"));
        }
        tmux.press("C-u");
        say("info uuid");
        tmux.await("00000000-0000");
        quit();
    }

    @Test
    void longOutputComesInPages() throws Exception {
        start("-display", "none");
        tmux.await("the status line", screen -> screen.getLast().contains("MIPS"));
        say("help");
        List<String> first = tmux.await(" more: ");
        assertTrue(has(first, "What it does"), String.join("\n", first));
        assertTrue(first.getLast().contains("MIPS"), "the status line is gone");
        tmux.press("Enter");
        tmux.await("a line more", screen -> has(screen, " more: ") && !has(screen, "What it does"));
        tmux.press("Space");
        tmux.await(
                "a page more", screen -> has(screen, " more: ") && !has(screen, "breakpoint list"));
        tmux.press("G");
        tmux.await("qmp {...}");
        awaitPrompt();
        for (String key : new String[] {"q", "C-c"}) {
            say("help");
            tmux.await(" more: ");
            tmux.press(key);
            awaitPrompt();
        }
        say("info uuid");
        tmux.await("00000000-0000");
        quit();
    }

    @Test
    void secretIsNeverSeen() throws Exception {
        start("-display", "none");
        tmux.type("frontend attach vnc port=0,password=sesame");
        tmux.await("password=******");
        tmux.press("Enter");
        tmux.await("vnc0: rfb://");
        assertFalse(has(tmux.screen(), "sesame"), String.join("\n", tmux.screen()));
        say("frontend set vnc0 password=opensesame");
        say("info frontends");
        tmux.await("in-process");
        assertFalse(has(tmux.screen(), "sesame"), String.join("\n", tmux.screen()));
        quit();
        try (Stream<Path> files = Files.walk(folder.resolve("state"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertFalse(Files.readString(file).contains("sesame"), file.toString());
            }
        }
    }
}
