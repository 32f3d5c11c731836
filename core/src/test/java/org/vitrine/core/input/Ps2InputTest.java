package org.vitrine.core.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.bus.RegisterAccess;
import org.vitrine.core.device.input.I8042;
import org.vitrine.core.device.input.Ps2Keyboard;
import org.vitrine.core.device.input.Ps2Mouse;
import org.vitrine.core.device.input.VmMouse;
import org.vitrine.core.time.ManualClock;
import org.vitrine.core.time.Scheduler;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.InputPort;
import org.vitrine.spi.input.KeyCode;
import org.vitrine.spi.input.PointerButton;

/** From a client's port to port 60h, as the machine connects them. */
class Ps2InputTest {

    private final ManualClock clock = new ManualClock();
    private final Scheduler scheduler = new Scheduler(clock);
    private final PortSpace ports = new PortSpace();
    private final InputQueue queue = new InputQueue(() -> {});
    private final Ps2Keyboard keyboard = new Ps2Keyboard(leds -> {}, this::drain);
    private final Ps2Mouse mouse = new Ps2Mouse(scheduler);
    private final int[] registers = new int[8];
    private final VmMouse pointer = new VmMouse(new Registers(), mouse);
    private final Ps2Input input = new Ps2Input(keyboard, mouse, pointer);

    Ps2InputTest() {
        new I8042(
                        scheduler,
                        keyboard,
                        mouse,
                        InterruptLine.unconnected(),
                        InterruptLine.unconnected(),
                        InterruptLine.unconnected(),
                        () -> {})
                .claimPorts(ports);
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

    /** As {@code in eax,dx} at VMware's port; EAX afterwards. */
    private int backdoor(int command, int ebx) {
        registers[RegisterAccess.EAX] = 0x564D5868;
        registers[RegisterAccess.ECX] = command;
        registers[RegisterAccess.EBX] = ebx;
        return ports.read(0x5658, 4);
    }

    private List<Integer> packet() {
        int buttons = backdoor(39, 4);
        return List.of(
                buttons,
                registers[RegisterAccess.EBX],
                registers[RegisterAccess.ECX],
                registers[RegisterAccess.EDX]);
    }

    private void enablePointer() {
        enableMouse();
        assertEquals(6, backdoor(10, 0));
        assertEquals(0x564D5868, registers[RegisterAccess.EBX]);
        assertEquals(0xFFFF0000, backdoor(40, 0), "nobody has asked for it yet");
        backdoor(41, 0x45414552);
        assertEquals(1, backdoor(40, 0));
        assertEquals(0x3442554A, backdoor(39, 1));
        backdoor(41, 0x53424152);
    }

    @Test
    void aGuestThatAskedForPlacesIsToldThem() {
        enablePointer();
        InputPort viewer = queue.open("viewer");
        viewer.send(new InputEvent.AbsoluteMove(InputEvent.ABSOLUTE_MAX, 0));
        drain();
        assertEquals(List.of(0x08, 0, 0), received(), "the mouse reports nothing, but interrupts");
        assertEquals(4, backdoor(40, 0));
        assertEquals(List.of(0, 0xFFFF, 0, 0), packet());
        viewer.send(
                new InputEvent.AbsoluteMove(InputEvent.ABSOLUTE_MAX / 2, InputEvent.ABSOLUTE_MAX),
                new InputEvent.Button(PointerButton.LEFT, true),
                new InputEvent.Button(PointerButton.WHEEL_DOWN, true));
        drain();
        received();
        assertEquals(8, backdoor(40, 0));
        assertEquals(List.of(0, 0x7FFE, 0xFFFF, 0), packet());
        assertEquals(List.of(0x20, 0x7FFE, 0xFFFF, 1), packet());
        assertEquals(0, backdoor(40, 0));
    }

    @Test
    void movementsMoveTheAbsolutePointerByPixels() {
        enablePointer();
        input.screenResized(320, 200);
        InputPort viewer = queue.open("viewer");
        viewer.send(new InputEvent.RelativeMove(160, 50));
        drain();
        viewer.send(new InputEvent.RelativeMove(-320, -10));
        drain();
        assertEquals(List.of(0, 0x7FFF, 0x3FFF, 0), packet());
        assertEquals(List.of(0, 0, 0x3333, 0), packet());
    }

    @Test
    void aGuestThatWantsMovementsHasTheMouse() {
        enablePointer();
        backdoor(41, 0x4C455252);
        InputPort viewer = queue.open("viewer");
        viewer.send(new InputEvent.RelativeMove(5, 0));
        drain();
        assertEquals(List.of(0x08, 5, 0), received());
        backdoor(41, 0xF5);
        assertEquals(0xFFFF0000, backdoor(40, 0));
    }

    @Test
    void aGuestThatNeverReadsLosesWhatHasNoRoom() {
        enablePointer();
        InputPort viewer = queue.open("viewer");
        for (int i = 0; i < 300; i++) {
            viewer.send(new InputEvent.AbsoluteMove(i, i));
            drain();
        }
        assertEquals(1024, backdoor(40, 0));
        assertEquals(List.of(0, 0, 0, 0), packet(), "the oldest are kept");
    }

    private void drain() {
        queue.drain(input);
    }

    private List<Integer> received() {
        List<Integer> bytes = new ArrayList<>();
        while (true) {
            clock.pass(scheduler, 20_000_000);
            if ((ports.read(0x64, 1) & 1) == 0) {
                return bytes;
            }
            bytes.add(ports.read(0x60, 1));
        }
    }

    private void enableMouse() {
        ports.write(0x64, 1, 0xD4);
        ports.write(0x60, 1, 0xF4);
        assertEquals(List.of(0xFA), received());
    }

    @Test
    void noKeyOfAFastTypistIsLost() {
        InputPort typist = queue.open("script");
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            KeyCode key = KeyCode.ofNumber(0x10 + i % 10);
            typist.send(new InputEvent.Key(key, true), new InputEvent.Key(key, false));
            expected.add(key.number());
            expected.add(key.number() | 0x80);
        }
        drain();
        assertEquals(expected, received());
        assertTrue(queue.drain(input));
    }

