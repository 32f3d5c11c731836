package org.vitrine.spi;

import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.vitrine.spi.display.Display;
import org.vitrine.spi.input.InputPort;

/**
 * What the host gives to one attached frontend. All methods may be called from any thread, until
 * the frontend is closed.
 *
 * @since 1.0
 */
public interface FrontendContext {

    /** The frontend's id, as {@code "vnc0"}. */
    String id();

    /** The machine's name, for window titles. */
    String machineName();

    /** The guest's screen. */
    Display display();

    /**
     * Opens a way to the guest's keyboard and pointer, for one client. Close it when the client
     * goes.
     *
     * @param client who it is, as {@code "127.0.0.1:40022"}; events are attributed to it
     */
    InputPort openInput(String client);

    /**
     * Makes the frontend's threads: virtual, named after the frontend, interrupted at detaching. An
     * exception that such a thread does not catch ends the frontend, and the host reports it as
     * crashed.
     */
    ThreadFactory threads();

    /** A logger with the frontend's name. */
    Logger logger();

    /** Tells the host that a client has connected. */
    void clientConnected(FrontendStatus.Client client);

    /** Tells the host that a client has gone, and why: {@code "closed by the client"}. */
    void clientDisconnected(FrontendStatus.Client client, String reason);
}
