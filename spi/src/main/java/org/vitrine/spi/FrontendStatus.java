package org.vitrine.spi;

import java.util.List;
import java.util.Map;

/**
 * A frontend's account of itself at one moment.
 *
 * @param endpoints where it can be reached
 * @param clients who is connected
 * @param counters what it counts, by name, as {@code "frames"} or {@code "bytes-sent"}
 * @since 1.0
 */
public record FrontendStatus(
        List<Endpoint> endpoints, List<Client> clients, Map<String, Long> counters) {

    public FrontendStatus {
        endpoints = List.copyOf(endpoints);
        clients = List.copyOf(clients);
        counters = Map.copyOf(counters);
    }

    /**
     * A place where clients connect.
     *
     * @param protocol what is spoken there, as {@code "rfb"} or {@code "http"}
     * @param host the address it listens on
     * @param port TCP port
     * @since 1.0
     */
    public record Endpoint(String protocol, String host, int port) {

        /**
         * What a person types or clicks: {@code http://127.0.0.1:8080/}, {@code 127.0.0.1:5900}.
         */
        public String url() {
            String authority = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
            return protocol.equals("http") || protocol.equals("https")
                    ? protocol + "://" + authority + "/"
                    : protocol + "://" + authority;
        }
    }

    /**
     * A client.
     *
     * @param address the other end, {@code HOST:PORT}
     * @param description protocol version, encoding, user: whatever helps to tell clients apart
     * @since 1.0
     */
    public record Client(String address, String description) {}
}
