package org.vitrine.frontend.vnc;

import org.vitrine.spi.FrontendException;
import org.vitrine.spi.OptionSchema;
import org.vitrine.spi.OptionValues;

/**
 * How to serve.
 *
 * @param host address to listen on
 * @param port first port to try, 0 for any free one
 * @param to last port to try, or 0 for {@code port} alone
 * @param password what clients must give, or null for nothing
 * @param maxClients how many may be connected
 * @param sharing what becomes of the others when a client wants the screen for itself
 */
record VncOptions(String host, int port, int to, String password, int maxClients, Sharing sharing) {

    /** All but the password. */
    @Override
    public String toString() {
        return host + ":" + port + (password == null ? "" : ", with a password");
    }

    /** What becomes of a client's wish for exclusive access; QEMU's {@code share} option. */
    enum Sharing {
        /** It drops the others, and keeps new ones out. */
        ALLOW_EXCLUSIVE("allow-exclusive"),
        /** A client with that wish is turned away. */
        FORCE_SHARED("force-shared"),
        /** It has no effect. */
        IGNORE("ignore");

        private final String word;

        Sharing(String word) {
            this.word = word;
        }

        static Sharing of(String word) {
            for (Sharing sharing : values()) {
                if (sharing.word.equals(word)) {
                    return sharing;
                }
            }
            throw new IllegalArgumentException("no sharing is called " + word);
        }
    }

    static final OptionSchema SCHEMA =
            OptionSchema.builder()
                    .string("host", "address to listen on", "127.0.0.1")
                    .integer("port", "TCP port, 0 for any free one", 5900, 0, 65535)
                    .integer(
                            "to",
                            "try the ports from 'port' up to this one; 0: 'port' alone",
                            0,
                            0,
                            65535)
                    .secret("password", "what a client must give; the first 8 characters count")
                    .integer("max-clients", "how many clients may be connected", 32, 1, 1024)
                    .choice(
                            "shared",
                            "a client that wants the screen for itself: drops the others, is turned away, or is not heeded",
                            Sharing.ALLOW_EXCLUSIVE.word,
                            Sharing.ALLOW_EXCLUSIVE.word,
                            Sharing.FORCE_SHARED.word,
                            Sharing.IGNORE.word)
                    .build();

    /**
     * Options from checked values.
     *
     * @throws FrontendException when they do not go together
     */
    static VncOptions of(OptionValues values) throws FrontendException {
        VncOptions options =
                new VncOptions(
                        values.string("host"),
                        (int) values.integer("port"),
                        (int) values.integer("to"),
                        values.string("password"),
                        (int) values.integer("max-clients"),
                        Sharing.of(values.string("shared")));
        if (options.to != 0 && (options.port == 0 || options.to < options.port)) {
            throw new FrontendException(
                    "option 'to' is the last port to try, so it can't be "
                            + options.to
                            + " when 'port' is "
                            + options.port);
        }
        if ("".equals(options.password)) {
            throw new FrontendException(
                    "option 'password' is empty; leave it out to let everybody in");
        }
        return options;
    }
}
