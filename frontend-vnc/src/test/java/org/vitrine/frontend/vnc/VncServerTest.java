package org.vitrine.frontend.vnc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vitrine.spi.testkit.TestHost.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrine.frontend.vnc.RfbClient.Rectangle;
import org.vitrine.frontend.vnc.rfb.EncodingType;
import org.vitrine.frontend.vnc.rfb.PixelFormat;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.display.Cursor;
import org.vitrine.spi.display.KeyboardLeds;
import org.vitrine.spi.display.Rect;
import org.vitrine.spi.display.ScriptedDisplay;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.KeyCode;
import org.vitrine.spi.input.PointerButton;
import org.vitrine.spi.testkit.InEachPlacement;
import org.vitrine.spi.testkit.Placement;
import org.vitrine.spi.testkit.TestHost;

@InEachPlacement
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VncServerTest {

    /** How many wrong passwords an address may give before it is shut out. */
    private static final int FREE_FAILURES = 5;

    /** How long it is shut out then. */
    private static final long SHUT_OUT_NANOS = Duration.ofSeconds(10).toNanos();

    private final TestHost host;
    private final ScriptedDisplay display;
    private final VncProvider provider = new VncProvider();
    private Frontend frontend;
    private int port;

    VncServerTest(Placement placement) {
        host = placement.newHost();
        display = host.display();
    }

    private void serve(String... words) throws Exception {
        Map<String, String> options = new HashMap<>(Map.of("port", "0"));
        for (String word : words) {
            options.put(
                    word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
        }
        frontend = host.attach(provider, provider.options().parse(options));
        port = frontend.status().endpoints().getFirst().port();
    }

    @AfterEach
    void everythingEnds() throws Exception {
        try (host) {
            if (frontend != null) {
                assertEquals(0, counter("server-errors"));
                frontend.close();
            }
            host.awaitNothingRuns();
            assertEquals(List.of(), host.crashes());
        }
    }

    private long counter(String name) {
        return frontend.status().counters().get(name);
    }

    @Test
    void eachVersionGetsTheScreen() throws Exception {
        display.setMode(320, 200);
        display.fill(10, 10, 5, 5, 0x123456);
        display.publish();
        serve();
        for (String version : List.of("003.003", "003.007", "003.008")) {
            try (RfbClient client = new RfbClient(port).open(version, null, true)) {
                assertEquals("Vitrine", client.name);
                client.request(false);
                client.update();
                assertEquals(320, client.width);
                assertEquals(200, client.height);
                assertEquals(0x123456, client.pixel(14, 14));
                assertEquals(0, client.pixel(15, 14));
            }
        }
    }

    @Test
    void eachVersionGivesThePassword() throws Exception {
        display.setMode(64, 64);
        serve("password=sesame");
        for (String version : List.of("003.003", "003.007", "003.008")) {
            try (RfbClient client = new RfbClient(port).open(version, "sesame", true)) {
                client.request(false);
                assertEquals(1, client.update().size());
            }
        }
    }

    @Test
    void wrongPasswordsAreRefusedAndInTheEndTheAddressToo() throws Exception {
        display.setMode(64, 64);
        serve("password=sesame");
        String refusal;
        long begun;
        int failures = 0;
        do {
            begun = System.nanoTime();
            for (int i = 0; i < FREE_FAILURES; i++) {
                assertEquals("the password is wrong", refusal("barley"));
            }
            failures += FREE_FAILURES;
            assertEquals(failures, counter("wrong-passwords"));
            refusal = refusal("sesame");
            // Who is so slow that the address is let in again may begin again.
        } while (refusal == null && System.nanoTime() - begun > SHUT_OUT_NANOS);
        assertNotNull(refusal, "the address was not shut out");
        assertTrue(refusal.startsWith("refused: too many wrong passwords"), refusal);
        await(() -> frontend.status().clients().isEmpty());
    }

    /** What somebody with this password is told instead of being let in; null when he is. */
    private String refusal(String password) throws IOException {
        try (RfbClient client = new RfbClient(port)) {
            client.open("003.008", password, true);
            return null;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void anIncrementalRequestIsHeldUntilSomethingChangesThere() throws Exception {
        display.setMode(256, 64);
        serve();
        try (RfbClient client = RfbClient.connect(port)) {
            client.setEncodings(EncodingType.ZRLE);
            client.request(false);
            client.update();
            client.request(true, 0, 0, 64, 16);
            long updates = counter("updates");
            // This is damage, but not where it was asked for.
            display.fill(128, 32, 10, 10, 0xFF0000);
            display.publish();
            // A display may overstate the damage of a frame when the next one follows at once; the
            // answer to this shows that the server has seen the frame by itself.
            client.request(false, 200, 0, 1, 1);
            assertEquals(
                    List.of(new Rect(200, 0, 1, 1)),
                    client.update().stream().map(Rectangle::rect).toList());
            client.request(true, 0, 0, 64, 16);
            display.fill(3, 4, 2, 2, 0x00FF00);
            display.publish();
            List<Rectangle> rectangles = client.update();
            assertEquals(
                    List.of(new Rect(0, 0, 64, 16)),
                    rectangles.stream().map(Rectangle::rect).toList());
            assertEquals(0x00FF00, client.pixel(3, 4));
            assertEquals(updates + 2, counter("updates"));
            // And it was not forgotten.
            client.request(true);
            rectangles = client.update();
            assertEquals(
                    List.of(new Rect(128, 32, 64, 16)),
                    rectangles.stream().map(Rectangle::rect).toList());
            assertEquals(0xFF0000, client.pixel(130, 40));
        }
    }

    @Test
    void aRequestThatIsNotIncrementalGetsExactlyItsRectangle() throws Exception {
        display.setMode(256, 64);
        serve();
        try (RfbClient client = RfbClient.connect(port)) {
            client.request(false);
            client.update();
            client.request(false, 10, 11, 12, 13);
            assertEquals(
                    List.of(new Rect(10, 11, 12, 13)),
                    client.update().stream().map(Rectangle::rect).toList());
            client.request(false, 250, 60, 100, 100);
            assertEquals(
                    List.of(new Rect(250, 60, 6, 4)),
                    client.update().stream().map(Rectangle::rect).toList());
        }
    }

    @Test
    void pixelsComeInTheClientsFormat() throws Exception {
        display.setMode(70, 70);
        display.fill(0, 0, 70, 70, 0xFF8000);
        display.set(1, 1, 0x0000FF);
        display.publish();
        serve();
        for (int encoding : List.of(EncodingType.RAW, EncodingType.ZRLE)) {
            try (RfbClient client = RfbClient.connect(port)) {
                client.setEncodings(encoding);
                client.setPixelFormat(new PixelFormat(16, 16, true, true, 31, 63, 31, 11, 5, 0));
                client.request(false);
                assertEquals(encoding, client.update().getFirst().encoding());
                assertEquals(31 << 11 | 32 << 5, client.pixel(0, 0));
                assertEquals(31, client.pixel(1, 1));
                client.setPixelFormat(new PixelFormat(8, 8, false, true, 7, 7, 3, 0, 3, 6));
                client.request(false);
                client.update();
                assertEquals(7 | 4 << 3, client.pixel(0, 0));
                client.setPixelFormat(
                        new PixelFormat(32, 24, false, true, 255, 255, 255, 0, 8, 16));
                client.request(false);
                client.update();
                assertEquals(0x0080FF, client.pixel(0, 0));
            }
        }
    }

    @Test
    void aClientWithoutTrueColourIsToldTheColourMap() throws Exception {
        display.setMode(64, 64);
        display.fill(0, 0, 64, 64, 0xFF00FF);
        display.publish();
        serve();
        try (RfbClient client = RfbClient.connect(port)) {
            client.setPixelFormat(new PixelFormat(8, 8, false, false, 0, 0, 0, 0, 0, 0));
            client.request(false);
            int[] map = client.colourMap();
            client.update();
            int index = client.pixel(5, 5);
            assertArrayEquals(
                    new int[] {0xFFFF, 0, 0xFFFF},
                    new int[] {map[index * 3], map[index * 3 + 1], map[index * 3 + 2]});
        }
    }

    @Test
    void aModeChangeIsToldToAClientThatFollows() throws Exception {
        display.setMode(64, 64);
        serve();
        try (RfbClient client = RfbClient.connect(port)) {
            client.setEncodings(EncodingType.ZRLE, EncodingType.DESKTOP_SIZE);
            client.request(false);
            client.update();
            client.request(true);
            display.setMode(200, 100);
            display.fill(199, 99, 1, 1, 0xABCDEF);
            display.publish();
            assertEquals(EncodingType.DESKTOP_SIZE, client.update().getFirst().encoding());
            assertEquals(200, client.width);
            assertEquals(100, client.height);
            client.request(true);
            await(() -> {
                try {
                    client.update();
                    client.request(true);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
                return client.pixel(199, 99) == 0xABCDEF;
            });
        }
    }

    @Test
    void aClientThatCanNotFollowSeesThePictureCutOffOrFilledUp() throws Exception {
        display.setMode(128, 64);
        serve();
        try (RfbClient client = RfbClient.connect(port)) {
            client.request(false);
            client.update();
            display.setMode(64, 200);
            display.fill(0, 0, 64, 200, 0x112233);
            display.publish();
            client.request(false);
            client.update();
            assertEquals(128, client.width);
            assertEquals(0x112233, client.pixel(63, 63));
            assertEquals(0, client.pixel(64, 63));
            display.fill(60, 60, 4, 4, 0x445566);
            display.publish();
            client.request(true);
            client.update();
            assertEquals(0x445566, client.pixel(63, 63));
            display.setMode(128, 64);
            display.fill(0, 0, 128, 64, 0x778899);
            display.publish();
            client.request(false);
            client.update();
            assertEquals(0x778899, client.pixel(127, 63));
        }
    }

    @Test
    void aClientThatComesBeforeTheFirstFrameWaitsForIt() throws Exception {
        serve();
        try (RfbClient client = RfbClient.connect(port)) {
            client.setEncodings(EncodingType.RAW, EncodingType.DESKTOP_SIZE);
            client.request(false);
            client.update();
            client.pointer(0, 5, 5);
            client.request(true);
            display.setMode(720, 400);
            client.update();
            assertEquals(720, client.width);
        }
    }

    @Test
    void aClientThatDoesNotReadGetsTheNewestFrameLaterAndHindersNobody() throws Exception {
        display.setMode(1024, 768);
        serve();
        try (RfbClient slow = RfbClient.connect(port);
                RfbClient quick = RfbClient.connect(port)) {
            // More is asked for than sockets buffer; nothing of it is read.
            for (int i = 0; i < 50; i++) {
                slow.request(false);
                long sent = counter("bytes-sent");
                quick.request(false);
                quick.update();
                assertNotEquals(sent, counter("bytes-sent"));
            }
            for (int frame = 1; frame <= 100; frame++) {
                display.fill(frame * 8, 100, 8, 8, frame);
                display.publish();
                quick.request(true);
                quick.update();
                assertEquals(frame, quick.pixel(frame * 8, 100));
            }
            // Now it reads: what is in the pipe is old, what comes after that is the newest frame
            // alone.
            long before = counter("updates");
            slow.request(true);
            int updates = 0;
            while (slow.pixel(800, 100) != 100) {
                slow.update();
                slow.request(true);
                updates++;
            }
            for (int frame = 1; frame <= 100; frame++) {
                assertEquals(frame, slow.pixel(frame * 8, 100));
            }
            assertTrue(updates < 50, "50 requests ran together into " + updates + " updates");
            assertTrue(counter("updates") - before <= updates + 1, "nothing had piled up");
        }
    }

    @Test
    void keysGoToTheGuestAndUpAgainWhenTheClientGoes() throws Exception {
        display.setMode(64, 64);
        serve();
        try (RfbClient client = RfbClient.connect(port)) {
            client.key('!', true);
            client.key('!', false);
            assertEquals(new InputEvent.Key(KeyCode.SHIFT, true), host.nextInput());
            assertEquals(new InputEvent.Key(KeyCode.DIGIT_1, true), host.nextInput());
            assertEquals(new InputEvent.Key(KeyCode.SHIFT, false), host.nextInput());
            assertEquals(new InputEvent.Key(KeyCode.DIGIT_1, false), host.nextInput());
            client.key(0x00E4, true);
            display.setLeds(new KeyboardLeds(false, false, true));
            client.key('A', true);
            assertEquals(new InputEvent.Key(KeyCode.A, true), host.nextInput());
        }
        assertEquals(new InputEvent.Key(KeyCode.A, false), host.nextInput());
    }

    @Test
    void thePointerGoesToTheGuest() throws Exception {
        display.setMode(101, 51);
        serve();
        try (RfbClient client = RfbClient.connect(port)) {
            client.pointer(0, 100, 0);
            assertEquals(new InputEvent.AbsoluteMove(InputEvent.ABSOLUTE_MAX, 0), host.nextInput());
            client.pointer(1, 50, 25);
            assertEquals(
                    new InputEvent.AbsoluteMove(
                            InputEvent.ABSOLUTE_MAX / 2, InputEvent.ABSOLUTE_MAX / 2),
                    host.nextInput());
            assertEquals(new InputEvent.Button(PointerButton.LEFT, true), host.nextInput());
            client.pointer(4 | 8, 50, 25);
            assertEquals(new InputEvent.Button(PointerButton.LEFT, false), host.nextInput());
            assertEquals(new InputEvent.Button(PointerButton.RIGHT, true), host.nextInput());
            assertEquals(new InputEvent.Button(PointerButton.WHEEL_UP, true), host.nextInput());
            client.pointer(0, 65535, 65535);
            assertEquals(
                    new InputEvent.AbsoluteMove(InputEvent.ABSOLUTE_MAX, InputEvent.ABSOLUTE_MAX),
                    host.nextInput());
            assertEquals(new InputEvent.Button(PointerButton.RIGHT, false), host.nextInput());
            assertEquals(new InputEvent.Button(PointerButton.WHEEL_UP, false), host.nextInput());
        }
    }

    @Test
    void lampsAndExtendedKeysAreToldToClientsThatKnowThem() throws Exception {
        display.setMode(64, 64);
        serve();
        try (RfbClient client = RfbClient.connect(port)) {
            client.setEncodings(
                    EncodingType.RAW,
                    EncodingType.QEMU_EXTENDED_KEY_EVENT,
                    EncodingType.QEMU_LED_STATE);
            client.request(false);
            List<Integer> encodings = client.update().stream().map(Rectangle::encoding).toList();
            assertEquals(
                    List.of(
                            EncodingType.QEMU_EXTENDED_KEY_EVENT,
                            EncodingType.QEMU_LED_STATE,
                            EncodingType.RAW),
                    encodings);
            client.request(true);
            display.setLeds(new KeyboardLeds(true, false, true));
            Rectangle lamps = client.update().getFirst();
            assertEquals(EncodingType.QEMU_LED_STATE, lamps.encoding());
            assertArrayEquals(new byte[] {5}, lamps.data());
            client.out.write(new byte[] {(byte) 255, 0, 0, 1, 0, 0, 0, '<', 0, 0, 0, 0x56});
            assertEquals(new InputEvent.Key(KeyCode.LESS, true), host.nextInput());
        }
    }

    @Test
    void theHardwareCursorIsSentAsAShape() throws Exception {
        display.setMode(64, 64);
        serve();
        try (RfbClient client = RfbClient.connect(port)) {
            client.setEncodings(EncodingType.RAW, EncodingType.CURSOR);
            client.request(false);
            assertEquals(1, client.update().size());
            client.request(true);
            display.setCursor(
                    new Cursor(
                            1,
                            true,
                            10,
                            10,
                            1,
                            0,
                            2,
                            2,
                            new int[] {0xFF112233, 0, 0x7FFFFFFF, 0x80445566}));
            Rectangle cursor = client.update().getFirst();
            assertEquals(EncodingType.CURSOR, cursor.encoding());
            assertEquals(new Rect(1, 0, 2, 2), cursor.rect());
            assertArrayEquals(
                    new byte[] {0x33, 0x22, 0x11, 0}, java.util.Arrays.copyOf(cursor.data(), 4));
            assertEquals((byte) 0x80, cursor.data()[16]);
            assertEquals((byte) 0x40, cursor.data()[17]);
            client.request(true);
            display.setCursor(new Cursor(1, false, 10, 10, 1, 0, 2, 2, new int[4]));
            assertEquals(new Rect(0, 0, 0, 0), client.update().getFirst().rect());
        }
    }

    @Test
    void statusNamesTheClientsAndCountsTheirTraffic() throws Exception {
        display.setMode(64, 64);
        serve();
        String address;
        try (RfbClient client = RfbClient.connect(port)) {
            client.setEncodings(EncodingType.ZRLE);
            client.request(false);
            client.update();
            address = "127.0.0.1:" + client.socket.getLocalPort();
            assertEquals(
                    List.of(new FrontendStatus.Client(address, "RFB 3.8, ZRLE, 32 bpp")),
                    frontend.status().clients());
            assertEquals(
                    List.of(new FrontendStatus.Endpoint("rfb", "127.0.0.1", port)),
                    frontend.status().endpoints());
            assertEquals(1, counter("updates"));
            assertEquals(1, counter("rectangles"));
            assertEquals(64 * 64, counter("pixels"));
            assertEquals("connected " + address, host.nextEvent());
        }
        assertEquals("disconnected " + address, host.nextEvent());
        await(() -> frontend.status().clients().isEmpty());
    }

    @Test
    void garbageAtAnyStageEndsThatClientAlone() throws Exception {
        long seed = System.nanoTime();
        System.out.println("VncServerTest seed " + seed);
        Random random = new Random(seed);
        display.setMode(64, 64);
        // Garbage may ask for the screen for itself, and keep the next client out until it has
        // gone.
        serve("shared=ignore");
        byte[][] stages = {
            {}, "RFB 003.008\n".getBytes(StandardCharsets.US_ASCII), {1}, {1}, {0, 0, 0, 0},
        };
        for (int stage = 0; stage < stages.length; stage++) {
            for (int round = 0; round < 20; round++) {
                try (RfbClient client = new RfbClient(port)) {
                    for (int i = 0; i <= stage; i++) {
                        client.out.write(stages[i]);
                    }
                    byte[] garbage = new byte[1 + random.nextInt(5000)];
                    random.nextBytes(garbage);
                    // Few random bytes are a message's type, so some begin as one.
                    garbage[0] = (byte) (round < 8 ? round : garbage[0]);
                    client.out.write(garbage);
                    client.socket.shutdownOutput();
                    client.awaitClosed();
                } catch (java.net.SocketException e) {
                    // The server was quicker to close than the client to write.
                }
                try (RfbClient next = RfbClient.connect(port)) {
                    next.request(false);
                    assertEquals(1, next.update().size(), "seed " + seed);
                }
            }
        }
    }

    @Test
    void aPortInUseIsSaidSo() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int number = taken.getLocalPort();
            FrontendException refused =
                    assertThrows(FrontendException.class, () -> serve("port=" + number));
            assertEquals("port " + number + " of 127.0.0.1 is in use", refused.getMessage());
            serve("port=" + number, "to=" + Math.min(65535, number + 50));
            assertTrue(
                    port > number && port <= number + 50, "the next free port was taken, " + port);
        }
    }

    @Test
    void optionsThatDoNotGoTogetherAreRefused() {
        assertThrows(FrontendException.class, () -> serve("port=5950", "to=5900"));
        assertThrows(FrontendException.class, () -> serve("to=5900"));
        assertThrows(FrontendException.class, () -> serve("password="));
        assertThrows(FrontendException.class, () -> serve("host=no.such.host.invalid"));
    }

    @Test
    void oneClientTooManyIsToldSo() throws Exception {
        display.setMode(64, 64);
        serve("max-clients=1");
        try (RfbClient first = RfbClient.connect(port)) {
            assertEquals(1, frontend.status().clients().size());
            IOException refused = assertThrows(IOException.class, () -> RfbClient.connect(port));
            assertEquals("refused: there are 1 clients already", refused.getMessage());
            first.request(false);
            first.update();
        }
        await(() -> frontend.status().clients().isEmpty());
        RfbClient.connect(port).close();
    }

    @Test
    void aClientThatWantsTheScreenForItselfDropsTheOthers() throws Exception {
        display.setMode(64, 64);
        serve();
        try (RfbClient first = RfbClient.connect(port);
                RfbClient exclusive = new RfbClient(port).open("003.008", null, false)) {
            first.awaitClosed();
            try (RfbClient late = new RfbClient(port)) {
                assertThrows(IOException.class, () -> late.open("003.008", null, true));
            }
            exclusive.request(false);
            exclusive.update();
        }
    }

    @Test
    void sharingCanBeForcedOrLeftToItself() throws Exception {
        display.setMode(64, 64);
        serve("shared=force-shared");
        try (RfbClient exclusive = new RfbClient(port)) {
            assertThrows(IOException.class, () -> exclusive.open("003.008", null, false));
        }
        frontend.reconfigure(
                provider.options()
                        .parse(Map.of("port", "0", "shared", "ignore", "password", "sesame")));
        try (RfbClient first = new RfbClient(port).open("003.008", "sesame", false);
                RfbClient second = new RfbClient(port).open("003.008", "sesame", false)) {
            first.request(false);
            first.update();
            second.request(false);
            second.update();
        }
        assertThrows(
                FrontendException.class,
                () -> frontend.reconfigure(provider.options().parse(Map.of("port", "1"))));
    }

    @Test
    void closingEndsClientsThreadsAndThePort() throws Exception {
        display.setMode(1024, 768);
        serve();
        RfbClient idle = RfbClient.connect(port);
        RfbClient stuck = RfbClient.connect(port);
        RfbClient shaking = new RfbClient(port);
        idle.request(false);
        idle.update();
        idle.key('a', true);
        assertEquals(new InputEvent.Key(KeyCode.A, true), host.nextInput());
        for (int i = 0; i < 100; i++) {
            stuck.request(false);
        }
        // All is asked for, and more is sent than the idle one's frame and the greetings.
        await(() ->
                counter("bytes-sent") > 1024 * 768 * 4 + 1000 && counter("bytes-received") > 1000);
        frontend.close();
        frontend.close();
        host.awaitNothingRuns();
        assertEquals(new InputEvent.Key(KeyCode.A, false), host.nextInput());
        idle.awaitClosed();
        shaking.awaitClosed();
        idle.close();
        stuck.close();
        shaking.close();
        try (Socket socket = new Socket()) {
            assertThrows(
                    IOException.class,
                    () ->
                            socket.connect(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        }
        serve("port=" + port);
        RfbClient.connect(port).close();
    }
}
