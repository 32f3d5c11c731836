package org.vitrine.core.device.storage;

import java.io.IOException;
import java.util.function.Consumer;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.DriveIo;

/**
 * What a disk and a CD-ROM drive on an ATA cable have in common: the command block's registers, the
 * interrupt request, and the ways that data takes (ATA/ATAPI-6, sections 7 and 9). Used by the vCPU
 * thread alone.
 */
public abstract sealed class AtaDevice permits AtaDisk, AtapiCdrom {

    static final int BSY = 0x80;
    static final int DRDY = 0x40;
    static final int DSC = 0x10;
    static final int DRQ = 0x08;
    static final int ERR = 0x01;

    static final int ABRT = 0x04;
    static final int IDNF = 0x10;
    static final int WP = 0x40;
    static final int UNC = 0x40;

    /** The device register's bits that always read as ones, and the one that says LBA. */
    static final int DEVICE_OBSOLETE = 0xA0;

    static final int DEVICE_LBA = 0x40;
    static final int DEVICE_NUMBER = 0x10;

    /** As much of the medium as one step of a command moves. */
    static final int BUFFER = 256 << 10;

    private static final int NO_ERROR = 0x01;
    private static final int FLOATING = 0xFFFF;

    /** Where the data of a command goes by DMA. */
    private enum Dma {
        NONE,
        TO_MEMORY,
        FROM_MEMORY
    }

    final Drive drive;
    private final DriveIo io;

    private AtaChannel channel;

    /** The registers of the command block; those of 48-bit addresses hold two bytes. */
    int features;

    int sectorCount;
    int lbaLow;
    int lbaMid;
    int lbaHigh;
    int device;
    int status;
    int error;

    private boolean interrupting;

    /** What is between host and device now; replaced when I/O that is under way loses its sense. */
    byte[] buffer = new byte[BUFFER];

    private int position;
    private int end;
    private boolean hostWrites;
    private Dma dma = Dma.NONE;
    private boolean waitingForIo;

    /** Commands and resets until now: I/O that ends later than its command concerns nobody. */
    private int serial;

    AtaDevice(Drive drive, DriveIo io) {
        this.drive = drive;
        this.io = io;
    }

    final void connect(AtaChannel cable) {
        channel = cable;
        reset();
    }

    /** Begins the command that the registers describe. */
    abstract void command(int code);

    /** The host has taken all that it was offered. */
    abstract void taken();

    /** The host has given all that was asked for, in the buffer from 0 on. */
    abstract void given();

    /** The DMA has moved all that it was to. */
    abstract void moved();

    /** Writes what tells a disk from a packet device into the registers. */
    abstract void signature();

    /** The status after a reset. */
    abstract int resetStatus();

    /** What else a reset sets back. */
    abstract void resetModes();

    /** As at power-on, and after a reset by hardware. */
    final void reset() {
        softReset();
        resetModes();
    }

    /** As the device control register's SRST bit does it, the modes staying. */
    final void softReset() {
        abandon();
        device = 0;
        signature();
        error = NO_ERROR;
        status = resetStatus();
        setInterrupting(false);
    }

    /** What a diagnosis leaves in the registers (section 8.9): nothing is wrong. */
    final void diagnose() {
        softReset();
    }

    private void abandon() {
        serial++;
        dma = Dma.NONE;
        position = 0;
        end = 0;
        if (waitingForIo) {
            waitingForIo = false;
            buffer = new byte[BUFFER];
        }
    }

    final void beginCommand(int code) {
        abandon();
        setInterrupting(false);
        error = 0;
        command(code);
    }

    // Registers, as the channel reads and writes them.

    final int register(int number, boolean highOrder) {
        int shift = highOrder ? 8 : 0;
        return switch (number) {
            case 1 -> error;
            case 2 -> sectorCount >>> shift & 0xFF;
            case 3 -> lbaLow >>> shift & 0xFF;
            case 4 -> lbaMid >>> shift & 0xFF;
            case 5 -> lbaHigh >>> shift & 0xFF;
            case 6 -> device | DEVICE_OBSOLETE;
            default -> status;
        };
    }

