package org.vitrine.core.device.storage;

import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.memory.PhysicalMemory;

/**
 * The two DMA engines of a PCI IDE controller, eight ports each (Intel 82371SB, section 2.7;
 * "Programming Interface for Bus Master IDE Controller"). Used by the vCPU thread alone.
 */
public final class BusMaster implements PortDevice {

    /** Ports of both engines. */
    public static final int PORTS = 16;

    private static final int START = 0x01;
    private static final int TO_MEMORY = 0x08;

    private static final int ACTIVE = 0x01;
    private static final int ERROR = 0x02;
    private static final int INTERRUPT = 0x04;
    private static final int CAPABLE = 0x60;

    private static final int END_OF_TABLE = 0x8000_0000;

    private final PhysicalMemory memory;
    private final Engine[] engines = {new Engine(), new Engine()};
    private boolean enabled;

    public BusMaster(PhysicalMemory memory) {
        this.memory = memory;
    }

    /** The engine of the primary (0) or secondary (1) channel. */
    public Engine engine(int index) {
        return engines[index];
    }

    /** Whether the PCI command register lets the function be a bus master. */
    void setEnabled(boolean on) {
        enabled = on;
        for (Engine engine : engines) {
            engine.goOn();
        }
    }

    /** As the reset line does. */
    void reset() {
        for (Engine engine : engines) {
            engine.reset();
        }
    }

    @Override
    public int readPort(int port) {
        return engines[port >>> 3 & 1].read(port & 7);
    }

    @Override
    public void writePort(int port, int value) {
        engines[port >>> 3 & 1].write(port & 7, value);
    }

    /** The engine of one channel: follows a table of memory regions (PRDs). */
    public final class Engine {

        private final byte[] descriptor = new byte[8];
        private AtaChannel channel;
        private int command;
        private int status;
        private int table;
        private long next;
        private long address;
        private int left;
        private boolean last;

        private Engine() {}

        void connect(AtaChannel served) {
            channel = served;
        }

        private void reset() {
            command = 0;
            status = 0;
            table = 0;
        }

        private int read(int register) {
            return switch (register) {
                case 0 -> command;
                case 2 -> status;
                case 4, 5, 6, 7 -> table >>> 8 * (register - 4) & 0xFF;
                default -> 0;
            };
        }

        private void write(int register, int value) {
            switch (register) {
                case 0 -> {
                    boolean starts = (value & ~command & START) != 0;
                    command = value & (START | TO_MEMORY);
                    if (starts) {
                        status |= ACTIVE;
                        next = table & 0xFFFF_FFFCL;
                        left = 0;
                        last = false;
                        goOn();
                    } else if ((command & START) == 0) {
                        status &= ~ACTIVE;
                    }
                }
                case 2 ->
                        status =
                                status
                                                & (ACTIVE | ERROR | INTERRUPT)
                                                & ~(value & (ERROR | INTERRUPT))
                                        | value & CAPABLE;
                case 4, 5, 6, 7 -> {
                    int shift = 8 * (register - 4);
                    table = (table & ~(0xFF << shift) | value << shift) & ~3;
                }
                default -> {}
            }
        }

        private void goOn() {
            if (channel != null && running()) {
                channel.continueDma();
            }
        }

        /** Whether the engine would move data now. */
        boolean running() {
            return enabled && (status & ACTIVE) != 0;
        }

        /** The channel's interrupt line has risen. */
        void interrupted() {
            status |= INTERRUPT;
        }

        /** Moves bytes to memory; how many the table had room for. */
        int toMemory(byte[] from, int offset, int length) {
            return move(from, offset, length, true);
        }

        /** Moves bytes from memory; how many the table had. */
        int fromMemory(byte[] into, int offset, int length) {
            return move(into, offset, length, false);
        }

        private int move(byte[] bytes, int offset, int length, boolean toMemory) {
            if ((command & TO_MEMORY) != 0 != toMemory) {
                // The device drives the other way than the engine: nothing is moved.
                return 0;
            }
            int done = 0;
            while (done < length && nextRegion()) {
                int part = Math.min(left, length - done);
                if (toMemory) {
                    memory.write(address, bytes, offset + done, part);
                } else {
                    memory.read(address, bytes, offset + done, part);
                }
                address += part;
                left -= part;
                done += part;
            }
            if (left == 0 && last) {
                status &= ~ACTIVE;
            }
            return done;
        }

        private boolean nextRegion() {
            if (left > 0) {
                return true;
            }
            if (last) {
                return false;
            }
            memory.read(next, descriptor, 0, 8);
            next += 8;
            address = little(0) & 0xFFFF_FFFEL;
            int count = little(4) & 0xFFFE;
            left = count == 0 ? 0x1_0000 : count;
            last = (little(4) & END_OF_TABLE) != 0;
            return true;
        }

        private int little(int at) {
            return descriptor[at] & 0xFF
                    | (descriptor[at + 1] & 0xFF) << 8
                    | (descriptor[at + 2] & 0xFF) << 16
                    | descriptor[at + 3] << 24;
        }
    }
}
