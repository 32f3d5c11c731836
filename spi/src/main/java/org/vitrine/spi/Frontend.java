package org.vitrine.spi;

/**
 * A frontend that is attached to a machine.
 *
 * <p>Methods may be called from any thread, and should return at once, {@link #close} within a few
 * seconds. An exception from any of them ends this frontend alone.
 *
 * @since 1.0
 */
public interface Frontend extends AutoCloseable {

    /** Where it can be reached, who is there, and what it counts. */
    FrontendStatus status();

    /**
     * Changes options while running.
     *
     * @param options all options, checked; those not named by the user have their present values
     * @throws FrontendException when an option can't be changed so; then nothing has changed
     */
    default void reconfigure(OptionValues options) throws FrontendException {
        throw new FrontendException(
                "this frontend's options can't be changed while it is attached");
    }

    /**
     * Detaches: closes its endpoints and its clients' connections, and ends its threads. The host
     * interrupts what is left of the threads of {@link FrontendContext#threads()} afterwards.
     * Closing again does nothing.
     */
    @Override
    void close();
}
