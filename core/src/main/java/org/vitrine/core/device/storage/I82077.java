package org.vitrine.core.device.storage;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.vitrine.core.bus.DmaChannel;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.DriveIo;
import org.vitrine.core.time.Scheduler;

/**
 * The floppy disk controller of a PC (Intel 82077AA datasheet, order number 290166), in AT mode,
 * with up to two drives. Heads move and sectors come round as fast as the guest can be told;
 * diskettes have no deleted data, no copy protection and no SCAN commands.
 *
 * <p>Used by the vCPU thread alone.
 */
public final class I82077 implements PortDevice {

    private static final int FIRST = 0x3F0;
    private static final int DIR_AND_CCR = 0x3F7;

    /** What a command takes when nothing is to be read or written; in nanoseconds. */
    private static final long PROMPTLY = 20_000;

    private static final int DRIVES = 4;

    private static final int DOR_NOT_RESET = 0x04;
    private static final int DOR_GATE = 0x08;
    private static final int DSR_RESET = 0x80;

    private static final int MSR_READY = 0x80;
    private static final int MSR_TO_HOST = 0x40;
    private static final int MSR_NO_DMA = 0x20;
    private static final int MSR_BUSY = 0x10;

    private static final int ST0_ABNORMAL = 0x40;
    private static final int ST0_INVALID = 0x80;
    private static final int ST0_POLLED = 0xC0;
    private static final int ST0_SEEK_END = 0x20;
    private static final int ST0_EQUIPMENT = 0x10;
    private static final int ST1_END_OF_CYLINDER = 0x80;
    private static final int ST1_DATA_ERROR = 0x20;
    private static final int ST1_NO_DATA = 0x04;
    private static final int ST1_WRITE_PROTECTED = 0x02;
    private static final int ST1_MISSING_MARK = 0x01;
    private static final int ST2_CONTROL_MARK = 0x40;
    private static final int ST2_DATA_ERROR = 0x20;
    private static final int ST2_WRONG_CYLINDER = 0x10;

    private static final int MULTI_TRACK = 0x80;
    private static final int SIZE_512 = 2;

    private static final int CONFIG_IMPLIED_SEEK = 0x40;
    private static final int CONFIG_NO_POLLING = 0x10;
    private static final int CONFIG_DEFAULT = 0x20;

    private static final int POWER_ON_RATE = 2;
    private static final int NO_DMA = 0x01;
    private static final int INWARDS = 0x40;
    private static final int VERSION_82077 = 0x90;

    private enum Phase {
        /** Held in reset. */
        RESET,
        /** A command's bytes are taken. */
        COMMAND,
        /** The controller works; the guest waits for its interrupt. */
        EXECUTION,
        /** The guest moves a sector's bytes by itself. */
        TRANSFER,
        /** A command's results are given. */
        RESULT
    }

    private final Scheduler scheduler;
    private final InterruptLine irq;
    private final DmaChannel dma;
    private final DriveIo io;
    private final FloppyDrive[] drives = new FloppyDrive[DRIVES];
    private final Scheduler.Timer timer;
    private final Scheduler.Timer seekTimer;
    private final Scheduler.Timer resetTimer;

    private Phase phase = Phase.RESET;
    private int dor;
    private int tdr;
    private int rate;
    private boolean irqHigh;
    private final int[] command = new int[9];
    private int received;
    private FloppyCommand running = FloppyCommand.INVALID;
    private final int[] result = new int[10];
    private int resultLength;
    private int resultAt;

    private int stepAndUnload;
    private int loadAndMode;
    private int config = CONFIG_DEFAULT;
    private int precompensation;
    private int perpendicular;
    private int lastSectorCount;
    private boolean locked;

    private final int[] seekStatus = new int[DRIVES];
    private int seeking;
    private int seekInterrupts;

    // The transfer that goes on, if one does. What reads and writes beside this thread may still
    // have a buffer that was given up, so each reset begins a new one.
    private byte[] buffer = new byte[FloppyFormat.SECTOR];
    private int transferNumber;
    private int at;
    private int limit;
    private boolean terminal;
    private int cylinder;
    private int head;
    private int sector;

