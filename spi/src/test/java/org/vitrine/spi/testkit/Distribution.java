package org.vitrine.spi.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A built Vitrine, by which frontends can be tested in processes of their own: the folder with
 * {@code lib}, {@code plugins} and {@code testkit}, which is {@code target/vitrine} in a clone. It
 * is named by the system property {@code vitrine.home} or by the environment's {@code
 * VITRINE_HOME}.
 */
public final class Distribution {

    /** The system property that names the folder. */
    public static final String PROPERTY = "vitrine.home";

    /** The variable of the environment that names it, when the property does not. */
    public static final String VARIABLE = "VITRINE_HOME";

    private static Loader loader;

    private Distribution() {}

    /** The folder; empty when none is named. */
    public static Optional<Path> home() {
        String named = System.getProperty(PROPERTY, System.getenv(VARIABLE));
        return named == null || named.isEmpty()
                ? Optional.empty()
                : Optional.of(Path.of(named).toAbsolutePath().normalize());
    }

    /**
     * The placement that this distribution has: frontends in processes of their own.
     *
     * @throws IllegalStateException when there is none in that folder; the message says so
     */
    static synchronized Placement placement(Path home) {
        if (loader == null || !loader.home.equals(home)) {
            loader = new Loader(home);
        }
        return ServiceLoader.load(Placement.class, loader)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException(
                                home
                                        + " is no built Vitrine with a test kit: "
                                        + home.resolve("testkit")
                                        + " has no JAR that provides a placement. Build"
                                        + " Vitrine, and name its target/vitrine by the"
                                        + " system property "
                                        + PROPERTY
                                        + " or by "
                                        + VARIABLE));
    }

    /**
     * Loads the host of the distribution. It shares the SPI, the test kit and the log with the
     * tests, and nothing else: what libraries a plugin's tests use does not matter.
     */
    private static final class Loader extends URLClassLoader {

        private static final List<String> SHARED =
                List.of("org.vitrine.spi.", "org.slf4j.", "ch.qos.logback.");

        private final Path home;

        Loader(Path home) {
            super("vitrine-host", jars(home), ClassLoader.getPlatformClassLoader());
            this.home = home;
        }

        private static URL[] jars(Path home) {
            List<URL> jars = new ArrayList<>();
            for (String folder : List.of("testkit", "lib")) {
                if (!Files.isDirectory(home.resolve(folder))) {
                    continue;
                }
                try (DirectoryStream<Path> found =
                        Files.newDirectoryStream(home.resolve(folder), "*.jar")) {
                    for (Path jar : found) {
                        jars.add(jar.toUri().toURL());
                    }
                } catch (MalformedURLException e) {
                    throw new IllegalStateException(e);
                } catch (IOException e) {
                    throw new UncheckedIOException(
                            "can't read the folder " + home.resolve(folder), e);
                }
            }
            return jars.toArray(URL[]::new);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (SHARED.stream().anyMatch(name::startsWith)) {
                try {
                    return Distribution.class.getClassLoader().loadClass(name);
                } catch (ClassNotFoundException e) {
                    // The tests have another log than the distribution, which brings its own.
                }
            }
            return super.loadClass(name, resolve);
        }
    }
}
