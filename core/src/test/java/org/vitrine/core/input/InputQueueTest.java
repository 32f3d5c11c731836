package org.vitrine.core.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.InputPort;
import org.vitrine.spi.input.KeyCode;
import org.vitrine.spi.input.PointerButton;

class InputQueueTest {

    private final AtomicInteger wakeUps = new AtomicInteger();
    private final InputQueue queue = new InputQueue(wakeUps::incrementAndGet);
    private final Guest guest = new Guest();

    /** A guest that takes so many events and then has no room. */
    private static final class Guest implements InputQueue.Sink {
        final List<InputEvent> events = new ArrayList<>();
        int room = Integer.MAX_VALUE;
        int groups;

        @Override
        public boolean hasRoom(InputEvent event) {
            return room > 0;
        }

        @Override
        public void accept(InputEvent event) {
            room--;
            events.add(event);
        }

        @Override
        public void endOfGroup() {
            groups++;
        }
    }

    private static InputEvent key(KeyCode key, boolean down) {
        return new InputEvent.Key(key, down);
    }

    private List<InputEvent> drained() {
        guest.events.clear();
        assertTrue(queue.drain(guest));
        return List.copyOf(guest.events);
    }

    @Test
    void eventsArriveInOrderAndWakeTheMachine() {
        InputPort port = queue.open("test");
        port.key(KeyCode.A, true);
        port.key(KeyCode.A, false);
        assertEquals(2, wakeUps.get());
        assertEquals(List.of(key(KeyCode.A, true), key(KeyCode.A, false)), drained());
        assertEquals(2, guest.groups);
        assertEquals(List.of(), drained());
    }

    @Test
    void whatTheGuestHasNoRoomForWaitsInTheMiddleOfAGroup() {
        InputPort typist = queue.open("typist");
        typist.send(key(KeyCode.CTRL, true), key(KeyCode.ALT, true), key(KeyCode.DELETE, true));
        queue.open("other").key(KeyCode.B, true);
        guest.room = 2;
        assertFalse(queue.drain(guest));
        assertEquals(0, guest.groups);
        guest.room = 1;
        assertFalse(queue.drain(guest));
        assertEquals(1, guest.groups);
        guest.room = 9;
        assertTrue(queue.drain(guest));
        assertEquals(
                List.of(
                        key(KeyCode.CTRL, true),
                        key(KeyCode.ALT, true),
                        key(KeyCode.DELETE, true),
                        key(KeyCode.B, true)),
                guest.events);
    }

    @Test
    void aKeyHeldByTwoIsReleasedWhenTheLastLetsGo() {
        InputPort one = queue.open("one");
        InputPort two = queue.open("two");
        one.key(KeyCode.SHIFT, true);
        two.key(KeyCode.SHIFT, true);
        one.key(KeyCode.SHIFT, false);
        assertEquals(List.of(key(KeyCode.SHIFT, true), key(KeyCode.SHIFT, true)), drained());
        two.close();
        assertEquals(List.of(key(KeyCode.SHIFT, false)), drained());
    }

    @Test
    void closingReleasesWhatThePortHoldsAndNothingElse() {
        InputPort one = queue.open("one");
        InputPort two = queue.open("two");
        one.send(key(KeyCode.A, true), new InputEvent.Button(PointerButton.LEFT, true));
        one.key(KeyCode.B, true);
        one.key(KeyCode.B, false);
        two.key(KeyCode.C, true);
        drained();
        one.close();
        one.close();
        assertEquals(
                List.of(key(KeyCode.A, false), new InputEvent.Button(PointerButton.LEFT, false)),
                drained());
        assertThrows(IllegalStateException.class, () -> one.key(KeyCode.A, true));
        two.releaseAll();
        assertEquals(List.of(key(KeyCode.C, false)), drained());
        two.key(KeyCode.C, true);
        assertEquals(List.of(key(KeyCode.C, true)), drained(), "releaseAll leaves the port open");
    }

    @Test
    void repeatsPassAndDoNotCountTwice() {
        InputPort port = queue.open("test");
        port.key(KeyCode.A, true);
        port.key(KeyCode.A, true);
        port.key(KeyCode.A, false);
        assertEquals(
                List.of(key(KeyCode.A, true), key(KeyCode.A, true), key(KeyCode.A, false)),
                drained());
        port.close();
        assertEquals(List.of(), drained());
    }

