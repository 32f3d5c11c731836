package org.vitrine.core.device.timer;

import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.time.Scheduler;

/**
 * Port 61h, "system control port B" of the PS/2 and "NMI status and control" of the PIIX3: the gate
 * of the timer's counter 2 and the speaker, and what software times short delays with.
 *
 * <p>Bits: 0 gate of counter 2, 1 speaker data, 2 and 3 disable the NMI by parity and by channel
 * check (kept, of no effect: neither occurs); read only: 4 toggles with each memory refresh, 5
 * output of counter 2.
 */
public final class SystemControlPort implements PortDevice {

    private static final int WRITABLE = 0x0F;
    private static final int SPEAKER_COUNTER = 2;

    // Counter 1 of an AT asks for a refresh every 18 clocks of 1.193182 MHz.
    private static final long REFRESH_NANOS = 15_085;

    private final Scheduler scheduler;
    private final I8254 timer;
    private int latch;

    /** The port, with the gate of the timer's counter 2 closed. */
    public SystemControlPort(Scheduler scheduler, I8254 timer) {
        this.scheduler = scheduler;
        this.timer = timer;
        timer.setGate(SPEAKER_COUNTER, false);
    }

    /** Claims port 61h. */
    public void claimPorts(PortSpace ports) {
        ports.claim(0x61, 1, "system control b", this);
    }

    /** As at power-on: speaker off. */
    public void reset() {
        writePort(0x61, 0);
    }

    @Override
    public int readPort(int port) {
        int refresh = (int) (scheduler.nanos() / REFRESH_NANOS & 1) << 4;
        return latch | refresh | (timer.output(SPEAKER_COUNTER) ? 0x20 : 0);
    }

    @Override
    public void writePort(int port, int value) {
        latch = value & WRITABLE;
        timer.setGate(SPEAKER_COUNTER, (value & 1) != 0);
    }
}
