package org.vitrine.frontend.rdp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.slf4j.Logger;
import org.vitrine.frontend.rdp.codec.ConnectionRequest;
import org.vitrine.frontend.rdp.codec.Negotiation;
import org.vitrine.frontend.rdp.codec.RdpSyntaxException;
import org.vitrine.frontend.rdp.codec.SecurityProtocols;
import org.vitrine.frontend.rdp.codec.Tpkt;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendStatus;

/**
 * One client's connection: moves bytes between the socket and the {@link Negotiation}. Runs on its
 * own thread.
 */
final class RdpStubSession implements Runnable {

    /** Bytes of a farewell that are read before closing, so that the client gets to read ours. */
    private static final int MAX_DRAIN = 1 << 16;

    private final FrontendContext context;
    private final Socket socket;
    private final Counters counters;
    private final Negotiation negotiation = new Negotiation();
    private final Duration patience;
    private final long deadline;
    private final String address;
    private volatile FrontendStatus.Client client;
    private volatile boolean detached;

    /**
     * A connection.
     *
     * @param patience how long it may last
     */
    RdpStubSession(FrontendContext context, Socket socket, Counters counters, Duration patience) {
        this.context = context;
        this.socket = socket;
        this.counters = counters;
        this.patience = patience;
        this.deadline = System.nanoTime() + patience.toNanos();
        InetSocketAddress remote = (InetSocketAddress) socket.getRemoteSocketAddress();
        String host = remote.getAddress().getHostAddress();
        this.address = (host.contains(":") ? "[" + host + "]" : host) + ":" + remote.getPort();
        this.client = new FrontendStatus.Client(address, "has not asked for anything yet");
    }

    /** The client, as far as it has told who it is. */
    FrontendStatus.Client client() {
        return client;
    }

    @Override
    public void run() {
        Logger logger = context.logger();
        context.clientConnected(client);
        String reason = "closed by the client";
        try (socket) {
            reason = talk();
        } catch (RdpSyntaxException e) {
            counters.malformed.increment();
            reason = "not RDP: " + e.getMessage();
        } catch (SocketTimeoutException e) {
            reason = "did not finish within " + patience.toMillis() + " ms";
        } catch (IOException e) {
            // The client has gone, or the frontend closed the socket to detach.
        } finally {
            if (detached) {
                reason = "detached";
            }
            logger.info("client {} ({}): {}", address, client.description(), reason);
            context.clientDisconnected(client, reason);
        }
    }

    private String talk() throws IOException, RdpSyntaxException {
        InputStream in = socket.getInputStream();
        while (true) {
            byte[] tpdu = read(in);
            Negotiation.Step step = negotiation.take(tpdu);
            introduce();
            count(step);
            byte[] packet = Tpkt.wrap(step.reply());
            socket.getOutputStream().write(packet);
            counters.bytesSent.add(packet.length);
            if (step.end() != null) {
                farewell(in);
                return step.end();
            }
        }
    }

    private byte[] read(InputStream in) throws IOException, RdpSyntaxException {
        byte[] header = exactly(in, Tpkt.HEADER_SIZE);
        return exactly(in, Tpkt.bodyLength(header, negotiation.maxLength()));
    }

    private byte[] exactly(InputStream in, int count) throws IOException {
        byte[] bytes = new byte[count];
        for (int have = 0; have < count; ) {
            limitTime();
            int more = in.read(bytes, have, count - have);
            if (more < 0) {
                throw new EOFException();
            }
            have += more;
            counters.bytesReceived.add(more);
        }
        return bytes;
    }

    /**
     * Lets the next read last no longer than the conversation may, however slowly its bytes drip.
     */
    private void limitTime() throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException();
        }
        socket.setSoTimeout((int) left);
    }

    /** Notes who the client is, from its request. */
    private void introduce() {
        ConnectionRequest request = negotiation.request();
        String who = request.user() != null ? "user " + request.user() + ", " : "";
        String token =
                request.routingToken() != null ? "token " + request.routingToken() + ", " : "";
        client =
                new FrontendStatus.Client(
                        address,
                        who
                                + token
                                + (request.negotiates()
                                        ? "offers " + SecurityProtocols.names(request.protocols())
                                        : "does not negotiate security"));
    }

    private void count(Negotiation.Step step) {
        if (negotiation.state() == Negotiation.State.WANTS_MCS) {
            counters.confirmed.increment();
        } else if (step.end() != null
                && negotiation.request().protocols() != SecurityProtocols.RDP) {
            counters.refused.increment();
        }
    }

    /**
     * Lets the client read the last answer: a socket that is closed with bytes unread is reset, and
     * the answer lost on the way.
     */
    private void farewell(InputStream in) {
        byte[] rest = new byte[4096];
        try {
            socket.shutdownOutput();
            for (int drained = 0; drained < MAX_DRAIN; ) {
                limitTime();
                int count = in.read(rest);
                if (count < 0) {
                    return;
                }
                drained += count;
            }
        } catch (IOException e) {
            // It went without a word, or stayed too long: all that was to be said has been said.
        }
    }

    /** Ends the session from another thread. */
    void close() {
        detached = true;
        try {
            socket.close();
        } catch (IOException e) {
            context.logger().debug("client {}: closing failed", address, e);
        }
    }
}
