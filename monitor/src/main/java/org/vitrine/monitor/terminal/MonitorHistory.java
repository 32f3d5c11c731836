package org.vitrine.monitor.terminal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jline.reader.impl.history.DefaultHistory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.monitor.command.CommandException;
import org.vitrine.monitor.command.MonitorLink;

/** The lines of this run and of earlier ones, without those that have a password or another secret in them. */
final class MonitorHistory extends DefaultHistory {

    private static final Logger LOG = LoggerFactory.getLogger(MonitorHistory.class);

    private final MonitorLink monitor;

    MonitorHistory(MonitorLink monitor) {
        this.monitor = monitor;
    }

    /** The history's file, after the XDG base directory specification. */
    static Path file(String stateHome, String userHome) {
        Path state = stateHome == null || !Path.of(stateHome).isAbsolute()
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
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn("there will be no history: {}", e.toString());
        }
    }

    @Override
    public void add(Instant time, String line) {
        if (!hasSecret(line)) {
            super.add(time, line);
        }
    }

    private boolean hasSecret(String line) {
        String words = line.strip();
        if (words.contains("password")) {
            return true;
        }
        if (!words.startsWith("frontend ") && !words.startsWith("qmp ")) {
            return false;
        }
        return secretOptions().stream().anyMatch(words::contains);
    }

    private Set<String> secretOptions() {
        Set<String> names = new TreeSet<>();
        try {
            for (JsonElement element : monitor.execute("query-frontend-providers").getAsJsonArray()) {
                JsonObject provider = element.getAsJsonObject();
                if (provider.has("options")) {
                    for (JsonElement option : provider.getAsJsonArray("options")) {
                        JsonObject info = option.getAsJsonObject();
                        if (info.get("secret").getAsBoolean()) {
                            names.add(info.get("name").getAsString());
                        }
                    }
                }
            }
        } catch (CommandException e) {
            LOG.debug("the options are not known", e);
        }
        return names;
    }
}
