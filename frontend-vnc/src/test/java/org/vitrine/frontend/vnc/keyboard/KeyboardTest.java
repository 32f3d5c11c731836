package org.vitrine.frontend.vnc.keyboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.KeyCode;

class KeyboardTest {

    private static final int SHIFT_L = 0xFFE1;
    private static final int SHIFT_R = 0xFFE2;
    private static final int CONTROL_L = 0xFFE3;
    private static final int ALT_L = 0xFFE9;

    private final Keyboard keyboard = new Keyboard();
    private boolean capsLock;

    /** The events as text: {@code "+shift +1 -shift"}. */
    private static String text(List<InputEvent> events) {
        return events == null
                ? null
                : events.stream()
                        .map(event -> (InputEvent.Key) event)
                        .map(key -> (key.down() ? "+" : "-") + key.key().qmpName())
                        .collect(Collectors.joining(" "));
    }

    private String press(int keysym) {
        return text(keyboard.key(keysym, true, capsLock));
    }

    private String release(int keysym) {
        return text(keyboard.key(keysym, false, capsLock));
    }

    @Test
    void everyPrintableCharacterTypedWithoutShiftMakesItsKey() {
        String keys = "1234567890-=qwertyuiop[]asdfghjkl;'`\\zxcvbnm,./";
        String shifted = "!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:\"~|ZXCVBNM<>?";
        for (int i = 0; i < keys.length(); i++) {
            KeyCode key = UsKeymap.stroke(keys.charAt(i)).key();
            assertEquals("+" + key.qmpName(), press(keys.charAt(i)));
            assertEquals("-" + key.qmpName(), release(keys.charAt(i)));
            assertEquals("+shift +" + key.qmpName() + " -shift", press(shifted.charAt(i)));
            assertEquals("-" + key.qmpName(), release(shifted.charAt(i)));
        }
        for (char c = '!'; c <= '~'; c++) {
            assertNotNull(UsKeymap.stroke(c), "there is a key for " + c);
            assertEquals(
                    UsKeymap.stroke(c),
                    UsKeymap.stroke(0x0100_0000 + c),
                    "and for its Unicode keysym");
        }
        assertEquals("+spc", press(' '));
    }

    @Test
    void theMainKeysAreWhereTheirScanCodesSay() {
        int[] rows = {0x02, 0x10, 0x1E, 0x2C};
        String[] characters = {"1234567890-=", "qwertyuiop[]", "asdfghjkl;'`", "zxcvbnm,./"};
        for (int row = 0; row < rows.length; row++) {
            for (int i = 0; i < characters[row].length(); i++) {
                char c = characters[row].charAt(i);
                assertEquals(rows[row] + i, UsKeymap.stroke(c).key().number(), "scan code of " + c);
            }
        }
    }

    @Test
    void aClientThatHoldsShiftItselfGetsNoOther() {
        assertEquals("+shift", press(SHIFT_L));
        assertEquals("+1", press('!'));
        assertEquals("-1", release('!'));
        assertEquals("+a", press('A'));
        assertEquals("-a", release('A'));
        assertEquals("-shift", release(SHIFT_L));
    }

    @Test
    void plainCharactersLiftTheShiftThatIsHeld() {
        press(SHIFT_R);
        press(SHIFT_L);
        assertEquals("-shift -shift_r +a +shift +shift_r", press('a'));
        assertEquals("-a", release('a'));
        assertEquals("-shift -shift_r +1 +shift +shift_r", press('1'));
        assertEquals("-shift", release(SHIFT_L));
        assertEquals("-shift_r +minus +shift_r", press('-'));
    }

    @Test
    void keysWithoutALetterTakeShiftAsItIs() {
        press(SHIFT_L);
        assertEquals("+left", press(0xFF51));
        assertEquals("+tab", press(0xFE20));
        assertEquals("+f5", press(0xFFC2));
        assertEquals("+spc", press(' '));
    }

    @Test
    void theReleaseIsOfTheKeyThatWasPressed() {
        press('a');
        press(SHIFT_L);
        assertEquals("-a", release('A'));
        assertEquals("", release('a'));
        press('!');
        release(SHIFT_L);
        assertEquals("-1", release('1'));
        assertEquals("", release('!'));
    }

    @Test
    void repeatedPressesRepeat() {
        assertEquals("+shift +1 -shift", press('!'));
        assertEquals("+shift +1 -shift", press('!'));
        assertEquals("-1", release('!'));
    }

    @Test
    void capsLockInTheGuestTurnsLettersAround() {
        capsLock = true;
        assertEquals("+a", press('A'));
        assertEquals("+shift +b -shift", press('b'));
        assertEquals("+1", press('1'));
        assertEquals("+shift +2 -shift", press('@'));
    }

