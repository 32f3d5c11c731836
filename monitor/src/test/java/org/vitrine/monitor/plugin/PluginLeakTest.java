package org.vitrine.monitor.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.vitrine.spi.FrontendException;

/** A plugin that comes and goes often leaves nothing behind: what there is, is counted. */
class PluginLeakTest {

    private static final int ROUNDS = 50;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /**
     * Has threads, one of them of its own making, a server with its clients' connections, and a
     * file; all are closed but the server, at which a thread waits, and the file.
     */
    private static final String SOURCE =
            """
            import java.io.*;
            import java.net.*;
            import java.time.Duration;
            import java.util.List;
            import java.util.Map;
            import org.vitrine.spi.*;
            import org.vitrine.spi.display.*;
            import org.vitrine.spi.input.*;

            public class Busy implements FrontendProvider {
                public String name() { return "busy"; }
                public String description() { return "has a lot open"; }
                public String version() { return "1"; }
                public String spiVersion() { return SpiVersion.CURRENT; }
                public OptionSchema options() {
                    return OptionSchema.builder().string("file", "what it opens", "").build();
                }
                public Frontend attach(FrontendContext context, OptionValues options)
                        throws FrontendException {
                    try {
                        ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                        FileOutputStream file = new FileOutputStream(options.string("file"));
                        context.threads().newThread(() -> serve(context, server)).start();
                        Thread own = new Thread(() -> {
                            try {
                                Frame frame = new Frame();
                                while (context.display().awaitNewer(frame.generation(), Duration.ofDays(1))) {
                                    context.display().read(frame);
                                }
                            } catch (InterruptedException e) {
                                // The host ends it.
                            }
                        });
                        own.start();
                        return new Frontend() {
                            public FrontendStatus status() {
                                return new FrontendStatus(
                                        List.of(new FrontendStatus.Endpoint(
                                                "tcp", "127.0.0.1", server.getLocalPort())),
                                        List.of(),
                                        Map.of());
                            }
                            public void close() {
                                try {
                                    file.close();
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            }
                        };
                    } catch (IOException e) {
                        throw new FrontendException("can't listen", e);
                    }
                }
                private static void serve(FrontendContext context, ServerSocket server) {
                    while (!server.isClosed()) {
                        try {
                            Socket client = server.accept();
                            context.threads().newThread(() -> talk(context, client)).start();
                        } catch (IOException e) {
                            return;
                        }
                    }
                }
                private static void talk(FrontendContext context, Socket client) {
                    try (client; InputPort input = context.openInput("client")) {
                        input.key(KeyCode.SHIFT, true);
                        client.getOutputStream().write(1);
                        client.getInputStream().read();
                    } catch (IOException e) {
                        // The client has gone, or the host has ended this.
                    }
                }
            }
            """;

    @TempDir private Path folder;
    private final PluginLoader plugins = new PluginLoader(List.of());

    @Test
    void fiftyRoundsLeaveNoLoaderThreadSocketOrFile() throws Exception {
        assumeTrue(OpenFiles.areKnown(), "counting what is open needs /proc");
        Path jar = PluginJar.write(folder, "busy", "Busy", SOURCE);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        ((Logger) LoggerFactory.getLogger(Leftovers.class)).addAppender(log);
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        try (CountingGuest guest = new CountingGuest();
                FrontendHost host = new FrontendHost(plugins, GuestLink.of(guest.machine()))) {
            // The first round starts what the JDK and the host start once.
            loaders.add(round(host, jar));
            Set<String> threads = platformThreads();
            int sockets = OpenFiles.sockets().size();
            List<String> files = OpenFiles.files();
            for (int i = 1; i < ROUNDS; i++) {
                loaders.add(round(host, jar));
            }
            await("the sockets to be closed", () -> OpenFiles.sockets().size() <= sockets);
            await("the files to be closed", () -> files.equals(OpenFiles.files()));
            await("the threads to end", () -> threads.containsAll(platformThreads()));
            await(
                    "the class loaders to be collected",
                    () -> {
                        System.gc();
                        return loaders.stream().allMatch(loader -> loader.refersTo(null));
                    });
            System.out.printf(
                    "%d rounds: %d loaders, %d more threads, %d more sockets, %d more files left%n",
                    ROUNDS,
                    loaders.stream().filter(loader -> !loader.refersTo(null)).count(),
                    platformThreads().size() - threads.size(),
                    OpenFiles.sockets().size() - sockets,
                    OpenFiles.files().size() - files.size());
        }
        assertEquals(List.of(), log.list, "what was left over at unloading");
    }

    private WeakReference<ClassLoader> round(FrontendHost host, Path jar)
            throws FrontendException, IOException {
        host.plugins().load(jar);
        String file = folder.resolve("file").toString();
        int port =
                host.attach("busy", null, Map.of("file", file))
                        .status()
                        .endpoints()
                        .getFirst()
                        .port();
        assertTrue(OpenFiles.files().contains(file), "the plugin's file is not seen");
        WeakReference<ClassLoader> loader =
                new WeakReference<>(plugins.provider("busy").getClass().getClassLoader());
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            assertEquals(1, client.getInputStream().read());
            host.detach("busy0");
            assertEquals(-1, client.getInputStream().read());
        }
        host.plugins().unload("busy", false);
        return loader;
    }

    private static Set<String> platformThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith("ForkJoinPool"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "in vain waited for " + what);
            Thread.yield();
        }
    }
}
