package org.vitrine.core.device.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.RecordedLine;
import org.vitrine.core.bus.ScriptedLine;

class ParallelPortTest {

    private static final int DATA = 0x378;
    private static final int STATUS = 0x379;
    private static final int CONTROL = 0x37A;
    private static final int READY = 0xDF;
    private static final int BUSY = 0x5F;

    private final PortSpace ports = new PortSpace();
    private final RecordedLine irq = new RecordedLine();
    private final ScriptedLine printer = new ScriptedLine();
    private final ParallelPort port = new ParallelPort(printer, irq);

    ParallelPortTest() {
        port.claimPorts(ports, DATA, "parallel0");
    }

    private void print(char character, int control) {
        ports.write(DATA, 1, character);
        ports.write(CONTROL, 1, control | 0x01);
        ports.write(CONTROL, 1, control);
    }

    @Test
    void theStrobePrints() {
        assertEquals(0xEC, ports.read(CONTROL, 1));
        assertEquals(READY, ports.read(STATUS, 1));
        print('a', 0x0C);
        print('b', 0x0C);
        assertEquals("ab", printer.sent());
        assertEquals('b', ports.read(DATA, 1));
        assertEquals(0, irq.rises());
    }

    @Test
    void anAcknowledgedCharacterInterruptsWhereThatIsWanted() {
        print('a', 0x1C);
        assertEquals(1, irq.rises());
    }

    @Test
    void aPrinterWithoutRoomIsBusy() {
        printer.takeOnly(0);
        print('a', 0x1C);
        assertEquals(BUSY, ports.read(STATUS, 1));
        assertEquals(0, irq.rises());
        printer.takeOnly(1);
        port.poll();
        assertEquals(READY, ports.read(STATUS, 1));
        assertEquals("a", printer.sent());
        assertEquals(1, irq.rises());
    }
}
