package org.vitrine.spi;

import java.util.List;
import java.util.Objects;

/**
 * One option of a frontend: what it is called, what it takes, and what it is for.
 *
 * @param name lower case with dashes, as in {@code port=5901}
 * @param description one line, for help and completion
 * @param defaultValue used when the option is not given: a String, Long or Boolean as the type
 *     asks, or null
 * @param secret whether the value is a password or key: never shown, logged or kept in a history
 * @param minimum smallest value of an integer
 * @param maximum largest value of an integer
 * @param choices the values of a choice, else empty
 * @since 1.0
 */
public record Option(
        String name,
        Type type,
        String description,
        Object defaultValue,
        boolean required,
        boolean secret,
        long minimum,
        long maximum,
        List<String> choices) {

    /**
     * What an option's value is.
     *
     * @since 1.0
     */
    public enum Type {
        STRING,
        INTEGER,
        /** On or off. */
        BOOLEAN,
        /** One of a list of words. */
        CHOICE,
        /** A file's name. */
        PATH
    }

    public Option {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(description, "description");
        choices = List.copyOf(choices);
    }

    /**
     * The value that a word of the command line stands for.
     *
     * @throws OptionException when this option does not take it
     */
    public Object parse(String word) throws OptionException {
        return switch (type) {
            case STRING, PATH -> word;
            case CHOICE -> check(word);
            case INTEGER -> {
                try {
                    yield check(Long.decode(word));
                } catch (NumberFormatException e) {
                    throw new OptionException(
                            "option '" + name + "' takes " + valueHelp() + ", not '" + word + "'");
                }
            }
            case BOOLEAN ->
                    switch (word) {
                        case "on", "true", "yes" -> true;
                        case "off", "false", "no" -> false;
                        default ->
                                throw new OptionException(
                                        "option '"
                                                + name
                                                + "' takes on or off, not '"
                                                + word
                                                + "'");
                    };
        };
    }

    /**
     * Checks a typed value, as from JSON.
     *
     * @return the value in the form that {@link OptionValues} keeps: a String, Long or Boolean
     * @throws OptionException when the type is wrong or the value out of range
     */
    public Object check(Object value) throws OptionException {
        boolean fits =
                switch (type) {
                    case STRING, PATH -> value instanceof String;
                    case CHOICE -> value instanceof String word && choices.contains(word);
                    case BOOLEAN -> value instanceof Boolean;
                    case INTEGER ->
                            value instanceof Long number && number >= minimum && number <= maximum;
                };
        if (!fits) {
            throw new OptionException(
                    "option '"
                            + name
                            + "' takes "
                            + valueHelp()
                            + (secret ? "" : ", not " + quote(value)));
        }
        return value;
    }

    private static String quote(Object value) {
        return value instanceof String ? "'" + value + "'" : String.valueOf(value);
    }

    /** What may stand after the equals sign, for a person: "a number from 0 to 65535". */
    public String valueHelp() {
        return switch (type) {
            case STRING -> "a string";
            case PATH -> "a file name";
            case BOOLEAN -> "on or off";
            case CHOICE -> "one of " + String.join(", ", choices);
            case INTEGER ->
                    minimum == Long.MIN_VALUE && maximum == Long.MAX_VALUE
                            ? "a number"
                            : "a number from " + minimum + " to " + maximum;
        };
    }
}
