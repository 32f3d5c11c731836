package org.vitrine.core.memory;

/** Told by {@link PhysicalMemory} what makes answers that were kept from it stale. Called on the vCPU thread. */
public interface PageWatcher {

    /** Pages were mapped otherwise: everything kept about physical memory is stale. */
    void mappingChanged();

    /** Writes to this page must be seen by {@link PhysicalMemory} from now on. */
    void writesWatched(long page);

    /** A watched code page is about to be written: what was decoded from it is stale. */
    void codeWritten(long page);
}
