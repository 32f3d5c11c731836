package org.vitrine.spi.testkit;

import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.InputPort;
import org.vitrine.spi.input.KeyCode;
import org.vitrine.spi.input.PointerButton;

/**
 * A keyboard and a pointer that keep what is sent to them, and release what a port held down when
 * it is closed. Safe for use by several threads.
 */
public final class RecordedInput {

    private final BlockingQueue<InputEvent> events = new LinkedBlockingQueue<>();
    private final AtomicInteger open = new AtomicInteger();

    /** The next event; fails when none comes within {@link TestHost#PATIENCE}. */
    public InputEvent next() throws InterruptedException {
        InputEvent event = events.poll(TestHost.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (event == null) {
            throw new AssertionError("no input event came");
        }
        return event;
    }

    /** Whether no event waits to be taken. */
    public boolean isEmpty() {
        return events.isEmpty();
    }

    /** How many ports are open. */
    public int openPorts() {
        return open.get();
    }

    /** A way to this keyboard and pointer. */
    public InputPort openPort() {
        open.incrementAndGet();
        return new Port();
    }

    private final class Port implements InputPort {

        private final Set<KeyCode> keys = ConcurrentHashMap.newKeySet();
        private final Set<PointerButton> buttons = ConcurrentHashMap.newKeySet();
        private boolean closed;

        @Override
        public synchronized void send(InputEvent... group) {
            if (closed) {
                throw new IllegalStateException("the input port is closed");
            }
            for (InputEvent event : group) {
                switch (event) {
                    case InputEvent.Key(KeyCode key, boolean down) -> hold(keys, key, down);
                    case InputEvent.Button(PointerButton button, boolean down) ->
                            hold(buttons, button, down);
                    case InputEvent.RelativeMove move -> {}
                    case InputEvent.AbsoluteMove move -> {}
                }
                events.add(event);
            }
        }

        private static <T> void hold(Set<T> held, T what, boolean down) {
            if (down) {
                held.add(what);
            } else {
                held.remove(what);
            }
        }

        @Override
        public synchronized void releaseAll() {
            keys.forEach(key -> events.add(new InputEvent.Key(key, false)));
            buttons.forEach(button -> events.add(new InputEvent.Button(button, false)));
            keys.clear();
            buttons.clear();
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                releaseAll();
                closed = true;
                open.decrementAndGet();
            }
        }
    }
}
