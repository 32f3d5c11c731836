package org.vitrine.monitor.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A process, told apart from a later one with the same number.
 *
 * @param startTime clock ticks after the host's start, field 22 of {@code /proc/PID/stat} (see
 *     proc(5))
 */
record ProcessIdentity(long pid, long startTime) {

    /** Field 22, counted from the one after the name, which is field 3. */
    private static final int START_TIME = 22 - 3;

    /** This process. */
    static ProcessIdentity own() {
        long pid = ProcessHandle.current().pid();
        return new ProcessIdentity(pid, startTime(pid).orElse(0));
    }

    /** Whether the process still runs; one that is dead and not waited for does not. */
    boolean isAlive() {
        OptionalLong now = startTime(pid);
        return now.isPresent() && now.getAsLong() == startTime;
    }

    private static OptionalLong startTime(long pid) {
        try {
            String stat =
                    Files.readString(
                            Path.of("/proc", Long.toString(pid), "stat"),
                            StandardCharsets.ISO_8859_1);
            // The name stands in brackets, and may itself have brackets and spaces.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean dead = fields[0].equals("Z") || fields[0].equals("X");
            return dead
                    ? OptionalLong.empty()
                    : OptionalLong.of(Long.parseLong(fields[START_TIME]));
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
