package org.vitrine.frontend.vnc;

import org.vitrine.spi.FrontendException;
import org.vitrine.spi.ListenAddress;
import org.vitrine.spi.OptionSchema;
import org.vitrine.spi.OptionValues;

/**
 * How to serve.
 *
 * @param address where to listen
 * @param password what clients must give, or null for nothing
 * @param maxClients how many may be connected
 * @param sharing what becomes of the others when a client wants the screen for itself
 */
record VncOptions(ListenAddress address, String password, int maxClients, Sharing sharing) {

    /** All but the password. */
    @Override
    public String toString() {
        return address + (password == null ? "" : ", with a password");
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
            ListenAddress.declare(OptionSchema.builder(), 5900)
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
                        ListenAddress.of(values),
                        values.string("password"),
                        (int) values.integer("max-clients"),
                        Sharing.of(values.string("shared")));
        if ("".equals(options.password)) {
            throw new FrontendException(
                    "option 'password' is empty; leave it out to let everybody in");
        }
        return options;
    }
}
