package org.vitrine.core.device.system;

import java.util.function.IntConsumer;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;

/**
 * The port with which test programs end the emulator, QEMU's {@code isa-debug-exit}: writing a
 * value ends it with twice the value and one more as its exit status.
 */
public final class DebugExit implements PortDevice {

    private final IntConsumer exit;
    private final int first;

    /**
     * The device, at its ports.
     *
     * @param exit takes the exit status, 1 to 255 and odd; called in the middle of the guest's OUT
     *     instruction
     * @param first the first of its ports
     * @param count how many ports it has
     */
    public DebugExit(IntConsumer exit, PortSpace ports, int first, int count) {
        this.exit = exit;
        this.first = first;
        ports.claim(first, count, "isa-debug-exit", this);
    }

    @Override
    public int readPort(int port) {
        return 0;
    }

    @Override
    public void writePort(int port, int value) {
        if (port == first) {
            exit.accept((value << 1 | 1) & 0xFF);
        }
    }

    // One write of several bytes is one value, of which the status keeps the low bits.
    @Override
    public boolean wide(int port, int size) {
        return true;
    }

    @Override
    public int readPortWide(int port, int size) {
        return 0;
    }

    @Override
    public void writePortWide(int port, int size, int value) {
        writePort(port, value & 0xFF);
    }
}
