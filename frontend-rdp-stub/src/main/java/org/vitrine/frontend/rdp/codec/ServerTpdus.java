package org.vitrine.frontend.rdp.codec;

/**
 * What the server sends: X.224 Connection Confirm (MS-RDPBCGR 2.2.1.2) and Disconnect Request
 * (X.224, 13.5).
 */
public final class ServerTpdus {

    /** Why a negotiation fails: MS-RDPBCGR 2.2.1.2.2, failureCode. */
    public static final int SSL_NOT_ALLOWED_BY_SERVER = 2;

    /** X.224, 13.5.3 d): the reason of a Disconnect Request, "not specified". */
    private static final int REASON_NOT_SPECIFIED = 0;

    private static final int CONNECTION_CONFIRM = 0xD0;
    private static final int DISCONNECT_REQUEST = 0x80;
    private static final int TYPE_RESPONSE = 2;
    private static final int TYPE_FAILURE = 3;

    /** The server's name for the connection; any but 0. */
    private static final int OWN_REFERENCE = 0x1234;

    private ServerTpdus() {}

    /** Confirms to a client that does not negotiate. */
    public static byte[] confirm(int clientReference) {
        return connectionConfirm(clientReference, 0);
    }

    /** Confirms with RDP_NEG_RSP: this protocol is to be used. */
    public static byte[] confirm(int clientReference, int selectedProtocol) {
        return negotiation(connectionConfirm(clientReference, 8), TYPE_RESPONSE, selectedProtocol);
    }

    /** Confirms with RDP_NEG_FAILURE: none of the client's protocols will do. */
    public static byte[] refuse(int clientReference, int failureCode) {
        return negotiation(connectionConfirm(clientReference, 8), TYPE_FAILURE, failureCode);
    }

    /** Ends the connection. */
    public static byte[] disconnect(int clientReference) {
        return new byte[] {
            6,
            (byte) DISCONNECT_REQUEST,
            (byte) (clientReference >> 8),
            (byte) clientReference,
            OWN_REFERENCE >> 8,
            OWN_REFERENCE & 0xFF,
            REASON_NOT_SPECIFIED
        };
    }

    private static byte[] connectionConfirm(int clientReference, int extra) {
        byte[] tpdu = new byte[7 + extra];
        tpdu[0] = (byte) (tpdu.length - 1);
        tpdu[1] = (byte) CONNECTION_CONFIRM;
        tpdu[2] = (byte) (clientReference >> 8);
        tpdu[3] = (byte) clientReference;
        tpdu[4] = OWN_REFERENCE >> 8;
        tpdu[5] = OWN_REFERENCE & 0xFF;
        return tpdu;
    }

    private static byte[] negotiation(byte[] confirm, int type, int value) {
        confirm[7] = (byte) type;
        confirm[9] = 8;
        for (int i = 0; i < 4; i++) {
            confirm[11 + i] = (byte) (value >> 8 * i);
        }
        return confirm;
    }
}
