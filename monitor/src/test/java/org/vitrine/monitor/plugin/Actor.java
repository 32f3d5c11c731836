package org.vitrine.monitor.plugin;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A plugin that does what its options say, wrong things above all. It is source, compiled in the
 * test, so that its classes are known to the plugin's loader alone.
 */
final class Actor {

    private static final String SOURCE =
            """
            import java.time.Duration;
            import java.util.List;
            import java.util.Map;
            import java.util.concurrent.CountDownLatch;
            import org.vitrine.spi.*;
            import org.vitrine.spi.input.*;

            public class Actor implements FrontendProvider {
                public String name() { return "actor"; }
                public String description() { return "does what its options say"; }
                public String version() { return "1"; }
                public String spiVersion() { return SpiVersion.CURRENT; }
                public OptionSchema options() {
                    return OptionSchema.builder()
                            .string("attach", "what attaching does", "")
                            .string("thread", "what a thread does", "")
                            .string("close", "what closing does", "")
                            .string("status", "what status does", "")
                            .secret("password", "what nobody may see")
                            .integer("number", "a number", 1, 0, 9)
                            .bool("crash", "let a thread fail now", false)
                            .build();
                }

                public Frontend attach(FrontendContext context, OptionValues options)
                        throws FrontendException, InterruptedException {
                    switch (options.string("attach")) {
                        case "throw" -> throw new IllegalStateException("out of order");
                        case "error" -> throw new StackOverflowError();
                        case "refuse" -> throw new FrontendException("port 1 is in use");
                        case "nothing" -> { return null; }
                        case "hang" -> hang();
                        case "late" -> {
                            try {
                                Thread.sleep(Duration.ofDays(1));
                            } catch (InterruptedException e) {
                                // Goes on, as a careless plugin does.
                            }
                        }
                        case "compare" -> {
                            if (!new Pair(1, "a").equals(new Pair(1, "a"))) {
                                throw new IllegalStateException("equal records differ");
                            }
                        }
                        case "unstarted" -> context.threads().newThread(() -> {});
                        case "early-client" -> context.clientConnected(client("early"));
                        case "early-crash" -> {
                            Thread thread = context.threads().newThread(() -> {
                                throw new IllegalStateException("too early");
                            });
                            thread.start();
                            thread.join();
                        }
                        default -> {}
                    }
                    Acting frontend = new Acting(context, options);
                    frontend.start();
                    return frontend;
                }

                record Pair(int number, String word) {}

                static FrontendStatus.Client client(String address) {
                    return new FrontendStatus.Client(address, "a client");
                }

                static void hang() {
                    while (true) {
                        try {
                            Thread.sleep(Duration.ofDays(1));
                        } catch (InterruptedException e) {
                            // Never ends.
                        }
                    }
                }

                static class Acting implements Frontend {
                    private final FrontendContext context;
                    private final CountDownLatch crash = new CountDownLatch(1);
                    private volatile OptionValues options;

                    Acting(FrontendContext context, OptionValues options) {
                        this.context = context;
                        this.options = options;
                    }

                    void start() {
                        switch (options.string("thread")) {
                            case "shift" -> {
                                context.openInput("hand").key(KeyCode.SHIFT, true);
                                context.threads().newThread(() -> {
                                    try {
                                        crash.await();
                                    } catch (InterruptedException e) {
                                        return;
                                    }
                                    throw new IllegalStateException("as told");
                                }).start();
                                context.threads().newThread(this::watch).start();
                            }
                            case "watch" -> context.threads().newThread(this::watch).start();
                            case "stubborn" -> context.threads().newThread(Actor::hang).start();
                            default -> {}
                        }
                    }

                    private void watch() {
                        context.clientConnected(client("watcher"));
                        try {
                            context.display().awaitNewer(Long.MAX_VALUE, Duration.ofDays(1));
                        } catch (InterruptedException e) {
                            context.clientDisconnected(client("watcher"), "interrupted");
                        }
                    }

                    public FrontendStatus status() {
                        switch (options.string("status")) {
                            case "throw" -> throw new IllegalStateException("no idea");
                            case "nothing" -> { return null; }
                            case "hang" -> hang();
                            default -> {}
                        }
                        String password = options.string("password");
                        return new FrontendStatus(
                                List.of(),
                                List.of(),
                                Map.of(
                                        "number", options.integer("number"),
                                        "password-length", password == null ? 0L : password.length()));
                    }

                    public void reconfigure(OptionValues changed) throws FrontendException {
                        if (changed.integer("number") == 9) {
                            throw new FrontendException("9 is too much");
                        }
                        options = changed;
                        if (changed.bool("crash")) {
                            crash.countDown();
                        }
                    }

                    public void close() {
                        System.setProperty("vitrine.test.closed." + context.id(), "true");
                        switch (options.string("close")) {
                            case "throw" -> throw new IllegalStateException("won't close");
                            case "hang" -> hang();
                            default -> {}
                        }
                    }
                }
            }
            """;

    private Actor() {}

    /** Puts the plugin's JAR into a folder. */
    static void install(Path folder) throws IOException {
        PluginJar.write(folder, "actor", "Actor", SOURCE);
    }

    /** Whether the frontend with this id was closed. */
    static boolean closed(String id) {
        return Boolean.getBoolean("vitrine.test.closed." + id);
    }
}
