package org.vitrine.monitor.terminal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.monitor.command.CommandException;
import org.vitrine.monitor.command.CommandTable;
import org.vitrine.monitor.command.HumanForm;
import org.vitrine.monitor.command.HumanForm.Kind;
import org.vitrine.monitor.command.HumanForm.Parameter;
import org.vitrine.monitor.command.MonitorLink;
import org.vitrine.monitor.plugin.Placing;
import org.vitrine.spi.input.KeyCode;

/** Completes a line of the monitor from its table of commands, each word with what it means. */
final class MonitorCompleter implements Completer {

    private static final Logger LOG = LoggerFactory.getLogger(MonitorCompleter.class);

    private final CommandTable table;
    private final MonitorLink monitor;

    MonitorCompleter(CommandTable table, MonitorLink monitor) {
        this.table = table;
        this.monitor = monitor;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        List<String> before = line.words().subList(0, line.wordIndex());
        String word = line.word().substring(0, line.wordCursor());
        try {
            if (!before.isEmpty()
                    && (before.getFirst().equals("help") || before.getFirst().equals("?"))) {
                completeCommand(before.subList(1, before.size()), candidates);
                return;
            }
            completeCommand(before, candidates);
            for (HumanForm form : table.humanForms()) {
                List<String> name = List.of(form.words().split(" "));
                if (before.size() >= name.size() && before.subList(0, name.size()).equals(name)) {
                    completeParameter(
                            form, before.subList(name.size(), before.size()), word, candidates);
                }
            }
            if (before.isEmpty()) {
                candidates.add(candidate("help", "say what there is"));
                candidates.add(candidate("qmp", "run a QMP command written in JSON"));
            }
        } catch (CommandException e) {
            LOG.debug("no completion", e);
        }
    }

    private static Candidate candidate(String value, String description) {
        return new Candidate(value, value, null, description, null, null, true);
    }

    /** A word that goes on: no blank is put after it. */
    private static Candidate open(String value, String shown, String description) {
        return new Candidate(value, shown, null, description, null, null, false);
    }

    /** The next word of the commands that begin so. */
    private void completeCommand(List<String> before, List<Candidate> candidates) {
        Map<String, String> next = new LinkedHashMap<>();
        for (HumanForm form : table.humanForms()) {
            List<String> name = List.of(form.words().split(" "));
            if (name.size() > before.size() && name.subList(0, before.size()).equals(before)) {
                boolean last = name.size() == before.size() + 1;
                String word = name.get(before.size());
                next.merge(
                        word, last ? form.help() : word + " ...", (first, second) -> group(word));
            }
        }
        next.forEach((word, help) ->
                candidates.add(candidate(word, help.endsWith(" ...") ? group(word) : help)));
    }

    private static String group(String word) {
        return switch (word) {
            case "info" -> "show something";
            case "frontend" -> "attach, detach and change frontends";
            default -> "";
        };
    }

    private void completeParameter(
            HumanForm form, List<String> before, String word, List<Candidate> candidates)
            throws CommandException {
        List<Parameter> parameters = form.parameters();
        if (parameters.isEmpty()) {
            return;
        }
        boolean repeats = parameters.getLast().kind() == Kind.OPTIONS;
        if (before.size() >= parameters.size() && !repeats) {
            return;
        }
        switch (parameters.get(Math.min(before.size(), parameters.size() - 1)).kind()) {
            case FILE -> completeFile(word, candidates);
            case KEYS -> completeKeys(word, candidates);
            case DRIVER -> completeDriver(candidates);
            case FRONTEND -> completeFrontend(candidates);
            case OPTIONS -> completeOption(form, before.getFirst(), word, candidates);
            case COMMAND -> completeCommand(List.of(), candidates);
            case IMAGE_FORMAT -> {
                candidates.add(candidate("png", "Portable Network Graphics"));
                candidates.add(candidate("ppm", "portable pixmap"));
            }
            case TEXT, REST -> {}
        }
    }

