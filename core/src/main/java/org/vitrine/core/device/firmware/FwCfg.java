package org.vitrine.core.device.firmware;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.memory.PhysicalMemory;

/**
 * QEMU's firmware configuration device, by which firmware learns what the machine is made of
 * (QEMU's docs/specs/fw_cfg.rst): a number written to port 510h selects an item, whose bytes come
 * from 511h one by one, or by DMA through the address written to 514h and 518h. Items with names
 * are files, listed in a directory.
 */
public final class FwCfg {

    private static final Logger LOG = LoggerFactory.getLogger(FwCfg.class);

    public static final int UUID = 0x02;
    public static final int RAM_SIZE = 0x03;
    public static final int NB_CPUS = 0x05;
    public static final int KERNEL_ADDRESS = 0x07;
    public static final int KERNEL_SIZE = 0x08;
    public static final int INITRD_ADDRESS = 0x0A;
    public static final int INITRD_SIZE = 0x0B;
    public static final int BOOT_MENU = 0x0E;
    public static final int MAX_CPUS = 0x0F;
    public static final int KERNEL_ENTRY = 0x10;
    public static final int KERNEL_DATA = 0x11;
    public static final int INITRD_DATA = 0x12;
    public static final int COMMAND_LINE_ADDRESS = 0x13;
    public static final int COMMAND_LINE_SIZE = 0x14;
    public static final int COMMAND_LINE_DATA = 0x15;
    public static final int SETUP_ADDRESS = 0x16;
    public static final int SETUP_SIZE = 0x17;
    public static final int SETUP_DATA = 0x18;
    public static final int IRQ0_OVERRIDE = 0x8002;

    private static final int SIGNATURE = 0x00;
    private static final int ID = 0x01;
    private static final int DIRECTORY = 0x19;
    private static final int FIRST_FILE = 0x20;
    private static final int FILE_NAME_SIZE = 56;
    private static final int DIRECTORY_ENTRY_SIZE = 64;

    /** The ports, and DMA. */
    private static final int FEATURES = 3;

    private static final int SELECTOR = 0x510;
    private static final int DMA_HIGH = 0x514;
    private static final int DMA_LOW = 0x518;

