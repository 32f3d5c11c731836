package org.vitrine.spi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The options that a frontend takes. From it the host checks values, prints help, completes words
 * in the monitor, and answers {@code query-frontend-providers}.
 *
 * <pre>{@code
 * OptionSchema.builder()
 *         .string("host", "address to listen on", "127.0.0.1")
 *         .integer("port", "TCP port, 0 for any free one", 5900, 0, 65535)
 *         .secret("password", "what a client must give")
 *         .build()
 * }</pre>
 *
 * @since 1.0
 */
public final class OptionSchema {

    /** A schema without options. */
    public static final OptionSchema EMPTY = builder().build();

    private final Map<String, Option> options;

    private OptionSchema(Map<String, Option> options) {
        this.options = options;
    }

    /** Begins a schema. */
    public static Builder builder() {
        return new Builder();
    }

    /** The options in the order in which they were declared. */
    public List<Option> options() {
        return List.copyOf(options.values());
    }

    /** The option with this name, or null. */
    public Option option(String name) {
        return options.get(name);
    }

    /**
     * Values for these options from words, as in {@code port=5901,lossy=on}.
     *
     * @throws OptionException when a name is unknown, a value is wrong, or a required option is
     *     missing
     */
    public OptionValues parse(Map<String, String> words) throws OptionException {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, String> word : words.entrySet()) {
            values.put(word.getKey(), known(word.getKey()).parse(word.getValue()));
        }
        return complete(values);
    }

    /**
     * Values for these options from typed values, as from JSON: String, Long or Boolean.
     *
     * @throws OptionException when a name is unknown, a type or value is wrong, or a required
     *     option is missing
     */
    public OptionValues check(Map<String, ?> typed) throws OptionException {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, ?> value : typed.entrySet()) {
            values.put(value.getKey(), known(value.getKey()).check(value.getValue()));
        }
        return complete(values);
    }

    private Option known(String name) throws OptionException {
        Option option = options.get(name);
        if (option == null) {
            throw new OptionException(
                    "there is no option '"
                            + name
                            + "'; "
                            + (options.isEmpty()
                                    ? "none is taken"
                                    : "options are " + String.join(", ", options.keySet())));
        }
        return option;
    }

    private OptionValues complete(Map<String, Object> given) throws OptionException {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Option option : options.values()) {
            Object value = given.get(option.name());
            if (value == null) {
                if (option.required()) {
                    throw new OptionException(
                            "option '" + option.name() + "' is needed: " + option.description());
                }
                value = option.defaultValue();
            }
            if (value != null) {
                values.put(option.name(), value);
            }
        }
        return new OptionValues(this, values);
    }

    /** The names, for messages. */
    @Override
    public String toString() {
        return options.keySet().stream().collect(Collectors.joining(", ", "[", "]"));
    }

    /**
     * Collects options; each method declares one.
     *
     * @since 1.0
     */
    public static final class Builder {

        private final List<Option> options = new ArrayList<>();

        private Builder() {}

        /** A string with a default, or null for none. */
        public Builder string(String name, String description, String defaultValue) {
            return add(
                    name, Option.Type.STRING, description, defaultValue, false, false, List.of());
        }

        /** A string that must be given. */
        public Builder requiredString(String name, String description) {
            return add(name, Option.Type.STRING, description, null, true, false, List.of());
        }

        /** A string that nobody may see; no default. */
        public Builder secret(String name, String description) {
            return add(name, Option.Type.STRING, description, null, false, true, List.of());
        }

        /** A file's name with a default, or null for none. */
        public Builder path(String name, String description, String defaultValue) {
            return add(name, Option.Type.PATH, description, defaultValue, false, false, List.of());
        }

        /** Something that is on or off. */
        public Builder bool(String name, String description, boolean defaultValue) {
            return add(
                    name, Option.Type.BOOLEAN, description, defaultValue, false, false, List.of());
        }

        /** One of several words. */
        public Builder choice(
                String name, String description, String defaultValue, String... choices) {
            return add(
                    name,
                    Option.Type.CHOICE,
                    description,
                    defaultValue,
                    false,
                    false,
                    List.of(choices));
        }

        /** A number from {@code minimum} to {@code maximum} with a default. */
        public Builder integer(
                String name, String description, long defaultValue, long minimum, long maximum) {
            options.add(
                    new Option(
                            name,
                            Option.Type.INTEGER,
                            description,
                            defaultValue,
                            false,
                            false,
                            minimum,
                            maximum,
                            List.of()));
            return this;
        }

        private Builder add(
                String name,
                Option.Type type,
                String description,
                Object defaultValue,
                boolean required,
                boolean secret,
                List<String> choices) {
            options.add(
                    new Option(
                            name,
                            type,
                            description,
                            defaultValue,
                            required,
                            secret,
                            Long.MIN_VALUE,
                            Long.MAX_VALUE,
                            choices));
            return this;
        }

        /**
         * @throws IllegalArgumentException when two options have one name
         */
        public OptionSchema build() {
            Map<String, Option> byName = new LinkedHashMap<>();
            for (Option option : options) {
                if (byName.put(option.name(), option) != null) {
                    throw new IllegalArgumentException(
                            "two options are called '" + option.name() + "'");
                }
            }
            return new OptionSchema(byName);
        }
    }
}
