package org.vitrine.frontend.mjpeg.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.KeyCode;
import org.vitrine.spi.input.PointerButton;

class InputLinesTest {

    private static InputLines.Command send(InputEvent... events) {
        return new InputLines.Command.Send(List.of(events));
    }

    @Test
    void linesBecomeEventsInOrder() throws BadRequest {
        InputLines.Parsed parsed =
                InputLines.parse(
                        """
                        key ShiftLeft down
                        key KeyA down\r
                        key KeyA up

                        move 0 32767
                        button right down
                        rel -3 5
                        wheel up
                        release
                        leave\
                        """);
        assertEquals(
                List.of(
                        send(new InputEvent.Key(KeyCode.SHIFT, true)),
                        send(new InputEvent.Key(KeyCode.A, true)),
                        send(new InputEvent.Key(KeyCode.A, false)),
                        send(new InputEvent.AbsoluteMove(0, 32767)),
                        send(new InputEvent.Button(PointerButton.RIGHT, true)),
                        send(new InputEvent.RelativeMove(-3, 5)),
                        send(
                                new InputEvent.Button(PointerButton.WHEEL_UP, true),
                                new InputEvent.Button(PointerButton.WHEEL_UP, false)),
                        new InputLines.Command.Release(),
                        new InputLines.Command.Leave()),
                parsed.commands());
        assertEquals(List.of(), parsed.unknownKeys());
    }

    @Test
    void keysThatAPcDoesNotHaveAreLeftOutAndNamed() throws BadRequest {
        InputLines.Parsed parsed = InputLines.parse("key BrowserSearch down\nkey KeyB down");
        assertEquals(List.of("BrowserSearch"), parsed.unknownKeys());
        assertEquals(List.of(send(new InputEvent.Key(KeyCode.B, true))), parsed.commands());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "key",
                "key KeyA",
                "key KeyA sideways",
                "key Nonsense sideways",
                "key KeyA down now",
                "button wheel down",
                "button left",
                "wheel round",
                "move 1",
                "move -1 5",
                "move 1 32768",
                "move a b",
                "rel 99999999999 0",
                "rel 1.5 2",
                "release all",
                "leave now"
            })
    void linesThatMakeNoSenseAreRefusedByNumber(String line) {
        BadRequest refused =
                assertThrows(BadRequest.class, () -> InputLines.parse("key KeyA down\n" + line));
        assertTrue(refused.getMessage().startsWith("line 2: "), refused.getMessage());
    }

    @Test
    void tooManyLinesAreRefused() throws BadRequest {
        assertEquals(
                InputLines.MAX_LINES,
                InputLines.parse("release\n".repeat(InputLines.MAX_LINES)).commands().size());
        assertThrows(
                BadRequest.class,
                () -> InputLines.parse("release\n".repeat(InputLines.MAX_LINES + 2)));
    }

    @Test
    void randomTextIsParsedOrRefusedAndNothingElse() {
        long seed = System.nanoTime();
        System.out.println("InputLinesTest seed " + seed);
        Random random = new Random(seed);
        String[] words = {
            "key", "button", "move", "rel", "wheel", "KeyA", "left", "down", "up", "-1", "7", " ",
            "\n", ""
        };
        int refused = 0;
        for (int round = 0; round < 5_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append(
                        random.nextInt(5) == 0
                                ? String.valueOf((char) random.nextInt(0x300))
                                : words[random.nextInt(words.length)] + " ");
            }
            try {
                InputLines.parse(text.toString());
            } catch (BadRequest e) {
                assertTrue(e.getMessage().length() < 250, e.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 0, "random text was never refused");
    }
}
