package org.vitrine.core.memory;

import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Where a machine's memory comes from: RAM, video memory, what its ROMs hold, and the display
 * surface, each by its name.
 *
 * <p>Whoever makes a source closes what it holds, after the machine has ended; a machine only takes
 * from it. May be used by several threads, but the memory of one name is taken once.
 */
public interface MemorySource {

    /**
     * Zeroed, page-aligned memory that lives as long as it is reachable.
     *
     * @param name the block's name, as in {@link RamBlock}, or {@link #DISPLAY}
     * @param size bytes, a multiple of the page size
     * @throws UncheckedIOException when the host has no room for it
     * @throws IllegalStateException when the name's memory was taken before, or has another size
     */
    MemorySegment allocate(String name, long size);

    /** The file that the memory of this name is, absolute; null when it is no file. */
    Path file(String name);

    /** The name of the display surface. */
    String DISPLAY = "display";

    /** Memory without a file. */
    static MemorySource anonymous() {
        return new MemorySource() {
            @Override
            public MemorySegment allocate(String name, long size) {
                return HostMemory.allocate(size);
            }

            @Override
            public Path file(String name) {
                return null;
            }
        };
    }
}
