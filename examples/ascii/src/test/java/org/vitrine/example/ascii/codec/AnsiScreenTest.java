package org.vitrine.example.ascii.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.vitrine.spi.display.ScreenText;

class AnsiScreenTest {

    private static final String WHOLE =
            "\u001b[?2026h\u001b[0m\u001b[2J\u001b[1;1H\u001b[0;37;40mab\u001b[0m"
                    + "\u001b[2;1H\u001b[0;93;44m\u250C\u001b[0;5;91;47md\u001b[0m"
                    + "\u001b[2;1H\u001b[?25h\u001b[?2026l";

    private final AnsiScreen screen = new AnsiScreen();

    /** The characters "ab" over a corner in yellow on blue and a blinking "d". */
    private static ScreenText text(int first, int cursorRow) {
        short[] cells = {(short) (0x0700 | first), 0x0762, 0x1EDA, (short) 0xFC64};
        return new ScreenText(2, 2, cursorRow < 0 ? -1 : 0, cursorRow, cells);
    }

    private String shown(ScreenText text) {
        return new String(screen.show(text), StandardCharsets.UTF_8);
    }

    @Test
    void theFirstFrameIsWhole() {
        assertEquals(WHOLE, shown(text('a', 1)));
    }

    @Test
    void whatIsShownAlreadyIsNotSent() {
        shown(text('a', 1));
        assertEquals("", shown(text('a', 1)));
    }

    @Test
    void aChangedRowIsSentAlone() {
        shown(text('a', 1));
        assertEquals(
                "\u001b[?2026h\u001b[1;1H\u001b[0;37;40mxb\u001b[0m\u001b[2;1H\u001b[?25h\u001b[?2026l",
                shown(text('x', 1)));
    }

    @Test
    void aCursorThatGoesIsHidden() {
        shown(text('a', 1));
        assertEquals("\u001b[?2026h\u001b[?25l\u001b[?2026l", shown(text('a', -1)));
    }

    @Test
    void afterANoticeAllIsSent() {
        shown(text('a', 1));
        assertEquals(
                "\u001b[?2026h\u001b[0m\u001b[2J\u001b[1;1Ha picture\u001b[?2026l",
                new String(screen.showNotice("a picture"), StandardCharsets.UTF_8));
        assertEquals(0, screen.showNotice("a picture").length);
        assertEquals(WHOLE, shown(text('a', 1)));
    }
}
