package org.vitrine.monitor.command;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.vitrine.monitor.command.HumanForm.Kind;
import org.vitrine.monitor.command.HumanForm.Parameter;

/** Does what people write, one line at a time: QEMU's human monitor over the same table of commands. */
public final class HumanMonitor {

    private final CommandTable table;
    private final MonitorLink monitor;

    public HumanMonitor(CommandTable table, MonitorLink monitor) {
        this.table = table;
        this.monitor = monitor;
    }

    /** What may be said. */
    public CommandTable table() {
        return table;
    }

    /** A line that can't be understood or done; the message is one line, and is to be printed as it is. */
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
        String trimmed = line.strip();
        if (trimmed.isEmpty() || trimmed.startsWith("#")) {
            return "";
        }
        List<String> words = split(trimmed);
        String first = words.getFirst();
        try {
            return switch (first) {
                case "help", "?" -> help(words.subList(1, words.size()));
                case "qmp" -> raw(trimmed.substring("qmp".length()).strip());
                default -> run(find(words), words, trimmed);
            };
        } catch (CommandException e) {
            throw new LineException("Error: " + e.getMessage());
        }
    }

    private String run(HumanForm form, List<String> words, String line) throws CommandException, LineException {
        List<String> rest = words.subList(form.wordCount(), words.size());
        List<Parameter> parameters = form.parameters();
        boolean takesRest = !parameters.isEmpty() && parameters.getLast().kind() == Kind.REST;
        boolean takesAll = !parameters.isEmpty() && parameters.getLast().kind() == Kind.OPTIONS;
        if (takesRest && rest.size() >= parameters.size()) {
            rest = new ArrayList<>(rest.subList(0, parameters.size() - 1));
            rest.add(afterWords(line, form.wordCount() + parameters.size() - 1));
        }
        long needed = parameters.stream().filter(parameter -> !parameter.optional()).count();
        if (rest.size() < needed || rest.size() > parameters.size() && !takesAll) {
            throw new LineException("usage: " + form.usage() + " -- " + form.help());
        }
        return form.action().run(monitor, rest);
    }

    private static String afterWords(String line, int count) {
        return line.split("\\s+", count + 1)[count];
    }

    private HumanForm find(List<String> words) throws LineException {
        HumanForm found = null;
        for (HumanForm form : table.humanForms()) {
            List<String> name = List.of(form.words().split(" "));
            if (words.size() >= name.size()
                    && words.subList(0, name.size()).equals(name)
                    && (found == null || found.wordCount() < name.size())) {
                found = form;
            }
        }
        if (found != null) {
            return found;
        }
        List<String> longer = table.humanForms().stream()
                .map(HumanForm::words)
                .filter(name -> name.startsWith(words.getFirst() + " "))
                .toList();
        if (longer.isEmpty()) {
            throw new LineException("unknown command: '" + words.getFirst() + "'");
        }
        String wrong = words.size() == 1 ? words.getFirst() : words.getFirst() + " " + words.get(1);
        throw new LineException((words.size() == 1 ? "'" + wrong + "' needs one more word: " : "unknown command: '" + wrong + "'; there is ")
                + String.join(", ", longer));
    }

    private String help(List<String> about) throws LineException {
        String prefix = String.join(" ", about);
        List<HumanForm> forms = table.humanForms().stream()
                .filter(form -> prefix.isEmpty() || (form.words() + " ").startsWith(prefix + " "))
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
            throw new LineException("Error: that is no JSON: " + e.getMessage().lines().findFirst().orElse(""));
        }
        if (!(request instanceof JsonObject object)
                || !object.has("execute")
                || !object.get("execute").isJsonPrimitive()
                || object.has("arguments") && !object.get("arguments").isJsonObject()) {
            throw new LineException("usage: qmp {\"execute\": \"COMMAND\", \"arguments\": {...}}");
        }
        JsonObject arguments = object.has("arguments") ? object.getAsJsonObject("arguments") : new JsonObject();
        JsonElement result = monitor.execute(object.get("execute").getAsString(), arguments);
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create().toJson(result)
                + "\n";
    }

    /** The words of a line: apart by blanks, which quotes keep together; a backslash takes the next character as it is. */
    static List<String> split(String line) throws LineException {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote == 0 && Character.isWhitespace(c)) {
                if (word != null) {
                    words.add(word.toString());
                }
                word = null;
                continue;
            }
            if (word == null) {
                word = new StringBuilder();
                if (words.size() == 1 && words.getFirst().equals("qmp")) {
                    words.add(line.substring(i));
                    return words;
                }
            }
            if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (quote != 0 && c == quote) {
                quote = 0;
            } else if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
                i++;
                word.append(line.charAt(i));
            } else {
                word.append(c);
            }
        }
        if (quote != 0) {
            throw new LineException("a quote is not closed");
        }
        if (word != null) {
            words.add(word.toString());
        }
        return words;
    }
}
