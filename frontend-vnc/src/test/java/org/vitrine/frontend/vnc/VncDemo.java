package org.vitrine.frontend.vnc;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.display.ScriptedDisplay;
import org.vitrine.spi.testkit.RecordingContext;

/**
 * Serves a moving picture, to be looked at with a viewer, and prints what the viewer sends.
 * Arguments are options, as in {@code port=5901 password=secret}; {@code seconds=60} says for how
 * long, {@code resize=5} changes the mode each so many seconds.
 */
final class VncDemo {

    private VncDemo() {}

    private static final int[][] MODES = {{640, 480}, {800, 600}, {720, 400}, {1024, 768}};
    private static final int[] BARS = {
        0xFFFFFF, 0xFFFF00, 0x00FFFF, 0x00FF00, 0xFF00FF, 0xFF0000, 0x0000FF, 0
    };

    public static void main(String[] arguments) throws Exception {
        Map<String, String> words = new LinkedHashMap<>();
        for (String argument : arguments) {
            words.put(
                    argument.substring(0, argument.indexOf('=')),
                    argument.substring(argument.indexOf('=') + 1));
        }
        String seconds = words.remove("seconds");
        String resize = words.remove("resize");
        long end =
                System.nanoTime()
                        + TimeUnit.SECONDS.toNanos(seconds == null ? 60 : Long.parseLong(seconds));
        long modeFrames = resize == null ? Long.MAX_VALUE : 30 * Long.parseLong(resize);

        ScriptedDisplay display = new ScriptedDisplay();
        RecordingContext context = new RecordingContext(display);
        VncProvider provider = new VncProvider();
        int mode = 0;
        background(display, MODES[mode]);
        try (Frontend frontend = provider.attach(context, provider.options().parse(words))) {
            System.out.println("serving " + frontend.status().endpoints());
            int[] boxAt = {0, 100};
            for (long frame = 1; System.nanoTime() < end; frame++) {
                if (frame % modeFrames == 0) {
                    mode = (mode + 1) % MODES.length;
                    background(display, MODES[mode]);
                }
                int[] size = MODES[mode];
                display.fill(boxAt[0], boxAt[1], 64, 48, 0x303030);
                boxAt = new int[] {(int) (frame * 4 % (size[0] - 64)), 100 + (int) (frame % 100)};
                display.fill(boxAt[0], boxAt[1], 64, 48, 0xFF8000);
                display.publish();
                while (!context.inputIsEmpty()) {
                    System.out.println(context.nextInput());
                }
                TimeUnit.MILLISECONDS.sleep(33);
            }
            System.out.println(frontend.status());
        }
    }

    private static void background(ScriptedDisplay display, int[] size) {
        display.setMode(size[0], size[1]);
        display.fill(0, 0, size[0], size[1], 0x303030);
        for (int i = 0; i < BARS.length; i++) {
            display.fill(i * size[0] / BARS.length, 0, size[0] / BARS.length, 60, BARS[i]);
        }
        for (int x = 0; x < 256; x++) {
            display.fill(20 + x, size[1] - 120, 1, 30, x << 16);
            display.fill(20 + x, size[1] - 90, 1, 30, x << 8);
            display.fill(20 + x, size[1] - 60, 1, 30, x);
        }
        // A frame of one pixel shows whether anything is cut off.
        display.fill(0, 0, size[0], 1, 0xFF0000);
        display.fill(0, size[1] - 1, size[0], 1, 0x00FF00);
        display.fill(0, 0, 1, size[1], 0x0000FF);
        display.fill(size[0] - 1, 0, 1, size[1], 0xFFFFFF);
        display.publish();
    }
}
