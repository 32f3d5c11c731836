package org.vitrine.core.device.irq;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.PortSpace;

class CoprocessorErrorLatchTest {

    private final PortSpace ports = new PortSpace();
    private boolean irq;
    private boolean ignne;
    private final CoprocessorErrorLatch latch =
            new CoprocessorErrorLatch(level -> irq = level, level -> ignne = level);

    @BeforeEach
    void claim() {
        latch.claimPorts(ports);
    }

    @Test
    void anErrorInterruptsUntilItIsAcknowledged() {
        latch.ferr(true);
        assertTrue(irq);
        ports.write(0xF0, 1, 0);
        assertFalse(irq);
    }

    @Test
    void theProcessorGoesOnFromTheAcknowledgementUntilTheErrorIsCleared() {
        latch.ferr(true);
        assertFalse(ignne);
        ports.write(0xF0, 1, 0);
        assertTrue(ignne);
        latch.ferr(false);
        assertFalse(ignne);
    }

    @Test
    void anAcknowledgementOfNothingLetsNothingPass() {
        ports.write(0xF0, 1, 0);
        assertFalse(ignne);
    }

    @Test
    void anErrorClearedWithoutAcknowledgementStillInterrupts() {
        latch.ferr(true);
        latch.ferr(false);
        assertTrue(irq);
    }

    @Test
    void resetLowersBothLines() {
        latch.ferr(true);
        latch.reset();
        assertFalse(irq);
        latch.ferr(true);
        ports.write(0xF0, 1, 0);
        latch.reset();
        assertFalse(ignne);
    }
}