    /**
     * A controller as after power-on: held in reset until DOR says otherwise.
     *
     * @param present the drives, A at place 0 and B at place 1
     * @param irq IRQ 6 of an AT
     */
    public I82077(
            Scheduler scheduler,
            Map<Integer, Drive> present,
            DmaChannel dma,
            InterruptLine irq,
            DriveIo io) {
        this.scheduler = scheduler;
        this.irq = irq;
        this.dma = dma;
        this.io = io;
        present.forEach((place, drive) -> drives[place] = new FloppyDrive(drive));
        timer = scheduler.timer("fdc", this::executionDue);
        seekTimer = scheduler.timer("fdc seek", this::seekDue);
        resetTimer = scheduler.timer("fdc reset", this::drivesPolled);
        dma.attach(this::transferByDma);
    }

    /** Claims 3F0h to 3F5h and 3F7h; 3F6h is a disk controller's. */
    public void claimPorts(PortSpace ports) {
        ports.claim(FIRST, 6, "fdc", this);
        ports.claim(DIR_AND_CCR, 1, "fdc", this);
    }

    /** As the reset pin does. */
    public void reset() {
        dor = 0;
        tdr = 0;
        rate = POWER_ON_RATE;
        stepAndUnload = 0;
        loadAndMode = 0;
        perpendicular = 0;
        locked = false;
        enterReset();
    }

    private void enterReset() {
        phase = Phase.RESET;
        transferNumber++;
        buffer = new byte[FloppyFormat.SECTOR];
        timer.disarm();
        seekTimer.disarm();
        resetTimer.disarm();
        dma.setRequest(false);
        received = 0;
        seeking = 0;
        seekInterrupts = 0;
        // The drives' bits outlive a reset by software; gap and write gate don't.
        perpendicular &= 0x3C;
        if (!locked) {
            config = CONFIG_DEFAULT;
            precompensation = 0;
        }
        setIrq(false);
    }

    /** After a reset each drive seems to have become ready: four statuses, and one interrupt. */
    private void leaveReset() {
        phase = Phase.COMMAND;
        resetTimer.arm(scheduler.nanos() + PROMPTLY);
    }

    private void drivesPolled() {
        if ((config & CONFIG_NO_POLLING) == 0) {
            for (int i = 0; i < DRIVES; i++) {
                seekStatus[i] = ST0_POLLED | i;
            }
            seekInterrupts = (1 << DRIVES) - 1;
            setIrq(true);
        }
    }

    private void setIrq(boolean high) {
        irqHigh = high;
        irq.set(high && (dor & DOR_GATE) != 0);
    }

    @Override
    public int readPort(int port) {
        return switch (port - FIRST) {
            case 2 -> dor;
            case 3 -> tdr | 0xFC;
            case 4 -> mainStatus();
            case 5 -> readFifo();
            case 7 -> digitalInput();
            // Status registers A and B are there in PS/2 mode alone.
            default -> 0xFF;
        };
    }

    @Override
    public void writePort(int port, int value) {
        switch (port - FIRST) {
            case 2 -> writeDigitalOutput(value);
            case 3 -> tdr = value & 3;
            case 4 -> {
                rate = value & 3;
                if ((value & DSR_RESET) != 0 && phase != Phase.RESET) {
                    enterReset();
                    leaveReset();
                }
            }
            case 5 -> writeFifo(value);
            case 7 -> rate = value & 3;
            default -> {}
        }
    }

    private void writeDigitalOutput(int value) {
        boolean wasReset = (dor & DOR_NOT_RESET) == 0;
        dor = value;
        if ((value & DOR_NOT_RESET) == 0) {
            if (!wasReset) {
                enterReset();
            }
        } else if (wasReset) {
            leaveReset();
        }
        setIrq(irqHigh);
        if (phase == Phase.EXECUTION && at < limit) {
            transferByDma();
        }
    }

