package org.vitrine.frontend.rdp.codec;

/**
 * The server's side of the connection initiation, as a state machine: TPDUs in, TPDUs out.
 *
 * <pre>{@code
 * WANTS_REQUEST --request that offers TLS or more--> ENDED (refused: SSL_NOT_ALLOWED_BY_SERVER)
 *       |
 *       +--request that offers only standard RDP security--> WANTS_MCS (confirmed)
 *                                                              |
 *                                                              +--any TPDU--> ENDED (disconnected)
 * }</pre>
 *
 * <p>Refusing TLS is the truth, since there is none here, and clients show it as what it is, or
 * come back with standard RDP security. That is confirmed, since nothing else can be answered to
 * it; what follows, the MCS Connect Initial of MS-RDPBCGR 2.2.1.3, is not implemented, and so the
 * connection ends there.
 */
public final class Negotiation {

    /** The longest TPDU that is taken in {@link State#WANTS_MCS}: clients send about 450 bytes. */
    private static final int MAX_MCS_LENGTH = 8192;

    /** Where the conversation is. */
    public enum State {
        WANTS_REQUEST,
        WANTS_MCS,
        ENDED
    }

    /**
     * What to do after a TPDU.
     *
     * @param reply a TPDU to be sent
     * @param end why the connection is to be closed after that, or null when it goes on
     */
    public record Step(byte[] reply, String end) {}

    private State state = State.WANTS_REQUEST;
    private ConnectionRequest request;

    /** A conversation that is about to begin. */
    public Negotiation() {}

    public State state() {
        return state;
    }

    /** What the client asked for, or null before it did. */
    public ConnectionRequest request() {
        return request;
    }

    /** The longest TPDU that makes sense now, bytes. */
    public int maxLength() {
        return state == State.WANTS_REQUEST ? ConnectionRequest.MAX_LENGTH : MAX_MCS_LENGTH;
    }

    /**
     * Takes the client's next TPDU.
     *
     * @throws RdpSyntaxException when it makes no sense here; the conversation has ended then
     * @throws IllegalStateException when the conversation has ended before
     */
    public Step take(byte[] tpdu) throws RdpSyntaxException {
        State before = state;
        state = State.ENDED;
        return switch (before) {
            case WANTS_REQUEST -> answer(ConnectionRequest.parse(tpdu));
            case WANTS_MCS -> {
                if (tpdu.length < 3 || (tpdu[1] & 0xFF) != 0xF0) {
                    throw new RdpSyntaxException(
                            "no X.224 Data TPDU after the connection was confirmed");
                }
                yield new Step(
                        ServerTpdus.disconnect(request.sourceReference()),
                        "standard RDP security was confirmed; sessions are not implemented in this frontend");
            }
            case ENDED -> throw new IllegalStateException("the conversation has ended");
        };
    }

    private Step answer(ConnectionRequest asked) {
        request = asked;
        int reference = asked.sourceReference();
        if (!asked.negotiates()) {
            state = State.WANTS_MCS;
            return new Step(ServerTpdus.confirm(reference), null);
        }
        if (asked.protocols() == SecurityProtocols.RDP) {
            state = State.WANTS_MCS;
            return new Step(ServerTpdus.confirm(reference, SecurityProtocols.RDP), null);
        }
        return new Step(
                ServerTpdus.refuse(reference, ServerTpdus.SSL_NOT_ALLOWED_BY_SERVER),
                "refused "
                        + SecurityProtocols.names(asked.protocols())
                        + ", which is not implemented in this frontend");
    }
}
