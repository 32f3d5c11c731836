package org.vitrine.core.device.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.RecordedLine;
import org.vitrine.core.memory.MemorySource;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.RamBlock;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.DriveIo;
import org.vitrine.core.storage.DriveListener;
import org.vitrine.core.storage.ErrorPolicy;
import org.vitrine.core.storage.ImageFormat;
import org.vitrine.core.storage.ImageRequest;

/** An IDE channel with its devices, and what a driver does at its ports. */
final class IdeBoard implements DriveListener {

    static final int DATA = 0x1F0;
    static final int ERROR = 0x1F1;
    static final int COUNT = 0x1F2;
    static final int LOW = 0x1F3;
    static final int MID = 0x1F4;
    static final int HIGH = 0x1F5;
    static final int DEVICE = 0x1F6;
    static final int STATUS = 0x1F7;
    static final int CONTROL = 0x3F6;
    static final int BUS_MASTER = 0xC000;

    final PortSpace ports = new PortSpace();
    final PhysicalMemory memory = new PhysicalMemory();
    final RecordedLine irq = new RecordedLine();
    final BusMaster busMaster = new BusMaster(memory);
    final List<String> events = new ArrayList<>();
    private final ArrayDeque<Runnable> io = new ArrayDeque<>();
    private final DriveIo driveIo = new DriveIo(io::add, Runnable::run, this);

    IdeBoard() {
        RamBlock ram = RamBlock.allocate("ram", 1 << 20, MemorySource.anonymous());
        memory.mapRam(0, ram, 0, ram.size(), PhysicalMemory.Access.READ_WRITE);
    }

    /** Plugs in devices, null for none, and decodes the ports. */
    AtaChannel plug(AtaDevice device0, AtaDevice device1) {
        AtaChannel channel =
                new AtaChannel("ide0", DATA, CONTROL, device0, device1, irq, busMaster.engine(0));
        channel.claimPorts(ports);
        ports.claim(BUS_MASTER, BusMaster.PORTS, "bus master", busMaster);
        busMaster.setEnabled(true);
        return channel;
    }

    AtaDisk disk(Drive drive) {
        return new AtaDisk(drive, driveIo, "VT00001");
    }

    AtapiCdrom cdrom(Drive drive) {
        return new AtapiCdrom(drive, driveIo, this, "VT00003");
    }

    /** A drive whose medium is a file with these bytes. */
    static Drive drive(Drive.Kind kind, Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        boolean readOnly = kind == Drive.Kind.CDROM;
        return new Drive(
                "drive", kind, new ImageRequest(file, ImageFormat.RAW, readOnly, false).open());
    }

    @Override
    public void trayMoved(Drive drive, boolean open) {
        events.add(open ? "opened" : "closed");
    }

    @Override
    public void ioFailed(
            Drive drive, boolean write, ErrorPolicy.Choice action, IOException reason) {
        events.add((write ? "write: " : "read: ") + reason.getMessage());
    }

    /** Lets the I/O go on that waits for the host. */
    void finishIo() {
        for (Runnable next = io.poll(); next != null; next = io.poll()) {
            next.run();
        }
    }

    int in(int port) {
        return ports.read(port, 1);
    }

    void out(int port, int value) {
        ports.write(port, 1, value);
    }

    /** Gives a command with a 28-bit address to a device by LBA, without waiting. */
    void begin(int device, int count, long lba, int command) {
        out(DEVICE, 0xE0 | device << 4 | (int) (lba >>> 24) & 0xF);
        out(COUNT, count);
        out(LOW, (int) lba);
        out(MID, (int) (lba >>> 8));
        out(HIGH, (int) (lba >>> 16));
        out(STATUS, command);
    }

    /** The same with a 48-bit address. */
    void beginExtended(int count, long lba, int command) {
        out(DEVICE, 0xE0);
        out(COUNT, count >>> 8);
        out(LOW, (int) (lba >>> 24));
        out(MID, (int) (lba >>> 32));
        out(HIGH, (int) (lba >>> 40));
        out(COUNT, count);
        out(LOW, (int) lba);
        out(MID, (int) (lba >>> 8));
        out(HIGH, (int) (lba >>> 16));
        out(STATUS, command);
    }

