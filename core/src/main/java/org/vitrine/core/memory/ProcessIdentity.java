package org.vitrine.core.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A process, told apart from a later one that was given the same number.
 *
 * @param pid its number
 * @param startTime when it started, in clock ticks since the host did: field 22 of proc(5)'s stat;
 *     0 on a system that does not tell
 */
public record ProcessIdentity(long pid, long startTime) {

    private static final Path PROCESSES = Path.of("/proc");

    /** Field numbers as proc(5) counts them; the name before them is cut off. */
    private static final int STATE = 3;

    private static final int START_TIME = 22;

    /** This process. */
    public static ProcessIdentity current() {
        String[] fields = stat("self");
        return new ProcessIdentity(
                ProcessHandle.current().pid(), fields == null ? 0 : startTime(fields));
    }

    /** Whether it runs; one that has ended and waits only to be noticed does not. */
    public boolean alive() {
        String[] fields = stat(Long.toString(pid));
        return fields != null
                && startTime(fields) == startTime
                && !fields[0].equals("Z")
                && !fields[0].equals("X");
    }

    private static long startTime(String[] fields) {
        return Long.parseLong(fields[START_TIME - STATE]);
    }

    /**
     * The fields from the state on, or null when there is no such process. The field before, the
     * name, may hold blanks, and ends at the last parenthesis.
     */
    private static String[] stat(String process) {
        Path stat = PROCESSES.resolve(process).resolve("stat");
        if (!Files.exists(stat)) {
            return null;
        }
        try {
            String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
            return text.substring(text.lastIndexOf(')') + 2).split(" ");
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            if (Files.exists(stat)) {
                throw new UncheckedIOException("can't tell when a process started: " + stat, e);
            }
            return null; // It ended between the two.
        }
    }
}
