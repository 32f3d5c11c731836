package org.vitrine.monitor.qmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.vitrine.monitor.command.CharacterDevices;
import org.vitrine.monitor.command.MonitorEvent;

/**
 * Replays exchanges that were recorded from QEMU 7.2, and compares what comes back byte by byte.
 */
class WireRecordTest {

    /**
     * What is not the same here.
     *
     * @param recorded what QEMU answered, as a regular expression
     * @param here what stands in its place
     * @param reason why
     */
    private record Difference(String recorded, String here, String reason) {}

    /** The exceptions of single exchanges, by the exchange's name. */
    private static final Map<String, Difference> EXCEPTIONS =
            new TreeMap<>(
                    Map.of(
                            "query-kvm",
                            new Difference(
                                    "\"present\": true",
                                    "\"present\": false",
                                    "the recording QEMU was built with KVM; Vitrine has none"),
                            "query-vnc-servers",
                            new Difference(
                                    "\\[\\{.*}]",
                                    "[]",
                                    "QEMU makes a VNC display by itself, which listens nowhere;"
                                            + " Vitrine lists those that were attached"),
                            "query-chardev",
                            new Difference(
                                    "\\{[^{}]*\"label\": \"(parallel0|serial0)\"}(, )?|, (?=\\{[^{}]*serial0)",
                                    "",
                                    "QEMU makes a serial and a parallel port by itself; the"
                                            + " monitor's socket is the same"),
                            "query-cpus-fast",
                            new Difference(
                                    "x86_64",
                                    "i386",
                                    "the recording QEMU was the one for 64-bit guests"),
                            "display-reload vnc",
                            new Difference(
                                    "vnc tls is not enabled",
                                    "Can not find vnc display",
                                    "QEMU makes a VNC display by itself; without one it says this"
                                            + " as well")));

    /** Exceptions of all exchanges. */
    private static final List<Difference> GENERAL =
            List.of(
                    new Difference(
                            "\"micro\": 22",
                            "\"micro\": 0",
                            "the patch level of the QEMU recorded"),
                    new Difference(
                            "\"package\": \"[^\"]*\"",
                            "\"package\": \"Vitrine 0.1.0\"",
                            "each program tells its own version there"),
                    new Difference(
                            "\"thread-id\": \\d{2,}",
                            "\"thread-id\": HOST",
                            "the host's number for the CPU's thread"),
                    new Difference(
                            "/dev/pts/\\d+",
                            "/dev/pts/HOST",
                            "the host's number for the pseudo-terminal"),
                    new Difference(
                            "\"seconds\": \\d+, \"microseconds\": \\d+",
                            "TIME",
                            "the time of the event"));

    private static final Map<String, String> GENERATED =
            Map.of(
                    "id nested 1023 arrays",
                    "{\"execute\":\"query-name\",\"id\":"
                            + "[".repeat(1023)
                            + "]".repeat(1023)
                            + "}\n",
                    "1025 open brackets",
                    "[".repeat(1025),
                    "1025 open braces",
                    "{\"a\":".repeat(1025),
                    "2^21 tokens",
                    "{\"execute\":\"query-name\",\"id\":[" + "1,".repeat(1 << 20) + "1]}\n");

    @Test
    void answersAreThoseOfQemu() throws IOException {
        Path record = record();
        assumeTrue(record != null, "the record of exchanges is not here");
        List<String> wrong = new ArrayList<>();
        int passed = 0;
        try (Testbed testbed = new Testbed("transcript")) {
            testbed.monitor()
                    .characterDevices()
                    .add(
                            new CharacterDevices.Device(
                                    "compat_monitor0",
                                    "socket",
                                    () -> "unix:/tmp/tmp6etoxrav.sock,server=on",
                                    () -> true,
                                    null,
                                    true,
                                    () -> {}));
            for (String line : Files.readAllLines(record)) {
                JsonObject exchange = JsonParser.parseString(line).getAsJsonObject();
                String difference = replay(testbed, exchange);
                if (difference == null) {
                    passed++;
                } else {
                    wrong.add(exchange.get("case").getAsString() + ": " + difference);
                }
            }
        }
        System.err.printf("wire record: %d passed, %d differ%n", passed, wrong.size());
        GENERAL.forEach(exception -> System.err.println("  everywhere: " + exception.reason()));
        EXCEPTIONS.forEach(
                (name, exception) -> System.err.println("  " + name + ": " + exception.reason()));
        assertEquals(List.of(), wrong);
        assertEquals(81, passed);
    }

