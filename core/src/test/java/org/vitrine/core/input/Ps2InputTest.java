package org.vitrine.core.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.device.input.I8042;
import org.vitrine.core.device.input.Ps2Keyboard;
import org.vitrine.core.device.input.Ps2Mouse;
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
    private final Ps2Input input = new Ps2Input(keyboard, mouse);

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
