package org.vitrine.core.device.storage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.vitrine.core.storage.Drive;

/**
 * What a CD-ROM drive answers to commands that ask it something, as MMC-4 and SPC-3 lay it out. The
 * disc has one session with one data track. Each method fills the beginning of a buffer, and
 * returns how many bytes that are.
 */
final class CdromReplies {

    private static final int LEAD_OUT = 0xAA;
    private static final int DATA_TRACK = 0x14;

    /** Sectors between the beginning of the disc's time and its first block. */
    private static final int PREGAP = 150;

    private static final int SECTORS_PER_SECOND = 75;

    /** What is longer than 80 minutes is a DVD. */
    private static final long LARGEST_CD = 80L * 60 * SECTORS_PER_SECOND;

    private static final int PROFILE_DVD_ROM = 0x10;
    private static final int PROFILE_CD_ROM = 0x08;

    private static final int MEDIA_EVENTS = 0x10;
    private static final int MEDIA_CLASS = 4;
    private static final int EVENT_EJECT_REQUEST = 1;
    private static final int EVENT_NEW_MEDIUM = 2;
    private static final int EVENT_REMOVAL = 3;

    private final Drive drive;

    CdromReplies(Drive drive) {
        this.drive = drive;
    }

    /** Blocks of the disc. */
    long sectors() {
        return Math.ceilDiv(drive.size(), AtapiCdrom.SECTOR);
    }

    private static void clear(byte[] into, int length) {
        Arrays.fill(into, 0, length, (byte) 0);
    }

    private static void put16(byte[] into, int at, int value) {
        into[at] = (byte) (value >>> 8);
        into[at + 1] = (byte) value;
    }

    private static void put32(byte[] into, int at, long value) {
        put16(into, at, (int) (value >>> 16));
        put16(into, at + 2, (int) value);
    }

    private static void putText(byte[] into, int at, int length, String text) {
        byte[] characters =
                String.format("%-" + length + "s", text).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(characters, 0, into, at, length);
    }

    /** Minutes, seconds and frames of a block. */
    private static void putTime(byte[] into, int at, long block) {
        long frames = block + PREGAP;
        into[at] = (byte) (frames / SECTORS_PER_SECOND / 60);
        into[at + 1] = (byte) (frames / SECTORS_PER_SECOND % 60);
        into[at + 2] = (byte) (frames % SECTORS_PER_SECOND);
    }

    /** The same in binary-coded decimals, as a sector's header has them. */
    static void putBcdTime(byte[] into, int at, long block) {
        putTime(into, at, block);
        for (int i = at; i < at + 3; i++) {
            into[i] = (byte) (into[i] / 10 << 4 | into[i] % 10);
        }
    }

    private static void putAddress(byte[] into, int at, long block, boolean inTime) {
        if (inTime) {
            into[at] = 0;
            putTime(into, at + 1, block);
        } else {
            put32(into, at, block);
        }
    }

    int sense(byte[] into, int key, int code) {
        clear(into, 18);
        into[0] = 0x70;
        into[2] = (byte) key;
        into[7] = 10;
        put16(into, 12, code);
        return 18;
    }

    int inquiry(byte[] into) {
        clear(into, 36);
        into[0] = 5; // CD-ROM
        into[1] = (byte) 0x80; // removable
        into[3] = 0x21; // ATAPI
        into[4] = 31;
        putText(into, 8, 8, "VITRINE");
        putText(into, 16, 16, "DVD-ROM");
        putText(into, 32, 4, "1.0");
        return 36;
    }

    int capacity(byte[] into) {
        put32(into, 0, sectors() - 1);
        put32(into, 4, AtapiCdrom.SECTOR);
        return 8;
    }

    int subchannel(byte[] into, byte[] packet) {
        boolean position = (packet[2] & 0x40) != 0 && packet[3] == 1;
        int length = position ? 16 : 4;
        clear(into, length);
        into[1] = 0x15; // no audio status
        put16(into, 2, length - 4);
        if (position) {
            into[4] = 1;
            into[5] = DATA_TRACK;
            into[6] = 1;
            into[7] = 1;
        }
        return length;
    }

    /**
     * The table of contents.
     *
     * @return 0 when there is none of this format, or from this track on
     */
    int toc(byte[] into, int format, boolean inTime, int firstTrack) {
        return switch (format) {
            case 0 -> tracks(into, inTime, firstTrack);
            case 1 -> sessions(into, inTime);
            case 2 -> rawToc(into);
            default -> 0;
        };
    }

    private int tracks(byte[] into, boolean inTime, int firstTrack) {
        if (firstTrack > 1 && firstTrack != LEAD_OUT) {
            return 0;
        }
        clear(into, 20);
        into[2] = 1;
        into[3] = 1;
        int at = 4;
        if (firstTrack <= 1) {
            into[at + 1] = DATA_TRACK;
            into[at + 2] = 1;
            putAddress(into, at + 4, 0, inTime);
            at += 8;
        }
        into[at + 1] = 0x16;
        into[at + 2] = (byte) LEAD_OUT;
        putAddress(into, at + 4, sectors(), inTime);
        at += 8;
        put16(into, 0, at - 2);
        return at;
    }

