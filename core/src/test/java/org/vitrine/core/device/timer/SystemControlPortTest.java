package org.vitrine.core.device.timer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.RecordedLine;
import org.vitrine.core.time.ManualClock;
import org.vitrine.core.time.Scheduler;

/** Port 61h with the timer that it gates. */
class SystemControlPortTest {

    private static final int PORT = 0x61;
    private static final int GATE = 0x01;
    private static final int OUTPUT = 0x20;
    private static final int REFRESH = 0x10;
    private static final int LATCHED = 0xCF;

    private final ManualClock clock = new ManualClock();
    private final Scheduler scheduler = new Scheduler(clock);
    private final PortSpace ports = new PortSpace();
    private final I8254 pit = new I8254(scheduler, new RecordedLine());
    private final SystemControlPort port61 = new SystemControlPort(scheduler, pit);

    SystemControlPortTest() {
        pit.claimPorts(ports);
        port61.claimPorts(ports);
    }

    /** Starts counter 2 in mode 0: its output is low until it has counted so far. */
    private void countDown(int count) {
        ports.write(0x43, 1, 0xB0);
        ports.write(0x42, 1, count & 0xFF);
        ports.write(0x42, 1, count >>> 8);
    }

    private void pass(long nanos) {
        clock.pass(scheduler, nanos);
    }

    @Test
    void bit4TogglesWithEachRefresh() {
        int toggles = 0;
        int last = ports.read(PORT, 1) & REFRESH;
        for (int i = 0; i < 1000; i++) {
            clock.skip(1_000);
            int now = ports.read(PORT, 1) & REFRESH;
            toggles += now != last ? 1 : 0;
            last = now;
        }
        assertEquals(66, toggles, 1, "1 ms is 66 refreshes");
    }

    @Test
    void theLowFourBitsAreKeptAndTheOthersAreForReading() {
        ports.write(PORT, 1, 0xFF);
        assertEquals(0x0F, ports.read(PORT, 1) & LATCHED);
        ports.write(PORT, 1, 0xF6);
        assertEquals(0x06, ports.read(PORT, 1) & LATCHED);
    }

    @Test
    void bit5ShowsThatADelayIsOver() {
        ports.write(PORT, 1, GATE);
        // 11932 clocks of 1.193182 MHz are 10 ms.
        countDown(11_932);
        pass(9_900_000);
        assertEquals(0, ports.read(PORT, 1) & OUTPUT);
        pass(200_000);
        assertEquals(OUTPUT, ports.read(PORT, 1) & OUTPUT);
    }

    @Test
    void theGateIsClosedAtPowerOnAndHoldsTheCount() {
        countDown(100);
        pass(1_000_000);
        assertEquals(0, ports.read(PORT, 1) & OUTPUT);
        ports.write(PORT, 1, GATE);
        pass(1_000_000);
        assertEquals(OUTPUT, ports.read(PORT, 1) & OUTPUT);
    }

    @Test
    void theSpeakersBitOpensNoGate() {
        ports.write(PORT, 1, 0x0E);
        countDown(100);
        pass(1_000_000);
        assertEquals(0, ports.read(PORT, 1) & OUTPUT);
    }

    @Test
    void resetClosesTheGate() {
        ports.write(PORT, 1, 0x0F);
        port61.reset();
        assertEquals(0, ports.read(PORT, 1) & LATCHED);
        countDown(100);
        pass(1_000_000);
        assertEquals(0, ports.read(PORT, 1) & OUTPUT);
    }
}
