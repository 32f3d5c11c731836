package org.vitrine.core.bus;

import java.util.function.LongConsumer;
import org.vitrine.core.memory.MmioDevice;

/**
 * A range of ports or addresses that a PCI function decodes where its base address register says
 * (PCI Local Bus Specification 2.1, section 6.2.5). A range lies at a multiple of its size, so its
 * device knows a register by the low bits of the port or address.
 */
public sealed interface PciBar {

    /** The index of the expansion ROM's register, beside 0 to 5. */
    int ROM = 6;

    /** Which base address register it is: 0 to 5, or {@link #ROM}. */
    int index();

    /** Ports or bytes, a power of two. */
    int size();

    /** For people. */
    String label();

    /** Ports; at least 4. */
    record Ports(int index, int size, String label, PortDevice device) implements PciBar {}

    /** Registers in memory, or a ROM; at least a page. */
    record Registers(int index, int size, String label, MmioDevice device) implements PciBar {}

    /**
     * Memory that may be prefetched, which its owner maps by itself.
     *
     * @param placed told the address from which on it is to be seen; -1 for nowhere
     */
    record Memory(int index, int size, String label, LongConsumer placed) implements PciBar {}
}
