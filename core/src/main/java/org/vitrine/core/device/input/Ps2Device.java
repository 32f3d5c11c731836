package org.vitrine.core.device.input;

/**
 * A keyboard or mouse at the end of a PS/2 cable. The controller takes one byte after the other, at
 * the cable's pace. Used by the vCPU thread alone.
 */
public interface Ps2Device {

    /**
     * Plugs the cable in: the device calls this whenever it has a byte to send and had none before.
     */
    void plugInto(Runnable byteReady);

    /** Whether the device has a byte to send. */
    boolean hasByte();

    /** Takes the byte to send, 0 to 255; only while {@link #hasByte}. */
    int takeByte();

    /** Receives a byte from the host, 0 to 255. */
    void receive(int value);

    /** As when power comes on: what was queued is gone, settings are the defaults. */
    void powerOn();
}
