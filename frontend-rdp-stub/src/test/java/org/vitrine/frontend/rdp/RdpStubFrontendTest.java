package org.vitrine.frontend.rdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vitrine.spi.testkit.TestHost.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.testkit.InEachPlacement;
import org.vitrine.spi.testkit.Placement;
import org.vitrine.spi.testkit.TestHost;

@InEachPlacement
@Timeout(240)
class RdpStubFrontendTest {

    private static final String ASKS_FOR_TLS = "03000013 0ee00000000000 0100080001000000";
    private static final String ASKS_FOR_RDP = "03000013 0ee00000000000 0100080000000000";

    private final FrontendProvider provider = new RdpStubProvider();
    private final TestHost host;
    private Frontend frontend;
    private int port;

    RdpStubFrontendTest(Placement placement) {
        host = placement.newHost();
    }

    /** With these options, and else with ones that leave a test time. */
    private Frontend attach(Map<String, String> words)
            throws FrontendException, InterruptedException {
        Map<String, String> all =
                new HashMap<>(Map.of("port", "0", "max-clients", "3", "patience", "600000"));
        all.putAll(words);
        return host.attach(provider, provider.options().parse(all));
    }

    private void listen(Map<String, String> words) throws FrontendException, InterruptedException {
        frontend = attach(words);
        port = port(frontend);
    }

    private static int port(Frontend frontend) {
        return frontend.status().endpoints().getFirst().port();
    }

    @AfterEach
    void close() throws InterruptedException {
        try (host) {
            if (frontend != null) {
                frontend.close();
            }
            host.awaitNothingRuns();
            assertEquals(List.of(), host.crashes());
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout((int) TestHost.PATIENCE.toMillis());
        return socket;
    }

    private static void send(Socket socket, String hex) throws IOException {
        socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static String receive(Socket socket, int count) throws IOException {
        return HexFormat.of().formatHex(socket.getInputStream().readNBytes(count));
    }

    private long count(String counter) {
        return frontend.status().counters().get(counter);
    }

    @Test
    void theProviderIsFound() {
        FrontendProvider found =
                ServiceLoader.load(FrontendProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(candidate -> candidate.name().equals("rdp-stub"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(3389L, found.options().option("port").defaultValue());
    }

    @Test
    void aClientThatOffersTlsIsRefusedAndReadsTheReason() throws Exception {
        listen(Map.of());
        try (Socket socket = connect()) {
            assertTrue(host.nextEvent().startsWith("connected 127.0.0.1:"));
            send(socket, ASKS_FOR_TLS);
            assertEquals("030000130ed000001234000300080002000000", receive(socket, 19));
            assertEquals(-1, socket.getInputStream().read());
        }
        assertTrue(host.nextEvent().startsWith("disconnected 127.0.0.1:"));
        assertEquals(1, count("refused"));
        await(() -> frontend.status().clients().isEmpty());
    }

    @Test
    void aClientWithStandardSecurityIsListedAndDisconnectedAtItsNextMessage() throws Exception {
        listen(Map.of());
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
        assertEquals("rdp://127.0.0.1:" + port, frontend.status().endpoints().getFirst().url());
    }

    @Test
    void aSlowClientIsAnsweredWhenItsLastByteIsThere() throws Exception {
        listen(Map.of());
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
        listen(Map.of());
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
        listen(Map.of("patience", "200"));
        try (Socket socket = connect()) {
            send(socket, "0300");
            TestHost.awaitEnd(socket);
        }
    }

    @Test
    void clientsBeyondTheMaximumAreTurnedAway() throws Exception {
        listen(Map.of());
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
        listen(Map.of());
        String taken = String.valueOf(port);
        FrontendException error =
                assertThrows(FrontendException.class, () -> attach(Map.of("port", taken)));
        assertEquals("port " + taken + " of 127.0.0.1 is in use", error.getMessage());
        String last = String.valueOf(Math.min(65535, port + 50));
        Frontend next = attach(Map.of("port", taken, "to", last));
        assertTrue(port(next) > port);
        next.close();
    }

    @Test
    void closingEndsClientsAndFreesThePort() throws Exception {
        listen(Map.of());
        try (Socket socket = connect()) {
            host.nextEvent();
            frontend.close();
            assertEquals(-1, socket.getInputStream().read());
            host.awaitNothingRuns();
            assertTrue(host.nextEvent().startsWith("disconnected"));
            try (ServerSocket free = new ServerSocket(port)) {
                assertEquals(port, free.getLocalPort());
            }
        }
        frontend.close();
        assertEquals(List.of(), frontend.status().endpoints());
    }
}
