package org.vitrine.example.ascii.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.KeyCode;

/**
 * The keys of a US keyboard that type what a terminal sends: ASCII, control characters, and the
 * sequences that xterm has for cursor and function keys. What no key types is left out.
 */
public final class TerminalKeys {

    private static final int ESCAPE = 0x1B;
    private static final int DELETE = 0x7F;
    private static final int LONGEST_SEQUENCE = 4;

    private static final String UNSHIFTED = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./ ";
    private static final String SHIFTED = "~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:\"ZXCVBNM<>?";

    private static final KeyCode[] KEYS = {
        KeyCode.GRAVE_ACCENT,
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
        KeyCode.Q,
        KeyCode.W,
        KeyCode.E,
        KeyCode.R,
        KeyCode.T,
        KeyCode.Y,
        KeyCode.U,
        KeyCode.I,
        KeyCode.O,
        KeyCode.P,
        KeyCode.BRACKET_LEFT,
        KeyCode.BRACKET_RIGHT,
        KeyCode.BACKSLASH,
        KeyCode.A,
        KeyCode.S,
        KeyCode.D,
        KeyCode.F,
        KeyCode.G,
        KeyCode.H,
        KeyCode.J,
        KeyCode.K,
        KeyCode.L,
        KeyCode.SEMICOLON,
        KeyCode.APOSTROPHE,
        KeyCode.Z,
        KeyCode.X,
        KeyCode.C,
        KeyCode.V,
        KeyCode.B,
        KeyCode.N,
        KeyCode.M,
        KeyCode.COMMA,
        KeyCode.DOT,
        KeyCode.SLASH,
        KeyCode.SPC
    };

    /** xterm's sequences without their first character, ESC. */
    private static final Map<String, KeyCode> SEQUENCES =
            Map.ofEntries(
                    Map.entry("[A", KeyCode.UP),
                    Map.entry("[B", KeyCode.DOWN),
                    Map.entry("[C", KeyCode.RIGHT),
                    Map.entry("[D", KeyCode.LEFT),
                    Map.entry("OA", KeyCode.UP),
                    Map.entry("OB", KeyCode.DOWN),
                    Map.entry("OC", KeyCode.RIGHT),
                    Map.entry("OD", KeyCode.LEFT),
                    Map.entry("[H", KeyCode.HOME),
                    Map.entry("[F", KeyCode.END),
                    Map.entry("[1~", KeyCode.HOME),
                    Map.entry("[2~", KeyCode.INSERT),
                    Map.entry("[3~", KeyCode.DELETE),
                    Map.entry("[4~", KeyCode.END),
                    Map.entry("[5~", KeyCode.PGUP),
                    Map.entry("[6~", KeyCode.PGDN),
                    Map.entry("OP", KeyCode.F1),
                    Map.entry("OQ", KeyCode.F2),
                    Map.entry("OR", KeyCode.F3),
                    Map.entry("OS", KeyCode.F4),
                    Map.entry("[15~", KeyCode.F5),
                    Map.entry("[17~", KeyCode.F6),
                    Map.entry("[18~", KeyCode.F7),
                    Map.entry("[19~", KeyCode.F8),
                    Map.entry("[20~", KeyCode.F9),
                    Map.entry("[21~", KeyCode.F10),
                    Map.entry("[23~", KeyCode.F11),
                    Map.entry("[24~", KeyCode.F12));

    /** The begun sequence without its ESC, or null outside of one. */
    private StringBuilder sequence;

    private boolean afterReturn;

    /**
     * The groups of events that these bytes stand for. A sequence may be cut between two calls, but
     * for its first character: an ESC at the end is the key.
     */
    public List<InputEvent[]> events(byte[] typed) {
        List<InputEvent[]> groups = new ArrayList<>();
        for (int i = 0; i < typed.length; i++) {
            int b = typed[i] & 0xFF;
            if (sequence != null) {
                continueSequence((char) b, groups);
            } else if (b == ESCAPE
                    && i + 1 < typed.length
                    && (typed[i + 1] == '[' || typed[i + 1] == 'O')) {
                sequence = new StringBuilder();
            } else {
                type(b, groups);
            }
        }
        return groups;
    }

    private void continueSequence(char next, List<InputEvent[]> groups) {
        boolean last = !sequence.isEmpty() && next >= '@' && next <= '~';
        if (sequence.length() <= LONGEST_SEQUENCE) { // longer ones are no key, whatever they are
            sequence.append(next);
        }
        if (last) {
            KeyCode key = SEQUENCES.get(sequence.toString());
            if (key != null) {
                groups.add(tap(key));
            }
            sequence = null;
        }
    }

    private void type(int b, List<InputEvent[]> groups) {
        // A terminal sends CR for its Return key; Telnet adds LF or NUL (RFC 854).
        boolean added = afterReturn && (b == '\n' || b == 0);
        afterReturn = b == '\r';
        if (added) {
            return;
        }
        switch (b) {
            case '\r', '\n' -> groups.add(tap(KeyCode.RET));
            case '\t' -> groups.add(tap(KeyCode.TAB));
            case '\b', DELETE -> groups.add(tap(KeyCode.BACKSPACE));
            case ESCAPE -> groups.add(tap(KeyCode.ESC));
            default -> {
                if (b >= 1 && b <= 26) {
                    groups.add(with(KeyCode.CTRL, key(UNSHIFTED.indexOf('a' + b - 1))));
                } else if (UNSHIFTED.indexOf(b) >= 0) {
                    groups.add(tap(key(UNSHIFTED.indexOf(b))));
                } else if (SHIFTED.indexOf(b) >= 0) {
                    groups.add(with(KeyCode.SHIFT, key(SHIFTED.indexOf(b))));
                }
            }
        }
    }

    private static KeyCode key(int place) {
        return KEYS[place];
    }

    private static InputEvent[] tap(KeyCode key) {
        return new InputEvent[] {new InputEvent.Key(key, true), new InputEvent.Key(key, false)};
    }

    private static InputEvent[] with(KeyCode modifier, KeyCode key) {
        return new InputEvent[] {
            new InputEvent.Key(modifier, true),
            new InputEvent.Key(key, true),
            new InputEvent.Key(key, false),
            new InputEvent.Key(modifier, false)
        };
    }
}
