package org.vitrine.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Another emulator, in a process of its own, that tells the debug port's bytes at its standard
 * output.
 *
 * @param command what starts it with a ROM
 */
record PeerCpu(String name, Path folder, Function<Path, List<String>> command) {

    static final String BOCHS = "Bochs";

    private static final int SETTLING_MILLIS = 150;
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(60);

    /** Those that are here; says so of those that aren't. */
    static List<PeerCpu> installed(Path folder) throws IOException, InterruptedException {
        List<PeerCpu> peers = new ArrayList<>();
        if (Peers.present("bochs", "--help")) {
            peers.add(new PeerCpu(BOCHS, folder, rom -> bochs(folder, rom)));
        }
        if (Peers.present("qemu-system-i386")) {
            peers.add(new PeerCpu("QEMU", folder, PeerCpu::qemu));
        }
        return peers;
    }

    private static List<String> bochs(Path folder, Path rom) {
        // Debian's has the debugger built in, which waits for a command.
        return List.of(
                "bochs",
                "-q",
                "-f",
                setting(folder, "bochsrc", settings(folder, rom)),
                "-rc",
                setting(folder, "commands", "c\n"));
    }

    private static String settings(Path folder, Path rom) {
        try (InputStream in = PeerCpu.class.getResourceAsStream("bochsrc")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("$ROM", rom.toString())
                    .replace("$BOCHS_LOG", folder.resolve("bochs.log").toString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String setting(Path folder, String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text).toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> qemu(Path rom) {
        return List.of(
                "qemu-system-i386",
                "-nodefaults",
                "-display",
                "none",
                "-accel",
                "tcg",
                "-m",
                "16",
                "-bios",
                rom.toString(),
                "-debugcon",
                "stdio");
    }

    /** The turns that a second of processor time has. */
    double measure(CpuProgram program, long millis) throws IOException, InterruptedException {
        Path rom = Files.write(folder.resolve("program.rom"), program.rom());
        Process process =
                new ProcessBuilder(command.apply(rom))
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            return measure(process, program, TimeUnit.MILLISECONDS.toNanos(millis));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private double measure(Process process, CpuProgram program, long nanos) throws IOException {
        InputStream output = process.getInputStream();
        byte[] bytes = new byte[1 << 16];
        long begin = System.nanoTime();
        long settled = -1;
        long before = 0;
        long turns = 0;
        while (System.nanoTime() - begin < LONGEST) {
            int count = output.read(bytes);
            if (count < 0) {
                throw new IOException(name + " ended before " + program + " was measured");
            }
            int seen = turns(bytes, count);
            if (seen == 0) {
                continue;
            }
            long now = processorTime(process.pid());
            if (settled < 0) {
                settled = now + TimeUnit.MILLISECONDS.toNanos(SETTLING_MILLIS);
            } else if (before == 0) {
                before = now > settled ? now : 0;
            } else {
                turns += seen;
                if (now - before > nanos) {
                    return turns * 1e9 / (now - before);
                }
            }
        }
        throw new IOException(program + " does not come to its end in " + name);
    }

    private static int turns(byte[] bytes, int count) {
        int seen = 0;
        for (int n = 0; n < count; n++) {
            // The banner before has lines.
            seen = bytes[n] == '\n' ? 0 : bytes[n] == '.' ? seen + 1 : seen;
        }
        return seen;
    }

    /** What all threads of a process had of processors, in nanoseconds. */
    private static long processorTime(long pid) throws IOException {
        long sum = 0;
        try (var tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks.toList()) {
                sum += Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ")[0]);
            }
        }
        return sum;
    }
}
