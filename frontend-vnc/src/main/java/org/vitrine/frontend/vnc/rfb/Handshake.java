package org.vitrine.frontend.vnc.rfb;

import java.util.random.RandomGenerator;

/**
 * A connection's first messages, up to ClientInit, seen from the server (RFC 6143, sections 7.1 to
 * 7.3.1).
 *
 * <pre>{@code
 * send(handshake.greeting());
 * while (handshake.needed() > 0) {
 *     send(handshake.accept(receive(handshake.needed())));
 * }
 * }</pre>
 *
 * <p>For one thread.
 */
public final class Handshake {

    private static final int SECURITY_NONE = 1;
    private static final int SECURITY_VNC = 2;

    private enum State {
        VERSION,
        SECURITY_TYPE,
        VNC_RESPONSE,
        CLIENT_INIT,
        DONE,
        FAILED
    }

    private final String password;
    private final String refusal;
    private final RandomGenerator random;
    private final byte[] challenge = new byte[VncAuthentication.CHALLENGE_LENGTH];
    private State state = State.VERSION;
    private RfbVersion version;
    private boolean shared;
    private boolean wrongPassword;
    private String failure;

    /**
     * A handshake that has not begun.
     *
     * @param password what the client must know, or null when everybody is let in
     * @param refusal why this client is turned away in any case, or null
     * @param random makes the challenge; must not be predictable
     */
    public Handshake(String password, String refusal, RandomGenerator random) {
        this.password = password;
        this.refusal = refusal;
        this.random = random;
    }

    /** What the server says first. */
    public byte[] greeting() {
        return RfbVersion.V3_8.message();
    }

    /** How many bytes must come from the client next; 0 when the handshake is over. */
    public int needed() {
        return switch (state) {
            case VERSION -> RfbVersion.MESSAGE_LENGTH;
            case SECURITY_TYPE, CLIENT_INIT -> 1;
            case VNC_RESPONSE -> challenge.length;
            case DONE, FAILED -> 0;
        };
    }

    /**
     * Takes as many bytes as {@link #needed} asked for.
     *
     * @return what to answer, may be empty; the last words when the handshake has failed
     * @throws RfbException when the client does not keep to the protocol
     */
    public byte[] accept(byte[] bytes) throws RfbException {
        RfbOutput out = new RfbOutput();
        switch (state) {
            case VERSION -> version(bytes, out);
            case SECURITY_TYPE -> securityType(bytes[0] & 0xFF, out);
            case VNC_RESPONSE -> response(bytes, out);
            case CLIENT_INIT -> {
                shared = bytes[0] != 0;
                state = State.DONE;
            }
            case DONE, FAILED -> throw new IllegalStateException("the handshake is over");
        }
        return out.toByteArray();
    }

    private void version(byte[] bytes, RfbOutput out) throws RfbException {
        version = RfbVersion.parse(bytes);
        if (refusal != null) {
            fail(refusal);
            // No security types, or in 3.3 the type "invalid"; the reason follows either.
            if (version == RfbVersion.V3_3) {
                out.u32(0);
            } else {
                out.u8(0);
            }
            out.string(refusal);
        } else if (version == RfbVersion.V3_3) {
            out.u32(offered());
            begin(out);
        } else {
            out.u8(1).u8(offered());
            state = State.SECURITY_TYPE;
        }
    }

    private int offered() {
        return password == null ? SECURITY_NONE : SECURITY_VNC;
    }

    private void securityType(int chosen, RfbOutput out) throws RfbException {
        if (chosen != offered()) {
            throw new RfbException(
                    "the client chose security type " + chosen + ", which was not offered");
        }
        begin(out);
    }

    private void begin(RfbOutput out) {
        if (password != null) {
            random.nextBytes(challenge);
            out.bytes(challenge);
            state = State.VNC_RESPONSE;
        } else {
            if (version == RfbVersion.V3_8) {
                out.u32(0);
            }
            state = State.CLIENT_INIT;
        }
    }

    private void response(byte[] response, RfbOutput out) {
        if (VncAuthentication.verify(challenge, response, password)) {
            out.u32(0);
            state = State.CLIENT_INIT;
            return;
        }
        wrongPassword = true;
        fail("the password is wrong");
        out.u32(1);
        if (version == RfbVersion.V3_8) {
            out.string(failure);
        }
    }

    private void fail(String reason) {
        failure = reason;
        state = State.FAILED;
    }

    /** Why the client was turned away, or null. */
    public String failure() {
        return failure;
    }

    /** Whether the client gave a wrong password. */
    public boolean wrongPassword() {
        return wrongPassword;
    }

    /** The version that the client chose; null before. */
    public RfbVersion version() {
        return version;
    }

    /** Whether the client, at the end, agreed to share the screen with others. */
    public boolean shared() {
        return shared;
    }
}
