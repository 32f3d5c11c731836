package org.vitrine.monitor.qmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.StringReader;
import org.junit.jupiter.api.Test;

class BoundedLinesTest {

    @Test
    void linesEndAsTheyDoOnAnySystem() throws Exception {
        BoundedLines lines = new BoundedLines(new StringReader("a\nb\r\nc\r\rd\r\n\r\nlast"), 10);
        for (String line : new String[] {"a", "b", "c", "", "d", "", "last"}) {
            assertEquals(line, lines.next());
        }
        assertNull(lines.next());
    }

    @Test
    void aLineThatIsTooLongIsDroppedAndTheNextIsRead() throws Exception {
        BoundedLines lines = new BoundedLines(new StringReader("x".repeat(11) + "\nnext\n"), 10);
        assertEquals(
                "a line has at most 10 characters",
                assertThrows(BoundedLines.TooLong.class, lines::next).getMessage());
        assertEquals("next", lines.next());
        assertNull(lines.next());
    }
}
