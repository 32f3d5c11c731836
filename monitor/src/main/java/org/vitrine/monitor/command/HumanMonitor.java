package org.vitrine.monitor.command;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.monitor.command.HumanForm.Kind;
import org.vitrine.monitor.command.HumanForm.Parameter;

/**
 * Does what people write, one line at a time: QEMU's human monitor over the same table of commands.
 * Safe for use by several threads.
 */
public final class HumanMonitor {

    private static final Logger LOG = LoggerFactory.getLogger(HumanMonitor.class);

    /** A command with its format, as {@code x/10i}. */
    private static final Pattern WITH_FORMAT = Pattern.compile("(\\w+)(/\\S*)(.*)");

    private final CommandTable table;
    private final MonitorLink monitor;
    private final boolean remote;
    private volatile List<HumanForm> forms;
    private volatile List<Command> commands;

    /** Over a monitor that has exactly this table. */
    public HumanMonitor(CommandTable table, MonitorLink monitor) {
        this(table, monitor, false);
    }

    private HumanMonitor(CommandTable table, MonitorLink monitor, boolean remote) {
        this.table = table;
        this.monitor = monitor;
        this.remote = remote;
    }

    /**
     * Over any QMP server, QEMU's too: what it has the commands for is done over those, and every
     * other line is left to its own human monitor.
     */
    public static HumanMonitor remote(MonitorLink monitor) {
        return new HumanMonitor(CommandTable.standard(), monitor, true);
    }

    /** What may be said; asks a remote server once. */
    public List<HumanForm> forms() {
        if (forms == null) {
            Set<String> names = remote ? namesOfServer() : null;
            if (remote && names == null) {
                // The line to be done will meet the same failure, and tell of it.
                return table.humanForms();
            }
            forms = remote ? table.humanFormsOver(names) : table.humanForms();
        }
        return forms;
    }

    /** The QMP commands that there are; of a remote server's those that our table has too. */
    public List<Command> commands() {
        if (commands == null) {
            List<Command> known = table.commands(Role.MONITOR);
            Set<String> names = remote ? namesOfServer() : null;
            if (remote && names == null) {
                return List.of();
            }
            commands =
                    remote
                            ? known.stream()
                                    .filter(command -> names.contains(command.name()))
                                    .toList()
                            : known;
        }
        return commands;
    }

    /** Whether other lines too may be understood, by the server's own human monitor. */
    public boolean passesOn() {
        return remote;
    }

    /** The names of the server's commands; null when it can't be asked. */
    private Set<String> namesOfServer() {
        Set<String> names = new HashSet<>();
        try {
            for (JsonElement command : monitor.execute("query-commands").getAsJsonArray()) {
                names.add(command.getAsJsonObject().get("name").getAsString());
            }
            return names;
        } catch (CommandException e) {
            LOG.debug("the server does not tell its commands", e);
            return null;
        }
    }

    /**
     * A line that can't be understood or done; the message is one line, and is to be printed as it
     * is.
     */
    public static final class LineException extends Exception {
        LineException(String message) {
            super(message);
        }
    }

    /**
     * Runs one line.
     *
     * @return what it prints, with its line ends; empty when it is silent
     * @throws LineException when it can't be done
     */
    public String execute(String line) throws LineException {
        String trimmed = spaced(line.strip());
        if (trimmed.isEmpty() || trimmed.startsWith("#")) {
            return "";
        }
        List<String> words = LineWords.of(trimmed).texts();
        String first = words.getFirst();
        try {
            if (first.equals("qmp")) {
                return raw(trimmed.substring("qmp".length()).strip());
            }
            boolean help = first.equals("help") || first.equals("?");
            HumanForm form = help ? null : find(words);
            if (remote && (help ? !knows(words.subList(1, words.size())) : form == null)) {
                return passOn(line);
            }
            if (help) {
                return help(words.subList(1, words.size()));
            }
            if (form == null) {
                throw unknown(words);
            }
            return run(form, trimmed);
        } catch (CommandException e) {
            throw new LineException("Error: " + e.getMessage());
        }
    }

    /** The line with a blank before the format of a command that takes one. */
    public String spaced(String line) {
        Matcher matcher = WITH_FORMAT.matcher(line);
        boolean joined =
                matcher.matches()
                        && forms().stream()
                                .anyMatch(form ->
                                        form.hasFormat() && form.words().equals(matcher.group(1)));
        return joined ? matcher.group(1) + " " + matcher.group(2) + matcher.group(3) : line;
    }

    private String passOn(String line) throws CommandException {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("command-line", line);
        return monitor.execute("human-monitor-command", arguments)
                .getAsString()
                .replace("\r\n", "\n");
    }

