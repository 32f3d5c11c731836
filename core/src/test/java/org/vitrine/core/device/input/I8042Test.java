package org.vitrine.core.device.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.RecordedLine;
import org.vitrine.core.time.ManualClock;
import org.vitrine.core.time.Scheduler;
import org.vitrine.spi.input.KeyCode;
import org.vitrine.spi.input.PointerButton;

class I8042Test {

    private static final int DATA = 0x60;
    private static final int COMMAND = 0x64;
    private static final int FULL = 0x01;
    private static final int AUX = 0x20;

    private final ManualClock clock = new ManualClock();
    private final Scheduler scheduler = new Scheduler(clock);
    private final PortSpace ports = new PortSpace();
    private final RecordedLine irq1 = new RecordedLine();
    private final RecordedLine irq12 = new RecordedLine();
    private final RecordedLine a20 = new RecordedLine();
    private int resets;
    private final Ps2Keyboard keyboard = new Ps2Keyboard(leds -> {}, () -> {});
    private final Ps2Mouse mouse = new Ps2Mouse(scheduler);
    private final I8042 controller =
            new I8042(scheduler, keyboard, mouse, irq1, irq12, a20, () -> resets++);

    I8042Test() {
        controller.claimPorts(ports);
    }

    private int status() {
        return ports.read(COMMAND, 1);
    }

    private void command(int value, int... data) {
        ports.write(COMMAND, 1, value);
        for (int each : data) {
            ports.write(DATA, 1, each);
        }
    }

    private int answerTo(int command) {
        command(command);
        assertEquals(FULL, status() & (FULL | AUX));
        return ports.read(DATA, 1);
    }

    /** Everything that comes until nothing more does; bytes of the mouse in brackets. */
    private String received() {
        StringBuilder row = new StringBuilder();
        while (true) {
            clock.pass(scheduler, 2 * I8042.BYTE_NANOS);
            int status = status();
            if ((status & FULL) == 0) {
                return row.toString();
            }
            String value = String.format("%02X", ports.read(DATA, 1));
            row.append(row.isEmpty() ? "" : " ")
                    .append((status & AUX) != 0 ? "[" + value + "]" : value);
        }
    }

    @Test
    void testsPass() {
        assertEquals(0, status() & 0x04);
        assertEquals(0x55, answerTo(0xAA));
        assertEquals(0x04, status() & 0x04, "the system flag");
        assertEquals(0x00, answerTo(0xAB));
        assertEquals(0x00, answerTo(0xA9));
        assertEquals(0xF1, answerTo(0xA4), "no password");
        assertEquals(0x80, answerTo(0xC0));
    }

    @Test
    void statusTellsWhetherACommandOrDataWasWrittenLast() {
        command(0xAE);
        assertEquals(0x18, status());
        ports.write(DATA, 1, 0xF4);
        assertEquals(0x10, status());
    }

    @Test
    void theCommandByteAndTheRamAreReadAsWritten() {
        command(0x60, 0x47);
        assertEquals(0x47, answerTo(0x20));
        assertEquals(0x04, status() & 0x04);
        command(0xAD);
        assertEquals(0x57, answerTo(0x20));
        command(0xA7);
        assertEquals(0x77, answerTo(0x20));
        command(0xAE);
        command(0xA8);
        assertEquals(0x47, answerTo(0x20));
        command(0x60, 0x43);
        assertEquals(0, status() & 0x04);
        command(0x7F, 0xA5);
        assertEquals(0xA5, answerTo(0x3F));
    }

    @Test
    void keysArriveTranslatedOneByteAtATime() {
        keyboard.key(KeyCode.LEFT, true);
        keyboard.key(KeyCode.LEFT, false);
        assertEquals(0, status() & FULL, "the cable takes its time");
        clock.pass(scheduler, I8042.BYTE_NANOS);
        assertEquals(FULL, status() & (FULL | AUX));
        assertTrue(irq1.isHigh());
        clock.pass(scheduler, 100 * I8042.BYTE_NANOS);
        assertEquals(0xE0, ports.read(DATA, 1));
        assertFalse(irq1.isHigh());
        assertEquals(0, status() & FULL);
        assertEquals(0xE0, ports.read(DATA, 1), "the next handler may read it again");
        assertEquals("4B E0 CB", received());
        assertEquals(4, irq1.rises());
        assertEquals(0, irq12.rises());
    }

    @Test
    void withoutTranslationSet2Arrives() {
        command(0x60, 0x03);
        keyboard.key(KeyCode.A, true);
        keyboard.key(KeyCode.A, false);
        assertEquals("1C F0 1C", received());
    }

