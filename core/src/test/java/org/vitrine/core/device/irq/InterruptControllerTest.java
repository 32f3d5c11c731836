package org.vitrine.core.device.irq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.RecordedLine;

class InterruptControllerTest {

    private static final int MASTER = 0x20;
    private static final int SLAVE = 0xA0;
    private static final int EOI = 0x20;
    private static final int READ_IRR = 0x0A;
    private static final int READ_ISR = 0x0B;

    private final PortSpace ports = new PortSpace();
    private final RecordedLine intr = new RecordedLine();
    private final InterruptController pic = new InterruptController(intr);

    @BeforeEach
    void initialiseAsAnAtBiosDoes() {
        pic.claimPorts(ports);
        initialise(0x01, 0x01);
    }

    private void initialise(int masterIcw4, int slaveIcw4) {
        out(MASTER, 0x11, 0x08, 0x04, masterIcw4);
        out(SLAVE, 0x11, 0x70, 0x02, slaveIcw4);
    }

    /** ICW1 to the command port, the others to the data port. */
    private void out(int chip, int icw1, int... others) {
        ports.write(chip, 1, icw1);
        for (int value : others) {
            ports.write(chip + 1, 1, value);
        }
    }

    private int irr(int chip) {
        ports.write(chip, 1, READ_IRR);
        return ports.read(chip, 1);
    }

    private int isr(int chip) {
        ports.write(chip, 1, READ_ISR);
        return ports.read(chip, 1);
    }

    private void mask(int chip, int mask) {
        ports.write(chip + 1, 1, mask);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
    void eachLineHasItsVectorAndCanBeEnded(int irq) {
        pic.line(irq).pulse();
        assertTrue(intr.isHigh());
        assertEquals(irq < 8 ? 0x08 + irq : 0x70 + irq - 8, pic.acknowledge());
        assertFalse(intr.isHigh());
        assertEquals(irq < 8 ? 1 << irq : 0x04, isr(MASTER));
        assertEquals(irq < 8 ? 0 : 1 << irq - 8, isr(SLAVE));
        ports.write(SLAVE, 1, EOI);
        ports.write(MASTER, 1, EOI);
        assertEquals(0, isr(MASTER) | isr(SLAVE) | irr(MASTER) | irr(SLAVE));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 2, 16})
    void linesThatAnAtHasNotAreRefused(int irq) {
        assertThrows(IllegalArgumentException.class, () -> pic.line(irq));
    }

    @Test
    void priorityIs0Then1Then8To15Then3To7() {
        int[] order = {0, 1, 8, 9, 10, 11, 12, 13, 14, 15, 3, 4, 5, 6, 7};
        for (int irq = 15; irq >= 0; irq--) {
            if (irq != 2) {
                pic.line(irq).pulse();
            }
        }
        for (int irq : order) {
            assertEquals(irq < 8 ? 0x08 + irq : 0x70 + irq - 8, pic.acknowledge());
            if (irq >= 8) {
                ports.write(SLAVE, 1, EOI);
            }
            ports.write(MASTER, 1, EOI);
        }
        assertFalse(intr.isHigh());
    }

    @Test
    void aMoreUrgentRequestInterruptsTheServiceOfALessUrgentOneOnly() {
        pic.line(4).pulse();
        assertEquals(0x0C, pic.acknowledge());
        pic.line(5).pulse();
        assertFalse(intr.isHigh(), "5 is less urgent than 4");
        pic.line(4).pulse();
        assertFalse(intr.isHigh(), "4 is in service");
        pic.line(3).pulse();
        assertTrue(intr.isHigh());
        assertEquals(0x0B, pic.acknowledge());
        ports.write(MASTER, 1, EOI);
        assertEquals(0x10, isr(MASTER), "the most urgent in service is ended first");
        assertFalse(intr.isHigh());
        ports.write(MASTER, 1, EOI);
        assertTrue(intr.isHigh());
        assertEquals(0x0C, pic.acknowledge());
    }

    @Test
    void aMaskHidesARequestButKeepsIt() {
        mask(MASTER, 0x02);
        pic.line(1).pulse();
        assertFalse(intr.isHigh());
        assertEquals(0x02, irr(MASTER));
        assertEquals(0x02, ports.read(MASTER + 1, 1));
        mask(MASTER, 0);
        assertTrue(intr.isHigh());
    }

    @Test
    void anEdgeAsksOnceForAsLongAsTheLineStaysHigh() {
        pic.line(5).set(true);
        assertEquals(0x0D, pic.acknowledge());
        ports.write(MASTER, 1, EOI);
        assertFalse(intr.isHigh());
        pic.line(5).set(false);
        pic.line(5).set(true);
        assertTrue(intr.isHigh());
    }

