package org.vitrine.core.device.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.RecordedLine;
import org.vitrine.core.bus.ScriptedLine;
import org.vitrine.core.time.ManualClock;
import org.vitrine.core.time.Scheduler;

class Uart16550Test {

    private static final int DATA = 0x3F8;
    private static final int IER = 0x3F9;
    private static final int IIR = 0x3FA;
    private static final int FCR = 0x3FA;
    private static final int LCR = 0x3FB;
    private static final int MCR = 0x3FC;
    private static final int LSR = 0x3FD;
    private static final int MSR = 0x3FE;
    private static final int SCR = 0x3FF;

    private static final int OUT2 = 0x08;
    private static final int LOOP = 0x10;

    /** Ten bits of 115,200 a second. */
    private static final long CHARACTER = 86_805;

    private final ManualClock clock = new ManualClock();
    private final Scheduler scheduler = new Scheduler(clock);
    private final PortSpace ports = new PortSpace();
    private final RecordedLine irq = new RecordedLine();
    private final ScriptedLine line = new ScriptedLine();
    private final Uart16550 uart = new Uart16550(scheduler, "serial0", line, irq, Long.MAX_VALUE);

    Uart16550Test() {
        uart.claimPorts(ports, DATA, "serial0");
        setDivisor(1);
        out(LCR, 0x03);
    }

    private int in(int port) {
        return ports.read(port, 1);
    }

    private void out(int port, int value) {
        ports.write(port, 1, value);
    }

    private void setDivisor(int divisor) {
        out(LCR, 0x80);
        out(DATA, divisor & 0xFF);
        out(IER, divisor >>> 8);
        out(LCR, 0x03);
    }

    private void pass(long nanos) {
        clock.pass(scheduler, nanos);
    }

    private void receive(String text) {
        line.say(text);
        for (int i = 0; i < text.length(); i++) {
            uart.poll();
            pass(CHARACTER);
        }
    }

    @Test
    void afterResetThereIsNothingToDo() {
        uart.reset();
        assertEquals(0x00, in(IER));
        assertEquals(0x01, in(IIR));
        assertEquals(0x03, in(LCR), "eight bits, for those who set nothing");
        assertEquals(0x00, in(MCR));
        assertEquals(0x60, in(LSR));
        assertEquals(0xB0, in(MSR), "carrier, data set ready and clear to send");
        assertFalse(irq.isHigh());
    }

    /** As Linux finds out what it has: 8250_port.c's questions. */
    @Test
    void itIsFoundToBeA16550a() {
        out(IER, 0);
        assertEquals(0, in(IER));
        out(IER, 0x0F);
        assertEquals(0x0F, in(IER));
        out(IER, 0xFF);
        assertEquals(0x0F, in(IER), "the upper bits are always 0");
        out(IER, 0);
        out(MCR, LOOP | 0x0A);
        assertEquals(0x90, in(MSR) & 0xF0, "RTS comes back as CTS, OUT2 as carrier");
        out(MCR, 0);
        out(SCR, 0xA5);
        assertEquals(0xA5, in(SCR));
        out(FCR, 0x01);
        assertEquals(0xC0, in(IIR) & 0xC0);
        out(FCR, 0x00);
        assertEquals(0x00, in(IIR) & 0xC0);
        out(MCR, 0xFF);
        assertEquals(0x1F, in(MCR), "no automatic flow control, as a 16750 would have");
    }

    @Test
    void theDivisorHidesBehindItsLatch() {
        out(LCR, 0x83);
        out(DATA, 0x34);
        out(IER, 0x12);
        assertEquals(0x34, in(DATA));
        assertEquals(0x12, in(IER));
        out(LCR, 0x03);
        assertEquals(0x00, in(IER));
    }

    @Test
    void aCharacterTakesTheTimeThatTheBaudRateSays() {
        out(DATA, 'V');
        assertEquals(0x20, in(LSR), "in the shift register, the holding register is free");
        out(DATA, 'i');
        assertEquals(0x00, in(LSR));
        pass(CHARACTER);
        assertEquals("V", line.sent());
        assertEquals(0x20, in(LSR));
        pass(CHARACTER);
        assertEquals(0x60, in(LSR));
        assertEquals("Vi", line.sent());
    }

    @ParameterizedTest
    @CsvSource({
        "12, 0x03, 1041666, '9600 8N1: ten bits'",
        "12, 0x1F, 1250000, '9600 8E2: twelve bits'",
        "12, 0x04, 781250, '9600 5N1.5: seven and a half'",
        "1, 0x03, 86805, '115200 8N1'",
    })
    void charactersAreAsLongAsTheirBits(int divisor, int control, long nanos, String what) {
        setDivisor(divisor);
        out(LCR, control);
        out(DATA, 'x');
        pass(nanos - 1);
        assertEquals(0x20, in(LSR), what);
        pass(1);
        assertEquals(0x60, in(LSR), what);
    }