    final void setRegister(int number, int value) {
        if ((status & (BSY | DRQ)) != 0 && number != 6) {
            return;
        }
        switch (number) {
            case 1 -> features = features << 8 & 0xFF00 | value;
            case 2 -> sectorCount = sectorCount << 8 & 0xFF00 | value;
            case 3 -> lbaLow = lbaLow << 8 & 0xFF00 | value;
            case 4 -> lbaMid = lbaMid << 8 & 0xFF00 | value;
            case 5 -> lbaHigh = lbaHigh << 8 & 0xFF00 | value;
            default -> device = value;
        }
    }

    final boolean interrupting() {
        return interrupting;
    }

    final void setInterrupting(boolean on) {
        interrupting = on;
        channel.interruptChanged();
    }

    // The ends of a command.

    final void succeed() {
        status = DRDY | DSC;
        setInterrupting(true);
    }

    final void fail(int errorBits) {
        abandon();
        error = errorBits;
        status = DRDY | DSC | ERR;
        setInterrupting(true);
    }

    // Data by the host's instructions.

    final int readData() {
        if ((status & DRQ) == 0 || hostWrites || position >= end) {
            return FLOATING;
        }
        int value = buffer[position] & 0xFF | (buffer[position + 1] & 0xFF) << 8;
        position += 2;
        if (position >= end) {
            taken();
        }
        return value;
    }

    final void writeData(int value) {
        if ((status & DRQ) == 0 || !hostWrites || position >= end) {
            return;
        }
        buffer[position] = (byte) value;
        buffer[position + 1] = (byte) (value >>> 8);
        position += 2;
        if (position >= end) {
            given();
        }
    }

    /** Lets the host read these bytes of the buffer, and interrupts it. */
    final void offer(int from, int length) {
        hostWrites = false;
        position = from;
        end = from + length;
        status = DRDY | DSC | DRQ;
        setInterrupting(true);
    }

    /** Lets the host write these bytes of the buffer. */
    final void demand(int from, int length, boolean interrupt) {
        hostWrites = true;
        position = from;
        end = from + length;
        status = DRDY | DSC | DRQ;
        if (interrupt) {
            setInterrupting(true);
        }
    }

    // Data by DMA.

    /** Moves the buffer's first bytes to the host as soon as it lets its DMA run. */
    final void offerByDma(int length) {
        awaitDma(Dma.TO_MEMORY, length);
    }

    /** Fills the buffer's first bytes as soon as the host lets its DMA run. */
    final void demandByDma(int length) {
        awaitDma(Dma.FROM_MEMORY, length);
    }

    private void awaitDma(Dma direction, int length) {
        dma = direction;
        position = 0;
        end = length;
        status = DRDY | DSC | DRQ;
        continueDma();
    }

    /** Moves as much as the host has described; called when it may have described more. */
    final void continueDma() {
        if (dma == Dma.NONE || !channel.dma().running()) {
            return;
        }
        position +=
                dma == Dma.TO_MEMORY
                        ? channel.dma().toMemory(buffer, position, end - position)
                        : channel.dma().fromMemory(buffer, position, end - position);
        if (position >= end) {
            dma = Dma.NONE;
            moved();
        }
    }

    // The medium.

    /**
     * Does I/O beside the vCPU thread; the device is busy meanwhile.
     *
     * @param write whether the medium is written, or made safe
     * @param done told why it failed, or null; not told at all when the command is over by then
     */
    final void doIo(boolean write, DriveIo.Task task, Consumer<IOException> done) {
        status = BSY;
        waitingForIo = true;
        int begun = serial;
        io.submit(
                new DriveIo.Request(
                        drive,
                        write,
                        task,
                        () -> begun == serial,
                        failure -> {
                            waitingForIo = false;
                            done.accept(failure);
                        }));
    }

    final boolean busy() {
        return (status & (BSY | DRQ)) != 0;
    }
}
