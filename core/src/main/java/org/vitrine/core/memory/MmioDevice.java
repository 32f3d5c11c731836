package org.vitrine.core.memory;

/** A device with registers, or memory that is more than memory, in the physical address space. */
public interface MmioDevice {

    /**
     * Reads.
     *
     * @param address physical address
     * @param size bytes: 1, 2, 4 or 8; the access does not cross a page
     * @return the value, zero-extended
     */
    long readMemory(long address, int size);

    /** Writes the low {@code size} bytes of a value; the access does not cross a page. */
    void writeMemory(long address, int size, long value);
}
