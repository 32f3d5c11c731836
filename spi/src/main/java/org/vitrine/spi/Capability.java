package org.vitrine.spi;

/**
 * What the frontends of a provider can do beside showing the screen; for people and programs that
 * choose one. Later versions of the SPI may have more.
 *
 * @since 1.0
 */
public enum Capability {
    /** Clients can type and point: it opens input. */
    INPUT,
    /** Clients stay connected, and follow, when the guest changes the size of its screen. */
    RESIZE
}
