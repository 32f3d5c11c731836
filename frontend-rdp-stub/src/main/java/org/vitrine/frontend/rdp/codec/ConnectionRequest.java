package org.vitrine.frontend.rdp.codec;

import java.nio.charset.StandardCharsets;

/**
 * A client's first message: the X.224 Connection Request of MS-RDPBCGR 2.2.1.1.
 *
 * <pre>{@code
 * 0  length of the TPDU after this byte
 * 1  0xE0, Connection Request; the low half is a credit and is 0 here
 * 2  destination reference, 0
 * 4  source reference
 * 6  class and options, 0
 * 7  optional: "Cookie: mstshash=" NAME, or a routing token, ended by CR LF
 *    optional: RDP_NEG_REQ, 8 bytes: type 1, flags, length 8, requestedProtocols (little-endian)
 *    optional: RDP_NEG_CORRELATION_INFO, 36 bytes: type 6, flags 0, length 36, id, zeros
 * }</pre>
 *
 * @param sourceReference the client's name for the connection, to be given back
 * @param user the cookie's name, cleaned of what can't be printed; null when there is none
 * @param routingToken a load balancer's token, cleaned likewise; null when there is none
 * @param negotiates whether the client has sent RDP_NEG_REQ; clients before RDP 5.2 don't
 * @param flags of RDP_NEG_REQ
 * @param protocols the bits of {@link SecurityProtocols} that it offers
 */
public record ConnectionRequest(
        int sourceReference,
        String user,
        String routingToken,
        boolean negotiates,
        int flags,
        int protocols) {

    /** The longest TPDU that X.224 allows: a length byte that counts 254 bytes. */
    public static final int MAX_LENGTH = 255;

    private static final int FIXED_LENGTH = 7;
    private static final int CODE = 0xE0;
    private static final int TYPE_REQUEST = 0x01;
    private static final int TYPE_CORRELATION = 0x06;
    private static final int REQUEST_LENGTH = 8;
    private static final int CORRELATION_LENGTH = 36;
    private static final int CORRELATION_INFO_PRESENT = 0x08;
    private static final String USER_COOKIE = "Cookie: mstshash=";

    /**
     * Reads a request.
     *
     * @param tpdu what stands in the first packet, without the packet's header
     * @throws RdpSyntaxException when it is none; the message says where it stops to be one
     */
    public static ConnectionRequest parse(byte[] tpdu) throws RdpSyntaxException {
        if (tpdu.length < FIXED_LENGTH
                || tpdu.length > MAX_LENGTH
                || (tpdu[0] & 0xFF) != tpdu.length - 1) {
            throw new RdpSyntaxException(
                    "an X.224 TPDU of "
                            + tpdu.length
                            + " bytes says that it has "
                            + (tpdu.length == 0 ? "none" : (tpdu[0] & 0xFF) + 1));
        }
        if ((tpdu[1] & 0xF0) != CODE) {
            throw new RdpSyntaxException(
                    String.format(
                            "X.224 TPDU 0x%02X, where the Connection Request is wanted", tpdu[1]));
        }
        if ((tpdu[6] & 0xF0) != 0) {
            throw new RdpSyntaxException(
                    "X.224 class " + ((tpdu[6] & 0xF0) >> 4) + "; RDP uses class 0");
        }
        int at = FIXED_LENGTH;
        String user = null;
        String routingToken = null;
        if (at < tpdu.length && tpdu[at] == 'C') {
            int end = lineEnd(tpdu, at);
            String line = printable(tpdu, at, end);
            if (line.startsWith(USER_COOKIE)) {
                user = line.substring(USER_COOKIE.length());
            } else {
                routingToken = line;
            }
            at = end + 2;
        }
        int sourceReference = (tpdu[4] & 0xFF) << 8 | tpdu[5] & 0xFF;
        if (at == tpdu.length) {
            return new ConnectionRequest(
                    sourceReference, user, routingToken, false, 0, SecurityProtocols.RDP);
        }
        if (tpdu.length - at < REQUEST_LENGTH
                || tpdu[at] != TYPE_REQUEST
                || little16(tpdu, at + 2) != REQUEST_LENGTH) {
            throw new RdpSyntaxException(
                    "no RDP_NEG_REQ at byte " + at + " of the Connection Request");
        }
        int flags = tpdu[at + 1] & 0xFF;
        int protocols = little16(tpdu, at + 4) | little16(tpdu, at + 6) << 16;
        at += REQUEST_LENGTH;
        if ((flags & CORRELATION_INFO_PRESENT) != 0) {
            if (tpdu.length - at < CORRELATION_LENGTH
                    || tpdu[at] != TYPE_CORRELATION
                    || little16(tpdu, at + 2) != CORRELATION_LENGTH) {
                throw new RdpSyntaxException(
                        "no RDP_NEG_CORRELATION_INFO at byte "
                                + at
                                + " of the Connection Request, though its flags announce it");
            }
            at += CORRELATION_LENGTH;
        }
        if (at != tpdu.length) {
            throw new RdpSyntaxException(
                    tpdu.length - at + " bytes too many in the Connection Request");
        }
        return new ConnectionRequest(sourceReference, user, routingToken, true, flags, protocols);
    }

    /** Where the CR LF of the line at {@code from} stands. */
    private static int lineEnd(byte[] tpdu, int from) throws RdpSyntaxException {
        for (int at = from; at + 1 < tpdu.length; at++) {
            if (tpdu[at] == '\r' && tpdu[at + 1] == '\n') {
                return at;
            }
        }
        throw new RdpSyntaxException("the cookie of the Connection Request has no end");
    }

    /** Text of a stranger that may stand in a log. */
    private static String printable(byte[] tpdu, int from, int to) {
        return new String(tpdu, from, to - from, StandardCharsets.US_ASCII)
                .replaceAll("[^ -~]", "?");
    }

    private static int little16(byte[] bytes, int at) {
        return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8;
    }
}