    private int mainStatus() {
        return seeking
                | switch (phase) {
                    case RESET -> 0;
                    case COMMAND -> MSR_READY | (received > 0 ? MSR_BUSY : 0);
                    case EXECUTION -> MSR_BUSY;
                    case TRANSFER -> MSR_READY | MSR_NO_DMA | MSR_BUSY | direction();
                    case RESULT -> MSR_READY | MSR_TO_HOST | MSR_BUSY;
                };
    }

    private int direction() {
        return running.toHost() ? MSR_TO_HOST : 0;
    }

    /** Bit 7 is the selected drive's, when its motor is on. */
    private int digitalInput() {
        int selected = dor & 3;
        FloppyDrive drive = drives[selected];
        boolean turns = (dor & 0x10 << selected) != 0;
        return drive != null && turns && drive.changed() ? 0x80 : 0;
    }

    private int readFifo() {
        switch (phase) {
            case TRANSFER -> {
                if (!running.toHost()) {
                    return 0;
                }
                int value = buffer[at++] & 0xFF;
                endOfTransfer();
                return value;
            }
            case RESULT -> {
                setIrq(false);
                int value = result[resultAt++];
                if (resultAt == resultLength) {
                    phase = Phase.COMMAND;
                }
                return value;
            }
            case RESET, COMMAND, EXECUTION -> {
                return 0;
            }
        }
        throw new AssertionError(phase);
    }

    private void writeFifo(int value) {
        if (phase == Phase.TRANSFER && !running.toHost()) {
            buffer[at++] = (byte) value;
            endOfTransfer();
        } else if (phase == Phase.COMMAND) {
            if (received == 0) {
                running = FloppyCommand.of(value);
            }
            command[received++] = value;
            if (received == running.length()) {
                received = 0;
                execute();
            }
        }
    }

    private void endOfTransfer() {
        if (at == limit) {
            setIrq(false);
            phase = Phase.EXECUTION;
            bufferDone();
        }
    }

    private void give(int... bytes) {
        System.arraycopy(bytes, 0, result, 0, bytes.length);
        resultLength = bytes.length;
        resultAt = 0;
        phase = Phase.RESULT;
    }

    private int unit() {
        return command[1] & 3;
    }

    private int headLine() {
        return command[1] >> 2 & 1;
    }

    private void execute() {
        switch (running) {
            case SPECIFY -> {
                stepAndUnload = command[1];
                loadAndMode = command[2];
            }
            case CONFIGURE -> {
                config = command[2];
                precompensation = command[3];
            }
            case PERPENDICULAR -> perpendicular = writePerpendicular(command[1]);
            case RECALIBRATE -> seek(0);
            case SEEK -> seek(command[2]);
            case RELATIVE_SEEK -> {
                int by = (command[0] & INWARDS) != 0 ? command[2] : -command[2];
                seek(drives[unit()] == null ? 0 : drives[unit()].track() + by);
            }
            case SENSE_INTERRUPT_STATUS -> senseInterrupt();
            case SENSE_DRIVE_STATUS -> give(driveStatus());
            case VERSION -> give(VERSION_82077);
            case LOCK -> {
                locked = (command[0] & 0x80) != 0;
                give(locked ? 0x10 : 0);
            }
            case DUMPREG ->
                    give(
                            track(0),
                            track(1),
                            track(2),
                            track(3),
                            stepAndUnload,
                            loadAndMode,
                            lastSectorCount,
                            (locked ? 0x80 : 0) | perpendicular,
                            config,
                            precompensation);
            case READ, READ_DELETED, READ_TRACK, VERIFY, WRITE, WRITE_DELETED, READ_ID, FORMAT -> {
                phase = Phase.EXECUTION;
                at = 0;
                limit = 0;
                terminal = false;
                timer.arm(scheduler.nanos() + PROMPTLY);
            }
            case INVALID -> give(ST0_INVALID);
        }
    }

    /** Bit 7 (OW) says that the drives' bits are to be written, too. */
    private int writePerpendicular(int value) {
        return (value & 0x80) != 0 ? value & 0x3F : perpendicular & 0x3C | value & 3;
    }

