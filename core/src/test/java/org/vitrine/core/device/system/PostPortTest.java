package org.vitrine.core.device.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.PortSpace;

class PostPortTest {

    private final PortSpace ports = new PortSpace();
    private final PostPort post = new PostPort();

    PostPortTest() {
        post.claimPorts(ports);
    }

    @Test
    void thePortKeepsTheLastCode() {
        assertEquals(0, post.lastCode());
        ports.write(0x80, 1, 0x41);
        ports.write(0x80, 1, 0x42);
        assertEquals(0x42, post.lastCode());
        assertEquals(0x42, ports.read(0x80, 1));
    }
}
