package org.vitrine.core.cpu.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Whether vectors were recorded of all that the instruction table has of MMX, SSE and SSE2. */
class SimdFormsTest {

    /**
     * What there is nothing to record of: it changes nothing that a program sees. FXSAVE and
     * FXRSTOR store what depends on the operating system; they have tests of their own.
     */
    private static final Set<Integer> WITHOUT_VECTORS =
            Set.of(
                    Op.SFENCE,
                    Op.LFENCE,
                    Op.MFENCE,
                    Op.CLFLUSH,
                    Op.PREFETCHNTA,
                    Op.PREFETCHT0,
                    Op.PREFETCHT1,
                    Op.PREFETCHT2);

    @Test
    void everyFormInTheTableHasVectorsAndEveryVectorAForm() throws IOException {
        Set<String> forms = new TreeSet<>();
        for (Row row : InstructionTable.rows()) {
            if (row.op() < Op.PACKED_INTEGER || WITHOUT_VECTORS.contains(row.op())) {
                continue;
            }
            boolean inMemory =
                    row.operands().stream()
                            .anyMatch(operand ->
                                    switch (operand.kind()) {
                                        case MEMORY, RM, MMX_RM, XMM_RM -> true;
                                        default -> false;
                                    });
            boolean inRegisters =
                    row.operands().stream().noneMatch(o -> o.kind() == Operand.Kind.MEMORY);
            if (inMemory) {
                forms.add(row.encoding() + " m");
            }
            if (inRegisters) {
                forms.add(row.encoding() + " r");
            }
        }
        assertEquals(forms, recorded());
    }

    private static Set<String> recorded() throws IOException {
        Set<String> forms = new TreeSet<>();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(
                                        SimdFormsTest.class.getResourceAsStream(
                                                "/cpu/simd.txt.gz")),
                                StandardCharsets.US_ASCII))) {
            String form = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("form ")) {
                    form = line.substring(5);
                } else if (line.contains(">")) {
                    forms.add(form);
                }
            }
        }
        return forms;
    }
}
