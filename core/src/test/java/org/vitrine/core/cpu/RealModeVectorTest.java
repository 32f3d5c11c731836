package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.vitrine.core.cpu.state.Registers;

/**
 * Single instructions as an 80286 executed them: the SingleStepTests suite by Daniel Balsom, 100
 * vectors for each of 325 forms. It is not part of the sources; {@code -Dvitrine.vectors=FOLDER}
 * tells where it is.
 */
class RealModeVectorTest {

    private static final List<String> NAMES =
            List.of(
                    "ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "ip", "flags", "es", "cs", "ss",
                    "ds");

    /** A 286 clears the highest four flags in real mode, later processors keep them. */
    private static final int COMMON_FLAGS = 0x0FFF;

    private static final Pattern LOCKABLE =
            Pattern.compile(
                    "([c-fs]s )?lock (add|or|adc|sbb|and|sub|xor|inc|dec|neg|not|xchg) (byte |word )?([c-fs]s:)?\\[.*");

    private static final int GENERAL_PROTECTION = 13;
    private static final Pattern STRING = Pattern.compile("(ins|outs|movs|cmps|stos|lods|scas)w$");
    private static final Pattern STACK_OPERAND =
            Pattern.compile("^([c-fs]s )*(pop|ret|retf|leave|push)\\b|\\[(ss:)?bp|\\[ss:|^ss ");

    private final TestMachine machine = new TestMachine();
    private final Map<String, Integer> leftOut = new TreeMap<>();
    private int run;
    private int passed;

    private static Path folder() {
        String given = System.getProperty("vitrine.vectors");
        if (given != null) {
            return Path.of(given);
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path folder = at.resolve("shared/data/cpu-286");
            if (Files.isDirectory(folder)) {
                return folder;
            }
        }
        return null;
    }

