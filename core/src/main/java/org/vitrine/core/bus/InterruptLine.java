package org.vitrine.core.bus;

/** One wire that asks for attention. Driven by the vCPU thread. */
@FunctionalInterface
public interface InterruptLine {

    /**
     * A wire that ends nowhere. No constant: lambdas of an interface that has to be initialised
     * start slowly.
     */
    static InterruptLine unconnected() {
        return level -> {};
    }

    /** Drives the wire high or low; driving it to the level that it has changes nothing. */
    void set(boolean high);

    /** A rising and a falling edge, as edge-triggered devices give. */
    default void pulse() {
        set(true);
        set(false);
    }
}
