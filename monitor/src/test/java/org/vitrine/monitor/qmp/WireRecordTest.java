package org.vitrine.monitor.qmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
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
import org.vitrine.monitor.command.MonitorEvent;

/** Replays exchanges that were recorded from QEMU 7.2, and compares what comes back byte by byte. */
class WireRecordTest {

    /** Why an exchange can't be the same here. */
    private static final Map<String, String> LEFT_OUT = new TreeMap<>(Map.of(
            "query-kvm", "the recording host had KVM; Vitrine never has",
            "query-vnc-servers", "no such command yet",
            "query-chardev", "no such command yet",
            "query-cpus-fast", "no such command yet",
            "change-vnc-password", "no such command yet",
            "display-reload vnc", "no such command yet",
            "device_add unknown driver", "no such command yet",
            "eject unknown", "no such command yet",
            "chardev-add pty", "no such command yet",
            "add-fd without fd", "no such command yet"));

    private static final Map<String, String> GENERATED = Map.of(
            "id nested 1023 arrays",
                    "{\"execute\":\"query-name\",\"id\":" + "[".repeat(1023) + "]".repeat(1023) + "}\n",
            "1025 open brackets", "[".repeat(1025),
            "1025 open braces", "{\"a\":".repeat(1025),
            "2^21 tokens", "{\"execute\":\"query-name\",\"id\":[" + "1,".repeat(1 << 20) + "1]}\n");

    @Test
    void answersAreThoseOfQemu() throws IOException {
        Path record = record();
        assumeTrue(record != null, "the record of exchanges is not here");
        List<String> wrong = new ArrayList<>();
        Map<String, String> leftOut = new TreeMap<>();
        int passed = 0;
        try (Testbed testbed = new Testbed("transcript")) {
            for (String line : Files.readAllLines(record)) {
                JsonObject exchange = JsonParser.parseString(line).getAsJsonObject();
                String name = exchange.get("case").getAsString();
                if (LEFT_OUT.containsKey(name)) {
                    leftOut.put(name, LEFT_OUT.get(name));
                    continue;
                }
                String difference = replay(testbed, exchange);
                if (difference == null) {
                    passed++;
                } else {
                    wrong.add(name + ": " + difference);
                }
            }
        }
        System.err.printf("wire record: %d passed, %d differ, %d left out%n", passed, wrong.size(), leftOut.size());
        leftOut.forEach((name, reason) -> System.err.println("  left out: " + name + ": " + reason));
        assertTrue(passed > 0, "nothing was replayed");
        assertEquals(List.of(), wrong);
    }

    /** The difference, or null when there is none. */
    private static String replay(Testbed testbed, JsonObject exchange) {
        StringBuilder out = new StringBuilder();
        QmpSession session = new QmpSession(testbed.monitor().dispatcher(), Runnable::run, out::append);
        Consumer<MonitorEvent> listener = session::event;
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
                send(session, "{\"execute\":\"qmp_capabilities\",\"arguments\":{\"enable\":[\"oob\"]}}\n");
                out.setLength(0);
            }
            if (exchange.has("send_gen")) {
                send(session, GENERATED.get(exchange.get("case").getAsString()));
            } else {
                exchange.getAsJsonArray("send").forEach(text -> send(session, text.getAsString()));
            }
            String difference = difference(expected(exchange.getAsJsonArray("recv")), out.toString());
            if (difference == null && exchange.has("probe_recv")) {
                out.setLength(0);
                send(session, "{\"execute\":\"no-such-cmd\",\"id\":\"probe\"}\n");
                difference = difference(expected(exchange.getAsJsonArray("probe_recv")), out.toString());
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

    /** What QEMU answered, with our version in the place of its own. */
    private static String expected(JsonArray lines) {
        StringBuilder expected = new StringBuilder();
        for (JsonElement line : lines) {
            expected.append(line.getAsString());
        }
        return expected.toString()
                .replace("\"micro\": 22", "\"micro\": 0")
                .replaceAll("\"package\": \"[^\"]*\"", "\"package\": \"Vitrine 0.1.0\"");
    }

    private static String difference(String expected, String actual) {
        String timeless = withoutTime(expected);
        // One very long answer was cut when it was recorded.
        boolean whole = expected.isEmpty() || expected.endsWith("\r\n");
        boolean same = whole
                ? timeless.equals(withoutTime(actual))
                : actual.startsWith(expected) && actual.endsWith("\r\n");
        return same ? null : "expected " + expected + " but was " + actual;
    }

    private static String withoutTime(String text) {
        return text.replaceAll("\"seconds\": \\d+, \"microseconds\": \\d+", "TIME");
    }

    /** The file with the exchanges, in a folder "shared" beside the project or above it; null when there is none. */
    static Path record() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path record = folder.resolve("shared/data/qmp/wire-cases.jsonl");
            if (Files.exists(record)) {
                return record;
            }
        }
        return null;
    }
}
