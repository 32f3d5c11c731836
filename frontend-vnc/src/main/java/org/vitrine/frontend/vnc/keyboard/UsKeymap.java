package org.vitrine.frontend.vnc.keyboard;

import java.util.HashMap;
import java.util.Map;
import org.vitrine.frontend.vnc.keyboard.Stroke.Level;
import org.vitrine.spi.input.KeyCode;

/**
 * Where the keysyms of X11 are on a US keyboard. The numbers are those of the X Window System
 * protocol, appendix A "Keysym encoding", and of X.Org's keysymdef.h and XF86keysym.h.
 */
public final class UsKeymap {

    private UsKeymap() {}

    private static final Map<Integer, Stroke> STROKES = new HashMap<>();

    /** Unicode keysyms start here; characters up to U+00FF may be sent either way. */
    private static final int UNICODE = 0x0100_0000;

    /**
     * The main block: keys in the order of their scan codes, what each makes alone, and with Shift.
     */
    private static final KeyCode[] MAIN_KEYS = {
        KeyCode.DIGIT_1,
        KeyCode.DIGIT_2,
        KeyCode.DIGIT_3,
        KeyCode.DIGIT_4,
        KeyCode.DIGIT_5,
        KeyCode.DIGIT_6,
        KeyCode.DIGIT_7,
        KeyCode.DIGIT_8,
        KeyCode.DIGIT_9,
        KeyCode.DIGIT_0,
        KeyCode.MINUS,
        KeyCode.EQUAL,
        KeyCode.BRACKET_LEFT,
        KeyCode.BRACKET_RIGHT,
        KeyCode.SEMICOLON,
        KeyCode.APOSTROPHE,
        KeyCode.GRAVE_ACCENT,
        KeyCode.BACKSLASH,
        KeyCode.COMMA,
        KeyCode.DOT,
        KeyCode.SLASH
    };

    private static final String MAIN_PLAIN = "1234567890-=[];'`\\,./";
    private static final String MAIN_SHIFTED = "!@#$%^&*()_+{}:\"~|<>?";

