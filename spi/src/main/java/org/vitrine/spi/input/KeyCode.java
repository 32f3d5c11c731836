package org.vitrine.spi.input;

import java.util.HashMap;
import java.util.Map;

/**
 * A key by its place on the keyboard, with the names of QMP's {@code QKeyCode} and the scan codes
 * of set 1.
 *
 * <p>A key is a place, not a letter: {@link #Q} is the key right of Tab, whatever is printed on it.
 * Scan codes: IBM PS/2 Technical Reference, "Keyboard (101- and 102-key)", scan code set 1, and
 * Microsoft's "Keyboard Scan Code Specification" for the multimedia keys.
 *
 * @since 1.0
 */
public enum KeyCode {
    UNMAPPED("unmapped", 0x00),
    SHIFT("shift", 0x2A),
    SHIFT_R("shift_r", 0x36),
    ALT("alt", 0x38),
    ALT_R("alt_r", 0xB8),
    CTRL("ctrl", 0x1D),
    CTRL_R("ctrl_r", 0x9D),
    MENU("menu", 0xDD),
    ESC("esc", 0x01),
    DIGIT_1("1", 0x02),
    DIGIT_2("2", 0x03),
    DIGIT_3("3", 0x04),
    DIGIT_4("4", 0x05),
    DIGIT_5("5", 0x06),
    DIGIT_6("6", 0x07),
    DIGIT_7("7", 0x08),
    DIGIT_8("8", 0x09),
    DIGIT_9("9", 0x0A),
    DIGIT_0("0", 0x0B),
    MINUS("minus", 0x0C),
    EQUAL("equal", 0x0D),
    BACKSPACE("backspace", 0x0E),
    TAB("tab", 0x0F),
    Q("q", 0x10),
    W("w", 0x11),
    E("e", 0x12),
    R("r", 0x13),
    T("t", 0x14),
    Y("y", 0x15),
    U("u", 0x16),
    I("i", 0x17),
    O("o", 0x18),
    P("p", 0x19),
    BRACKET_LEFT("bracket_left", 0x1A),
    BRACKET_RIGHT("bracket_right", 0x1B),
    RET("ret", 0x1C),
    A("a", 0x1E),
    S("s", 0x1F),
    D("d", 0x20),
    F("f", 0x21),
    G("g", 0x22),
    H("h", 0x23),
    J("j", 0x24),
    K("k", 0x25),
    L("l", 0x26),
    SEMICOLON("semicolon", 0x27),
    APOSTROPHE("apostrophe", 0x28),
    GRAVE_ACCENT("grave_accent", 0x29),
    BACKSLASH("backslash", 0x2B),
    Z("z", 0x2C),
    X("x", 0x2D),
    C("c", 0x2E),
    V("v", 0x2F),
    B("b", 0x30),
    N("n", 0x31),
    M("m", 0x32),
    COMMA("comma", 0x33),
    DOT("dot", 0x34),
    SLASH("slash", 0x35),
    ASTERISK("asterisk", 0x37),
    SPC("spc", 0x39),
    CAPS_LOCK("caps_lock", 0x3A),
    F1("f1", 0x3B),
    F2("f2", 0x3C),
    F3("f3", 0x3D),
    F4("f4", 0x3E),
    F5("f5", 0x3F),
    F6("f6", 0x40),
    F7("f7", 0x41),
    F8("f8", 0x42),
    F9("f9", 0x43),
    F10("f10", 0x44),
    NUM_LOCK("num_lock", 0x45),
    SCROLL_LOCK("scroll_lock", 0x46),
    KP_DIVIDE("kp_divide", 0xB5),
    KP_MULTIPLY("kp_multiply", 0x37),
    KP_SUBTRACT("kp_subtract", 0x4A),
    KP_ADD("kp_add", 0x4E),
    KP_ENTER("kp_enter", 0x9C),
    KP_DECIMAL("kp_decimal", 0x53),
    SYSRQ("sysrq", 0x54),
    KP_0("kp_0", 0x52),
    KP_1("kp_1", 0x4F),
    KP_2("kp_2", 0x50),
    KP_3("kp_3", 0x51),
    KP_4("kp_4", 0x4B),
    KP_5("kp_5", 0x4C),
    KP_6("kp_6", 0x4D),
    KP_7("kp_7", 0x47),
    KP_8("kp_8", 0x48),
    KP_9("kp_9", 0x49),
    LESS("less", 0x56),
    F11("f11", 0x57),
    F12("f12", 0x58),
    PRINT("print", 0xB7),
    HOME("home", 0xC7),
    PGUP("pgup", 0xC9),
    PGDN("pgdn", 0xD1),
    END("end", 0xCF),
    LEFT("left", 0xCB),
    UP("up", 0xC8),
    DOWN("down", 0xD0),
    RIGHT("right", 0xCD),
    INSERT("insert", 0xD2),
    DELETE("delete", 0xD3),
    STOP("stop", 0x00),
    AGAIN("again", 0x00),
    PROPS("props", 0x00),
    UNDO("undo", 0x00),
    FRONT("front", 0x00),
    COPY("copy", 0x00),
    OPEN("open", 0x00),
    PASTE("paste", 0x00),
    FIND("find", 0x00),
    CUT("cut", 0x00),
    LF("lf", 0x00),
    HELP("help", 0x00),
    META_L("meta_l", 0xDB),
    META_R("meta_r", 0xDC),
    COMPOSE("compose", 0xDD),
    PAUSE("pause", 0xC6),
    RO("ro", 0x73),
    HIRAGANA("hiragana", 0x70),
    HENKAN("henkan", 0x79),
    YEN("yen", 0x7D),
    MUHENKAN("muhenkan", 0x7B),
    KATAKANAHIRAGANA("katakanahiragana", 0x70),
    KP_COMMA("kp_comma", 0x7E),
    KP_EQUALS("kp_equals", 0x59),
    POWER("power", 0xDE),
    SLEEP("sleep", 0xDF),
    WAKE("wake", 0xE3),
    AUDIONEXT("audionext", 0x99),
    AUDIOPREV("audioprev", 0x90),
    AUDIOSTOP("audiostop", 0xA4),
    AUDIOPLAY("audioplay", 0xA2),
    AUDIOMUTE("audiomute", 0xA0),
    VOLUMEUP("volumeup", 0xB0),
    VOLUMEDOWN("volumedown", 0xAE),
    MEDIASELECT("mediaselect", 0xED),
    MAIL("mail", 0xEC),
    CALCULATOR("calculator", 0xA1),
    COMPUTER("computer", 0xEB),
    AC_HOME("ac_home", 0xB2),
    AC_BACK("ac_back", 0xEA),
    AC_FORWARD("ac_forward", 0xE9),
    AC_REFRESH("ac_refresh", 0xE7),
    AC_BOOKMARKS("ac_bookmarks", 0xE6),
    LANG1("lang1", 0x72),
    LANG2("lang2", 0x71),
    F13("f13", 0x5D),
    F14("f14", 0x5E),
    F15("f15", 0x5F),
    F16("f16", 0x55),
    F17("f17", 0x83),
    F18("f18", 0xF7),
    F19("f19", 0x84),
    F20("f20", 0x5A),
    F21("f21", 0x74),
    F22("f22", 0xF9),
    F23("f23", 0x6D),
    F24("f24", 0x6F);