    @Test
    void aLateVcpuSeesTheLineWhereItWouldBe() {
        out(FCR, 0x01);
        for (char c : "0123456789".toCharArray()) {
            out(DATA, c);
        }
        clock.skip(5 * CHARACTER);
        assertEquals(0x00, in(LSR) & 0x60);
        assertEquals("01234", line.sent());
        clock.skip(4 * CHARACTER);
        assertEquals(0x20, in(LSR) & 0x60, "the last is being sent");
    }

    @Test
    void noCharacterTakesLongerThanTheLimit() {
        Uart16550 quick = new Uart16550(scheduler, "serial1", line, irq, 10_000);
        quick.claimPorts(ports, 0x2F8, "serial1");
        out(0x2F8, 'a');
        pass(10_000);
        assertEquals("a", line.sent());
    }

    @Test
    void onlyTheBitsOfAWordAreSent() {
        out(LCR, 0x02);
        out(DATA, 0xC1);
        pass(CHARACTER);
        assertEquals("A", line.sent());
    }

    @Test
    void anEmptyHoldingRegisterAsksUntilItIsNoticed() {
        out(MCR, OUT2);
        out(IER, 0x02);
        assertTrue(irq.isHigh(), "enabling it with nothing to send asks at once");
        assertEquals(0x02, in(IIR));
        assertFalse(irq.isHigh());
        assertEquals(0x01, in(IIR), "reading IIR is notice enough");
        out(DATA, 'a');
        assertEquals(0x02, in(IIR));
        out(DATA, 'b');
        assertEquals(0x01, in(IIR));
        pass(CHARACTER);
        assertTrue(irq.isHigh());
        out(DATA, 'c');
        assertFalse(irq.isHigh(), "so does writing the next");
    }

    @Test
    void out2LetsInterruptsThrough() {
        out(IER, 0x02);
        assertFalse(irq.isHigh());
        out(MCR, OUT2);
        assertTrue(irq.isHigh());
        out(MCR, 0);
        assertFalse(irq.isHigh());
    }

    @Test
    void whatComesIsReadInOrder() {
        out(MCR, OUT2);
        out(IER, 0x01);
        line.say("ab");
        uart.poll();
        assertTrue(irq.isHigh());
        assertEquals(0x04, in(IIR));
        assertEquals(0x61, in(LSR));
        assertEquals('a', in(DATA));
        assertFalse(irq.isHigh());
        assertEquals(0x60, in(LSR));
        assertEquals(1, line.waiting(), "a character's time has not passed yet");
        pass(CHARACTER);
        assertEquals('b', in(DATA));
    }

    @Test
    void whatTheReceiverHasNoRoomForWaitsOnTheLine() {
        receive("abc");
        assertEquals(2, line.waiting());
        assertEquals('a', in(DATA));
        uart.poll();
        assertEquals('b', in(DATA));
        assertEquals(0x00, in(LSR) & 0x02, "nothing overran");
        out(FCR, 0x01);
        receive("defghijklmnopqrstuvwxyz");
        assertEquals(8, line.waiting());
    }

    @ParameterizedTest
    @CsvSource({"0x01, 1", "0x41, 4", "0x81, 8", "0xC1, 14"})
    void theFifoAsksAtItsTriggerLevel(int control, int level) {
        out(MCR, OUT2);
        out(IER, 0x01);
        out(FCR, control);
        receive("abcdefghijklmn".substring(0, level - 1));
        assertEquals(0xC1, in(IIR));
        receive("z");
        assertEquals(0xC4, in(IIR));
        in(DATA);
        assertEquals(0xC1, in(IIR));
    }

    @Test
    void charactersBelowTheTriggerLevelAskAfterFourCharactersTime() {
        out(MCR, OUT2);
        out(IER, 0x01);
        out(FCR, 0x81);
        line.say("ab");
        uart.poll();
        pass(CHARACTER);
        assertEquals(0xC1, in(IIR));
        pass(4 * CHARACTER);
        assertTrue(irq.isHigh());
        assertEquals(0xCC, in(IIR));
        assertEquals('a', in(DATA));
        assertEquals(0xC1, in(IIR), "a read begins the wait anew");
        pass(4 * CHARACTER);
        assertEquals(0xCC, in(IIR));
        assertEquals('b', in(DATA));
        pass(8 * CHARACTER);
        assertEquals(0xC1, in(IIR), "there is nothing left to ask for");
    }

    @Test
    void fifosAreClearedByTheirBitsAndByTheSwitch() {
        out(FCR, 0x01);
        receive("abc");
        out(FCR, 0x03);
        assertEquals(0x00, in(LSR) & 0x01);
        out(DATA, 'x');
        out(DATA, 'y');
        out(FCR, 0x05);
        assertEquals(0x20, in(LSR) & 0x60, "what is in the shift register is sent");
        receive("d");
        out(FCR, 0x00);
        assertEquals(0x00, in(LSR) & 0x01);
        pass(CHARACTER);
        assertEquals("x", line.sent());
    }

