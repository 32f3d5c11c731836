package org.vitrine.frontend.mjpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.input.KeyCode;
import org.vitrine.spi.testkit.FrontendSuite;
import org.vitrine.spi.testkit.Placement;
import org.vitrine.spi.testkit.Viewer;

class MjpegSuiteTest extends FrontendSuite {

    MjpegSuiteTest(Placement placement) {
        super(placement, new MjpegProvider());
    }

    @Override
    protected Map<String, String> options() {
        return Map.of("port", "0", "silence", "60000");
    }

    @Override
    protected Viewer view(Frontend frontend) {
        return new Page(frontend.status().endpoints().getFirst().url());
    }

    /** What a page asks for, without a browser. */
    private static final class Page implements Viewer {

        private static final int ROWS = 25;

        private final HttpClient http = HttpClient.newHttpClient();
        private final String site;
        private boolean closed;

        Page(String site) {
            this.site = site;
        }

        @Override
        public Set<Ability> abilities() {
            return Set.of(Ability.TEXT, Ability.PICTURE, Ability.TYPES, Ability.HOLDS_KEYS);
        }

        private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
            return http.send(
                    HttpRequest.newBuilder(URI.create(site + path)).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        }

        @Override
        public List<String> text() throws IOException, InterruptedException {
            HttpResponse<byte[]> response = get("text");
            if (response.statusCode() != 200) {
                return null;
            }
            String text = new String(response.body(), StandardCharsets.UTF_8);
            List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n")));
            while (lines.size() < ROWS) {
                lines.add("");
            }
            return lines;
        }

        @Override
        public Picture picture() throws IOException, InterruptedException {
            BufferedImage image =
                    ImageIO.read(new ByteArrayInputStream(get("snapshot.png").body()));
            int width = image.getWidth();
            int height = image.getHeight();
            int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
            return new Picture(width, height, pixels);
        }

        @Override
        public void key(KeyCode key, boolean down) throws IOException, InterruptedException {
            post("key " + key.qmpName() + (down ? " down" : " up"));
        }

        private void post(String line) throws IOException, InterruptedException {
            HttpResponse<String> response =
                    http.send(
                            HttpRequest.newBuilder(URI.create(site + "input?page=suitepage1"))
                                    .POST(HttpRequest.BodyPublishers.ofString(line))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertEquals(204, response.statusCode(), response.body());
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            try (http) {
                post("leave");
            } catch (IOException e) {
                // The frontend went first.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
