package org.vitrine.core.bus;

/**
 * A chip with registers in the I/O space. Most chips are eight bits wide: a wider access is made of
 * byte accesses to consecutive ports, lowest first. Chips with wide registers override the wide
 * methods and return true from {@link #wide}.
 */
public interface PortDevice {

    /** Reads a byte, 0 to 0xFF. */
    int readPort(int port);

    /** Writes a byte, 0 to 0xFF. */
    void writePort(int port, int value);

    /** Whether accesses of this size (2 or 4 bytes) at this port go to the wide methods. */
    default boolean wide(int port, int size) {
        return false;
    }

    /** Reads {@code size} bytes (2 or 4) at once; asked only when {@link #wide} says so. */
    default int readPortWide(int port, int size) {
        throw new UnsupportedOperationException();
    }

    /** Writes {@code size} bytes (2 or 4) at once; asked only when {@link #wide} says so. */
    default void writePortWide(int port, int size, int value) {
        throw new UnsupportedOperationException();
    }
}
