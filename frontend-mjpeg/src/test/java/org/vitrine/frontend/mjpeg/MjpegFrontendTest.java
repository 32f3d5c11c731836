package org.vitrine.frontend.mjpeg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vitrine.spi.testkit.TestHost.await;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.OptionValues;
import org.vitrine.spi.SpiVersion;
import org.vitrine.spi.display.Cursor;
import org.vitrine.spi.display.ScriptedDisplay;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.KeyCode;
import org.vitrine.spi.input.PointerButton;
import org.vitrine.spi.testkit.InEachPlacement;
import org.vitrine.spi.testkit.Placement;
import org.vitrine.spi.testkit.TestHost;

@InEachPlacement
@Timeout(240)
class MjpegFrontendTest {

    /** Bytes of input that one request may carry. */
    private static final int MAX_INPUT = 1 << 16;

    /** How many pages may have keyboards. */
    private static final int MAX_PAGES = 64;

    private final FrontendProvider provider = new MjpegProvider();
    private final TestHost host;
    private final ScriptedDisplay display;
    private final HttpClient http = HttpClient.newHttpClient();
    private Frontend frontend;
    private int port;

    MjpegFrontendTest(Placement placement) {
        host = placement.newHost();
        display = host.display();
    }

    private void listen(String... words) throws FrontendException, InterruptedException {
        frontend = host.attach(provider, options(words));
        port = port(frontend);
    }

    @AfterEach
    void close() throws InterruptedException {
        try (host) {
            if (frontend != null) {
                frontend.close();
            }
            host.awaitNothingRuns();
            assertEquals(List.of(), host.crashes());
        } finally {
            http.close();
        }
    }

    /** Options that leave a test time, and let none wait for a picture that never comes. */
    private OptionValues options(String... words) throws FrontendException {
        Map<String, String> all =
                new HashMap<>(Map.of("port", "0", "first-frame", "200", "silence", "60000"));
        for (String word : words) {
            all.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
        }
        return provider.options().parse(all);
    }

