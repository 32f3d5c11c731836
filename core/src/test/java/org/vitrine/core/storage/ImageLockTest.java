package org.vitrine.core.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.spi.testkit.Needs;

/** Who may use an image beside whom: in this process, and beside QEMU's tools. */
class ImageLockTest {

    @TempDir private Path folder;

    private Path file;

    @BeforeEach
    void make() throws IOException {
        file = Files.write(folder.resolve("disk.qcow2"), new byte[0]);
        try (ImageFile empty = ImageFile.open(file, true, new HashSet<>())) {
            Qcow2Image.create(empty, 1 << 20);
        }
    }

    private DiskImage open(boolean readOnly) throws IOException {
        return new ImageRequest(file, ImageFormat.QCOW2, readOnly, false).open();
    }

    private void assertRefused(boolean readOnly, String lock) {
        IOException refused = assertThrows(IOException.class, () -> open(readOnly).close());
        assertTrue(
                refused.getMessage()
                        .startsWith(
                                "Could not open '" + file + "': Failed to get " + lock + " lock"),
                refused::getMessage);
    }

    @Test
    void oneWriterExcludesAllOthersInThisProcess() throws IOException {
        DiskImage writer = open(false);
        assertRefused(false, "\"write\"");
        assertRefused(true, "\"write\"");
        writer.close();
        open(false).close();
    }

    @Test
    void readersShareAnImageAndExcludeWriters() throws IOException {
        DiskImage first = open(true);
        DiskImage second = open(true);
        first.close();
        assertRefused(false, "\"write\"");
        second.close();
        open(false).close();
    }

    @Test
    void qemuIsKeptAwayFromAnImageThatIsWritten() throws IOException, InterruptedException {
        try (DiskImage writer = open(false)) {
            assertEquals(1 << 20, writer.size());
            QemuTools.Answer info = QemuTools.ask("qemu-img", "info", file);
            assertEquals(1, info.status(), info.text());
            assertTrue(info.text().contains("Failed to get shared \"write\" lock"), info.text());
            QemuTools.Answer write =
                    QemuTools.ask("qemu-io", "-f", "qcow2", "-c", "write 0 512", file);
            assertTrue(write.text().contains("Failed to get \"write\" lock"), write.text());
        }
        QemuTools.run("qemu-io", "-f", "qcow2", "-c", "write 0 512", file);
    }

    @Test
    void qemuMayReadAnImageThatIsReadButNotWriteIt() throws IOException, InterruptedException {
        try (DiskImage reader = open(true)) {
            assertTrue(reader.readOnly());
            QemuTools.run("qemu-img", "info", "-f", "qcow2", file);
            QemuTools.Answer write =
                    QemuTools.ask("qemu-io", "-f", "qcow2", "-c", "write 0 512", file);
            assertTrue(write.text().contains("Failed to get \"write\" lock"), write.text());
        }
    }

    @Test
    void anImageThatQemuWritesIsRefused() throws IOException {
        try (QemuIo qemu = new QemuIo("-f", "qcow2", file.toString())) {
            qemu.ready();
            assertRefused(false, "\"write\"");
            assertRefused(true, "shared \"write\"");
        }
    }

    @Test
    void anImageThatQemuReadsCanBeReadButNotWritten() throws IOException {
        try (QemuIo qemu = new QemuIo("-r", "-f", "qcow2", file.toString())) {
            qemu.ready();
            assertRefused(false, "\"write\"");
            open(true).close();
        }
    }

    /** A {@code qemu-io} that keeps an image open until it is told to end. */
    private static final class QemuIo implements AutoCloseable {

        private final Process process;
        private final BufferedReader output;

        QemuIo(String... arguments) throws IOException {
            Needs.programs("qemu-io");
            ProcessBuilder builder = new ProcessBuilder("qemu-io");
            builder.command().addAll(List.of(arguments));
            process = builder.redirectErrorStream(true).start();
            output =
                    new BufferedReader(
                            new InputStreamReader(
                                    process.getInputStream(), StandardCharsets.UTF_8));
        }

        /** Waits until it has opened the image. */
        void ready() throws IOException {
            process.getOutputStream().write("read 0 512\n".getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            String line = output.readLine();
            assertTrue(line != null && line.contains("read 512/512"), line);
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            process.onExit().join();
        }
    }
}
