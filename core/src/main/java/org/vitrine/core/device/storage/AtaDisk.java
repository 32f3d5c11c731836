package org.vitrine.core.device.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.vitrine.core.storage.DiskImage;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.DriveIo;

/**
 * An ATA hard disk (ATA/ATAPI-6, chapter 8) with 28- and 48-bit addresses, and with cylinders,
 * heads and sectors for those who want them.
 */
public final class AtaDisk extends AtaDevice {

    private static final int SECTOR = DiskImage.SECTOR;
    private static final int BUFFER_SECTORS = BUFFER / SECTOR;

    private static final int MAX_CYLINDERS = 16383;
    public static final int HEADS = 16;
    public static final int SECTORS_PER_TRACK = 63;
    private static final int MAX_MULTIPLE = 16;
    private static final long LBA28_SECTORS = 1L << 28;

    private static final int ACTIVE = 0xFF;
    private static final int IDLE = 0x80;
    private static final int STANDBY = 0x00;

    private static final int SMART_MID = 0x4F;
    private static final int SMART_HIGH = 0xC2;

    /** How a command's data goes. */
    private enum Way {
        PIO,
        DMA,
        NONE
    }

    private final String serialNumber;
    private long sectors;
    private int cylinders;
    private int heads;
    private int sectorsPerTrack;
    private int multiple;
    private int transferMode;
    private boolean writeCache;
    private boolean lookAhead;
    private boolean smart;
    private int powerMode;

    // The command that is under way.
    private boolean extended;
    private boolean writing;
    private Way way = Way.NONE;
    private long lba;
    private int remaining;

    /** Sectors that the host moves between two interrupts. */
    private int block;

    /** Sectors in the buffer, and how many of those the host is done with. */
    private int buffered;

    private int handed;

    /**
     * A disk whose size is its medium's.
     *
     * @param serialNumber at most 20 ASCII characters
     */
    public AtaDisk(Drive drive, DriveIo io, String serialNumber) {
        super(drive, io);
        this.serialNumber = serialNumber;
        this.sectors = drive.size() / SECTOR;
    }

    /** Cylinders of the geometry that the disk has without being told another. */
    public int physicalCylinders() {
        return Math.clamp(sectors / (HEADS * SECTORS_PER_TRACK), 1, MAX_CYLINDERS);
    }

    @Override
    void signature() {
        sectorCount = 1;
        lbaLow = 1;
        lbaMid = 0;
        lbaHigh = 0;
    }

    @Override
    int resetStatus() {
        return DRDY | DSC;
    }

    @Override
    void resetModes() {
        cylinders = physicalCylinders();
        heads = HEADS;
        sectorsPerTrack = SECTORS_PER_TRACK;
        multiple = MAX_MULTIPLE;
        transferMode = 0x22; // multiword DMA mode 2
        writeCache = true;
        lookAhead = true;
        smart = true;
        powerMode = ACTIVE;
    }

    @Override
    void command(int code) {
        sectors = drive.size() / SECTOR;
        extended = false;
        way = Way.NONE;
        switch (code) {
            case 0x20, 0x21 -> transfer(false, Way.PIO, 1, false);
            case 0x24 -> transfer(false, Way.PIO, 1, true);
            case 0x25 -> transfer(false, Way.DMA, 1, true);
            case 0x29 -> transferMultiple(false, true);
            case 0x30, 0x31, 0x3C -> transfer(true, Way.PIO, 1, false);
            case 0x34 -> transfer(true, Way.PIO, 1, true);
            case 0x35, 0x3D -> transfer(true, Way.DMA, 1, true);
            case 0x39, 0xCE -> transferMultiple(true, true);
            case 0x40, 0x41 -> transfer(false, Way.NONE, 1, false);
            case 0x42 -> transfer(false, Way.NONE, 1, true);
            case 0xC4 -> transferMultiple(false, false);
            case 0xC5 -> transferMultiple(true, false);
            case 0xC8, 0xC9 -> transfer(false, Way.DMA, 1, false);
            case 0xCA, 0xCB -> transfer(true, Way.DMA, 1, false);
            case 0xE7, 0xEA -> flush();
            case 0xEC -> identify();
            case 0xC6 -> setMultiple();
            case 0xEF -> setFeatures();
            case 0x91 -> initializeParameters();
            case 0xB0 -> smart();
            case 0xF8 -> maxAddress(false);
            case 0x27 -> maxAddress(true);
            case 0x94, 0xE0, 0x96, 0xE2 -> power(STANDBY);
            case 0x95, 0xE1, 0x97, 0xE3 -> power(IDLE);
            case 0x99, 0xE6 -> power(STANDBY);
            case 0x98, 0xE5 -> {
                sectorCount = powerMode;
                succeed();
            }
            default -> {
                switch (code & 0xF0) {
                    case 0x10 -> succeed(); // recalibrate
                    case 0x70 -> seek();
                    default -> fail(ABRT);
                }
            }
        }
    }

