package org.vitrine.monitor.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.vitrine.spi.testkit.Needs;

/** Programs that others wrote see what the guest shows, and type what it reads. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FirstPictureIT {

    /** May run at any moment of the page's life, and any number of times. */
    private static final String WHOLE_MULTIPLES =
            "(() => { const button = document.getElementById('scale');"
                    + " if (button && button.textContent === 'Fit') button.click(); })()";

    private VitrineProcess vitrine;

    @BeforeAll
    void start() throws Exception {
        vitrine =
                new VitrineProcess(
                        "-monitor",
                        "none",
                        "-display",
                        "vnc,port=5931,to=5990",
                        "-display",
                        "mjpeg,port=0");
        vitrine.awaitPrompt();
    }

    @AfterAll
    void end() throws Exception {
        assertEquals(0, vitrine.quit());
        vitrine.close();
    }

    private Path file(String name) {
        return vitrine.folder().resolve(name);
    }

    private String vncAddress() throws IOException {
        return "127.0.0.1:" + (vitrine.port("vnc0") - 5900);
    }

    /** What the guest shows, without its blinking cursor. */
    private Picture guest() throws IOException {
        vitrine.execute(
                "screendump", "{\"filename\":\"" + file("guest.png") + "\",\"format\":\"png\"}");
        return Picture.read(file("guest.png"));
    }

    @Test
    void vncsnapshotShowsTheGuest() throws Exception {
        Needs.programs("vncsnapshot");
        Peer.run(vitrine.folder(), "vncsnapshot", "-quiet", vncAddress(), file("a.jpg").toString());
        Files.copy(
                file("a.jpg"),
                pictures().resolve("vncsnapshot.jpg"),
                StandardCopyOption.REPLACE_EXISTING);
        assertShows(Picture.read(file("a.jpg")));
    }

    @Test
    void gvnccaptureShowsTheGuest() throws Exception {
        Needs.programs("gvnccapture");
        Peer.run(vitrine.folder(), "gvnccapture", vncAddress(), file("b.png").toString());
        Files.copy(
                file("b.png"),
                pictures().resolve("gvnccapture.png"),
                StandardCopyOption.REPLACE_EXISTING);
        assertShows(Picture.read(file("b.png")));
    }

    @Test
    void webSnapshotShowsTheGuest() throws Exception {
        URI address = URI.create("http://127.0.0.1:" + vitrine.port("mjpeg0") + "/snapshot");
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<Path> answer =
                    client.send(
                            HttpRequest.newBuilder(address).build(),
                            HttpResponse.BodyHandlers.ofFile(file("c.jpg")));
            assertEquals(200, answer.statusCode());
        }
        assertShows(Picture.read(file("c.jpg")));
    }

    private void assertShows(Picture seen) throws IOException {
        Picture guest = guest();
        assertEquals(guest.width(), seen.width());
        assertEquals(guest.height(), seen.height());
        double likeness = guest.likeness(seen, 0, 0);
        assertTrue(likeness > 0.97, "only " + likeness + " of the picture is right");
    }

    @Test
    void tigerVncShowsTheGuest() throws Exception {
        viewerShowsTheGuest("xtigervncviewer");
    }

    @Test
    void tightVncShowsTheGuest() throws Exception {
        viewerShowsTheGuest("xtightvncviewer");
    }

    private void viewerShowsTheGuest(String viewer) throws Exception {
        Needs.programs("Xvfb", "import", viewer);
        try (Peer.XServer x = new Peer.XServer(vitrine.folder())) {
            x.start(viewer, vncAddress());
            awaitGuestOn(x, viewer);
        }
    }

    private void awaitGuestOn(Peer.XServer x, String viewer) throws Exception {
        long deadline = System.nanoTime() + VitrineProcess.DEADLINE.toNanos();
        double best = 0;
        while (best < 0.97) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(viewer + " shows only " + best + " of the picture");
            }
            x.run("import", "-window", "root", file("screen.png").toString());
            best = guest().likenessSomewhere(Picture.read(file("screen.png")));
            TimeUnit.MILLISECONDS.sleep(100);
        }
        Files.copy(
                file("screen.png"),
                pictures().resolve(viewer + ".png"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void keysTypedIntoAViewerReachTheGuest() throws Exception {
        Needs.programs("Xvfb", "import", "xdotool", "xtigervncviewer");
        try (Peer.XServer x = new Peer.XServer(vitrine.folder())) {
            x.start("xtigervncviewer", vncAddress());
            awaitGuestOn(x, "xtigervncviewer");
            long before = versions(vitrine.awaitPrompt());
            // No window manager runs here to give the window the keyboard.
            x.run("xdotool", "search", "--onlyvisible", "--name", "TigerVNC", "windowfocus");
            x.run("xdotool", "type", "--delay", "60", "ver");
            x.run("xdotool", "key", "Return");
            List<String> lines = vitrine.awaitScreen(screen -> versions(screen) > before);
            assertTrue(
                    lines.stream().anyMatch(line -> line.equals("vitrine> ver")), lines.toString());
        }
    }

    @Test
    void browserShowsTheGuestAndTypes() throws Exception {
        Needs.programs("chromium");
        String address = "http://127.0.0.1:" + vitrine.port("mjpeg0") + "/";
        try (Browser browser = new Browser(address, 1100, 700)) {
            long deadline = System.nanoTime() + VitrineProcess.DEADLINE.toNanos();
            double best = 0;
            while (best < 0.97) {
                if (System.nanoTime() > deadline) {
                    Files.write(pictures().resolve("browser.png"), browser.screenshot());
                    throw new AssertionError("the browser shows only " + best + " of the picture");
                }
                // In whole multiples of its size the picture's pixels are the screen's.
                browser.run(WHOLE_MULTIPLES);
                best = guest().likenessSomewhere(browser.picture());
            }
            Files.write(pictures().resolve("browser.png"), browser.screenshot());
            long before = versions(vitrine.awaitPrompt());
            browser.run("document.getElementById('screen').focus()");
            browser.type("KeyV", "v");
            browser.type("KeyE", "e");
            browser.type("KeyR", "r");
            browser.type("Enter", "Enter");
            vitrine.awaitScreen(screen -> versions(screen) > before);
        }
    }

    /** Where pictures are kept for people to look at. */
    private static Path pictures() throws IOException {
        return Files.createDirectories(Path.of("target", "pictures"));
    }

    private static long versions(List<String> lines) {
        return lines.stream().filter(line -> line.contains("version 0.1.0")).count();
    }

    @Test
    void screenTextHasTheShapeThatScriptsExpect() throws Exception {
        JsonObject text = vitrine.execute("query-screen-text").getAsJsonObject();
        assertEquals(80, text.get("columns").getAsInt());
        assertEquals(25, text.get("rows").getAsInt());
        assertEquals(25, text.getAsJsonArray("lines").size());
        assertTrue(text.getAsJsonObject("cursor").has("column"));
        assertTrue(text.getAsJsonObject("cursor").has("row"));
    }

    @Test
    void frontendsComeAndGoWhileTheGuestRuns() throws Exception {
        vitrine.execute(
                "frontend-attach",
                "{\"driver\":\"vnc\",\"id\":\"extra\",\"options\":{\"port\":0}}");
        int port = vitrine.port("extra");
        try (Socket client = new Socket("127.0.0.1", port)) {
            assertEquals('R', client.getInputStream().read());
            vitrine.execute("frontend-detach", "{\"id\":\"extra\"}");
            while (client.getInputStream().read() >= 0) {
                // What was sent before is read to its end.
            }
        }
        assertThrows(ConnectException.class, () -> new Socket("127.0.0.1", port));
        assertEquals(
                "running",
                vitrine.execute("query-status").getAsJsonObject().get("status").getAsString());
    }
}
