package org.vitrine.monitor.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.MachineConfig;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendStatus;

/**
 * The built plugins, loaded and dropped again and again: they leave no thread, no socket and no
 * class loader behind.
 */
class FrontendLoadersIT {

    private static final Path PLUGINS =
            Path.of(System.getProperty("vitrine.root", ".."), "target/vitrine/plugins");
    private static final int ROUNDS = 5;
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int READ_TIMEOUT_MILLIS = 60_000;

    /** TPKT and X.224 connection request that offers TLS, as MS-RDPBCGR 4.1.1 has it. */
    private static final byte[] RDP_REQUEST =
            HexFormat.of().parseHex("030000130EE000000000000100080001000000");

    @ParameterizedTest
    @CsvSource({"vnc", "mjpeg", "rdp-stub"})
    void detachedPluginLeavesNothingBehind(String driver) throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "counting sockets needs /proc");
        List<Reference<ClassLoader>> loaders = new ArrayList<>();
        try (Machine machine = new Machine(MachineConfig.standard())) {
            machine.cont();
            // The first round starts what the JDK starts once: pollers, cleaners, timers.
            loaders.add(round(driver, machine));
            Set<String> threads = platformThreads();
            int sockets = OpenFiles.sockets().size();
            for (int i = 1; i < ROUNDS; i++) {
                loaders.add(round(driver, machine));
            }
            await(
                    "the sockets to be closed; before " + sockets,
                    () -> OpenFiles.sockets().size() <= sockets);
            await(
                    "the threads to end; before " + threads,
                    () -> threads.containsAll(platformThreads()));
        }
        await(
                "the class loaders to be collected: " + loaders,
                () -> {
                    SoftReferences.clear();
                    return loaders.stream().allMatch(loader -> loader.refersTo(null));
                });
    }

    private static Reference<ClassLoader> round(String driver, Machine machine)
            throws FrontendException, IOException {
        PluginLoader plugins = new PluginLoader(List.of(PLUGINS));
        InetSocketAddress address;
        try (FrontendHost host = new FrontendHost(plugins, GuestLink.of(machine))) {
            FrontendStatus.Endpoint endpoint =
                    host.attach(driver, null, Map.of("port", 0L)).status().endpoints().getFirst();
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), endpoint.port());
            try (Socket client = new Socket()) {
                client.setSoTimeout(READ_TIMEOUT_MILLIS);
                client.connect(address);
                assertTrue(greeting(driver, client).startsWith(expectedGreeting(driver)));
                host.frontends();
                host.detach(driver + "0");
                awaitEnd(client);
            }
            assertThrows(
                    ConnectException.class,
                    () -> {
                        try (Socket refused = new Socket()) {
                            refused.connect(address);
                        }
                    });
            assertEquals(List.of(), host.frontends());
            return new WeakReference<>(plugins.provider(driver).getClass().getClassLoader());
        }
    }

    private static String greeting(String driver, Socket client) throws IOException {
        switch (driver) {
            case "mjpeg" ->
                    client.getOutputStream()
                            .write(
                                    "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                                            .getBytes(StandardCharsets.US_ASCII));
            case "rdp-stub" -> client.getOutputStream().write(RDP_REQUEST);
            default -> {}
        }
        return new String(
                client.getInputStream().readNBytes(expectedGreeting(driver).length()),
                StandardCharsets.ISO_8859_1);
    }

    private static String expectedGreeting(String driver) {
        return switch (driver) {
            case "vnc" -> "RFB 003.008\n";
            case "mjpeg" -> "HTTP/1.1 ";
            default -> "\u0003\u0000";
        };
    }

    /** Reads until the other side has closed; one that resets the connection has too. */
    private static void awaitEnd(Socket client) {
        try {
            client.getInputStream().readAllBytes();
        } catch (IOException e) {
            assertTrue(
                    String.valueOf(e.getMessage()).contains("reset"),
                    () -> "the connection stayed open: " + e);
        }
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
