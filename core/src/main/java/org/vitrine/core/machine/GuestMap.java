package org.vitrine.core.machine;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A part of a machine's memory that other processes can map.
 *
 * @param name the block's name, or {@code display}
 * @param path the file, absolute; it may have no other name than {@code /proc/PID/fd/N}
 * @param address the guest-physical address of its first byte; -1 when the guest can't reach it
 * @param size bytes
 */
public record GuestMap(String name, Path path, long address, long size) {

    public GuestMap {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(path, "path");
    }
}