    private static final Map<String, KeyCode> BY_NAME = new HashMap<>();
    private static final KeyCode[] BY_NUMBER = new KeyCode[0x100];

    static {
        for (KeyCode key : values()) {
            BY_NAME.put(key.qmpName, key);
            // Two names may share a number (asterisk and kp_multiply, menu and compose): the first
            // one wins.
            if (key.number != 0 && BY_NUMBER[key.number] == null) {
                BY_NUMBER[key.number] = key;
            }
        }
    }

    private final String qmpName;
    private final int number;

    KeyCode(String qmpName, int number) {
        this.qmpName = qmpName;
        this.number = number;
    }

    /** The name in QMP's {@code QKeyCode}, as {@code "ret"} or {@code "kp_enter"}. */
    public String qmpName() {
        return qmpName;
    }

    /**
     * The key's number as QMP's {@code number} keys have it: the make code of scan code set 1, plus
     * 0x80 when the keyboard sends it after E0; 0 when a PC keyboard has no such key.
     */
    public int number() {
        return number;
    }

    /** The key with this QMP name, or null. */
    public static KeyCode ofName(String qmpName) {
        return BY_NAME.get(qmpName);
    }

    /** The key with this {@link #number()}, or null; the lower bits beyond 0xFF make no key. */
    public static KeyCode ofNumber(int number) {
        return number > 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }
}
