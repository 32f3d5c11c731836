package org.vitrine.monitor.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
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

/** What is on the screen, as a picture, and in which mode. */
final class DisplayCommands {

    static final EnumType IMAGE_FORMAT = new EnumType("ImageFormat", List.of("ppm", "png"));

    static final EnumType MODE_KIND =
            new EnumType(
                    "DisplayModeKind",
                    Arrays.stream(DisplayMode.Kind.values())
                            .map(DisplayCommands::kindName)
                            .toList());

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

    static final List<Command> COMMANDS = List.of(SCREENDUMP);

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
            throw nothingShown();
        }
        return frame;
    }

    static CommandException nothingShown() {
        return new CommandException("the machine has not shown a picture yet");
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
}
