package org.vitrine.core.device.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.spi.display.KeyboardLeds;
import org.vitrine.spi.input.KeyCode;

class Ps2KeyboardTest {

    private final List<KeyboardLeds> leds = new ArrayList<>();
    private int roomMade;
    private final Ps2Keyboard keyboard = new Ps2Keyboard(leds::add, () -> roomMade++);

    private String sent() {
        StringBuilder row = new StringBuilder();
        while (keyboard.hasByte()) {
            row.append(row.isEmpty() ? "" : " ").append(String.format("%02X", keyboard.takeByte()));
        }
        return row.toString();
    }

    private String answer(int... bytes) {
        StringBuilder row = new StringBuilder();
        for (int value : bytes) {
            keyboard.receive(value);
            row.append(row.isEmpty() ? "" : " ").append(sent());
        }
        return row.toString();
    }

    private String tap(KeyCode key) {
        keyboard.key(key, true);
        keyboard.key(key, false);
        return sent();
    }

    @ParameterizedTest
    @CsvSource({
        // Key, make and break in sets 1, 2 and 3 (as the set's defaults have it).
        "a, 1E 9E, 1C F0 1C, 1C",
        "esc, 01 81, 76 F0 76, 08",
        "f7, 41 C1, 83 F0 83, 37",
        "f12, 58 D8, 07 F0 07, 5E",
        "sysrq, 54 D4, 84 F0 84, 57",
        "spc, 39 B9, 29 F0 29, 29",
        "shift, 2A AA, 12 F0 12, 12 F0 12",
        "shift_r, 36 B6, 59 F0 59, 59 F0 59",
        "ctrl, 1D 9D, 14 F0 14, 11 F0 11",
        "ctrl_r, E0 1D E0 9D, E0 14 E0 F0 14, 58",
        "alt, 38 B8, 11 F0 11, 19 F0 19",
        "alt_r, E0 38 E0 B8, E0 11 E0 F0 11, 39",
        "caps_lock, 3A BA, 58 F0 58, 14 F0 14",
        "left, E0 4B E0 CB, E0 6B E0 F0 6B, 61",
        "kp_4, 4B CB, 6B F0 6B, 6B",
        "kp_enter, E0 1C E0 9C, E0 5A E0 F0 5A, 79",
        "kp_divide, E0 35 E0 B5, E0 4A E0 F0 4A, 77",
        "kp_subtract, 4A CA, 7B F0 7B, 84",
        "num_lock, 45 C5, 77 F0 77, 76",
        "scroll_lock, 46 C6, 7E F0 7E, 5F",
        "delete, E0 53 E0 D3, E0 71 E0 F0 71, 64",
        "meta_l, E0 5B E0 DB, E0 1F E0 F0 1F, 8B F0 8B",
        "menu, E0 5D E0 DD, E0 2F E0 F0 2F, 8D",
        "less, 56 D6, 61 F0 61, 13",
        "power, E0 5E E0 DE, E0 37 E0 F0 37, ''",
        "volumeup, E0 30 E0 B0, E0 32 E0 F0 32, ''",
        "print, E0 2A E0 37 E0 B7 E0 AA, E0 12 E0 7C E0 F0 7C E0 F0 12, 57",
        "pause, E1 1D 45 E1 9D C5, E1 14 77 E1 F0 14 F0 77, 62"
    })
    void keysHaveTheirCodesInAllSets(String name, String set1, String set2, String set3) {
        KeyCode key = KeyCode.ofName(name);
        assertEquals(set2, tap(key));
        assertEquals("FA FA", answer(0xF0, 1));
        assertEquals(set1, tap(key));
        assertEquals("FA FA", answer(0xF0, 3));
        assertEquals(set3, tap(key));
        assertEquals("FA FA", answer(0xF0, 2));
        assertEquals(set2, tap(key));
    }

    @Test
    void everyNumberedKeySendsSomethingThatTranslatesToItsNumber() {
        for (KeyCode key : KeyCode.values()) {
            if (key.number() == 0 || key == KeyCode.PAUSE || key == KeyCode.PRINT) {
                continue;
            }
            keyboard.key(key, true);
            String[] codes = sent().split(" ");
            int last = Integer.parseInt(codes[codes.length - 1], 16);
            assertEquals(key.number() & 0x7F, ScanCodes.translate(last), key.toString());
            assertEquals((key.number() & 0x80) != 0 ? "E0" : codes[0], codes[0], key.toString());
            assertEquals((key.number() & 0x80) != 0 ? 2 : 1, codes.length, key.toString());
            keyboard.key(key, false);
            sent();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ctrl, pause, 14 E0 7E E0 F0 7E F0 14",
        "alt, print, 11 84 F0 84 F0 11",
        "shift, print, 12 E0 7C E0 F0 7C F0 12",
        "ctrl, print, 14 E0 7C E0 F0 7C F0 14"
    })
    void modifiersChangePauseAndPrintScreen(String modifier, String key, String codes) {
        keyboard.key(KeyCode.ofName(modifier), true);
        String row = sent();
        row += " " + tap(KeyCode.ofName(key));
        keyboard.key(KeyCode.ofName(modifier), false);
        assertEquals(codes, row + " " + sent());
    }

