package org.vitrine.core.memory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A second process that does something with shared maps, in a JVM of its own. */
public final class OtherProcess implements AutoCloseable {

    private static final long DEADLINE_SECONDS = 60;

    private final Process process;
    private final BufferedReader output;

    /** Starts {@link #main} with these arguments. */
    public OtherProcess(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                OtherProcess.class.getName()));
        command.addAll(List.of(arguments));
        process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The next line that it prints; null when it has ended. */
    public String line() throws IOException {
        return output.readLine();
    }

    public long pid() {
        return process.pid();
    }

    /** Its exit status. */
    public int await() throws InterruptedException {
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the other process did not end");
        }
        return process.exitValue();
    }

    /** Kills it, as kill -9 does. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    /**
     * Does one of these:
     *
     * <ul>
     *   <li>{@code start PREFIX STEP NAME=SIZE...}: makes maps and halts after so many steps, after
     *       the last step when there are fewer, which is told by {@code complete}
     *   <li>{@code hold PREFIX NAME=SIZE...}: makes maps and waits to be killed
     *   <li>{@code write FILE OFFSET HEX}: maps a file, writes bytes and ends
     *   <li>{@code read FILE}: maps a file, reads a byte, and waits to be killed
     * </ul>
     */
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "start" -> {
                int last = Integer.parseInt(arguments[2]);
                int[] steps = {0};
                SharedMaps.create(
                        request(arguments[1], List.of(arguments).subList(3, arguments.length)),
                        step -> {
                            if (++steps[0] == last) {
                                System.out.println(step);
                                System.out.flush();
                                Runtime.getRuntime().halt(9);
                            }
                        });
                System.out.println("complete");
                System.out.flush();
                Runtime.getRuntime().halt(9);
            }
            case "hold" -> {
                SharedMaps maps =
                        SharedMaps.create(
                                request(
                                        arguments[1],
                                        List.of(arguments).subList(2, arguments.length)));
                System.out.println(maps.prefix());
                System.in.read();
            }
            case "write" -> {
                byte[] bytes = HexFormat.of().parseHex(arguments[3]);
                MemorySegment map = map(arguments[1], FileChannel.MapMode.READ_WRITE);
                MemorySegment.copy(
                        bytes,
                        0,
                        map,
                        ValueLayout.JAVA_BYTE,
                        Long.decode(arguments[2]),
                        bytes.length);
            }
            case "read" -> {
                MemorySegment map = map(arguments[1], FileChannel.MapMode.READ_ONLY);
                System.out.println("byte " + map.get(ValueLayout.JAVA_BYTE, 0));
                System.in.read();
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    static SharedMaps.Request request(String prefix, List<String> sizes) {
        Map<String, Long> bytes = new LinkedHashMap<>();
        for (String size : sizes) {
            String[] words = size.split("=");
            bytes.put(words[0], Long.parseLong(words[1]));
        }
        return new SharedMaps.Request(Path.of(prefix), bytes, false, false);
    }

    private static MemorySegment map(String file, FileChannel.MapMode mode) throws IOException {
        StandardOpenOption[] options =
                mode == FileChannel.MapMode.READ_ONLY
                        ? new StandardOpenOption[] {StandardOpenOption.READ}
                        : new StandardOpenOption[] {
                            StandardOpenOption.READ, StandardOpenOption.WRITE
                        };
        try (FileChannel channel = FileChannel.open(Path.of(file), options)) {
            return channel.map(mode, 0, channel.size(), Arena.global());
        }
    }
}
