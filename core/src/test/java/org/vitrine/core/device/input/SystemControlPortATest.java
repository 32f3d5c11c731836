package org.vitrine.core.device.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.RecordedLine;

class SystemControlPortATest {

    private static final int PORT = 0x92;

    private final PortSpace ports = new PortSpace();
    private final RecordedLine a20 = new RecordedLine();
    private int resets;
    private final SystemControlPortA port92 = new SystemControlPortA(a20, () -> resets++);

    SystemControlPortATest() {
        port92.claimPorts(ports);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theLowestBitResetsOnItsRise(boolean withA20) {
        int bit = withA20 ? 2 : 0;
        ports.write(PORT, 1, bit);
        assertEquals(0, resets);
        ports.write(PORT, 1, bit | 1);
        ports.write(PORT, 1, bit | 1);
        assertEquals(1, resets);
        ports.write(PORT, 1, bit);
        ports.write(PORT, 1, bit | 1);
        assertEquals(2, resets);
        assertEquals(withA20, a20.isHigh());
    }

    @Test
    void bitOneIsAddressLine20() {
        assertEquals(0, ports.read(PORT, 1));
        ports.write(PORT, 1, 2);
        assertTrue(a20.isHigh());
        assertEquals(2, ports.read(PORT, 1));
        ports.write(PORT, 1, 0);
        assertFalse(a20.isHigh());
        assertEquals(0, resets);
    }

    @Test
    void readModifyWriteKeepsTheBitsOfOthers() {
        ports.write(PORT, 1, 0xC8);
        ports.write(PORT, 1, ports.read(PORT, 1) | 2);
        assertEquals(0xCA, ports.read(PORT, 1));
        assertTrue(a20.isHigh());
    }

    @Test
    void resetTakesAllBitsAway() {
        ports.write(PORT, 1, 3);
        port92.reset();
        assertFalse(a20.isHigh());
        assertEquals(0, ports.read(PORT, 1));
        assertEquals(1, resets, "it does not ask for another");
        ports.write(PORT, 1, 1);
        assertEquals(2, resets);
    }
}
