package org.vitrine.core.memory;

import java.util.BitSet;

/**
 * Which pages of a block were written since they were last taken. Used by the vCPU thread alone.
 */
public final class DirtyLog {

    private final PhysicalMemory memory;
    private final RamBlock block;
    private long address;
    private final BitSet dirty;
    private final int pages;

    DirtyLog(PhysicalMemory memory, RamBlock block, long address) {
        this.memory = memory;
        this.block = block;
        this.address = address;
        this.pages = (int) (block.size() >>> PhysicalMemory.PAGE_SHIFT);
        this.dirty = new BitSet(pages);
        dirty.set(0, pages);
    }

    /** The block was mapped elsewhere (or nowhere, -1): every page counts as dirty. */
    public void moved(long newAddress) {
        address = newAddress;
        dirty.set(0, pages);
    }

    /** Marks the page of this offset in the block. */
    public void mark(long offset) {
        dirty.set((int) (offset >>> PhysicalMemory.PAGE_SHIFT));
    }

    /** Marks every page. */
    public void markAll() {
        dirty.set(0, pages);
    }

    boolean contains(long host) {
        return host >= block.address() && host < block.address() + block.size();
    }

    void markHost(long host) {
        mark(host - block.address());
    }

    /** Whether any page is dirty. */
    public boolean any() {
        return !dirty.isEmpty();
    }

    /** The first dirty page at or after this one, or -1. */
    public int next(int page) {
        return dirty.nextSetBit(page);
    }

    /** Makes these pages clean, and watches them for the next write. */
    public void clean(int fromPage, int toPage) {
        if (address >= 0) {
            for (int page = dirty.nextSetBit(fromPage);
                    page >= 0 && page < toPage;
                    page = dirty.nextSetBit(page + 1)) {
                memory.watchClean((address >>> PhysicalMemory.PAGE_SHIFT) + page);
            }
        }
        dirty.clear(fromPage, toPage);
    }
}
