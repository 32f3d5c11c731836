package org.vitrine.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.vitrine.core.storage.ImageFormat;

/**
 * Prints how fast a disk on the IDE bus master is, in MiB/s: reads and writes of 4 and 64 KiB, one
 * after another and at random places, of a raw and of a qcow2 image, beside the same transfers of a
 * file by {@code FileChannel}. All of it is in the host's page cache.
 */
public final class DiskBenchmark {

    private static final int MIB = 1 << 20;

    /** Bytes of each image: less than any page cache has, more than the processor's caches. */
    private static final int SIZE = 256 * MIB;

    private static final int WARM_UP_TURNS = 3;
    private static final int TURNS = 7;
    private static final int QUICK_TURNS = 3;
    private static final int TRANSFERS = 4096;
    private static final int QUICK_TRANSFERS = 1024;

    /** Where the transfers are, and which way they go. */
    private record Pattern(boolean write, boolean random, int length) {

        private static List<Pattern> all() {
            List<Pattern> all = new ArrayList<>();
            for (boolean write : new boolean[] {false, true}) {
                for (boolean random : new boolean[] {false, true}) {
                    all.add(new Pattern(write, random, Transfers.BLOCK));
                    all.add(new Pattern(write, random, Transfers.MOST));
                }
            }
            return all;
        }

        private String words() {
            return "%s %s, %d KiB"
                    .formatted(
                            random ? "random" : "sequential",
                            write ? "writes" : "reads",
                            length >> 10);
        }

        private long[] offsets(int count, Random places) {
            int there = SIZE / length;
            long[] offsets = new long[count];
            for (int i = 0; i < count; i++) {
                offsets[i] = (long) length * (random ? places.nextInt(there) : i % there);
            }
            return offsets;
        }
    }

    private DiskBenchmark() {}

    /** Run from anywhere; {@code --quick} makes shorter runs. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean quick = arguments.length > 0 && arguments[0].equals("--quick");
        Path folder = Files.createTempDirectory("vitrine-bench");
        Path limit = folder.resolve("limit");
        Path raw = folder.resolve("disk.img");
        Path qcow2 = folder.resolve("disk.qcow2");
        try (HostFile host = new HostFile(limit);
                Transfers worker = host.byWorker()) {
            fill(host);
            Files.copy(limit, raw);
            create(qcow2);
            try (Transfers rawDisk = new IdeDisk(raw, ImageFormat.RAW);
                    Transfers qcow2Disk = new IdeDisk(qcow2, ImageFormat.QCOW2)) {
                fill(qcow2Disk);
                measure(
                        List.of(host, worker, rawDisk, qcow2Disk),
                        quick ? QUICK_TURNS : TURNS,
                        quick ? QUICK_TRANSFERS : TRANSFERS);
            }
        } finally {
            for (Path file : List.of(limit, raw, qcow2, folder)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void fill(Transfers disk) throws IOException, InterruptedException {
        for (long offset = 0; offset < SIZE; offset += Transfers.MOST) {
            disk.write(offset, Transfers.MOST);
        }
    }

    private static void create(Path qcow2) throws IOException, InterruptedException {
        int status =
                new ProcessBuilder(
                                "qemu-img",
                                "create",
                                "-q",
                                "-f",
                                "qcow2",
                                qcow2.toString(),
                                Integer.toString(SIZE))
                        .inheritIO()
                        .start()
                        .waitFor();
        if (status != 0) {
            throw new IOException("qemu-img did not make " + qcow2);
        }
    }

    private static void measure(List<Transfers> ways, int turns, int transfers)
            throws IOException, InterruptedException {
        Random places = new Random(1);
        for (int turn = 0; turn < WARM_UP_TURNS; turn++) {
            for (Pattern pattern : Pattern.all()) {
                for (Transfers way : ways) {
                    rate(way, pattern, pattern.offsets(transfers, places));
                }
            }
            JitCompiler.awaitRest();
        }
        System.out.println("MiB/s, medians of " + turns + " turns; ratios are to FileChannel");
        System.out.printf(
                "  %-26s %11s %17s %17s %17s%n",
                "", "FileChannel", "by a worker", "IDE disk, raw", "IDE disk, qcow2");
        for (Pattern pattern : Pattern.all()) {
            double[][] rates = new double[ways.size()][turns];
            for (int turn = 0; turn < turns; turn++) {
                long[] offsets = pattern.offsets(transfers, places);
                for (int i = 0; i < rates.length; i++) {
                    rates[i][turn] = rate(ways.get(i), pattern, offsets);
                }
            }
            print(pattern, Arrays.stream(rates).mapToDouble(DiskBenchmark::median).toArray());
        }
    }

    private static void print(Pattern pattern, double... medians) {
        StringBuilder line =
                new StringBuilder("  %-26s %11.0f".formatted(pattern.words(), medians[0]));
        for (int i = 1; i < medians.length; i++) {
            line.append(" %9.0f (%5.3f)".formatted(medians[i], medians[i] / medians[0]));
        }
        System.out.println(line);
    }

    /** One turn, in MiB/s. */
    private static double rate(Transfers way, Pattern pattern, long[] offsets)
            throws IOException, InterruptedException {
        int length = pattern.length();
        long begin = System.nanoTime();
        for (long offset : offsets) {
            if (pattern.write()) {
                way.write(offset, length);
            } else {
                way.read(offset, length);
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return (double) offsets.length * length / MIB / seconds;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
