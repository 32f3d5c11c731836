package org.vitrine.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.monitor.process.StandaloneFrontend;

class FrontendOptionsTest {

    private static FrontendOptions parse(String line) throws CommandLineException {
        return FrontendOptions.parse(List.of(line.split(" ")));
    }

    @Test
    void orderHasWhatTheWordsSay() throws CommandLineException {
        assertEquals(
                new StandaloneFrontend.Order(
                        "vnc",
                        Path.of("/p"),
                        "v",
                        Map.of("port", "1", "host", "a,b", "shared", "on"),
                        true,
                        false),
                parse("vnc --attach /p -o port=1,host=a,,b -o shared -id v --wait").order());
    }

    @Test
    void foldersAndPluginsAreKept() throws CommandLineException {
        assertEquals(
                List.of(Path.of("a"), Path.of("b")),
                parse("vnc -attach /p --plugin-dir a -plugin-dir b").pluginFolders());
        assertEquals(
                List.of(Path.of("a.jar"), Path.of("b")),
                parse("vnc -attach /p --plugin a.jar -plugin b").plugins());
        assertTrue(parse("-help").help());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vnc|vitrine frontend takes a frontend's name and --attach PREFIX, as in 'vitrine frontend vnc --attach /dev/shm/v'",
                "--attach /p|vitrine frontend takes a frontend's name and --attach PREFIX, as in 'vitrine frontend vnc --attach /dev/shm/v'",
                "vnc --attach /p -o port=1 -o port=2|-o port=2: 'port' is given twice"
            })
    void wrongCommandLineIsOneLine(String line, String message) {
        assertEquals(
                message, assertThrows(CommandLineException.class, () -> parse(line)).getMessage());
    }
}
