package org.vitrine.core.device.input;

import java.util.HexFormat;
import org.vitrine.spi.input.KeyCode;

/**
 * The three scan code sets of the 101/102-key keyboard and the controller's translation from set 2
 * to set 1 (IBM PS/2 Hardware Interface Technical Reference, "Keyboard and Auxiliary Device
 * Controller" and "Keyboard (101- and 102-Key)").
 *
 * <p>{@link KeyCode#number} is the code of set 1, so that set 2 is the translation read backwards.
 */
final class ScanCodes {

    /**
     * Set 2 to set 1: the entry at a code of set 2, up to 7Fh; from 85h on codes stay as they are.
     */
    private static final byte[] TRANSLATION =
            HexFormat.of()
                    .parseHex(
                            """
                            ff43413f3d3b3c58644442403e0f2959\
                            65382a701d10025a66712c1f1e11035b\
                            672e2d201205045c68392f211413065d\
                            693130232215075e6a7232241608095f\
                            6b332517180b0a606c34352627190c61\
                            6d7328741a0d626e3a361c1b752b6376\
                            55567778797a0e7b7c4f7d4b477e7f6f\
                            5253504c4d480145574e514a37494654\
                            """);

    private static final int SET_2_F7 = 0x83;
    private static final int SET_2_SYSRQ = 0x84;

    private static final byte[] SET_2 = new byte[0x80];
    private static final byte[] SET_3 = new byte[KeyCode.values().length];

    /** Of set 3: bit 0 when a key sends a break code, bit 1 when it repeats, by default. */
    private static final byte[] SET_3_TYPE = new byte[0x100];

    static final int BREAKS = 1;
    static final int REPEATS = 2;

    private ScanCodes() {}

    static {
        for (int code = 0x7F; code > 0; code--) {
            SET_2[TRANSLATION[code]] = (byte) code;
        }
        SET_2[0x41] = (byte) SET_2_F7;
        SET_2[0x54] = (byte) SET_2_SYSRQ;

        typematic(
                "grave_accent 0e 1 16 2 1e 3 26 4 25 5 2e 6 36 7 3d 8 3e 9 46 0 45 minus 4e equal 55 backspace 66");
        typematic(
                "tab 0d q 15 w 1d e 24 r 2d t 2c y 35 u 3c i 43 o 44 p 4d bracket_left 54 bracket_right 5b");
        typematic(
                "backslash 5c a 1c s 1b d 23 f 2b g 34 h 33 j 3b k 42 l 4b semicolon 4c apostrophe 52 ret 5a");
        typematic(
                "less 13 z 1a x 22 c 21 v 2a b 32 n 31 m 3a comma 41 dot 49 slash 4a spc 29 ro 51 yen 5d");
        typematic("left 61 up 63 down 60 right 6a delete 64 kp_add 7c");
        set3("shift 12 shift_r 59 ctrl 11 alt 19 caps_lock 14 meta_l 8b meta_r 8c", BREAKS);
        set3(
                "ctrl_r 58 alt_r 39 menu 8d compose 8d insert 67 home 6e end 65 pgup 6f pgdn 6d num_lock 76",
                0);
        set3(
                "kp_divide 77 kp_multiply 7e asterisk 7e kp_subtract 84 kp_enter 79 kp_decimal 71 kp_0 70 kp_1 69",
                0);
        set3(
                "kp_2 72 kp_3 7a kp_4 6b kp_5 73 kp_6 74 kp_7 6c kp_8 75 kp_9 7d esc 08 f1 07 f2 0f f3 17 f4 1f",
                0);
        set3(
                "f5 27 f6 2f f7 37 f8 3f f9 47 f10 4f f11 56 f12 5e print 57 sysrq 57 scroll_lock 5f pause 62",
                0);
        set3("henkan 86 muhenkan 85 hiragana 87 katakanahiragana 87", 0);
    }

    private static void typematic(String keys) {
        set3(keys, REPEATS);
    }

    private static void set3(String keys, int type) {
        String[] words = keys.split(" ");
        for (int i = 0; i < words.length; i += 2) {
            int code = HexFormat.fromHexDigits(words[i + 1]);
            SET_3[KeyCode.ofName(words[i]).ordinal()] = (byte) code;
            SET_3_TYPE[code] = (byte) type;
        }
    }

    /** What the controller makes of a byte of set 2 that is no F0. */
    static int translate(int set2) {
        return switch (set2) {
            case SET_2_F7 -> 0x41;
            case SET_2_SYSRQ -> 0x54;
            default -> set2 < 0x80 ? TRANSLATION[set2] & 0xFF : set2;
        };
    }

    /** The code of set 2 for a code of set 1, 01h to 7Fh; prefixes are the same in both. */
    static int set2(int set1) {
        return SET_2[set1] & 0xFF;
    }

    /** The make code of set 3, or 0 when the key has none. */
    static int set3(KeyCode key) {
        return SET_3[key.ordinal()] & 0xFF;
    }

    /**
     * {@link #BREAKS} and {@link #REPEATS}, as the key with this code of set 3 is after power-on.
     */
    static byte defaultType(int set3) {
        return SET_3_TYPE[set3];
    }
}
