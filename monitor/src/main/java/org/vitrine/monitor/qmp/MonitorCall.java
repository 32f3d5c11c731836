package org.vitrine.monitor.qmp;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import org.vitrine.monitor.command.Monitor;
import org.vitrine.monitor.command.Role;

/**
 * A monitor that calls its client: connects to somebody who listens, and serves it there ({@code
 * server=off}). When the other side hangs up, it is over.
 */
public final class MonitorCall implements AutoCloseable {

    private final ClientConnection connection;
    private volatile boolean connected = true;

    private MonitorCall(SocketAddress address, ClientConnection.Factory factory)
            throws IOException {
        boolean unix = address instanceof UnixDomainSocketAddress;
        SocketChannel channel =
                unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
        try {
            channel.connect(address);
            connection = factory.make(channel, ended -> connected = false);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw new IOException("can't connect to " + address + ": " + e.getMessage(), e);
        }
        connection.start();
    }

    /**
     * Calls a QMP client.
     *
     * @throws IOException when nobody listens there; the message is for a person
     */
    public static MonitorCall qmp(Monitor monitor, SocketAddress address, WireForm form)
            throws IOException {
        return new MonitorCall(
                address,
                (channel, ended) -> new QmpConnection(channel, monitor, Role.MONITOR, form, ended));
    }

    /** Calls somebody who speaks the human monitor's language; see {@link #qmp}. */
    public static MonitorCall human(Monitor monitor, SocketAddress address) throws IOException {
        return new MonitorCall(
                address, (channel, ended) -> new HumanConnection(channel, monitor, ended));
    }

    /** Whether the other side is still there. */
    public boolean isConnected() {
        return connected;
    }

    /** Breaks the connection off. Does not wait. */
    public void hangUp() {
        connection.hangUp();
    }

    /** Ends after what it still has to say (at most two seconds). */
    @Override
    public void close() {
        connection.finish();
        connection.awaitEnd();
    }
}
