package org.vitrine.monitor.qmp;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.vitrine.monitor.command.Disarmed;
import org.vitrine.monitor.command.Dispatcher;

/**
 * What Jazzer calls ({@code .ci/fuzz}): any bytes make whole lines, the same however they are cut;
 * 0xFF always recovers; and the next request is answered. Fails by an AssertionError.
 */
public final class QmpFuzzTarget {

    private static final String NEGOTIATION =
            "{\"execute\":\"qmp_capabilities\",\"arguments\":{\"enable\":[\"oob\"]}}";

    private static final Testbed TESTBED = new Testbed("fuzz");
    private static final Dispatcher DISPATCHER = Disarmed.of(TESTBED.monitor());

    private QmpFuzzTarget() {}

    /** Tries one input. */
    public static void fuzzerTestOneInput(byte[] input) {
        compareCuts(input);
        List<String> lines = new ArrayList<>();
        QmpSession session = new QmpSession(DISPATCHER, Runnable::run, lines::add);
        session.open();
        send(session, NEGOTIATION);
        lines.clear();
        session.receive(input, 0, input.length);
        lines.forEach(line -> check(isWhole(line), line));
        lines.clear();
        send(session, "\u00ff");
        check(lines.size() == 1 || lines.size() == 2, "after 0xFF: " + lines);
        check(lines.getLast().contains("JSON parse error, stray"), lines.getLast());
        lines.clear();
        send(session, "{\"execute\":\"query-name\",\"id\":\"probe\"}");
        check(
                lines.equals(List.of("{\"return\": {\"name\": \"fuzz\"}, \"id\": \"probe\"}\r\n")),
                "the probe: " + lines);
    }

    /** The stream's values and errors must not depend on where the input is cut. */
    private static void compareCuts(byte[] input) {
        List<String> whole = new ArrayList<>();
        new JsonStream(new Found(whole)).feed(input, 0, input.length);
        List<String> bytewise = new ArrayList<>();
        JsonStream stream = new JsonStream(new Found(bytewise));
        for (int i = 0; i < input.length; i++) {
            stream.feed(input, i, 1);
        }
        check(whole.equals(bytewise), whole + " / " + bytewise);
    }

    private record Found(List<String> list) implements JsonStream.Values {
        @Override
        public void value(JsonElement value) {
            list.add(JsonText.write(value));
        }

        @Override
        public void error(String message) {
            list.add("error: " + message);
        }
    }

    private static boolean isWhole(String line) {
        boolean ascii = line.chars().allMatch(c -> c >= 0x20 && c < 0x7F || c == '\r' || c == '\n');
        // 1e999 is echoed as "inf", which is QEMU's, and not JSON.
        return ascii
                && line.endsWith("}\r\n")
                && line.indexOf('\n') == line.length() - 1
                && (line.contains("inf") || JsonParser.parseString(line).isJsonObject());
    }

    private static void send(QmpSession session, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        session.receive(bytes, 0, bytes.length);
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError(message);
        }
    }
}
