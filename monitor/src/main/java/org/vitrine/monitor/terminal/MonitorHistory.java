package org.vitrine.monitor.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.function.Predicate;
import org.jline.reader.impl.history.DefaultHistory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines of this run and of earlier ones, without those that have a password or another secret
 * in them.
 */
final class MonitorHistory extends DefaultHistory {

    private static final Logger LOG = LoggerFactory.getLogger(MonitorHistory.class);

    private final Predicate<String> hasSecret;

    /**
     * @param hasSecret tells whether a line must not be kept
     */
    MonitorHistory(Predicate<String> hasSecret) {
        this.hasSecret = hasSecret;
    }

    /** The history's file, after the XDG base directory specification. */
    static Path file(String stateHome, String userHome) {
        Path state =
                stateHome == null || !Path.of(stateHome).isAbsolute()
                        ? Path.of(userHome, ".local", "state")
                        : Path.of(stateHome);
        return state.resolve("vitrine").resolve("history");
    }

    /** Makes the file, which only its owner may read. */
    static void prepare(Path file) {
        try {
            Files.createDirectories(file.getParent());
            if (!Files.exists(file)) {
                Files.createFile(
                        file,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn("there will be no history: {}", e.toString());
        }
    }

    @Override
    public void add(Instant time, String line) {
        if (!hasSecret.test(line)) {
            super.add(time, line);
        }
    }
}