    @Test
    void everyKeyArrivesAsItsNumber() {
        for (KeyCode key : KeyCode.values()) {
            if (key.number() == 0 || key == KeyCode.PAUSE || key == KeyCode.PRINT) {
                continue;
            }
            keyboard.key(key, true);
            keyboard.key(key, false);
            int code = key.number() & 0x7F;
            String prefix = (key.number() & 0x80) != 0 ? "E0 " : "";
            assertEquals(
                    String.format("%s%02X %s%02X", prefix, code, prefix, code | 0x80),
                    received(),
                    key.toString());
        }
        keyboard.key(KeyCode.PAUSE, true);
        keyboard.key(KeyCode.PAUSE, false);
        assertEquals("E1 1D 45 E1 9D C5", received());
        keyboard.key(KeyCode.PRINT, true);
        keyboard.key(KeyCode.PRINT, false);
        assertEquals("E0 2A E0 37 E0 B7 E0 AA", received());
    }

    @Test
    void keyboardCommandsAreAnsweredThroughTheTranslation() {
        ports.write(DATA, 1, 0xFF);
        assertEquals("FA AA", received());
        ports.write(DATA, 1, 0xF2);
        assertEquals("FA AB 41", received());
        ports.write(DATA, 1, 0xED);
        assertEquals("FA", received());
        ports.write(DATA, 1, 0x02);
        assertEquals("FA", received());
    }

    @Test
    void aDisabledKeyboardWaitsUntilItIsEnabledOrSpokenTo() {
        command(0xAD);
        keyboard.key(KeyCode.A, true);
        assertEquals("", received());
        command(0xAE);
        assertEquals("1E", received());
        command(0xAD);
        keyboard.key(KeyCode.B, true);
        ports.write(DATA, 1, 0xEE);
        assertEquals("EE 30", received());
        assertEquals(0, answerTo(0x20) & 0x10);
    }

    @Test
    void mouseBytesRaiseIrq12AndAreMarked() {
        command(0xD4, 0xF4);
        assertEquals("[FA]", received());
        assertEquals(1, irq12.rises());
        mouse.move(2, -1);
        mouse.button(PointerButton.LEFT, true);
        mouse.sync();
        assertEquals("[09] [02] [01]", received());
        assertEquals(4, irq12.rises());
        assertEquals(0, irq1.rises());
    }

    @Test
    void aDisabledMouseWaits() {
        command(0xD4, 0xF4);
        received();
        command(0xA7);
        mouse.move(1, 1);
        mouse.sync();
        keyboard.key(KeyCode.A, true);
        assertEquals("1E", received());
        command(0xA8);
        assertEquals("[28] [01] [FF]", received());
    }

    @Test
    void interruptsFollowTheirEnableBits() {
        command(0x60, 0x40);
        keyboard.key(KeyCode.A, true);
        clock.pass(scheduler, I8042.BYTE_NANOS);
        assertEquals(FULL, status() & FULL);
        assertFalse(irq1.isHigh());
        command(0x60, 0x41);
        assertTrue(irq1.isHigh());
        command(0x60, 0x40);
        assertFalse(irq1.isHigh());
    }

    @Test
    void anAnswerWaitsForTheByteThatStandsInTheBuffer() {
        keyboard.key(KeyCode.A, true);
        keyboard.key(KeyCode.B, true);
        clock.pass(scheduler, I8042.BYTE_NANOS);
        command(0xAA);
        assertEquals(0x1E, ports.read(DATA, 1));
        assertEquals(FULL, status() & FULL);
        assertEquals(0x55, ports.read(DATA, 1));
        assertEquals("30", received(), "and no key is lost");
    }

    @Test
    void bytesCanBePutInTheBufferAsIfADeviceHadSentThem() {
        command(0xD2, 0x12);
        assertTrue(irq1.isHigh());
        assertEquals("12", received());
        command(0xD3, 0x34);
        assertTrue(irq12.isHigh());
        assertEquals("[34]", received());
    }

    @Test
    void theOutputPortGatesA20() {
        assertTrue(a20.isHigh());
        command(0xD1, 0xDD);
        assertFalse(a20.isHigh());
        assertEquals(0xCD, answerTo(0xD0));
        command(0xD1, 0xDF);
        assertTrue(a20.isHigh());
        assertEquals(0xCF, answerTo(0xD0));
        command(0xDD);
        assertFalse(a20.isHigh());
        command(0xDF);
        assertTrue(a20.isHigh());
        assertEquals(0, resets);
    }

    @ParameterizedTest
    @CsvSource({"0xFE, 1", "0xF0, 1", "0xFC, 1", "0xFF, 0", "0xFD, 0"})
    void pulsingTheLowestPinResets(int command, int expected) {
        command(command);
        assertEquals(expected, resets);
    }

    @Test
    void theResetPinOfTheOutputPortResets() {
        command(0xD1, 0xDE);
        assertEquals(1, resets);
        assertTrue(a20.isHigh());
    }

    @Test
    void resetForgetsBufferAndCommandAndOpensA20() {
        command(0xD1, 0xDD);
        command(0x60, 0x00);
        command(0xAA);
        command(0xD1);
        controller.reset();
        assertEquals(0x10, status());
        assertTrue(a20.isHigh());
        assertEquals(0x43, answerTo(0x20));
        ports.write(DATA, 1, 0xEE);
        assertEquals("EE", received());
    }
}
