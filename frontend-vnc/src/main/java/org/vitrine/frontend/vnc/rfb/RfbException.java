package org.vitrine.frontend.vnc.rfb;

/** A client sent what RFB does not allow; its connection ends, and the message says why. */
public final class RfbException extends Exception {

    public RfbException(String message) {
        super(message);
    }
}
