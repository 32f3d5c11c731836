package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.vitrine.spi.testkit.Needs;

/** A file system that is soon full; skips the test where it can't be mounted, but in CI. */
record SmallFileSystem(Path folder) implements AutoCloseable {

    /**
     * Mounts one.
     *
     * @param parent the folder in which it is to be
     * @param size as mount's option says it
     */
    static SmallFileSystem mount(Path parent, String size)
            throws IOException, InterruptedException {
        Path folder = Files.createDirectory(parent.resolve("small"));
        String options = "size=" + size;
        boolean mounted =
                run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString()) == 0;
        Needs.that(mounted, "this test may not mount a small file system");
        return new SmallFileSystem(folder);
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** Takes all the room that is left, but for so many bytes. */
    void fill(long but) throws IOException {
        long left = folder.toFile().getUsableSpace();
        Files.write(folder.resolve("filler"), new byte[(int) (left - but)]);
    }

    void empty() throws IOException {
        Files.delete(folder.resolve("filler"));
    }

    @Override
    public void close() throws IOException {
        try {
            assertEquals(0, run("umount", "-l", folder.toString()));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
