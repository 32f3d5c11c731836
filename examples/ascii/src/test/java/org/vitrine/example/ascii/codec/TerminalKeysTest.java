package org.vitrine.example.ascii.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vitrine.spi.input.InputEvent;

class TerminalKeysTest {

    private final TerminalKeys keys = new TerminalKeys();

    /** Presses as names and releases as names behind a minus; groups are divided by a bar. */
    private String typed(String text) {
        return keys.events(text.getBytes(StandardCharsets.ISO_8859_1)).stream()
                .map(group ->
                        Stream.of(group)
                                .map(TerminalKeysTest::name)
                                .collect(Collectors.joining(" ")))
                .collect(Collectors.joining(" | "));
    }

    private static String name(InputEvent event) {
        InputEvent.Key key = (InputEvent.Key) event;
        return (key.down() ? "" : "-") + key.key().qmpName();
    }

    @Test
    void lettersAreTheirKeysAndCapitalsHaveShift() {
        assertEquals("a -a | shift b -b -shift | shift 1 -1 -shift", typed("aB!"));
    }

    @Test
    void everyPrintableCharacterOfAsciiHasAKey() {
        for (char c = ' '; c <= '~'; c++) {
            assertEquals(1, keys.events(new byte[] {(byte) c}).size(), "'" + c + "'");
        }
    }

    @Test
    void controlLettersHaveTheirModifier() {
        assertEquals("ctrl c -c -ctrl | ctrl z -z -ctrl", typed("\u0003\u001a"));
    }

    @Test
    void aReturnIsOneKeyHoweverItsLineEnds() {
        assertEquals("ret -ret | ret -ret | ret -ret | a -a", typed("\r\n\r\0\ra"));
        assertEquals("ret -ret", typed("\n"));
    }

    @Test
    void sequencesAreCursorAndFunctionKeys() {
        assertEquals("up -up | f1 -f1 | delete -delete", typed("\u001b[A\u001bOP\u001b[3~"));
    }

    @Test
    void aSequenceMayComeInPieces() {
        assertEquals("", typed("\u001b[1"));
        assertEquals("f5 -f5 | x -x", typed("5~x"));
    }

    @Test
    void escapeAloneIsTheKey() {
        assertEquals("esc -esc", typed("\u001b"));
        assertEquals("esc -esc | x -x", typed("\u001bx"));
    }

    @Test
    void whatNoKeyTypesIsLeftOut() {
        assertEquals("a -a", typed("\u00e4\u001b[99~\u001b[24;;;;;;;;~a"));
    }
}
