package org.vitrine.monitor.process;

/** There is no emulator at a prefix, now; the message is one line for a person. */
final class NoEmulatorException extends Exception {

    NoEmulatorException(String message, Throwable cause) {
        super(message, cause);
    }
}
