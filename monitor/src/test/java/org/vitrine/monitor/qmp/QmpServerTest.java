package org.vitrine.monitor.qmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.core.machine.ShutdownCause;
import org.vitrine.monitor.command.CommandException;
import org.vitrine.monitor.command.CommandException.ErrorClass;
import org.vitrine.monitor.command.MonitorEvent;

@Timeout(240)
class QmpServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Testbed testbed = new Testbed("served");

    @TempDir private Path folder;

    @AfterEach
    void endMachine() {
        testbed.close();
    }

    private QmpServer serve() throws IOException {
        return new QmpServer(
                testbed.monitor(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static JsonObject arguments(String name, String value) {
        JsonObject arguments = new JsonObject();
        arguments.addProperty(name, value);
        return arguments;
    }

    @Test
    void everyClientIsAnsweredAndToldOfEvents() throws Exception {
        try (QmpServer server = serve();
                QmpClient first = QmpClient.connect(server.address(), PATIENCE);
                QmpClient second = QmpClient.connect(server.address(), PATIENCE)) {
            BlockingQueue<MonitorEvent> events = new LinkedBlockingQueue<>();
            second.addListener(events::add);
            assertEquals(
                    "served",
                    first.execute("query-name").getAsJsonObject().get("name").getAsString());
            first.execute("cont");
            assertEquals("RESUME", next(events));
            first.execute("stop");
            assertEquals("STOP", next(events));
        }
    }

    /** The next event; the guest's own changes of its screen come when they come. */
    private static String next(BlockingQueue<MonitorEvent> events) throws InterruptedException {
        while (true) {
            MonitorEvent event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (event == null || !event.name().equals("DISPLAY_MODE_CHANGED")) {
                return event == null ? "nothing within " + PATIENCE : event.name();
            }
        }
    }

    @Test
    void anEventComesBeforeTheReplyOfItsCause() throws Exception {
        try (QmpServer server = serve();
                Socket socket = connect(server)) {
            BufferedReader in = reader(socket);
            assertTrue(line(in).startsWith("{\"QMP\": {\"version\": "));
            send(socket, "{\"execute\":\"qmp_capabilities\"}{\"execute\":\"cont\",\"id\":1}");
            assertEquals("{\"return\": {}}", line(in));
            assertTrue(line(in).endsWith(", \"event\": \"RESUME\"}"));
            assertEquals("{\"return\": {}, \"id\": 1}", line(in));
        }
    }

    @Test
    void aCommandOutOfBandOvertakesTheOneThatWaits() throws Exception {
        try (QmpServer server = serve();
                Socket socket = connect(server)) {
            BufferedReader in = reader(socket);
            line(in);
            send(socket, "{'execute':'qmp_capabilities','arguments':{'enable':['oob']}}");
            assertEquals("{\"return\": {}}", line(in));
            send(
                    socket,
                    "{'execute':'wait-screen-text','arguments':{'pattern':'vitrine>'},'id':1}"
                            + "{'execute':'query-name','id':2}"
                            + "{'exec-oob':'query-name','id':3}"
                            + "{'exec-oob':'cont','id':4}");
            assertEquals("{\"return\": {\"name\": \"served\"}, \"id\": 3}", line(in));
            assertEquals(
                    "{\"id\": 4, \"error\": {\"class\": \"GenericError\", \"desc\": \"The command cont does not support OOB\"}}",
                    line(in));
            testbed.machine().cont();
            assertTrue(line(in).endsWith("\"event\": \"RESUME\"}"));
            assertTrue(line(in).startsWith("{\"return\": {\"column\": 0, "));
            assertEquals("{\"return\": {\"name\": \"served\"}, \"id\": 2}", line(in));
        }
    }

    @Test
    void clientsThatAreHungUpGoAndOthersMayCome() throws Exception {
        try (QmpServer server = serve();
                Socket socket = connect(server)) {
            BufferedReader in = reader(socket);
            line(in);
            server.hangUp();
            assertNull(line(in));
            try (Socket next = connect(server)) {
                assertTrue(line(reader(next)).startsWith("{\"QMP\": "));
            }
        }
    }

    @Test
    void quitIsToldOfAndAnsweredThoughTheMachineEnds() throws Exception {
        try (QmpServer server = serve();
                Socket socket = connect(server)) {
            BufferedReader in = reader(socket);
            line(in);
            send(socket, "{\"execute\":\"qmp_capabilities\"}{\"execute\":\"quit\"}");
            assertEquals("{\"return\": {}}", line(in));
            assertTrue(
                    line(in).endsWith(
                                    "\"event\": \"SHUTDOWN\", \"data\": {\"guest\": false, \"reason\": \"host-qmp-quit\"}}"));
            assertEquals("{\"return\": {}}", line(in));
            assertEquals(
                    ShutdownCause.HOST_QMP_QUIT,
                    testbed.machine().ended().get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
    }

    @Test
    void repliesOfAHalfClosedClientStillCome() throws Exception {
        try (QmpServer server = serve();
                Socket socket = connect(server)) {
            send(
                    socket,
                    "{\"execute\":\"qmp_capabilities\"}"
                            + "{\"execute\":\"query-status\"}".repeat(100));
            socket.shutdownOutput();
            assertEquals(102, reader(socket).lines().filter(line -> !isScreenEvent(line)).count());
        }
    }

    @Test
    void errorsKeepTheirClass() throws Exception {
        try (QmpServer server = serve();
                QmpClient client = QmpClient.connect(server.address(), PATIENCE)) {
            CommandException unknown =
                    assertThrows(CommandException.class, () -> client.execute("no-such-cmd"));
            assertEquals(ErrorClass.COMMAND_NOT_FOUND, unknown.errorClass());
            CommandException missing =
                    assertThrows(
                            CommandException.class,
                            () -> client.execute("frontend-detach", arguments("id", "nope")));
            assertEquals(ErrorClass.DEVICE_NOT_FOUND, missing.errorClass());
        }
    }

    @Test
    void aClientThatDoesNotReadIsPutOut() throws Exception {
        try (QmpServer server = serve();
                Socket socket = connect(server)) {
            // An error of 64 KiB for each 64 KiB of request: the socket's buffers fill, then the
            // backlog.
            String request = "{\"execute\":\"" + "x".repeat(1 << 16) + "\"}";
            send(socket, "{\"execute\":\"qmp_capabilities\"}");
            assertThrows(
                    IOException.class,
                    () -> {
                        for (int i = 0; i < 1000; i++) {
                            send(socket, request);
                        }
                    });
        }
    }

    @Test
    void aUnixSocketIsItsOwnersAloneAndGoesWithTheServer() throws Exception {
        Path path = folder.resolve("qmp.sock");
        try (QmpServer server = new QmpServer(testbed.monitor(), UnixDomainSocketAddress.of(path));
                QmpClient client = QmpClient.connect(UnixDomainSocketAddress.of(path), PATIENCE)) {
            assertEquals(UnixDomainSocketAddress.of(path), server.address());
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            assertTrue(client.greeting().has("version"));
        }
        assertFalse(Files.exists(path));
    }

    @Test
    void aSocketFileThatNobodyServesIsReplaced() throws Exception {
        Path path = folder.resolve("stale.sock");
        ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        dead.bind(UnixDomainSocketAddress.of(path));
        dead.close();
        assertTrue(Files.exists(path));
        try (QmpServer server = new QmpServer(testbed.monitor(), UnixDomainSocketAddress.of(path));
                QmpClient client = QmpClient.connect(server.address(), PATIENCE)) {
            assertTrue(client.greeting().has("version"));
        }
    }

    @Test
    void aSocketInUseIsNotTaken() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("used.sock"));
        try (QmpServer server = new QmpServer(testbed.monitor(), address);
                QmpClient client = QmpClient.connect(server.address(), PATIENCE)) {
            IOException refusal =
                    assertThrows(
                            IOException.class,
                            () -> new QmpServer(testbed.monitor(), address).close());
            assertEquals(
                    "can't listen at " + address.getPath() + ": it is in use",
                    refusal.getMessage());
            assertTrue(client.execute("query-status").isJsonObject());
        }
    }

    @Test
    void aFileThatIsNoSocketIsNotTouched() throws Exception {
        Path path = Files.writeString(folder.resolve("precious"), "data");
        IOException refusal =
                assertThrows(
                        IOException.class,
                        () ->
                                new QmpServer(testbed.monitor(), UnixDomainSocketAddress.of(path))
                                        .close());
        assertEquals(
                "can't listen at " + path + ": there is a file that is no socket",
                refusal.getMessage());
        assertEquals("data", Files.readString(path));
    }

    @Test
    void theClientSaysThatTheServerHasGone() throws Exception {
        QmpServer server = serve();
        try (QmpClient client = QmpClient.connect(server.address(), PATIENCE)) {
            server.close();
            client.closed().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            CommandException lost =
                    assertThrows(CommandException.class, () -> client.execute("query-status"));
            assertEquals("the connection to the emulator is lost", lost.getMessage());
        }
    }

    @Test
    void anInterruptWhileACommandIsSentLeavesTheConnection() throws Exception {
        try (QmpServer server = serve();
                QmpClient client = QmpClient.connect(server.address(), PATIENCE)) {
            Thread.currentThread().interrupt();
            try {
                client.execute("query-name");
            } catch (CommandException e) {
                assertEquals("the wait for 'query-name' was broken off", e.getMessage());
            }
            assertTrue(Thread.interrupted(), "the interrupt is gone");
            assertEquals(
                    "served",
                    client.execute("query-name").getAsJsonObject().get("name").getAsString());
        }
    }

    @Test
    void whereNobodyListensIsSaid() {
        Path nowhere = folder.resolve("nowhere");
        IOException e =
                assertThrows(
                        IOException.class,
                        () ->
                                new ReconnectingClient(
                                        UnixDomainSocketAddress.of(nowhere), PATIENCE));
        assertTrue(e.getMessage().startsWith("can't connect to " + nowhere + ": "), e.getMessage());
    }

    @Test
    void prettyMessagesTakeSeveralLines() throws Exception {
        try (QmpServer server =
                        new QmpServer(
                                testbed.monitor(),
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                WireForm.PRETTY);
                Socket socket = connect(server)) {
            BufferedReader in = reader(socket);
            assertEquals("{", in.readLine());
            assertEquals("    \"QMP\": {", in.readLine());
            assertEquals("        \"version\": {", in.readLine());
            while (!in.readLine().equals("}")) {
                // The rest of the greeting.
            }
            send(socket, "{\"execute\":\"qmp_capabilities\",\"id\":[1,{}]}");
            String reply = "";
            for (String line = in.readLine(); !line.equals("}"); line = in.readLine()) {
                reply += line + "\n";
            }
            // As QEMU 7.2 writes it with -qmp-pretty: what is empty takes two lines too.
            assertEquals(
                    """
                    {
                        "return": {
                        },
                        "id": [
                            1,
                            {
                            }
                        ]
                    """,
                    reply);
        }
    }

    @Test
    void aMonitorCanCallItsClient() throws Exception {
        Path path = folder.resolve("client.sock");
        try (ServerSocketChannel client = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.bind(UnixDomainSocketAddress.of(path));
            try (MonitorCall call =
                            MonitorCall.qmp(
                                    testbed.monitor(),
                                    UnixDomainSocketAddress.of(path),
                                    WireForm.COMPACT);
                    SocketChannel channel = client.accept()) {
                BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(
                                        Channels.newInputStream(channel),
                                        StandardCharsets.US_ASCII));
                assertTrue(in.readLine().startsWith("{\"QMP\": "));
                channel.write(
                        ByteBuffer.wrap(
                                "{\"execute\":\"qmp_capabilities\"}"
                                        .getBytes(StandardCharsets.US_ASCII)));
                assertEquals("{\"return\": {}}", in.readLine());
                assertTrue(call.isConnected());
            }
        }
    }

    @Test
    void nobodyToCallIsAnError() {
        IOException refusal =
                assertThrows(
                        IOException.class,
                        () ->
                                MonitorCall.qmp(
                                                testbed.monitor(),
                                                UnixDomainSocketAddress.of(
                                                        folder.resolve("none.sock")),
                                                WireForm.COMPACT)
                                        .close());
        assertTrue(refusal.getMessage().startsWith("can't connect to "), refusal.getMessage());
    }

    @Test
    void theHumanMonitorIsServedLineByLine() throws Exception {
        try (QmpServer server =
                        QmpServer.human(
                                testbed.monitor(),
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Socket socket = connect(server)) {
            BufferedReader in = reader(socket);
            assertEquals("Vitrine 0.1.0 monitor - type 'help' for more information", in.readLine());
            send(socket, "info name\nnope\n");
            assertEquals("(vitrine) served", in.readLine());
            assertEquals("(vitrine) unknown command: 'nope'", in.readLine());
        }
    }

    @Test
    void theStartCanWaitForAClient() throws Exception {
        try (QmpServer server = serve()) {
            CompletableFuture<Void> waiting =
                    CompletableFuture.runAsync(() -> {
                        try {
                            server.awaitClient();
                        } catch (InterruptedException e) {
                            throw new CompletionException(e);
                        }
                    });
            assertEquals(0, server.clients());
            assertFalse(waiting.isDone());
            try (Socket socket = connect(server)) {
                assertTrue(socket.isConnected());
                waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertEquals(1, server.clients());
            }
        }
    }

    private static Socket connect(QmpServer server) throws IOException {
        InetSocketAddress address = (InetSocketAddress) server.address();
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    private static boolean isScreenEvent(String line) {
        return line.contains("\"event\": \"DISPLAY_MODE_CHANGED\"");
    }

    /** The next line that does not tell of the guest's screen. */
    private static String line(BufferedReader in) throws IOException {
        String line = in.readLine();
        while (line != null && isScreenEvent(line)) {
            line = in.readLine();
        }
        return line;
    }

    private static void send(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
