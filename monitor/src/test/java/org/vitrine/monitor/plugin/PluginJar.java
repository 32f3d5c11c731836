package org.vitrine.monitor.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.vitrine.spi.FrontendProvider;

/**
 * Compiles a plugin from source and packs it, as an author outside the project would: with the SPI
 * alone on the class path.
 */
final class PluginJar {

    private PluginJar() {}

    /**
     * A provider's source. The bodies see {@code context} and {@code options}; {@code members} are
     * added to the provider class.
     */
    static String provider(String className, String driver, String spiVersion, String attachBody) {
        return """
        import java.util.List;
        import java.util.Map;
        import org.vitrine.spi.*;

        public class %s implements FrontendProvider {
            public String name() { return "%s"; }
            public String description() { return "a test"; }
            public String version() { return "1"; }
            public String spiVersion() { return %s; }
            public OptionSchema options() {
                return OptionSchema.builder().integer("number", "a number", 1, 0, 9).build();
            }
            public Frontend attach(FrontendContext context, OptionValues options)
                    throws FrontendException, InterruptedException {
                %s
            }
            static class Quiet implements Frontend {
                public FrontendStatus status() {
                    return new FrontendStatus(List.of(), List.of(), Map.of("seen", 1L));
                }
                public void close() {}
            }
        }
        """
                .formatted(className, driver, spiVersion, attachBody);
    }

    /** Where the SPI is, and nothing else. */
    private static String spi() {
        try {
            return Path.of(
                            FrontendProvider.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Compiles the class and packs it with its service entry into {@code folder/name.jar}. */
    static Path write(Path folder, String name, String className, String source)
            throws IOException {
        Path work = Files.createTempDirectory(folder, "build");
        Path file = work.resolve(className + ".java");
        Files.writeString(file, source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (var files =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            boolean done =
                    compiler.getTask(
                                    messages,
                                    files,
                                    null,
                                    List.of(
                                            "-proc:none",
                                            "-classpath",
                                            spi(),
                                            "-d",
                                            work.toString()),
                                    null,
                                    files.getJavaFileObjects(file))
                            .call();
            if (!done) {
                throw new IllegalStateException(messages.toString());
            }
        }
        Path jar = folder.resolve(name + ".jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream packed = new JarOutputStream(out);
                Stream<Path> classes = Files.list(work)) {
            for (Path compiled :
                    classes.filter(path -> path.toString().endsWith(".class")).toList()) {
                packed.putNextEntry(new JarEntry(compiled.getFileName().toString()));
                packed.write(Files.readAllBytes(compiled));
            }
            packed.putNextEntry(new JarEntry("META-INF/services/org.vitrine.spi.FrontendProvider"));
            packed.write(className.getBytes(StandardCharsets.UTF_8));
        }
        try (Stream<Path> left = Files.list(work)) {
            for (Path path : left.toList()) {
                Files.delete(path);
            }
        }
        Files.delete(work);
        return jar;
    }
}
