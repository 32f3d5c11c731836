package org.vitrine.core.device.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.RegisterAccess;
import org.vitrine.core.time.ManualClock;
import org.vitrine.core.time.Scheduler;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.PointerButton;

/** The pointer at its port, as VMware's guests ask it. */
class VmMouseTest {

    private static final int PORT = 0x5658;
    private static final int MAGIC = 0x564D5868;

    private static final int GET_VERSION = 10;
    private static final int DATA = 39;
    private static final int STATUS = 40;
    private static final int COMMAND = 41;

    private static final int READ_ID = 0x45414552;
    private static final int DISABLE = 0xF5;
    private static final int RELATIVE = 0x4C455252;
    private static final int ABSOLUTE = 0x53424152;

    private static final int ERROR = 0xFFFF0000;

    private final ManualClock clock = new ManualClock();
    private final Scheduler scheduler = new Scheduler(clock);
    private final PortSpace ports = new PortSpace();
    private final Ps2Mouse mouse = new Ps2Mouse(scheduler);
    private final int[] registers = new int[8];
    private final VmMouse pointer = new VmMouse(new Registers(), mouse);

    VmMouseTest() {
        pointer.claimPorts(ports);
    }

    private final class Registers implements RegisterAccess {
        @Override
        public int get(int register) {
            return registers[register];
        }

        @Override
        public void set(int register, int value) {
            registers[register] = value;
        }
    }

    private void ask(int command, int ebx) {
        registers[RegisterAccess.EAX] = MAGIC;
        registers[RegisterAccess.ECX] = command;
        registers[RegisterAccess.EBX] = ebx;
    }

    /** As {@code in eax,dx}; EAX afterwards. */
    private int in(int command, int ebx) {
        ask(command, ebx);
        return ports.read(PORT, 4);
    }

    private int status() {
        return in(STATUS, 0);
    }

    /** Words, in the order of the registers that they are given in. */
    private List<Integer> words(int count) {
        List<Integer> words = new ArrayList<>();
        words.add(in(DATA, count));
        int[] others = {
            RegisterAccess.EBX,
            RegisterAccess.ECX,
            RegisterAccess.EDX,
            RegisterAccess.ESI,
            RegisterAccess.EDI
        };
        for (int i = 0; i < count - 1; i++) {
            words.add(registers[others[i]]);
        }
        return words;
    }

    private void enable() {
        in(COMMAND, READ_ID);
        assertEquals(List.of(0x3442554A), words(1));
        in(COMMAND, ABSOLUTE);
        assertTrue(pointer.isAbsolute());
    }

    private void press(PointerButton... buttons) {
        for (PointerButton each : buttons) {
            pointer.button(each, true);
        }
        pointer.sync();
    }

    @Test
    void theVersionComesWithTheMagicWord() {
        assertEquals(6, in(GET_VERSION, 0));
        assertEquals(MAGIC, registers[RegisterAccess.EBX]);
        assertEquals(6, in(0x1234_0000 | GET_VERSION, 0), "commands have 16 bits");
    }

    @Test
    void thePortIsShutWithoutItsWordAndDoesNotKnowEveryCommand() {
        registers[RegisterAccess.EAX] = MAGIC + 1;
        registers[RegisterAccess.ECX] = GET_VERSION;
        registers[RegisterAccess.EBX] = 77;
        assertEquals(-1, ports.read(PORT, 4));
        assertEquals(77, registers[RegisterAccess.EBX]);
        assertEquals(-1, in(0x7777, 78));
        assertEquals(78, registers[RegisterAccess.EBX]);
    }

    @Test
    void theGuestHasToAskForThePointerFirst() {
        assertEquals(ERROR, status());
        assertEquals(MAGIC, in(COMMAND, ABSOLUTE));
        assertFalse(pointer.isAbsolute());
        in(COMMAND, READ_ID);
        assertEquals(1, status());
        assertEquals(List.of(0x3442554A), words(1));
        assertEquals(0, status());
    }

    @Test
    void commandsCanBeGivenByOut() {
        ask(COMMAND, READ_ID);
        ports.write(PORT, 4, MAGIC);
        assertEquals(1, status());
    }

    @Test
    void placesGoFromZeroToFfff() {
        enable();
        int max = InputEvent.ABSOLUTE_MAX;
        int[][] places = {{0, 0, 0, 0}, {max, max, 0xFFFF, 0xFFFF}, {max, 0, 0xFFFF, 0}};
        for (int[] place : places) {
            pointer.moveTo(place[0], place[1]);
            pointer.sync();
            assertEquals(4, status());
            assertEquals(List.of(0, place[2], place[3], 0), words(4));
        }
    }

