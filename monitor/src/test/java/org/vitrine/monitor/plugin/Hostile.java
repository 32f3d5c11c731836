package org.vitrine.monitor.plugin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A plugin that does its worst, as its option {@code worst} says, and one that shows that others
 * see frames all the same. What never ends looks at a system property all the time, so that a test
 * can end it after all, and does not go on with the next test's.
 */
final class Hostile {

    /** Changes when what never ends is to end. */
    static final String RELEASED = "vitrine.test.hostile.released";

    private static final String SOURCE =
            """
            import java.net.ServerSocket;
            import java.util.ArrayList;
            import java.util.List;
            import java.util.Map;
            import java.util.Objects;
            import java.util.concurrent.CountDownLatch;
            import org.vitrine.spi.*;
            import org.vitrine.spi.input.*;

            public class Hostile implements FrontendProvider {
                public String name() { return "hostile"; }
                public String description() { return "does its worst"; }
                public String version() { return "1"; }
                public String spiVersion() { return SpiVersion.CURRENT; }
                public OptionSchema options() {
                    return OptionSchema.builder()
                            .string("worst", "what it does", "")
                            .integer("threads", "how many do it", 1, 1, 64)
                            .build();
                }

                private static final String BEFORE = System.getProperty("RELEASED");

                static boolean goesOn() {
                    return Objects.equals(BEFORE, System.getProperty("RELEASED"));
                }

                static void loop() {
                    long turns = 0;
                    while (goesOn()) {
                        turns++;
                    }
                }

                static void deadlock(Object first, Object second, CountDownLatch both) {
                    synchronized (first) {
                        both.countDown();
                        while (both.getCount() > 0) {
                            Thread.onSpinWait();
                        }
                        synchronized (second) {
                            first.notifyAll();
                        }
                    }
                }

                static void hang() {
                    while (goesOn()) {
                        try {
                            Thread.sleep(10);
                        } catch (InterruptedException e) {
                            // Goes on.
                        }
                    }
                }

                public Frontend attach(FrontendContext context, OptionValues options)
                        throws FrontendException, InterruptedException {
                    String worst = options.string("worst");
                    Object one = new Object();
                    Object two = new Object();
                    CountDownLatch both = new CountDownLatch(2);
                    Runnable task = switch (worst) {
                        case "throw" -> () -> { throw new IllegalStateException("as told"); };
                        case "loop" -> Hostile::loop;
                        case "memory" -> () -> {
                            List<long[]> all = new ArrayList<>();
                            while (true) {
                                all.add(new long[Integer.MAX_VALUE - 8]);
                            }
                        };
                        case "hog" -> () -> {
                            List<long[]> all = new ArrayList<>();
                            while (true) {
                                all.add(new long[1000]);
                            }
                        };
                        case "stack" -> new Runnable() {
                            public void run() { run(); }
                        };
                        case "events" -> () -> {
                            FrontendStatus.Client client = new FrontendStatus.Client("x", "y");
                            while (goesOn()) {
                                context.clientConnected(client);
                                context.clientDisconnected(client, "as told");
                            }
                        };
                        case "input" -> () -> {
                            InputPort port = context.openInput("flood");
                            while (goesOn()) {
                                try {
                                    port.key(KeyCode.A, true);
                                    port.key(KeyCode.A, false);
                                } catch (IllegalStateException e) {
                                    return;
                                }
                            }
                        };
                        case "ports" -> () -> {
                            for (int i = 0; i < 100_000; i++) {
                                context.openInput("client " + i);
                            }
                        };
                        case "own-thread" -> () -> new Thread(Hostile::hang, "unknown").start();
                        case "socket" -> () -> {
                            try {
                                new ServerSocket(0).accept();
                            } catch (java.io.IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        };
                        default -> () -> {};
                    };
                    for (int i = 0; i < options.integer("threads"); i++) {
                        context.threads().newThread(task).start();
                    }
                    if (worst.equals("deadlock")) {
                        context.threads().newThread(() -> deadlock(one, two, both)).start();
                        context.threads().newThread(() -> deadlock(two, one, both)).start();
                        both.await();
                    }
                    if (worst.equals("attach-hang")) { hang(); }
                    if (worst.equals("attach-loop")) { loop(); }
                    return new Frontend() {
                        public FrontendStatus status() {
                            if (worst.equals("status-loop")) { loop(); }
                            return new FrontendStatus(List.of(), List.of(), Map.of());
                        }
                        public void close() {
                            if (worst.equals("close-loop")) { loop(); }
                            if (worst.equals("close-hang")) { hang(); }
                            if (worst.equals("deadlock")) { synchronized (one) { one.notifyAll(); } }
                        }
                    };
                }
            }
            """
                    .replace("RELEASED", RELEASED);

    /** Counts the frames that it sees, on a virtual thread as frontends have them. */
    private static final String WATCHER =
            """
            import java.time.Duration;
            import java.util.List;
            import java.util.Map;
            import java.util.concurrent.atomic.AtomicLong;
            import org.vitrine.spi.*;
            import org.vitrine.spi.display.*;

            public class Watcher implements FrontendProvider {
                public String name() { return "watcher"; }
                public String description() { return "counts frames"; }
                public String version() { return "1"; }
                public String spiVersion() { return SpiVersion.CURRENT; }
                public OptionSchema options() { return OptionSchema.builder().build(); }
                public Frontend attach(FrontendContext context, OptionValues options) {
                    AtomicLong frames = new AtomicLong();
                    context.threads().newThread(() -> {
                        Frame frame = new Frame();
                        try {
                            while (true) {
                                if (context.display().awaitNewer(frame.generation(), Duration.ofDays(1))) {
                                    context.display().read(frame);
                                    frames.incrementAndGet();
                                }
                            }
                        } catch (InterruptedException e) {
                            // Detached.
                        }
                    }).start();
                    return new Frontend() {
                        public FrontendStatus status() {
                            return new FrontendStatus(List.of(), List.of(), Map.of("frames", frames.get()));
                        }
                        public void close() {}
                    };
                }
            }
            """;

    private Hostile() {}

    /** Puts both plugins' JARs into a folder. */
    static void install(Path folder) throws IOException {
        PluginJar.write(folder, "hostile", "Hostile", SOURCE);
        PluginJar.write(folder, "watcher", "Watcher", WATCHER);
    }

    /** Ends what never ends of the plugins that have been loaded so far. */
    static void release() {
        System.setProperty(RELEASED, UUID.randomUUID().toString());
    }
}
