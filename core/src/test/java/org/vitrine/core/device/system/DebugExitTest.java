package org.vitrine.core.device.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.bus.PortSpace;

class DebugExitTest {

    private static final int FIRST = 0xF4;
    private static final int COUNT = 4;

    private final PortSpace ports = new PortSpace();
    private final List<Integer> exits = new ArrayList<>();

    DebugExitTest() {
        // The ports are all that a machine knows it by.
        new DebugExit(exits::add, ports, FIRST, COUNT);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 3", "0x10, 0x21", "0x7F, 0xFF", "0x80, 0x01", "0xFF, 0xFF"})
    void theStatusIsTwiceTheValueAndOne(String value, String status) {
        ports.write(FIRST, 1, Integer.decode(value));
        assertEquals(List.of(Integer.decode(status)), exits);
    }

    @Test
    void aWideWriteIsOneValue() {
        ports.write(FIRST, 2, 0x1210);
        ports.write(FIRST, 4, 0x7F00_0003);
        assertEquals(List.of(0x21, 0x07), exits);
    }

    @Test
    void itsOtherPortsDoNothing() {
        for (int port = FIRST + 1; port < FIRST + COUNT; port++) {
            ports.write(port, 1, 1);
        }
        ports.write(FIRST + 2, 2, 0x0101);
        assertEquals(List.of(), exits);
    }

    @Test
    void readsAreZeroAndEndNothing() {
        assertEquals(0, ports.read(FIRST, 1));
        assertEquals(0, ports.read(FIRST, 4));
        assertEquals(0, ports.read(FIRST + COUNT - 1, 1));
        assertEquals(0xFF, ports.read(FIRST + COUNT, 1), "that is nobody's");
        assertEquals(List.of(), exits);
    }
}
