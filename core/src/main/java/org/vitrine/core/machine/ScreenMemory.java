package org.vitrine.core.machine;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.vitrine.core.memory.MemorySource;
import org.vitrine.core.memory.NamelessFile;
import org.vitrine.spi.display.DisplayLayout;

/**
 * Where a machine's screen is published: the source's file when it has one for it, else a nameless
 * one, so that frontends in other processes can always map it. Immutable.
 */
final class ScreenMemory {

    private final Path file;
    private final NamelessFile nameless;
    private final MemorySegment memory;

    ScreenMemory(MemorySource source) {
        file = source.file(MemorySource.DISPLAY);
        nameless = file == null ? new NamelessFile(DisplayLayout.SIZE) : null;
        memory =
                file == null
                        ? nameless.memory()
                        : source.allocate(MemorySource.DISPLAY, DisplayLayout.SIZE);
    }

    MemorySegment memory() {
        return memory;
    }

    /** Whether it is a file of the source's. */
    boolean named() {
        return file != null;
    }

    /** Why access to it fails, when that can be told, else null. */
    String failure() {
        return nameless == null ? null : nameless.failure();
    }

    /** Where others find it, or null when they can't. */
    Path path() {
        return file != null ? file : nameless.path();
    }
}
