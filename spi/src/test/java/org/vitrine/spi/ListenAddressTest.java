package org.vitrine.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListenAddressTest {

    private static final OptionSchema SCHEMA =
            ListenAddress.declare(OptionSchema.builder(), 5900).build();

    private static ListenAddress address(Object... namesAndValues) throws FrontendException {
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return ListenAddress.of(SCHEMA.check(values));
    }

    private static ServerSocket listen(InetSocketAddress address) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(address);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Test
    void loopbackAndTheFrontendsOwnPortAreTheDefaults() throws FrontendException {
        assertEquals(new ListenAddress("127.0.0.1", 5900, 0), address());
    }

    @Test
    void nextPortIsTakenWhenTheFirstIsInUse() throws Exception {
        try (ServerSocket taken = address("port", 0L).bind(ListenAddressTest::listen)) {
            long port = taken.getLocalPort();
            ListenAddress range = address("port", port, "to", Math.min(port + 50, 65535));
            try (ServerSocket next = range.bind(ListenAddressTest::listen)) {
                assertTrue(next.getLocalPort() > port, "port " + next.getLocalPort());
            }
        }
    }

    @Test
    void portInUseIsNamed() throws Exception {
        try (ServerSocket taken = address("port", 0L).bind(ListenAddressTest::listen)) {
            long port = taken.getLocalPort();
            FrontendException e =
                    assertThrows(
                            FrontendException.class,
                            () -> address("port", port).bind(ListenAddressTest::listen));
            assertEquals("port " + port + " of 127.0.0.1 is in use", e.getMessage());
        }
    }

    @Test
    void hostThatDoesNotExistIsNamed() throws FrontendException {
        ListenAddress nowhere = address("host", "no-such-host.invalid");
        FrontendException e =
                assertThrows(
                        FrontendException.class, () -> nowhere.bind(ListenAddressTest::listen));
        assertEquals("there is no host 'no-such-host.invalid' to listen on", e.getMessage());
    }

    @Test
    void addressOfAnotherMachineIsNotMistakenForAPortInUse() throws FrontendException {
        // TEST-NET-1 (RFC 5737) is nobody's address.
        ListenAddress foreign = address("host", "192.0.2.1", "port", 5900L, "to", 5910L);
        FrontendException e =
                assertThrows(
                        FrontendException.class, () -> foreign.bind(ListenAddressTest::listen));
        assertTrue(
                e.getMessage().startsWith("can't listen on port 5900 of 192.0.2.1: "),
                e.getMessage());
    }

    @Test
    void lastPortCannotComeBeforeTheFirst() {
        FrontendException e =
                assertThrows(FrontendException.class, () -> address("port", 5900L, "to", 80L));
        assertEquals(
                "option 'to' is the last port to try, so it can't be 80 when 'port' is 5900",
                e.getMessage());
    }
}
