package org.vitrine.monitor.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpiClassLoaderTest {

    @TempDir private Path folder;
    private SpiClassLoader loader;

    private Path jar(String name, Manifest manifest, Map<String, byte[]> files) throws IOException {
        Path jar = folder.resolve(name);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                out.putNextEntry(new JarEntry(file.getKey()));
                out.write(file.getValue());
            }
        }
        return jar;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Manifest manifest() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        return manifest;
    }

    @BeforeEach
    void load() throws IOException {
        String sample = SpiClassLoaderTest.class.getName().replace('.', '/') + "$Sample.class";
        byte[] code;
        try (InputStream in = Sample.class.getClassLoader().getResourceAsStream(sample)) {
            code = in.readAllBytes();
        }
        Manifest versioned = manifest();
        versioned.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "4.2");
        versioned.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
        Path first =
                jar(
                        "first.jar",
                        versioned,
                        Map.of(
                                sample,
                                code,
                                "a b/ü#%20.txt",
                                bytes("odd name"),
                                "both.txt",
                                bytes("first"),
                                "release.txt",
                                bytes("old"),
                                "META-INF/versions/25/release.txt",
                                bytes("new"),
                                "META-INF/versions/999/release.txt",
                                bytes("far off")));
        Path second = jar("second.jar", manifest(), Map.of("both.txt", bytes("second")));
        loader = new SpiClassLoader("test", List.of(first, second));
        // Nothing of what follows may need the files.
        Files.delete(first);
        Files.delete(second);
    }

    /** What is loaded a second time. */
    public static final class Sample {}

    private String text(String name) throws IOException {
        try (InputStream in = loader.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void classIsDefinedFromTheJarWithItsPackagesVersionAndItsPlace() throws Exception {
        Class<?> loaded = loader.loadClass(Sample.class.getName());
        assertEquals(loader, loaded.getClassLoader());
        assertEquals("4.2", loaded.getPackage().getImplementationVersion());
        assertEquals(
                folder.resolve("first.jar").toUri().toURL(),
                loaded.getProtectionDomain().getCodeSource().getLocation());
        assertThrows(ClassNotFoundException.class, () -> loader.loadClass("none.Such"));
    }

    @Test
    void resourcesOfAllJarsAreFoundInTheirOrder() throws IOException {
        List<URL> both = Collections.list(loader.getResources("both.txt"));
        assertEquals(2, both.size());
        assertEquals("first", new String(both.get(0).openStream().readAllBytes()));
        assertEquals("second", new String(both.get(1).openStream().readAllBytes()));
        assertEquals("first", text("both.txt"));
        assertNull(loader.getResource("none.txt"));
    }

    @Test
    void nameOfAResourceMayHaveWhatUrlsQuote() throws IOException {
        assertEquals("odd name", text("a b/ü#%20.txt"));
        assertEquals(8, loader.getResource("a b/ü#%20.txt").openConnection().getContentLength());
    }

    @Test
    void resourceIsThatOfThisReleaseOfJava() throws IOException {
        assertEquals("new", text("release.txt"));
    }

    @Test
    void closedLoaderHasNothingMore() throws Exception {
        URL url = loader.getResource("both.txt");
        assertNotNull(url);
        loader.close();
        assertNull(loader.getResource("both.txt"));
        assertThrows(FileNotFoundException.class, url::openStream);
        assertThrows(ClassNotFoundException.class, () -> loader.loadClass(Sample.class.getName()));
    }
}