    @Test
    void everyVectorThatHoldsForA386Matches() throws IOException {
        Path folder = folder();
        Assumptions.assumeTrue(
                folder != null && Files.isDirectory(folder),
                () -> {
                    System.out.println(
                            "SKIPPED: the real-mode vectors are not there; -Dvitrine.vectors=FOLDER names them");
                    return "no vectors";
                });
        Gson gson = new Gson();
        JsonObject opcodes =
                gson.fromJson(Files.readString(folder.resolve("metadata.json")), JsonObject.class)
                        .getAsJsonObject("opcodes");
        List<String> failures = new ArrayList<>();
        Map<String, Integer> failuresByForm = new TreeMap<>();
        List<Path> files;
        try (var listing = Files.list(folder)) {
            files = listing.filter(path -> path.toString().endsWith(".jsonl.gz")).sorted().toList();
        }
        for (Path file : files) {
            String form = file.getFileName().toString().replace(".jsonl.gz", "");
            int flagsMask = flagsMask(opcodes, form) & COMMON_FLAGS;
            try (BufferedReader lines =
                    new BufferedReader(
                            new InputStreamReader(
                                    new GZIPInputStream(Files.newInputStream(file)),
                                    StandardCharsets.UTF_8))) {
                lines.lines()
                        .forEach(line -> {
                            JsonObject vector = gson.fromJson(line, JsonObject.class);
                            String reason = reasonToLeaveOut(vector);
                            if (reason != null) {
                                leftOut.merge(reason, 1, Integer::sum);
                                return;
                            }
                            run++;
                            String difference = execute(vector, flagsMask);
                            if (difference == null) {
                                passed++;
                            } else {
                                failuresByForm.merge(form, 1, Integer::sum);
                                failures.add(
                                        form
                                                + " #"
                                                + vector.get("idx")
                                                + " "
                                                + vector.get("name")
                                                + " "
                                                + vector.get("bytes")
                                                + ": "
                                                + difference);
                            }
                        });
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        System.out.println(
                "real mode: "
                        + run
                        + " vectors run, "
                        + passed
                        + " passed, "
                        + leftOut.values().stream().mapToInt(Integer::intValue).sum()
                        + " left out");
        leftOut.forEach(
                (reason, count) -> System.out.println("  left out " + count + ": " + reason));
        assertTrue(run > 30_000, "only " + run + " vectors were there");
        assertEquals(
                "",
                String.join("\n", failures.subList(0, Math.min(failures.size(), 400))),
                failuresByForm.toString());
    }

    private static int flagsMask(JsonObject opcodes, String form) {
        String[] parts = form.split("\\.");
        JsonObject entry = opcodes.getAsJsonObject(parts[0]);
        if (entry == null) {
            return 0xFFFF;
        }
        if (parts.length > 1 && entry.has("reg")) {
            entry = entry.getAsJsonObject("reg").getAsJsonObject(parts[1]);
        }
        return entry.has("flags-mask") ? entry.get("flags-mask").getAsInt() : 0xFFFF;
    }

    /** Why a vector can't hold for a later processor, or null when it has to. */
    private static String reasonToLeaveOut(JsonObject vector) {
        String name = vector.get("name").getAsString();
        if (name.contains("lock ") && !LOCKABLE.matcher(name).matches()) {
            return "LOCK before what can't be locked: #UD since the 386";
        }
        int exception =
                vector.has("exception")
                        ? vector.getAsJsonObject("exception").get("number").getAsInt()
                        : -1;
        if (exception == GENERAL_PROTECTION) {
            int length = vector.get("bytes").getAsString().length() / 2 - 1;
            if (length > 10 && length <= 15) {
                return "longer than 10 bytes: the limit is 15 since the 386";
            }
            if (STRING.matcher(name).find()) {
                return "a string instruction that faults: a 286 has moved SI and DI already, a 386 has not";
            }
            if (STACK_OPERAND.matcher(name).find()) {
                return "a stack operand beyond the limit: exception 13 on a 286, 12 since the 386";
            }
        }
        return null;
    }

    /** Executes a vector; returns what is wrong, or null. */
    private String execute(JsonObject vector, int flagsMask) {
        JsonObject initial = vector.getAsJsonObject("initial");
        JsonObject expected = vector.getAsJsonObject("final");
        Registers r = machine.r;
        machine.cpu.reset();
        Map<String, Integer> registers = new HashMap<>();
        for (String name : NAMES) {
            registers.put(name, initial.getAsJsonObject("regs").get(name).getAsInt());
        }
        registers.forEach((name, value) -> setRegister(r, name, value));
        Map<Integer, Integer> ram = new TreeMap<>();
        for (JsonElement cell : initial.getAsJsonArray("ram")) {
            JsonArray pair = cell.getAsJsonArray();
            ram.put(pair.get(0).getAsInt(), pair.get(1).getAsInt());
        }
        ram.forEach((address, value) -> machine.memory.write(address, 1, value));
        machine.cpu.run(200);
        if (!machine.cpu.halted()) {
            return "does not reach HLT" + (machine.cpu.shutDown() ? " but shuts down" : "");
        }
        StringBuilder wrong = new StringBuilder();
        for (Map.Entry<String, JsonElement> entry : expected.getAsJsonObject("regs").entrySet()) {
            registers.put(entry.getKey(), entry.getValue().getAsInt());
        }
        for (String name : NAMES) {
            int mask = name.equals("flags") ? flagsMask : 0xFFFF;
            int actual = register(r, name) & mask;
            if (actual != (registers.get(name) & mask)) {
                wrong.append(
                        String.format(
                                "%s is %X not %X; ", name, actual, registers.get(name) & mask));
            }
        }
        for (JsonElement cell : expected.getAsJsonArray("ram")) {
            JsonArray pair = cell.getAsJsonArray();
            ram.put(pair.get(0).getAsInt(), pair.get(1).getAsInt());
        }
        // The suite's own flag_address is one less where the stack pointer is odd.
        int flagAddress =
                initial.getAsJsonObject("regs").get("ss").getAsInt() * 16
                        + (initial.getAsJsonObject("regs").get("sp").getAsInt() - 2 & 0xFFFF);
        boolean pushesFlags =
                vector.has("exception") || vector.get("name").getAsString().endsWith("pushf");
        ram.forEach((address, value) -> {
            int mask = 0xFF;
            if (pushesFlags && (address == flagAddress || address == flagAddress + 1)) {
                mask = flagsMask >> 8 * (address - flagAddress) & 0xFF;
            }
            int actual = (int) machine.memory.read(address, 1) & mask;
            if (actual != (value & mask)) {
                wrong.append(String.format("[%X] is %X not %X; ", address, actual, value & mask));
            }
            machine.memory.write(address, 1, 0);
        });
        return wrong.isEmpty() ? null : wrong.toString();
    }

    private static void setRegister(Registers r, String name, int value) {
        int index = NAMES.indexOf(name);
        switch (name) {
            case "ip" -> r.ip = value;
            case "flags" -> r.setFlags(value);
            case "es" -> r.setRealSegment(Registers.ES, value);
            case "cs" -> r.setRealSegment(Registers.CS, value);
            case "ss" -> r.setRealSegment(Registers.SS, value);
            case "ds" -> r.setRealSegment(Registers.DS, value);
            default -> r.gpr[index] = value;
        }
    }

    private static int register(Registers r, String name) {
        int index = NAMES.indexOf(name);
        return switch (name) {
            case "ip" -> r.eip();
            case "flags" -> r.eflags() & 0xFFFF;
            case "es" -> r.es();
            case "cs" -> r.cs();
            case "ss" -> r.ss();
            case "ds" -> r.ds();
            default -> (int) r.gpr[index];
        };
    }
}
