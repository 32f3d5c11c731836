package org.vitrine.monitor.plugin;

import java.io.Closeable;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.SpiVersion;

/**
 * A JAR, or a folder of JARs, with its class loader and the providers found in it; or the reason
 * why it can't be used.
 */
final class Plugin implements Closeable {

    private final String name;
    private final Path path;
    private final SpiClassLoader loader;
    private final List<FrontendProvider> providers;
    private final String error;

    private Plugin(
            String name,
            Path path,
            SpiClassLoader loader,
            List<FrontendProvider> providers,
            String error) {
        this.name = name;
        this.path = path;
        this.loader = loader;
        this.providers = providers;
        this.error = error;
    }

    /** Loads a plugin. One that can't be used is returned all the same, with its {@link #error}. */
    static Plugin load(Path path) {
        String fileName = path.getFileName().toString();
        String name =
                fileName.endsWith(".jar") ? fileName.substring(0, fileName.length() - 4) : fileName;
        SpiClassLoader loader = null;
        try {
            loader = new SpiClassLoader("plugin-" + name, jars(path));
            return new Plugin(name, path, loader, providers(loader), null);
        } catch (PluginException e) {
            closeQuietly(loader);
            return new Plugin(name, path, null, List.of(), e.getMessage());
        } catch (IOException e) {
            closeQuietly(loader);
            return new Plugin(name, path, null, List.of(), "can't be read: " + e);
        } catch (ServiceConfigurationError | RuntimeException | LinkageError e) {
            closeQuietly(loader);
            return new Plugin(name, path, null, List.of(), "can't be loaded: " + e);
        }
    }

    private static void closeQuietly(SpiClassLoader loader) {
        if (loader != null) {
            try {
                loader.close();
            } catch (IOException e) {
                // Its JARs stay open until the loader is collected; the plugin is reported as
                // failed anyway.
            }
        }
    }

    private static URL[] jars(Path path) throws IOException, PluginException {
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
        URL[] urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            try {
                urls[i] = jars.get(i).toUri().toURL();
            } catch (MalformedURLException e) {
                throw new IOException(e);
            }
        }
        return urls;
    }

    private static List<FrontendProvider> providers(SpiClassLoader loader) throws PluginException {
        List<FrontendProvider> providers = new ArrayList<>();
        for (FrontendProvider provider : ServiceLoader.load(FrontendProvider.class, loader)) {
            if (provider.getClass().getClassLoader() == loader) {
                checkVersion(provider);
                checkDescription(provider);
                providers.add(provider);
            }
        }
        if (providers.isEmpty()) {
            throw new PluginException(
                    "it provides no frontend: no META-INF/services/"
                            + FrontendProvider.class.getName()
                            + " names one");
        }
        return List.copyOf(providers);
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
    private static void checkDescription(FrontendProvider provider) throws PluginException {
        String driver = provider.name();
        if (driver == null || !driver.matches("[a-z][a-z0-9-]*")) {
            throw new PluginException(
                    "a frontend is named '"
                            + driver
                            + "'; a name starts with a lower case letter, and has lower case"
                            + " letters, digits and '-'");
        }
        if (provider.description() == null
                || provider.version() == null
                || provider.options() == null) {
            throw new PluginException(
                    "frontend " + driver + " lacks a description, a version or its options");
        }
        for (String word : Placing.HOST_WORDS) {
            if (provider.options().option(word) != null) {
                throw new PluginException(
                        "frontend "
                                + driver
                                + " has an option '"
                                + word
                                + "', which is the host's");
            }
        }
    }

    /** The folder's or JAR's name, without {@code .jar}. */
    String name() {
        return name;
    }

    Path path() {
        return path;
    }

    List<FrontendProvider> providers() {
        return providers;
    }

    /** Why the plugin can't be used, or null. */
    String error() {
        return error;
    }

    @Override
    public void close() throws IOException {
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