    private static int port(Frontend frontend) {
        return frontend.status().endpoints().getFirst().port();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<String> post(String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private InputStream openStream(String query) throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                http.send(
                        HttpRequest.newBuilder(uri("/stream" + query)).build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(200, response.statusCode());
        assertEquals(
                "multipart/x-mixed-replace; boundary=vitrine-frame",
                response.headers().firstValue("Content-Type").orElseThrow());
        return response.body();
    }

    /** The part with the frame that was published last; repeats of older ones are passed over. */
    private StreamReader.Part newest(StreamReader stream) throws IOException {
        String published = String.valueOf(display.generation());
        long deadline = System.nanoTime() + TestHost.PATIENCE.toNanos();
        StreamReader.Part part = stream.next();
        while (!part.headers().get("x-generation").equals(published)) {
            assertTrue(System.nanoTime() - deadline < 0, "frame " + published + " did not come");
            part = stream.next();
        }
        return part;
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private void drawBlocks() {
        display.setMode(320, 200);
        display.fill(0, 0, 160, 100, 0xFF0000);
        display.fill(160, 0, 160, 100, 0x00FF00);
        display.fill(0, 100, 160, 100, 0x0000FF);
        display.fill(160, 100, 160, 100, 0xAAAA55);
        display.publish();
    }

    private static void assertClose(int expected, int actual) {
        for (int shift = 0; shift <= 16; shift += 8) {
            int difference = (expected >> shift & 0xFF) - (actual >> shift & 0xFF);
            assertTrue(
                    Math.abs(difference) <= 6,
                    () ->
                            String.format(
                                    "wanted about %06X, got %06X", expected, actual & 0xFFFFFF));
        }
    }

    @Test
    void theProviderIsFoundAndDescribesItself() {
        FrontendProvider found =
                ServiceLoader.load(FrontendProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(candidate -> candidate.name().equals("mjpeg"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(SpiVersion.CURRENT, found.spiVersion());
        assertEquals(80L, found.options().option("quality").defaultValue());
    }

    @Test
    void thePageNamesTheMachineAndLetsNobodyFrameIt() throws Exception {
        listen();
        HttpResponse<byte[]> page = get("/");
        assertEquals(200, page.statusCode());
        assertTrue(text(page).contains("<title>Vitrine</title>"), text(page));
        assertTrue(text(page).contains("data-input=\"on\""), text(page));
        assertTrue(
                page.headers()
                        .firstValue("Content-Security-Policy")
                        .orElseThrow()
                        .contains("frame-ancestors 'none'"));
        assertEquals(200, get("/viewer.js").statusCode());
        assertEquals(
                "text/css; charset=utf-8",
                get("/viewer.css").headers().firstValue("Content-Type").orElseThrow());
    }

    @Test
    void aPngSnapshotHasEveryPixelAndAJpegNearlyThat() throws Exception {
        listen();
        drawBlocks();
        BufferedImage png = ImageIO.read(new ByteArrayInputStream(get("/snapshot.png").body()));
        HttpResponse<byte[]> response = get("/snapshot");
        assertEquals("image/jpeg", response.headers().firstValue("Content-Type").orElseThrow());
        BufferedImage jpeg = ImageIO.read(new ByteArrayInputStream(response.body()));
        assertEquals(320, jpeg.getWidth());
        assertEquals(200, jpeg.getHeight());
        for (int y = 0; y < 200; y++) {
            for (int x = 0; x < 320; x++) {
                int expected =
                        y < 100 ? (x < 160 ? 0xFF0000 : 0x00FF00) : x < 160 ? 0x0000FF : 0xAAAA55;
                assertEquals(expected, png.getRGB(x, y) & 0xFFFFFF);
                // The block of 8x8 with the border between two colours rings a little at y = 100.
                if (y < 96 || y >= 104) {
                    assertClose(expected, jpeg.getRGB(x, y));
                }
            }
        }
    }

    @Test
    void colouredTextKeepsItsColourInEveryPixel() throws Exception {
        listen();
        display.setMode(64, 32);
        display.fill(0, 0, 64, 32, 0x0000AA);
        for (int x = 8; x < 56; x += 4) {
            display.fill(x, 8, 1, 16, 0xFF5555);
        }
        display.publish();
        BufferedImage jpeg =
                ImageIO.read(new ByteArrayInputStream(get("/snapshot?quality=95").body()));
        for (int x = 12; x < 52; x++) {
            int red = jpeg.getRGB(x, 16) >> 16 & 0xFF;
            assertTrue(x % 4 == 0 ? red > 0xC0 : red < 0x40, "red at " + x + " is " + red);
        }
    }

    @Test
    void lowerQualityMakesASmallerPicture() throws Exception {
        listen();
        drawNoise(new Random(4711));
        int fine = get("/snapshot?quality=95").body().length;
        int coarse = get("/snapshot?quality=20").body().length;
        assertTrue(coarse < fine / 2, coarse + " and " + fine);
    }

    @Test
    void aHardwareCursorIsDrawnOverThePictureAndMovesWithoutANewFrame() throws Exception {
        listen();
        display.setMode(64, 64);
        display.setCursor(
                new Cursor(1, true, 10, 10, 1, 0, 2, 1, new int[] {0xFFFFFFFF, 0x80FF0000}));
        BufferedImage first = ImageIO.read(new ByteArrayInputStream(get("/snapshot.png").body()));
        assertEquals(0xFFFFFF, first.getRGB(9, 10) & 0xFFFFFF);
        assertEquals(0x800000, first.getRGB(10, 10) & 0xFFFFFF);
        assertEquals(0, first.getRGB(11, 10) & 0xFFFFFF);
        display.setCursor(
                new Cursor(1, true, 0, 63, 1, 0, 2, 1, new int[] {0xFFFFFFFF, 0xFF00FF00}));
        BufferedImage second = ImageIO.read(new ByteArrayInputStream(get("/snapshot.png").body()));
        assertEquals(0, second.getRGB(9, 10) & 0xFFFFFF);
        assertEquals(0x00FF00, second.getRGB(0, 63) & 0xFFFFFF);
    }

    @Test
    void beforeTheFirstFrameASnapshotWaitsAndThenIsRefused() throws Exception {
        listen();
        HttpResponse<byte[]> response = get("/snapshot");
        assertEquals(503, response.statusCode());
        assertEquals("the machine has shown nothing yet\n", text(response));
        assertEquals(503, get("/stream").statusCode());
        assertEquals(503, get("/text").statusCode());
    }

    @Test
    void textIsServedInTextModesOnly() throws Exception {
        listen();
        display.setText("C:\\> dir", "", "\u0080 \u00E1");
        HttpResponse<byte[]> response = get("/text");
        assertEquals("C:\\> dir\n\n\u00C7 \u00DF\n", text(response));
        assertEquals(
                "text/plain; charset=utf-8",
                response.headers().firstValue("Content-Type").orElseThrow());
        display.setMode(320, 200);
        assertEquals(404, get("/text").statusCode());
        assertTrue(text(get("/text")).contains("graphics mode"));
    }

    @Test
    void requestsForWhatDoesNotExistAreRefusedInWords() throws Exception {
        listen();
        display.setMode(64, 64);
        assertEquals(404, get("/other").statusCode());
        assertEquals(404, get("/stream/").statusCode());
        assertEquals(404, get("/../../etc/passwd").statusCode());
        assertEquals(400, get("/snapshot?quality=0").statusCode());
        assertEquals(400, get("/snapshot?colour=red").statusCode());
        assertEquals(400, get("/stream?fps=fast").statusCode());
        assertTrue(text(get("/stream?fps=fast")).contains("'fps' takes a number from 1 to"));
        HttpResponse<String> posted = post("/stream", "");
        assertEquals(405, posted.statusCode());
        assertEquals("GET, HEAD", posted.headers().firstValue("Allow").orElseThrow());
        assertEquals(405, get("/input?page=12345678").statusCode());
        HttpResponse<Void> head =
                http.send(
                        HttpRequest.newBuilder(uri("/snapshot")).HEAD().build(),
                        HttpResponse.BodyHandlers.discarding());
        assertEquals(200, head.statusCode());
    }

    @Test
    void aStreamSendsEachChangeAndRepeatsTheLastPicture() throws Exception {
        listen();
        drawBlocks();
        try (InputStream in = openStream("")) {
            StreamReader stream = new StreamReader(in);
            StreamReader.Part part = stream.next();
            assertClose(0xFF0000, part.image().getRGB(80, 50));
            for (int colour : new int[] {0xFFFFFF, 0x55AA55, 0x000000}) {
                display.fill(0, 0, 320, 200, colour);
                display.publish();
                part = newest(stream);
                assertClose(colour, part.image().getRGB(80, 50));
                double age =
                        System.currentTimeMillis() / 1000.0
                                - Double.parseDouble(part.headers().get("x-timestamp"));
                assertTrue(age > -0.1 && age < 20, "the picture is " + age + " s old");
            }
            StreamReader.Part again = stream.next();
            assertEquals(part.headers().get("x-generation"), again.headers().get("x-generation"));
            assertEquals(part.length(), again.length());
            display.setMode(640, 480);
            assertEquals(640, newest(stream).image().getWidth());
        }
    }

    @Test
    void aStreamSendsNoMoreFramesThanAsked() throws Exception {
        listen();
        display.setMode(64, 64);
        try (InputStream in = openStream("?fps=10")) {
            StreamReader stream = new StreamReader(in);
            stream.next();
            long start = System.nanoTime();
            for (int i = 0; i < 5; i++) {
                display.fill(0, 0, 64, 64, i + 1);
                display.publish();
                newest(stream);
            }
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(millis >= 400, "five frames took " + millis + " ms");
        }
    }

    @Test
    void clientsAreListedAndReported() throws Exception {
        listen();
        display.setMode(64, 64);
        InputStream in = openStream("?quality=50");
        String connected = host.nextEvent();
        assertTrue(connected.startsWith("connected 127.0.0.1:"), connected);
        FrontendStatus status = frontend.status();
        assertEquals("http://127.0.0.1:" + port + "/", status.endpoints().getFirst().url());
        assertEquals("stream, quality 50", status.clients().getFirst().description());
        new StreamReader(in).next();
        await(() -> frontend.status().counters().get("frames") > 0);
        assertTrue(frontend.status().counters().get("bytes-sent") > 100);
        in.close();
        display.publish();
        assertEquals(connected.replace("connected", "disconnected"), host.nextEvent());
        assertEquals(List.of(), frontend.status().clients());
    }

    @Test
    void manyClientsShareOneEncoding() throws Exception {
        listen();
        display.setMode(640, 400);
        List<InputStream> streams = new ArrayList<>();
        List<StreamReader> readers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            InputStream in = openStream("");
            streams.add(in);
            readers.add(new StreamReader(in));
            readers.getLast().next();
        }
        assertEquals(20, frontend.status().clients().size());
        assertEquals(1L, frontend.status().counters().get("encodings"));
        display.fill(0, 0, 640, 400, 0xFFFFFF);
        display.publish();
        for (StreamReader reader : readers) {
            assertClose(0xFFFFFF, newest(reader).image().getRGB(300, 200));
        }
        assertEquals(2L, frontend.status().counters().get("encodings"));
        for (InputStream in : streams) {
            in.close();
        }
    }

    private void drawNoise(Random random) {
        display.setMode(320, 200);
        for (int y = 0; y < 200; y += 2) {
            for (int x = 0; x < 320; x += 2) {
                display.fill(x, y, 2, 2, random.nextInt(0x1000000));
            }
        }
        display.publish();
    }

    @Test
    void aClientThatDoesNotReadHoldsUpNobodyAndEndsWithTheFrontend() throws Exception {
        listen();
        drawNoise(new Random(4711));
        try (Socket slow = new Socket();
                InputStream in = openStream("")) {
            slow.setReceiveBufferSize(4096);
            slow.connect(new InetSocketAddress("127.0.0.1", port));
            slow.getOutputStream()
                    .write("GET /stream?fps=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
            await(() -> frontend.status().clients().size() == 2);
            StreamReader stream = new StreamReader(in);
            // Until every buffer towards the slow one is full: then the other alone makes frames
            // count up.
            int colour = 0;
            int inARow = 0;
            while (inARow < 5) {
                long before = frontend.status().counters().get("frames");
                display.fill(0, 0, 8, 8, ++colour);
                display.publish();
                newest(stream);
                inARow = frontend.status().counters().get("frames") - before <= 1 ? inARow + 1 : 0;
            }
            assertEquals(2, frontend.status().clients().size());
            frontend.close();
            host.awaitNothingRuns();
            assertEquals(List.of(), frontend.status().clients());
        }
    }

    @Test
    void keysAndPointerReachTheGuestInOrder() throws Exception {
        listen();
        HttpResponse<String> response =
                post(
                        "/input?page=0123456789",
                        "key KeyA down\nkey KeyA up\nmove 100 200\nbutton left down\nbutton left up\nrel 3 -4",
                        "Origin",
                        "http://127.0.0.1:" + port);
        assertEquals(204, response.statusCode());
        assertEquals(new InputEvent.Key(KeyCode.A, true), host.nextInput());
        assertEquals(new InputEvent.Key(KeyCode.A, false), host.nextInput());
        assertEquals(new InputEvent.AbsoluteMove(100, 200), host.nextInput());
        assertEquals(new InputEvent.Button(PointerButton.LEFT, true), host.nextInput());
        assertEquals(new InputEvent.Button(PointerButton.LEFT, false), host.nextInput());
        assertEquals(new InputEvent.RelativeMove(3, -4), host.nextInput());
        assertEquals(
                "page, keyboard and pointer", frontend.status().clients().getFirst().description());
        assertEquals(6L, frontend.status().counters().get("input-events"));
    }

    @Test
    void badInputIsRefusedWholeAndUnknownKeysAreNamed() throws Exception {
        listen();
        assertEquals(400, post("/input?page=0123456789", "key KeyA down\nnonsense").statusCode());
        assertEquals(400, post("/input", "key KeyA down").statusCode());
        assertEquals(400, post("/input?page=x", "key KeyA down").statusCode());
        assertEquals(413, post("/input?page=0123456789", "\n".repeat(MAX_INPUT + 1)).statusCode());
        assertTrue(host.inputIsEmpty());
        HttpResponse<String> response =
                post("/input?page=0123456789", "key Fn down\nkey KeyB down");
        assertEquals(200, response.statusCode());
        assertTrue(response.body().contains("Fn"), response.body());
        assertEquals(new InputEvent.Key(KeyCode.B, true), host.nextInput());
    }

    @Test
    void pagesFromElsewhereCanNotType() throws Exception {
        listen();
        String own = "http://127.0.0.1:" + port;
        assertEquals(
                403,
                post("/input?page=0123456789", "key KeyA down", "Origin", "http://evil.example")
                        .statusCode());
        assertEquals(
                403,
                post("/input?page=0123456789", "key KeyA down", "Origin", "null").statusCode());
        assertEquals(
                403,
                post(
                                "/input?page=0123456789",
                                "key KeyA down",
                                "Origin",
                                own,
                                "Sec-Fetch-Site",
                                "cross-site")
                        .statusCode());
        assertTrue(host.inputIsEmpty());
    }

    @Test
    void aNameThatIsMadeToPointHereIsRefusedEverywhere() throws Exception {
        listen();
        display.setMode(64, 64);
        for (String path : List.of("/", "/snapshot", "/text", "/stream", "/viewer.js")) {
            assertTrue(
                    raw("GET "
                                    + path
                                    + " HTTP/1.1\r\nHost: evil.example:"
                                    + port
                                    + "\r\nConnection: close\r\n\r\n")
                            .startsWith("HTTP/1.1 403 "));
        }
        String rebound = "evil.example:" + port;
        assertTrue(
                raw("POST /input?page=0123456789 HTTP/1.1\r\nHost: "
                                + rebound
                                + "\r\nOrigin: http://"
                                + rebound
                                + "\r\n"
                                + "Sec-Fetch-Site: same-origin\r\n"
                                + "Content-Length: 13\r\n"
                                + "Connection: close\r\n\r\n"
                                + "key KeyA down")
                        .startsWith("HTTP/1.1 403 "));
        assertTrue(host.inputIsEmpty());
    }

    /** Sends bytes as they are; the answer until the server closes. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void heldKeysAreReleasedWhenThePageIsLeft() throws Exception {
        listen();
        post("/input?page=0123456789", "key ControlLeft down");
        assertEquals(new InputEvent.Key(KeyCode.CTRL, true), host.nextInput());
        assertEquals(204, post("/input?page=0123456789", "leave").statusCode());
        assertEquals(new InputEvent.Key(KeyCode.CTRL, false), host.nextInput());
        assertEquals(List.of(), frontend.status().clients());
    }

    @Test
    void heldKeysAreReleasedWhenThePagesStreamEnds() throws Exception {
        listen();
        display.setMode(64, 64);
        InputStream in = openStream("?page=0123456789");
        new StreamReader(in).next();
        post("/input?page=0123456789", "key ShiftLeft down");
        assertEquals(new InputEvent.Key(KeyCode.SHIFT, true), host.nextInput());
        in.close();
        // Nothing is drawn: the repeats on an idle screen find that the client has gone.
        assertEquals(new InputEvent.Key(KeyCode.SHIFT, false), host.nextInput());
    }

    @Test
    void heldKeysAreReleasedWhenThePageFallsSilent() throws Exception {
        listen("silence=300");
        post("/input?page=0123456789", "key AltLeft down");
        assertEquals(new InputEvent.Key(KeyCode.ALT, true), host.nextInput());
        assertEquals(new InputEvent.Key(KeyCode.ALT, false), host.nextInput());
        await(() -> frontend.status().clients().isEmpty());
    }

    @Test
    void twoPagesHoldTheirOwnKeys() throws Exception {
        listen();
        post("/input?page=first-page", "key KeyA down");
        post("/input?page=second-page", "key KeyB down");
        host.nextInput();
        host.nextInput();
        post("/input?page=first-page", "release");
        assertEquals(new InputEvent.Key(KeyCode.A, false), host.nextInput());
        post("/input?page=second-page", "key KeyB up");
        assertEquals(new InputEvent.Key(KeyCode.B, false), host.nextInput());
    }

    @Test
    void pagesWithKeyboardsAreBounded() throws Exception {
        listen();
        for (int i = 0; i < MAX_PAGES; i++) {
            assertEquals(204, post("/input?page=page-number-" + i, "rel 1 1").statusCode());
        }
        assertEquals(503, post("/input?page=one-too-many", "rel 1 1").statusCode());
    }

    @Test
    void inputCanBeSwitchedOffWhileRunning() throws Exception {
        listen();
        post("/input?page=0123456789", "key KeyA down");
        host.nextInput();
        frontend.reconfigure(options("input=off", "quality=30"));
        assertEquals(new InputEvent.Key(KeyCode.A, false), host.nextInput());
        assertEquals(403, post("/input?page=0123456789", "key KeyA down").statusCode());
        assertTrue(text(get("/")).contains("data-input=\"off\""));
        assertThrows(FrontendException.class, () -> frontend.reconfigure(options("port=1")));
        assertEquals(port, port(frontend));
    }

    @Test
    void aPortInUseIsAnErrorThatNamesIt() throws Exception {
        listen();
        OptionValues same = options("port=" + port);
        FrontendException error =
                assertThrows(FrontendException.class, () -> host.attach(provider, same));
        assertEquals("port " + port + " of 127.0.0.1 is in use", error.getMessage());
        OptionValues backwards = options("port=8090", "to=8080");
        assertThrows(FrontendException.class, () -> host.attach(provider, backwards));
        OptionValues elsewhere = options("host=no.such.invalid");
        FrontendException nowhere =
                assertThrows(FrontendException.class, () -> host.attach(provider, elsewhere));
        assertTrue(nowhere.getMessage().contains("no.such.invalid"), nowhere.getMessage());
    }

    @Test
    void theNextPortsAreTriedUpToTheLast() throws Exception {
        listen();
        int last = Math.min(65535, port + 50);
        Frontend second = host.attach(provider, options("port=" + port, "to=" + last));
        int next = port(second);
        assertTrue(next > port && next <= last, "port " + next);
        second.close();
    }

    @Test
    void closingEndsThreadsAndStreamsAndFreesThePort() throws Exception {
        listen();
        display.setMode(64, 64);
        InputStream in = openStream("");
        new StreamReader(in).next();
        post("/input?page=0123456789", "key KeyA down");
        host.nextInput();
        frontend.close();
        assertEquals(new InputEvent.Key(KeyCode.A, false), host.nextInput());
        try (ServerSocket free = new ServerSocket(port)) {
            assertEquals(port, free.getLocalPort());
        }
        host.awaitNothingRuns();
        assertEquals("ended", readToTheEnd(in));
        assertEquals(List.of(), frontend.status().endpoints());
        frontend.close();
    }

    private static String readToTheEnd(InputStream in) {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // A stream that was cut in a part ends with an error.
        }
        return "ended";
    }

    @Test
    void randomBytesEndOneConnectionAlone() throws Exception {
        listen();
        display.setMode(64, 64);
        long seed = System.nanoTime();
        System.out.println("MjpegFrontendTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            byte[] garbage = new byte[random.nextInt(400)];
            random.nextBytes(garbage);
            try (Socket socket = new Socket("127.0.0.1", port)) {
                OutputStream out = socket.getOutputStream();
                if (random.nextBoolean()) {
                    out.write(
                            "POST /input?page=0123456789 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                }
                out.write(garbage);
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                // The server may reset a connection that has sent such things.
                assertFalse(e.getMessage().contains("refused"), e.getMessage());
            }
        }
        assertEquals(200, get("/snapshot").statusCode());
        assertArrayEquals(get("/snapshot").body(), get("/snapshot").body());
        assertNotEquals(0L, frontend.status().counters().get("requests"));
    }
}
