package org.vitrine.monitor.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.vitrine.spi.Capability;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.OptionSchema;
import org.vitrine.spi.OptionValues;
import org.vitrine.spi.SpiVersion;

/** A plugin that shows nothing, and says that it listens where it was told to. */
public final class SamplePlugin implements FrontendProvider {

    /** Puts the plugin's JAR into a folder, and returns the folder. */
    public static Path install(Path folder) {
        Path jar = folder.resolve("sample.jar");
        if (Files.exists(jar)) {
            return folder;
        }
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Class<?> part : List.of(SamplePlugin.class, SampleFrontend.class)) {
                String name = part.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(name));
                try (InputStream in = part.getClassLoader().getResourceAsStream(name)) {
                    in.transferTo(out);
                }
            }
            out.putNextEntry(new JarEntry("META-INF/services/" + FrontendProvider.class.getName()));
            out.write(SamplePlugin.class.getName().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    @Override
    public String name() {
        return "sample";
    }

    @Override
    public String description() {
        return "a frontend for tests";
    }

    @Override
    public String version() {
        return "1.0";
    }

    @Override
    public String spiVersion() {
        return SpiVersion.CURRENT;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.INPUT);
    }

    @Override
    public OptionSchema options() {
        return OptionSchema.builder()
                .integer("port", "a number", 1, 0, 65535)
                .bool("loud", "how it is", false)
                .choice("colour", "one of two", "red", "red", "green")
                .secret("password", "what nobody may see")
                .build();
    }

    @Override
    public Frontend attach(FrontendContext context, OptionValues options) {
        return new SampleFrontend(options);
    }

    /** It. */
    static final class SampleFrontend implements Frontend {

        private volatile OptionValues options;

        SampleFrontend(OptionValues options) {
            this.options = options;
        }

        @Override
        public FrontendStatus status() {
            int port = (int) options.integer("port");
            return new FrontendStatus(
                    List.of(new FrontendStatus.Endpoint("sample", "127.0.0.1", port)),
                    List.of(),
                    Map.of("frames", 0L));
        }

        @Override
        public void reconfigure(OptionValues newOptions) {
            options = newOptions;
        }

        @Override
        public void close() {}
    }
}
