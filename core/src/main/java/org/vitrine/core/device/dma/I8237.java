package org.vitrine.core.device.dma;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.core.bus.DmaChannel;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.memory.PhysicalMemory;

/**
 * One DMA controller with four channels (Intel 8237A datasheet, order number 231466). A channel
 * moves as much as its device offers at once: single, demand and block mode differ in who has the
 * bus meanwhile, which nobody here can tell. Transfers from memory to memory, which an AT's wiring
 * can't do either, are refused.
 *
 * <p>Used by the vCPU thread alone.
 */
final class I8237 implements PortDevice {

    private static final Logger LOG = LoggerFactory.getLogger(I8237.class);

    static final int CHANNELS = 4;

    private static final int ALL = 0x0F;
    private static final int COMMAND_MEMORY_TO_MEMORY = 0x01;
    private static final int COMMAND_DISABLE = 0x04;
    private static final int MODE_DIRECTION = 0x0C;
    private static final int MODE_TO_MEMORY = 0x04;
    private static final int MODE_FROM_MEMORY = 0x08;
    private static final int MODE_AUTO = 0x10;
    private static final int MODE_DOWN = 0x20;

    private final PhysicalMemory memory;
    private final int shift;
    private final Channel[] channels = new Channel[CHANNELS];
    private int command;
    private int mask;
    private int terminalCounts;
    private int softwareRequests;
    private boolean highByte;
    private boolean refused;
    private boolean busGranted = true;

    /**
     * A controller as after reset.
     *
     * @param shift 0 when an address is that of a byte and a port that of a register; 1 when words
     *     are moved, and a register has two ports
     */
    I8237(PhysicalMemory memory, int shift) {
        this.memory = memory;
        this.shift = shift;
        for (int i = 0; i < CHANNELS; i++) {
            channels[i] = new Channel(i);
        }
        reset();
    }

    Channel channel(int number) {
        return channels[number];
    }

    void reset() {
        command = 0;
        mask = ALL;
        terminalCounts = 0;
        softwareRequests = 0;
        highByte = false;
        for (Channel channel : channels) {
            channel.mode = 0;
        }
    }

    /** Whether the controller that this one is cascaded to lets it have the bus. */
    void setBusGranted(boolean granted) {
        busGranted = granted;
        serve();
    }

    /** Whether a channel could be served if its device asked. */
    boolean enabled(int channel) {
        return busGranted && (command & COMMAND_DISABLE) == 0 && (mask & 1 << channel) == 0;
    }

    /** Tells devices that wait that they wait no longer. */
    private void serve() {
        for (Channel channel : channels) {
            if (channel.request && enabled(channel.number)) {
                channel.granted.run();
            }
        }
    }

    @Override
    public int readPort(int port) {
        int register = port >> shift & 0x0F;
        if (register < 8) {
            Channel channel = channels[register >> 1];
            int value = (register & 1) == 0 ? channel.address : channel.count;
            highByte ^= true;
            return highByte ? value & 0xFF : value >>> 8;
        }
        return switch (register) {
            case 8 -> {
                int status = terminalCounts | softwareRequests << 4;
                for (Channel channel : channels) {
                    status |= channel.request ? 0x10 << channel.number : 0;
                }
                terminalCounts = 0;
                yield status;
            }
            case 0xF -> mask | 0xF0;
            // The temporary register, which only transfers between memory use; others can't be
            // read.
            default -> 0;
        };
    }

    @Override
    public void writePort(int port, int value) {
        int register = port >> shift & 0x0F;
        if (register < 8) {
            channels[register >> 1].write((register & 1) == 0, value);
            return;
        }
        int channel = value & 3;
        switch (register) {
            case 0x8 -> writeCommand(value);
            case 0x9 -> softwareRequests = assign(softwareRequests, channel, (value & 4) != 0);
            case 0xA -> mask = assign(mask, channel, (value & 4) != 0);
            case 0xB -> channels[channel].mode = value;
            case 0xC -> highByte = false;
            case 0xD -> reset();
            case 0xE -> mask = 0;
            default -> mask = value & ALL;
        }
        serve();
    }

    private static int assign(int bits, int number, boolean set) {
        return set ? bits | 1 << number : bits & ~(1 << number);
    }

    private void writeCommand(int value) {
        command = value;
        if ((value & COMMAND_MEMORY_TO_MEMORY) != 0 && !refused) {
            refused = true;
            LOG.warn("the guest wants DMA from memory to memory, which this machine can't do");
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format("cmd=%02x mask=%x", command, mask));
        for (Channel channel : channels) {
            text.append(
                    String.format(
                            " %d: mode=%02x addr=%02x%04x count=%04x",
                            channel.number,
                            channel.mode,
                            channel.page,
                            channel.address,
                            channel.count));
        }
        return text.toString();
    }

    /** A channel, with its page register, which on an AT is a chip of its own. */
    final class Channel implements DmaChannel {

        private final int number;
        private int baseAddress;
        private int baseCount;
        private int address;
        private int count;
        private int page;
        private int mode;
        private boolean request;
        private boolean terminal;
        private Runnable granted = () -> {};

        Channel(int number) {
            this.number = number;
        }

        int page() {
            return page;
        }

        void setPage(int value) {
            page = value;
        }

        private void write(boolean toAddress, int value) {
            int base = toAddress ? baseAddress : baseCount;
            base = highByte ? base & 0xFF | value << 8 : base & 0xFF00 | value;
            highByte ^= true;
            if (toAddress) {
                baseAddress = base;
                address = base;
            } else {
                baseCount = base;
                count = base;
            }
        }

        @Override
        public void attach(Runnable whenGranted) {
            granted = whenGranted;
        }

        @Override
        public void setRequest(boolean high) {
            request = high;
        }

        @Override
        public int fromMemory(byte[] into, int offset, int length) {
            return transfer(into, offset, length, MODE_FROM_MEMORY);
        }

        @Override
        public int toMemory(byte[] from, int offset, int length) {
            return transfer(from, offset, length, MODE_TO_MEMORY);
        }

        /** In verify mode, or in the other direction's, addresses go on and memory stays. */
        private int transfer(byte[] bytes, int offset, int length, int direction) {
            terminal = false;
            int size = 1 << shift;
            int moved = 0;
            while (moved + size <= length && enabled(number) && !terminal) {
                if ((mode & MODE_DIRECTION) == direction) {
                    move(bytes, offset + moved, direction);
                }
                moved += size;
                step();
            }
            return moved;
        }

        private void move(byte[] bytes, int at, int direction) {
            long where = physical();
            for (int i = 0; i < 1 << shift; i++) {
                if (direction == MODE_TO_MEMORY) {
                    memory.write(where + i, 1, bytes[at + i] & 0xFF);
                } else {
                    bytes[at + i] = (byte) memory.read(where + i, 1);
                }
            }
        }

        /** With words, bit 0 of the page register is of no use: A16 comes from the address. */
        private long physical() {
            long high = (long) (page >> shift << shift) << 16;
            return high | (long) address << shift;
        }

        private void step() {
            address = address + ((mode & MODE_DOWN) != 0 ? -1 : 1) & 0xFFFF;
            count = count - 1 & 0xFFFF;
            if (count == 0xFFFF) {
                terminal = true;
                terminalCounts |= 1 << number;
                softwareRequests = assign(softwareRequests, number, false);
                if ((mode & MODE_AUTO) != 0) {
                    address = baseAddress;
                    count = baseCount;
                } else {
                    mask |= 1 << number;
                }
            }
        }

        @Override
        public boolean terminalCount() {
            return terminal;
        }
    }
}