    @Test
    void aReleaseByWhoDoesNotHoldLeavesTheHolderAlone() {
        InputPort one = queue.open("one");
        InputPort two = queue.open("two");
        one.key(KeyCode.ALT, true);
        two.key(KeyCode.ALT, false);
        assertEquals(List.of(key(KeyCode.ALT, true)), drained());
        two.key(KeyCode.B, false);
        assertEquals(
                List.of(key(KeyCode.B, false)), drained(), "one that nobody holds does no harm");
    }

    @Test
    void aFloodIsDroppedButNeverAReleaseOfAHeldKey() {
        InputPort flood = queue.open("flood");
        flood.key(KeyCode.A, true);
        for (int i = 0; i < InputQueue.LIMIT + 10; i++) {
            flood.key(KeyCode.B, true);
        }
        assertEquals(11, queue.dropped());
        flood.key(KeyCode.C, true);
        flood.key(KeyCode.C, false);
        assertEquals(13, queue.dropped());
        flood.key(KeyCode.A, false);
        InputPort calm = queue.open("calm");
        calm.key(KeyCode.D, true);
        assertEquals(13, queue.dropped(), "another port is not concerned");
        flood.close();
        List<InputEvent> events = drained();
        assertEquals(InputQueue.LIMIT + 3, events.size());
        assertEquals(
                List.of(key(KeyCode.A, false), key(KeyCode.D, true), key(KeyCode.B, false)),
                events.subList(InputQueue.LIMIT, events.size()));
    }

    @Test
    void aPortThatWasFullTakesEventsAgainWhenDrained() {
        InputPort port = queue.open("test");
        for (int i = 0; i < InputQueue.LIMIT + 1; i++) {
            port.key(KeyCode.A, true);
        }
        drained();
        port.key(KeyCode.B, true);
        assertEquals(List.of(key(KeyCode.B, true)), drained());
        assertEquals(1, queue.dropped());
    }

    @Test
    void movesThatWaitAreJoinedButNotAcrossOtherEvents() {
        InputPort port = queue.open("test");
        InputPort other = queue.open("other");
        for (int i = 1; i <= 10_000; i++) {
            port.send(new InputEvent.RelativeMove(1, -2));
        }
        port.send(new InputEvent.Button(PointerButton.LEFT, true));
        port.send(new InputEvent.AbsoluteMove(1, 1));
        port.send(new InputEvent.AbsoluteMove(2, 2));
        other.send(new InputEvent.AbsoluteMove(3, 3));
        assertEquals(
                List.of(
                        new InputEvent.RelativeMove(10_000, -20_000),
                        new InputEvent.Button(PointerButton.LEFT, true),
                        new InputEvent.AbsoluteMove(2, 2),
                        new InputEvent.AbsoluteMove(3, 3)),
                drained());
        assertEquals(0, queue.dropped());
    }

    @Test
    void groupsOfManyWritersStayWholeAndInOrder() throws InterruptedException {
        long seed = System.nanoTime();
        int writers = 4;
        int groups = 500;
        KeyCode[] marks = {KeyCode.A, KeyCode.B, KeyCode.C, KeyCode.D};
        List<Thread> threads = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            KeyCode mark = marks[writer];
            Random random = new Random(seed + writer);
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try (InputPort port = queue.open(mark.qmpName())) {
                                    for (int i = 0; i < groups; i++) {
                                        InputEvent[] group =
                                                new InputEvent[2 * (1 + random.nextInt(3))];
                                        for (int j = 0; j < group.length; j++) {
                                            group[j] = key(mark, j % 2 == 0);
                                        }
                                        port.send(group);
                                    }
                                }
                            }));
        }
        List<InputEvent> seen = new ArrayList<>();
        boolean[] down = new boolean[KeyCode.values().length];
        InputQueue.Sink checker =
                new InputQueue.Sink() {
                    private KeyCode inGroup;

                    @Override
                    public boolean hasRoom(InputEvent event) {
                        return true;
                    }

                    @Override
                    public void accept(InputEvent event) {
                        InputEvent.Key key = (InputEvent.Key) event;
                        assertTrue(
                                inGroup == null || inGroup == key.key(),
                                "seed " + seed + ": a group was broken up");
                        inGroup = key.key();
                        assertEquals(
                                !key.down(),
                                down[key.key().ordinal()],
                                "seed " + seed + ": out of order");
                        down[key.key().ordinal()] = key.down();
                        seen.add(event);
                    }

                    @Override
                    public void endOfGroup() {
                        inGroup = null;
                    }
                };
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                queue.drain(checker);
            }
            thread.join();
        }
        queue.drain(checker);
        assertEquals(0, queue.dropped());
        assertTrue(
                seen.size() >= writers * groups * 2,
                "seed " + seed + ": " + seen.size() + " events");
    }
}
