package org.vitrine.monitor.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.vitrine.spi.display.DisplayMapPage;
import org.vitrine.spi.testkit.Needs;

/**
 * The programs of docs/display-map.md, taken from the page as they stand there, and the tests'
 * programs that are built on them.
 */
final class ReaderPrograms {

    /** Frames that each torn-frame run reads; more where the environment says CI. */
    static final int FRAMES = System.getenv("CI") != null ? 1000 : 200;

    private static final Duration LONG_READING = Duration.ofMinutes(15);

    /** The line of vitrine_display.h that no reader may do without. */
    private static final String CHECK = "return load64(surface + SURFACE_SEQUENCE) == sequence;";

    private static final List<String> COMPILER =
            List.of("cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-O2");

    private final Path folder;

    /** How a program ended, and what it said. */
    record Outcome(int status, byte[] output) {
        String text() {
            return new String(output, StandardCharsets.UTF_8);
        }
    }

    /** A program that was started. */
    record Running(Process process, Path output, List<String> command) {

        /** Waits for its end; one that does not end is killed, and fails the test. */
        Outcome finish() throws IOException, InterruptedException {
            return finish(VitrineProcess.DEADLINE);
        }

        /** The same of one that may take so long. */
        Outcome finish(Duration most) throws IOException, InterruptedException {
            if (!process.waitFor(most.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().onExit().join();
                throw new AssertionError(
                        command + " did not end; it printed " + Files.readString(output));
            }
            return new Outcome(process.exitValue(), Files.readAllBytes(output));
        }
    }

    /**
     * Writes the programs into a folder and compiles them.
     *
     * @param folder of the test's own
     */
    ReaderPrograms(Path folder) throws IOException, InterruptedException {
        Needs.programs("cc", "python3");
        this.folder = folder;
        Map<String, String> programs = DisplayMapPage.read().programs();
        for (Map.Entry<String, String> program : programs.entrySet()) {
            Files.writeString(folder.resolve(program.getKey()), program.getValue());
        }
        for (String name : List.of("torn.c", "torn.py", "rate.c", "scanout.py")) {
            try (InputStream in = ReaderPrograms.class.getResourceAsStream("/readers/" + name)) {
                Files.write(folder.resolve(name), in.readAllBytes());
            }
        }
        compile("snapshot", "snapshot.c");
        compile("torn", "torn.c");
        compile("rate", "rate.c");
        compileUnchecked(programs.get("vitrine_display.h"));
    }

    /** The torn-frame reader once more, with the second look at the sequence taken away. */
    private void compileUnchecked(String header) throws IOException, InterruptedException {
        if (header.indexOf(CHECK) < 0 || header.indexOf(CHECK) != header.lastIndexOf(CHECK)) {
            throw new AssertionError("vitrine_display.h has not once the line " + CHECK);
        }
        Path unchecked = Files.createDirectory(folder.resolve("unchecked"));
        Files.writeString(
                unchecked.resolve("vitrine_display.h"),
                header.replace(CHECK, "return surface != NULL && sequence % 2 == 0;"));
        Files.copy(folder.resolve("torn.c"), unchecked.resolve("torn.c"));
        compile("unchecked/torn", "-DUNCHECKED", "unchecked/torn.c");
    }

    private void compile(String program, String... sources)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(COMPILER);
        command.addAll(List.of("-o", program));
        command.addAll(List.of(sources));
        Outcome outcome = start(command).finish();
        if (outcome.status() != 0) {
            throw new AssertionError(command + " failed: " + outcome.text());
        }
    }

    /** Starts a compiled program of the folder. */
    Running c(String program, Object... arguments) throws IOException {
        return start(List.of(folder.resolve(program).toString()), arguments);
    }

    /** Starts a Python program of the folder. */
    Running python(String program, Object... arguments) throws IOException {
        return start(List.of("python3", program), arguments);
    }

    /**
     * Lets both torn-frame readers read a map at the same time; fails when one finds a torn frame.
     *
     * @param what for the lines that this prints
     * @param sizes how many picture sizes each must have met
     * @return what they said
     */
    String readBoth(String what, Path map, int sizes) throws IOException, InterruptedException {
        Running c = c("torn", map, FRAMES, sizes);
        Running python = python("torn.py", map, FRAMES, sizes);
        Outcome first = c.finish(LONG_READING);
        Outcome second = python.finish(LONG_READING);
        String said = first.text() + second.text();
        said.lines().forEach(line -> System.out.println("torn frames, " + what + ": " + line));
        assertEquals(0, first.status(), said);
        assertEquals(0, second.status(), said);
        return said;
    }

    private Running start(List<String> program, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(program);
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Path output = Files.createTempFile(folder, "reader", ".out");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(output.toFile());
        builder.environment().put("PYTHONUTF8", "1");
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        return new Running(builder.start(), output, command);
    }
}
