package org.vitrine.frontend.rdp.codec;

/**
 * The packets that carry X.224 over TCP: RFC 1006, section 6.
 *
 * <pre>{@code
 * 0  version, 3
 * 1  reserved
 * 2  length of the packet, these 4 bytes included, big-endian
 * 4  TPDU
 * }</pre>
 */
public final class Tpkt {

    public static final int HEADER_SIZE = 4;
    public static final int VERSION = 3;

    /** A header and the smallest TPDU. */
    static final int MIN_LENGTH = 7;

    private Tpkt() {}

    /**
     * How many bytes of TPDU follow this header.
     *
     * @param header {@link #HEADER_SIZE} bytes
     * @param maximum the longest TPDU that makes sense here
     * @throws RdpSyntaxException when this is not the start of a packet, or of one that is too long
     */
    public static int bodyLength(byte[] header, int maximum) throws RdpSyntaxException {
        if ((header[0] & 0xFF) != VERSION) {
            throw new RdpSyntaxException(
                    String.format("first byte 0x%02X, where RDP has TPKT version 3", header[0]));
        }
        int length = (header[2] & 0xFF) << 8 | header[3] & 0xFF;
        if (length < MIN_LENGTH || length - HEADER_SIZE > maximum) {
            throw new RdpSyntaxException(
                    "a packet of "
                            + length
                            + " bytes, where "
                            + MIN_LENGTH
                            + " to "
                            + (maximum + HEADER_SIZE)
                            + " make sense");
        }
        return length - HEADER_SIZE;
    }

    /** A packet with this TPDU. */
    public static byte[] wrap(byte[] tpdu) {
        int length = tpdu.length + HEADER_SIZE;
        byte[] packet = new byte[length];
        packet[0] = VERSION;
        packet[2] = (byte) (length >> 8);
        packet[3] = (byte) length;
        System.arraycopy(tpdu, 0, packet, HEADER_SIZE, tpdu.length);
        return packet;
    }
}
