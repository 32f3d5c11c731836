package org.vitrine.core.cpu.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Whether the recorded vectors have every integer instruction there is. */
class IntegerFormsTest {

    /** What record-integer.c says can't be compared. */
    private static final Set<Integer> NOT_RECORDED =
            Set.of(
                    Op.CPUID,
                    Op.RDTSC,
                    Op.RDPMC,
                    Op.SYSENTER,
                    Op.SYSEXIT,
                    Op.SGDT,
                    Op.SIDT,
                    Op.SLDT,
                    Op.STR,
                    Op.SMSW,
                    Op.INT1);

    private static Stream<Row> integerRows() {
        return InstructionTable.rows().stream().filter(row -> row.op() < Op.FLOAT_ARITHMETIC);
    }

    @Test
    void theRecordersListIsTheTables() throws IOException {
        List<String> listed =
                Files.readAllLines(Path.of("src/test/native/integer-forms.txt")).stream()
                        .filter(line -> !line.startsWith("#"))
                        .toList();
        assertEquals(integerRows().map(row -> row.encoding() + "|" + row.text()).toList(), listed);
    }

    @Test
    void everyFormHasVectors() throws IOException {
        Set<Row> without = new HashSet<>();
        integerRows().filter(row -> !NOT_RECORDED.contains(row.op())).forEach(without::add);
        Decoder decoder = new Decoder();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(
                                        IntegerFormsTest.class.getResourceAsStream(
                                                "/cpu/integer.txt.gz")),
                                StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    byte[] code = HexFormat.of().parseHex(line.substring(0, line.indexOf(' ')));
                    without.remove(decoder.decode(code, 0, code.length, Decoder.Mode.CODE32).row);
                }
            }
        }
        assertEquals(Set.of(), without);
    }
}
