package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.vitrine.core.display.DrawnText;
import org.vitrine.core.display.GlyphFont;
import org.vitrine.monitor.command.HumanForm.Kind;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;
import org.vitrine.spi.display.Display;
import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.ScreenText;

/**
 * The text on the screen, so that a script can expect and type. In text modes it is what the guest
 * wrote; in graphics modes what {@link DrawnText} finds.
 */
final class ScreenTextCommands {

    private static final double DEFAULT_WAIT = 30;

    /** About 31 years, so that a sum of nanoseconds doesn't overflow. */
    private static final double LONGEST_WAIT = 1e9;

    /** Between two looks at a picture in a graphics mode, which costs more than a frame lasts. */
    private static final Duration GRAPHICS_PAUSE = Duration.ofMillis(100);

    private static final ObjectType CELL =
            ObjectType.of(
                    "ScreenCell",
                    Member.required("column", Builtin.INT, "from 0 at the left"),
                    Member.required("row", Builtin.INT, "from 0 at the top"));

    static final ObjectType SCREEN_TEXT =
            ObjectType.of(
                    "ScreenText",
                    Member.required("columns", Builtin.INT, "characters in a line"),
                    Member.required("rows", Builtin.INT, "lines"),
                    Member.required(
                            "cursor", CELL, "where the cursor is; -1 and -1 when none is visible"),
                    Member.required(
                            "lines",
                            Builtin.STR.list(),
                            "all lines, without their trailing blanks"));

    static final ObjectType TEXT_FOUND =
            ObjectType.of(
                    "ScreenTextFound",
                    Member.required("column", Builtin.INT, "where the text begins"),
                    Member.required("row", Builtin.INT, "the line that it begins in"),
                    Member.required("line", Builtin.STR, "that line"),
                    Member.required("match", Builtin.STR, "what the pattern matched"));

    static final Command QUERY_SCREEN_TEXT =
            Command.own(
                            "query-screen-text",
                            "tell what text the screen shows: what is in a text mode's memory, or in a"
                                    + " graphics mode what is drawn with the BIOS's fonts, in cells of one"
                                    + " grid and two colours each")
                    .returns(SCREEN_TEXT)
                    .says(
                            HumanForm.telling(
                                    "info screen",
                                    "query-screen-text",
                                    "show the text on the screen",
                                    ScreenTextCommands::humanScreen))
                    .build();

    static final Command WAIT_SCREEN_TEXT =
            Command.own("wait-screen-text", "wait until the screen shows a text")
                    .takes(
                            "pattern",
                            Builtin.STR,
                            "a regular expression (java.util.regex); the screen's lines are joined by"
                                    + " line feeds, and ^ and $ match at each line")
                    .mayTake("timeout", Builtin.NUMBER, "seconds to wait, 30 when it is not given")
                    .returns(TEXT_FOUND)
                    .says(
                            new HumanForm(
                                    "wait_screen",
                                    List.of(HumanForm.needs("PATTERN", Kind.REST)),
                                    "wait up to 30 s until the screen shows what this regular"
                                            + " expression matches",
                                    ScreenTextCommands::humanWait))
                    .build();

    static final List<Command> COMMANDS = List.of(QUERY_SCREEN_TEXT, WAIT_SCREEN_TEXT);

    private final Display display;
    private final Supplier<List<GlyphFont>> fonts;

    /**
     * @param fonts tells which fonts the guest may draw with now; called by any thread
     */
    ScreenTextCommands(Display display, Supplier<List<GlyphFont>> fonts) {
        this.display = display;
        this.fonts = fonts;
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(QUERY_SCREEN_TEXT, call -> queryScreenText());
        dispatcher.bind(WAIT_SCREEN_TEXT, this::waitScreenText);
    }

