package org.vitrine.frontend.vnc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.shinyhut.vernacular.client.VernacularClient;
import com.shinyhut.vernacular.client.VernacularConfig;
import com.shinyhut.vernacular.client.rendering.ColorDepth;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.display.ScriptedDisplay;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.KeyCode;
import org.vitrine.spi.testkit.InEachPlacement;
import org.vitrine.spi.testkit.Placement;
import org.vitrine.spi.testkit.TestHost;

/** The Vernacular client, which is not ours, understands the server. */
@InEachPlacement
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VernacularPeerTest {

    private final TestHost host;
    private Frontend frontend;

    VernacularPeerTest(Placement placement) {
        host = placement.newHost();
    }

    @AfterEach
    void close() throws Exception {
        try (host) {
            frontend.close();
            host.awaitNothingRuns();
            assertEquals(List.of(), host.crashes());
        }
    }

    @Test
    void itLogsInShowsThePictureFollowsTheModeAndTypes() throws Exception {
        VncProvider provider = new VncProvider();
        frontend =
                host.attach(
                        provider,
                        provider.options().parse(Map.of("port", "0", "password", "sesame")));
        for (ColorDepth depth : ColorDepth.values()) {
            talk("Hextile", depth);
        }
        talk("Raw", ColorDepth.BPP_24_TRUE);
        talk("Zlib", ColorDepth.BPP_16_TRUE);
    }

    private void talk(String encoding, ColorDepth depth) throws Exception {
        ScriptedDisplay display = host.display();
        display.setMode(160, 100);
        display.fill(10, 20, 30, 40, 0xFF00FF);
        display.publish();
        BlockingQueue<BufferedImage> images = new LinkedBlockingQueue<>();
        BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
        VernacularConfig config = new VernacularConfig();
        config.setColorDepth(depth);
        config.setShared(true);
        config.setPasswordSupplier(() -> "sesame");
        config.setEnableHextileEncoding(encoding.equals("Hextile"));
        config.setEnableZLibEncoding(encoding.equals("Zlib"));
        config.setEnableCopyrectEncoding(false);
        config.setEnableRreEncoding(false);
        config.setScreenUpdateListener(image -> images.add(copy(image)));
        config.setErrorListener(errors::add);
        VernacularClient client = new VernacularClient(config);
        client.start("127.0.0.1", frontend.status().endpoints().getFirst().port());
        String connected = host.nextEvent();
        try {
            awaitPixel(images, errors, 160, 39, 59, 0xFF00FF);
            display.fill(100, 50, 5, 5, 0x00FFFF);
            display.publish();
            awaitPixel(images, errors, 160, 104, 54, 0x00FFFF);
            display.setMode(200, 150);
            display.fill(199, 149, 1, 1, 0x00FF00);
            display.publish();
            awaitPixel(images, errors, 200, 199, 149, 0x00FF00);
            assertEquals(
                    "RFB 3.8, " + encoding + ", " + depth.getBitsPerPixel() + " bpp",
                    frontend.status().clients().getLast().description());
            client.type(0xFF0D);
            assertEquals(new InputEvent.Key(KeyCode.RET, true), host.nextInput());
            assertEquals(new InputEvent.Key(KeyCode.RET, false), host.nextInput());
        } finally {
            client.stop();
        }
        assertEquals(connected.replace("connected", "disconnected"), host.nextEvent());
    }

    private static BufferedImage copy(Image image) {
        BufferedImage copy =
                new BufferedImage(
                        image.getWidth(null), image.getHeight(null), BufferedImage.TYPE_INT_RGB);
        copy.createGraphics().drawImage(image, 0, 0, null);
        return copy;
    }

    private static void awaitPixel(
            BlockingQueue<BufferedImage> images,
            BlockingQueue<Throwable> errors,
            int width,
            int x,
            int y,
            int rgb)
            throws InterruptedException {
        while (true) {
            BufferedImage image = images.poll(TestHost.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (image == null) {
                throw new AssertionError("no picture with that pixel came; errors " + errors);
            }
            if (image.getWidth() == width && (image.getRGB(x, y) & 0xFFFFFF) == rgb) {
                return;
            }
        }
    }
}
