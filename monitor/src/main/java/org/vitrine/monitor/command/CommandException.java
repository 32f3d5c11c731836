package org.vitrine.monitor.command;

/** A command could not be done. The message is one line for a person, and what QMP gives as {@code desc}. */
public final class CommandException extends Exception {

    private final ErrorClass errorClass;

    /** The error classes of QMP ({@code QapiErrorClass}). Programs should tell errors apart by nothing else. */
    public enum ErrorClass {
        GENERIC_ERROR("GenericError"),
        COMMAND_NOT_FOUND("CommandNotFound"),
        DEVICE_NOT_ACTIVE("DeviceNotActive"),
        DEVICE_NOT_FOUND("DeviceNotFound"),
        KVM_MISSING_CAP("KVMMissingCap");

        private final String qmpName;

        ErrorClass(String qmpName) {
            this.qmpName = qmpName;
        }

        /** The name on the wire. */
        public String qmpName() {
            return qmpName;
        }

        /** The class with this name on the wire; a name from a newer version is a {@link #GENERIC_ERROR}. */
        public static ErrorClass ofQmpName(String name) {
            for (ErrorClass value : values()) {
                if (value.qmpName.equals(name)) {
                    return value;
                }
            }
            return GENERIC_ERROR;
        }
    }

    public CommandException(String message) {
        this(ErrorClass.GENERIC_ERROR, message);
    }

    public CommandException(ErrorClass errorClass, String message) {
        super(message);
        this.errorClass = errorClass;
    }

    /** As {@link #CommandException(String)}, with what caused it for the log. */
    public CommandException(String message, Throwable cause) {
        super(message, cause);
        this.errorClass = ErrorClass.GENERIC_ERROR;
    }

    public ErrorClass errorClass() {
        return errorClass;
    }
}
