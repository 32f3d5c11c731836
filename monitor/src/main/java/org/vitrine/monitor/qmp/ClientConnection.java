package org.vitrine.monitor.qmp;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/** A client of a monitor's socket, whatever it speaks. */
interface ClientConnection {

    /** Makes the connection of a client that has come. */
    @FunctionalInterface
    interface Factory {

        /**
         * @param ended told once, when the connection has ended
         */
        ClientConnection make(SocketChannel channel, Consumer<ClientConnection> ended)
                throws IOException;
    }

    /** Begins to serve, on threads of its own. */
    void start();

    /** Reads no more, and ends when what was read has been answered. */
    void finish();

    /** Breaks the connection off, whatever is left to say. Does not wait. */
    void hangUp();

    /** Waits for the end, which comes within a few seconds. */
    void awaitEnd();
}
