package org.vitrine.monitor.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.spi.FrontendProvider;

/**
 * The plugins of some folders. In a plugin folder, each folder of JARs and each JAR is a plugin.
 * They are loaded when they are first asked for: a plugin whose name is the driver's name before
 * all others, so that a frontend can start before the rest is looked at. Safe for use by several
 * threads.
 */
public final class PluginLoader {

    private static final Logger LOG = LoggerFactory.getLogger(PluginLoader.class);

    private final List<Path> folders;
    private final Map<Path, Plugin> plugins = new LinkedHashMap<>();

    /** The plugins of these folders; a folder that does not exist has none. */
    public PluginLoader(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    /** Every plugin, loaded or failed, in the order of the folders and then of names. */
    synchronized List<Plugin> plugins() {
        for (Path path : paths()) {
            load(path);
        }
        return List.copyOf(plugins.values());
    }

    /** The provider of this driver, or null when no plugin has one. */
    synchronized FrontendProvider provider(String driver) {
        for (Path path : paths()) {
            if (path.getFileName().toString().equals(driver)) {
                for (FrontendProvider provider : load(path).providers()) {
                    if (provider.name().equals(driver)) {
                        return provider;
                    }
                }
            }
        }
        for (Plugin plugin : plugins()) {
            for (FrontendProvider provider : plugin.providers()) {
                if (provider.name().equals(driver)) {
                    return provider;
                }
            }
        }
        return null;
    }

    private Plugin load(Path path) {
        return plugins.computeIfAbsent(
                path,
                newPath -> {
                    Plugin plugin = Plugin.load(newPath);
                    if (plugin.error() != null) {
                        LOG.warn("plugin {}: {}", plugin.path(), plugin.error());
                    }
                    return plugin;
                });
    }

    private List<Path> paths() {
        List<Path> paths = new ArrayList<>();
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                continue;
            }
            List<Path> here = new ArrayList<>();
            try (DirectoryStream<Path> entries =
                    Files.newDirectoryStream(
                            folder,
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
        return paths;
    }
}
