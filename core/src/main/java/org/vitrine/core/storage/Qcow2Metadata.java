package org.vitrine.core.storage;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Which clusters of a qcow2 image hold its tables, so that an image whose tables contradict one
 * another is not made worse: nothing else is written there.
 */
final class Qcow2Metadata {

    private final ImageFile file;
    private final int clusterBits;
    private final Set<Long> clusters = new HashSet<>();

    Qcow2Metadata(ImageFile file, int clusterBits) {
        this.file = file;
        this.clusterBits = clusterBits;
    }

    /** Notes that a table lies in these bytes. */
    void add(long offset, long length) {
        for (long at = offset >>> clusterBits; at << clusterBits < offset + length; at++) {
            clusters.add(at);
        }
    }

    void remove(long offset, long length) {
        for (long at = offset >>> clusterBits; at << clusterBits < offset + length; at++) {
            clusters.remove(at);
        }
    }

    /**
     * Refuses to use a table's cluster for anything else.
     *
     * @param use what the cluster at this offset is to be, for people
     */
    void keepFrom(long offset, String use) throws IOException {
        if (clusters.contains(offset >>> clusterBits)) {
            throw Qcow2Header.corrupt(
                    file,
                    use
                            + " would overwrite a table at "
                            + offset
                            + "; 'qemu-img check' tells more");
        }
    }
}
