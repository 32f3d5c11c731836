package org.vitrine.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prints how fast the CPU runs programs of known length, beside Bochs, which interprets too, and
 * beside QEMU, which translates. {@code docs/benchmarks.md} says how.
 */
public final class CpuBenchmark {

    private static final int ROUNDS = 3;

    private CpuBenchmark() {}

    /**
     * The argument {@code --quick} makes runs short, and their figures rougher; names of programs
     * after it leave the others out.
     */
    public static void main(String[] arguments) throws Exception {
        List<String> options = new ArrayList<>(List.of(arguments));
        boolean quick = options.remove("--quick");
        boolean alone = options.remove("--alone");
        List<CpuProgram> programs = chosen(options);
        long millis = quick ? 150 : 700;
        System.out.printf(
                "CPU on %d processors, load %.2f; a second is one of processor time%n",
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        Path folder = Files.createTempDirectory("vitrine-cpu");
        try {
            List<PeerCpu> peers = alone ? List.of() : PeerCpu.installed(folder);
            OwnCpu own = new OwnCpu();
            warmUp(own, quick ? 300 : 600);
            Map<CpuProgram, double[][]> figures = new EnumMap<>(CpuProgram.class);
            for (CpuProgram program : programs) {
                figures.put(program, new double[1 + peers.size()][ROUNDS]);
            }
            own.forgetAllocation();
            for (int round = 0; round < ROUNDS; round++) {
                for (CpuProgram program : programs) {
                    double[][] figure = figures.get(program);
                    figure[0][round] = program.speed(own.measure(program, millis));
                    for (int n = 0; n < peers.size(); n++) {
                        figure[n + 1][round] = program.speed(peers.get(n).measure(program, millis));
                    }
                }
            }
            print(figures, peers, own);
        } finally {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    /**
     * Runs all programs, since what was run decides what the compiler makes of the interpreter, and
     * waits until the compiler has nothing left to do.
     */
    private static void warmUp(OwnCpu own, long millis) throws IOException, InterruptedException {
        for (int turn = 0; turn < 2; turn++) {
            for (CpuProgram program : CpuProgram.values()) {
                own.measure(program, millis);
            }
        }
        JitCompiler.awaitRest();
    }

    private static List<CpuProgram> chosen(List<String> names) {
        List<CpuProgram> chosen = new ArrayList<>();
        for (String name : names) {
            try {
                chosen.add(CpuProgram.valueOf(name.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                System.err.printf(
                        "no program is named %s; usage: bench/run cpu [--quick] [--alone]"
                                + " [PROGRAM...], with programs of %s%n",
                        name, Arrays.toString(CpuProgram.values()).toLowerCase(Locale.ROOT));
                System.exit(2);
            }
        }
        return chosen.isEmpty() ? List.of(CpuProgram.values()) : chosen;
    }

    private static void print(
            Map<CpuProgram, double[][]> figures, List<PeerCpu> peers, OwnCpu own) {
        System.out.printf("%n%-24s %6s %9s", "", "", "Vitrine");
        for (PeerCpu peer : peers) {
            System.out.printf(" %9s %7s", peer.name(), "ratio");
        }
        System.out.printf("  bytes allocated%n");
        int slower = 0;
        for (Map.Entry<CpuProgram, double[][]> entry : figures.entrySet()) {
            CpuProgram program = entry.getKey();
            double speed = median(entry.getValue()[0]);
            System.out.printf("%-24s %6s %9.1f", program.label, program.unit(), speed);
            for (int n = 0; n < peers.size(); n++) {
                double peer = median(entry.getValue()[n + 1]);
                System.out.printf(" %9.1f %7.2f", peer, speed / peer);
                slower += peers.get(n).name().equals(PeerCpu.BOCHS) && speed < peer ? 1 : 0;
            }
            System.out.printf("  %.1f%n", own.allocatedByMillion(program));
        }
        if (peers.stream().anyMatch(peer -> peer.name().equals(PeerCpu.BOCHS))) {
            System.out.printf("%nslower than Bochs: %d of %d programs%n", slower, figures.size());
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
