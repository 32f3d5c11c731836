package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.vitrine.core.cpu.fpu.FpuRegisters;

/**
 * Floating-point instructions as a processor executed them: {@code src/test/native/record-x87.c}
 * records and describes the vectors. Everything has to be as it was recorded: registers, tags,
 * status word, memory and flags; but for the functions that the manual gives an error of one unit
 * in the last place.
 */
class X87VectorTest {

    private static final int CODE = 0x1000;
    private static final int OPERAND = 0x2000;
    private static final int ARITHMETIC = 0x8D5;

    /** How many failures of a form are told. */
    private static final int SHOWN = 5;

    /** F2XM1, FYL2X, FPTAN, FPATAN, FYL2XP1, FSINCOS, FSIN, FCOS. */
    private static final Set<String> FUNCTIONS =
            Set.of("D9F0", "D9F1", "D9F2", "D9F3", "D9F9", "D9FB", "D9FE", "D9FF");

    /**
     * FUCOMI, FCOMI, FUCOMIP, FCOMIP, which clear C1 by the manual (Intel SDM volume 2); the AMD
     * processor that recorded keeps it.
     */
    private static final Set<String> CLEARING_C1 = Set.of("DBE9", "DBF1", "DFE9", "DFF1");

    private final TestMachine machine = new TestMachine();
    private int lastPlace;

    @Test
    void instructionsDoWhatTheProcessorDid() throws IOException {
        List<String> failures = new ArrayList<>();
        Map<String, Integer> failuresByForm = new TreeMap<>();
        int run = 0;
        int failed = 0;
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(
                                        X87VectorTest.class.getResourceAsStream("/cpu/x87.txt.gz")),
                                StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("#")) {
                    continue;
                }
                run++;
                String wrong = execute(line);
                if (!wrong.isEmpty()) {
                    int count =
                            failuresByForm.merge(
                                    line.substring(0, line.indexOf(' ')), 1, Integer::sum);
                    failed++;
                    if (count <= SHOWN) {
                        failures.add(line + "\n    " + wrong);
                    }
                }
            }
        }
        System.out.println(
                "x87: "
                        + run
                        + " vectors run, "
                        + (run - failed)
                        + " passed, of those "
                        + lastPlace
                        + " of functions with another last place");
        assertTrue(run > 50_000, "only " + run + " vectors were there");
        assertEquals("", String.join("\n", failures), failed + " failed: " + failuresByForm);
    }

    private String execute(String line) {
        String[] halves = line.split(" > ");
        String[] before = halves[0].split(" ");
        String[] after = halves[1].split(" ");
        String form = before[0];
        boolean memory = form.contains("/");
        int reg = memory ? form.charAt(3) - '0' : 0;
        machine.code(
                CODE,
                memory
                        ? form.substring(0, 2) + String.format("%02X0020F4", reg << 3 | 6)
                        : form + "F4");
        int operandLength = memory ? before[6].length() / 2 : 0;
        byte[] blank = new byte[16];
        machine.memory.write(OPERAND, blank, 0, blank.length);
        if (memory) {
            machine.write(OPERAND, before[6]);
        }
        FpuRegisters fpu = machine.cpu.floatingPoint();
        fpu.setControl(hex(before[1]));
        fpu.setStatusWord(hex(before[2]));
        fpu.full = hex(before[3]);
        int[] signExponent = new int[8];
        long[] significand = new long[8];
        for (int n = 0; n < 8; n++) {
            signExponent[n] = 0x4000 + n;
            significand[n] = 0xA000_0000_0000_0000L | n;
        }
        for (int n = 0; n < 2; n++) {
            set(signExponent, significand, fpu.place(n), before[4 + n]);
        }
        for (int n = 0; n < 8; n++) {
            fpu.signExponent[n] = signExponent[n];
            fpu.significand[n] = significand[n];
        }
        int flags = hex(before[before.length - 1]);
        machine.r.setFlags(flags);
        machine.run();

        String operand = memory ? before[6] : "";
        for (int n = 2; n < after.length; n++) {
            String value = after[n].substring(after[n].indexOf('=') + 1);
            if (after[n].startsWith("mem=")) {
                operand = value;
            } else if (after[n].startsWith("flags=")) {
                flags = hex(value);
            } else {
                set(signExponent, significand, after[n].charAt(0) - '0', value);
            }
        }
        boolean function = FUNCTIONS.contains(form);
        int statusMask =
                function || CLEARING_C1.contains(form) ? 0xFFFF & ~FpuRegisters.C1 : 0xFFFF;
        StringBuilder wrong = new StringBuilder();
        compare(wrong, "status", hex(after[0]), fpu.statusWord(), statusMask);
        compare(wrong, "tags", hex(after[1]), fpu.tagWord(), 0xFFFF);
        compare(wrong, "flags", flags, machine.r.flags(), ARITHMETIC);
        for (int n = 0; n < 8; n++) {
            if (fpu.signExponent[n] == signExponent[n] && fpu.significand[n] == significand[n]) {
                continue;
            }
            if (function
                    && distance(
                                    signExponent[n],
                                    significand[n],
                                    fpu.signExponent[n],
                                    fpu.significand[n])
                            == 1) {
                lastPlace++;
                continue;
            }
            wrong.append(
                    String.format(
                            "register %d is %X:%X not %X:%X; ",
                            n,
                            fpu.signExponent[n],
                            fpu.significand[n],
                            signExponent[n],
                            significand[n]));
        }
        if (memory) {
            byte[] bytes = new byte[operandLength];
            for (int n = 0; n < operandLength; n++) {
                bytes[n] = (byte) machine.memory.read(OPERAND + n, 1);
            }
            String is = HexFormat.of().withUpperCase().formatHex(bytes);
            if (!is.equals(operand)) {
                wrong.append("memory is ").append(is).append(" not ").append(operand);
            }
        }
        return wrong.toString();
    }

    /** Units in the last place between two values of one sign; -1 when there are many. */
    private static int distance(int seA, long a, int seB, long b) {
        if (seA == seB) {
            return Math.abs(a - b) == 1 ? 1 : -1;
        }
        boolean up = seB == seA + 1 && a == -1 && b == Long.MIN_VALUE;
        boolean down = seA == seB + 1 && b == -1 && a == Long.MIN_VALUE;
        return up || down ? 1 : -1;
    }

    private static void set(int[] signExponent, long[] significand, int place, String text) {
        int colon = text.indexOf(':');
        signExponent[place] = hex(text.substring(0, colon));
        significand[place] = Long.parseUnsignedLong(text, colon + 1, text.length(), 16);
    }

    private static void compare(
            StringBuilder wrong, String what, int expected, int actual, int mask) {
        if (((expected ^ actual) & mask) != 0) {
            wrong.append(String.format("%s %X not %X; ", what, actual, expected));
        }
    }

    private static int hex(String text) {
        return Integer.parseInt(text, 16);
    }
}