    @Test
    void pointerEventsOfAGroupMakeOneReport() {
        enableMouse();
        queue.open("test")
                .send(
                        new InputEvent.RelativeMove(3, -4),
                        new InputEvent.Button(PointerButton.RIGHT, true));
        drain();
        assertEquals(List.of(0x0A, 3, 4), received());
    }

    @Test
    void placesBecomeWaysInPixels() {
        enableMouse();
        input.screenResized(800, 600);
        InputPort port = queue.open("test");
        port.send(InputEvent.AbsoluteMove.ofPixel(100, 100, 800, 600));
        drain();
        assertEquals(List.of(), received(), "the first place is where to count from");
        int x = 100;
        int y = 100;
        int[][] places = {{101, 100}, {150, 90}, {799, 599}, {0, 0}, {799, 0}, {100, 100}};
        for (int[] place : places) {
            port.send(InputEvent.AbsoluteMove.ofPixel(place[0], place[1], 800, 600));
            drain();
            List<Integer> bytes = received();
            for (int i = 0; i < bytes.size(); i += 3) {
                x += bytes.get(i + 1) - ((bytes.get(i) & 0x10) << 4);
                y -= bytes.get(i + 2) - ((bytes.get(i) & 0x20) << 3);
            }
            assertEquals(place[0], x);
            assertEquals(place[1], y);
        }
    }

    @Test
    void keysDoNotWaitForAMouseThatNobodyReads() {
        InputPort port = queue.open("test");
        for (int i = 0; i < 1000; i++) {
            port.send(new InputEvent.Button(PointerButton.LEFT, i % 2 == 0));
        }
        port.key(KeyCode.A, true);
        drain();
        assertEquals(List.of(0x1E), received());
    }
}
