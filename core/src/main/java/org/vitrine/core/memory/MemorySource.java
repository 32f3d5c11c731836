package org.vitrine.core.memory;

import java.io.File;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a machine's memory comes from: RAM, video memory, what its ROMs hold, and the display
 * surface, each by its name.
 *
 * <p>Whoever makes a source closes what it holds, after the machine has ended; a machine only takes
 * from it. May be used by several threads, but the memory of one name is taken once.
 */
public interface MemorySource extends AutoCloseable {

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

    /** Whether each published frame is to be written to the storage device that it has. */
    default boolean synced() {
        return false;
    }

    /**
     * Why access to this memory fails, when that can be told: one clause for a person. Null when
     * nothing is known to be wrong.
     */
    default String failure() {
        return null;
    }

    /** That a folder's file system has no room for another page, or null when it has. */
    static String full(Path folder, List<String> names) {
        File store = folder.toFile();
        return store.getTotalSpace() != 0 && store.getUsableSpace() < PhysicalMemory.PAGE_SIZE
                ? "the file system of "
                        + folder
                        + " is full, where memory is kept as files: "
                        + String.join(", ", names)
                : null;
    }

    /** The machine has started: what is to be kept after it is kept from now on. */
    default void started() {}

    /** Gives up what the source holds; its memory stays as long as it is reachable. */
    @Override
    default void close() {}

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
