package org.vitrine.monitor.peer;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Chromium without a window, steered over its DevTools protocol. */
final class Browser implements AutoCloseable {

    private final Process process;
    private final Path profile;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket devTools;
    private final BlockingQueue<JsonObject> messages = new LinkedBlockingQueue<>();
    private int lastId;

    /** Starts the browser with a page of this size, and goes to the address. */
    Browser(String address, int width, int height) throws Exception {
        profile = Files.createTempDirectory("vitrine-browser");
        process =
                new ProcessBuilder(
                                List.of(
                                        "chromium",
                                        "--headless",
                                        "--no-sandbox",
                                        "--disable-gpu",
                                        "--disable-dev-shm-usage",
                                        "--disable-quic",
                                        "--no-first-run",
                                        "--disable-background-networking",
                                        "--disable-component-update",
                                        "--disable-sync",
                                        "--remote-debugging-port=0",
                                        "--remote-allow-origins=*",
                                        "--user-data-dir=" + profile,
                                        "--window-size=" + width + "," + height,
                                        address))
                        .redirectErrorStream(true)
                        .redirectOutput(profile.resolve("output").toFile())
                        .start();
        devTools =
                http.newWebSocketBuilder()
                        .buildAsync(pageSocket(awaitPort()), new Receiver())
                        .get(VitrineProcess.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    private int awaitPort() throws IOException, InterruptedException {
        Path port = profile.resolve("DevToolsActivePort");
        long deadline = System.nanoTime() + VitrineProcess.DEADLINE.toNanos();
        while (!Files.exists(port) || Files.readString(port).lines().count() < 2) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new AssertionError(
                        "the browser did not start: "
                                + Files.readString(profile.resolve("output")));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return Integer.parseInt(Files.readString(port).lines().findFirst().orElseThrow());
    }

    private URI pageSocket(int port) throws IOException, InterruptedException {
        URI list = URI.create("http://127.0.0.1:" + port + "/json/list");
        long deadline = System.nanoTime() + VitrineProcess.DEADLINE.toNanos();
        while (true) {
            String targets =
                    http.send(
                                    HttpRequest.newBuilder(list).build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
            for (var target : JsonParser.parseString(targets).getAsJsonArray()) {
                JsonObject page = target.getAsJsonObject();
                if (page.get("type").getAsString().equals("page")
                        && page.get("url").getAsString().startsWith("http")) {
                    return URI.create(page.get("webSocketDebuggerUrl").getAsString());
                }
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the browser opened no page: " + targets);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Calls a method of the DevTools protocol and waits for its result. */
    JsonObject call(String method, JsonObject parameters) throws InterruptedException {
        int id = ++lastId;
        JsonObject request = new JsonObject();
        request.addProperty("id", id);
        request.addProperty("method", method);
        request.add("params", parameters);
        devTools.sendText(request.toString(), true).join();
        while (true) {
            JsonObject message =
                    messages.poll(VitrineProcess.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("the browser did not answer " + method);
            }
            if (message.has("id") && message.get("id").getAsInt() == id) {
                if (message.has("error")) {
                    throw new AssertionError(method + ": " + message);
                }
                return message.getAsJsonObject("result");
            }
        }
    }

    /** Runs JavaScript in the page. */
    void run(String script) throws InterruptedException {
        JsonObject parameters = new JsonObject();
        parameters.addProperty("expression", script);
        call("Runtime.evaluate", parameters);
    }

    /** Presses and releases a key, as {@code KeyV} for the key with the letter V. */
    void type(String code, String key) throws InterruptedException {
        for (String kind : List.of("rawKeyDown", "keyUp")) {
            JsonObject parameters = new JsonObject();
            parameters.addProperty("type", kind);
            parameters.addProperty("code", code);
            parameters.addProperty("key", key);
            call("Input.dispatchKeyEvent", parameters);
        }
    }

    /** What the page looks like. */
    Picture picture() throws InterruptedException, IOException {
        return Picture.of(ImageIO.read(new ByteArrayInputStream(screenshot())));
    }

    /** What the page looks like, as PNG. */
    byte[] screenshot() throws InterruptedException {
        return Base64.getDecoder()
                .decode(call("Page.captureScreenshot", new JsonObject()).get("data").getAsString());
    }

    @Override
    public void close() throws IOException {
        devTools.abort();
        http.close();
        // Its helpers end with it, and may still write to the profile until they have.
        List<ProcessHandle> helpers = process.descendants().toList();
        process.destroyForcibly().onExit().join();
        helpers.forEach(helper -> {
            helper.destroyForcibly();
            helper.onExit().join();
        });
        deleteProfile();
    }

    /** Again when one that is no child of the browser's has written to it meanwhile. */
    private void deleteProfile() throws IOException {
        long deadline = System.nanoTime() + VitrineProcess.DEADLINE.toNanos();
        while (true) {
            try (Stream<Path> files = Files.walk(profile)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
                return;
            } catch (DirectoryNotEmptyException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    private final class Receiver implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                messages.add(JsonParser.parseString(text.toString()).getAsJsonObject());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }
}