    private int track(int unit) {
        return drives[unit] == null ? 0 : drives[unit].track();
    }

    private int driveStatus() {
        FloppyDrive drive = drives[unit()];
        int status = 0x28 | command[1] & 7;
        if (drive == null) {
            return status;
        }
        return status | (drive.writeProtected() ? 0x40 : 0) | (drive.track() == 0 ? 0x10 : 0);
    }

    private void seek(int target) {
        FloppyDrive drive = drives[unit()];
        int status = ST0_SEEK_END | command[1] & (running == FloppyCommand.RECALIBRATE ? 3 : 7);
        if (drive != null) {
            drive.seek(target);
        } else if (running == FloppyCommand.RECALIBRATE) {
            // Track 0 was not found.
            status |= ST0_ABNORMAL | ST0_EQUIPMENT;
        }
        seekStatus[unit()] = status;
        seeking |= 1 << unit();
        seekTimer.arm(scheduler.nanos() + PROMPTLY);
    }

    private void seekDue() {
        seekInterrupts |= seeking;
        setIrq(true);
    }

    private void senseInterrupt() {
        if (seekInterrupts == 0) {
            give(ST0_INVALID);
            return;
        }
        int unit = Integer.numberOfTrailingZeros(seekInterrupts);
        seekInterrupts &= ~(1 << unit);
        seeking &= ~(1 << unit);
        setIrq(false);
        give(seekStatus[unit], track(unit));
    }

    private void executionDue() {
        cylinder = command[2];
        head = headLine();
        sector = running == FloppyCommand.READ_TRACK ? 1 : command[4];
        FloppyDrive drive = drives[unit()];
        FloppyFormat format = drive == null ? null : drive.format();
        if (format == null || !format.readableAt(rate) || headLine() >= format.heads()) {
            finish(ST0_ABNORMAL, ST1_MISSING_MARK, 0);
        } else if (running == FloppyCommand.READ_ID) {
            cylinder = drive.track();
            head = headLine();
            sector = 1;
            command[5] = SIZE_512;
            finish(0, 0, 0);
        } else if (running.writes() && drive.writeProtected()) {
            finish(ST0_ABNORMAL, ST1_WRITE_PROTECTED, 0);
        } else if (running == FloppyCommand.FORMAT) {
            lastSectorCount = command[3];
            cylinder = drive.track();
            if (command[3] == 0 || command[3] > format.sectors()) {
                finish(ST0_ABNORMAL, ST1_NO_DATA, 0);
            } else {
                offer(4 * command[3]);
            }
        } else {
            lastSectorCount = command[6];
            if ((config & CONFIG_IMPLIED_SEEK) != 0) {
                drive.seek(cylinder);
            }
            nextSector(drive, format);
        }
    }

    private void nextSector(FloppyDrive drive, FloppyFormat format) {
        if (cylinder != drive.track()) {
            finish(ST0_ABNORMAL, ST1_NO_DATA, ST2_WRONG_CYLINDER);
        } else if (command[5] != SIZE_512 || sector < 1 || sector > format.sectors()) {
            finish(ST0_ABNORMAL, ST1_NO_DATA, 0);
        } else if (running == FloppyCommand.VERIFY) {
            sectorDone();
        } else if (running.writes()) {
            offer(FloppyFormat.SECTOR);
        } else {
            byte[] into = buffer;
            long offset = format.offset(cylinder, head, sector);
            submit(
                    () -> drive.drive().read(offset, ByteBuffer.wrap(into)),
                    () -> offer(FloppyFormat.SECTOR));
        }
    }

    /** Does something beside this thread, and goes on with the command unless it was given up. */
    private void submit(DriveIo.Task task, Runnable then) {
        int mine = transferNumber;
        io.submit(
                new DriveIo.Request(
                        drives[unit()].drive(),
                        running.writes(),
                        task,
                        () -> mine == transferNumber,
                        failure -> {
                            if (failure == null) {
                                then.run();
                            } else {
                                finish(ST0_ABNORMAL, ST1_DATA_ERROR, ST2_DATA_ERROR);
                            }
                        }));
    }

