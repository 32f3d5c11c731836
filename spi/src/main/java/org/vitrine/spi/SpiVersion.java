package org.vitrine.spi;

/**
 * The version of this SPI.
 *
 * <p>A provider returns {@link #CURRENT} from {@link FrontendProvider#spiVersion()}. It is a
 * compile-time constant, so a plugin carries the version that it was compiled against. The host
 * accepts a plugin with the same major version and a minor version that is not later than its own.
 *
 * @since 1.0
 */
public final class SpiVersion {

    private SpiVersion() {}

    public static final int MAJOR = 1;
    public static final int MINOR = 0;

    /** {@code "MAJOR.MINOR"} as the compiler sees it. */
    public static final String CURRENT = MAJOR + "." + MINOR;
}