    @Test
    void lettersWithControlAreLeftAlone() {
        press(CONTROL_L);
        assertEquals("+a", press('A'));
        capsLock = true;
        assertEquals("+c", press('c'));
        assertEquals("+shift +2 -shift", press('@'));
        release(CONTROL_L);
        press(ALT_L);
        assertEquals("+x", press('x'));
    }

    @Test
    void namedKeysAreInTheirPlaces() {
        Object[][] keys = {
            {0xFF08, "backspace"},
            {0xFF09, "tab"},
            {0xFF0D, "ret"},
            {0xFF1B, "esc"},
            {0xFFFF, "delete"},
            {0xFF50, "home"},
            {0xFF51, "left"},
            {0xFF52, "up"},
            {0xFF53, "right"},
            {0xFF54, "down"},
            {0xFF55, "pgup"},
            {0xFF56, "pgdn"},
            {0xFF57, "end"},
            {0xFF63, "insert"},
            {0xFF61, "print"},
            {0xFF13, "pause"},
            {0xFF14, "scroll_lock"},
            {0xFF7F, "num_lock"},
            {0xFFE5, "caps_lock"},
            {0xFF15, "sysrq"},
            {0xFF67, "menu"},
            {0xFE03, "alt_r"},
            {0xFFE3, "ctrl"},
            {0xFFE4, "ctrl_r"},
            {0xFFE9, "alt"},
            {0xFFEA, "alt_r"},
            {0xFFEB, "meta_l"},
            {0xFFEC, "meta_r"},
            {0xFFBE, "f1"},
            {0xFFC7, "f10"},
            {0xFFC8, "f11"},
            {0xFFC9, "f12"},
            {0xFFD5, "f24"},
            {0xFF8D, "kp_enter"},
            {0xFFAA, "kp_multiply"},
            {0xFFAB, "kp_add"},
            {0xFFAD, "kp_subtract"},
            {0xFFAE, "kp_decimal"},
            {0xFFAF, "kp_divide"},
            {0xFFB0, "kp_0"},
            {0xFFB5, "kp_5"},
            {0xFFB9, "kp_9"},
            {0xFF95, "kp_7"},
            {0xFF96, "kp_4"},
            {0xFF97, "kp_8"},
            {0xFF98, "kp_6"},
            {0xFF99, "kp_2"},
            {0xFF9A, "kp_9"},
            {0xFF9B, "kp_3"},
            {0xFF9C, "kp_1"},
            {0xFF9D, "kp_5"},
            {0xFF9E, "kp_0"},
            {0xFF9F, "kp_decimal"},
            {0x1008FF13, "volumeup"},
            {0x1008FF2F, "sleep"}
        };
        for (Object[] each : keys) {
            Stroke stroke = UsKeymap.stroke((int) each[0]);
            assertEquals(each[1], stroke.key().qmpName());
            assertEquals(Stroke.Level.ANY, stroke.level());
        }
    }

    @Test
    void whatAUsKeyboardLacksIsNull() {
        assertNull(press(0xE4));
        assertNull(release(0xE4));
        assertNull(press(0x010020AC));
        assertNull(press(0));
    }

    @Test
    void keysNamedByPlaceAreNotShifted() {
        assertEquals("+2", text(keyboard.extendedKey('"', 0x03, true)));
        assertEquals("-2", text(keyboard.extendedKey('"', 0x03, false)));
        assertEquals("+less", text(keyboard.extendedKey('<', 0x56, true)));
        assertEquals("+left", text(keyboard.extendedKey(0xFF51, 0xCB, true)));
        assertNull(keyboard.extendedKey('a', 0, true));
        assertNull(keyboard.extendedKey('a', 0x12345, true));
    }

    @Test
    void placeAndLetterShareOneShift() {
        assertEquals("+shift", text(keyboard.extendedKey(SHIFT_L, 0x2A, true)));
        assertEquals("+1", press('!'));
        assertEquals("-shift", text(keyboard.extendedKey(SHIFT_L, 0x2A, false)));
        assertEquals("+shift +2 -shift", press('@'));
    }

    @Test
    void printByPlaceIsSysRqWithAlt() {
        assertEquals("+print", text(keyboard.extendedKey(0xFF61, 0x54, true)));
        assertEquals("-print", text(keyboard.extendedKey(0xFF61, 0x54, false)));
        keyboard.extendedKey(ALT_L, 0x38, true);
        assertEquals("+sysrq", text(keyboard.extendedKey(0xFF15, 0x54, true)));
        keyboard.extendedKey(ALT_L, 0x38, false);
        assertEquals("-sysrq", text(keyboard.extendedKey(0xFF15, 0x54, false)));
    }
}
