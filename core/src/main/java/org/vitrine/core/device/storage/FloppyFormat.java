package org.vitrine.core.device.storage;

import java.util.List;

/**
 * How a diskette is formatted. All sectors have 512 bytes, and their numbers begin with 1.
 *
 * @param rates a bit for each data rate, as CCR codes it, at which the diskette can be read: the
 *     thinner of 5.25 inches turn at 300 or 360 turns a minute
 */
record FloppyFormat(int tracks, int heads, int sectors, int rates) {

    static final int SECTOR = 512;

    private static final int RATE_500 = 1;
    private static final int RATE_300_OR_250 = 1 << 1 | 1 << 2;
    private static final int RATE_250 = 1 << 2;
    private static final int RATE_1000 = 1 << 3;

    private static final List<FloppyFormat> KNOWN =
            List.of(
                    new FloppyFormat(40, 1, 8, RATE_300_OR_250),
                    new FloppyFormat(40, 1, 9, RATE_300_OR_250),
                    new FloppyFormat(40, 2, 8, RATE_300_OR_250),
                    new FloppyFormat(40, 2, 9, RATE_300_OR_250),
                    new FloppyFormat(80, 2, 9, RATE_250),
                    new FloppyFormat(80, 2, 15, RATE_500),
                    new FloppyFormat(80, 2, 18, RATE_500),
                    new FloppyFormat(80, 2, 21, RATE_500),
                    new FloppyFormat(82, 2, 21, RATE_500),
                    new FloppyFormat(80, 2, 36, RATE_1000));

    private static final FloppyFormat USUAL = new FloppyFormat(80, 2, 18, RATE_500);

    /** That of a diskette with so many bytes; of 1.44 MB when there is none with as many. */
    static FloppyFormat of(long size) {
        for (FloppyFormat format : KNOWN) {
            if (format.size() == size) {
                return format;
            }
        }
        return USUAL;
    }

    long size() {
        return (long) tracks * heads * sectors * SECTOR;
    }

    boolean readableAt(int rate) {
        return (rates & 1 << rate) != 0;
    }

    /** Where the sector is, in bytes from the diskette's beginning. */
    long offset(int track, int head, int sector) {
        return ((long) (track * heads + head) * sectors + sector - 1) * SECTOR;
    }
}
