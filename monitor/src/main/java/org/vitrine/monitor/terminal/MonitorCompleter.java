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
import org.vitrine.monitor.command.HumanForm;
import org.vitrine.monitor.command.HumanForm.Kind;
import org.vitrine.monitor.command.HumanForm.Parameter;
import org.vitrine.monitor.command.HumanMonitor;
import org.vitrine.monitor.plugin.Placing;
import org.vitrine.spi.input.KeyCode;

/** Completes a line of the monitor from what may be said there, each word with what it means. */
final class MonitorCompleter implements Completer {

    private static final Logger LOG = LoggerFactory.getLogger(MonitorCompleter.class);

    private static final Map<String, String> FORMS =
            Map.of(
                    "x", "hexadecimal",
                    "d", "decimal",
                    "u", "decimal without a sign",
                    "o", "octal",
                    "c", "characters",
                    "i", "instructions");

    private static final Map<String, String> SIZES =
            Map.of("b", "bytes", "h", "16 bits", "w", "32 bits", "g", "64 bits");

    private final HumanMonitor human;
    private final Vocabulary vocabulary;

    MonitorCompleter(HumanMonitor human, Vocabulary vocabulary) {
        this.human = human;
        this.vocabulary = vocabulary;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        List<String> before = new ArrayList<>(line.words().subList(0, line.wordIndex()));
        String word = line.word().substring(0, line.wordCursor());
        if (before.isEmpty() && !human.spaced(word).equals(word)) {
            completeFormat(word, candidates);
            return;
        }
        if (!before.isEmpty() && !human.spaced(before.getFirst()).equals(before.getFirst())) {
            String first = before.removeFirst();
            before.addFirst(first.substring(first.indexOf('/')));
            before.addFirst(first.substring(0, first.indexOf('/')));
        }
        if (!before.isEmpty()
                && (before.getFirst().equals("help") || before.getFirst().equals("?"))) {
            completeCommand(before.subList(1, before.size()), candidates);
            return;
        }
        completeCommand(before, candidates);
        HumanForm form = before.isEmpty() ? null : human.find(before);
        if (form != null) {
            completeParameter(
                    form, before.subList(form.name().size(), before.size()), word, candidates);
        }
        if (before.isEmpty()) {
            candidates.add(candidate("help", "say what there is"));
            candidates.add(candidate("qmp", "run a QMP command written in JSON"));
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
        for (HumanForm form : human.forms()) {
            List<String> name = form.name();
            if (name.size() > before.size() && name.subList(0, before.size()).equals(before)) {
                boolean last = name.size() == before.size() + 1;
                String word = name.get(before.size());
                String group = HumanMonitor.meaningOf(word);
                next.merge(word, last ? form.help() : group, (first, second) -> group);
            }
        }
        next.forEach((word, help) -> candidates.add(candidate(word, help)));
    }

    private void completeParameter(
            HumanForm form, List<String> before, String word, List<Candidate> candidates) {
        List<Parameter> parameters = form.parameters();
        if (parameters.isEmpty()) {
            return;
        }
        int index = before.size();
        index += form.leavesOut(before.isEmpty() ? word : before.getFirst()) ? 1 : 0;
        boolean repeats =
                parameters.getLast().kind() == Kind.OPTIONS || parameters.getLast().takesRest();
        if (index >= parameters.size() && !repeats) {
            return;
        }
        Parameter parameter = parameters.get(Math.min(index, parameters.size() - 1));
        switch (parameter.kind()) {
            case FILE -> completeFile(word, candidates);
            case KEYS -> completeKeys(word, candidates);
            case DRIVER -> completeDriver(candidates);
            case FRONTEND -> completeFrontend(candidates);
            case PLUGIN -> completePlugin(candidates);
            case OPTIONS -> completeOption(form, before.getFirst(), word, candidates);
            case COMMAND -> completeCommand(List.of(), candidates);
            case CHOICE ->
                    parameter
                            .choices()
                            .forEach((choice, help) -> candidates.add(candidate(choice, help)));
            case FORMAT -> completeFormat(word, candidates);
            case EXPRESSION -> completeRegister(word, candidates);
            case BREAKPOINT -> completeBreakpoint(candidates);
            case DEVICE ->
                    vocabulary
                            .drives()
                            .forEach(drive ->
                                    candidates.add(
                                            candidate(Vocabulary.text(drive, "device"), null)));
            case OBJECT -> completeObject(word, candidates);
            case TEXT, REST, NUMBER, SECRET, FLAG -> {}
        }
    }

    /** A letter that may follow in a format: first the form, then the size. */
    private static void completeFormat(String word, List<Candidate> candidates) {
        String letters = word.substring(word.indexOf('/') + 1).replaceAll("[0-9]", "");
        boolean formed = letters.chars().anyMatch(c -> FORMS.containsKey(String.valueOf((char) c)));
        boolean sized = letters.chars().anyMatch(c -> SIZES.containsKey(String.valueOf((char) c)));
        if (!formed) {
            FORMS.forEach((letter, help) -> candidates.add(open(word + letter, letter, help)));
        } else if (!sized) {
            SIZES.forEach((letter, help) -> candidates.add(open(word + letter, letter, help)));
        }
    }

    private void completeRegister(String word, List<Candidate> candidates) {
        String sum = word.substring(0, word.lastIndexOf('$') + 1);
        String before = sum.isEmpty() ? word + "$" : sum;
        if (sum.isEmpty()
                && !word.isEmpty()
                && Character.isLetterOrDigit(word.charAt(word.length() - 1))) {
            return;
        }
        for (JsonObject register : vocabulary.registerValues()) {
            String name = Vocabulary.text(register, "name");
            String value = "0x%08x".formatted(register.get("value").getAsLong());
            candidates.add(open(before + name, "$" + name, value));
        }
    }

    private void completeBreakpoint(List<Candidate> candidates) {
        for (JsonObject breakpoint : vocabulary.breakpoints()) {
            candidates.add(
                    candidate(
                            Vocabulary.text(breakpoint, "id"),
                            "0x%08x".formatted(breakpoint.get("address").getAsLong())));
        }
        candidates.add(candidate("all", "all breakpoints"));
    }

    private void completeObject(String word, List<Candidate> candidates) {
        String parent = word.substring(0, word.lastIndexOf('/') + 1);
        for (JsonObject member : vocabulary.objectMembers(parent.isEmpty() ? "/" : parent)) {
            String type = Vocabulary.text(member, "type");
            if (type.startsWith("child<")) {
                String name = Vocabulary.text(member, "name");
                candidates.add(open((parent.isEmpty() ? "/" : parent) + name, name, type));
            }
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

    private void completeDriver(List<Candidate> candidates) {
        for (JsonObject provider : vocabulary.providers()) {
            if (!provider.has("error")) {
                candidates.add(
                        candidate(
                                Vocabulary.text(provider, "name"),
                                Vocabulary.text(provider, "description")));
            }
        }
    }

    private void completeFrontend(List<Candidate> candidates) {
        for (JsonObject frontend : vocabulary.frontends()) {
            candidates.add(
                    candidate(
                            Vocabulary.text(frontend, "id"), Vocabulary.text(frontend, "driver")));
        }
    }

    private void completePlugin(List<Candidate> candidates) {
        for (JsonObject plugin : vocabulary.plugins()) {
            candidates.add(
                    candidate(Vocabulary.text(plugin, "name"), Vocabulary.text(plugin, "path")));
        }
    }

    /**
     * @param subject the driver, or the frontend whose driver has the options
     */
    private void completeOption(
            HumanForm form, String subject, String word, List<Candidate> candidates) {
        boolean attaches = form.parameters().getFirst().kind() == Kind.DRIVER;
        String driver = attaches ? subject : vocabulary.driverOf(subject);
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
        List<JsonObject> options = vocabulary.options(driver);
        for (JsonObject option : options == null ? List.<JsonObject>of() : options) {
            if (equals < 0) {
                String name = Vocabulary.text(option, "name") + "=";
                candidates.add(open(done + name, name, describe(option)));
            } else if (setting.substring(0, equals).equals(Vocabulary.text(option, "name"))) {
                completeValue(option, done + setting.substring(0, equals + 1), candidates);
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

    private static String describe(JsonObject option) {
        String absent =
                option.has("default") ? " (default " + word(option.get("default")) + ")" : "";
        return Vocabulary.text(option, "description")
                + (option.get("required").getAsBoolean() ? " (needed)" : absent);
    }

    /** A value as people write it. */
    private static String word(JsonElement value) {
        boolean isBoolean = value.getAsJsonPrimitive().isBoolean();
        return isBoolean ? value.getAsBoolean() ? "on" : "off" : value.getAsString();
    }

    private static void completeValue(
            JsonObject option, String prefix, List<Candidate> candidates) {
        switch (Vocabulary.text(option, "type")) {
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
                                    prefix + Vocabulary.text(option, "default"),
                                    Vocabulary.text(option, "default"),
                                    "the default"));
                }
            }
        }
    }
}