    /** The text of a frame, or null when it has none. */
    private ScreenText textOf(Frame frame) throws CommandException {
        if (frame.mode() == null || frame.mode().text() != null) {
            return frame.text();
        }
        try {
            return DrawnText.find(frame, fonts.get());
        } catch (IllegalStateException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    private JsonElement queryScreenText() throws CommandException {
        Frame frame = new Frame();
        display.read(frame);
        DisplayMode mode = frame.mode();
        if (mode == null) {
            throw DisplayCommands.nothingShown();
        }
        ScreenText text = textOf(frame);
        if (text == null) {
            throw new CommandException(
                    "the screen is in a graphics mode (%dx%d), and no text in a font of the BIOS is found in it"
                            .formatted(mode.width(), mode.height()));
        }
        JsonObject cursor = new JsonObject();
        cursor.addProperty("column", text.cursorColumn());
        cursor.addProperty("row", text.cursorRow());
        JsonArray lines = new JsonArray();
        text.lines().forEach(lines::add);
        JsonObject result = new JsonObject();
        result.addProperty("columns", text.columns());
        result.addProperty("rows", text.rows());
        result.add("cursor", cursor);
        result.add("lines", lines);
        return result;
    }

    private JsonElement waitScreenText(Invocation call) throws CommandException {
        String wanted = call.string("pattern");
        Pattern pattern = pattern(wanted);
        double seconds = call.number("timeout", DEFAULT_WAIT);
        if (!(seconds >= 0)) {
            throw new CommandException("Parameter 'timeout' expects a number of seconds from 0 on");
        }
        long deadline = System.nanoTime() + (long) (Math.min(seconds, LONGEST_WAIT) * 1e9);
        Frame frame = new Frame();
        try {
            while (true) {
                display.read(frame);
                JsonObject found = find(textOf(frame), pattern);
                if (found != null) {
                    return found;
                }
                long left = deadline - System.nanoTime();
                if (left <= 0 || !display.awaitNewer(frame.generation(), Duration.ofNanos(left))) {
                    throw new CommandException(
                            "the screen did not show '%s' within %s s"
                                    .formatted(wanted, call.shown("timeout", "30")));
                }
                if (frame.mode() != null && frame.mode().text() == null) {
                    Thread.sleep(GRAPHICS_PAUSE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("the wait for '" + wanted + "' was broken off", e);
        }
    }

    private static Pattern pattern(String wanted) throws CommandException {
        if (wanted.isEmpty()) {
            throw new CommandException("Parameter 'pattern' is empty");
        }
        try {
            return Pattern.compile(wanted, Pattern.MULTILINE);
        } catch (PatternSyntaxException e) {
            throw new CommandException(
                    "Parameter 'pattern' is no regular expression: %s at %d"
                            .formatted(e.getDescription(), Math.max(0, e.getIndex())),
                    e);
        }
    }

    private static JsonObject find(ScreenText text, Pattern pattern) throws CommandException {
        if (text == null) {
            return null;
        }
        List<String> lines = text.lines();
        Matcher matcher = pattern.matcher(new MeteredText(String.join("\n", lines)));
        try {
            if (!matcher.find()) {
                return null;
            }
        } catch (MeteredText.Exhausted | StackOverflowError e) {
            throw new CommandException(
                    "Parameter 'pattern' takes too many steps to match; write it with fewer nested"
                            + " repetitions",
                    e);
        }
        int row = 0;
        int column = matcher.start();
        while (column > lines.get(row).length()) {
            column -= lines.get(row).length() + 1;
            row++;
        }
        JsonObject found = new JsonObject();
        found.addProperty("column", column);
        found.addProperty("row", row);
        found.addProperty("line", lines.get(row));
        found.addProperty("match", matcher.group());
        return found;
    }

    private static String humanScreen(JsonElement result) {
        JsonObject screen = result.getAsJsonObject();
        String edge = "+" + "-".repeat(screen.get("columns").getAsInt()) + "+\n";
        StringBuilder text = new StringBuilder(edge);
        for (JsonElement line : screen.getAsJsonArray("lines")) {
            int columns = screen.get("columns").getAsInt();
            text.append('|').append(line.getAsString());
            text.repeat(' ', Math.max(0, columns - line.getAsString().length())).append("|\n");
        }
        JsonObject cursor = screen.getAsJsonObject("cursor");
        text.append(edge);
        if (cursor.get("row").getAsInt() >= 0) {
            text.append(
                    "cursor at column %d, row %d\n"
                            .formatted(
                                    cursor.get("column").getAsInt(), cursor.get("row").getAsInt()));
        }
        return text.toString();
    }

    private static String humanWait(MonitorLink monitor, List<String> words)
            throws CommandException {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("pattern", words.getFirst());
        JsonObject found = monitor.execute("wait-screen-text", arguments).getAsJsonObject();
        return "row %d, column %d: %s\n"
                .formatted(
                        found.get("row").getAsInt(),
                        found.get("column").getAsInt(),
                        found.get("line").getAsString());
    }
}
