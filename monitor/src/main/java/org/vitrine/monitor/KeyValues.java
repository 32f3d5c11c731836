package org.vitrine.monitor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * QEMU's grammar for one option's argument: {@code vnc,port=5931,host=a,,b}: a first word, then
 * names with values, between commas; a comma in a value is written twice; a name alone means on,
 * {@code noname} off.
 *
 * @param first the first word, or null when the argument starts with a name and a value
 */
record KeyValues(String first, Map<String, String> values) {

    static KeyValues parse(String option, String argument) throws CommandLineException {
        String first = null;
        Map<String, String> values = new LinkedHashMap<>();
        List<String> parts = split(argument);
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            int equals = part.indexOf('=');
            if (equals < 0 && i == 0) {
                first = part;
                continue;
            }
            String name = equals < 0 ? part : part.substring(0, equals);
            String value = equals < 0 ? "on" : part.substring(equals + 1);
            if (name.isEmpty()) {
                throw new CommandLineException(
                        option + " " + argument + ": there is nothing before '" + part + "'");
            }
            if (values.put(name, value) != null) {
                throw new CommandLineException(
                        option + " " + argument + ": '" + name + "' is given twice");
            }
        }
        return new KeyValues(first, values);
    }

    private static List<String> split(String argument) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < argument.length(); i++) {
            char c = argument.charAt(i);
            if (c != ',') {
                part.append(c);
            } else if (i + 1 < argument.length() && argument.charAt(i + 1) == ',') {
                part.append(',');
                i++;
            } else {
                parts.add(part.toString());
                part.setLength(0);
            }
        }
        parts.add(part.toString());
        return parts;
    }
}
