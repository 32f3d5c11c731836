package org.vitrine.frontend.mjpeg.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.spi.input.KeyCode;

class BrowserKeysTest {

    @ParameterizedTest
    @CsvSource({
        "KeyA, A",
        "KeyZ, Z",
        "Digit0, DIGIT_0",
        "Digit9, DIGIT_9",
        "Numpad5, KP_5",
        "F1, F1",
        "F24, F24",
        "Enter, RET",
        "NumpadEnter, KP_ENTER",
        "ControlRight, CTRL_R",
        "IntlBackslash, LESS",
        "Quote, APOSTROPHE",
        "ArrowUp, UP",
        "Pause, PAUSE",
        "PrintScreen, PRINT",
        "ret, RET",
        "kp_enter, KP_ENTER",
        "a, A"
    })
    void browserAndQmpNamesMakeTheKeyOfThatPlace(String name, KeyCode key) {
        assertEquals(key, BrowserKeys.key(name));
    }

    @Test
    void everyNameMakesARealKey() {
        assertNotEquals(0, BrowserKeys.byCode().size());
        for (Map.Entry<String, KeyCode> entry : BrowserKeys.byCode().entrySet()) {
            assertNotNull(entry.getValue(), entry.getKey());
            assertNotEquals(KeyCode.UNMAPPED, entry.getValue(), entry.getKey());
        }
    }

    @Test
    void browserNamesAndQmpNamesAreDifferentWords() {
        for (String name : BrowserKeys.byCode().keySet()) {
            assertNull(KeyCode.ofName(name), name);
        }
    }

    @Test
    void namesOfNoKeyMakeNone() {
        assertNull(BrowserKeys.key("BrowserSearch"));
        assertNull(BrowserKeys.key("unmapped"));
        assertNull(BrowserKeys.key(""));
    }
}
