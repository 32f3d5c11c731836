package org.vitrine.spi.testkit;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.OptionValues;
import org.vitrine.spi.display.ScriptedDisplay;
import org.vitrine.spi.input.InputEvent;

/**
 * A guest for tests of frontends: a screen to draw on, a record of what frontends send it, and a
 * host that attaches them. A test that uses nothing else does not know in which process its
 * frontend runs. Closing it detaches what is still attached.
 */
public interface TestHost extends AutoCloseable {

    /** The longest wait for anything that should happen soon; nothing takes so long in order. */
    Duration PATIENCE = Duration.ofSeconds(60);

    /** Waits until this holds; fails when it does not within {@link #PATIENCE}. */
    static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                throw new AssertionError("what was waited for did not come");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /**
     * Waits until the other end closes the connection, whatever it says before; fails when it does
     * not within {@link #PATIENCE}. The socket's own timeout is changed.
     */
    static void awaitEnd(Socket socket) throws IOException {
        byte[] bytes = new byte[4096];
        socket.setSoTimeout((int) PATIENCE.toMillis());
        try {
            while (socket.getInputStream().read(bytes) >= 0) {
                // A greeting, or a farewell.
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("a client is still connected", e);
        } catch (IOException e) {
            // A reset is an end, too.
        }
    }

    /** The guest's screen; what it publishes frontends can read when the call returns. */
    ScriptedDisplay display();

    /**
     * Attaches a frontend.
     *
     * @throws FrontendException with the frontend's own words, when it can't start; then nothing is
     *     left behind
     */
    Frontend attach(FrontendProvider provider, OptionValues options)
            throws FrontendException, InterruptedException;

    /** The next input event; fails when none comes within {@link #PATIENCE}. */
    InputEvent nextInput() throws InterruptedException;

    /** Whether no input event waits to be taken. */
    boolean inputIsEmpty();

    /** How many input ports frontends hold open. */
    int openInputs();

    /** The client events that have come and were not taken, in their order. */
    List<String> takeEvents();

    /**
     * The next client event, as {@code "connected 127.0.0.1:4711"}; fails when none comes within
     * {@link #PATIENCE}.
     */
    String nextEvent() throws InterruptedException;

    /**
     * Waits until nothing runs any more of the frontends that were closed, neither threads nor
     * processes; fails when something does after {@link #PATIENCE}, or had to be left behind.
     */
    void awaitNothingRuns() throws InterruptedException;

    /** What frontends ended by that was not asked of them: exceptions that they did not catch. */
    List<String> crashes();

    @Override
    void close();
}
