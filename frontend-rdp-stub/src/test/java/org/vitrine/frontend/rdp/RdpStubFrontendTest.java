package org.vitrine.frontend.rdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.OptionValues;
import org.vitrine.spi.display.ScriptedDisplay;
import org.vitrine.spi.testkit.RecordingContext;

@Timeout(60)
class RdpStubFrontendTest {

    private static final String ASKS_FOR_TLS = "03000013 0ee00000000000 0100080001000000";
    private static final String ASKS_FOR_RDP = "03000013 0ee00000000000 0100080000000000";

    private final RecordingContext context = new RecordingContext(new ScriptedDisplay());
    private RdpStubFrontend frontend;

    @BeforeEach
    void listen() throws FrontendException {
        frontend = RdpStubFrontend.listen(context, options(Map.of("max-clients", "3")));
    }

    @AfterEach
    void close() throws InterruptedException {
        frontend.close();
        context.awaitNoThreads();
        assertEquals(List.of(), context.crashes());
    }

    private static OptionValues options(Map<String, String> words) throws FrontendException {
        Map<String, String> all = new HashMap<>(Map.of("port", "0"));
        all.putAll(words);
        return RdpStubProvider.OPTIONS.parse(all);
    }

    private Socket connect() throws IOException {
        return new Socket("127.0.0.1", frontend.port());
    }

    private static void send(Socket socket, String hex) throws IOException {
        socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static String receive(Socket socket, int count) throws IOException {
        return HexFormat.of().formatHex(socket.getInputStream().readNBytes(count));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "what was waited for did not come");
            Thread.sleep(5);
        }
    }

    private long count(String counter) {
        return frontend.status().counters().get(counter);
    }

    @Test
    void theProviderIsFound() {
        FrontendProvider provider =
                ServiceLoader.load(FrontendProvider.class).findFirst().orElseThrow();
        assertEquals("rdp-stub", provider.name());
        assertEquals(3389L, provider.options().option("port").defaultValue());
    }

    @Test
    void aClientThatOffersTlsIsRefusedAndReadsTheReason() throws Exception {
        try (Socket socket = connect()) {
            assertTrue(context.nextEvent().startsWith("connected 127.0.0.1:"));
            send(socket, ASKS_FOR_TLS);
            assertEquals("030000130ed000001234000300080002000000", receive(socket, 19));
            assertEquals(-1, socket.getInputStream().read());
        }
        assertTrue(context.nextEvent().startsWith("disconnected 127.0.0.1:"));
        assertEquals(1, count("refused"));
        await(() -> frontend.status().clients().isEmpty());
    }

    @Test
    void aClientWithStandardSecurityIsListedAndDisconnectedAtItsNextMessage() throws Exception {
        try (Socket socket = connect()) {
            String cookie =
                    HexFormat.of()
                            .formatHex(
                                    "Cookie: mstshash=anna\r\n"
                                            .getBytes(StandardCharsets.US_ASCII));
            send(socket, "0300002a 25e00000000000" + cookie + "0100080000000000");
            assertEquals("030000130ed000001234000200080000000000", receive(socket, 19));
            FrontendStatus.Client client = frontend.status().clients().getFirst();
            assertEquals("127.0.0.1:" + socket.getLocalPort(), client.address());
            assertEquals("user anna, offers standard RDP security", client.description());
            assertEquals(1, count("confirmed"));
            send(socket, "03000009 02f0807f65");
            assertEquals("0300000b06800000123400", receive(socket, 11));
            assertEquals(-1, socket.getInputStream().read());
        }
        assertEquals(
                "rdp://127.0.0.1:" + frontend.port(),
                frontend.status().endpoints().getFirst().url());
    }

    @Test
    void aSlowClientIsAnsweredWhenItsLastByteIsThere() throws Exception {
        try (Socket socket = connect()) {
            socket.setTcpNoDelay(true);
            byte[] request = HexFormat.of().parseHex(ASKS_FOR_RDP.replace(" ", ""));
            for (byte b : request) {
                socket.getOutputStream().write(b);
                socket.getOutputStream().flush();
            }
            assertEquals("030000130ed000001234000200080000000000", receive(socket, 19));
        }
    }

    @Test
    void garbageEndsThatClientAlone() throws Exception {
        long seed = System.nanoTime();
        System.out.println("RdpStubFrontendTest seed " + seed);
        Random random = new Random(seed);
        try (Socket patient = connect()) {
            await(() -> frontend.status().clients().size() == 1);
            for (int i = 0; i < 100; i++) {
                byte[] garbage = new byte[1 + random.nextInt(300)];
                random.nextBytes(garbage);
                if (random.nextBoolean()) {
                    garbage[0] = 3;
                }
                try (Socket socket = connect()) {
                    socket.getOutputStream().write(garbage);
                    socket.shutdownOutput();
                    assertEquals(0, socket.getInputStream().readAllBytes().length);
                } catch (IOException e) {
                    // A connection with unread bytes is reset when it is closed.
                    assertFalse(e.getMessage().contains("refused"), e.getMessage());
                }
                await(() -> frontend.status().clients().size() == 1);
            }
            assertTrue(count("malformed") > 0, "no garbage was counted");
            send(patient, ASKS_FOR_TLS);
            assertEquals("030000130ed000001234000300080002000000", receive(patient, 19));
        }
    }

    @Test
    void aClientThatDoesNotFinishIsClosed() throws Exception {
        RdpStubFrontend impatient =
                RdpStubFrontend.listen(context, options(Map.of()), Duration.ofMillis(200));
        try (Socket socket = new Socket("127.0.0.1", impatient.port())) {
            send(socket, "0300");
            assertEquals(-1, socket.getInputStream().read());
        } finally {
            impatient.close();
        }
    }

    @Test
    void clientsBeyondTheMaximumAreTurnedAway() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sockets.add(connect());
        }
        await(() -> frontend.status().clients().size() == 3);
        try (Socket fourth = connect()) {
            assertEquals(-1, fourth.getInputStream().read());
        }
        assertEquals(1, count("turned-away"));
        for (Socket socket : sockets) {
            socket.close();
        }
        await(() -> frontend.status().clients().isEmpty());
    }

    @Test
    void aPortInUseIsAnErrorAndTheNextOneCanBeTried() throws Exception {
        String port = String.valueOf(frontend.port());
        FrontendException error =
                assertThrows(
                        FrontendException.class,
                        () -> RdpStubFrontend.listen(context, options(Map.of("port", port))));
        assertTrue(
                error.getMessage().contains("port " + port + " of 127.0.0.1"), error.getMessage());
        String last = String.valueOf(Math.min(65535, frontend.port() + 50));
        RdpStubFrontend next =
                RdpStubFrontend.listen(context, options(Map.of("port", port, "to", last)));
        assertTrue(next.port() > frontend.port());
        next.close();
    }

    @Test
    void closingEndsClientsAndFreesThePort() throws Exception {
        int port = frontend.port();
        try (Socket socket = connect()) {
            context.nextEvent();
            frontend.close();
            assertEquals(-1, socket.getInputStream().read());
            context.awaitNoThreads();
            assertTrue(context.nextEvent().startsWith("disconnected"));
            try (ServerSocket free = new ServerSocket(port)) {
                assertEquals(port, free.getLocalPort());
            }
        }
        frontend.close();
        assertEquals(List.of(), frontend.status().endpoints());
    }
}