    private static void completeFile(String word, List<Candidate> candidates) {
        String folder = word.substring(0, word.lastIndexOf('/') + 1);
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(Path.of(folder.isEmpty() ? "." : folder))) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (Files.isDirectory(file)) {
                    candidates.add(open(folder + name + "/", name + "/", null));
                } else {
                    candidates.add(
                            new Candidate(folder + name, name, null, null, null, null, true));
                }
            }
        } catch (IOException | InvalidPathException e) {
            LOG.debug("no files to complete", e);
        }
    }

    private static void completeKeys(String word, List<Candidate> candidates) {
        String pressed = word.substring(0, word.lastIndexOf('-') + 1);
        for (KeyCode key : KeyCode.values()) {
            if (key.number() != 0) {
                candidates.add(open(pressed + key.qmpName(), key.qmpName(), null));
            }
        }
    }

    private List<JsonObject> query(String command) throws CommandException {
        List<JsonObject> objects = new ArrayList<>();
        for (JsonElement element : monitor.execute(command).getAsJsonArray()) {
            objects.add(element.getAsJsonObject());
        }
        return objects;
    }

    private static String text(JsonObject object, String name) {
        return object.has(name) ? object.get(name).getAsString() : "";
    }

    private void completeDriver(List<Candidate> candidates) throws CommandException {
        for (JsonObject provider : query("query-frontend-providers")) {
            if (!provider.has("error")) {
                candidates.add(candidate(text(provider, "name"), text(provider, "description")));
            }
        }
    }

    private void completeFrontend(List<Candidate> candidates) throws CommandException {
        for (JsonObject frontend : query("query-frontends")) {
            candidates.add(candidate(text(frontend, "id"), text(frontend, "driver")));
        }
    }

    /**
     * @param subject the driver, or the frontend whose driver has the options
     */
    private void completeOption(
            HumanForm form, String subject, String word, List<Candidate> candidates)
            throws CommandException {
        boolean attaches = form.parameters().getFirst().kind() == Kind.DRIVER;
        String driver = attaches ? subject : driverOf(subject);
        String done = word.substring(0, word.lastIndexOf(',') + 1);
        String setting = word.substring(done.length());
        int equals = setting.indexOf('=');
        if (attaches && equals < 0) {
            candidates.add(
                    open(
                            done + "id=",
                            "id=",
                            "the frontend's id; by default the driver's name and a number"));
            candidates.add(
                    open(done + "placement=", "placement=", "where it runs (default in-process)"));
            candidates.add(
                    open(
                            done + "restart=",
                            "restart=",
                            "what follows a crash of its own process (default on-crash)"));
        } else if (attaches) {
            completeHostWord(setting.substring(0, equals), done, candidates);
        }
        for (JsonObject provider : query("query-frontend-providers")) {
            if (text(provider, "name").equals(driver) && provider.has("options")) {
                for (JsonElement element : provider.getAsJsonArray("options")) {
                    JsonObject option = element.getAsJsonObject();
                    if (equals < 0) {
                        String name = text(option, "name") + "=";
                        candidates.add(open(done + name, name, describe(option)));
                    } else if (setting.substring(0, equals).equals(text(option, "name"))) {
                        completeValue(option, done + setting.substring(0, equals + 1), candidates);
                    }
                }
            }
        }
    }

    private static void completeHostWord(String name, String done, List<Candidate> candidates) {
        List<String> values =
                switch (name) {
                    case "placement" ->
                            Arrays.stream(Placing.Placement.values())
                                    .map(Placing.Placement::word)
                                    .toList();
                    case "restart" ->
                            Arrays.stream(Placing.Restart.values())
                                    .map(Placing.Restart::word)
                                    .toList();
                    default -> List.of();
                };
        for (String value : values) {
            candidates.add(open(done + name + "=" + value, value, null));
        }
    }

    private String driverOf(String id) throws CommandException {
        for (JsonObject frontend : query("query-frontends")) {
            if (text(frontend, "id").equals(id)) {
                return text(frontend, "driver");
            }
        }
        return "";
    }

    private static String describe(JsonObject option) {
        String absent =
                option.has("default") ? " (default " + word(option.get("default")) + ")" : "";
        return text(option, "description")
                + (option.get("required").getAsBoolean() ? " (needed)" : absent);
    }

    /** A value as people write it. */
    private static String word(JsonElement value) {
        boolean isBoolean = value.getAsJsonPrimitive().isBoolean();
        return isBoolean ? value.getAsBoolean() ? "on" : "off" : value.getAsString();
    }

    private static void completeValue(
            JsonObject option, String prefix, List<Candidate> candidates) {
        switch (text(option, "type")) {
            case "boolean" -> {
                candidates.add(open(prefix + "on", "on", null));
                candidates.add(open(prefix + "off", "off", null));
            }
            case "choice" ->
                    option.getAsJsonArray("choices")
                            .forEach(choice ->
                                    candidates.add(
                                            open(
                                                    prefix + choice.getAsString(),
                                                    choice.getAsString(),
                                                    null)));
            default -> {
                if (option.has("default") && !option.get("secret").getAsBoolean()) {
                    candidates.add(
                            open(
                                    prefix + text(option, "default"),
                                    text(option, "default"),
                                    "the default"));
                }
            }
        }
    }
}
