package org.vitrine.frontend.rdp.codec;

/** Bytes that are not what the protocol has at this place; the message says what was found. */
public final class RdpSyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    public RdpSyntaxException(String message) {
        super(message);
    }
}