    static {
        for (int i = 0; i < MAIN_KEYS.length; i++) {
            put(MAIN_PLAIN.charAt(i), MAIN_KEYS[i], Level.PLAIN);
            put(MAIN_SHIFTED.charAt(i), MAIN_KEYS[i], Level.SHIFTED);
        }
        for (char letter = 'a'; letter <= 'z'; letter++) {
            KeyCode key = KeyCode.ofName(String.valueOf(letter));
            put(letter, key, Level.SMALL);
            put(Character.toUpperCase(letter), key, Level.CAPITAL);
        }
        put(' ', KeyCode.SPC);
        put(0xA0, KeyCode.SPC);

        // Dead keys, which a US keyboard has on its "international" layout in these places.
        put(0xFE50, KeyCode.GRAVE_ACCENT, Level.PLAIN);
        put(0xFE51, KeyCode.APOSTROPHE, Level.PLAIN);
        put(0xFE52, KeyCode.DIGIT_6, Level.SHIFTED);
        put(0xFE53, KeyCode.GRAVE_ACCENT, Level.SHIFTED);
        put(0xFE57, KeyCode.APOSTROPHE, Level.SHIFTED);
        put(0xFE5B, KeyCode.COMMA, Level.PLAIN);

        // Control characters, which some scripted clients send as they are.
        put(0x08, KeyCode.BACKSPACE);
        put(0x09, KeyCode.TAB);
        put(0x0A, KeyCode.RET);
        put(0x0D, KeyCode.RET);
        put(0x1B, KeyCode.ESC);
        put(0x7F, KeyCode.DELETE);

        put(0xFF08, KeyCode.BACKSPACE);
        put(0xFF09, KeyCode.TAB);
        put(0xFE20, KeyCode.TAB); // ISO_Left_Tab, which X makes of Shift+Tab
        put(0xFF0A, KeyCode.RET); // Linefeed
        put(0xFF0B, KeyCode.KP_5); // Clear
        put(0xFF0D, KeyCode.RET);
        put(0xFF13, KeyCode.PAUSE);
        put(0xFF6B, KeyCode.PAUSE); // Break, which X makes of Ctrl+Pause
        put(0xFF14, KeyCode.SCROLL_LOCK);
        put(0xFF15, KeyCode.SYSRQ); // Sys_Req, which X makes of Alt+Print
        put(0xFF1B, KeyCode.ESC);
        put(0xFF20, KeyCode.COMPOSE);
        put(0xFF61, KeyCode.PRINT);
        put(0xFF67, KeyCode.MENU);
        put(0xFF7F, KeyCode.NUM_LOCK);
        put(0xFFFF, KeyCode.DELETE);
        row(
                0xFF50,
                KeyCode.HOME,
                KeyCode.LEFT,
                KeyCode.UP,
                KeyCode.RIGHT,
                KeyCode.DOWN,
                KeyCode.PGUP,
                KeyCode.PGDN,
                KeyCode.END);
        put(0xFF63, KeyCode.INSERT);

        row(
                0xFFE1,
                KeyCode.SHIFT,
                KeyCode.SHIFT_R,
                KeyCode.CTRL,
                KeyCode.CTRL_R,
                KeyCode.CAPS_LOCK);
        // X makes Meta of Shift+Alt; a PC has no Meta of its own.
        row(0xFFE7, KeyCode.ALT, KeyCode.ALT_R, KeyCode.ALT, KeyCode.ALT_R);
        row(0xFFEB, KeyCode.META_L, KeyCode.META_R, KeyCode.META_L, KeyCode.META_R); // Super, Hyper
        put(0xFE03, KeyCode.ALT_R); // ISO_Level3_Shift
        put(0xFF7E, KeyCode.ALT_R); // Mode_switch

        row(
                0xFFBE,
                KeyCode.F1,
                KeyCode.F2,
                KeyCode.F3,
                KeyCode.F4,
                KeyCode.F5,
                KeyCode.F6,
                KeyCode.F7,
                KeyCode.F8,
                KeyCode.F9,
                KeyCode.F10,
                KeyCode.F11,
                KeyCode.F12,
                KeyCode.F13,
                KeyCode.F14,
                KeyCode.F15,
                KeyCode.F16,
                KeyCode.F17,
                KeyCode.F18,
                KeyCode.F19,
                KeyCode.F20,
                KeyCode.F21,
                KeyCode.F22,
                KeyCode.F23,
                KeyCode.F24);

        // The keypad is a place with either meaning; the guest's own Num Lock decides.
        put(0xFF80, KeyCode.SPC);
        put(0xFF89, KeyCode.TAB);
        put(0xFF8D, KeyCode.KP_ENTER);
        row(
                0xFF95,
                KeyCode.KP_7,
                KeyCode.KP_4,
                KeyCode.KP_8,
                KeyCode.KP_6,
                KeyCode.KP_2,
                KeyCode.KP_9,
                KeyCode.KP_3,
                KeyCode.KP_1,
                KeyCode.KP_5,
                KeyCode.KP_0,
                KeyCode.KP_DECIMAL);
        put(0xFFBD, KeyCode.KP_EQUALS);
        row(
                0xFFAA,
                KeyCode.KP_MULTIPLY,
                KeyCode.KP_ADD,
                KeyCode.KP_DECIMAL,
                KeyCode.KP_SUBTRACT,
                KeyCode.KP_DECIMAL,
                KeyCode.KP_DIVIDE,
                KeyCode.KP_0,
                KeyCode.KP_1,
                KeyCode.KP_2,
                KeyCode.KP_3,
                KeyCode.KP_4,
                KeyCode.KP_5,
                KeyCode.KP_6,
                KeyCode.KP_7,
                KeyCode.KP_8,
                KeyCode.KP_9);

        // XF86 keys.
        row(
                0x1008_FF11,
                KeyCode.VOLUMEDOWN,
                KeyCode.AUDIOMUTE,
                KeyCode.VOLUMEUP,
                KeyCode.AUDIOPLAY,
                KeyCode.AUDIOSTOP,
                KeyCode.AUDIOPREV,
                KeyCode.AUDIONEXT,
                KeyCode.AC_HOME,
                KeyCode.MAIL);
        put(0x1008_FF1D, KeyCode.CALCULATOR);
        row(0x1008_FF26, KeyCode.AC_BACK, KeyCode.AC_FORWARD);
        row(0x1008_FF29, KeyCode.AC_REFRESH, KeyCode.POWER, KeyCode.WAKE);
        put(0x1008_FF2F, KeyCode.SLEEP);
        put(0x1008_FF30, KeyCode.AC_BOOKMARKS);
        put(0x1008_FF32, KeyCode.MEDIASELECT);
        put(0x1008_FF33, KeyCode.COMPUTER);
    }

    private static void put(int keysym, KeyCode key) {
        put(keysym, key, Level.ANY);
    }

    private static void put(int keysym, KeyCode key, Level level) {
        if (STROKES.put(keysym, new Stroke(key, level)) != null) {
            throw new AssertionError("keysym 0x" + Integer.toHexString(keysym) + " stands twice");
        }
    }

    /** Keysyms that follow one another. */
    private static void row(int firstKeysym, KeyCode... keys) {
        for (int i = 0; i < keys.length; i++) {
            put(firstKeysym + i, keys[i]);
        }
    }

    /** How to make this keysym, or null when a US keyboard can't. */
    public static Stroke stroke(int keysym) {
        boolean latin1InUnicode = keysym >= UNICODE + 0x20 && keysym <= UNICODE + 0xFF;
        return STROKES.get(latin1InUnicode ? keysym - UNICODE : keysym);
    }
}
