package org.vitrine.core.device.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.PortSpace;

class DebugPortTest {

    private final PortSpace ports = new PortSpace();

    private void print(int port, String text) {
        for (byte each : text.getBytes(StandardCharsets.US_ASCII)) {
            ports.write(port, 1, each);
        }
    }

    @Test
    void whatTheGuestWritesGoesToTheStreamAndReadsSayThatSomebodyListens() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DebugPort debug = new DebugPort(out);
        debug.claimPorts(ports, DebugPort.BOCHS);
        debug.claimPorts(ports, DebugPort.SEABIOS);
        assertEquals(0xE9, ports.read(0xE9, 1));
        print(0xE9, "Hello");
        print(0x402, ", BIOS\n");
        assertEquals("Hello, BIOS\n", out.toString(StandardCharsets.US_ASCII));
    }

    @Test
    void aBrokenStreamIsTriedOnce() {
        int[] tries = {0};
        DebugPort debug =
                new DebugPort(
                        new OutputStream() {
                            @Override
                            public void write(int value) throws IOException {
                                tries[0]++;
                                throw new IOException("no space left on device");
                            }
                        });
        debug.claimPorts(ports, DebugPort.BOCHS);
        print(0xE9, "Hello");
        assertEquals(1, tries[0]);
    }
}
