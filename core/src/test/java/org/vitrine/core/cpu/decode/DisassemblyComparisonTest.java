package org.vitrine.core.cpu.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the recorded instructions are in words, beside what objdump (GNU binutils) makes of them,
 * whose dialect is translated into NASM's, which is ours.
 */
class DisassemblyComparisonTest {

    /** Each instruction has a place of its own, filled up with one-byte NOPs. */
    private static final int PLACE = 16;

    /** How many differences of a mnemonic are told. */
    private static final int SHOWN = 3;

    private static final Pattern LINE =
            Pattern.compile("\\s*([0-9a-f]+):\\t([0-9a-f ]+?)\\s*\\t(.*)");

    /** A prefix that does nothing: we don't show those. */
    private static final Pattern IDLE_PREFIX =
            Pattern.compile("\\b(addr16|data16|[c-gs]s|notrack) (?=[a-z]|$)");

    private static final Pattern STRING =
            Pattern.compile(
                    "\\b(movs|cmps|stos|lods|scas|ins|outs) .*?\\b(BYTE|WORD|DWORD) PTR ([^,]*)(?:,\\w+ PTR (.*))?.*");

    private static final Pattern SOURCE = Pattern.compile("\\b([c-gs]s):\\[e?si\\]");
    private static final Pattern TRANSLATION =
            Pattern.compile("\\bxlat BYTE PTR ([c-gs]s):\\[e?bx\\]");

    /** Words of objdump's dialect, and NASM's for them: in this order. */
    private static final String[][] DIALECT = {
        {"\\brepz\\b", "rep"},
        {"\\brepnz\\b", "repne"},
        {"\\b(push|pop)(a|f)$", "$1$2d"},
        {"\\biret$", "iretd"},
        {"\\b(leave|enter|ret|retf|call|jmp|push|pop)w\\b", "$1"},
        {"\\b([ls][gi]dt)[wd] ", "$1 "},
        {"\\bBYTE PTR ", "byte "},
        {"\\bFWORD PTR ", "far "},
        {"\\bQWORD PTR ", "qword "},
        {"\\bDWORD PTR ", "dword "},
        {"\\bWORD PTR ", "word "},
        {"\\bds:(0x[0-9a-f]+)", "[$1]"},
        {"\\b([c-gs]s):(0x[0-9a-f]+)", "[$1:$2]"},
        {"\\b([c-gs]s):\\[", "[$1:"},
        {"\\+eiz\\*\\d", ""},
        {"\\[([c-gs]s:)?eiz\\*\\d\\+", "[$1"},
        {"\\*1\\b", ""},
        {"([+-])0x0\\]", "]"},
        {"\\[ds:(?!e?bp|esp)", "["},
        {"\\[ss:(?=(e?bp|esp)\\b(?!\\*))", "["},
    };

    private static final String[] SIZES = {"", "byte", "word", "", "dword"};

    /** What differs, and why. */
    private static final Map<Integer, String> DIFFERENT =
            Map.of(
                    Op.NOP_LONG,
                    "objdump knows what later processors made of some",
                    Op.UNDEFINED,
                    "the same",
                    Op.SALC,
                    "objdump doesn't know it");

    private static Path objdump() {
        for (String folder : System.getenv("PATH").split(":")) {
            Path file = Path.of(folder, "objdump");
            if (Files.isExecutable(file)) {
                return file;
            }
        }
        return null;
    }

