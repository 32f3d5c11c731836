package org.vitrine.monitor.plugin;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.OptionSchema;
import org.vitrine.spi.SpiVersion;

/**
 * A JAR, or a folder of JARs, with its class loader and the drivers found in it; or the reason why
 * it can't be used.
 */
final class Plugin implements Closeable {

    private final String name;
    private final Path path;
    private final SpiClassLoader loader;
    private final List<Driver> drivers;
    private final String error;
    private volatile boolean retired;

    /** One that can't be used. */
    private Plugin(Path path, String error) {
        this.name = nameOf(path);
        this.path = path;
        this.loader = null;
        this.drivers = List.of();
        this.error = error;
    }

    private Plugin(Path path, SpiClassLoader loader) throws PluginException {
        this.name = nameOf(path);
        this.path = path;
        this.loader = loader;
        this.drivers = drivers(loader);
        this.error = null;
    }

    /**
     * What a plugin is called that lies there: the folder's or JAR's name, without {@code .jar}.
     */
    static String nameOf(Path path) {
        String fileName = path.getFileName().toString();
        return fileName.endsWith(".jar") ? fileName.substring(0, fileName.length() - 4) : fileName;
    }

    /** A plugin that can't be used, for this reason. */
    static Plugin failed(Path path, String error) {
        return new Plugin(path, error);
    }

    /**
     * Loads a plugin. One that can't be used is returned all the same, with its {@link #error}.
     *
     * @param limit how long its constructors and its account of itself may take
     */
    static Plugin load(Path path, Duration limit) {
        FutureTask<Plugin> task = new FutureTask<>(() -> load(path));
        // On a thread of its own, and no virtual one, since the plugin's code may never come back.
        Thread thread =
                Thread.ofPlatform()
                        .name("load-" + nameOf(path))
                        .daemon()
                        .inheritInheritableThreadLocals(false)
                        .start(task);
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            thread.interrupt();
            return failed(
                    path,
                    "can't be loaded: its provider did not answer within "
                            + AttachedFrontend.seconds(limit));
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            return failed(path, "can't be loaded: it was interrupted");
        } catch (ExecutionException e) {
            return failed(path, "can't be loaded: " + e.getCause());
        }
    }

    private static Plugin load(Path path) {
        try {
            SpiClassLoader loader = new SpiClassLoader("plugin-" + nameOf(path), jars(path));
            Thread.currentThread().setContextClassLoader(loader);
            return new Plugin(path, loader);
        } catch (PluginException e) {
            return failed(path, e.getMessage());
        } catch (IOException e) {
            return failed(path, "can't be read: " + e);
        } catch (LinkageError e) {
            return failed(
                    path,
                    "can't be loaded: "
                            + e
                            + "; it lacks a library, or was built for another SPI than "
                            + SpiVersion.CURRENT);
        } catch (Throwable e) {
            // Whatever a plugin's constructors throw; a virtual machine's error there too.
            return failed(path, "can't be loaded: " + e);
        }
    }

    private static List<Path> jars(Path path) throws IOException, PluginException {
        List<Path> jars = new ArrayList<>();
        if (Files.isDirectory(path)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(path, "*.jar")) {
                found.forEach(jars::add);
            }
            jars.sort(null);
        } else {
            jars.add(path);
        }
        if (jars.isEmpty()) {
            throw new PluginException("there is no JAR in " + path);
        }
        return jars;
    }

    private List<Driver> drivers(SpiClassLoader from) throws PluginException {
        List<Driver> found = new ArrayList<>();
        for (FrontendProvider provider : ServiceLoader.load(FrontendProvider.class, from)) {
            if (provider.getClass().getClassLoader() == from) {
                checkVersion(provider);
                found.add(driver(provider));
            }
        }
        if (found.isEmpty()) {
            throw new PluginException(
                    "it provides no frontend: no META-INF/services/"
                            + FrontendProvider.class.getName()
                            + " names one");
        }
        return List.copyOf(found);
    }

    private static void checkVersion(FrontendProvider provider) throws PluginException {
        String version = String.valueOf(provider.spiVersion());
        String[] parts = version.split("\\.", 2);
        try {
            int major = Integer.parseInt(parts[0]);
            int minor = Integer.parseInt(parts[1]);
            if (major == SpiVersion.MAJOR && minor <= SpiVersion.MINOR) {
                return;
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new PluginException(
                    "frontend " + provider.name() + " gives '" + version + "' as its SPI version");
        }
        throw new PluginException(
                "frontend "
                        + provider.name()
                        + " was built for SPI "
                        + version
                        + "; this Vitrine has SPI "
                        + SpiVersion.CURRENT);
    }

    /**
     * Asks the provider all that it will be asked, so that one that can't answer is refused here.
     */
    private Driver driver(FrontendProvider provider) throws PluginException {
        Driver driver =
                new Driver(
                        this,
                        provider,
                        provider.name(),
                        provider.description(),
                        provider.version(),
                        provider.spiVersion(),
                        Set.copyOf(provider.capabilities()),
                        provider.options());
        if (driver.name() == null || !driver.name().matches("[a-z][a-z0-9-]*")) {
            throw new PluginException(
                    "a frontend is named '"
                            + driver.name()
                            + "'; a name starts with a lower case letter, and has lower case"
                            + " letters, digits and '-'");
        }
        OptionSchema options = driver.options();
        if (driver.description() == null || driver.version() == null || options == null) {
            throw new PluginException(
                    "frontend " + driver.name() + " lacks a description, a version or its options");
        }
        for (String word : Placing.HOST_WORDS) {
            if (options.option(word) != null) {
                throw new PluginException(
                        "frontend "
                                + driver.name()
                                + " has an option '"
                                + word
                                + "', which is the host's");
            }
        }
        return driver;
    }

    /** The folder's or JAR's name, without {@code .jar}. */
    String name() {
        return name;
    }

    Path path() {
        return path;
    }

    List<Driver> drivers() {
        return drivers;
    }

    /** The driver of this name, or null. */
    Driver driver(String driverName) {
        for (Driver driver : drivers) {
            if (driver.name().equals(driverName)) {
                return driver;
            }
        }
        return null;
    }

    /** Why the plugin can't be used, or null. */
    String error() {
        return error;
    }

    /** The loader of its classes; null when it can't be used. */
    ClassLoader loader() {
        return loader;
    }

    /** From now on nothing of it may be attached. */
    void retire() {
        retired = true;
    }

    boolean isRetired() {
        return retired;
    }

    @Override
    public void close() {
        if (loader != null) {
            loader.close();
        }
    }

    /** A plugin can't be used; the message says why. */
    private static final class PluginException extends Exception {
        PluginException(String message) {
            super(message);
        }
    }
}
