package org.vitrine.example.ascii.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TelnetTest {

    private final Telnet telnet = new Telnet();

    private String data(String received) {
        return new String(
                telnet.data(received.getBytes(StandardCharsets.ISO_8859_1)),
                StandardCharsets.ISO_8859_1);
    }

    @Test
    void optionsAndCommandsAreTakenOut() {
        assertEquals("abc", data("a\u00ff\u00fd\u0001b\u00ff\u00f1c"));
    }

    @Test
    void parametersAreTakenOutWhereverTheyAreCut() {
        assertEquals("a", data("a\u00ff\u00fa\u001f\u0000P"));
        assertEquals("b", data("\u0000\u0018\u00ff\u00ff\u00ff\u00f0b"));
    }

    @Test
    void twoOfTheSameAreOneByte() {
        assertEquals("\u00ff!", data("\u00ff\u00ff!"));
    }
}
