package org.vitrine.spi.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
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

/**
 * A frontend's host for tests: keeps the input that the frontend sends, and the threads that it
 * makes.
 */
public class RecordingContext implements FrontendContext {

    private final String id;
    private final Display display;
    private final RecordedInput input;
    private final BlockingQueue<String> events;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<Throwable> crashes = new CopyOnWriteArrayList<>();
    private volatile boolean detached;

    public RecordingContext(Display display) {
        this("test0", display, new RecordedInput(), new LinkedBlockingQueue<>());
    }

    /** One of several frontends at the same guest, which share its input and their events. */
    RecordingContext(
            String id, Display display, RecordedInput input, BlockingQueue<String> events) {
        this.id = id;
        this.display = display;
        this.input = input;
        this.events = events;
    }

    /**
     * Does what a host does before it closes the frontend: from now on there are no new threads and
     * no input, and what threads throw is nobody's business any more.
     */
    void detach() {
        detached = true;
    }

    /** The next input event; fails when none comes within {@link TestHost#PATIENCE}. */
    public InputEvent nextInput() throws InterruptedException {
        return input.next();
    }

    /** Whether no input event waits to be taken. */
    public boolean inputIsEmpty() {
        return input.isEmpty();
    }

    /** How many input ports the frontend holds open. */
    public int openInputs() {
        return input.openPorts();
    }

    /** The client events that have come and were not taken, in their order. */
    public List<String> takeEvents() {
        List<String> taken = new ArrayList<>();
        events.drainTo(taken);
        return taken;
    }

    /**
     * The next client event, as {@code "connected 127.0.0.1:4711"}; fails when none comes within
     * {@link TestHost#PATIENCE}.
     */
    public String nextEvent() throws InterruptedException {
        String event = events.poll(TestHost.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (event == null) {
            throw new AssertionError("no client event came");
        }
        return event;
    }

    /**
     * Waits until every thread that the frontend made has ended; fails when one has not within
     * {@link TestHost#PATIENCE}.
     */
    public void awaitNoThreads() throws InterruptedException {
        for (Thread thread : threads) {
            if (!thread.join(TestHost.PATIENCE)) {
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
        return id;
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
        InputPort port = input.openPort();
        if (detached) {
            port.close();
        }
        return port;
    }

    @Override
    public ThreadFactory threads() {
        ThreadFactory factory =
                Thread.ofVirtual()
                        .name(id + "-", 0)
                        .uncaughtExceptionHandler((thread, crash) -> {
                            if (!detached) {
                                crashes.add(crash);
                            }
                        })
                        .factory();
        return task -> {
            if (detached) {
                throw new IllegalStateException("frontend " + id + " is detached");
            }
            Thread thread = factory.newThread(task);
            threads.add(thread);
            return thread;
        };
    }

    @Override
    public Logger logger() {
        return LoggerFactory.getLogger("frontend." + id);
    }

    @Override
    public void clientConnected(FrontendStatus.Client client) {
        events.add("connected " + client.address());
    }

    @Override
    public void clientDisconnected(FrontendStatus.Client client, String reason) {
        events.add("disconnected " + client.address());
    }
}
