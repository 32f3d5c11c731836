package org.vitrine.core.device.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.DriveIo;
import org.vitrine.core.storage.DriveListener;

/**
 * An ATAPI CD-ROM drive: an ATA device that takes SCSI commands in packets (ATA/ATAPI-6, section
 * 9.8; MMC-4 for the commands), whose medium can be changed while the machine runs.
 */
public final class AtapiCdrom extends AtaDevice {

    /** Bytes of a data sector. */
    static final int SECTOR = 2048;

    /** Bytes of a sector with all that surrounds its data. */
    private static final int RAW_SECTOR = 2352;

    private static final int RAW_HEADER = 16;
    private static final int PACKET = 12;
    private static final int BUFFER_SECTORS = 64;

    // Sense keys, and additional sense codes with their qualifiers (MMC-4, annex F).
    static final int NOT_READY = 2;
    static final int MEDIUM_ERROR = 3;
    static final int ILLEGAL_REQUEST = 5;
    static final int UNIT_ATTENTION = 6;
    static final int UNRECOVERED = 0x1100;
    static final int UNKNOWN_COMMAND = 0x2000;
    static final int OUT_OF_RANGE = 0x2100;
    static final int BAD_FIELD = 0x2400;
    static final int MEDIUM_CHANGED = 0x2800;
    static final int NO_MEDIUM_TRAY_CLOSED = 0x3A01;
    static final int NO_MEDIUM_TRAY_OPEN = 0x3A02;
    static final int REMOVAL_PREVENTED = 0x5302;
    static final int ILLEGAL_MODE = 0x6400;

    // The interrupt reason, in the sector count register.
    private static final int REASON_COMMAND = 1;
    private static final int REASON_TO_HOST = 2;

    private enum Phase {
        IDLE,
        PACKET,
        REPLY,
        SECTORS,
        PARAMETERS
    }

    private final DriveListener listener;
    private final String serialNumber;
    private final byte[] packet = new byte[PACKET];
    private final CdromReplies replies;
    private Phase phase = Phase.IDLE;
    private boolean byDma;
    private int transferMode;

    /** The most bytes that the host takes between two interrupts. */
    private int byteLimit;

    private int senseKey;
    private int sense;
    private long changesTold;
    private long changesReported;

    // What is in the buffer for the host.
    private int filled;
    private int handed;
    private int block;

    // The reading that is under way.
    private long lba;
    private int remaining;
    private boolean raw;

    /**
     * A drive.
     *
     * @param serialNumber at most 20 ASCII characters
     */
    public AtapiCdrom(Drive drive, DriveIo io, DriveListener listener, String serialNumber) {
        super(drive, io);
        this.listener = listener;
        this.serialNumber = serialNumber;
        this.replies = new CdromReplies(drive);
        this.changesTold = drive.changes();
        this.changesReported = drive.changes();
    }

    @Override
    void signature() {
        sectorCount = 1;
        lbaLow = 1;
        lbaMid = 0x14;
        lbaHigh = 0xEB;
    }

    @Override
    int resetStatus() {
        return 0;
    }

    @Override
    void resetModes() {
        transferMode = 0x22;
        senseKey = 0;
        sense = 0;
        phase = Phase.IDLE;
        drive.setLocked(false);
    }

    @Override
    void command(int code) {
        phase = Phase.IDLE;
        switch (code) {
            case 0x00, 0xE5 -> {
                if (code == 0xE5) {
                    sectorCount = 0xFF;
                    succeed();
                } else {
                    fail(ABRT);
                }
            }
            case 0x08 -> softReset();
            case 0xA0 -> takePacket();
            case 0xA1 -> identify();
            case 0xE0, 0xE1, 0xE2, 0xE3, 0xE6 -> succeed();
            case 0xEF -> setFeatures();
            case 0xEC, 0x20 -> {
                // So that who takes it for a disk learns better (section 8.15.5.2).
                signature();
                fail(ABRT);
            }
            default -> fail(ABRT);
        }
    }

