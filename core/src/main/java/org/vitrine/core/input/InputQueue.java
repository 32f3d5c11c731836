package org.vitrine.core.input;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.InputPort;
import org.vitrine.spi.input.KeyCode;
import org.vitrine.spi.input.PointerButton;

/**
 * The way from all clients to the guest's keyboard and pointer: many ports write, the vCPU thread
 * drains.
 *
 * <p>Groups of events stay together and in order. A key or button counts as held by every port that
 * pressed it, and is released to the guest when the last of them lets go. A port may have {@value
 * #LIMIT} events waiting; what exceeds that is dropped and counted, except releases of what the
 * port holds.
 */
public final class InputQueue {

    /** Events that one port may have waiting. */
    public static final int LIMIT = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(InputQueue.class);

    private final Runnable wakeUp;

    // Guards everything below, ports included. Held for a few steps only, never while calling out.
    private final Object lock = new Object();
    private final ArrayDeque<Group> groups = new ArrayDeque<>();
    private final int[] keyHolders = new int[KeyCode.values().length];
    private final int[] buttonHolders = new int[PointerButton.values().length];
    private long dropped;

    // The vCPU thread's own: the group that it is in the middle of.
    private Group current;
    private int next;

    private record Group(Port port, InputEvent[] events) {}

    /** Where drained events go; called on the thread that drains. */
    public interface Sink {

        /** Whether the device that this event is for can take it now. */
        boolean hasRoom(InputEvent event);

        /** Takes an event; {@link #hasRoom} has just said yes. */
        void accept(InputEvent event);

        /** A group is complete: what it did to the pointer is one report. */
        void endOfGroup();
    }

    /**
     * An empty queue.
     *
     * @param wakeUp called after events came, on the thread that sent them: must not block
     */
    public InputQueue(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    /** Opens a port; the client's name is for people. May be called from any thread. */
    public InputPort open(String client) {
        return new Port(client);
    }

    /**
     * Events dropped so far because their port had too many waiting. May be called from any thread.
     */
    public long dropped() {
        synchronized (lock) {
            return dropped;
        }
    }

    /**
     * Gives waiting events to the guest's devices until there are none, or a device has no room:
     * then the rest waits for the next call. Only for the vCPU thread.
     *
     * @return whether nothing waits any more
     */
    public boolean drain(Sink sink) {
        while (true) {
            if (current == null) {
                synchronized (lock) {
                    current = groups.poll();
                }
                next = 0;
                if (current == null) {
                    return true;
                }
            }
            while (next < current.events.length) {
                InputEvent event = current.events[next];
                if (!sink.hasRoom(event)) {
                    return false;
                }
                next++;
                sink.accept(event);
            }
            sink.endOfGroup();
            synchronized (lock) {
                current.port.waiting -= current.events.length;
                current.port.overflowing &= current.port.waiting >= LIMIT;
            }
            current = null;
        }
    }

    private final class Port implements InputPort {

        private final String client;
        private final Set<KeyCode> keys = EnumSet.noneOf(KeyCode.class);
        private final Set<PointerButton> buttons = EnumSet.noneOf(PointerButton.class);
        private int waiting;
        private boolean overflowing;
        private boolean closed;

        Port(String client) {
            this.client = client;
        }

        @Override
        public void send(InputEvent... events) {
            boolean firstDrop = false;
            synchronized (lock) {
                if (closed) {
                    throw new IllegalStateException("the input port of " + client + " is closed");
                }
                List<InputEvent> group = new ArrayList<>(events.length);
                int lost = 0;
                for (InputEvent event : events) {
                    if (waiting + group.size() >= LIMIT && !releases(event)) {
                        lost++;
                    } else if (track(event)) {
                        group.add(event);
                    }
                }
                offer(group);
                dropped += lost;
                if (lost > 0 && !overflowing) {
                    overflowing = true;
                    firstDrop = true;
                }
            }
            if (firstDrop) {
                LOG.warn(
                        "{} sends input faster than the guest takes it: dropping what exceeds {} waiting events",
                        client,
                        LIMIT);
            }
            wakeUp.run();
        }

        private boolean releases(InputEvent event) {
            return switch (event) {
                case InputEvent.Key key -> !key.down() && keys.contains(key.key());
                case InputEvent.Button button ->
                        !button.down() && buttons.contains(button.button());
                case InputEvent.RelativeMove move -> false;
                case InputEvent.AbsoluteMove move -> false;
            };
        }

        /**
         * Notes who holds what; false when the guest must not see the event, as somebody else still
         * holds.
         */
        private boolean track(InputEvent event) {
            return switch (event) {
                case InputEvent.Key(KeyCode key, boolean down) ->
                        track(keys, key, keyHolders, down);
                case InputEvent.Button(PointerButton button, boolean down) ->
                        track(buttons, button, buttonHolders, down);
                case InputEvent.RelativeMove move -> true;
                case InputEvent.AbsoluteMove move -> true;
            };
        }

        private static <E extends Enum<E>> boolean track(
                Set<E> held, E what, int[] holders, boolean down) {
            if (down) {
                if (held.add(what)) {
                    holders[what.ordinal()]++;
                }
                return true;
            }
            if (held.remove(what)) {
                holders[what.ordinal()]--;
            }
            return holders[what.ordinal()] == 0;
        }

        private void offer(List<InputEvent> group) {
            if (group.isEmpty()) {
                return;
            }
            if (group.size() == 1 && joinsLast(group.getFirst())) {
                return;
            }
            groups.add(new Group(this, group.toArray(InputEvent[]::new)));
            waiting += group.size();
        }

        /**
         * Joins a move with one of this port that still waits at the end, so that a paused machine
         * collects few.
         */
        private boolean joinsLast(InputEvent event) {
            Group last = groups.peekLast();
            if (last == null || last.port != this || last.events.length != 1) {
                return false;
            }
            InputEvent before = last.events[0];
            InputEvent joined = null;
            if (event instanceof InputEvent.AbsoluteMove
                    && before instanceof InputEvent.AbsoluteMove) {
                joined = event;
            } else if (event instanceof InputEvent.RelativeMove(int dx, int dy)
                    && before instanceof InputEvent.RelativeMove(int x, int y)) {
                joined = new InputEvent.RelativeMove(x + dx, y + dy);
            }
            if (joined == null) {
                return false;
            }
            last.events[0] = joined;
            return true;
        }

        @Override
        public void releaseAll() {
            synchronized (lock) {
                release();
            }
            wakeUp.run();
        }

        private void release() {
            List<InputEvent> group = new ArrayList<>();
            for (KeyCode key : keys.toArray(KeyCode[]::new)) {
                if (track(keys, key, keyHolders, false)) {
                    group.add(new InputEvent.Key(key, false));
                }
            }
            for (PointerButton button : buttons.toArray(PointerButton[]::new)) {
                if (track(buttons, button, buttonHolders, false)) {
                    group.add(new InputEvent.Button(button, false));
                }
            }
            offer(group);
        }

        @Override
        public void close() {
            synchronized (lock) {
                release();
                closed = true;
            }
            wakeUp.run();
        }

        @Override
        public String toString() {
            synchronized (lock) {
                return client
                        + ": "
                        + waiting
                        + " events waiting, holds "
                        + keys
                        + " and "
                        + buttons;
            }
        }
    }
}
