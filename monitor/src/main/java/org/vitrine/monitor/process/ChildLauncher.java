package org.vitrine.monitor.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vitrine.monitor.plugin.FrontendLauncher;

/**
 * Starts {@code vitrine frontend} in a JVM like this one: the same Java, class path and start-up
 * cache, with a small heap that grows when it must. Safe for use by several threads.
 */
public final class ChildLauncher implements FrontendLauncher {

    /** What of this JVM's own options its children get too, by how they begin. */
    private static final List<String> HANDED_DOWN =
            List.of(
                    "-XX:AOTCache=",
                    "-Xlog:aot=",
                    "-Xlog:cds=",
                    "-Dvitrine.home=",
                    "-Dvitrine.log=",
                    "-Djava.io.tmpdir=");

    private final Prefix prefix;
    private final String mainClass;
    private final String classPath;

    /** Where the children find this emulator. */
    @FunctionalInterface
    public interface Prefix {

        /** The prefix, at which a socket listens when this returns. */
        Path get() throws IOException;
    }

    /**
     * @param prefix asked at each start
     * @param mainClass the class whose {@code main} understands {@code frontend}
     */
    public ChildLauncher(Prefix prefix, Class<?> mainClass) {
        this(prefix, mainClass, System.getProperty("java.class.path"));
    }

    /**
     * As the other one, for a JVM that has not the emulator's class path.
     *
     * @param classPath of the children
     */
    public ChildLauncher(Prefix prefix, Class<?> mainClass, String classPath) {
        this.prefix = prefix;
        this.mainClass = mainClass.getName();
        this.classPath = classPath;
    }

    @Override
    public Process launch(String driver, String id, Path plugin) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-Xms8m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.awt.headless=true",
                        "-Dvitrine.log.untimed=true"));
        for (String option : ownOptions()) {
            if (HANDED_DOWN.stream().anyMatch(option::startsWith)) {
                command.add(option);
            }
        }
        command.addAll(List.of("-cp", classPath, mainClass));
        command.addAll(
                List.of(
                        "frontend",
                        driver,
                        "--attach",
                        prefix.get().toString(),
                        "--id",
                        id,
                        "--supervised",
                        "--plugin",
                        plugin.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
    }

    /** The words of this JVM's command line; the class that would tell them takes long to load. */
    private static List<String> ownOptions() throws IOException {
        Path own = Path.of("/proc/self/cmdline");
        if (!Files.isReadable(own)) {
            return List.of();
        }
        return List.of(Files.readString(own, StandardCharsets.UTF_8).split("\0"));
    }
}
