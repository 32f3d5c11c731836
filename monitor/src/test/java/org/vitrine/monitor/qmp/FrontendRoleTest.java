package org.vitrine.monitor.qmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrine.monitor.command.CommandException;
import org.vitrine.monitor.command.Role;

/** A frontend's connection without its socket, against a monitor without a socket. */
@Timeout(120)
class FrontendRoleTest {

    private static final long BIOS_SHIFT_FLAGS = 0x417;
    private static final int LEFT_SHIFT_HELD = 2;
    private static final String REPORT =
            """
            {"report": {"endpoints": [{"protocol": "rfb", "host": "127.0.0.1", "port": 7, "url": ""}],
             "clients": [], "counters": {"updates": 3}, "options": {"port": 7}}}\
            """;

    private final Testbed testbed = new Testbed("roles");
    private final List<String> events = new ArrayList<>();
    private Peer peer;

    /** The other end of the connection. */
    private final class Peer {

        private final BlockingQueue<JsonObject> lines = new LinkedBlockingQueue<>();
        private final BlockingQueue<JsonObject> told = new LinkedBlockingQueue<>();
        private boolean disconnected;
        private final QmpSession session =
                new QmpSession(
                        testbed.monitor().dispatcher(),
                        Role.FRONTEND,
                        WireForm.COMPACT,
                        Runnable::run,
                        this::take,
                        () -> disconnected = true);

        private void take(String line) {
            JsonObject message = JsonParser.parseString(line).getAsJsonObject();
            if (message.has("event")) {
                told.add(message);
            } else if (!message.has("QMP")) {
                lines.add(message);
            }
        }

        JsonObject say(String command, String arguments) {
            String line = "{\"execute\":\"%s\",\"arguments\":%s}".formatted(command, arguments);
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            session.receive(bytes, 0, bytes.length);
            return lines.remove();
        }

        String refusal(String command, String arguments) {
            return say(command, arguments).getAsJsonObject("error").get("desc").getAsString();
        }

        JsonObject nextEvent() throws InterruptedException {
            JsonObject event = told.poll(60, TimeUnit.SECONDS);
            assertTrue(event != null, "no event came");
            return event;
        }
    }

    @BeforeEach
    void connect() {
        testbed.monitor()
                .addListener(event -> {
                    if (event.name().startsWith("FRONTEND")) {
                        events.add(event.name() + " " + event.data());
                    }
                });
        peer = newPeer();
    }

    private Peer newPeer() {
        Peer made = new Peer();
        made.session.open();
        made.say("qmp_capabilities", "{}");
        return made;
    }

    @AfterEach
    void end() {
        peer.session.close();
        testbed.close();
    }

    private void register() {
        JsonObject registered =
                peer.say("frontend-register", "{\"driver\":\"vnc\",\"pid\":4711}")
                        .getAsJsonObject("return");
        assertEquals("vnc0", registered.get("id").getAsString());
        assertEquals("roles", registered.get("name").getAsString());
        assertFalse(registered.has("options"), "it has its own options");
        assertTrue(registered.get("display").getAsString().startsWith("/"));
        assertTrue(peer.say("frontend-ready", REPORT).has("return"));
    }

