package org.vitrine.core.device.storage;

import org.vitrine.core.storage.DiskImage;
import org.vitrine.core.storage.Drive;

/** A floppy drive's mechanics: where its heads are, and whether its diskette was changed. */
final class FloppyDrive {

    private static final int LAST_TRACK = 83;

    private final Drive drive;
    private long changesSeen = -1;
    private int track;
    private FloppyFormat format = FloppyFormat.of(0);
    private long formattedFor = -1;

    FloppyDrive(Drive drive) {
        this.drive = drive;
    }

    Drive drive() {
        return drive;
    }

    int track() {
        return track;
    }

    /**
     * Moves the heads. A step with a diskette inside ends the change line's signal; being there
     * already is no step.
     */
    void seek(int target) {
        int reached = Math.clamp(target, 0, LAST_TRACK);
        if (reached != track && drive.reachable()) {
            changesSeen = drive.changes();
        }
        track = reached;
    }

    /** The DSKCHG line: another diskette, or none, has been there since the last step. */
    boolean changed() {
        return changesSeen != drive.changes() || !drive.reachable();
    }

    boolean writeProtected() {
        DiskImage image = drive.image();
        return image != null && image.readOnly();
    }

    /** The format of the diskette, or null when there is none. */
    FloppyFormat format() {
        long size = drive.size();
        if (size == 0) {
            return null;
        }
        if (size != formattedFor) {
            formattedFor = size;
            format = FloppyFormat.of(size);
        }
        return format;
    }
}
