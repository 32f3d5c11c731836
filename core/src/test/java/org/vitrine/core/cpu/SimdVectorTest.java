package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.vitrine.core.cpu.fpu.FpuRegisters;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.cpu.simd.SimdRegisters;
import org.vitrine.core.cpu.state.Registers;

/**
 * Instructions of MMX, SSE and SSE2 as a processor executed them: {@code
 * src/test/native/record-simd.c} records and describes the vectors. Registers, memory, MXCSR, flags
 * and exceptions have to be as they were recorded; but for the approximations of reciprocals, whose
 * values differ between processors, and which need only keep the error that the manual allows: 1.5
 * times 2^-12 of the true value (Intel SDM volume 2, RCPPS and RSQRTPS).
 */
class SimdVectorTest {

    private static final int CODE = 0x1000;
    private static final int OPERAND = 0x2000;
    private static final int ARITHMETIC = Registers.ARITHMETIC;
    private static final double ALLOWED_ERROR = 1.5 / 4096;
    private static final int SHOWN = 5;

    private static final Set<String> ROOTS =
            Set.of("0F 52 m", "0F 52 r", "F3 0F 52 m", "F3 0F 52 r");
    private static final Set<String> RECIPROCALS =
            Set.of("0F 53 m", "0F 53 r", "F3 0F 53 m", "F3 0F 53 r");