    @Test
    void interruptsComeInTheirOrderOfPriority() {
        out(MCR, OUT2 | LOOP);
        in(MSR);
        out(IER, 0x0F);
        out(DATA, 'a');
        pass(CHARACTER);
        out(DATA, 'b');
        pass(CHARACTER);
        out(MCR, OUT2 | LOOP | 0x01);
        assertEquals(0x06, in(IIR), "line status: the second overran the first");
        assertEquals(0x63, in(LSR));
        assertEquals(0x04, in(IIR), "received data");
        assertEquals('b', in(DATA), "the older one is lost");
        assertEquals(0x02, in(IIR), "holding register empty");
        assertEquals(0x00, in(IIR), "modem status");
        assertEquals(0xA2, in(MSR));
        assertEquals(0x01, in(IIR));
        assertFalse(irq.isHigh());
    }

    @Test
    void aFullFifoKeepsWhatItHasWhenAnotherComes() {
        out(FCR, 0x01);
        out(MCR, LOOP);
        for (int i = 0; i < 17; i++) {
            out(DATA, 'a' + i);
            pass(CHARACTER);
        }
        assertEquals(0x63, in(LSR));
        for (int i = 0; i < 16; i++) {
            assertEquals('a' + i, in(DATA));
        }
        assertEquals(0x60, in(LSR));
    }

    @Test
    void loopbackKeepsCharactersFromTheLine() {
        out(MCR, LOOP);
        line.say("x");
        out(DATA, 'a');
        uart.poll();
        pass(CHARACTER);
        assertEquals('a', in(DATA));
        assertEquals("", line.sent());
        assertEquals(1, line.waiting());
        out(MCR, 0);
        uart.poll();
        assertEquals('x', in(DATA));
    }

    @Test
    void aGuestThatDoesNotAskForRoomIsHeardAllTheSame() {
        for (char c : "hasty".toCharArray()) {
            out(DATA, c);
        }
        pass(2 * CHARACTER);
        assertEquals("hasty", line.sent());
        line.takeOnly(0);
        out(DATA, 'a');
        out(DATA, 'b');
        out(DATA, 'c');
        line.takeOnly(9);
        pass(2 * CHARACTER);
        assertEquals("hastyac", line.sent(), "but not where there is no room at all");
    }

    @Test
    void aResetLosesNothingThatWasWritten() {
        out(FCR, 0x01);
        out(DATA, 'b');
        out(DATA, 'y');
        out(DATA, 'e');
        uart.reset();
        assertEquals("bye", line.sent());
        pass(CHARACTER);
        assertEquals("bye", line.sent());
        assertEquals(0x60, in(LSR));
    }

    @Test
    void modemLinesTellOfTheirChanges() {
        out(MCR, LOOP);
        assertEquals(0x0B, in(MSR), "in loopback all were off, and all had been on but the ring");
        assertEquals(0x00, in(MSR));
        out(MCR, LOOP | 0x04);
        assertEquals(0x40, in(MSR), "the ring's beginning is no delta");
        out(MCR, LOOP);
        assertEquals(0x04, in(MSR), "its end is one");
    }

    @Test
    void aBreakIsTheErrorOfItsCharacter() {
        out(MCR, OUT2);
        out(IER, 0x05);
        out(FCR, 0xC1);
        receive("a");
        line.sayBreak();
        uart.poll();
        pass(CHARACTER);
        assertEquals(0xE1, in(LSR), "an error is in the FIFO, but not of the next character");
        assertEquals('a', in(DATA));
        assertTrue(irq.isHigh());
        assertEquals(0xC6, in(IIR));
        assertEquals(0xF1, in(LSR));
        assertEquals(0x61, in(LSR), "reading LSR clears it");
        assertEquals(0, in(DATA));
    }

    @Test
    void aBreakOfTheGuestsIsHeardInLoopback() {
        out(MCR, LOOP);
        out(LCR, 0x43);
        assertEquals(0x71, in(LSR));
    }

    @Test
    void aLineWithoutRoomHoldsTheTransmitter() {
        line.takeOnly(1);
        out(FCR, 0x01);
        out(DATA, 'a');
        out(DATA, 'b');
        out(DATA, 'c');
        pass(100 * CHARACTER);
        assertEquals("a", line.sent());
        assertEquals(0x00, in(LSR));
        line.takeOnly(10);
        uart.poll();
        assertEquals("ab", line.sent());
        pass(CHARACTER);
        assertEquals("abc", line.sent());
    }

    @Test
    void aLineThatTakesNothingForLongCountsAsUnplugged() {
        line.takeOnly(0);
        out(DATA, 'a');
        out(DATA, 'b');
        pass(CHARACTER + Uart16550.PATIENCE_MILLIS * 1_000_000L - 1);
        assertEquals(0x00, in(LSR));
        pass(1);
        assertEquals(0x20, in(LSR));
        pass(CHARACTER);
        assertEquals(0x60, in(LSR), "the next one is lost without a wait");
        line.takeOnly(1);
        out(DATA, 'c');
        pass(CHARACTER);
        out(DATA, 'd');
        pass(CHARACTER);
        assertEquals("c", line.sent());
        assertEquals(0x20, in(LSR), "it is plugged in again, and has its time again");
    }
}
