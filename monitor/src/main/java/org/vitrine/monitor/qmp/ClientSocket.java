package org.vitrine.monitor.qmp;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client's socket, and the ways to end it. Safe for use by several threads. */
record ClientSocket(SocketChannel channel) {

    private static final Logger LOG = LoggerFactory.getLogger(ClientSocket.class);

    /** Reads as though the client had closed its side; what is left to say can still be said. */
    void endInput() {
        try {
            channel.shutdownInput();
        } catch (IOException e) {
            LOG.debug("the connection had ended", e);
        }
    }

    /** Closes; may wait for a thread that reads from it. */
    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a client's socket", e);
        }
    }

    /** Closes without waiting. */
    void hangUp() {
        Thread.startVirtualThread(this::close);
    }
}