    private void setFeatures() {
        int mode = sectorCount & 0xFF;
        boolean dma = mode >= 0x20 && mode <= 0x22 || mode >= 0x40 && mode <= 0x45;
        if ((features & 0xFF) != 3 || !dma && mode >= 0x10) {
            fail(ABRT);
            return;
        }
        transferMode = dma ? mode : transferMode;
        succeed();
    }

    private void identify() {
        new AtaIdentity(buffer)
                .word(0, 0x85C0) // packets of 12 bytes, DRQ within 50 us, CD-ROM, removable
                .names(serialNumber, "VITRINE DVD-ROM")
                .word(49, 0x0B00)
                .word(53, 0x0007)
                .word(63, 0x0007 | selectedMode(0x20))
                .word(64, 0x0003)
                .word(65, 120)
                .word(66, 120)
                .word(67, 120)
                .word(68, 120)
                .word(71, 30)
                .word(72, 30)
                .word(80, 0x007E)
                .word(82, 0x0210) // DEVICE RESET, PACKET
                .word(83, 0x4000)
                .word(84, 0x4000)
                .word(85, 0x0210)
                .word(87, 0x4000)
                .word(88, 0x003F | selectedMode(0x40));
        offer(0, AtaIdentity.BYTES);
    }

    private int selectedMode(int kind) {
        return (transferMode & 0x60) == kind ? 0x100 << (transferMode & 7) : 0;
    }

    // The packet's way, and its data's.

    private void takePacket() {
        byDma = (features & 1) != 0;
        int limit = (lbaHigh & 0xFF) << 8 | lbaMid & 0xFF;
        // 0 is not allowed, but some say it; an odd limit is one byte less (section 8.25).
        byteLimit = limit == 0 || limit == 0xFFFF ? 0xFFFE : Math.max(2, limit & ~1);
        phase = Phase.PACKET;
        sectorCount = REASON_COMMAND;
        demand(0, PACKET, false);
    }

    @Override
    void given() {
        if (phase == Phase.PACKET) {
            System.arraycopy(buffer, 0, packet, 0, PACKET);
            phase = Phase.IDLE;
            execute();
        } else {
            done(); // parameters of modes that there are none of
        }
    }

    @Override
    void taken() {
        switch (phase) {
            case REPLY, SECTORS -> {
                handed += block;
                handOver();
            }
            default -> status = DRDY | DSC;
        }
    }

    @Override
    void moved() {
        handed = filled;
        handOver();
    }

    private void done() {
        phase = Phase.IDLE;
        sectorCount = REASON_COMMAND | REASON_TO_HOST;
        succeed();
    }

    /** Ends the command with a sense that the host can ask for. */
    private void complain(int key, int code) {
        senseKey = key;
        sense = code;
        phase = Phase.IDLE;
        sectorCount = REASON_COMMAND | REASON_TO_HOST;
        fail(key << 4 | ABRT);
    }

    private void reply(int length, int allowed) {
        filled = Math.min(length, allowed);
        handed = 0;
        remaining = 0;
        phase = Phase.REPLY;
        if (filled == 0) {
            done();
        } else {
            sendBuffer();
        }
    }

    private void sendBuffer() {
        if (byDma) {
            sectorCount = REASON_TO_HOST;
            offerByDma(filled);
        } else {
            handOver();
        }
    }

    private void handOver() {
        if (handed < filled) {
            block = Math.min(byteLimit, filled - handed);
            lbaMid = block & 0xFF;
            lbaHigh = block >>> 8;
            sectorCount = REASON_TO_HOST;
            offer(handed, block + 1 & ~1);
        } else if (remaining > 0) {
            fill();
        } else {
            done();
        }
    }

