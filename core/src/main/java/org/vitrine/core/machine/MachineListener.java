package org.vitrine.core.machine;

/**
 * Told of a machine's events, on the vCPU thread and in their order. Must return at once, and throw
 * nothing.
 */
@FunctionalInterface
public interface MachineListener {

    void machineEvent(MachineEvent event);
}