    private static final int DMA_ERROR = 1;
    private static final int DMA_READ = 2;
    private static final int DMA_SKIP = 4;
    private static final int DMA_SELECT = 8;
    private static final int DMA_WRITE = 16;
    private static final byte[] DMA_SIGNATURE = "QEMU CFG".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};
    private static final int PIECE = 0x1000;

    private final PhysicalMemory memory;
    private final Map<Integer, byte[]> items = new HashMap<>();
    private final Map<String, byte[]> files = new TreeMap<>();
    private byte[] selected = NOTHING;
    private int offset;
    private int dmaHigh;
    private final byte[] zeros = new byte[PIECE];

    /** A device with nothing but its signature. */
    public FwCfg(PhysicalMemory memory) {
        this.memory = memory;
        put(SIGNATURE, "QEMU".getBytes(StandardCharsets.US_ASCII));
        put32(ID, FEATURES);
        reset();
    }

    /** Claims 510h, 511h and 514h to 51Bh. */
    public void claimPorts(PortSpace ports) {
        ports.claim(SELECTOR, 2, "fw_cfg", new DataPorts());
        ports.claim(DMA_HIGH, 8, "fw_cfg dma", new DmaPorts());
    }

    /** As the reset line does; what the items say stays. */
    public void reset() {
        selected = items.get(SIGNATURE);
        offset = 0;
        dmaHigh = 0;
    }

    /** Sets an item; the bytes stay the caller's to change. */
    public void put(int key, byte[] bytes) {
        items.put(key, bytes);
    }

    public void put16(int key, int value) {
        put(key, little(2).putShort((short) value).array());
    }

    public void put32(int key, int value) {
        put(key, little(4).putInt(value).array());
    }

    public void put64(int key, long value) {
        put(key, little(8).putLong(value).array());
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Sets a file.
     *
     * @param name at most 55 ASCII characters
     */
    public void putFile(String name, byte[] bytes) {
        if (name.length() >= FILE_NAME_SIZE) {
            throw new IllegalArgumentException("the name of a file is too long: " + name);
        }
        files.put(name, bytes);
        ByteBuffer directory = ByteBuffer.allocate(4 + files.size() * DIRECTORY_ENTRY_SIZE);
        directory.putInt(files.size());
        int key = FIRST_FILE;
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            put(key, file.getValue());
            int next = directory.position() + DIRECTORY_ENTRY_SIZE;
            directory.putInt(file.getValue().length).putShort((short) key).putShort((short) 0);
            directory.put(file.getKey().getBytes(StandardCharsets.US_ASCII));
            directory.position(next);
            key++;
        }
        put(DIRECTORY, directory.array());
    }

    private void select(int key) {
        selected = items.getOrDefault(key & 0xFFFF, NOTHING);
        offset = 0;
    }

    private int next() {
        return offset < selected.length ? selected[offset++] & 0xFF : 0;
    }

    private void transfer(long descriptor) {
        int control = bigEndian(descriptor);
        int length = bigEndian(descriptor + 4);
        long address =
                (long) bigEndian(descriptor + 8) << 32 | bigEndian(descriptor + 12) & 0xFFFF_FFFFL;
        if ((control & DMA_SELECT) != 0) {
            select(control >>> 16);
        }
        int status = 0;
        if ((control & DMA_READ) != 0) {
            read(address, length & 0xFFFF_FFFFL);
        } else if ((control & DMA_WRITE) != 0) {
            LOG.debug("the firmware wants to write to an item, and none can be written");
            status = DMA_ERROR;
        } else if ((control & DMA_SKIP) != 0) {
            offset = (int) Math.min(offset + (length & 0xFFFF_FFFFL), selected.length);
        }
        memory.write(descriptor, 4, Integer.reverseBytes(status));
    }

    /** What is asked for beyond an item's end is zero. */
    private void read(long address, long length) {
        int there = (int) Math.min(length, selected.length - offset);
        memory.write(address, selected, offset, there);
        offset += there;
        for (long done = there; done < length; done += PIECE) {
            memory.write(address + done, zeros, 0, (int) Math.min(PIECE, length - done));
        }
    }

    private int bigEndian(long address) {
        return Integer.reverseBytes((int) memory.read(address, 4));
    }

    private final class DataPorts implements PortDevice {

        @Override
        public boolean wide(int port, int size) {
            return port == SELECTOR && size == 2;
        }

        @Override
        public int readPort(int port) {
            return port == SELECTOR ? 0 : next();
        }

        @Override
        public void writePort(int port, int value) {
            // Items are written by DMA, and half a selector is none.
        }

        @Override
        public int readPortWide(int port, int size) {
            return next();
        }

        @Override
        public void writePortWide(int port, int size, int value) {
            select(value);
        }
    }

    /** The address of a descriptor, most significant half and byte first. */
    private final class DmaPorts implements PortDevice {

        @Override
        public boolean wide(int port, int size) {
            return size == 4 && (port == DMA_HIGH || port == DMA_LOW);
        }

        @Override
        public int readPort(int port) {
            return DMA_SIGNATURE[port - DMA_HIGH];
        }

        @Override
        public void writePort(int port, int value) {}

        @Override
        public int readPortWide(int port, int size) {
            return ByteBuffer.wrap(DMA_SIGNATURE)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getInt(port - DMA_HIGH);
        }

        @Override
        public void writePortWide(int port, int size, int value) {
            int swapped = Integer.reverseBytes(value);
            if (port == DMA_HIGH) {
                dmaHigh = swapped;
            } else {
                long descriptor = (long) dmaHigh << 32 | swapped & 0xFFFF_FFFFL;
                dmaHigh = 0;
                transfer(descriptor);
            }
        }
    }
}