    private void read(long from, int sectors, boolean asRaw) {
        if (!drive.reachable()) {
            complain(NOT_READY, absent());
            return;
        }
        if (from + sectors > replies.sectors()) {
            complain(ILLEGAL_REQUEST, OUT_OF_RANGE);
            return;
        }
        lba = from;
        remaining = sectors;
        raw = asRaw;
        phase = Phase.SECTORS;
        if (sectors == 0) {
            done();
        } else {
            fill();
        }
    }

    private void fill() {
        byte[] into = buffer;
        long from = lba;
        int sectors = Math.min(remaining, BUFFER_SECTORS);
        boolean asRaw = raw;
        doIo(
                false,
                () -> {
                    if (asRaw) {
                        readRaw(from, sectors, into);
                    } else {
                        readData(from, sectors, into, 0);
                    }
                },
                failure -> filled(sectors, failure));
    }

    private void filled(int sectors, IOException failure) {
        if (failure != null) {
            complain(MEDIUM_ERROR, UNRECOVERED);
            return;
        }
        lba += sectors;
        remaining -= sectors;
        filled = sectors * (raw ? RAW_SECTOR : SECTOR);
        handed = 0;
        sendBuffer();
    }

    /** The medium's last sector may not be whole: it reads on with zeros. */
    private void readData(long from, int sectors, byte[] into, int at) throws IOException {
        int length = sectors * SECTOR;
        int there = (int) Math.min(length, drive.size() - from * SECTOR);
        drive.read(from * SECTOR, ByteBuffer.wrap(into, at, there));
        Arrays.fill(into, at + there, at + length, (byte) 0);
    }

    /** Mode 1 sectors (ECMA-130, chapter 14), their check bytes left at zero. */
    private void readRaw(long from, int sectors, byte[] into) throws IOException {
        for (int i = 0; i < sectors; i++) {
            int at = i * RAW_SECTOR;
            Arrays.fill(into, at, at + RAW_SECTOR, (byte) 0);
            Arrays.fill(into, at + 1, at + 11, (byte) 0xFF);
            CdromReplies.putBcdTime(into, at + 12, from + i);
            into[at + 15] = 1;
            readData(from + i, 1, into, at + RAW_HEADER);
        }
    }

    private int absent() {
        return drive.trayOpen() ? NO_MEDIUM_TRAY_OPEN : NO_MEDIUM_TRAY_CLOSED;
    }

    // Commands.

    private int big16(int at) {
        return (packet[at] & 0xFF) << 8 | packet[at + 1] & 0xFF;
    }

    private long big32(int at) {
        return (long) big16(at) << 16 | big16(at + 2);
    }

    /** Whether the command is told that the medium has changed, instead of being executed. */
    private boolean attention(int operation) {
        if (drive.changes() == changesTold) {
            return false;
        }
        return switch (operation) {
            case 0x03, 0x12, 0x46, 0x4A -> false;
            default -> {
                changesTold = drive.changes();
                yield drive.reachable();
            }
        };
    }

    private void execute() {
        int operation = packet[0] & 0xFF;
        if (attention(operation)) {
            complain(UNIT_ATTENTION, MEDIUM_CHANGED);
            return;
        }
        if (operation != 0x03) {
            senseKey = 0;
            sense = 0;
        }
        switch (operation) {
            case 0x00 -> ifReady(this::done);
            case 0x03 -> requestSense();
            case 0x12 -> reply(replies.inquiry(buffer), packet[4] & 0xFF);
            case 0x1B -> startStop();
            case 0x1E -> {
                drive.setLocked((packet[4] & 1) != 0);
                done();
            }
            case 0x25 -> ifReady(() -> reply(replies.capacity(buffer), 8));
            case 0x28 -> read(big32(2), big16(7), false);
            case 0xA8 -> read(big32(2), (int) Math.min(big32(6), Integer.MAX_VALUE), false);
            case 0x2B -> ifReady(() -> seek(big32(2)));
            case 0x42 -> ifReady(() -> reply(replies.subchannel(buffer, packet), big16(7)));
            case 0x43 -> ifReady(this::readToc);
            case 0x46 -> reply(replies.configuration(buffer, packet[1] & 3, big16(2)), big16(7));
            case 0x4A -> eventStatus();
            case 0x51 -> ifReady(() -> reply(replies.discInformation(buffer), big16(7)));
            case 0x55 -> modeSelect();
            case 0x5A -> modeSense();
            case 0xBB -> done(); // SET CD SPEED
            case 0xBD -> reply(replies.mechanismStatus(buffer), big16(8));
            case 0xBE -> readCd();
            default -> complain(ILLEGAL_REQUEST, UNKNOWN_COMMAND);
        }
    }

