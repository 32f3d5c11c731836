package org.vitrine.monitor.qmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Broken input: nothing is thrown, every line that goes out is whole, and 0xFF always recovers. */
class QmpFuzzTest {

    private static final int ROUNDS = 20_000;

    /** Commands whose mutants would end or stop what the test runs on, or write files, are not among these. */
    private static final List<String> SEEDS = List.of(
            "{\"execute\":\"query-name\",\"id\":[1,{\"a\":null},\"\\u00e9\"]}\n",
            "{\"execute\":\"input-send-event\",\"arguments\":{\"events\":[{\"type\":\"rel\","
                    + "\"data\":{\"axis\":\"x\",\"value\":-5}}]},\"id\":2}",
            "{'execute':'send-key','arguments':{'keys':[{'type':'qcode','data':'a'}],'hold-time':0}}",
            "{\"exec-oob\":\"query-status\",\"id\":18446744073709551615}\r\n",
            "{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":\"info status\"}}");

    @Test
    void mutatedRequestsNeverBreakTheSession() throws IOException {
        long seed = System.nanoTime();
        System.err.println("QmpFuzzTest seed " + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        List<byte[]> seeds = new ArrayList<>();
        SEEDS.forEach(text -> seeds.add(text.getBytes(StandardCharsets.ISO_8859_1)));
        recorded(seeds);
        List<String> lines = new ArrayList<>();
        try (Testbed testbed = new Testbed("fuzz")) {
            QmpSession session = new QmpSession(testbed.monitor().dispatcher(), Runnable::run, lines::add);
            session.open();
            send(session, "{\"execute\":\"qmp_capabilities\",\"arguments\":{\"enable\":[\"oob\"]}}");
            for (int round = 0; round < ROUNDS; round++) {
                byte[] mutant = mutate(seeds, random);
                lines.clear();
                session.receive(mutant, 0, mutant.length);
                String input = new String(mutant, StandardCharsets.ISO_8859_1);
                for (String line : lines) {
                    assertWhole(line, input);
                }
                lines.clear();
                send(session, "\u00ff");
                assertEquals(1, lines.stream().filter(line -> line.contains("stray")).count(), input);
                lines.clear();
                send(session, "{\"execute\":\"query-name\",\"id\":\"probe\"}");
                assertEquals(List.of("{\"return\": {\"name\": \"fuzz\"}, \"id\": \"probe\"}\r\n"), lines, input);
            }
        }
    }

    private static void recorded(List<byte[]> seeds) throws IOException {
        Path record = WireRecordTest.record();
        if (record != null) {
            for (String line : Files.readAllLines(record)) {
                JsonObject exchange = JsonParser.parseString(line).getAsJsonObject();
                if (exchange.has("send")) {
                    for (JsonElement text : exchange.getAsJsonArray("send")) {
                        seeds.add(text.getAsString().getBytes(StandardCharsets.ISO_8859_1));
                    }
                }
            }
        }
    }

    private static void send(QmpSession session, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        session.receive(bytes, 0, bytes.length);
    }

    private static void assertWhole(String line, String input) {
        assertTrue(line.endsWith("}\r\n"), () -> line + " for " + input);
        assertTrue(line.chars().allMatch(c -> c >= 0x20 && c < 0x7F || c == '\r' || c == '\n'), () -> line);
        assertEquals(line.length() - 1, line.indexOf('\n'), () -> line);
        // 1e999 is echoed as "inf", which is QEMU's, and not JSON.
        if (!line.contains("inf")) {
            assertTrue(JsonParser.parseString(line).isJsonObject(), () -> line + " for " + input);
        }
    }

    private static byte[] mutate(List<byte[]> seeds, RandomGenerator random) {
        byte[] mutant = seeds.get(random.nextInt(seeds.size())).clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && mutant.length > 0; i++) {
            int at = random.nextInt(mutant.length);
            switch (random.nextInt(5)) {
                case 0 -> mutant[at] = (byte) random.nextInt(256);
                case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> mutant = join(part(mutant, 0, at), part(mutant, at + 1, mutant.length));
                case 3 -> {
                    byte[] other = seeds.get(random.nextInt(seeds.size()));
                    mutant = join(part(mutant, 0, at), part(other, random.nextInt(other.length + 1), other.length));
                }
                default -> mutant = join(part(mutant, 0, at), part(mutant, random.nextInt(at + 1), mutant.length));
            }
        }
        return harmless(mutant) ? mutant : new byte[0];
    }

    /** Whether no command that ends the machine, writes a file or takes its time is left in it by a chance. */
    private static boolean harmless(byte[] mutant) {
        String text = new String(mutant, StandardCharsets.ISO_8859_1);
        return List.of("quit", "screendump", "memsave", "hold-time\":", "wait-").stream().noneMatch(text::contains);
    }

    private static byte[] part(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
