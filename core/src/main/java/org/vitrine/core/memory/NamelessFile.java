package org.vitrine.core.memory;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Shared memory that other processes of the same user can map, and that leaves nothing behind
 * however this process ends: a file that lost its name as soon as it had been made. Others reach it
 * through this process's descriptor of it. Immutable.
 */
public final class NamelessFile {

    private static final File SHARED_MEMORY = new File("/dev/shm");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final Path formerName;
    private final MemorySegment memory;

    // Reached by nobody, and open for its descriptor's sake as long as this object is.
    @SuppressWarnings("unused")
    private final FileChannel channel;

    /**
     * Zeroed, page-aligned memory that takes no room until it is touched.
     *
     * @param size bytes
     * @throws UncheckedIOException when the host has no room for a sparse file of this size
     */
    public NamelessFile(long size) {
        File folder =
                SHARED_MEMORY.getUsableSpace() >= size
                        ? SHARED_MEMORY
                        : new File(System.getProperty("java.io.tmpdir"));
        formerName =
                folder.toPath()
                        .toAbsolutePath()
                        .resolve(
                                "vitrine-"
                                        + Long.toHexString(ThreadLocalRandom.current().nextLong())
                                        + ".display");
        try {
            channel = PrivateFile.create(formerName);
            Files.delete(formerName);
            memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, size, Arena.ofAuto());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "can't allocate " + size + " bytes through " + formerName, e);
        }
    }

    /** The memory itself. */
    public MemorySegment memory() {
        return memory;
    }

    /** Why access to it fails, when that can be told: one clause for a person; else null. */
    public String failure() {
        return MemorySource.full(formerName.getParent(), List.of(MemorySource.DISPLAY));
    }

    /**
     * Where another process of the same user can open the file while this object is reachable:
     * {@code /proc/PID/fd/N}. Null when this system has no such folder.
     *
     * @throws UncheckedIOException when it can't be read
     */
    public Path path() {
        File[] descriptors = DESCRIPTORS.toFile().listFiles();
        if (descriptors == null) {
            return null;
        }
        String link = formerName + " (deleted)";
        for (File descriptor : descriptors) {
            try {
                if (Files.readSymbolicLink(descriptor.toPath()).toString().equals(link)) {
                    return Path.of(
                            "/proc/" + ProcessHandle.current().pid() + "/fd", descriptor.getName());
                }
            } catch (NoSuchFileException closedMeanwhile) {
                // As the one through which the folder is read.
            } catch (IOException e) {
                throw new UncheckedIOException("can't read the link " + descriptor, e);
            }
        }
        throw new IllegalStateException("no descriptor in " + DESCRIPTORS + " is of " + formerName);
    }
}
