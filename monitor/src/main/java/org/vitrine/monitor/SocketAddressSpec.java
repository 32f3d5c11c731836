package org.vitrine.monitor;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** A socket's address in QEMU's words: {@code tcp:HOST:PORT} or {@code unix:PATH}. */
final class SocketAddressSpec {

    private SocketAddressSpec() {}

    /** The address that this text names. */
    static SocketAddress parse(String option, String text) throws CommandLineException {
        if (text.startsWith("unix:") && text.length() > 5) {
            try {
                return UnixDomainSocketAddress.of(text.substring(5));
            } catch (IllegalArgumentException e) {
                throw new CommandLineException(option + " " + text + ": " + e.getMessage());
            }
        }
        if (text.startsWith("tcp:")) {
            String address = text.substring(4);
            int colon = address.lastIndexOf(':');
            if (colon >= 0) {
                try {
                    int port = Integer.parseInt(address.substring(colon + 1));
                    String host = address.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
                    return new InetSocketAddress(host.isEmpty() ? "127.0.0.1" : host, port);
                } catch (IllegalArgumentException e) {
                    throw new CommandLineException(
                            option + " " + text + ": there is no such TCP port");
                }
            }
        }
        throw new CommandLineException(
                option + " takes tcp:HOST:PORT or unix:PATH, not '" + text + "'");
    }
}
