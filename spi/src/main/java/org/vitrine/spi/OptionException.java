package org.vitrine.spi;

/**
 * An option that is unknown, missing, or has a value that it does not take. The message is for the
 * person who wrote it.
 *
 * @since 1.0
 */
public class OptionException extends FrontendException {

    public OptionException(String message) {
        super(message);
    }
}
