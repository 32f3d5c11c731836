package org.vitrine.monitor.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How people say a command in the interactive monitor, and how its result reads.
 *
 * @param words what it begins with, as {@code "stop"} or {@code "info status"}
 * @param parameters what may follow
 * @param help what it does, one line
 * @param over the QMP command without which it can't be done; null in a form that belongs to a
 *     command of the table
 * @param action does it
 */
public record HumanForm(
        String words, List<Parameter> parameters, String help, String over, Action action) {

    /** What a word of the line is, so that the terminal can complete and check it. */
    public enum Kind {
        TEXT,
        /** The rest of the line as it is. */
        REST,
        FILE,
        /** Key names joined by dashes. */
        KEYS,
        /** The name of a frontend driver. */
        DRIVER,
        /** The id of an attached frontend. */
        FRONTEND,
        /** The name of a plugin. */
        PLUGIN,
        /**
         * {@code NAME=VALUE}, of the driver or frontend before it; takes all words that are left.
         */
        OPTIONS,
        /** A command of the monitor. */
        COMMAND,
        /** One of {@link Parameter#choices}. */
        CHOICE,
        /** A whole number, decimal or with 0x. */
        NUMBER,
        /** {@code /FORMAT} as of {@link Format}; may stand at the command without a blank. */
        FORMAT,
        /** The parameter's own name, as {@code -f}, or nothing; stands before the others. */
        FLAG,
        /** A sum of numbers and registers, as of {@link Expression}: the rest of the line. */
        EXPRESSION,
        /** The number of a breakpoint, or {@code all}. */
        BREAKPOINT,
        /** What nobody else may see: it is asked for when it is not given. */
        SECRET,
        /** A drive for changeable media. */
        DEVICE,
        /** A path in the tree of objects. */
        OBJECT
    }

    /**
     * A word that may or must follow.
     *
     * @param choices the words that it may be, each with what it means; empty when there are others
     */
    public record Parameter(String name, Kind kind, boolean optional, Map<String, String> choices) {

        /** As it stands in help: {@code DRIVER} or {@code [FILE]}. */
        public String usage() {
            String shown = kind == Kind.OPTIONS ? name + "..." : name;
            return optional ? "[" + shown + "]" : shown;
        }

        /** Whether it takes all that is left of the line. */
        public boolean takesRest() {
            return kind == Kind.REST || kind == Kind.EXPRESSION;
        }
    }

    /** What is done. */
    @FunctionalInterface
    public interface Action {

        /**
         * @param words what followed the command, at most as many words as there are parameters; a
         *     {@link Kind#FORMAT} or {@link Kind#FLAG} that was left out is an empty word
         * @return what is printed, with its line ends
         */
        String run(MonitorLink monitor, List<String> words) throws CommandException;
    }

    /** How a result reads. */
    @FunctionalInterface
    interface Printer {
        String print(JsonElement result);
    }

    public HumanForm {
        parameters = List.copyOf(parameters);
    }

    /** A form of a command of the table. */
    HumanForm(String words, List<Parameter> parameters, String help, Action action) {
        this(words, parameters, help, null, action);
    }

    /** The same, of this command. */
    HumanForm of(String command) {
        return new HumanForm(words, parameters, help, command, action);
    }

    static Parameter needs(String name, Kind kind) {
        return new Parameter(name, kind, false, Map.of());
    }

    static Parameter mayHave(String name, Kind kind) {
        return new Parameter(name, kind, true, Map.of());
    }

    /** A parameter that is one of these words. */
    static Parameter choice(String name, boolean optional, String... wordsAndMeanings) {
        Map<String, String> choices = new LinkedHashMap<>();
        for (int i = 0; i < wordsAndMeanings.length; i += 2) {
            choices.put(wordsAndMeanings[i], wordsAndMeanings[i + 1]);
        }
        return new Parameter(name, Kind.CHOICE, optional, choices);
    }

    /** A command that takes nothing and tells nothing. */
    static HumanForm silent(String words, String command, String help) {
        return telling(words, command, help, result -> "");
    }

    /** A command that takes nothing. */
    static HumanForm telling(String words, String command, String help, Printer printer) {
        return new HumanForm(
                words,
                List.of(),
                help,
                command,
                (monitor, none) -> printer.print(monitor.execute(command, new JsonObject())));
    }

    /** The whole line, as it stands in help. */
    public String usage() {
        StringBuilder usage = new StringBuilder(words);
        for (Parameter parameter : parameters) {
            usage.append(' ').append(parameter.usage());
        }
        return usage.toString();
    }

    /** The words that it begins with. */
    public List<String> name() {
        return List.of(words.split(" "));
    }

    int wordCount() {
        return name().size();
    }

    /**
     * Whether this word is left out here: the first parameter may be, before others that follow.
     */
    public boolean leavesOut(String word) {
        if (parameters.isEmpty()) {
            return false;
        }
        Parameter first = parameters.getFirst();
        return first.kind() == Kind.FORMAT && !word.startsWith("/")
                || first.kind() == Kind.FLAG && !word.equals(first.name());
    }

    /** Whether it takes a format, which people may write without a blank. */
    public boolean hasFormat() {
        return !parameters.isEmpty() && parameters.getFirst().kind() == Kind.FORMAT;
    }
}