    private final TestMachine machine = new TestMachine(CpuModel.MAX).handlers();
    private final Registers r = machine.r;
    private final FpuRegisters fpu = machine.cpu.floatingPoint();
    private final SimdRegisters simd = machine.cpu.simd();
    private final List<Long> pool = new ArrayList<>();
    private String form = "";

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
                                        SimdVectorTest.class.getResourceAsStream(
                                                "/cpu/simd.txt.gz")),
                                StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("#")) {
                    continue;
                }
                if (line.startsWith("pool ")) {
                    for (int left = hex(line.substring(5)); left > 0; left--) {
                        pool.add(Long.parseUnsignedLong(lines.readLine(), 16));
                    }
                    continue;
                }
                if (line.startsWith("form ")) {
                    form = line.substring(5);
                    continue;
                }
                run++;
                String wrong = execute(line);
                if (!wrong.isEmpty()) {
                    failed++;
                    if (failuresByForm.merge(form, 1, Integer::sum) <= SHOWN) {
                        failures.add(form + ": " + line + "\n    " + wrong);
                    }
                }
            }
        }
        System.out.println("simd: " + run + " vectors run, " + (run - failed) + " passed");
        assertTrue(run > 50_000, "only " + run + " vectors were there");
        assertEquals("", String.join("\n", failures), failed + " failed: " + failuresByForm);
    }

    private String execute(String line) {
        String[] halves = line.split(" >");
        String[] before = halves[0].split(" ");
        long aLow = pool.get(hex(before[1]));
        long aHigh = pool.get(hex(before[2]));
        long bLow = pool.get(hex(before[3]));
        long bHigh = pool.get(hex(before[4]));
        Map<String, String> changes = new HashMap<>();
        if (halves.length > 1) {
            for (String change : halves[1].strip().split(" ")) {
                int equals = change.indexOf('=');
                changes.put(change.substring(0, equals), change.substring(equals + 1));
            }
        }
        machine.code(CODE, before[0] + "F4");
        machine.memory.write(OPERAND, 8, bLow);
        machine.memory.write(OPERAND + 8, 8, bHigh);
        fpu.initialize();
        fpu.top = 3;
        for (int n = 0; n < FpuRegisters.COUNT; n++) {
            fpu.signExponent[n] = 0x4000 + n;
            fpu.significand[n] = 0xA000_0000_0000_0000L | n;
        }
        fpu.significand[1] = aLow;
        fpu.significand[2] = bLow;
        simd.set(1, aHigh, aLow);
        simd.set(2, bHigh, bLow);
        simd.mxcsr = hex(before[5]);
        r.cr4 = Registers.CR4_OSFXSR | Registers.CR4_OSXMMEXCPT;
        r.setFlags(ARITHMETIC);
        r.gpr[Registers.ECX] = aLow & 0xFFFF_FFFFL;
        r.gpr[Registers.EDX] = bLow & 0xFFFF_FFFFL;
        // In 16-bit code the ModRM byte of [edi] is that of [bx].
        r.gpr[Registers.EBX] = OPERAND;
        r.gpr[Registers.EDI] = OPERAND;
        machine.run();

        int at = r.eip() - 1;
        int vector = at >= 0x600 && at < 0x700 ? at - 0x600 : -1;
        StringBuilder wrong = new StringBuilder();
        String trap = changes.getOrDefault("trap", "-1");
        if (vector != (trap.equals("-1") ? -1 : hex(trap))) {
            wrong.append("exception ").append(vector).append("; ");
        }
        boolean sameRegister = before[0].endsWith("C9");
        if (!approximate(
                changes.get("x1"), sameRegister ? aHigh : bHigh, sameRegister ? aLow : bLow)) {
            compare(wrong, changes, "x1", oword(aHigh, aLow), oword(simd.high(1), simd.low(1)));
        }
        compare(wrong, changes, "x2", oword(bHigh, bLow), oword(simd.high(2), simd.low(2)));
        compare(wrong, changes, "m1", word(aLow), word(fpu.significand[1]));
        compare(wrong, changes, "m2", word(bLow), word(fpu.significand[2]));
        compare(wrong, changes, "e1", word(0x4001), word(fpu.signExponent[1]));
        compare(wrong, changes, "e2", word(0x4002), word(fpu.signExponent[2]));
        compare(wrong, changes, "top", "3", word(fpu.top));
        compare(wrong, changes, "full", "0", word(fpu.full));
        compare(wrong, changes, "mxcsr", before[5], word(simd.mxcsr));
        compare(wrong, changes, "c", word(aLow & 0xFFFF_FFFFL), word(r.gpr[Registers.ECX]));
        compare(wrong, changes, "d", word(bLow & 0xFFFF_FFFFL), word(r.gpr[Registers.EDX]));
        compare(
                wrong,
                changes,
                "mem",
                oword(bHigh, bLow),
                oword(machine.memory.read(OPERAND + 8, 8), machine.memory.read(OPERAND, 8)));
        if (vector < 0) {
            compare(wrong, changes, "flags", word(ARITHMETIC), word(r.arithmeticFlags()));
        }
        return wrong.toString();
    }

    /**
     * Whether this is an approximation that is near enough: each of the lanes that were recorded,
     * where it is a number that isn't zero.
     */
    private boolean approximate(String recorded, long sourceHigh, long sourceLow) {
        boolean root = ROOTS.contains(form);
        if (!root && !RECIPROCALS.contains(form)) {
            return false;
        }
        int lanes = form.startsWith("F3") ? 1 : 4;
        for (int lane = 0; lane < lanes; lane++) {
            float x = lane(sourceHigh, sourceLow, lane);
            float ours = lane(simd.high(1), simd.low(1), lane);
            int end = 32 - 8 * lane;
            float theirs =
                    recorded == null
                            ? ours
                            : Float.intBitsToFloat(
                                    Integer.parseUnsignedInt(recorded, end - 8, end, 16));
            double exact = root ? 1 / Math.sqrt(x) : 1 / (double) x;
            boolean ordinary = Math.abs(theirs) >= Float.MIN_NORMAL && Float.isFinite(theirs);
            boolean near =
                    ordinary
                            ? Math.abs(ours - exact) <= Math.abs(exact) * ALLOWED_ERROR
                            : Float.floatToRawIntBits(ours) == Float.floatToRawIntBits(theirs);
            if (!near) {
                return false;
            }
        }
        return true;
    }

    private static float lane(long high, long low, int lane) {
        return Float.intBitsToFloat((int) ((lane < 2 ? low : high) >>> 32 * (lane & 1)));
    }

    private static void compare(
            StringBuilder wrong,
            Map<String, String> changes,
            String name,
            String before,
            String is) {
        String expected = changes.getOrDefault(name, before);
        if (!is.equals(expected)) {
            wrong.append(name).append(" is ").append(is);
            wrong.append(" not ").append(expected).append("; ");
        }
    }

    private static String word(long value) {
        return Long.toHexString(value).toUpperCase(Locale.ROOT);
    }

    private static String oword(long high, long low) {
        return String.format("%016X%016X", high, low);
    }

    private static int hex(String text) {
        return Integer.parseInt(text, 16);
    }
}
