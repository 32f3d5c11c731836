package org.vitrine.core.bus;

/**
 * A DMA controller's channel as its one device sees it: the DREQ line, and the bytes that move
 * while the controller grants the bus. On the vCPU thread.
 */
public interface DmaChannel {

    /** Whom to call when a transfer becomes possible while {@link #setRequest} asks for one. */
    void attach(Runnable granted);

    /** Drives DREQ. */
    void setRequest(boolean high);

    /**
     * Moves bytes from memory to the device.
     *
     * @return how many were moved; fewer than asked for when the count has run out, 0 when the
     *     channel is masked
     */
    int fromMemory(byte[] into, int offset, int length);

    /** Moves bytes from the device to memory; see {@link #fromMemory}. */
    int toMemory(byte[] from, int offset, int length);

    /** Whether the count ran out with the last transfer: the TC line. */
    boolean terminalCount();
}
