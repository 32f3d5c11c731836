package org.vitrine.monitor.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendProvider;

/**
 * The plugins of some folders, and single ones. In a plugin folder, each folder of JARs and each
 * JAR is a plugin. They are loaded when they are first asked for: single ones and a plugin whose
 * name is the driver's name before all others, so that a frontend can start before the rest is
 * looked at. Safe for use by several threads.
 */
public final class PluginLoader {

    private static final Logger LOG = LoggerFactory.getLogger(PluginLoader.class);

    /** How long a plugin's constructors and its account of itself may take. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final List<Path> single;
    private final List<Path> folders;
    private final Duration limit;

    // Guarded by this object; paths are absolute.
    private final Map<Path, Plugin> plugins = new LinkedHashMap<>();
    private final Set<Path> unloaded = new HashSet<>();

    /** The plugins of these folders; a folder that does not exist has none. */
    public PluginLoader(List<Path> folders) {
        this(List.of(), folders);
    }

    /**
     * These plugins, and behind them those of some folders.
     *
     * @param single JARs, or folders of JARs
     */
    public PluginLoader(List<Path> single, List<Path> folders) {
        this(single, folders, LIMIT);
    }

    PluginLoader(List<Path> single, List<Path> folders, Duration limit) {
        this.single = single.stream().map(PluginLoader::key).toList();
        this.folders = List.copyOf(folders);
        this.limit = limit;
    }

    /**
     * Every plugin, loaded or failed: those of the folders in their order and then by name, then
     * those that were {@link #add added}.
     */
    synchronized List<Plugin> plugins() {
        Set<Plugin> ordered = new LinkedHashSet<>();
        for (Path path : paths()) {
            ordered.add(load(path));
        }
        ordered.addAll(plugins.values());
        return List.copyOf(ordered);
    }

    /** The driver of this name, or null when no plugin has one. */
    synchronized Driver driver(String name) {
        for (Path path : paths()) {
            if (single.contains(path) || Plugin.nameOf(path).equals(name)) {
                Driver driver = load(path).driver(name);
                if (driver != null) {
                    return driver;
                }
            }
        }
        return find(plugins(), name);
    }

    /** The provider of this driver, or null when no plugin has one. */
    FrontendProvider provider(String driver) {
        Driver found = driver(driver);
        return found == null ? null : found.provider();
    }

    /**
     * Loads a plugin that need not lie in the folders.
     *
     * @param path a JAR or a folder of JARs
     * @throws FrontendException when it can't be used, or is loaded already; then nothing changes
     */
    synchronized Plugin add(Path path) throws FrontendException {
        if (path.getFileName() == null) {
            throw new FrontendException("'" + path + "' is no plugin, but a whole file system");
        }
        Path key = key(path);
        Plugin known = plugins.get(key);
        if (known != null && known.error() == null) {
            throw new FrontendException("plugin '" + known.name() + "' is loaded already");
        }
        if (!Files.exists(key)) {
            throw new FrontendException("there is no file or folder '" + path + "'");
        }
        Plugin plugin = made(key, known);
        if (plugin.error() != null) {
            throw new FrontendException("plugin '" + plugin.name() + "': " + plugin.error());
        }
        plugins.put(key, plugin);
        unloaded.remove(key);
        return plugin;
    }

    /** The plugin of this name: the one that is loaded, or else the first that failed; or null. */
    synchronized Plugin find(String name) {
        Plugin failed = null;
        for (Plugin plugin : plugins()) {
            if (plugin.name().equals(name)) {
                if (plugin.error() == null) {
                    return plugin;
                }
                failed = failed == null ? plugin : failed;
            }
        }
        return failed;
    }

    /**
     * Loads a newer build of a plugin from the same place, beside the old one, which stays until
     * {@link #replace}.
     *
     * @throws FrontendException when it can't be used
     */
    synchronized Plugin renew(Plugin old) throws FrontendException {
        Plugin plugin = made(old.path(), old);
        if (plugin.error() != null) {
            throw new FrontendException("plugin '" + plugin.name() + "': " + plugin.error());
        }
        return plugin;
    }

    /** Puts a newer build in the place of the old one, whose classes can go. */
    synchronized void replace(Plugin old, Plugin renewed) {
        plugins.replace(old.path(), old, renewed);
        old.close();
    }

    /** Forgets a plugin and closes its JARs; its folder is looked through without it. */
    synchronized void remove(Plugin plugin) {
        if (plugins.remove(plugin.path(), plugin)) {
            unloaded.add(plugin.path());
        }
        plugin.close();
    }

    private static Path key(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private Plugin load(Path path) {
        Plugin plugin = plugins.get(path);
        if (plugin == null) {
            plugin = made(path, null);
            plugins.put(path, plugin);
            if (plugin.error() != null) {
                LOG.warn("plugin {}: {}", plugin.path(), plugin.error());
            }
        }
        return plugin;
    }

    /**
     * Loads a plugin, unless another has its name or one of its drivers' names.
     *
     * @param old the one whose place it takes, or null
     */
    private Plugin made(Path path, Plugin old) {
        String name = Plugin.nameOf(path);
        List<Plugin> others = new ArrayList<>(plugins.values());
        others.remove(old);
        for (Plugin other : others) {
            if (other.error() == null && other.name().equals(name)) {
                return Plugin.failed(path, "there is a plugin '" + name + "' in " + other.path());
            }
        }
        Plugin plugin = Plugin.load(path, limit);
        for (Driver driver : plugin.drivers()) {
            Driver same = find(others, driver.name());
            if (same == null) {
                continue;
            }
            plugin.close();
            return Plugin.failed(
                    path,
                    "there is a frontend '"
                            + driver.name()
                            + "' already, of plugin "
                            + same.plugin().path());
        }
        return plugin;
    }

    private static Driver find(Iterable<Plugin> plugins, String driverName) {
        for (Plugin plugin : plugins) {
            Driver driver = plugin.driver(driverName);
            if (driver != null) {
                return driver;
            }
        }
        return null;
    }

    private List<Path> paths() {
        List<Path> paths = new ArrayList<>(single);
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                continue;
            }
            List<Path> here = new ArrayList<>();
            try (DirectoryStream<Path> entries =
                    Files.newDirectoryStream(
                            key(folder),
                            entry ->
                                    Files.isDirectory(entry)
                                            || entry.toString().endsWith(".jar"))) {
                entries.forEach(here::add);
            } catch (IOException e) {
                throw new UncheckedIOException("can't read the plugin folder " + folder, e);
            }
            here.sort(null);
            paths.addAll(here);
        }
        paths.removeAll(unloaded);
        return paths;
    }
}
