package org.vitrine.frontend.mjpeg.codec;

/**
 * A request that asks for something that does not exist; the message tells its sender what would be
 * right.
 */
public final class BadRequest extends Exception {

    private static final long serialVersionUID = 1L;

    public BadRequest(String message) {
        super(message);
    }
}