    // Where the registers point.

    private boolean byLba() {
        return (device & DEVICE_LBA) != 0;
    }

    /** The first sector; -1 when there is no such place. */
    private long address() {
        if (extended) {
            return (long) (lbaHigh >>> 8) << 40
                    | (long) (lbaMid >>> 8) << 32
                    | (long) (lbaLow >>> 8) << 24
                    | (long) (lbaHigh & 0xFF) << 16
                    | (lbaMid & 0xFF) << 8
                    | lbaLow & 0xFF;
        }
        if (byLba()) {
            return (device & 0xF) << 24
                    | (lbaHigh & 0xFF) << 16
                    | (lbaMid & 0xFF) << 8
                    | lbaLow & 0xFF;
        }
        int cylinder = (lbaHigh & 0xFF) << 8 | lbaMid & 0xFF;
        int head = device & 0xF;
        int sector = lbaLow & 0xFF;
        if (cylinder >= cylinders || head >= heads || sector == 0 || sector > sectorsPerTrack) {
            return -1;
        }
        return ((long) cylinder * heads + head) * sectorsPerTrack + sector - 1;
    }

    private void setAddress(long sector) {
        if (extended) {
            lbaLow = (int) (sector >>> 24 & 0xFF) << 8 | (int) sector & 0xFF;
            lbaMid = (int) (sector >>> 32 & 0xFF) << 8 | (int) (sector >>> 8) & 0xFF;
            lbaHigh = (int) (sector >>> 40 & 0xFF) << 8 | (int) (sector >>> 16) & 0xFF;
        } else if (byLba()) {
            lbaLow = (int) sector & 0xFF;
            lbaMid = (int) (sector >>> 8) & 0xFF;
            lbaHigh = (int) (sector >>> 16) & 0xFF;
            device = device & ~0xF | (int) (sector >>> 24) & 0xF;
        } else {
            long track = sector / sectorsPerTrack;
            lbaLow = (int) (sector % sectorsPerTrack) + 1;
            device = device & ~0xF | (int) (track % heads);
            int cylinder = (int) (track / heads);
            lbaMid = cylinder & 0xFF;
            lbaHigh = cylinder >>> 8 & 0xFF;
        }
    }

    private int count() {
        if (extended) {
            return (sectorCount & 0xFFFF) == 0 ? 0x1_0000 : sectorCount & 0xFFFF;
        }
        return (sectorCount & 0xFF) == 0 ? 0x100 : sectorCount & 0xFF;
    }

    // Reading and writing.

    private void transferMultiple(boolean write, boolean ext) {
        if (multiple == 0) {
            fail(ABRT);
        } else {
            transfer(write, Way.PIO, multiple, ext);
        }
    }

    private void transfer(boolean write, Way by, int sectorsAtOnce, boolean ext) {
        extended = ext;
        writing = write;
        way = by;
        block = sectorsAtOnce;
        powerMode = ACTIVE;
        lba = address();
        remaining = count();
        if (lba < 0 || lba + remaining > sectors || ext && !byLba()) {
            fail(ext && !byLba() ? ABRT : IDNF);
            return;
        }
        if (!write) {
            fill();
        } else if (drive.image().readOnly()) {
            fail(ABRT | WP);
        } else {
            collect(false);
        }
    }

