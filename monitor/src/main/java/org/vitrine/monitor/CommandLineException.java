package org.vitrine.monitor;

/** The command line is wrong; the message is the one line that says what. */
final class CommandLineException extends Exception {

    CommandLineException(String message) {
        super(message);
    }
}
