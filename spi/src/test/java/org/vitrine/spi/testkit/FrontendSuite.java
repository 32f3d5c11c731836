package org.vitrine.spi.testkit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrine.spi.Capability;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.Option;
import org.vitrine.spi.SpiVersion;
import org.vitrine.spi.display.ScriptedDisplay;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.KeyCode;

/**
 * What a host expects of every frontend, as tests. An author extends it, names the provider, and
 * says how to connect as a client; each test then runs in each placement that there is.
 *
 * <pre>{@code
 * class TeletextSuiteTest extends FrontendSuite {
 *
 *     TeletextSuiteTest(Placement placement) {
 *         super(placement, new TeletextProvider());
 *     }
 *
 *     @Override
 *     protected Viewer view(Frontend frontend) throws IOException {
 *         return new TeletextViewer(frontend.status().endpoints().getFirst().port());
 *     }
 * }
 * }</pre>
 *
 * <p>A test that needs what the viewer can't do is skipped, and says so.
 */
@InEachPlacement
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class FrontendSuite {

    /**
     * What a frontend may take to close, for the host waits no longer. In a process of its own that
     * host says so when it does, and the time that the process takes to end is not the frontend's.
     */
    private static final Duration CLOSES_WITHIN = Duration.ofSeconds(5);

    /** Options that the host takes for itself. */
    private static final Set<String> HOST_WORDS = Set.of("id", "placement", "restart");

    private static final int COLUMNS = 8;
    private static final int ROWS = 6;
    private static final int BLOCK = 40;

    private final FrontendProvider provider;
    private final Placement placement;
    private final TestHost host;
    private final ScriptedDisplay display;
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Set<String> present = new HashSet<>();

    /**
     * @param provider a new one, as {@link ServiceLoader} would make it
     */
    protected FrontendSuite(Placement placement, FrontendProvider provider) {
        this.provider = provider;
        this.placement = placement;
        this.host = placement.newHost();
        this.display = host.display();
    }

    /**
     * Words for the options of one attached frontend; asked anew for each, since a file or the like
     * can't be shared. As it stands: any free port when there is an option {@code port}, and
     * nothing else.
     */
    protected Map<String, String> options() throws Exception {
        return provider.options().option("port") == null ? Map.of() : Map.of("port", "0");
    }

    /**
     * Connects as a client of the frontend's protocol.
     *
     * @return null when tests can't: then those that need a client are skipped
     */
    protected Viewer view(Frontend frontend) throws Exception {
        return null;
    }

    /** The guest, for further tests of the author's own. */
    protected final TestHost host() {
        return host;
    }

    /** How far a pixel's red, green or blue may be from the guest's, for lossy protocols. */
    protected int tolerance() {
        return 0;
    }

    /** Attaches one with {@link #options}; it is closed after the test. */
    protected final Frontend attach() throws Exception {
        Frontend frontend = host.attach(provider, provider.options().parse(options()));
        opened.add(frontend);
        return frontend;
    }

    @AfterEach
    void nothingIsLeftBehind() throws Exception {
        try (host) {
            for (AutoCloseable one : opened.reversed()) {
                one.close();
            }
            host.awaitNothingRuns();
            assertEquals(List.of(), host.crashes());
            assertEveryClientHasGone();
        }
    }

    /** Events of frontends in other processes come after their frontend has gone. */
    private void assertEveryClientHasGone() throws InterruptedException {
        try {
            TestHost.await(() -> presentByEvents().isEmpty());
        } catch (AssertionError e) {
            throw new AssertionError("nobody has told that these clients have gone: " + present, e);
        }
    }

    /** The clients that are there, as far as frontends have told of their coming and going. */
    private Set<String> presentByEvents() {
        for (String event : host.takeEvents()) {
            String[] words = event.split(" ", 2);
            assertTrue(
                    words[0].equals("connected") ? present.add(words[1]) : present.remove(words[1]),
                    () -> event + ", but it had done so before; present are " + present);
        }
        return present;
    }

    private static Set<String> presentByStatus(Frontend frontend) {
        return frontend.status().clients().stream()
                .map(FrontendStatus.Client::address)
                .collect(Collectors.toSet());
    }

    private Viewer viewer(Frontend frontend, Viewer.Ability... needed) throws Exception {
        Viewer viewer = view(frontend);
        if (viewer != null) {
            opened.add(viewer);
            if (viewer.abilities().containsAll(Arrays.asList(needed))) {
                return viewer;
            }
        }
        String missing =
                viewer == null
                        ? "there is no viewer"
                        : "the viewer lacks one of " + List.of(needed);
        System.out.println("SKIPPED: " + provider.name() + ": " + missing);
        Assumptions.abort(missing);
        return viewer;
    }

    private Socket connect(FrontendStatus.Endpoint endpoint) throws IOException {
        Socket socket = new Socket();
        opened.add(socket);
        socket.setSoTimeout((int) TestHost.PATIENCE.toMillis());
        socket.connect(address(endpoint), (int) TestHost.PATIENCE.toMillis());
        return socket;
    }

    private static InetSocketAddress address(FrontendStatus.Endpoint endpoint) {
        return new InetSocketAddress(endpoint.host(), endpoint.port());
    }

    @Test
    void theProviderSaysWhatItIs() throws FrontendException {
        List<String> found =
                ServiceLoader.load(FrontendProvider.class).stream()
                        .map(service -> service.type().getName())
                        .toList();
        assertTrue(
                found.contains(provider.getClass().getName()),
                () -> "META-INF/services/" + FrontendProvider.class.getName() + " names " + found);
        assertTrue(
                provider.name().matches("[a-z][a-z0-9-]*"),
                () -> "'" + provider.name() + "' is no name: [a-z][a-z0-9-]*");
        assertIsOneLine("description", provider.description());
        assertIsOneLine("version", provider.version());
        assertTrue(
                provider.spiVersion().startsWith(SpiVersion.MAJOR + "."),
                "spiVersion() returns SpiVersion.CURRENT");
        for (Option option : provider.options().options()) {
            String name = option.name();
            assertTrue(
                    name.matches("[a-z][a-z0-9-]*") && !HOST_WORDS.contains(name),
                    () -> "'" + name + "' is no name of an option, or one of the host's own");
            assertIsOneLine("description of option " + name, option.description());
            if (option.defaultValue() != null) {
                assertFalse(option.secret(), () -> "option " + name + " has a secret default");
                assertEquals(option.defaultValue(), option.check(option.defaultValue()));
            }
        }
        Option address = provider.options().option("host");
        if (address != null && address.defaultValue() != null) {
            assertTrue(
                    new InetSocketAddress((String) address.defaultValue(), 0)
                            .getAddress()
                            .isLoopbackAddress(),
                    "unless it is told otherwise, a frontend listens on loopback alone");
        }
    }

    private static void assertIsOneLine(String what, String text) {
        assertTrue(
                text != null && !text.isBlank() && text.lines().count() == 1,
                () -> what + " is '" + text + "', and should be one line");
    }

    @Test
    void itComesBeforeTheFirstPictureAndGoesWithoutATrace() throws Exception {
        Frontend frontend = attach();
        FrontendStatus status = frontend.status();
        assertEquals(List.of(), status.clients());
        status.counters()
                .forEach((counter, value) -> assertTrue(value >= 0, () -> counter + "=" + value));
        reconfigureWithTheSame(frontend);
        assertEquals(status.endpoints(), frontend.status().endpoints());
        close(frontend);
        host.awaitNothingRuns();
        for (FrontendStatus.Endpoint endpoint : status.endpoints()) {
            try (ServerSocket free = new ServerSocket()) {
                free.setReuseAddress(true);
                assertDoesNotThrow(() -> free.bind(address(endpoint)), endpoint.url());
            }
        }
        frontend.close();
        assertNotNull(frontend.status());
    }

    private void reconfigureWithTheSame(Frontend frontend) throws Exception {
        try {
            frontend.reconfigure(provider.options().parse(options()));
        } catch (FrontendException refusal) {
            assertIsOneLine("refusal", refusal.getMessage());
        }
    }

    private void close(Frontend frontend) {
        long start = System.nanoTime();
        frontend.close();
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(
                placement != Placement.IN_PROCESS || taken.compareTo(CLOSES_WITHIN) < 0,
                () -> "closing took " + taken);
    }

    @Test
    void twoRunSideBySide() throws Exception {
        display.setText("side by side");
        Frontend one = attach();
        Frontend other = attach();
        for (FrontendStatus.Endpoint endpoint : one.status().endpoints()) {
            other.status().endpoints().forEach(another -> assertNotEquals(endpoint, another));
        }
        close(one);
        for (FrontendStatus.Endpoint endpoint : other.status().endpoints()) {
            connect(endpoint);
        }
    }

    @Test
    void aPortInUseIsRefusedAndNothingIsLeft() throws Exception {
        Option port = provider.options().option("port");
        Assumptions.assumeTrue(port != null && port.type() == Option.Type.INTEGER);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Map<String, String> words = new HashMap<>(options());
            words.put("port", String.valueOf(taken.getLocalPort()));
            FrontendException refusal =
                    assertThrows(
                            FrontendException.class,
                            () ->
                                    opened.add(
                                            host.attach(
                                                    provider, provider.options().parse(words))));
            assertIsOneLine("refusal", refusal.getMessage());
            assertTrue(
                    refusal.getMessage().contains(String.valueOf(taken.getLocalPort())),
                    refusal.getMessage());
        }
    }

    @Test
    void clientsThatTalkNonsenseOrNotAtAllHarmNobody() throws Exception {
        display.setText("seed " + seed);
        Frontend frontend = attach();
        List<FrontendStatus.Endpoint> endpoints = frontend.status().endpoints();
        Assumptions.assumeFalse(endpoints.isEmpty());
        System.out.println(provider.name() + ": nonsense of seed " + seed);
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Socket socket = connect(endpoints.get(i % endpoints.size()));
            if (i % 10 == 0) {
                silent.add(socket);
            } else {
                talkNonsense(socket, i);
            }
        }
        assertEquals(endpoints, frontend.status().endpoints());
        TestHost.await(() -> presentByEvents().equals(presentByStatus(frontend)));
        Viewer viewer = viewAmongStrangers(frontend);
        if (viewer != null) {
            opened.add(viewer);
            awaitNewScreen(viewer);
        }
        close(frontend);
        for (Socket socket : silent) {
            TestHost.awaitEnd(socket);
        }
    }

    /**
     * Connects, though the frontend may turn newcomers away until it has noticed that most of the
     * strangers have gone.
     */
    private Viewer viewAmongStrangers(Frontend frontend) throws Exception {
        long deadline = System.nanoTime() + TestHost.PATIENCE.toNanos();
        while (true) {
            try {
                return view(frontend);
            } catch (IOException e) {
                if (System.nanoTime() - deadline >= 0) {
                    throw e;
                }
            }
            TimeUnit.MILLISECONDS.sleep(1); // between two attempts
        }
    }

    private void talkNonsense(Socket socket, int number) throws IOException {
        byte[] nonsense = new byte[1 + random.nextInt(400)];
        random.nextBytes(nonsense);
        if (number % 3 == 0) {
            for (int i = 0; i < nonsense.length; i++) {
                nonsense[i] = (byte) (random.nextInt(8) == 0 ? '\n' : ' ' + random.nextInt(95));
            }
        }
        try {
            socket.getOutputStream().write(nonsense);
            if (number % 4 == 0) {
                socket.setSoLinger(true, 0); // closing resets the connection
            }
        } catch (IOException e) {
            // The frontend has heard enough already.
        }
        socket.close();
    }

    @Test
    void aModeStormHarmsNobody() throws Exception {
        display.setText("seed " + seed);
        Frontend frontend = attach();
        System.out.println(provider.name() + ": mode storm of seed " + seed);
        for (FrontendStatus.Endpoint endpoint : frontend.status().endpoints()) {
            connect(endpoint); // It reads nothing, and holds nobody up.
        }
        Viewer viewer = view(frontend);
        if (viewer != null) {
            opened.add(viewer);
        }
        ModeStorm storm = new ModeStorm(seed);
        for (int i = 0; i < 60; i++) {
            storm.step(display);
            if (viewer != null && i % 10 == 0) {
                look(viewer);
            }
        }
        frontend.status();
        if (viewer != null) {
            awaitNewScreen(viewer);
        }
        close(frontend);
    }

    private static void look(Viewer viewer) throws Exception {
        if (viewer.abilities().contains(Viewer.Ability.TEXT)) {
            viewer.text();
        }
        if (viewer.abilities().contains(Viewer.Ability.PICTURE)) {
            viewer.picture();
        }
    }

    /** Draws something that was never there, and waits until the viewer has it. */
    private void awaitNewScreen(Viewer viewer) throws Exception {
        if (viewer.abilities().contains(Viewer.Ability.TEXT)) {
            awaitNewText(viewer);
        }
        if (viewer.abilities().contains(Viewer.Ability.PICTURE)) {
            awaitNewPicture(viewer);
        }
    }

    private void awaitNewText(Viewer viewer) throws Exception {
        String[] lines = new String[25];
        for (int row = 0; row < lines.length; row++) {
            StringBuilder line = new StringBuilder();
            for (int i = random.nextInt(80); i > 0; i--) {
                line.append((char) (' ' + random.nextInt(95)));
            }
            lines[row] = line.toString().stripTrailing();
        }
        display.setText(lines);
        awaitSeen(() -> Arrays.asList(lines).equals(viewer.text()), "the screen's text");
    }

    private void awaitNewPicture(Viewer viewer) throws Exception {
        int[] colours = random.ints(COLUMNS * ROWS, 0, 0x1000000).toArray();
        display.setMode(COLUMNS * BLOCK, ROWS * BLOCK);
        for (int i = 0; i < colours.length; i++) {
            display.fill(i % COLUMNS * BLOCK, i / COLUMNS * BLOCK, BLOCK, BLOCK, colours[i]);
        }
        display.publish();
        awaitSeen(() -> shows(viewer.picture(), colours), "the screen's picture");
    }

    /** Whether the middle of each block has its colour: lossy pictures blur the edges. */
    private boolean shows(Viewer.Picture picture, int[] colours) {
        if (picture == null
                || picture.width() != COLUMNS * BLOCK
                || picture.height() != ROWS * BLOCK) {
            return false;
        }
        for (int i = 0; i < colours.length; i++) {
            int x = i % COLUMNS * BLOCK + BLOCK / 2;
            int y = i / COLUMNS * BLOCK + BLOCK / 2;
            int seen = picture.pixels()[y * picture.width() + x];
            for (int shift = 0; shift <= 16; shift += 8) {
                int difference = (seen >> shift & 0xFF) - (colours[i] >> shift & 0xFF);
                if (Math.abs(difference) > tolerance()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** A look that may fail. */
    private interface Look {
        boolean seen() throws Exception;
    }

    private void awaitSeen(Look look, String what) throws Exception {
        long deadline = System.nanoTime() + TestHost.PATIENCE.toNanos();
        while (!look.seen()) {
            if (System.nanoTime() - deadline >= 0) {
                throw new AssertionError(what + " did not come to the viewer; seed " + seed);
            }
            TimeUnit.MILLISECONDS.sleep(2); // between two looks
        }
    }

    @Test
    void aViewerSeesWhatTheGuestShows() throws Exception {
        Frontend frontend = attach();
        display.setText("before anybody came");
        Viewer viewer = viewer(frontend);
        for (int i = 0; i < 3; i++) {
            awaitNewScreen(viewer);
        }
        for (FrontendStatus.Client client : frontend.status().clients()) {
            assertTrue(
                    client.address().matches(".*:\\d+"),
                    () -> "a client's address is HOST:PORT, not " + client.address());
        }
    }

    @Test
    void aViewerNeverSeesHalfAFrame() throws Exception {
        Frontend frontend = attach();
        display.setText("before anybody came");
        Viewer viewer = viewer(frontend);
        if (viewer.abilities().contains(Viewer.Ability.TEXT)) {
            TearingDetector letters = TearingDetector.ofLetters(display);
            whileDrawing(
                    letters,
                    seen -> {
                        List<String> lines = viewer.text();
                        if (lines != null && lines.getFirst().length() == 80) {
                            TearingDetector.check(lines);
                            seen.add(lines.getFirst());
                        }
                    });
        }
        if (viewer.abilities().contains(Viewer.Ability.PICTURE)) {
            TearingDetector colours = TearingDetector.ofColours(display, 640, 480);
            whileDrawing(
                    colours,
                    seen -> {
                        Viewer.Picture picture = viewer.picture();
                        if (picture != null && picture.width() == 640 && picture.height() == 480) {
                            TearingDetector.check(picture, 2 * tolerance());
                            seen.add(picture.pixels()[0]);
                        }
                    });
        }
    }

    /** Notes which frames are seen, and fails at one that is torn. */
    private interface Watch {
        void look(Set<Object> seen) throws Exception;
    }

    /** Looks at frames, which are drawn by another thread, until some have been seen. */
    private static void whileDrawing(TearingDetector frames, Watch watch) throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        Thread drawing =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!enough.get()) {
                                frames.next();
                                Thread.yield();
                            }
                        });
        try {
            Set<Object> seen = new HashSet<>();
            long deadline = System.nanoTime() + TestHost.PATIENCE.toNanos();
            while (seen.size() < 8) {
                watch.look(seen);
                assertTrue(
                        System.nanoTime() - deadline < 0,
                        () -> "of all frames that were drawn the viewer saw only " + seen.size());
            }
        } finally {
            enough.set(true);
            drawing.join();
        }
    }

    @Test
    void keysArriveAndAreReleasedWhenTheirViewerGoes() throws Exception {
        display.setText("type something");
        Frontend frontend = attach();
        Viewer viewer = viewer(frontend, Viewer.Ability.TYPES);
        assertTrue(
                provider.capabilities().contains(Capability.INPUT),
                "capabilities() tells that its clients can type");
        for (KeyCode key : List.of(KeyCode.H, KeyCode.I, KeyCode.RET)) {
            viewer.tap(key);
            assertEquals(new InputEvent.Key(key, true), host.nextInput());
            assertEquals(new InputEvent.Key(key, false), host.nextInput());
        }
        if (viewer.abilities().contains(Viewer.Ability.HOLDS_KEYS)) {
            viewer.key(KeyCode.A, true);
            assertEquals(new InputEvent.Key(KeyCode.A, true), host.nextInput());
            viewer.close();
            assertEquals(new InputEvent.Key(KeyCode.A, false), host.nextInput());
        } else {
            viewer.close();
        }
        TestHost.await(() -> host.openInputs() == 0);
        assertTrue(host.inputIsEmpty());
    }
}
