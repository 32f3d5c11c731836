package org.vitrine.monitor.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What this process has open, as Linux tells. */
final class OpenFiles {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private OpenFiles() {}

    /** Whether it can be told here. */
    static boolean areKnown() {
        return Files.isDirectory(DESCRIPTORS);
    }

    /** What each descriptor stands for, but for the ones with which this is found out. */
    static List<String> all() {
        List<String> all = new ArrayList<>();
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            open.forEach(descriptor -> {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (!target.startsWith("/proc/")) {
                        all.add(target);
                    }
                } catch (IOException e) {
                    // Closed since the folder was listed.
                }
            });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return all;
    }

    /** Sockets, each by a name of its own. */
    static Set<String> sockets() {
        return all().stream()
                .filter(target -> target.startsWith("socket:"))
                .collect(Collectors.toSet());
    }

    /** Regular files, also deleted ones. */
    static List<String> files() {
        return all().stream()
                .filter(target -> target.startsWith("/") && !target.startsWith("/dev/"))
                .sorted()
                .toList();
    }
}