    private String run(HumanForm form, String line) throws CommandException, LineException {
        LineWords split = LineWords.of(line);
        List<String> rest =
                new ArrayList<>(split.texts().subList(form.wordCount(), split.words().size()));
        List<Parameter> parameters = form.parameters();
        int skipped = 0;
        if (form.leavesOut(rest.isEmpty() ? "" : rest.getFirst())) {
            rest.addFirst("");
            skipped = 1;
        }
        boolean takesRest = !parameters.isEmpty() && parameters.getLast().takesRest();
        boolean takesAll = !parameters.isEmpty() && parameters.getLast().kind() == Kind.OPTIONS;
        if (takesRest && rest.size() >= parameters.size()) {
            rest = new ArrayList<>(rest.subList(0, parameters.size() - 1));
            int word = form.wordCount() + parameters.size() - 1 - skipped;
            rest.add(line.substring(split.words().get(word).start()));
        } else if (!split.closed()) {
            throw new LineException("a quote is not closed");
        }
        long needed = parameters.stream().filter(parameter -> !parameter.optional()).count();
        boolean leading = form.leavesOut("");
        if (rest.size() < needed + (leading ? 1 : 0)
                || rest.size() > parameters.size() && !takesAll) {
            throw new LineException("usage: " + form.usage() + " -- " + form.help());
        }
        try {
            return form.action().run(monitor, rest);
        } catch (ClassCastException
                | IllegalStateException
                | NullPointerException
                | UnsupportedOperationException e) {
            // A server of another kind or version may answer otherwise than its command's name
            // says.
            LOG.warn("the answer to '{}' is not as expected", form.words(), e);
            throw new CommandException(
                    "the server's answer is not as expected; qmp {\"execute\": \"%s\"} shows it"
                            .formatted(form.over()));
        }
    }

    /** The form with which a line begins, or null. */
    public HumanForm find(List<String> words) {
        HumanForm found = null;
        for (HumanForm form : forms()) {
            List<String> name = form.name();
            if (words.size() >= name.size()
                    && words.subList(0, name.size()).equals(name)
                    && (found == null || found.wordCount() < name.size())) {
                found = form;
            }
        }
        return found;
    }

    /** What a word means with which several forms begin; empty when there is nothing to say. */
    public static String meaningOf(String group) {
        return WordsOfPeople.GROUPS.getOrDefault(group, "");
    }

    private LineException unknown(List<String> words) {
        List<String> longer =
                forms().stream()
                        .map(HumanForm::words)
                        .filter(name -> name.startsWith(words.getFirst() + " "))
                        .toList();
        if (longer.isEmpty()) {
            return new LineException("unknown command: '" + words.getFirst() + "'");
        }
        String wrong = words.size() == 1 ? words.getFirst() : words.getFirst() + " " + words.get(1);
        return new LineException(
                (words.size() == 1
                                ? "'" + wrong + "' needs one more word: "
                                : "unknown command: '" + wrong + "'; there is ")
                        + String.join(", ", longer));
    }

    private boolean knows(List<String> about) {
        String prefix = String.join(" ", about);
        return prefix.isEmpty()
                || prefix.equals("help")
                || prefix.equals("qmp")
                || forms().stream().anyMatch(form -> (form.words() + " ").startsWith(prefix + " "));
    }

    private String help(List<String> about) throws LineException {
        String prefix = String.join(" ", about);
        List<HumanForm> forms =
                forms().stream()
                        .filter(form ->
                                prefix.isEmpty() || (form.words() + " ").startsWith(prefix + " "))
                        .toList();
        if (forms.isEmpty() && !prefix.equals("help") && !prefix.equals("qmp")) {
            throw new LineException("unknown command: '" + prefix + "'");
        }
        TextTable list = new TextTable("Command", "What it does");
        forms.forEach(form -> list.row(form.usage(), form.help()));
        if (prefix.isEmpty() || prefix.equals("help")) {
            list.row("help [COMMAND]", "say what there is");
        }
        if (prefix.isEmpty() || prefix.equals("qmp")) {
            list.row("qmp {...}", "run a QMP command, as qmp {\"execute\": \"query-status\"}");
        }
        return list.toString();
    }

    private String raw(String json) throws CommandException, LineException {
        JsonElement request;
        try {
            request = JsonParser.parseString(json);
        } catch (JsonParseException e) {
            throw new LineException(
                    "Error: that is no JSON: " + e.getMessage().lines().findFirst().orElse(""));
        }
        if (!(request instanceof JsonObject object)
                || !object.has("execute")
                || !object.get("execute").isJsonPrimitive()
                || object.has("arguments") && !object.get("arguments").isJsonObject()) {
            throw new LineException("usage: qmp {\"execute\": \"COMMAND\", \"arguments\": {...}}");
        }
        JsonObject arguments =
                object.has("arguments") ? object.getAsJsonObject("arguments") : new JsonObject();
        JsonElement result = monitor.execute(object.get("execute").getAsString(), arguments);
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .serializeNulls()
                        .create()
                        .toJson(result)
                + "\n";
    }
}