    private int step() {
        return Math.min(remaining, BUFFER_SECTORS);
    }

    private void fill() {
        byte[] into = buffer;
        long from = lba * SECTOR;
        int length = step() * SECTOR;
        doIo(false, () -> drive.read(from, ByteBuffer.wrap(into, 0, length)), this::filled);
    }

    private void filled(IOException failure) {
        if (failure != null) {
            ioFailed();
            return;
        }
        buffered = step();
        handed = 0;
        switch (way) {
            case PIO -> offerBlock();
            case DMA -> offerByDma(buffered * SECTOR);
            case NONE -> {
                handed = buffered;
                advance();
            }
        }
    }

    private void offerBlock() {
        offer(handed * SECTOR, Math.min(block, buffered - handed) * SECTOR);
    }

    @Override
    void taken() {
        if (way == Way.NONE) {
            status = DRDY | DSC; // what was read was no sector
            return;
        }
        handed += Math.min(block, buffered - handed);
        if (handed < buffered) {
            offerBlock();
        } else {
            advance();
        }
    }

    /** Begins to take from the host what the next step writes. */
    private void collect(boolean interrupt) {
        buffered = 0;
        if (way == Way.DMA) {
            demandByDma(step() * SECTOR);
        } else {
            demand(0, Math.min(block, step()) * SECTOR, interrupt);
        }
    }

    @Override
    void given() {
        buffered += Math.min(block, step() - buffered);
        if (buffered < step()) {
            demand(buffered * SECTOR, Math.min(block, step() - buffered) * SECTOR, true);
        } else {
            drain();
        }
    }

    @Override
    void moved() {
        if (writing) {
            buffered = step();
            drain();
        } else {
            handed = buffered;
            advance();
        }
    }

    private void drain() {
        byte[] from = buffer;
        long to = lba * SECTOR;
        int length = buffered * SECTOR;
        boolean through = !writeCache;
        doIo(
                true,
                () -> {
                    drive.write(to, ByteBuffer.wrap(from, 0, length));
                    if (through) {
                        drive.flush();
                    }
                },
                this::drained);
    }

    private void drained(IOException failure) {
        if (failure != null) {
            ioFailed();
        } else {
            advance();
        }
    }

    /** Goes on after a step, or ends the command. */
    private void advance() {
        lba += buffered;
        remaining -= buffered;
        if (remaining > 0) {
            if (writing) {
                collect(true);
            } else {
                fill();
            }
            return;
        }
        setAddress(lba - 1);
        sectorCount = 0;
        if (way == Way.PIO && !writing) {
            status = DRDY | DSC; // the host has been told with the last block
        } else {
            succeed();
        }
    }

    private void ioFailed() {
        setAddress(lba);
        sectorCount = remaining;
        fail(writing ? ABRT : UNC);
    }

    // What moves no sectors.

    private void seek() {
        long target = address();
        if (target < 0 || target >= sectors) {
            fail(IDNF);
        } else {
            succeed();
        }
    }

    private void flush() {
        doIo(true, drive::flush, this::flushed);
    }

    private void flushed(IOException failure) {
        if (failure == null) {
            succeed();
        } else {
            fail(ABRT);
        }
    }

    private void setMultiple() {
        int wanted = sectorCount & 0xFF;
        if (wanted > MAX_MULTIPLE || Integer.bitCount(wanted) > 1) {
            multiple = 0;
            fail(ABRT);
        } else {
            multiple = wanted;
            succeed();
        }
    }

    private void setFeatures() {
        switch (features & 0xFF) {
            case 0x02 -> writeCache = true;
            case 0x03 -> {
                if (!setTransferMode(sectorCount & 0xFF)) {
                    fail(ABRT);
                    return;
                }
            }
            case 0x55 -> lookAhead = false;
            case 0x66, 0xCC -> {} // whether a reset by software sets the modes back: it doesn't
            case 0x82 -> {
                writeCache = false;
                flush();
                return;
            }
            case 0xAA -> lookAhead = true;
            default -> {
                fail(ABRT);
                return;
            }
        }
        succeed();
    }

