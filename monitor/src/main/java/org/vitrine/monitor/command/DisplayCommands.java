package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.vitrine.monitor.command.CommandException.ErrorClass;
import org.vitrine.monitor.command.HumanForm.Kind;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.EnumType;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;
import org.vitrine.spi.display.Display;
import org.vitrine.spi.display.DisplayMode;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.ScreenText;

/** What is on the screen: as a picture, and as text. */
final class DisplayCommands {

    /** How long {@code wait-screen-text} waits when it is not told, in milliseconds. */
    static final long DEFAULT_WAIT = 30_000;

    static final EnumType IMAGE_FORMAT = new EnumType("ImageFormat", List.of("ppm", "png"));

    static final EnumType MODE_KIND =
            new EnumType(
                    "DisplayModeKind",
                    Arrays.stream(DisplayMode.Kind.values())
                            .map(DisplayCommands::kindName)
                            .toList());

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
                    Member.required("row", Builtin.INT, "the line it is in"),
                    Member.required("line", Builtin.STR, "that line"));

    static final Command SCREENDUMP =
            Command.qemu("screendump", "write a picture of the screen to a file")
                    .takes(
                            "filename",
                            Builtin.STR,
                            "the file, written anew, on the emulator's machine")
                    .mayTake(
                            "device",
                            Builtin.STR,
                            "the display device; there is one, and it has no id")
                    .mayTake("head", Builtin.INT, "the head of that device")
                    .mayTake("format", IMAGE_FORMAT, "ppm when it is not given")
                    .says(
                            new HumanForm(
                                    "screendump",
                                    List.of(
                                            HumanForm.needs("FILE", Kind.FILE),
                                            HumanForm.choice(
                                                    "FORMAT",
                                                    true,
                                                    "png",
                                                    "Portable Network Graphics",
                                                    "ppm",
                                                    "portable pixmap")),
                                    "write a picture of the screen: PNG for a name that ends so, else PPM",
                                    DisplayCommands::humanScreendump))
                    .build();

    static final Command QUERY_SCREEN_TEXT =
            Command.own("query-screen-text", "tell what a text-mode screen shows")
                    .returns(SCREEN_TEXT)
                    .says(
                            HumanForm.telling(
                                    "info screen",
                                    "query-screen-text",
                                    "show the text on the screen",
                                    DisplayCommands::humanScreen))
                    .build();

    static final Command WAIT_SCREEN_TEXT =
            Command.own("wait-screen-text", "wait until a text is on the screen, in one line of it")
                    .takes("text", Builtin.STR, "the text, as it reads there")
                    .mayTake(
                            "timeout",
                            Builtin.INT,
                            "milliseconds to wait, 30000 when it is not given")
                    .returns(TEXT_FOUND)
                    .says(
                            new HumanForm(
                                    "wait_screen",
                                    List.of(HumanForm.needs("TEXT", Kind.REST)),
                                    "wait up to 30 s until the screen shows this text",
                                    DisplayCommands::humanWait))
                    .build();

    static final List<Command> COMMANDS = List.of(SCREENDUMP, QUERY_SCREEN_TEXT, WAIT_SCREEN_TEXT);

    static final List<EventKind> EVENTS =
            List.of(
                    new EventKind(
                            "DISPLAY_MODE_CHANGED",
                            ObjectType.of(
                                    "DisplayModeInfo",
                                    Member.required(
                                            "serial", Builtin.INT, "goes up by one at each change"),
                                    Member.required("width", Builtin.INT, "pixels"),
                                    Member.required("height", Builtin.INT, "pixels"),
                                    Member.required(
                                            "kind", MODE_KIND, "how the guest makes the picture"),
                                    Member.optional(
                                            "columns",
                                            Builtin.INT,
                                            "characters in a line, in a text mode"),
                                    Member.optional("rows", Builtin.INT, "lines, in a text mode")),
                            "the guest shows its screen in another mode",
                            "0.1",
                            Role.EVERYONE));

    private final Display display;

    DisplayCommands(Display display) {
        this.display = display;
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(SCREENDUMP, this::screendump);
        dispatcher.bind(QUERY_SCREEN_TEXT, call -> queryScreenText());
        dispatcher.bind(WAIT_SCREEN_TEXT, this::waitScreenText);
    }

    private static String kindName(DisplayMode.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    static MonitorEvent event(DisplayMode mode) {
        JsonObject data = new JsonObject();
        data.addProperty("serial", mode.serial());
        data.addProperty("width", mode.width());
        data.addProperty("height", mode.height());
        data.addProperty("kind", kindName(mode.kind()));
        if (mode.text() != null) {
            data.addProperty("columns", mode.text().columns());
            data.addProperty("rows", mode.text().rows());
        }
        return MonitorEvent.now("DISPLAY_MODE_CHANGED", data);
    }

    private JsonElement screendump(Invocation call) throws CommandException {
        if (call.has("device")) {
            throw new CommandException(
                    ErrorClass.DEVICE_NOT_FOUND,
                    "Device '" + call.string("device") + "' not found");
        }
        if (call.has("head")) {
            throw new CommandException("'head' must be specified together with 'device'");
        }
        Frame frame = newestFrame();
        int[] pixels = frame.pixels();
        int width = frame.mode().width();
        int height = frame.mode().height();
        byte[] image =
                call.string("format", "ppm").equals("png")
                        ? ScreenImage.png(pixels, width, height)
                        : ScreenImage.ppm(pixels, width, height);
        String name = call.string("filename");
        try {
            Files.write(Path.of(name), image);
        } catch (IOException | InvalidPathException e) {
            throw new CommandException(
                    "failed to open file '" + name + "': " + FileErrors.reason(e), e);
        }
        return null;
    }

    private Frame newestFrame() throws CommandException {
        Frame frame = new Frame();
        display.read(frame);
        if (frame.mode() == null) {
            throw new CommandException("the machine has not shown a picture yet");
        }
        return frame;
    }

    private JsonElement queryScreenText() throws CommandException {
        ScreenText text = textOf(newestFrame());
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

    private static ScreenText textOf(Frame frame) throws CommandException {
        ScreenText text = frame.text();
        if (text == null) {
            throw new CommandException(
                    "the screen is in a graphics mode ("
                            + frame.mode().width()
                            + "x"
                            + frame.mode().height()
                            + "), which has no text");
        }
        return text;
    }

    private JsonElement waitScreenText(Invocation call) throws CommandException {
        String wanted = call.string("text");
        long timeout = call.integer("timeout", DEFAULT_WAIT);
        if (timeout < 0 || wanted.isEmpty()) {
            throw new CommandException(
                    timeout < 0
                            ? "Parameter 'timeout' expects a number of milliseconds"
                            : "Parameter 'text' is empty");
        }
        long deadline =
                System.nanoTime()
                        + Duration.ofMillis(Math.min(timeout, Integer.MAX_VALUE)).toNanos();
        Frame frame = new Frame();
        try {
            while (true) {
                display.read(frame);
                JsonObject found = find(frame.text(), wanted);
                if (found != null) {
                    return found;
                }
                long left = deadline - System.nanoTime();
                if (left <= 0 || !display.awaitNewer(frame.generation(), Duration.ofNanos(left))) {
                    throw new CommandException(
                            "the screen did not show '" + wanted + "' within " + timeout + " ms");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("the wait for '" + wanted + "' was broken off", e);
        }
    }

    private static JsonObject find(ScreenText text, String wanted) {
        List<String> lines = text == null ? List.of() : text.lines();
        for (int row = 0; row < lines.size(); row++) {
            int column = lines.get(row).indexOf(wanted);
            if (column >= 0) {
                JsonObject found = new JsonObject();
                found.addProperty("column", column);
                found.addProperty("row", row);
                found.addProperty("line", lines.get(row));
                return found;
            }
        }
        return null;
    }

    private static String humanScreendump(MonitorLink monitor, List<String> words)
            throws CommandException {
        String name = words.getFirst();
        JsonObject arguments = new JsonObject();
        // The emulator may have another working directory than the terminal; a name means the
        // terminal's.
        arguments.addProperty("filename", Path.of(name).toAbsolutePath().toString());
        String format =
                words.size() > 1
                        ? words.get(1)
                        : name.toLowerCase(Locale.ROOT).endsWith(".png") ? "png" : "ppm";
        arguments.addProperty("format", format);
        monitor.execute("screendump", arguments);
        return "";
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
        arguments.addProperty("text", words.getFirst());
        JsonObject found = monitor.execute("wait-screen-text", arguments).getAsJsonObject();
        return "row %d, column %d: %s\n"
                .formatted(
                        found.get("row").getAsInt(),
                        found.get("column").getAsInt(),
                        found.get("line").getAsString());
    }
}