    @Test
    void aLevelAsksUntilTheLineFalls() {
        ports.write(0x4D1, 1, 0x08);
        pic.line(11).set(true);
        assertEquals(0x73, pic.acknowledge());
        assertFalse(intr.isHigh());
        ports.write(SLAVE, 1, EOI);
        ports.write(MASTER, 1, EOI);
        assertTrue(intr.isHigh(), "the line is still high");
        assertEquals(0x73, pic.acknowledge());
        pic.line(11).set(false);
        ports.write(SLAVE, 1, EOI);
        ports.write(MASTER, 1, EOI);
        assertFalse(intr.isHigh());
    }

    @Test
    void theBoardsOwnLinesCannotBeMadeLevelTriggered() {
        ports.write(0x4D0, 2, 0xFFFF);
        assertEquals(0xDEF8, ports.read(0x4D0, 2));
    }

    @Test
    void aRequestThatGoesAwayIsAnsweredWithTheVectorOf7() {
        ports.write(0x4D0, 1, 0x20);
        pic.line(5).set(true);
        assertTrue(intr.isHigh());
        pic.line(5).set(false);
        assertFalse(intr.isHigh());
        // The CPU has begun to acknowledge already.
        assertEquals(0x0F, pic.acknowledge());
        assertEquals(0, isr(MASTER), "nothing is in service");
    }

    @Test
    void aSlaveWhoseRequestIsGoneAnswersWithItsInput7() {
        I8259 slave = new I8259(false, 0, new RecordedLine());
        PortSpace other = new PortSpace();
        slave.claimPorts(other, SLAVE, "slave");
        other.write(SLAVE, 1, 0x11);
        other.write(SLAVE + 1, 1, 0x70);
        other.write(SLAVE + 1, 1, 0x02);
        other.write(SLAVE + 1, 1, 0x01);
        assertEquals(0x77, slave.acknowledge());
        other.write(SLAVE, 1, READ_ISR);
        assertEquals(0, other.read(SLAVE, 1));
    }

    @Test
    void maskingAtTheSlaveTakesTheCascadedRequestBack() {
        pic.line(9).pulse();
        assertTrue(intr.isHigh());
        mask(SLAVE, 0xFF);
        assertFalse(intr.isHigh());
        mask(SLAVE, 0);
        assertEquals(0x71, pic.acknowledge());
    }

    @Test
    void aSlaveThatAsksAlreadyIsSeenWhenTheMasterLearnsOfIt() {
        pic.reset();
        out(SLAVE, 0x11, 0x70, 0x02, 0x01);
        pic.line(14).pulse();
        out(MASTER, 0x11, 0x08, 0x04, 0x01);
        assertEquals(0x76, pic.acknowledge());
    }

    @Test
    void specificEoiEndsTheNamedInputOnly() {
        pic.line(6).pulse();
        pic.acknowledge();
        pic.line(3).pulse();
        pic.acknowledge();
        ports.write(MASTER, 1, 0x60 | 6);
        assertEquals(0x08, isr(MASTER));
    }

    @Test
    void rotationOnEoiMakesTheServedInputTheLeastUrgent() {
        pic.line(4).pulse();
        pic.acknowledge();
        ports.write(MASTER, 1, 0xA0);
        pic.line(4).pulse();
        pic.line(5).pulse();
        pic.line(3).pulse();
        assertEquals(0x0D, pic.acknowledge());
        ports.write(MASTER, 1, EOI);
        assertEquals(0x0B, pic.acknowledge());
        ports.write(MASTER, 1, EOI);
        assertEquals(0x0C, pic.acknowledge());
    }

    @Test
    void specificRotationEndsTheNamedInputAndMakesItTheLeastUrgent() {
        pic.line(6).pulse();
        pic.acknowledge();
        ports.write(MASTER, 1, 0xE0 | 6);
        assertEquals(0, isr(MASTER));
        pic.line(6).pulse();
        pic.line(7).pulse();
        assertEquals(0x0F, pic.acknowledge());
    }

    @Test
    void prioritiesCanBeSetWithoutEoi() {
        ports.write(MASTER, 1, 0xC0 | 4);
        pic.line(0).pulse();
        pic.line(5).pulse();
        assertEquals(0x0D, pic.acknowledge());
        assertEquals(0x20, isr(MASTER));
    }

