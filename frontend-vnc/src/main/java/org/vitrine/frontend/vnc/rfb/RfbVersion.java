package org.vitrine.frontend.vnc.rfb;

import java.nio.charset.StandardCharsets;

/**
 * The versions of the protocol that have a handshake of their own (RFC 6143, section 7.1.1 and
 * appendix A).
 */
public enum RfbVersion {
    V3_3("3.3"),
    V3_7("3.7"),
    V3_8("3.8");

    /** Length in bytes of a ProtocolVersion message. */
    public static final int MESSAGE_LENGTH = 12;

    private final String number;

    RfbVersion(String number) {
        this.number = number;
    }

    /** The ProtocolVersion message that offers this version. */
    public byte[] message() {
        return String.format("RFB 003.%03d\n", Integer.parseInt(number.substring(2)))
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The version that a client's ProtocolVersion message chooses. Versions 3.4 to 3.6 are taken as
     * 3.3, as the RFC asks; numbers after 3.8, which some clients send though they were offered
     * 3.8, as 3.8.
     *
     * @throws RfbException when the bytes are no such message
     */
    public static RfbVersion parse(byte[] message) throws RfbException {
        String text = new String(message, StandardCharsets.US_ASCII);
        if (!text.matches("RFB [0-9]{3}\\.[0-9]{3}\n")) {
            throw new RfbException("the client does not speak RFB");
        }
        int major = Integer.parseInt(text.substring(4, 7));
        int minor = Integer.parseInt(text.substring(8, 11));
        if (major < 3 || major == 3 && minor < 3) {
            throw new RfbException("RFB version " + major + "." + minor + " is older than 3.3");
        }
        if (major > 3 || minor >= 8) {
            return V3_8;
        }
        return minor == 7 ? V3_7 : V3_3;
    }

    /** As people write it: {@code "3.8"}. */
    @Override
    public String toString() {
        return number;
    }
}
