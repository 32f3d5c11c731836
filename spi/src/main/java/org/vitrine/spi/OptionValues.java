package org.vitrine.spi;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The checked values of a frontend's options, defaults filled in. Immutable.
 *
 * @since 1.0
 */
public final class OptionValues {

    private final OptionSchema schema;
    private final Map<String, Object> values;

    OptionValues(OptionSchema schema, Map<String, Object> values) {
        this.schema = schema;
        this.values = Map.copyOf(values);
    }

    /** A string, path or choice; null when it has neither value nor default. */
    public String string(String name) {
        return (String) value(name);
    }

    /** A number; the option must have a default or be required. */
    public long integer(String name) {
        return (Long) value(name);
    }

    /** On or off; the option must have a default or be required. */
    public boolean bool(String name) {
        return (Boolean) value(name);
    }

    /** Whether the option has a value, given or by default. */
    public boolean has(String name) {
        return value(name) != null;
    }

    private Object value(String name) {
        if (schema.option(name) == null) {
            throw new IllegalArgumentException(
                    "option '" + name + "' is not in the schema " + schema);
        }
        return values.get(name);
    }

    /**
     * These values with some of them changed: typed, as in {@link OptionSchema#check}.
     *
     * @throws OptionException when a name is unknown or a value is wrong
     */
    public OptionValues with(Map<String, ?> changes) throws OptionException {
        Map<String, Object> all = new LinkedHashMap<>(values);
        all.putAll(changes);
        return schema.check(all);
    }

    /** The values by name, without the secret ones. */
    public Map<String, Object> visible() {
        return values.entrySet().stream()
                .filter(entry -> !schema.option(entry.getKey()).secret())
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The values, secrets masked. */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(entry ->
                        entry.getKey()
                                + "="
                                + (schema.option(entry.getKey()).secret()
                                        ? "***"
                                        : entry.getValue()))
                .sorted()
                .collect(Collectors.joining(","));
    }
}
