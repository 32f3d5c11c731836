package org.vitrine.frontend.mjpeg.codec;

import java.util.Map;
import java.util.TreeMap;
import org.vitrine.spi.input.KeyCode;

/**
 * Keys as browsers name them by their place: the values of {@code KeyboardEvent.code}, which do not
 * depend on the keyboard layout that the user has chosen.
 *
 * <p>Names: W3C, "UI Events KeyboardEvent code Values", section 3.
 */
public final class BrowserKeys {

    private static final Map<String, KeyCode> BY_CODE = new TreeMap<>();

    static {
        for (char letter = 'A'; letter <= 'Z'; letter++) {
            BY_CODE.put(
                    "Key" + letter, KeyCode.ofName(String.valueOf((char) (letter + ('a' - 'A')))));
        }
        for (int digit = 0; digit <= 9; digit++) {
            BY_CODE.put("Digit" + digit, KeyCode.ofName(String.valueOf(digit)));
            BY_CODE.put("Numpad" + digit, KeyCode.ofName("kp_" + digit));
        }
        for (int function = 1; function <= 24; function++) {
            BY_CODE.put("F" + function, KeyCode.ofName("f" + function));
        }

        // Section 3.1.1: the block of writing keys.
        BY_CODE.put("Backquote", KeyCode.GRAVE_ACCENT);
        BY_CODE.put("Minus", KeyCode.MINUS);
        BY_CODE.put("Equal", KeyCode.EQUAL);
        BY_CODE.put("BracketLeft", KeyCode.BRACKET_LEFT);
        BY_CODE.put("BracketRight", KeyCode.BRACKET_RIGHT);
        BY_CODE.put("Backslash", KeyCode.BACKSLASH);
        BY_CODE.put("Semicolon", KeyCode.SEMICOLON);
        BY_CODE.put("Quote", KeyCode.APOSTROPHE);
        BY_CODE.put("Comma", KeyCode.COMMA);
        BY_CODE.put("Period", KeyCode.DOT);
        BY_CODE.put("Slash", KeyCode.SLASH);
        BY_CODE.put("IntlBackslash", KeyCode.LESS);
        BY_CODE.put("IntlRo", KeyCode.RO);
        BY_CODE.put("IntlYen", KeyCode.YEN);

        // Section 3.1.2: functional keys.
        BY_CODE.put("AltLeft", KeyCode.ALT);
        BY_CODE.put("AltRight", KeyCode.ALT_R);
        BY_CODE.put("Backspace", KeyCode.BACKSPACE);
        BY_CODE.put("CapsLock", KeyCode.CAPS_LOCK);
        BY_CODE.put("ContextMenu", KeyCode.MENU);
        BY_CODE.put("ControlLeft", KeyCode.CTRL);
        BY_CODE.put("ControlRight", KeyCode.CTRL_R);
        BY_CODE.put("Enter", KeyCode.RET);
        BY_CODE.put("MetaLeft", KeyCode.META_L);
        BY_CODE.put("MetaRight", KeyCode.META_R);
        BY_CODE.put("ShiftLeft", KeyCode.SHIFT);
        BY_CODE.put("ShiftRight", KeyCode.SHIFT_R);
        BY_CODE.put("Space", KeyCode.SPC);
        BY_CODE.put("Tab", KeyCode.TAB);
        BY_CODE.put("Convert", KeyCode.HENKAN);
        BY_CODE.put("NonConvert", KeyCode.MUHENKAN);
        BY_CODE.put("KanaMode", KeyCode.KATAKANAHIRAGANA);
        BY_CODE.put("Lang1", KeyCode.LANG1);
        BY_CODE.put("Lang2", KeyCode.LANG2);

        // Sections 3.2 and 3.3: the control pad and the arrows.
        BY_CODE.put("Delete", KeyCode.DELETE);
        BY_CODE.put("End", KeyCode.END);
        BY_CODE.put("Help", KeyCode.HELP);
        BY_CODE.put("Home", KeyCode.HOME);
        BY_CODE.put("Insert", KeyCode.INSERT);
        BY_CODE.put("PageDown", KeyCode.PGDN);
        BY_CODE.put("PageUp", KeyCode.PGUP);
        BY_CODE.put("ArrowDown", KeyCode.DOWN);
        BY_CODE.put("ArrowLeft", KeyCode.LEFT);
        BY_CODE.put("ArrowRight", KeyCode.RIGHT);
        BY_CODE.put("ArrowUp", KeyCode.UP);

        // Section 3.4: the number pad.
        BY_CODE.put("NumLock", KeyCode.NUM_LOCK);
        BY_CODE.put("NumpadAdd", KeyCode.KP_ADD);
        BY_CODE.put("NumpadComma", KeyCode.KP_COMMA);
        BY_CODE.put("NumpadDecimal", KeyCode.KP_DECIMAL);
        BY_CODE.put("NumpadDivide", KeyCode.KP_DIVIDE);
        BY_CODE.put("NumpadEnter", KeyCode.KP_ENTER);
        BY_CODE.put("NumpadEqual", KeyCode.KP_EQUALS);
        BY_CODE.put("NumpadMultiply", KeyCode.KP_MULTIPLY);
        BY_CODE.put("NumpadSubtract", KeyCode.KP_SUBTRACT);

        // Section 3.5: the row of function keys.
        BY_CODE.put("Escape", KeyCode.ESC);
        BY_CODE.put("PrintScreen", KeyCode.PRINT);
        BY_CODE.put("ScrollLock", KeyCode.SCROLL_LOCK);
        BY_CODE.put("Pause", KeyCode.PAUSE);

        // Section 3.6: media and browser keys.
        BY_CODE.put("BrowserBack", KeyCode.AC_BACK);
        BY_CODE.put("BrowserFavorites", KeyCode.AC_BOOKMARKS);
        BY_CODE.put("BrowserForward", KeyCode.AC_FORWARD);
        BY_CODE.put("BrowserHome", KeyCode.AC_HOME);
        BY_CODE.put("BrowserRefresh", KeyCode.AC_REFRESH);
        BY_CODE.put("LaunchApp1", KeyCode.COMPUTER);
        BY_CODE.put("LaunchApp2", KeyCode.CALCULATOR);
        BY_CODE.put("LaunchMail", KeyCode.MAIL);
        BY_CODE.put("MediaPlayPause", KeyCode.AUDIOPLAY);
        BY_CODE.put("MediaSelect", KeyCode.MEDIASELECT);
        BY_CODE.put("MediaStop", KeyCode.AUDIOSTOP);
        BY_CODE.put("MediaTrackNext", KeyCode.AUDIONEXT);
        BY_CODE.put("MediaTrackPrevious", KeyCode.AUDIOPREV);
        BY_CODE.put("Power", KeyCode.POWER);
        BY_CODE.put("Sleep", KeyCode.SLEEP);
        BY_CODE.put("AudioVolumeDown", KeyCode.VOLUMEDOWN);
        BY_CODE.put("AudioVolumeMute", KeyCode.AUDIOMUTE);
        BY_CODE.put("AudioVolumeUp", KeyCode.VOLUMEUP);
        BY_CODE.put("WakeUp", KeyCode.WAKE);
    }

    private BrowserKeys() {}

    /**
     * The key with this name: a {@code KeyboardEvent.code} ({@code "KeyA"}), or else a name of
     * QMP's {@code QKeyCode} ({@code "a"}), which scripts may prefer; the two sets have no name in
     * common.
     *
     * @return null when no key of a PC has this name
     */
    public static KeyCode key(String name) {
        KeyCode key = BY_CODE.get(name);
        if (key == null) {
            key = KeyCode.ofName(name);
        }
        return key == KeyCode.UNMAPPED ? null : key;
    }

    /** All browser names that make a key. */
    static Map<String, KeyCode> byCode() {
        return Map.copyOf(BY_CODE);
    }
}