    /** What the monitor tells of the frontends, while the peer answers with this report. */
    private JsonArray frontends() throws Exception {
        Thread answering =
                Thread.startVirtualThread(() -> {
                    try {
                        JsonObject request = peer.nextEvent();
                        assertEquals(
                                "FRONTEND_STATUS_REQUESTED", request.get("event").getAsString());
                        JsonObject answer = JsonParser.parseString(REPORT).getAsJsonObject();
                        answer.add("request", request.getAsJsonObject("data").get("request"));
                        peer.say("frontend-answer", answer.toString());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        JsonElement frontends = testbed.monitor().execute("query-frontends");
        answering.interrupt();
        answering.join();
        return frontends.getAsJsonArray();
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "in vain waited for: " + what);
            Thread.yield();
        }
    }

    private boolean shiftIsDown() {
        return (testbed.machine()
                                .call(() ->
                                        testbed.machine().pc().memory().read(BIOS_SHIFT_FLAGS, 1))
                        & LEFT_SHIFT_HELD)
                != 0;
    }

    private static String shift(String client) {
        return """
        {"client":"%s","events":[{"type":"key","data":{"down":true,"key":{"type":"qcode","data":"shift"}}}]}\
        """
                .formatted(client);
    }

    @Test
    void whatIsNotForFrontendsDoesNotExistForThem() {
        for (String command :
                List.of("quit", "stop", "frontend-attach", "pmemsave", "screendump")) {
            JsonObject error = peer.say(command, "{}").getAsJsonObject("error");
            assertEquals("CommandNotFound", error.get("class").getAsString(), command);
        }
    }

    @Test
    void nothingGoesBeforeRegistration() {
        assertEquals("Expecting 'frontend-register' first", peer.refusal("frontend-ready", REPORT));
        assertEquals(
                "Expecting 'frontend-register' first",
                peer.refusal("input-send-event", shift("a")));
        assertEquals(
                "Parameter 'client' is missing",
                peer.refusal("input-send-event", "{\"events\":[]}"));
    }

    @Test
    void registeredFrontendIsListedWithWhatItReports() throws Exception {
        register();
        JsonObject listed = frontends().get(0).getAsJsonObject();
        assertEquals("own-process", listed.get("placement").getAsString());
        assertEquals(4711, listed.get("pid").getAsInt());
        assertFalse(listed.get("supervised").getAsBoolean());
        assertEquals(3, listed.getAsJsonObject("counters").get("updates").getAsInt());
        assertEquals(7, listed.getAsJsonObject("options").get("port").getAsInt());
        assertEquals(List.of("FRONTEND_ATTACHED {\"id\":\"vnc0\",\"driver\":\"vnc\"}"), events);
    }

    /** It could not answer: its connection runs one command after the other. */
    @Test
    void clientsOfAVncFrontendAreToldOfWithoutAQuestionToIt() {
        List<String> vnc = new ArrayList<>();
        testbed.monitor()
                .addListener(event -> {
                    if (event.name().startsWith("VNC_")) {
                        vnc.add(event.name() + " " + event.data());
                    }
                });
        register();
        String client = "{\"client\":{\"address\":\"127.0.0.1:6000\",\"description\":\"\"}";
        assertTrue(peer.say("frontend-client-connected", client + "}").has("return"));
        assertTrue(
                peer.say("frontend-client-disconnected", client + ",\"reason\":\"\"}")
                        .has("return"));
        String ends =
                " {\"server\":{\"host\":\"127.0.0.1\",\"family\":\"ipv4\",\"service\":\"7\","
                        + "\"websocket\":false,\"auth\":\"none\"},\"client\":{\"host\":\"127.0.0.1\","
                        + "\"family\":\"ipv4\",\"service\":\"6000\",\"websocket\":false}}";
        assertEquals(
                List.of(
                        "VNC_CONNECTED" + ends,
                        "VNC_INITIALIZED" + ends,
                        "VNC_DISCONNECTED" + ends),
                vnc);
        assertEquals(List.of(), List.copyOf(peer.told));
    }

    @Test
    void secondRegistrationAndATakenIdAreRefused() {
        register();
        assertEquals(
                "this connection has registered a frontend already",
                peer.refusal("frontend-register", "{\"driver\":\"vnc\",\"pid\":1}"));
        Peer other = newPeer();
        assertEquals(
                "there is a frontend 'vnc0' already",
                other.refusal(
                        "frontend-register", "{\"driver\":\"vnc\",\"pid\":1,\"id\":\"vnc0\"}"));
    }

    @Test
    void keysOfAConnectionThatBreaksAreReleased() throws Exception {
        testbed.machine().cont();
        testbed.awaitPicture();
        register();
        await(
                "the guest to take keys",
                () -> {
                    peer.say("frontend-release-input", "{\"client\":\"a\"}");
                    peer.say("input-send-event", shift("a"));
                    return shiftIsDown();
                });
        peer.session.close();
        await("Shift to be released", () -> !shiftIsDown());
        assertEquals(
                "FRONTEND_CRASHED {\"id\":\"vnc0\",\"driver\":\"vnc\",\"message\":\"its process (pid 4711)"
                        + " has closed the connection\"}",
                events.getLast());
    }

    @Test
    void keysAreReleasedWithTheirClient() throws Exception {
        testbed.machine().cont();
        testbed.awaitPicture();
        register();
        await(
                "the guest to take keys",
                () -> {
                    peer.say("frontend-release-input", "{\"client\":\"a\"}");
                    peer.say("input-send-event", shift("a"));
                    return shiftIsDown();
                });
        assertTrue(peer.say("frontend-close-input", "{\"client\":\"a\"}").has("return"));
        await("Shift to be released", () -> !shiftIsDown());
    }

    @Test
    void goodbyeIsNoCrashAndAnErrorIs() {
        register();
        peer.say("frontend-goodbye", "{}");
        peer.session.close();
        assertEquals("FRONTEND_DETACHED {\"id\":\"vnc0\",\"driver\":\"vnc\"}", events.getLast());
        peer = newPeer();
        register();
        peer.say("frontend-goodbye", "{\"error\":\"out of paper\"}");
        peer.session.close();
        assertEquals(
                "FRONTEND_CRASHED {\"id\":\"vnc0\",\"driver\":\"vnc\",\"message\":\"out of paper\"}",
                events.getLast());
    }

    @Test
    void detachAsksTheFrontendToCloseAndWaitsForIt() throws Exception {
        register();
        Thread answering =
                Thread.startVirtualThread(() -> {
                    try {
                        assertEquals(
                                "{\"reason\":\"detached\"}",
                                peer.nextEvent().get("data").toString());
                        peer.session.close();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        JsonObject arguments = new JsonObject();
        arguments.addProperty("id", "vnc0");
        testbed.monitor().execute("frontend-detach", arguments);
        answering.join();
        assertFalse(peer.disconnected, "it was broken off");
        assertEquals("FRONTEND_DETACHED {\"id\":\"vnc0\",\"driver\":\"vnc\"}", events.getLast());
        assertTrue(testbed.monitor().execute("query-frontends").getAsJsonArray().isEmpty());
    }

    @Test
    void refusedChangeIsTheAnswerOfFrontendSet() throws Exception {
        register();
        Thread answering =
                Thread.startVirtualThread(() -> {
                    try {
                        JsonObject request = peer.nextEvent().getAsJsonObject("data");
                        assertEquals("{\"port\":9}", request.get("options").toString());
                        request.remove("options");
                        request.addProperty("error", "vnc: not while it is attached");
                        peer.say("frontend-answer", request.toString());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        CommandException refused =
                assertThrows(
                        CommandException.class,
                        () ->
                                testbed.monitor()
                                        .execute(
                                                "frontend-set",
                                                JsonParser.parseString(
                                                                "{\"id\":\"vnc0\",\"options\":{\"port\":9}}")
                                                        .getAsJsonObject()));
        answering.join();
        assertEquals("vnc: not while it is attached", refused.getMessage());
    }

    @Test
    void brokenReportIsRefused() {
        peer.say("frontend-register", "{\"driver\":\"vnc\",\"pid\":4711}");
        assertEquals(
                "Invalid parameter type for 'report.counters.updates', expected: integer",
                peer.refusal("frontend-ready", REPORT.replace("3}", "\"three\"}")));
        assertEquals(
                "Invalid parameter type for 'report.options', expected: object",
                peer.refusal("frontend-ready", REPORT.replace("{\"port\": 7}}}", "7}}")));
    }
}
