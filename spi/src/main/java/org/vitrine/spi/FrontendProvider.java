package org.vitrine.spi;

import java.util.Set;

/**
 * What a plugin provides: one kind of frontend. The host finds it by {@link
 * java.util.ServiceLoader} in a plugin's JAR, under {@code
 * META-INF/services/org.vitrine.spi.FrontendProvider}.
 *
 * <p>The class needs a public constructor without parameters, which should do nothing: it runs when
 * the plugin is looked at, not when it is used. All methods may be called from any thread. All but
 * {@link #attach} are called once, when the plugin is loaded, and must answer within ten seconds.
 *
 * <p>When the plugin is unloaded its class loader is collected, unless something of the JDK still
 * knows one of its classes: a thread that runs on, a shutdown hook, a JDK-wide listener, handler or
 * cache. The first {@code equals} between two records of a class of the plugin's leaves a soft
 * reference to that class in the JDK: harmless, but such a plugin goes only when memory gets short.
 *
 * @since 1.0
 */
public interface FrontendProvider {

    /**
     * The name by which users call it, as in {@code -display vnc}: lower case letters, digits and
     * dashes.
     */
    String name();

    /** One line that says what it is. */
    String description();

    /** The plugin's own version. */
    String version();

    /** Return {@link SpiVersion#CURRENT}; the compiler puts the version into the plugin. */
    String spiVersion();

    /**
     * What its frontends can do beside showing the screen; nothing when a provider does not say.
     */
    default Set<Capability> capabilities() {
        return Set.of();
    }

    /** The options that {@link #attach} understands. */
    OptionSchema options();

    /**
     * Starts a frontend.
     *
     * <p>On return it serves, or at least listens: endpoints are bound, so that a port in use is an
     * error here. On failure nothing is left behind. The call should return within a few seconds.
     *
     * @param context the guest's screen, its input and the host; valid until the frontend is closed
     * @param options checked against {@link #options()}
     * @throws FrontendException when it can't start; the message is shown to the user as it is
     * @throws InterruptedException when the host gives up waiting
     */
    Frontend attach(FrontendContext context, OptionValues options)
            throws FrontendException, InterruptedException;
}
