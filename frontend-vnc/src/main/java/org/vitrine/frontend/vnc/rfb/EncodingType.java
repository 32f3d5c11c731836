package org.vitrine.frontend.vnc.rfb;

/**
 * Numbers of encodings and pseudo-encodings: RFC 6143, sections 7.7 and 7.8; those of QEMU are in
 * the community's "The RFB Protocol" (rfbproto), chapter "Pseudo-encodings".
 */
public final class EncodingType {

    private EncodingType() {}

    public static final int RAW = 0;
    public static final int HEXTILE = 5;
    public static final int ZLIB = 6;
    public static final int TIGHT = 7;
    public static final int ZRLE = 16;
    public static final int CURSOR = -239;
    public static final int DESKTOP_SIZE = -223;
    public static final int QEMU_EXTENDED_KEY_EVENT = -258;
    public static final int QEMU_LED_STATE = -261;

    /** What people call an encoding. */
    public static String name(int number) {
        return switch (number) {
            case RAW -> "Raw";
            case HEXTILE -> "Hextile";
            case ZLIB -> "Zlib";
            case TIGHT -> "Tight";
            case ZRLE -> "ZRLE";
            default -> "encoding " + number;
        };
    }
}