    @Test
    void aSecondPressRepeats() {
        keyboard.key(KeyCode.A, true);
        keyboard.key(KeyCode.A, true);
        keyboard.key(KeyCode.PAUSE, true);
        sent();
        keyboard.key(KeyCode.PAUSE, true);
        assertEquals("", sent(), "Pause does not repeat");
        keyboard.key(KeyCode.PRINT, true);
        sent();
        keyboard.key(KeyCode.PRINT, true);
        assertEquals("E0 7C", sent());
    }

    @Test
    void keysOfSet3CanBeToldHowToBehave() {
        answer(0xF0, 3);
        keyboard.key(KeyCode.A, true);
        keyboard.key(KeyCode.A, true);
        keyboard.key(KeyCode.A, false);
        assertEquals("1C 1C", sent(), "typematic, no break code");
        assertEquals(
                "FA FA FA FA", answer(0xFC, 0x1C, 0x32, 0xF4), "a command ends the list of keys");
        keyboard.key(KeyCode.A, true);
        keyboard.key(KeyCode.A, true);
        keyboard.key(KeyCode.A, false);
        assertEquals("1C F0 1C", sent());
        assertEquals("32 F0 32", tap(KeyCode.B));
        assertEquals("21", tap(KeyCode.C));
        answer(0xFA);
        assertEquals("21 F0 21", tap(KeyCode.C));
        answer(0xF9);
        keyboard.key(KeyCode.SHIFT, true);
        keyboard.key(KeyCode.SHIFT, true);
        keyboard.key(KeyCode.SHIFT, false);
        assertEquals("12", sent());
        answer(0xF7);
        keyboard.key(KeyCode.SHIFT, true);
        keyboard.key(KeyCode.SHIFT, true);
        keyboard.key(KeyCode.SHIFT, false);
        assertEquals("12 12", sent());
        answer(0xF8);
        assertEquals("12 F0 12", tap(KeyCode.SHIFT));
    }

    @Test
    void commandsAreAnsweredAsTheManualSays() {
        assertEquals("EE", answer(0xEE));
        assertEquals("FA AB 83", answer(0xF2));
        assertEquals("FA FA", answer(0xF3, 0x20));
        assertEquals("FA FA 02", answer(0xF0, 0));
        assertEquals("FA FE FA", answer(0xF0, 4, 1));
        assertEquals("FA FA 01", answer(0xF0, 0));
        assertEquals("FA", answer(0xF6));
        assertEquals("FA FA 02", answer(0xF0, 0), "defaults have set 2");
        assertEquals("FE", answer(0x00));
        assertEquals("FE", answer(0xF1));
        assertEquals("FA AA", answer(0xFF));
    }

    @Test
    void resendRepeatsTheLastByte() {
        tap(KeyCode.A);
        assertEquals("1C", answer(0xFE));
    }

    @Test
    void lampsAreReported() {
        leds.clear();
        assertEquals("FA FA", answer(0xED, 0x05));
        assertEquals(List.of(new KeyboardLeds(true, false, true)), leds);
        assertEquals("FA FA", answer(0xED, 0xF4), "a command instead of the argument is a command");
        assertEquals(1, leds.size());
        answer(0xFF);
        assertEquals(KeyboardLeds.ofBits(0), leds.getLast());
    }

    @Test
    void keysAreForgottenWhileScanningIsOff() {
        keyboard.key(KeyCode.A, true);
        assertEquals("FA", answer(0xF5), "what was queued is gone");
        assertEquals("", tap(KeyCode.B));
        assertEquals("FA", answer(0xF4));
        assertEquals("32 F0 32", tap(KeyCode.B));
    }

    @Test
    void keysSurviveTheLampsBeingSet() {
        keyboard.key(KeyCode.CAPS_LOCK, true);
        assertEquals("FA 58", answer(0xED));
        keyboard.key(KeyCode.A, true);
        assertEquals("FA 1C", answer(0x04));
    }

    @Test
    void anOverrunIsMarkedOnceAndOnlyWholeKeysAreQueued() {
        for (int i = 0; i < 6; i++) {
            keyboard.key(KeyCode.LEFT, true);
            keyboard.key(KeyCode.LEFT, false);
        }
        // Two keys of five bytes fit, then three times two bytes; a break code of three does not.
        assertEquals("E0 6B E0 F0 6B E0 6B E0 F0 6B E0 6B E0 F0 6B 00", sent());
        assertEquals("1C F0 1C", tap(KeyCode.A));
    }

    @Test
    void roomIsToldWhenItComesBack() {
        assertTrue(keyboard.hasRoom());
        while (keyboard.hasRoom()) {
            keyboard.key(KeyCode.PAUSE, false);
            keyboard.key(KeyCode.PAUSE, true);
        }
        assertEquals(0, roomMade);
        int taken = 0;
        while (!keyboard.hasRoom()) {
            keyboard.takeByte();
            taken++;
        }
        assertEquals(8, taken, "two of Pause fill the queue");
        assertEquals(1, roomMade);
        sent();
        assertEquals(1, roomMade);
        keyboard.key(KeyCode.PAUSE, false);
        keyboard.key(KeyCode.PAUSE, true);
        keyboard.key(KeyCode.A, true);
        assertFalse(keyboard.hasRoom());
        keyboard.powerOn();
        assertEquals(2, roomMade);
    }
}