    @Test
    void automaticEoiLeavesNothingInServiceAndMayRotate() {
        initialise(0x03, 0x01);
        pic.line(3).pulse();
        assertEquals(0x0B, pic.acknowledge());
        assertEquals(0, isr(MASTER));
        ports.write(MASTER, 1, 0x80);
        pic.line(3).pulse();
        pic.acknowledge();
        pic.line(3).pulse();
        pic.line(4).pulse();
        assertEquals(0x0C, pic.acknowledge(), "3 has become the least urgent");
        ports.write(MASTER, 1, 0x00);
        pic.acknowledge();
        pic.line(4).pulse();
        pic.line(5).pulse();
        assertEquals(0x0D, pic.acknowledge(), "rotation stopped with 4 the least urgent");
    }

    @Test
    void specialMaskModeLetsLessUrgentRequestsThroughAMaskedService() {
        pic.line(3).pulse();
        pic.acknowledge();
        pic.line(6).pulse();
        mask(MASTER, 0x08);
        assertFalse(intr.isHigh());
        ports.write(MASTER, 1, 0x68);
        assertTrue(intr.isHigh());
        assertEquals(0x0E, pic.acknowledge());
        ports.write(MASTER, 1, EOI);
        assertEquals(0x08, isr(MASTER), "a plain EOI does not end a masked input");
        ports.write(MASTER, 1, EOI);
        assertEquals(0x08, isr(MASTER));
        ports.write(MASTER, 1, 0x48);
        ports.write(MASTER, 1, EOI);
        assertEquals(0, isr(MASTER));
    }

    @Test
    void specialFullyNestedModeLetsTheSlaveInterruptItself() {
        initialise(0x11, 0x01);
        pic.line(12).pulse();
        assertEquals(0x74, pic.acknowledge());
        pic.line(9).pulse();
        assertTrue(intr.isHigh());
        assertEquals(0x71, pic.acknowledge());
        initialise(0x01, 0x01);
        pic.line(12).pulse();
        pic.acknowledge();
        pic.line(9).pulse();
        assertFalse(intr.isHigh(), "without it the master's input 2 in service blocks the slave");
    }

    @Test
    void aPollTakesTheRequestIntoService() {
        ports.write(MASTER, 1, 0x0C);
        assertEquals(0x00, ports.read(MASTER, 1));
        pic.line(6).pulse();
        ports.write(MASTER, 1, 0x0C);
        assertEquals(0x86, ports.read(MASTER, 1));
        assertFalse(intr.isHigh());
        assertEquals(0x40, isr(MASTER));
    }

    @Test
    void initialisationForgetsMasksEdgesServiceAndPriorities() {
        mask(MASTER, 0xFF);
        ports.write(MASTER, 1, 0xC0 | 4);
        pic.line(6).set(true);
        initialise(0x01, 0x01);
        assertEquals(0, ports.read(MASTER + 1, 1));
        assertEquals(0, irr(MASTER), "the line must fall and rise again");
        pic.line(0).pulse();
        pic.line(5).pulse();
        assertEquals(0x08, pic.acknowledge());
    }

    @Test
    void icw3AndIcw4AreLeftOutWhenIcw1SaysSo() {
        ports.write(MASTER, 1, 0x12);
        ports.write(MASTER + 1, 1, 0x40);
        ports.write(MASTER + 1, 1, 0xFF);
        assertEquals(0xFF, ports.read(MASTER + 1, 1), "the byte after ICW2 is the mask");
        pic.line(9).pulse();
        assertFalse(intr.isHigh());
        mask(MASTER, 0);
        assertEquals(0x42, pic.acknowledge(), "a single chip's input 2 has its own vector");
    }

    @Test
    void noRequestIsLostOrServedTwiceUnderRandomLoad() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int[] raised = new int[16];
        int[] served = new int[16];
        boolean[] pending = new boolean[16];
        for (int step = 0; step < 20_000; step++) {
            int irq = random.nextInt(16);
            if (random.nextBoolean()) {
                if (irq != 2 && !pending[irq]) {
                    pending[irq] = true;
                    raised[irq]++;
                    pic.line(irq).pulse();
                }
            } else if (intr.isHigh()) {
                int vector = pic.acknowledge();
                int got = vector < 0x10 ? vector - 8 : vector - 0x70 + 8;
                assertTrue(
                        pending[got],
                        "seed " + seed + ", step " + step + ": IRQ " + got + " was not asked for");
                pending[got] = false;
                served[got]++;
                if (got >= 8) {
                    ports.write(SLAVE, 1, EOI);
                }
                ports.write(MASTER, 1, EOI);
            }
        }
        for (int irq = 0; irq < 16; irq++) {
            assertEquals(
                    raised[irq],
                    served[irq] + (pending[irq] ? 1 : 0),
                    "seed " + seed + ", IRQ " + irq);
        }
    }
}
