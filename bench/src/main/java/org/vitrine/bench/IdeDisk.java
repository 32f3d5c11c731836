package org.vitrine.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.device.storage.AtaChannel;
import org.vitrine.core.device.storage.AtaDisk;
import org.vitrine.core.device.storage.BusMaster;
import org.vitrine.core.device.storage.Piix3Ide;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.RamBlock;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.DriveIo;
import org.vitrine.core.storage.DriveListener;
import org.vitrine.core.storage.ErrorPolicy;
import org.vitrine.core.storage.ImageFormat;
import org.vitrine.core.storage.ImageRequest;

/**
 * A disk on the IDE function, without the rest of a machine, and what a driver does at its ports
 * for each transfer. The thread that uses it is the vCPU thread, which waits for interrupts.
 */
final class IdeDisk implements Transfers {

    private static final int SECTOR = 512;
    private static final int RAM = 1 << 20;
    private static final int TABLE = 0x1000;
    private static final int MEMORY = 0x10000;
    private static final int END_OF_TABLE = 0x8000_0000;

    private static final int COUNT = 0x1F2;
    private static final int LOW = 0x1F3;
    private static final int MID = 0x1F4;
    private static final int HIGH = 0x1F5;
    private static final int DEVICE = 0x1F6;
    private static final int COMMAND = 0x1F7;
    private static final int LBA = 0xE0;
    private static final int READ_DMA = 0xC8;
    private static final int WRITE_DMA = 0xCA;
    private static final int READY = 0x50;

    private static final int BUS_MASTER = 0xC000;
    private static final int BUS_MASTER_STATUS = BUS_MASTER + 2;
    private static final int BUS_MASTER_TABLE = BUS_MASTER + 4;
    private static final int START = 0x01;
    private static final int TO_MEMORY = 0x08;
    private static final int ERROR_AND_INTERRUPT = 0x06;
    private static final int INTERRUPT = 0x04;

    private static final int PCI_COMMAND = 0x04;
    private static final int PORTS_AND_MASTER = 0x05;
    private static final int PCI_BAR4 = 0x20;
    private static final int PCI_TIMING = 0x40;
    private static final int DECODE_CHANNEL = 0x8000;

    private final PortSpace ports = new PortSpace();
    private final PhysicalMemory memory = new PhysicalMemory();
    private final BlockingQueue<Runnable> forVcpu = new LinkedBlockingQueue<>();
    private final Drive drive;
    private boolean interrupt;

    /** A disk whose medium is this image. */
    IdeDisk(Path image, ImageFormat format) throws IOException {
        memory.mapRam(0, RamBlock.allocate("ram", RAM), 0, RAM, PhysicalMemory.Access.READ_WRITE);
        drive =
                new Drive(
                        "ide0-hd0",
                        Drive.Kind.HARD_DISK,
                        new ImageRequest(image, format, false, false).open());
        DriveIo io = DriveIo.threaded("ide0", forVcpu::add, new Complaints());
        BusMaster busMaster = new BusMaster(memory);
        Piix3Ide function =
                new Piix3Ide(
                        ports,
                        busMaster,
                        new AtaChannel(
                                "ide0",
                                0x1F0,
                                0x3F6,
                                new AtaDisk(drive, io, "VT00001"),
                                null,
                                high -> interrupt = high,
                                busMaster.engine(0)),
                        new AtaChannel(
                                "ide1",
                                0x170,
                                0x376,
                                null,
                                null,
                                InterruptLine.unconnected(),
                                busMaster.engine(1)));
        function.connect((bar, base) ->
                ports.claim((int) base, BusMaster.PORTS, "ide bus master", busMaster));
        function.writeConfig(PCI_BAR4, 4, BUS_MASTER);
        function.writeConfig(PCI_COMMAND, 2, PORTS_AND_MASTER);
        function.writeConfig(PCI_TIMING, 2, DECODE_CHANNEL);
    }

    /** Errors stop the benchmark by the disk's status; this says what the host said. */
    private static final class Complaints implements DriveListener {

        @Override
        public void trayMoved(Drive moved, boolean open) {
            throw new IllegalStateException("a hard disk has no tray");
        }

        @Override
        public void ioFailed(
                Drive failed, boolean write, ErrorPolicy.Choice action, IOException reason) {
            System.err.println(reason.getMessage());
        }
    }

    @Override
    public void read(long offset, int length) throws IOException, InterruptedException {
        command(offset, length, READ_DMA, TO_MEMORY);
        for (int at = 0; at < length; at += BLOCK) {
            Transfers.check(offset + at, (int) memory.read(MEMORY + at, 4));
        }
    }

    @Override
    public void write(long offset, int length) throws IOException, InterruptedException {
        for (int at = 0; at < length; at += BLOCK) {
            memory.write(MEMORY + at, 4, Transfers.number(offset + at));
        }
        command(offset, length, WRITE_DMA, 0);
    }

    /** What a driver does: the table, the command, the engine, then it waits for the interrupt. */
    private void command(long offset, int length, int code, int direction)
            throws IOException, InterruptedException {
        memory.write(TABLE, 4, MEMORY);
        memory.write(TABLE + 4, 4, length & 0xFFFF | END_OF_TABLE);
        ports.write(BUS_MASTER_TABLE, 4, TABLE);
        out(BUS_MASTER, direction);
        out(BUS_MASTER_STATUS, ERROR_AND_INTERRUPT);
        int sector = Math.toIntExact(offset / SECTOR);
        out(DEVICE, LBA | sector >>> 24);
        out(COUNT, length / SECTOR);
        out(LOW, sector & 0xFF);
        out(MID, sector >>> 8 & 0xFF);
        out(HIGH, sector >>> 16 & 0xFF);
        out(COMMAND, code);
        out(BUS_MASTER, direction | START);
        while (!interrupt) {
            forVcpu.take().run();
        }
        int engine = ports.read(BUS_MASTER_STATUS, 1) & (ERROR_AND_INTERRUPT | START);
        out(BUS_MASTER, 0);
        int status = ports.read(COMMAND, 1);
        if (status != READY || engine != INTERRUPT) {
            throw new IOException(
                    "the disk's status is %02X, the bus master's %02X".formatted(status, engine));
        }
    }

    private void out(int port, int value) {
        ports.write(port, 1, value);
    }

    @Override
    public void close() throws IOException {
        drive.close();
    }
}
