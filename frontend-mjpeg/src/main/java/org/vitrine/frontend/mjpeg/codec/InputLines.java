package org.vitrine.frontend.mjpeg.codec;

import java.util.ArrayList;
import java.util.List;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.KeyCode;
import org.vitrine.spi.input.PointerButton;

/**
 * What a page sends to be typed and pointed: lines of words, in the order in which things happened.
 *
 * <pre>{@code
 * key KeyA down            a key by KeyboardEvent.code or QKeyCode name; again without up: auto-repeat
 * button left up           left, middle, right, side, extra
 * wheel down               one notch: up, down, left, right
 * move 16383 32767         pointer at this place, each axis 0 to 32767
 * rel -3 5                 pointer moved by this much, each axis -32767 to 32767
 * release                  lets go everything that this page holds down
 * leave                    the page is going: as release, and forgets the page
 * }</pre>
 */
public final class InputLines {

    /** More lines than a page makes in a second. */
    static final int MAX_LINES = 1024;

    private InputLines() {}

    /** What one line asks for. */
    public sealed interface Command {

        /** Events that belong together, at least one. */
        record Send(List<InputEvent> events) implements Command {}

        /** Let go everything. */
        record Release() implements Command {}

        /** The page has gone. */
        record Leave() implements Command {}
    }

    /**
     * What a text asks for.
     *
     * @param commands one for each line that makes sense here
     * @param unknownKeys names of keys that a PC does not have; their lines are left out, since a
     *     keyboard with more keys is no fault of the sender
     */
    public record Parsed(List<Command> commands, List<String> unknownKeys) {}

    /**
     * Reads lines, ended by LF or CR LF; empty ones are skipped.
     *
     * @throws BadRequest naming the first line that is wrong
     */
    public static Parsed parse(String text) throws BadRequest {
        List<Command> commands = new ArrayList<>();
        List<String> unknownKeys = new ArrayList<>();
        String[] lines = text.split("\n", MAX_LINES + 2);
        if (lines.length > MAX_LINES + 1) {
            throw new BadRequest("more than " + MAX_LINES + " lines in one request");
        }
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (line.isEmpty()) {
                continue;
            }
            String[] words = line.split(" +", 4);
            if (words[0].equals("key") && words.length == 3 && BrowserKeys.key(words[1]) == null) {
                down(words[2], i);
                unknownKeys.add(words[1]);
            } else {
                commands.add(command(words, i));
            }
        }
        return new Parsed(List.copyOf(commands), List.copyOf(unknownKeys));
    }

    private static Command command(String[] words, int line) throws BadRequest {
        switch (words[0]) {
            case "key" -> {
                count(words, 3, "key NAME down|up", line);
                KeyCode key = BrowserKeys.key(words[1]);
                return send(new InputEvent.Key(key, down(words[2], line)));
            }
            case "button" -> {
                count(words, 3, "button NAME down|up", line);
                return send(new InputEvent.Button(button(words[1], line), down(words[2], line)));
            }
            case "wheel" -> {
                count(words, 2, "wheel up|down|left|right", line);
                PointerButton notch = button("wheel-" + words[1], line);
                return new Command.Send(
                        List.of(
                                new InputEvent.Button(notch, true),
                                new InputEvent.Button(notch, false)));
            }
            case "move" -> {
                count(words, 3, "move X Y", line);
                return send(
                        new InputEvent.AbsoluteMove(
                                number(words[1], 0, InputEvent.ABSOLUTE_MAX, line),
                                number(words[2], 0, InputEvent.ABSOLUTE_MAX, line)));
            }
            case "rel" -> {
                count(words, 3, "rel DX DY", line);
                return send(
                        new InputEvent.RelativeMove(
                                number(
                                        words[1],
                                        -InputEvent.ABSOLUTE_MAX,
                                        InputEvent.ABSOLUTE_MAX,
                                        line),
                                number(
                                        words[2],
                                        -InputEvent.ABSOLUTE_MAX,
                                        InputEvent.ABSOLUTE_MAX,
                                        line)));
            }
            case "release" -> {
                count(words, 1, "release", line);
                return new Command.Release();
            }
            case "leave" -> {
                count(words, 1, "leave", line);
                return new Command.Leave();
            }
            default ->
                    throw wrong(
                            line,
                            "there is no '"
                                    + Query.shown(words[0])
                                    + "'; it is one of key, button, wheel, move, rel, release, leave");
        }
    }

    private static Command send(InputEvent event) {
        return new Command.Send(List.of(event));
    }

    private static void count(String[] words, int count, String form, int line) throws BadRequest {
        if (words.length != count) {
            throw wrong(line, "the form is '" + form + "'");
        }
    }

    private static boolean down(String word, int line) throws BadRequest {
        return switch (word) {
            case "down" -> true;
            case "up" -> false;
            default ->
                    throw wrong(
                            line,
                            "a key or button goes down or up, not '" + Query.shown(word) + "'");
        };
    }

    private static PointerButton button(String name, int line) throws BadRequest {
        for (PointerButton button : PointerButton.values()) {
            if (button.qmpName().equals(name)) {
                return button;
            }
        }
        throw wrong(line, "there is no pointer button '" + Query.shown(name) + "'");
    }

    private static int number(String word, int minimum, int maximum, int line) throws BadRequest {
        try {
            int value = Integer.parseInt(word);
            if (value >= minimum && value <= maximum) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number that is out of range.
        }
        throw wrong(
                line,
                "a number from "
                        + minimum
                        + " to "
                        + maximum
                        + " is wanted, not '"
                        + Query.shown(word)
                        + "'");
    }

    private static BadRequest wrong(int line, String what) {
        return new BadRequest("line " + (line + 1) + ": " + what);
    }
}
