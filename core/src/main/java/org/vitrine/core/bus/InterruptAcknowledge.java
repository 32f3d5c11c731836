package org.vitrine.core.bus;

/** The interrupt controller's answer to the processor's acknowledge cycle. On the vCPU thread. */
@FunctionalInterface
public interface InterruptAcknowledge {

    /** Takes the request of highest priority into service and returns its vector, 0 to 255. */
    int acknowledge();

    /** IA32_APIC_BASE; 0 where no local APIC stands between the controller and the processor. */
    default long apicBase() {
        return 0;
    }

    /** Writes IA32_APIC_BASE; false when that can't be its value, and nothing was done. */
    default boolean setApicBase(long value) {
        return false;
    }
}
