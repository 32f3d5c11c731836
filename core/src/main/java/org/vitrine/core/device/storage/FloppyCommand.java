package org.vitrine.core.device.storage;

/** The 82077's commands, by the bits of their first byte that say which it is. */
enum FloppyCommand {
    READ_TRACK(0x1F, 0x02, 9),
    SPECIFY(0xFF, 0x03, 3),
    SENSE_DRIVE_STATUS(0xFF, 0x04, 2),
    WRITE(0x3F, 0x05, 9),
    READ(0x1F, 0x06, 9),
    RECALIBRATE(0xFF, 0x07, 2),
    SENSE_INTERRUPT_STATUS(0xFF, 0x08, 1),
    WRITE_DELETED(0x3F, 0x09, 9),
    READ_ID(0xBF, 0x0A, 2),
    READ_DELETED(0x1F, 0x0C, 9),
    FORMAT(0xBF, 0x0D, 6),
    DUMPREG(0xFF, 0x0E, 1),
    SEEK(0xFF, 0x0F, 3),
    RELATIVE_SEEK(0xBF, 0x8F, 3),
    VERSION(0xFF, 0x10, 1),
    PERPENDICULAR(0xFF, 0x12, 2),
    CONFIGURE(0xFF, 0x13, 4),
    LOCK(0x7F, 0x14, 1),
    VERIFY(0x1F, 0x16, 9),
    INVALID(0x00, 0x00, 1);

    private final int mask;
    private final int code;
    private final int length;

    FloppyCommand(int mask, int code, int length) {
        this.mask = mask;
        this.code = code;
        this.length = length;
    }

    private static final FloppyCommand[] BY_FIRST_BYTE = new FloppyCommand[0x100];

    static {
        for (int first = 0; first < BY_FIRST_BYTE.length; first++) {
            for (FloppyCommand command : values()) {
                if ((first & command.mask) == command.code) {
                    BY_FIRST_BYTE[first] = command;
                    break;
                }
            }
        }
    }

    static FloppyCommand of(int first) {
        return BY_FIRST_BYTE[first];
    }

    /** Whether its bytes go from the diskette to the machine. */
    boolean toHost() {
        return !writes();
    }

    /** Whether it changes the diskette. */
    boolean writes() {
        return this == WRITE || this == WRITE_DELETED || this == FORMAT;
    }

    /** How many bytes it has, the first among them. */
    int length() {
        return length;
    }
}