    /** Gives a command to device 0 and waits for it; the status. */
    int run(int count, long lba, int command) {
        begin(0, count, lba, command);
        finishIo();
        return in(STATUS);
    }

    byte[] readData(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i += 2) {
            int value = ports.read(DATA, 2);
            bytes[i] = (byte) value;
            if (i + 1 < length) {
                bytes[i + 1] = (byte) (value >>> 8);
            }
        }
        return bytes;
    }

    void writeData(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i += 2) {
            ports.write(DATA, 2, bytes[i] & 0xFF | (bytes[i + 1] & 0xFF) << 8);
        }
    }

    /** Reads data in blocks, each of which is announced by an interrupt. */
    byte[] readBlocks(int length, int block) {
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; at += block) {
            finishIo();
            assertEquals(true, irq.isHigh(), "interrupt for the block at " + at);
            assertEquals(0x58, in(STATUS), "status for the block at " + at);
            assertEquals(false, irq.isHigh(), "status has been read");
            System.arraycopy(
                    readData(Math.min(block, length - at)),
                    0,
                    bytes,
                    at,
                    Math.min(block, length - at));
        }
        return bytes;
    }

    /** Writes memory regions' table for the DMA, and lets it run. */
    void startDma(boolean toMemory, int table, int... addressesAndLengths) {
        for (int i = 0; i < addressesAndLengths.length; i += 2) {
            boolean last = i + 2 == addressesAndLengths.length;
            memory.write(table + 4L * i, 4, addressesAndLengths[i]);
            memory.write(
                    table + 4L * i + 4,
                    4,
                    addressesAndLengths[i + 1] & 0xFFFF | (last ? 0x8000_0000L : 0));
        }
        ports.write(BUS_MASTER + 4, 4, table);
        out(BUS_MASTER + 2, 0x06);
        out(BUS_MASTER, toMemory ? 0x08 : 0x00);
        out(BUS_MASTER, toMemory ? 0x09 : 0x01);
    }

    /** Gives the CD-ROM drive (device 0) a packet and lets it work. */
    void packet(int limit, boolean dma, int... bytes) {
        out(DEVICE, 0xA0);
        out(ERROR, dma ? 1 : 0);
        out(MID, limit);
        out(HIGH, limit >>> 8);
        out(STATUS, 0xA0);
        byte[] packet = new byte[12];
        for (int i = 0; i < bytes.length; i++) {
            packet[i] = (byte) bytes[i];
        }
        assertEquals(0x58, in(STATUS), "the drive wants a packet");
        assertEquals(1, in(COUNT), "as a command");
        writeData(packet, 0, 12);
        finishIo();
    }

    /** All that the drive answers to a packet. */
    byte[] answer(int... packet) {
        packet(0xFFFE, false, packet);
        int status = in(STATUS);
        byte[] all = new byte[0];
        while ((status & 8) != 0) {
            int length = in(MID) | in(HIGH) << 8;
            int old = all.length;
            all = Arrays.copyOf(all, old + length);
            System.arraycopy(readData(length), 0, all, old, length);
            finishIo();
            status = in(STATUS);
        }
        assertEquals(0x50, status, "the packet's end");
        return all;
    }

    /** Sense key, code and qualifier of a packet that fails. */
    int senseOf(int... packet) {
        packet(0xFFFE, false, packet);
        assertEquals(0x51, in(STATUS), "the packet fails");
        int error = in(ERROR);
        byte[] sense = answer(0x03, 0, 0, 0, 18);
        assertEquals(error >>> 4, sense[2] & 0xF, "the sense key in the error register");
        return (sense[2] & 0xF) << 16 | (sense[12] & 0xFF) << 8 | sense[13] & 0xFF;
    }
}
