package org.vitrine.monitor.peer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An archive that Linux unpacks as its first file system: cpio's format "newc", as the kernel's
 * {@code Documentation/driver-api/early-userspace/buffer-format.rst} describes it.
 */
final class Initrd {

    private static final int FILE = 0100000;
    private static final int DIRECTORY = 0040000;
    private static final int MODE = 0755;

    private final ByteArrayOutputStream archive = new ByteArrayOutputStream();

    /** Adds a folder; that of its name has to be there. */
    Initrd folder(String name) {
        add(name, DIRECTORY | MODE, new byte[0]);
        return this;
    }

    /** Adds a file that may be run. */
    Initrd file(String name, byte[] content) {
        add(name, FILE | MODE, content);
        return this;
    }

    /** Writes the whole archive; returns where. */
    Path write(Path file) throws IOException {
        add("TRAILER!!!", 0, new byte[0]);
        return Files.write(file, archive.toByteArray());
    }

    private void add(String name, int mode, byte[] content) {
        String header =
                String.format(
                        "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s\0",
                        1,
                        mode,
                        0,
                        0,
                        1,
                        0,
                        content.length,
                        0,
                        0,
                        0,
                        0,
                        name.length() + 1,
                        0,
                        name);
        archive.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        pad();
        archive.writeBytes(content);
        pad();
    }

    private void pad() {
        while (archive.size() % 4 != 0) {
            archive.write(0);
        }
    }
}