    /** PIO modes are the controller's affair: its timing. */
    private boolean setTransferMode(int mode) {
        boolean dma = mode >= 0x20 && mode <= 0x22 || mode >= 0x40 && mode <= 0x45;
        if (dma) {
            transferMode = mode;
        }
        return dma || mode < 0x10;
    }

    private void initializeParameters() {
        int wantedHeads = (device & 0xF) + 1;
        int wantedSectors = sectorCount & 0xFF;
        if (wantedSectors == 0) {
            fail(ABRT);
            return;
        }
        heads = wantedHeads;
        sectorsPerTrack = wantedSectors;
        cylinders = (int) Math.min(65535, sectors / ((long) heads * sectorsPerTrack));
        succeed();
    }

    private void power(int mode) {
        powerMode = mode;
        if (mode == STANDBY) {
            flush();
        } else {
            succeed();
        }
    }

    private void maxAddress(boolean ext) {
        extended = ext;
        if (!byLba()) {
            fail(ABRT);
            return;
        }
        setAddress(ext ? sectors - 1 : Math.min(sectors, LBA28_SECTORS) - 1);
        succeed();
    }

    private void smart() {
        if ((lbaMid & 0xFF) != SMART_MID || (lbaHigh & 0xFF) != SMART_HIGH) {
            fail(ABRT);
            return;
        }
        int feature = features & 0xFF;
        if (!smart && feature != 0xD8) {
            fail(ABRT);
            return;
        }
        switch (feature) {
            case 0xD0, 0xD1 -> {
                // No attributes, and no thresholds for them.
                Arrays.fill(buffer, 0, SECTOR, (byte) 0);
                buffer[0] = 1;
                buffer[SECTOR - 1] = -1;
                offer(0, SECTOR);
            }
            case 0xD2, 0xD4 -> succeed();
            case 0xD8 -> {
                smart = true;
                succeed();
            }
            case 0xD9 -> {
                smart = false;
                succeed();
            }
            case 0xDA -> succeed(); // the registers stay: nothing is amiss
            default -> fail(ABRT);
        }
    }

    private void identify() {
        long lba28 = Math.min(sectors, LBA28_SECTORS - 1);
        long chs = (long) cylinders * heads * sectorsPerTrack;
        new AtaIdentity(buffer)
                .word(0, 0x0040)
                .word(1, physicalCylinders())
                .word(3, HEADS)
                .word(6, SECTORS_PER_TRACK)
                .names(serialNumber, "VITRINE HARDDISK")
                .word(47, 0x8000 | MAX_MULTIPLE)
                .word(48, 1)
                .word(49, 0x0B00)
                .word(50, 0x4000)
                .word(51, 0x0200)
                .word(53, 0x0007)
                .word(54, cylinders)
                .word(55, heads)
                .word(56, sectorsPerTrack)
                .dword(57, chs)
                .word(59, multiple == 0 ? 0 : 0x0100 | multiple)
                .dword(60, lba28)
                .word(63, 0x0007 | selectedMode(0x20))
                .word(64, 0x0003)
                .word(65, 120)
                .word(66, 120)
                .word(67, 120)
                .word(68, 120)
                .word(80, 0x007E)
                .word(82, 0x0069) // look-ahead, write cache, power management, SMART
                .word(83, 0x7400) // FLUSH CACHE (EXT), 48-bit addresses
                .word(84, 0x4000)
                .word(
                        85,
                        0x0008 | (lookAhead ? 0x40 : 0) | (writeCache ? 0x20 : 0) | (smart ? 1 : 0))
                .word(86, 0x3400)
                .word(87, 0x4000)
                .word(88, 0x003F | selectedMode(0x40))
                .word(93, 0x6001 | ((device & DEVICE_NUMBER) == 0 ? 0 : 0x0200))
                .dword(100, sectors)
                .dword(102, sectors >>> 32);
        offer(0, AtaIdentity.BYTES);
    }

    private int selectedMode(int kind) {
        return (transferMode & 0x60) == kind ? 0x100 << (transferMode & 7) : 0;
    }
}
