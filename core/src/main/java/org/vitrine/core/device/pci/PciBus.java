package org.vitrine.core.device.pci;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PciBar;
import org.vitrine.core.bus.PciFunction;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.WiredOr;
import org.vitrine.core.memory.PhysicalMemory;

/**
 * PCI bus 0: the way to its functions' configuration spaces by configuration mechanism #1 (PCI
 * Local Bus Specification 2.1, section 3.7.4.1), and where their ranges are decoded.
 *
 * <p>A range that would hide another, or that lies outside the hole that the host bridge leaves for
 * PCI, is decoded once that is over: a guest that sizes a register moves its range across
 * everything. Used by the vCPU thread alone.
 */
public final class PciBus {

    private static final Logger LOG = LoggerFactory.getLogger(PciBus.class);

    private static final int ADDRESS = 0xCF8;
    private static final int DATA = 0xCFC;
    private static final int ENABLED = 0x8000_0000;
    private static final int PINS = 4;

    private final PortSpace ports;
    private final PhysicalMemory memory;
    private final long holeStart;
    private final long holeEnd;
    private final WiredOr[] pirqs = new WiredOr[PINS];
    private final Map<Integer, PciFunction> functions = new TreeMap<>();
    private final List<Range> ranges = new ArrayList<>();
    private int address;

    /** Where a function's range is. */
    private static final class Range {
        private final PciBar bar;
        private long wanted = -1;
        private long placed = -1;

        Range(PciBar bar) {
            this.bar = bar;
        }

        long end(long base) {
            return base + bar.size();
        }
    }

    /**
     * A bus without functions.
     *
     * @param holeStart the first address that the host bridge passes on to PCI
     * @param holeEnd the address behind the last
     * @param pirqs the four lines PIRQA to PIRQD
     */
    public PciBus(
            PortSpace ports,
            PhysicalMemory memory,
            long holeStart,
            long holeEnd,
            List<InterruptLine> pirqs) {
        this.ports = ports;
        this.memory = memory;
        this.holeStart = holeStart;
        this.holeEnd = holeEnd;
        for (int i = 0; i < PINS; i++) {
            this.pirqs[i] = new WiredOr(pirqs.get(i));
        }
        // CF9 is the reset control's: only dwords reach the address register.
        ports.claim(ADDRESS, 1, "pci address", new AddressPort());
        ports.claim(DATA, 4, "pci data", new DataPort());
    }

    /**
     * Puts a function into a slot.
     *
     * @param slot 0 to 31
     * @param number 0 to 7; 0 must be there when others are
     */
    public void attach(int slot, int number, PciFunction function) {
        if (functions.putIfAbsent(slot << 3 | number, function) != null) {
            throw new IllegalStateException(
                    String.format("PCI function %02x.%d is there already", slot, number));
        }
        function.bars().forEach(bar -> ranges.add(new Range(bar)));
        function.connect(this::move);
    }

    /**
     * The interrupt pin of a slot, as wired on an i440FX board.
     *
     * @param pin 1 to 4 for INTA# to INTD#
     */
    public InterruptLine interrupt(int slot, int pin) {
        return pirqs[pin - 1 + slot - 1 & PINS - 1].input();
    }

    /** The functions by slot * 8 + number. */
    public Map<Integer, PciFunction> functions() {
        return Map.copyOf(functions);
    }

    /** As the reset line does. */
    public void reset() {
        address = 0;
        functions.values().forEach(PciFunction::reset);
    }

    private void move(PciBar bar, long base) {
        Range moved = null;
        for (Range range : ranges) {
            if (range.bar == bar) {
                moved = range;
            }
        }
        if (moved == null) {
            throw new IllegalStateException(bar.label() + " is on no bus");
        }
        if (moved.placed >= 0) {
            place(moved, -1);
        }
        moved.wanted = base;
        for (Range range : ranges) {
            if (range.wanted >= 0 && range.placed < 0) {
                if (free(range)) {
                    place(range, range.wanted);
                } else if (range == moved) {
                    LOG.debug(
                            "{} can't be at 0x{} now", bar.label(), Long.toHexString(range.wanted));
                }
            }
        }
    }

    private boolean free(Range range) {
        long start = range.wanted;
        long end = range.end(start);
        if (range.bar instanceof PciBar.Ports) {
            return end <= 0x1_0000 && ports.free((int) start, range.bar.size());
        }
        if (start < holeStart || end > holeEnd) {
            return false;
        }
        for (Range other : ranges) {
            if (!(other.bar instanceof PciBar.Ports)
                    && other.placed >= 0
                    && other.placed < end
                    && start < other.end(other.placed)) {
                return false;
            }
        }
        return true;
    }

    private void place(Range range, long base) {
        switch (range.bar) {
            case PciBar.Ports bar -> {
                if (base < 0) {
                    ports.release((int) range.placed);
                } else {
                    ports.claim((int) base, bar.size(), bar.label(), bar.device());
                }
            }
            case PciBar.Registers bar -> {
                if (base < 0) {
                    memory.unmap(range.placed, bar.size());
                } else {
                    memory.mapDevice(base, bar.size(), bar.label(), bar.device());
                }
            }
            case PciBar.Memory bar -> bar.placed().accept(base);
        }
        range.placed = base;
    }

    private PciFunction selected() {
        return (address & ENABLED) != 0 && (address >>> 16 & 0xFF) == 0
                ? functions.get(address >>> 8 & 0xFF)
                : null;
    }

    /** CF8h, which answers to dwords alone. */
    private final class AddressPort implements PortDevice {

        @Override
        public boolean wide(int port, int size) {
            return size == 4;
        }

        @Override
        public int readPort(int port) {
            return 0xFF;
        }

        @Override
        public void writePort(int port, int value) {}

        @Override
        public int readPortWide(int port, int size) {
            return address;
        }

        @Override
        public void writePortWide(int port, int size, int value) {
            // Bits 24 to 30 are reserved, and the lowest two are 0.
            address = value & 0x80FF_FFFC;
        }
    }

    /** CFCh to CFFh: as many bytes of the selected dword as are accessed. */
    private final class DataPort implements PortDevice {

        @Override
        public boolean wide(int port, int size) {
            return (port & 3) + size <= 4;
        }

        @Override
        public int readPort(int port) {
            return readPortWide(port, 1);
        }

        @Override
        public void writePort(int port, int value) {
            writePortWide(port, 1, value);
        }

        @Override
        public int readPortWide(int port, int size) {
            PciFunction function = selected();
            // Nobody answers: the host bridge aborts the access, which reads as ones.
            return function == null ? -1 : function.readConfig(register(port), size);
        }

        @Override
        public void writePortWide(int port, int size, int value) {
            PciFunction function = selected();
            if (function != null) {
                function.writeConfig(register(port), size, value);
            }
        }

        private int register(int port) {
            return address & 0xFC | port & 3;
        }
    }
}