    private int sessions(byte[] into, boolean inTime) {
        clear(into, 12);
        put16(into, 0, 10);
        into[2] = 1;
        into[3] = 1;
        into[5] = DATA_TRACK;
        into[6] = 1;
        putAddress(into, 8, 0, inTime);
        return 12;
    }

    /** As the lead-in's Q channel has it: points A0 to A2, then the track. */
    private int rawToc(byte[] into) {
        int[] points = {0xA0, 0xA1, 0xA2, 1};
        int length = 4 + 11 * points.length;
        clear(into, length);
        put16(into, 0, length - 2);
        into[2] = 1;
        into[3] = 1;
        for (int i = 0; i < points.length; i++) {
            int at = 4 + 11 * i;
            into[at] = 1;
            into[at + 1] = DATA_TRACK;
            into[at + 3] = (byte) points[i];
            switch (points[i]) {
                case 0xA0, 0xA1 -> into[at + 8] = 1;
                case 0xA2 -> putTime(into, at + 8, sectors());
                default -> putTime(into, at + 8, 0);
            }
        }
        return length;
    }

    private int profile() {
        if (!drive.reachable()) {
            return 0;
        }
        return sectors() > LARGEST_CD ? PROFILE_DVD_ROM : PROFILE_CD_ROM;
    }

    /**
     * The drive's features.
     *
     * @param which 0 all from the first one on, 1 those that are current, 2 the first one alone
     */
    int configuration(byte[] into, int which, int first) {
        int profile = profile();
        clear(into, 80);
        put16(into, 6, profile);
        int at = 8;
        if (wanted(which, first, 0)) {
            into[at + 2] = 3;
            into[at + 3] = 8;
            put16(into, at + 4, PROFILE_DVD_ROM);
            into[at + 6] = (byte) (profile == PROFILE_DVD_ROM ? 1 : 0);
            put16(into, at + 8, PROFILE_CD_ROM);
            into[at + 10] = (byte) (profile == PROFILE_CD_ROM ? 1 : 0);
            at += 12;
        }
        if (wanted(which, first, 1)) { // core: ATAPI
            put16(into, at, 1);
            into[at + 2] = 0x0B;
            into[at + 3] = 8;
            put32(into, at + 4, 2);
            into[at + 8] = 1;
            at += 12;
        }
        if (wanted(which, first, 3)) { // removable: a tray that ejects and locks
            put16(into, at, 3);
            into[at + 2] = 3;
            into[at + 3] = 4;
            into[at + 4] = 0x29;
            at += 8;
        }
        put32(into, 0, at - 4);
        return at;
    }

    private static boolean wanted(int which, int first, int feature) {
        return which == 2 ? feature == first : feature >= first;
    }

    /**
     * What has happened since it was asked last.
     *
     * @param classes the classes of events that are asked for, a bit each
     */
    int eventStatus(byte[] into, int classes, boolean changed, boolean ejectRequested) {
        clear(into, 8);
        into[3] = MEDIA_EVENTS;
        if ((classes & MEDIA_EVENTS) == 0) {
            put16(into, 0, 2);
            into[2] = (byte) 0x80;
            return 4;
        }
        put16(into, 0, 6);
        into[2] = MEDIA_CLASS;
        if (ejectRequested) {
            into[4] = EVENT_EJECT_REQUEST;
        } else if (changed) {
            into[4] = (byte) (drive.reachable() ? EVENT_NEW_MEDIUM : EVENT_REMOVAL);
        }
        into[5] = (byte) ((drive.trayOpen() ? 1 : 0) | (drive.image() != null ? 2 : 0));
        return 8;
    }

    int discInformation(byte[] into) {
        clear(into, 34);
        put16(into, 0, 32);
        into[2] = 0x0E; // the last session is complete, and so is the disc
        into[3] = 1;
        into[4] = 1;
        into[5] = 1;
        into[6] = 1;
        into[7] = 0x20; // for unrestricted use
        Arrays.fill(into, 16, 24, (byte) 0xFF);
        return 34;
    }

    int mechanismStatus(byte[] into) {
        clear(into, 8);
        into[1] = (byte) (drive.trayOpen() ? 0x10 : 0);
        into[5] = 1;
        return 8;
    }

    /** Mode pages (MMC-4, section 7); 0 when there is no such page. */
    int modes(byte[] into, int page) {
        clear(into, 64);
        int at = 8;
        if (page == 0x01 || page == 0x3F) { // read error recovery
            into[at] = 0x01;
            into[at + 1] = 6;
            into[at + 3] = 5;
            at += 8;
        }
        if (page == 0x2A || page == 0x3F) { // capabilities
            into[at] = 0x2A;
            into[at + 1] = 0x12;
            into[at + 2] = 0x08; // reads DVD-ROM
            into[at + 4] = 0x70; // multiple sessions, mode 2 forms 1 and 2
            into[at + 6] = (byte) (0x29 | (drive.locked() ? 2 : 0));
            put16(into, at + 8, 706); // kilobytes a second: fourfold speed
            put16(into, at + 10, 2);
            put16(into, at + 12, 512);
            put16(into, at + 14, 706);
            at += 20;
        }
        if (at == 8) {
            return 0;
        }
        put16(into, 0, at - 2);
        into[2] = (byte) (!drive.reachable() ? 0x70 : 0x01);
        return at;
    }
}
