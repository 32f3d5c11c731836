package org.vitrine.spi;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;

/**
 * Where a frontend with a TCP server listens: the options {@code host}, {@code port} and {@code
 * to}, which mean the same in every frontend that has them.
 *
 * <pre>{@code
 * OptionSchema options = ListenAddress.declare(OptionSchema.builder(), 5900).build();
 * ...
 * ServerSocket listener = ListenAddress.of(values).bind(address -> {
 *     ServerSocket socket = new ServerSocket();
 *     socket.bind(address);
 *     return socket;
 * });
 * }</pre>
 *
 * @param host address or name to listen on
 * @param port TCP port, 0 for any free one
 * @param to last port to try when those before are in use; 0 for {@code port} alone
 * @since 1.0
 */
public record ListenAddress(String host, int port, int to) {

    private static final int LAST_PORT = 0xFFFF;

    /** Adds the three options to a schema; the host's default is loopback. */
    public static OptionSchema.Builder declare(OptionSchema.Builder schema, int defaultPort) {
        return schema.string("host", "address to listen on", "127.0.0.1")
                .integer("port", "TCP port, 0 for any free one", defaultPort, 0, LAST_PORT)
                .integer("to", "last port to try when 'port' is in use, 0: none", 0, 0, LAST_PORT);
    }

    /**
     * The address that these options give.
     *
     * @param values of a schema in which the three are {@link #declare declared}
     * @throws FrontendException when {@code to} does not fit {@code port}
     */
    public static ListenAddress of(OptionValues values) throws FrontendException {
        int port = (int) values.integer("port");
        int to = (int) values.integer("to");
        if (to != 0 && (port == 0 || to < port)) {
            throw new FrontendException(
                    "option 'to' is the last port to try, so it can't be "
                            + to
                            + " when 'port' is "
                            + port);
        }
        return new ListenAddress(values.string("host"), port, to);
    }

    /**
     * Listens at one address.
     *
     * @since 1.0
     */
    @FunctionalInterface
    public interface Binder<T> {

        /**
         * @throws BindException when the address can't be had; the next port is tried then
         */
        T bind(InetSocketAddress address) throws IOException;
    }

    /**
     * Listens at the first port that is free.
     *
     * @param binder leaves nothing open when it throws
     * @throws FrontendException when there is none, or no such host; the message is for the user
     */
    public <T> T bind(Binder<T> binder) throws FrontendException {
        int last = Math.max(port, to);
        for (int at = port; ; at++) {
            InetSocketAddress address = new InetSocketAddress(host, at);
            if (address.isUnresolved()) {
                throw new FrontendException("there is no host '" + host + "' to listen on");
            }
            try {
                return binder.bind(address);
            } catch (IOException e) {
                boolean inUse = e instanceof BindException && address.getPort() != 0 && isInUse(e);
                if (!inUse) {
                    throw new FrontendException(
                            "can't listen on port " + at + " of " + host + ": " + e.getMessage(),
                            e);
                }
                if (at >= last) {
                    throw new FrontendException(
                            (last == port
                                            ? "port " + port + " of " + host + " is"
                                            : "all ports from "
                                                    + port
                                                    + " to "
                                                    + last
                                                    + " of "
                                                    + host
                                                    + " are")
                                    + " in use",
                            e);
                }
            }
        }
    }

    /**
     * A BindException may also say that the address is not this host's, or that a port is
     * privileged.
     */
    private static boolean isInUse(IOException e) {
        return e.getMessage() != null && e.getMessage().contains("in use");
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
