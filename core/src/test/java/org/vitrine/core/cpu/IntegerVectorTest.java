package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.vitrine.core.cpu.decode.Decoder;
import org.vitrine.core.cpu.decode.Disassembler;
import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.cpu.state.Registers;

/**
 * Integer instructions in 32-bit mode as a processor executed them: {@code
 * src/test/native/record-integer.c} records and describes the vectors.
 */
class IntegerVectorTest {

    private static final int CODE = 0x4000;
    private static final int CODE_LOW = 0x1000;
    private static final int DATA = 0x8000;
    private static final int END = 0x10000;
    private static final int DEBUG = 1;
    private static final int GENERAL_PROTECTION = 13;
    private static final int[] DEFAULTS = {
        0x8A7B6C5D, 3, 0x4F5E6D7C, 0x13579BDF, 0xC800, 0xC400, 0xB000, 0xD000
    };
    private static final String SEGMENT_LETTERS = "e  dfg";

    /** How many failures of an operation are told. */
    private static final int SHOWN = 4;

    private final UserMachine user = new UserMachine(CpuModel.MAX);
    private final Decoder decoder = new Decoder();
    private final byte[] filled = new byte[END];
    private final byte[] expected = new byte[END];
    private final byte[] actual = new byte[END];

    /** What a vector tells of a state. */
    private static final class State {
        final int[] gpr = new int[8];
        final int[] segments = new int[Registers.SEGMENTS];
        int flags;
        int vector = GENERAL_PROTECTION;
        int errorCode;
        int ip;

        void read(String[] words, int from, int to, byte[] memory) {
            for (int n = from; n < to; n++) {
                String word = words[n];
                String value = word.substring(word.indexOf('=') + 1);
                switch (word.charAt(0)) {
                    case 'f' -> flags = hex(value);
                    case 'i' -> ip = hex(value);
                    case 's' -> segments[SEGMENT_LETTERS.indexOf(word.charAt(1))] = hex(value);
                    case '@' -> {
                        byte[] bytes = HexFormat.of().parseHex(value);
                        int at = hex(word.substring(1, word.indexOf('=')));
                        System.arraycopy(bytes, 0, memory, at, bytes.length);
                    }
                    case '!' -> {
                        vector = hex(word.substring(1, word.indexOf(':')));
                        errorCode = hex(word.substring(word.indexOf(':') + 1));
                    }
                    default -> gpr[word.charAt(0) - '0'] = hex(value);
                }
            }
        }
    }

    IntegerVectorTest() {
        for (int at = CODE_LOW; at < END; at++) {
            filled[at] = (byte) (at < DATA ? 0xF4 : at * 0x9D + (at >> 8) * 0x37 + 0x5A);
        }
    }

    @Test
    void instructionsDoWhatTheProcessorDid() throws IOException {
        replay("integer", 45_000, true);
    }

    /** Twenty instructions at a time, none of which uses a flag that the one before undefines. */
    @Test
    void streamsOfInstructionsDoWhatTheProcessorDid() throws IOException {
        replay("streams", 3_000, false);
    }

