package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FormatTest {

    private static Format of(String text) throws CommandException {
        return Format.of(text, 'x', 4);
    }

    @Test
    void countFormAndSizeMayEachBeLeftOut() throws Exception {
        assertEquals(new Format(1, 'x', 4), of(""));
        assertEquals(new Format(16, 'x', 4), of("/16"));
        assertEquals(new Format(1, 'd', 4), of("/d"));
        assertEquals(new Format(3, 'c', 1), of("/3cb"));
        assertEquals(new Format(3, 'c', 1), of("/3bc"));
        assertEquals(new Format(5, 'i', 0), of("/5i"));
        assertEquals(new Format(5, 'i', 2), of("/5hi"));
    }

    @Test
    void wrongFormatsAreRefused() {
        assertNull(Format.fault("/2xg"));
        assertEquals(
                "there is no format '/4z': it is /, a count, one of x d u o c i, and one of b h w g",
                Format.fault("/4z"));
        String tooMany =
                assertThrows(CommandException.class, () -> of("/99999999999999999999x"))
                        .getMessage();
        assertTrue(tooMany.endsWith("65536"), tooMany);
    }

    @Test
    void valuesAreAsWideAsTheirKind() throws Exception {
        assertEquals("0x0000001f", of("/xw").show(0x1F));
        assertEquals("0xff", of("/xb").show(-1));
        assertEquals("   -1", of("/dh").show(0xFFFF).substring(1));
        assertEquals("65535", of("/uh").show(-1));
        assertEquals("0177777", of("/oh").show(-1));
        assertEquals("18446744073709551615", of("/ug").show(-1));
        assertEquals("'A'", of("/cb").show('A'));
        assertEquals("'\\x07'", of("/cb").show(7));
        assertEquals("'\\n'", of("/cb").show('\n'));
        assertEquals("-5", of("/dg").showAlone(-5));
        assertEquals("0x1f", of("/xg").showAlone(0x1F));
    }
}