    /** The difference, or null when there is none. */
    private static String replay(Testbed testbed, JsonObject exchange) {
        String name = exchange.get("case").getAsString();
        StringBuilder out = new StringBuilder();
        QmpSession session =
                new QmpSession(testbed.monitor().dispatcher(), Runnable::run, out::append);
        // QEMU has no event for the guest's change of its screen, which may come at any moment.
        Consumer<MonitorEvent> listener =
                event -> {
                    if (!event.name().equals("DISPLAY_MODE_CHANGED")) {
                        session.event(event);
                    }
                };
        testbed.monitor().addListener(listener);
        try {
            session.open();
            String mode = exchange.get("mode").getAsString();
            if (!mode.equals("connect")) {
                out.setLength(0);
            }
            if (mode.equals("neg")) {
                send(session, "{\"execute\":\"qmp_capabilities\"}\n");
                out.setLength(0);
            }
            if (mode.equals("oob")) {
                send(
                        session,
                        "{\"execute\":\"qmp_capabilities\",\"arguments\":{\"enable\":[\"oob\"]}}\n");
                out.setLength(0);
            }
            if (exchange.has("send_gen")) {
                send(session, GENERATED.get(name));
            } else {
                exchange.getAsJsonArray("send").forEach(text -> send(session, text.getAsString()));
            }
            String difference =
                    difference(expected(name, exchange.getAsJsonArray("recv")), out.toString());
            if (difference == null && exchange.has("probe_recv")) {
                out.setLength(0);
                send(session, "{\"execute\":\"no-such-cmd\",\"id\":\"probe\"}\n");
                difference =
                        difference(
                                expected(name, exchange.getAsJsonArray("probe_recv")),
                                out.toString());
            }
            return difference;
        } finally {
            testbed.monitor().removeListener(listener);
        }
    }

    private static void send(QmpSession session, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        session.receive(bytes, 0, bytes.length);
    }

    /** What QEMU answered, with the exchange's own exception. */
    private static String expected(String name, JsonArray lines) {
        StringBuilder expected = new StringBuilder();
        for (JsonElement line : lines) {
            expected.append(line.getAsString());
        }
        Difference exception = EXCEPTIONS.get(name);
        return exception == null
                ? expected.toString()
                : expected.toString().replaceAll(exception.recorded(), exception.here());
    }

    private static String difference(String expected, String actual) {
        // One very long answer was cut when it was recorded.
        boolean whole = expected.isEmpty() || expected.endsWith("\r\n");
        boolean same =
                whole
                        ? general(expected).equals(general(actual))
                        : actual.startsWith(expected) && actual.endsWith("\r\n");
        return same ? null : "expected " + expected + " but was " + actual;
    }

    private static String general(String text) {
        String general = text;
        for (Difference exception : GENERAL) {
            general = general.replaceAll(exception.recorded(), exception.here());
        }
        return general;
    }

    /**
     * The file with the exchanges, in a folder "shared" beside the project or above it; null when
     * there is none.
     */
    static Path record() {
        for (Path folder = Path.of("").toAbsolutePath();
                folder != null;
                folder = folder.getParent()) {
            Path record = folder.resolve("shared/data/qmp/wire-cases.jsonl");
            if (Files.exists(record)) {
                return record;
            }
        }
        return null;
    }
}
