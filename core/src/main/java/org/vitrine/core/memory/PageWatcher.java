package org.vitrine.core.memory;

/**
 * Told by {@link PhysicalMemory} what makes answers that were kept from it stale. Called on the
 * vCPU thread.
 */
public interface PageWatcher {

    /** Pages were mapped otherwise: everything kept about physical memory is stale. */
    void mappingChanged();

    /** Writes to this page must be seen by {@link PhysicalMemory} from now on. */
    void writesWatched(long page);

    /**
     * Bytes of a watched code page are about to be written, or mapped otherwise; they don't cross a
     * page.
     *
     * @return whether nothing decoded is left in the page, so that it need not be watched any more
     */
    boolean codeWritten(long address, int length);
}
