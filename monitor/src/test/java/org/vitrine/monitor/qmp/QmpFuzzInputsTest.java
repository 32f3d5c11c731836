package org.vitrine.monitor.qmp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The fuzzer's first inputs, and what it has found so far, without the fuzzer. */
class QmpFuzzInputsTest {

    @Test
    void everyInputIsAnsweredAndLeavesTheSessionWell() throws Exception {
        Path folder = Path.of(QmpFuzzInputsTest.class.getResource("fuzz").toURI());
        try (var files = Files.list(folder)) {
            List<Path> inputs = files.sorted().toList();
            assertTrue(inputs.size() >= 10, "there are only " + inputs);
            for (Path input : inputs) {
                try {
                    QmpFuzzTarget.fuzzerTestOneInput(Files.readAllBytes(input));
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError(input.getFileName() + ": " + e.getMessage(), e);
                }
            }
        }
    }
}