    private void replay(String name, int least, boolean single) throws IOException {
        List<String> failures = new ArrayList<>();
        Map<String, Integer> failuresByOperation = new TreeMap<>();
        int run = 0;
        int failed = 0;
        try (BufferedReader lines = open("/cpu/" + name + ".txt.gz")) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("#")) {
                    continue;
                }
                run++;
                String wrong = execute(line, single);
                if (!wrong.isEmpty()) {
                    failed++;
                    Instruction i = decode(line);
                    if (failuresByOperation.merge(Op.name(i.op), 1, Integer::sum) <= SHOWN) {
                        failures.add(Disassembler.text(i, CODE) + ": " + line + "\n    " + wrong);
                    }
                }
            }
        }
        System.out.println(name + ": " + run + " vectors run, " + (run - failed) + " passed");
        assertTrue(run >= least, "only " + run + " vectors were there");
        assertEquals("", String.join("\n", failures), failed + " failed: " + failuresByOperation);
    }

    private static BufferedReader open(String resource) throws IOException {
        return new BufferedReader(
                new InputStreamReader(
                        new GZIPInputStream(IntegerVectorTest.class.getResourceAsStream(resource)),
                        StandardCharsets.US_ASCII));
    }

    private Instruction decode(String line) {
        byte[] code = HexFormat.of().parseHex(line.substring(0, line.indexOf(' ')));
        return decoder.decode(code, 0, code.length, Decoder.Mode.CODE32);
    }

    /** Runs a vector; returns what is wrong with the result. */
    private String execute(String line, boolean single) {
        String[] words = line.split(" ");
        int arrow = List.of(words).indexOf(">");
        byte[] code = HexFormat.of().parseHex(words[0]);
        System.arraycopy(filled, 0, expected, 0, END);
        System.arraycopy(code, 0, expected, CODE, code.length);
        State state = new State();
        System.arraycopy(DEFAULTS, 0, state.gpr, 0, DEFAULTS.length);
        for (int segment = 0; segment < Registers.SEGMENTS; segment++) {
            state.segments[segment] = UserMachine.USER_DATA;
        }
        state.ip = CODE + code.length;
        state.read(words, 1, arrow, expected);
        load(expected);
        user.enter(CODE, state.gpr[Registers.ESP], state.flags);
        Registers r = user.r;
        for (int n = 0; n < 8; n++) {
            r.gpr[n] = state.gpr[n] & 0xFFFF_FFFFL;
        }
        Instruction i = decoder.decode(code, 0, code.length, Decoder.Mode.CODE32);
        int undefined = undefinedFlags(i, state.gpr[Registers.ECX]);
        int stack = state.gpr[Registers.ESP];
        state.read(words, arrow + 1, words.length, expected);
        if (!user.run()) {
            return "no exception ends it";
        }
        if (!single) {
            return compare(state, 0);
        }
        allowForTheFamily(i, state, stack);
        if (state.vector == DEBUG && isString(i)) {
            // Whether a repeated instruction is told to go on differs.
            undefined |= Registers.RF;
        }
        return compare(state, undefined);
    }

    /** Makes memory this, from what the last vector left there. */
    private void load(byte[] image) {
        int at = Arrays.mismatch(image, actual);
        while (at >= 0) {
            actual[at] = image[at];
            user.machine.memory.write(at, 1, image[at]);
            int next = Arrays.mismatch(image, at, END, actual, at, END);
            at = next < 0 ? -1 : at + next;
        }
    }

    /** What the family that we are does otherwise than the AMD processor that recorded. */
    private void allowForTheFamily(Instruction i, State state, int stack) {
        if (i.op == Op.PUSH_SEG && i.width == 4) {
            // The upper half of the slot keeps what it had.
            for (int at = stack - 2; at < stack; at++) {
                expected[at] = (byte) user.machine.memory.read(at, 1);
            }
        } else if (i.op == Op.LAR && i.width == 4 && (state.flags & Registers.ZF) != 0) {
            // The limit's bits are undefined in the result (Intel SDM volume 2, LAR).
            state.gpr[i.a] = state.gpr[i.a] & ~0xF0000;
        }
    }

    private static boolean isString(Instruction i) {
        return i.op >>> Op.GROUP_SHIFT == Op.STRING >>> Op.GROUP_SHIFT;
    }

    private static int undefinedFlags(Instruction i, int ecx) {
        int count =
                (i.form == Instruction.RI || i.form == Instruction.MI ? (int) i.immediate : ecx)
                        & 31;
        return UndefinedFlags.after(i.op, count, 8 * i.width);
    }

    private String compare(State state, int undefined) {
        Registers r = user.r;
        StringBuilder wrong = new StringBuilder();
        compare(wrong, "exception", state.vector, user.vector());
        compare(wrong, "error code", state.errorCode, user.errorCode());
        compare(wrong, "eip", state.ip, user.ip());
        compare(wrong, "eflags", state.flags & ~undefined, user.flags() & ~undefined);
        for (int n = 0; n < 8; n++) {
            int is = n == Registers.ESP ? user.esp() : (int) r.gpr[n];
            compare(wrong, "register " + n, state.gpr[n], is);
        }
        for (int segment = 0; segment < Registers.SEGMENTS; segment++) {
            if (SEGMENT_LETTERS.charAt(segment) != ' ') {
                compare(wrong, "segment " + segment, state.segments[segment], r.selector[segment]);
            }
        }
        user.machine.memory.read(0, actual, 0, END);
        int at = Arrays.mismatch(expected, DATA, END, actual, DATA, END) + DATA;
        if (at >= DATA) {
            compare(wrong, String.format("byte at %X", at), expected[at] & 0xFF, actual[at] & 0xFF);
        }
        return wrong.toString();
    }

    private static void compare(StringBuilder wrong, String what, int expected, int actual) {
        if (expected != actual) {
            wrong.append(String.format("%s %X not %X; ", what, actual, expected));
        }
    }

    private static int hex(String text) {
        return Integer.parseUnsignedInt(text, 16);
    }
}