    /** The guest may move so many bytes from or to the buffer now. */
    private void offer(int length) {
        at = 0;
        limit = length;
        if ((loadAndMode & NO_DMA) != 0) {
            phase = Phase.TRANSFER;
            setIrq(true);
        } else {
            transferByDma();
        }
    }

    private void transferByDma() {
        if (phase != Phase.EXECUTION || at >= limit || (dor & DOR_GATE) == 0) {
            return;
        }
        int moved =
                running.toHost()
                        ? dma.toMemory(buffer, at, limit - at)
                        : dma.fromMemory(buffer, at, limit - at);
        at += moved;
        terminal = moved > 0 && dma.terminalCount();
        boolean done = at == limit || terminal;
        dma.setRequest(!done);
        if (done) {
            bufferDone();
        }
    }

    private void bufferDone() {
        int moved = at;
        at = 0;
        limit = 0;
        FloppyDrive drive = drives[unit()];
        FloppyFormat format = drive.format();
        if (format == null) {
            // The diskette was taken out meanwhile.
            finish(ST0_ABNORMAL, ST1_MISSING_MARK, 0);
        } else if (running == FloppyCommand.FORMAT) {
            format(drive, format, moved / 4);
        } else if (running.writes()) {
            Arrays.fill(buffer, moved, FloppyFormat.SECTOR, (byte) 0);
            byte[] from = buffer;
            long offset = format.offset(cylinder, head, sector);
            submit(() -> drive.drive().write(offset, ByteBuffer.wrap(from)), this::sectorDone);
        } else {
            sectorDone();
        }
    }

    /** Fills the sectors whose four bytes of identification came. */
    private void format(FloppyDrive drive, FloppyFormat format, int count) {
        byte[] fill = new byte[FloppyFormat.SECTOR];
        Arrays.fill(fill, (byte) command[5]);
        byte[] ids = buffer;
        int side = headLine();
        submit(
                () -> {
                    for (int i = 0; i < count; i++) {
                        int id = ids[4 * i + 2] & 0xFF;
                        if (id >= 1 && id <= format.sectors()) {
                            long offset = format.offset(cylinder, side, id);
                            drive.drive().write(offset, ByteBuffer.wrap(fill));
                        }
                    }
                },
                () -> finish(0, 0, 0));
    }

    /** Goes to the next sector, or ends; where it ends is table 5-5 of the datasheet. */
    private void sectorDone() {
        boolean last = sector == command[6];
        boolean otherSide = false;
        if (!last) {
            sector++;
        } else {
            sector = 1;
            otherSide = (command[0] & MULTI_TRACK) != 0 && head == 0;
            if ((command[0] & MULTI_TRACK) != 0) {
                head ^= 1;
            }
            cylinder += otherSide ? 0 : 1;
        }
        FloppyDrive drive = drives[unit()];
        FloppyFormat format = drive.format();
        if (running == FloppyCommand.READ_DELETED) {
            finish(0, 0, ST2_CONTROL_MARK);
        } else if (terminal || last && running == FloppyCommand.VERIFY) {
            finish(0, 0, 0);
        } else if (last && !(otherSide && format != null && format.heads() > 1)) {
            finish(ST0_ABNORMAL, ST1_END_OF_CYLINDER, 0);
        } else if (format == null) {
            finish(ST0_ABNORMAL, ST1_MISSING_MARK, 0);
        } else {
            nextSector(drive, format);
        }
    }

    private void finish(int st0, int st1, int st2) {
        dma.setRequest(false);
        give(st0 | head << 2 | unit(), st1, st2, cylinder, head, sector, command[5]);
        setIrq(true);
    }

    @Override
    public String toString() {
        return String.format(
                "fdc: dor=%02x rate=%d %s %s track=%d,%d",
                dor, rate, phase, running, track(0), track(1));
    }
}
