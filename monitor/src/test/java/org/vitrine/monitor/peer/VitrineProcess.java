package org.vitrine.monitor.peer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.vitrine.spi.testkit.BootReport;

/**
 * The emulator as users start it: a process of its own, from the built distribution, steered over
 * its JSON monitor.
 */
public final class VitrineProcess implements AutoCloseable {

    /** Generous, for slow and shared machines; nothing waits so long when all is well. */
    public static final Duration DEADLINE = Duration.ofSeconds(120);

    /** What the log may say at any time on a host with more to do than processors. */
    private static final Pattern LOAD =
            Pattern.compile(
                    "[\\d:.]+ WARN  \\S+: (no virtual thread got to run|no status: |thread \\S+ never waits).*");

    private static final Path ROOT =
            Path.of(System.getProperty("vitrine.root", "..")).toAbsolutePath().normalize();

    private final Process process;
    private final Path folder;
    private final Path output;
    private final SocketChannel channel;
    private final BufferedReader replies;
    private final Deque<JsonObject> events = new ArrayDeque<>();

    /** Starts the emulator with these options and a JSON monitor beside. */
    public VitrineProcess(String... options) throws IOException, InterruptedException {
        this(List.of(), options);
    }

    /** The same, with further options for its JVM. */
    public VitrineProcess(List<String> jvmOptions, String... options)
            throws IOException, InterruptedException {
        folder = Files.createTempDirectory("vitrine-it");
        output = folder.resolve("output");
        Path socket = folder.resolve("qmp.sock");
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("-qmp", "unix:" + socket));
        ProcessBuilder command = command(all.toArray(String[]::new));
        command.command().addAll(1, jvmOptions);
        process =
                command.redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .redirectInput(Path.of("/dev/null").toFile())
                        .start();
        channel = connect(socket);
        replies =
                new BufferedReader(
                        new InputStreamReader(
                                Channels.newInputStream(channel), StandardCharsets.UTF_8));
        String greeting = replies.readLine();
        if (greeting == null || !greeting.contains("\"QMP\"")) {
            throw new IOException("no greeting but " + greeting + "; output: " + output());
        }
        execute("qmp_capabilities");
    }

    /** The emulator's command line, not started yet. */
    public static ProcessBuilder command(String... options) {
        Path distribution = ROOT.resolve("target/vitrine");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Djava.awt.headless=true",
                                "-Dvitrine.home=" + distribution,
                                "-cp",
                                distribution + "/lib/*",
                                "org.vitrine.monitor.Main"));
        command.addAll(List.of(options));
        return new ProcessBuilder(command);
    }

    /** Whether a line of a program's output says only that the host has much to do. */
    private static boolean isOfLoad(String line) {
        return LOAD.matcher(line).matches();
    }

    /** The lines of a program's output, without those that a host with much to do adds. */
    public static List<String> said(String output) {
        return output.lines().filter(line -> !isOfLoad(line)).toList();
    }

    /** The next line of a program's output, without those; null at its end. */
    public static String nextSaid(BufferedReader output) throws IOException {
        String line = output.readLine();
        while (line != null && isOfLoad(line)) {
            line = output.readLine();
        }
        return line;
    }

    private SocketChannel connect(Path socket) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            SocketChannel attempt = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                attempt.connect(UnixDomainSocketAddress.of(socket));
                return attempt;
            } catch (IOException e) {
                attempt.close();
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    process.destroyForcibly();
                    throw new IOException("the emulator does not answer; output: " + output(), e);
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    /** The emulator's own process. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** What the emulator has printed so far. */
    public String output() throws IOException {
        return Files.readString(output);
    }

    /** A folder of this run's own, deleted with it. */
    public Path folder() {
        return folder;
    }

    /** Runs a command without arguments; the reply's {@code return}. */
    public JsonElement execute(String command) throws IOException {
        return execute(command, "{}");
    }

    /** Runs a command; the reply's {@code return}. An error reply is an AssertionError. */
    public JsonElement execute(String command, String arguments) throws IOException {
        JsonObject reply = request(command, arguments);
        if (!reply.has("return")) {
            throw new AssertionError(command + " " + arguments + " was answered " + reply);
        }
        return reply.get("return");
    }

    /** Runs a command; the whole reply, which may be an error. */
    public JsonObject request(String command, String arguments) throws IOException {
        String line = "{\"execute\":\"" + command + "\",\"arguments\":" + arguments + "}\n";
        channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
        while (true) {
            JsonObject message = read();
            if (!message.has("event")) {
                return message;
            }
            events.add(message);
        }
    }

    /** The next event that was not taken yet with this name; those before it are dropped. */
    public JsonObject awaitEvent(String name) throws IOException {
        while (true) {
            JsonObject event = events.isEmpty() ? read() : events.remove();
            if (event.has("event") && event.get("event").getAsString().equals(name)) {
                return event;
            }
        }
    }

    private JsonObject read() throws IOException {
        String line = replies.readLine();
        if (line == null) {
            throw new IOException("the emulator closed its monitor; output: " + output());
        }
        return JsonParser.parseString(line).getAsJsonObject();
    }

    /** The screen's lines, once they are as the test wants them. */
    public List<String> awaitScreen(Predicate<List<String>> wanted)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            List<String> lines = screen();
            if (!lines.isEmpty() && wanted.test(lines)) {
                return lines;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the screen did not become as wanted; it shows " + lines);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /**
     * Waits until the screen's lines, joined by line feeds, have this regular expression.
     *
     * @return what it matched
     */
    public String awaitScreenText(String pattern, Duration most) throws IOException {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("pattern", pattern);
        arguments.addProperty("timeout", most.toSeconds());
        JsonObject reply = request("wait-screen-text", arguments.toString());
        if (!reply.has("return")) {
            throw new AssertionError(
                    "'%s' is not on the screen (%s), which shows:%n%s"
                            .formatted(pattern, reply, String.join("\n", screen())));
        }
        return reply.getAsJsonObject("return").get("match").getAsString();
    }

    /** The screen's lines; none while it shows graphics that are not read as text. */
    public List<String> screen() throws IOException {
        JsonObject reply = request("query-screen-text", "{}");
        List<String> lines = new ArrayList<>();
        if (reply.has("return")) {
            reply.getAsJsonObject("return")
                    .getAsJsonArray("lines")
                    .forEach(line -> lines.add(line.getAsString()));
        }
        return lines;
    }

    /** Says what it cost the guest to come so far. */
    public void report(String boot) throws IOException {
        JsonObject statistics = execute("query-machine-statistics").getAsJsonObject();
        BootReport.print(
                boot,
                statistics.get("instructions").getAsLong(),
                Duration.ofNanos(statistics.get("guest-time").getAsLong()));
    }

    /** Waits until the machine is in this state of {@code query-status}. */
    public void awaitStatus(String status) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        JsonObject now = execute("query-status").getAsJsonObject();
        while (!now.get("status").getAsString().equals(status)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the machine is not " + status + " but " + now);
            }
            TimeUnit.MILLISECONDS.sleep(20);
            now = execute("query-status").getAsJsonObject();
        }
    }

    /** Waits for the firmware's prompt on an empty line. */
    public List<String> awaitPrompt() throws IOException, InterruptedException {
        return awaitScreen(lines -> lines.stream().anyMatch(line -> line.equals("vitrine>")));
    }

    /** What {@code query-frontends} tells of this frontend. */
    public JsonObject frontend(String id) throws IOException {
        for (JsonElement frontend : execute("query-frontends").getAsJsonArray()) {
            if (frontend.getAsJsonObject().get("id").getAsString().equals(id)) {
                return frontend.getAsJsonObject();
            }
        }
        throw new AssertionError("no frontend " + id);
    }

    /** Guest memory, by physical address. */
    public byte[] memory(long address, int size) throws IOException {
        Path file = folder.resolve("memory");
        execute(
                "pmemsave",
                "{\"val\":%d,\"size\":%d,\"filename\":\"%s\"}".formatted(address, size, file));
        return Files.readAllBytes(file);
    }

    /**
     * The same, once it is as the test wants it. What a frontend tells of itself is missing when
     * the host has so much to do that it answers late.
     */
    public JsonObject awaitFrontend(String id, Predicate<JsonObject> wanted) throws IOException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            JsonObject frontend = frontend(id);
            if (wanted.test(frontend)) {
                return frontend;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the frontend did not become as wanted but " + frontend);
            }
        }
    }

    /** The port at which a frontend listens. */
    public int port(String id) throws IOException {
        return awaitFrontend(id, frontend -> !frontend.getAsJsonArray("endpoints").isEmpty())
                .getAsJsonArray("endpoints")
                .get(0)
                .getAsJsonObject()
                .get("port")
                .getAsInt();
    }

    /** What one of a frontend's counters has come to. */
    public long counter(String id, String name) throws IOException {
        return awaitFrontend(id, frontend -> frontend.getAsJsonObject("counters").has(name))
                .getAsJsonObject("counters")
                .get(name)
                .getAsLong();
    }

    /** Sends {@code quit} and waits for the process to end; its exit status. */
    public int quit() throws IOException, InterruptedException {
        execute("quit");
        return awaitExit();
    }

    /** Asks the process to end, as SIGTERM does. */
    public void terminate() {
        process.destroy();
    }

    /** Waits for the process to end; its exit status. */
    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the emulator did not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        channel.close();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
