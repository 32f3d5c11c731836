package org.vitrine.spi;

/**
 * A frontend can't do what it was asked. The message is one line for the person who asked, and says
 * what was wrong: {@code "port 5900 of 127.0.0.1 is in use"}.
 *
 * @since 1.0
 */
public class FrontendException extends Exception {

    public FrontendException(String message) {
        super(message);
    }

    public FrontendException(String message, Throwable cause) {
        super(message, cause);
    }
}