    @Test
    void instructionsReadAsObjdumpReadsThem(@TempDir Path folder) throws Exception {
        Path objdump = objdump();
        if (objdump == null) {
            assertTrue(System.getenv("CI") == null, "objdump has to be there in CI");
            System.out.println("SKIPPED: no objdump (binutils) to compare the disassembler with");
            Assumptions.abort("no objdump");
        }
        List<byte[]> codes = codes();
        byte[] image = new byte[codes.size() * PLACE];
        Arrays.fill(image, (byte) 0x90);
        for (int n = 0; n < codes.size(); n++) {
            System.arraycopy(codes.get(n), 0, image, n * PLACE, codes.get(n).length);
        }
        Path file = folder.resolve("code.bin");
        Files.write(file, image);
        Process process =
                new ProcessBuilder(
                                objdump.toString(),
                                "-D",
                                "-z",
                                "-w",
                                "-b",
                                "binary",
                                "-m",
                                "i386",
                                "-M",
                                "intel",
                                file.toString())
                        .redirectErrorStream(true)
                        .start();
        int compared = 0;
        int same = 0;
        Map<String, Integer> differences = new TreeMap<>();
        List<String> told = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher matcher = LINE.matcher(line);
                if (!matcher.matches()) {
                    continue;
                }
                int at = Integer.parseInt(matcher.group(1), 16);
                if (at % PLACE != 0) {
                    continue;
                }
                byte[] code = codes.get(at / PLACE);
                Decoder decoder = new Decoder();
                Instruction i = decoder.decode(image, at, at + PLACE, Decoder.Mode.CODE32);
                String ours = Disassembler.text(i, at).replaceAll("\\?[67]", "?");
                String theirs = translated(matcher.group(3), i);
                compared++;
                if (ours.equals(theirs) || DIFFERENT.containsKey(i.op)) {
                    same++;
                } else if (differences.merge(Op.name(i.op), 1, Integer::sum) <= SHOWN) {
                    told.add(
                            HexFormat.of().formatHex(code)
                                    + ": "
                                    + ours
                                    + " | "
                                    + theirs
                                    + " | "
                                    + matcher.group(3));
                }
            }
        }
        System.out.println("disassembly: " + compared + " vectors run, " + same + " passed");
        assertEquals(codes.size(), compared);
        assertEquals("", String.join("\n", told), differences.toString());
    }

    private static String translated(String text, Instruction i) {
        String words = text.replaceAll("\\s+", " ").replaceAll(" <.*>", "").strip();
        Matcher string = STRING.matcher(words);
        if (string.find()) {
            Matcher source = SOURCE.matcher(string.group());
            String segment =
                    source.find() && !source.group(1).equals("ds") ? source.group(1) + " " : "";
            char suffix = Character.toLowerCase(string.group(2).charAt(0));
            words = words.substring(0, string.start()) + segment + string.group(1) + suffix;
            words =
                    string.start() == 0
                            ? words
                            : unprefixed(words.substring(0, string.start()))
                                    + words.substring(string.start());
        } else {
            words = unprefixed(words);
        }
        Matcher translation = TRANSLATION.matcher(words);
        if (translation.find()) {
            return translation.group(1).equals("ds") ? "xlat" : translation.group(1) + " xlat";
        }
        for (String[] word : DIALECT) {
            words = words.replaceAll(word[0], word[1]);
        }
        return switch (i.op) {
            // Of a selector's register 16 bits are used, whatever the operand size.
            case Op.LAR, Op.LSL, Op.MOV_SEG -> words.replaceAll(",e(..)$", ",$1");
            // Before indirect jumps the prefix of DS has another meaning for later processors.
            case Op.CALL_ABS, Op.JMP_ABS ->
                    text.startsWith("notrack")
                            ? words.replaceAll("\\[(?=(e?bp|esp)\\b(?!\\*))", "[ds:")
                            : words;
            case Op.BOUND -> words.replaceAll("(dword|qword) ", "");
            case Op.LES, Op.LDS, Op.LSS, Op.LFS, Op.LGS, Op.JMP_FAR, Op.CALL_FAR ->
                    words.replace("dword ", "far ");
            case Op.MOV ->
                    // With an offset in the instruction the register tells the size.
                    i.opcode >= 0xA0 && i.opcode <= 0xA3
                            ? words.replace("[", SIZES[i.width] + " [")
                            : words;
            default -> words;
        };
    }

    private static String unprefixed(String words) {
        return IDLE_PREFIX.matcher(words).replaceAll("");
    }

    private static List<byte[]> codes() throws IOException {
        Set<String> codes = new LinkedHashSet<>();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(
                                        DisassemblyComparisonTest.class.getResourceAsStream(
                                                "/cpu/integer.txt.gz")),
                                StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    codes.add(line.substring(0, line.indexOf(' ')));
                }
            }
        }
        return codes.stream().map(HexFormat.of()::parseHex).toList();
    }
}
