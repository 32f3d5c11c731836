package org.vitrine.core.bus;

/**
 * An interrupt line that tells its driver what becomes of its edges, so that the ticks of a timer
 * need not be lost. Used by the vCPU thread alone.
 */
public interface TickLine extends InterruptLine {

    /** What an edge would become now. */
    enum Reception {
        /** Nothing: the line is masked wherever it leads, and ticks are lost, as they should be. */
        DEAF,

        /** Nothing new: the edge before has not been taken yet. */
        OCCUPIED,

        /** An interrupt of its own. */
        READY
    }

    /** What an edge would become now. */
    Reception reception();

    /**
     * Has somebody told, from now on, whenever the processor has taken an edge of this line; an
     * edge that is given then waits for the end of the interrupt.
     */
    void onTaken(Runnable listener);
}
