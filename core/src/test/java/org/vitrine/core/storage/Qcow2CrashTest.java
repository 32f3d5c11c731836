package org.vitrine.core.storage;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process that writes to an image is killed: what it flushed is there, and the image is sound.
 */
class Qcow2CrashTest {

    private static final int SIZE = 24 << 20;
    private static final int SECTORS = SIZE / 512;

    private static final int WRITES_BETWEEN_FLUSHES = 7;

    @TempDir private Path folder;

    /** What the writer does, one after another: known to both processes by the seed. */
    private record Write(int sector, int count) {

        static Write next(Random random) {
            int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 300 : 8);
            return new Write(random.nextInt(SECTORS - count), count);
        }

        ByteBuffer data(int number) {
            ByteBuffer data = ByteBuffer.allocate(count * 512);
            for (int i = 0; i < count; i++) {
                data.putInt(i * 512, number);
            }
            return data;
        }
    }

    /** The process that is killed. Prints a line after each flush. */
    static final class Writer {

        private Writer() {}

        public static void main(String[] arguments) throws IOException {
            Random random = new Random(Long.parseLong(arguments[1]));
            try (DiskImage image =
                    new ImageRequest(Path.of(arguments[0]), ImageFormat.QCOW2, false, false)
                            .open()) {
                for (int number = 1; ; number++) {
                    Write write = Write.next(random);
                    image.write(write.sector() * 512L, write.data(number));
                    if (number % WRITES_BETWEEN_FLUSHES == 0) {
                        image.flush();
                        System.out.println(number);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster_size=64k", "cluster_size=512,refcount_bits=64", "snapshots"})
    void aKilledWriterLeavesASoundImage(String options) throws Exception {
        Path image = folder.resolve("disk.qcow2");
        QemuTools.run(
                "qemu-img",
                "create",
                "-q",
                "-f",
                "qcow2",
                "-o",
                options.equals("snapshots") ? "cluster_size=4k" : options,
                image,
                SIZE);
        if (options.equals("snapshots")) {
            QemuTools.run("qemu-io", "-c", "write -P 0 0 8M", image);
            QemuTools.run("qemu-img", "snapshot", "-c", "before", image);
        }
        long seed = new Random().nextLong();
        int flushed = writeAndKill(image, seed, 5 + new Random(seed).nextInt(60));

        QemuTools.Answer check = QemuTools.check(image);
        assertTrue(check.status() == 0 || check.status() == 3, () -> check.text() + "seed " + seed);
        assertKept(image, seed, flushed);
        QemuTools.run("qemu-img", "check", "-q", "-r", "leaks", image);
    }

    private static int writeAndKill(Path image, long seed, int lines) throws IOException {
        Process writer =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-XX:TieredStopAtLevel=1",
                                        "-cp",
                                        System.getProperty(
                                                "surefire.test.class.path",
                                                System.getProperty("java.class.path")),
                                        Writer.class.getName(),
                                        image.toString(),
                                        Long.toString(seed)))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        int flushed = 0;
        try (BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < lines; i++) {
                flushed = Integer.parseInt(output.readLine());
            }
            // The writer goes on meanwhile, and is killed wherever it is.
            writer.destroyForcibly().onExit().join();
        }
        return flushed;
    }

    private static void assertKept(Path file, long seed, int flushed) throws IOException {
        int[] kept = new int[SECTORS];
        Random random = new Random(seed);
        for (int number = 1; number <= flushed; number++) {
            Write write = Write.next(random);
            for (int i = 0; i < write.count(); i++) {
                kept[write.sector() + i] = number;
            }
        }
        ByteBuffer sector = ByteBuffer.allocate(512);
        try (DiskImage image = ImageRequest.of(file).asReadOnly().open()) {
            for (int i = 0; i < SECTORS; i++) {
                image.read(i * 512L, sector.clear());
                int there = sector.getInt(0);
                int at = i;
                assertTrue(
                        there >= kept[i],
                        () ->
                                "sector "
                                        + at
                                        + " has write "
                                        + there
                                        + ", not "
                                        + kept[at]
                                        + " or a later one; seed "
                                        + seed);
            }
        }
    }
}