    @Test
    void movementsAreInPixelsAndEndAtTheScreensEdge() {
        enable();
        pointer.move(400, 150, 800, 600);
        pointer.sync();
        assertEquals(List.of(0, 0x7FFF, 0x3FFF, 0), words(4));
        pointer.move(401, 1000, 800, 600);
        pointer.sync();
        assertEquals(List.of(0, 0xFFFF, 0xFFFF, 0), words(4));
        pointer.move(-900, -601, 800, 600);
        pointer.sync();
        assertEquals(List.of(0, 0, 0, 0), words(4));
    }

    @Test
    void buttonsStayInThePacketsUntilTheyGoUp() {
        enable();
        press(PointerButton.LEFT);
        press(PointerButton.RIGHT);
        press(PointerButton.MIDDLE);
        pointer.button(PointerButton.RIGHT, false);
        pointer.sync();
        assertEquals(16, status());
        assertEquals(0x20, words(4).getFirst());
        assertEquals(0x30, words(4).getFirst());
        assertEquals(0x38, words(4).getFirst());
        assertEquals(0x28, words(4).getFirst());
    }

    @Test
    void aPressAndAReleaseInOneGroupAreTwoPackets() {
        enable();
        pointer.button(PointerButton.LEFT, true);
        pointer.button(PointerButton.LEFT, false);
        pointer.sync();
        assertEquals(8, status());
        assertEquals(0x20, words(4).getFirst());
        assertEquals(0x00, words(4).getFirst());
    }

    @Test
    void theWheelsNotchesAddUpDownwardAndAreToldOnce() {
        enable();
        press(PointerButton.WHEEL_DOWN, PointerButton.WHEEL_DOWN);
        press(PointerButton.WHEEL_UP);
        pointer.moveTo(0, 0);
        pointer.sync();
        assertEquals(2, words(4).getLast());
        assertEquals(-1, words(4).getLast());
        assertEquals(0, words(4).getLast());
    }

    @Test
    void upToSixWordsAreTakenAtOnce() {
        enable();
        pointer.moveTo(InputEvent.ABSOLUTE_MAX, 0);
        press(PointerButton.LEFT);
        press(PointerButton.WHEEL_UP);
        // A move and a press are a packet each.
        assertEquals(12, status());
        assertEquals(List.of(0, 0xFFFF, 0, 0, 0x20, 0xFFFF), words(6));
        assertEquals(List.of(0), words(1));
        assertEquals(5, status());
        assertEquals(List.of(0, 0x20, 0xFFFF, 0, -1), words(5));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 5, 7})
    void aGuestThatWantsWhatIsNotThereHasToBeginAnew(int wanted) {
        enable();
        pointer.moveTo(5, 5);
        pointer.sync();
        assertEquals(ERROR, in(DATA, wanted));
        assertEquals(ERROR, status());
        assertFalse(pointer.isAbsolute());
        enable();
        assertEquals(0, status());
    }

    @Test
    void noPacketsAreMadeForAGuestThatWantsMovements() {
        enable();
        in(COMMAND, RELATIVE);
        assertFalse(pointer.isAbsolute());
        pointer.moveTo(5, 5);
        pointer.sync();
        assertEquals(0, status());
    }

    @Test
    void noPacketIsMadeOfNothing() {
        enable();
        pointer.sync();
        assertEquals(0, status());
    }

    @Test
    void disablingForgetsThePackets() {
        enable();
        press(PointerButton.LEFT);
        in(COMMAND, DISABLE);
        assertEquals(ERROR, status());
        enable();
        pointer.moveTo(0, 0);
        pointer.sync();
        assertEquals(List.of(0, 0, 0, 0), words(4), "and the buttons");
    }

    @Test
    void theMouseInterruptsForEachPacketWithoutAMovement() {
        mouse.receive(0xF4);
        assertEquals(0xFA, mouse.takeByte());
        enable();
        clock.pass(scheduler, 100_000_000);
        assertFalse(mouse.hasByte());
        pointer.moveTo(1000, 1000);
        pointer.sync();
        clock.pass(scheduler, 100_000_000);
        List<Integer> report = new ArrayList<>();
        while (mouse.hasByte()) {
            report.add(mouse.takeByte());
        }
        assertEquals(List.of(0x08, 0, 0), report);
    }

    @Test
    void resetTakesThePointerAway() {
        enable();
        press(PointerButton.LEFT);
        pointer.reset();
        assertFalse(pointer.isAbsolute());
        assertEquals(ERROR, status());
    }
}
