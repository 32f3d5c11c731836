package org.vitrine.monitor.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A terminal of tmux, with a person's keys and eyes: what is typed goes to the program in it, and
 * what it shows can be read. The server is one of its own and ends with the test.
 */
final class Tmux implements AutoCloseable {

    private static final Duration AGAIN = Duration.ofSeconds(10);

    private final Path folder;
    private final Path socket;

    /**
     * Opens a terminal of this size in which nothing runs yet but a shell's sleep.
     *
     * @param folder for the socket; short, as sockets' names have to be
     */
    Tmux(Path folder, int columns, int rows) throws IOException, InterruptedException {
        this.folder = folder;
        this.socket = folder.resolve("tmux");
        tmux(
                "-f",
                "/dev/null",
                "new-session",
                "-d",
                "-x",
                String.valueOf(columns),
                "-y",
                String.valueOf(rows),
                "exec sleep 3600");
        tmux("set-option", "-g", "status", "off");
        tmux("set-option", "-g", "escape-time", "0");
        resize(columns, rows);
    }

    private String tmux(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tmux", "-S", socket.toString()));
        command.addAll(List.of(words));
        return Peer.run(folder, command.toArray(String[]::new));
    }

    /**
     * Runs a program in the terminal in place of what ran there, on a clear screen. When it ends
     * the terminal says {@code exit status N}.
     *
     * @param variables its environment's further variables, as {@code NAME=VALUE}
     */
    void run(ProcessBuilder program, String... variables) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("respawn-pane", "-k"));
        for (String variable : variables) {
            words.addAll(List.of("-e", variable));
        }
        words.addAll(
                List.of(
                        "sh",
                        "-c",
                        "trap : INT; \"$@\"; echo \"exit status $?\"; exec sleep 3600",
                        "sh"));
        words.addAll(program.command());
        tmux(words.toArray(String[]::new));
    }

    /** Presses keys, by tmux's names, as {@code "Enter"} or {@code "C-c"}. */
    void press(String... keys) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("send-keys"));
        words.addAll(List.of(keys));
        tmux(words.toArray(String[]::new));
    }

    /** Types a text. */
    void type(String text) throws IOException, InterruptedException {
        tmux("send-keys", "-l", text);
    }

    void resize(int columns, int rows) throws IOException, InterruptedException {
        tmux("resize-window", "-x", String.valueOf(columns), "-y", String.valueOf(rows));
    }

    /** What is on the screen, line by line, without trailing blanks. */
    List<String> screen() throws IOException, InterruptedException {
        return tmux("capture-pane", "-p").lines().map(String::stripTrailing).toList();
    }

    /** The same with the escape sequences of its colours. */
    String colours() throws IOException, InterruptedException {
        return tmux("capture-pane", "-p", "-e");
    }

    /** The line in which the cursor is, up to the cursor. */
    String beforeCursor() throws IOException, InterruptedException {
        String[] cursor =
                tmux("display-message", "-p", "#{cursor_x} #{cursor_y}").strip().split(" ");
        String line = screen().get(Integer.parseInt(cursor[1]));
        int column = Integer.parseInt(cursor[0]);
        return line.length() < column
                ? line + " ".repeat(column - line.length())
                : line.substring(0, column);
    }

    /** Whether a line of a screen has this text. */
    static boolean has(List<String> screen, String text) {
        return screen.stream().anyMatch(line -> line.contains(text));
    }

    /** What the screen shows when it has become so; null when it has not in this time. */
    private List<String> look(Predicate<List<String>> wanted, Duration most)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + most.toNanos();
        List<String> screen = screen();
        while (!wanted.test(screen)) {
            if (System.nanoTime() > deadline) {
                return null;
            }
            TimeUnit.MILLISECONDS.sleep(50);
            screen = screen();
        }
        return screen;
    }

    private AssertionError missing(String what) throws IOException, InterruptedException {
        return new AssertionError(
                what + " did not appear; the terminal shows:\n" + String.join("\n", screen()));
    }

    /** Waits for the screen to become so; what it then shows. */
    List<String> await(String what, Predicate<List<String>> wanted)
            throws IOException, InterruptedException {
        List<String> screen = look(wanted, VitrineProcess.DEADLINE);
        if (screen == null) {
            throw missing(what);
        }
        return screen;
    }

    /** Waits for a line that has this text. */
    List<String> await(String text) throws IOException, InterruptedException {
        return await("'" + text + "'", screen -> has(screen, text));
    }

    /** Presses a key until a line has this text, again whenever ten seconds have shown none. */
    void pressUntil(String key, String text) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + VitrineProcess.DEADLINE.toNanos();
        do {
            if (System.nanoTime() > deadline) {
                throw missing("'" + text + "'");
            }
            press(key);
        } while (look(screen -> has(screen, text), AGAIN) == null);
    }

    @Override
    public void close() throws IOException {
        try {
            tmux("kill-server");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(socket);
    }
}
