package org.vitrine.frontend.mjpeg;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Map;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.display.ScriptedDisplay;
import org.vitrine.spi.testkit.RecordingContext;

/**
 * Shows a boot menu and a shell to whoever connects, with no machine behind it: {@code ScreenDemo
 * [PORT]}.
 */
final class ScreenDemo {

    private static final int WIDTH = 640;
    private static final int HEIGHT = 400;

    private ScreenDemo() {}

    public static void main(String[] arguments) throws Exception {
        ScriptedDisplay display = new ScriptedDisplay();
        display.setMode(WIDTH, HEIGHT);
        RecordingContext context = new RecordingContext(display);
        MjpegProvider provider = new MjpegProvider();
        String port = arguments.length > 0 ? arguments[0] : "8080";
        Frontend frontend =
                provider.attach(context, provider.options().parse(Map.of("port", port)));
        System.out.println(frontend.status().endpoints().getFirst().url());
        Thread.ofVirtual()
                .start(() -> {
                    while (true) {
                        try {
                            System.out.println(context.nextInput());
                        } catch (AssertionError e) {
                            // Nobody has typed for a while.
                        } catch (InterruptedException e) {
                            return;
                        }
                    }
                });
        for (int tick = 0; ; tick++) {
            show(display, picture(tick));
            Thread.sleep(500);
        }
    }

    private static BufferedImage picture(int tick) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.setFont(new Font(Font.MONOSPACED, Font.BOLD, 13));
        String[] lines = {
            "Vitrine BIOS",
            "",
            "Memory: 640 KiB base, 31744 KiB extended",
            "IDE 0 master: VITRINE DISK, 64 MiB",
            "Booting from hard disk...",
            "",
            "Starting the shell",
            "C:\\>dir",
            " Volume in drive C is SYSTEM",
            " Directory of C:\\",
            "",
            "AUTOEXEC BAT        62  01-02-26  10:15a",
            "COMMAND  COM     66945  01-02-26  10:15a",
            "KERNEL   SYS     46485  01-02-26  10:15a"
        };
        pen.setColor(new Color(0xAAAAAA));
        for (int i = 0; i < lines.length; i++) {
            pen.drawString(lines[i], 4, 13 + i * 16);
        }
        pen.setColor(new Color(0x0000AA));
        pen.fillRect(320, 240, 304, 96);
        pen.setColor(new Color(0xFFFF55));
        pen.drawString("Yellow on blue: a setup menu", 340, 262);
        pen.setColor(new Color(0xFF5555));
        pen.drawString("Light red on blue, tick " + tick, 340, 282);
        pen.setColor(new Color(0x55FFFF));
        pen.drawString("Light cyan on blue", 340, 302);
        pen.setColor(new Color(0xAAAAAA));
        pen.drawString("C:\\>" + (tick % 2 == 0 ? "_" : ""), 4, 13 + lines.length * 16);
        for (int i = 0; i < 16; i++) {
            int bright = (i & 8) != 0 ? 0x55 : 0;
            pen.setColor(
                    new Color(
                            ((i & 4) != 0 ? 0xAA : 0) + bright,
                            ((i & 2) != 0 ? 0xAA : 0) + bright,
                            ((i & 1) != 0 ? 0xAA : 0) + bright));
            pen.fillRect(i * 40, 360, 40, 40);
        }
        pen.dispose();
        return image;
    }

    private static void show(ScriptedDisplay display, BufferedImage image) {
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                display.set(x, y, image.getRGB(x, y) & 0xFFFFFF);
            }
        }
        display.publish();
    }
}
