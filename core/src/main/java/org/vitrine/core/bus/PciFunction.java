package org.vitrine.core.bus;

import java.util.Arrays;
import java.util.List;

/**
 * A function of a PCI device: its 256 bytes of configuration space (PCI Local Bus Specification
 * 2.1, chapter 6), and which of its ranges it decodes now. A chip whose own registers do something
 * extends it; one that only has ranges need not. Used by the vCPU thread alone.
 */
public class PciFunction {

    protected static final int COMMAND = 0x04;
    protected static final int STATUS = 0x06;
    protected static final int HEADER_TYPE = 0x0E;
    protected static final int FIRST_BAR = 0x10;
    protected static final int ROM_BAR = 0x30;
    protected static final int INTERRUPT_LINE = 0x3C;
    protected static final int INTERRUPT_PIN = 0x3D;

    private static final int SIZE = 256;
    private static final int DECODE_PORTS = 0x01;
    private static final int DECODE_MEMORY = 0x02;
    private static final int BUS_MASTER = 0x04;

    /** Ports, memory, bus master, parity error response and SERR# enable. */
    private static final int COMMAND_BITS = 0x0147;

    /** The error bits of the status register, which a 1 clears. */
    private static final int STATUS_CLEARED = 0xF900;

    private static final int ROM_ENABLED = 1;

    /**
     * What a function is.
     *
     * @param revision 8 bits
     * @param classCode 24 bits: base class, subclass, programming interface
     * @param subsystemVendor 0 with {@code subsystem} 0 when it has none
     */
    public record Identity(
            int vendor,
            int device,
            int revision,
            int classCode,
            int subsystemVendor,
            int subsystem) {}

    /** The bus, told where ranges are wanted. */
    public interface Decoder {

        /**
         * A range is to be decoded elsewhere.
         *
         * @param base the port or address; -1 for nowhere
         */
        void wanted(PciBar bar, long base);
    }

    private final String name;
    private final List<PciBar> bars;
    private final long[] bases;
    private final byte[] initial = new byte[SIZE];
    private final byte[] writable = new byte[SIZE];
    private final byte[] cleared = new byte[SIZE];
    private final byte[] config = new byte[SIZE];
    private Decoder decoder = (bar, base) -> {};

    /**
     * A function as after reset, which decodes nothing.
     *
     * @param name for people
     */
    public PciFunction(String name, Identity identity, List<PciBar> bars) {
        this.name = name;
        this.bars = List.copyOf(bars);
        this.bases = new long[bars.size()];
        Arrays.fill(bases, -1);
        register(0x00, 2, identity.vendor(), 0);
        register(0x02, 2, identity.device(), 0);
        register(COMMAND, 2, 0, COMMAND_BITS);
        register(0x08, 4, identity.classCode() << 8 | identity.revision(), 0);
        register(0x0C, 2, 0, 0xFFFF);
        register(0x2C, 2, identity.subsystemVendor(), 0);
        register(0x2E, 2, identity.subsystem(), 0);
        register(INTERRUPT_LINE, 1, 0, 0xFF);
        cleared[STATUS + 1] = (byte) (STATUS_CLEARED >>> 8);
        for (PciBar bar : bars) {
            registerOf(bar);
        }
        System.arraycopy(initial, 0, config, 0, SIZE);
    }

    private void registerOf(PciBar bar) {
        int size = bar.size();
        if (Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException(bar.label() + " has a size of " + size);
        }
        int mask = -size;
        switch (bar) {
            case PciBar.Ports ports -> register(at(bar), 4, 1, mask);
            case PciBar.Memory memory -> register(at(bar), 4, 8, mask);
            case PciBar.Registers registers ->
                    register(at(bar), 4, 0, bar.index() == PciBar.ROM ? mask | ROM_ENABLED : mask);
        }
    }

    private static int at(PciBar bar) {
        return bar.index() == PciBar.ROM ? ROM_BAR : FIRST_BAR + 4 * bar.index();
    }

    /**
     * Describes a register of 1, 2 or 4 bytes; for constructors, before the first access.
     *
     * @param value after reset
     * @param mask the bits that can be written
     */
    protected final void register(int at, int size, int value, int mask) {
        for (int i = 0; i < size; i++) {
            initial[at + i] = (byte) (value >>> 8 * i);
            writable[at + i] = (byte) (mask >>> 8 * i);
            config[at + i] = initial[at + i];
        }
    }

    /** Told after a write what bytes were concerned; they may be as before. */
    protected void written(int first, int count) {}

    /** Told when the registers have their values of reset, to follow suit with all else. */
    protected void wasReset() {}

    /** The value of a register of 1, 2 or 4 bytes. */
    protected final int get(int at, int size) {
        int value = 0;
        for (int i = 0; i < size; i++) {
            value |= (config[at + i] & 0xFF) << 8 * i;
        }
        return value;
    }

    /** Sets a register, whatever the guest may write. */
    protected final void set(int at, int size, int value) {
        for (int i = 0; i < size; i++) {
            config[at + i] = (byte) (value >>> 8 * i);
        }
    }

    /** Connects the function to a bus. */
    public final void connect(Decoder bus) {
        decoder = bus;
        decode();
    }

    /**
     * Reads configuration space.
     *
     * @param size 1, 2 or 4 bytes inside one dword
     */
    public final int readConfig(int at, int size) {
        return get(at, size);
    }

    /**
     * Writes configuration space.
     *
     * @param size 1, 2 or 4 bytes inside one dword
     */
    public final void writeConfig(int at, int size, int value) {
        for (int i = 0; i < size; i++) {
            int index = at + i;
            int now = value >>> 8 * i;
            int kept = config[index] & ~writable[index] & ~(now & cleared[index]);
            config[index] = (byte) (kept | now & writable[index]);
        }
        decode();
        written(at, size);
    }

    /** As the reset line does: nothing is decoded. */
    public final void reset() {
        System.arraycopy(initial, 0, config, 0, SIZE);
        decode();
        wasReset();
    }

    /** Whether the function may read and write memory by itself. */
    public final boolean busMaster() {
        return (get(COMMAND, 2) & BUS_MASTER) != 0;
    }

    private void decode() {
        for (int i = 0; i < bases.length; i++) {
            PciBar bar = bars.get(i);
            long base = decoded(bar);
            if (base != bases[i]) {
                bases[i] = base;
                decoder.wanted(bar, base);
            }
        }
    }

    private long decoded(PciBar bar) {
        int command = get(COMMAND, 2);
        int value = get(at(bar), 4);
        boolean on =
                switch (bar) {
                    case PciBar.Ports ports -> (command & DECODE_PORTS) != 0;
                    case PciBar.Memory memory -> (command & DECODE_MEMORY) != 0;
                    case PciBar.Registers registers ->
                            (command & DECODE_MEMORY) != 0
                                    && (bar.index() != PciBar.ROM || (value & ROM_ENABLED) != 0);
                };
        long base = value & 0xFFFF_FFFFL & -bar.size();
        // A base of 0 is one that nobody has set.
        return on && base != 0 ? base : -1;
    }

    /** The ranges. */
    public final List<PciBar> bars() {
        return bars;
    }

    /** Where a range is wanted now; -1 for nowhere. */
    public final long base(PciBar bar) {
        return bases[bars.indexOf(bar)];
    }

    @Override
    public final String toString() {
        return name;
    }
}
