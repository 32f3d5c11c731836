package org.vitrine.monitor.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;

/**
 * How people say a command in the interactive monitor, and how its result reads.
 *
 * @param words what it begins with, as {@code "stop"} or {@code "info status"}
 * @param parameters what may follow
 * @param help what it does, one line
 * @param action does it
 */
public record HumanForm(String words, List<Parameter> parameters, String help, Action action) {

    /** What a word of the line is, so that the terminal can complete it. */
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
        /** {@code NAME=VALUE}, of the driver or frontend before it; takes all words that are left. */
        OPTIONS,
        /** A command of the monitor. */
        COMMAND,
        /** {@code png} or {@code ppm}. */
        IMAGE_FORMAT
    }

    /** A word that may or must follow. */
    public record Parameter(String name, Kind kind, boolean optional) {

        /** As it stands in help: {@code DRIVER} or {@code [FILE]}. */
        String usage() {
            String shown = kind == Kind.OPTIONS ? name + "..." : name;
            return optional ? "[" + shown + "]" : shown;
        }
    }

    /** What is done. */
    @FunctionalInterface
    public interface Action {

        /**
         * @param words what followed the command, at most as many words as there are parameters
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

    static Parameter needs(String name, Kind kind) {
        return new Parameter(name, kind, false);
    }

    static Parameter mayHave(String name, Kind kind) {
        return new Parameter(name, kind, true);
    }

    /** A command that takes nothing and tells nothing. */
    static HumanForm silent(String words, String command, String help) {
        return telling(words, command, help, result -> "");
    }

    /** A command that takes nothing. */
    static HumanForm telling(String words, String command, String help, Printer printer) {
        return new HumanForm(
                words, List.of(), help, (monitor, none) -> printer.print(monitor.execute(command, new JsonObject())));
    }

    /** The whole line, as it stands in help. */
    public String usage() {
        StringBuilder usage = new StringBuilder(words);
        for (Parameter parameter : parameters) {
            usage.append(' ').append(parameter.usage());
        }
        return usage.toString();
    }

    int wordCount() {
        return words.split(" ").length;
    }
}
