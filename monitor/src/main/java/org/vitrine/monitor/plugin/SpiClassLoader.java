package org.vitrine.monitor.plugin;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.SecureClassLoader;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * Loads one plugin. It sees the JDK, the SPI and SLF4J as the host has them, and its own JARs;
 * neither the rest of the host nor another plugin.
 *
 * <p>The JARs are read once, as a whole. No file stays open, and an author may overwrite a JAR
 * while the plugin made of it runs: a class that is needed later still comes from the old one.
 * Signatures of JARs are not looked at, and the {@code Class-Path} of a manifest isn't followed.
 */
final class SpiClassLoader extends SecureClassLoader implements Closeable {

    private static final ClassLoader HOST = SpiClassLoader.class.getClassLoader();
    private static final String SCHEME = "plugin";

    private final Resources resources = new Resources();
    private volatile List<Jar> jars;

    /** What a JAR has. */
    private record Jar(
            String name, CodeSource source, Manifest manifest, Map<String, byte[]> files) {}

    static {
        registerAsParallelCapable();
    }

    /**
     * @throws IOException when a JAR can't be read, or is none
     */
    SpiClassLoader(String name, List<Path> files) throws IOException {
        super(name, ClassLoader.getPlatformClassLoader());
        List<Jar> read = new ArrayList<>();
        for (Path file : files) {
            read.add(read(file));
        }
        jars = read;
    }

    private static Jar read(Path path) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        try (JarFile jar =
                new JarFile(path.toFile(), false, JarFile.OPEN_READ, Runtime.version())) {
            Iterator<JarEntry> entries = jar.versionedStream().iterator();
            while (entries.hasNext()) {
                JarEntry entry = entries.next();
                if (!entry.isDirectory()) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        files.put(entry.getName(), in.readAllBytes());
                    }
                }
            }
            return new Jar(
                    path.getFileName().toString(),
                    new CodeSource(path.toUri().toURL(), (Certificate[]) null),
                    jar.getManifest(),
                    files);
        }
    }

    @Override
    protected Class<?> loadClass(String className, boolean resolve) throws ClassNotFoundException {
        if (className.startsWith("org.vitrine.spi.") || className.startsWith("org.slf4j.")) {
            return HOST.loadClass(className);
        }
        return super.loadClass(className, resolve);
    }

    @Override
    protected Class<?> findClass(String className) throws ClassNotFoundException {
        String file = className.replace('.', '/') + ".class";
        for (Jar jar : jars) {
            byte[] code = jar.files().get(file);
            if (code != null) {
                definePackage(className, jar);
                return defineClass(className, code, 0, code.length, jar.source());
            }
        }
        throw new ClassNotFoundException(className);
    }

    /** Gives a class's package the version and vendor that the manifest names. */
    private void definePackage(String className, Jar jar) {
        int dot = className.lastIndexOf('.');
        if (dot < 0 || jar.manifest() == null) {
            return;
        }
        String name = className.substring(0, dot);
        if (getDefinedPackage(name) != null) {
            return;
        }
        Attributes own = jar.manifest().getAttributes(name.replace('.', '/') + "/");
        try {
            definePackage(
                    name,
                    attribute(own, jar, Attributes.Name.SPECIFICATION_TITLE),
                    attribute(own, jar, Attributes.Name.SPECIFICATION_VERSION),
                    attribute(own, jar, Attributes.Name.SPECIFICATION_VENDOR),
                    attribute(own, jar, Attributes.Name.IMPLEMENTATION_TITLE),
                    attribute(own, jar, Attributes.Name.IMPLEMENTATION_VERSION),
                    attribute(own, jar, Attributes.Name.IMPLEMENTATION_VENDOR),
                    null);
        } catch (IllegalArgumentException e) {
            // Another thread has defined it meanwhile, which is as good.
            assert getDefinedPackage(name) != null : e;
        }
    }

    private static String attribute(Attributes own, Jar jar, Attributes.Name name) {
        String value = own == null ? null : own.getValue(name);
        return value != null ? value : jar.manifest().getMainAttributes().getValue(name);
    }

    @Override
    protected URL findResource(String name) {
        Enumeration<URL> found = findResources(name);
        return found.hasMoreElements() ? found.nextElement() : null;
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        List<URL> found = new ArrayList<>();
        for (Jar jar : jars) {
            if (jar.files().containsKey(name)) {
                try {
                    URI uri = new URI(SCHEME, null, "/" + jar.name() + "/" + name, null);
                    found.add(URL.of(uri, resources));
                } catch (URISyntaxException | IOException e) {
                    throw new IllegalStateException("no URL can be made for " + name, e);
                }
            }
        }
        return Collections.enumeration(found);
    }

    /** Forgets the JARs: from now on there are no further classes, and no resources. */
    @Override
    public void close() {
        jars = List.of();
    }

    /** Opens {@code plugin:/JAR/NAME}. */
    private final class Resources extends URLStreamHandler {

        @Override
        protected URLConnection openConnection(URL url) throws IOException {
            String path = URI.create(url.toExternalForm()).getPath();
            for (Jar jar : jars) {
                String start = "/" + jar.name() + "/";
                if (path.startsWith(start)) {
                    byte[] file = jar.files().get(path.substring(start.length()));
                    if (file != null) {
                        return new Contents(url, file);
                    }
                }
            }
            throw new FileNotFoundException(url.toExternalForm());
        }
    }

    /** A file of a JAR. */
    private static final class Contents extends URLConnection {

        private final byte[] file;

        Contents(URL url, byte[] file) {
            super(url);
            this.file = file;
        }

        @Override
        public void connect() {
            connected = true;
        }

        @Override
        public long getContentLengthLong() {
            return file.length;
        }

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(file);
        }
    }
}
