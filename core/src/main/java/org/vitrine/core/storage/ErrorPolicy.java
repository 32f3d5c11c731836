package org.vitrine.core.storage;

import java.io.IOException;
import java.util.Locale;

/**
 * What a drive does when the host can't read or write what the guest asked for.
 *
 * @param onRead any but {@link Choice#ENOSPC}
 */
public record ErrorPolicy(Choice onRead, Choice onWrite) {

    /** What can be chosen, with QEMU's names. */
    public enum Choice {
        /** The guest is told of the error. */
        REPORT,
        /** The guest is not told. */
        IGNORE,
        /** The machine stops, and tries again when it goes on. */
        STOP,
        /** As STOP where the host's disk is full, otherwise as REPORT. */
        ENOSPC;

        /** The choice of this name; null when there is none. */
        public static Choice named(String name) {
            for (Choice choice : values()) {
                if (choice.word().equals(name)) {
                    return choice;
                }
            }
            return null;
        }

        /** As on the command line and in QMP's {@code BlockErrorAction}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Errors are told to the guest, but a full disk is not. */
    public static final ErrorPolicy STANDARD = new ErrorPolicy(Choice.REPORT, Choice.ENOSPC);

    private static final String NO_SPACE = "No space left on device";

    /** What is to be done about an error: one of the first three choices. */
    Choice action(boolean write, IOException reason) {
        Choice choice = write ? onWrite : onRead;
        if (choice == Choice.ENOSPC) {
            return isNoSpace(reason) ? Choice.STOP : Choice.REPORT;
        }
        return choice;
    }

    /** Whether an error means that the host's disk is full. */
    public static boolean isNoSpace(IOException reason) {
        return reason.getMessage() != null && reason.getMessage().contains(NO_SPACE);
    }
}
