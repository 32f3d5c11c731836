package org.vitrine.spi.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.display.Display;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.InputPort;
import org.vitrine.spi.input.KeyCode;
import org.vitrine.spi.input.PointerButton;

/**
 * A frontend's host for tests: keeps the input that the frontend sends, and the threads that it
 * makes.
 */
public final class RecordingContext implements FrontendContext {

    private final Display display;
    private final BlockingQueue<InputEvent> input = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<Throwable> crashes = new CopyOnWriteArrayList<>();

    public RecordingContext(Display display) {
        this.display = display;
    }

    /** The next input event, waited for; fails when none comes within 20 s. */
    public InputEvent nextInput() throws InterruptedException {
        InputEvent event = input.poll(20, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("no input event came");
        }
        return event;
    }

    /** Whether no input event waits to be taken. */
    public boolean inputIsEmpty() {
        return input.isEmpty();
    }

    /**
     * The next client event, as {@code "connected 127.0.0.1:4711"}; fails when none comes within 20
     * s.
     */
    public String nextEvent() throws InterruptedException {
        String event = events.poll(20, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("no client event came");
        }
        return event;
    }

    /**
     * Waits until every thread that the frontend made has ended; fails when one has not within 20
     * s.
     */
    public void awaitNoThreads() throws InterruptedException {
        for (Thread thread : threads) {
            if (!thread.join(Duration.ofSeconds(20))) {
                throw new AssertionError("thread " + thread + " did not end");
            }
        }
    }

    /** Exceptions that the frontend's threads did not catch. */
    public List<Throwable> crashes() {
        return List.copyOf(crashes);
    }

    @Override
    public String id() {
        return "test0";
    }

    @Override
    public String machineName() {
        return "Vitrine";
    }

    @Override
    public Display display() {
        return display;
    }

    @Override
    public InputPort openInput(String client) {
        return new RecordingPort();
    }

    @Override
    public ThreadFactory threads() {
        ThreadFactory factory =
                Thread.ofVirtual()
                        .name("test0-", 0)
                        .uncaughtExceptionHandler((thread, crash) -> crashes.add(crash))
                        .factory();
        return task -> {
            Thread thread = factory.newThread(task);
            threads.add(thread);
            return thread;
        };
    }

    @Override
    public Logger logger() {
        return LoggerFactory.getLogger("frontend.test0");
    }

    @Override
    public void clientConnected(FrontendStatus.Client client) {
        events.add("connected " + client.address());
    }

    @Override
    public void clientDisconnected(FrontendStatus.Client client, String reason) {
        events.add("disconnected " + client.address());
    }

    private final class RecordingPort implements InputPort {

        private final Set<KeyCode> keys = ConcurrentHashMap.newKeySet();
        private final Set<PointerButton> buttons = ConcurrentHashMap.newKeySet();
        private volatile boolean closed;

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
                input.add(event);
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
            keys.forEach(key -> input.add(new InputEvent.Key(key, false)));
            buttons.forEach(button -> input.add(new InputEvent.Button(button, false)));
            keys.clear();
            buttons.clear();
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                releaseAll();
                closed = true;
            }
        }
    }
}