    private void ifReady(Runnable then) {
        if (drive.reachable()) {
            then.run();
        } else {
            complain(NOT_READY, absent());
        }
    }

    private void requestSense() {
        int length = replies.sense(buffer, senseKey, sense);
        senseKey = 0;
        sense = 0;
        reply(length, packet[4] & 0xFF);
    }

    private void seek(long target) {
        if (target >= replies.sectors()) {
            complain(ILLEGAL_REQUEST, OUT_OF_RANGE);
        } else {
            done();
        }
    }

    private void startStop() {
        boolean start = (packet[4] & 1) != 0;
        boolean loadOrEject = (packet[4] & 2) != 0;
        if (!loadOrEject) {
            done();
            return;
        }
        boolean open = !start;
        if (open && drive.locked()) {
            complain(ILLEGAL_REQUEST, REMOVAL_PREVENTED);
            return;
        }
        boolean moves = drive.trayOpen() != open;
        drive.setTrayOpen(open);
        if (moves) {
            listener.trayMoved(drive, open);
        }
        done();
    }

    private void readToc() {
        // The format stands where old commands have it, too (MMC-4, section 6.30).
        int format = packet[2] & 0xF;
        if (format == 0) {
            format = packet[9] >>> 6 & 3;
        }
        boolean inTime = (packet[1] & 2) != 0;
        int length = replies.toc(buffer, format, inTime, packet[6] & 0xFF);
        if (length == 0) {
            complain(ILLEGAL_REQUEST, BAD_FIELD);
        } else {
            reply(length, big16(7));
        }
    }

    private void eventStatus() {
        if ((packet[1] & 1) == 0) {
            complain(ILLEGAL_REQUEST, BAD_FIELD); // there are no asynchronous events
            return;
        }
        boolean changed = drive.changes() != changesReported;
        changesReported = drive.changes();
        reply(
                replies.eventStatus(buffer, packet[4] & 0xFF, changed, drive.takeEjectRequest()),
                big16(7));
    }

    private void modeSelect() {
        int length = big16(7);
        if (length == 0) {
            done();
        } else if (byDma) {
            complain(ILLEGAL_REQUEST, BAD_FIELD);
        } else {
            phase = Phase.PARAMETERS;
            sectorCount = 0;
            lbaMid = length & 0xFF;
            lbaHigh = length >>> 8;
            demand(0, length + 1 & ~1, true);
        }
    }

    private void modeSense() {
        boolean saved = (packet[2] & 0xC0) == 0xC0;
        int length = saved ? 0 : replies.modes(buffer, packet[2] & 0x3F);
        if (length == 0) {
            complain(ILLEGAL_REQUEST, saved ? 0x3900 : BAD_FIELD);
        } else {
            reply(length, big16(7));
        }
    }

    private void readCd() {
        int sectors = (packet[6] & 0xFF) << 16 | big16(7);
        int type = packet[1] >>> 2 & 7;
        if (type == 1) {
            complain(ILLEGAL_REQUEST, ILLEGAL_MODE); // audio, which no image has
            return;
        }
        switch (packet[9] & 0xF8) {
            case 0x00 -> done();
            case 0x10 -> read(big32(2), sectors, false);
            case 0xF8 -> read(big32(2), sectors, true);
            default -> complain(ILLEGAL_REQUEST, BAD_FIELD);
        }
    }
}
