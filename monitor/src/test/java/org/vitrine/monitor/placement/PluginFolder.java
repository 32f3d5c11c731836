package org.vitrine.monitor.placement;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.vitrine.spi.FrontendProvider;

/**
 * A folder of plugins made of what tests have: a provider's JAR, or one that is made of its folder
 * of classes. Libraries that a plugin keeps in JARs of their own are not found so.
 */
final class PluginFolder {

    private final Path folder;

    PluginFolder(Path folder) throws IOException {
        this.folder = Files.createDirectory(folder);
    }

    Path path() {
        return folder;
    }

    /** Adds the plugin that this provider comes from, unless it is there already. */
    void add(FrontendProvider provider) throws IOException {
        Path plugin = folder.resolve(provider.name());
        if (Files.exists(plugin)) {
            return;
        }
        Path origin = origin(provider);
        Files.createDirectory(plugin);
        if (Files.isDirectory(origin)) {
            pack(origin, plugin.resolve(provider.name() + ".jar"));
        } else {
            Files.createSymbolicLink(plugin.resolve(origin.getFileName()), origin);
        }
    }

    private static Path origin(FrontendProvider provider) {
        try {
            return Path.of(
                    provider.getClass()
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> found = Files.walk(classes)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
    }

    void delete() throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(folder)) {
            all = found.toList();
        }
        for (Path path : all.reversed()) {
            Files.delete(path);
        }
    }
}
