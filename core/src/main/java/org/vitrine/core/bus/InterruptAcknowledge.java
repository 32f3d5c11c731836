package org.vitrine.core.bus;

/** The interrupt controller's answer to the processor's acknowledge cycle. On the vCPU thread. */
@FunctionalInterface
public interface InterruptAcknowledge {

    /** Takes the request of highest priority into service and returns its vector, 0 to 255. */
    int acknowledge();
}
