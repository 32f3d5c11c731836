package org.vitrine.frontend.mjpeg.codec;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The query of a request: {@code quality=60&fps=5}. */
public final class Query {

    private final Map<String, String> values;

    private Query(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads a query.
     *
     * @param raw what stands after the question mark, still percent-encoded; null or empty for none
     * @param known the names that may stand in it
     * @throws BadRequest when there is another name, or one twice, or a bad escape
     */
    public static Query parse(String raw, String... known) throws BadRequest {
        Map<String, String> values = new HashMap<>();
        List<String> names = Arrays.asList(known);
        if (raw != null && !raw.isEmpty()) {
            for (String pair : raw.split("&")) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                if (!names.contains(name)) {
                    throw new BadRequest(
                            "there is no parameter '"
                                    + shown(name)
                                    + "' here; "
                                    + (names.isEmpty()
                                            ? "none is taken"
                                            : "there are " + String.join(", ", names)));
                }
                if (values.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1)))
                        != null) {
                    throw new BadRequest("parameter '" + name + "' stands twice");
                }
            }
        }
        return new Query(values);
    }

    private static String decode(String word) throws BadRequest {
        try {
            return URLDecoder.decode(word, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadRequest(
                    "a percent sign in the query is not followed by two hexadecimal digits");
        }
    }

    /**
     * A number, or {@code otherwise} when it is not given.
     *
     * @throws BadRequest when it is no number from {@code minimum} to {@code maximum}
     */
    public int integer(String name, int otherwise, int minimum, int maximum) throws BadRequest {
        String word = values.get(name);
        if (word == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(word);
            if (value >= minimum && value <= maximum) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number that is out of range.
        }
        throw new BadRequest(
                "parameter '"
                        + name
                        + "' takes a number from "
                        + minimum
                        + " to "
                        + maximum
                        + ", not '"
                        + shown(word)
                        + "'");
    }

    /**
     * The name that a page has given itself, or null when there is none.
     *
     * @throws BadRequest when it is not made of 8 to 64 letters, digits and dashes
     */
    public String page() throws BadRequest {
        String word = values.get("page");
        if (word != null && !word.matches("[A-Za-z0-9-]{8,64}")) {
            throw new BadRequest("parameter 'page' takes 8 to 64 letters, digits and dashes");
        }
        return word;
    }

    /** What a stranger wrote, short and harmless enough to be repeated in an answer or a log. */
    static String shown(String word) {
        String plain = word.replaceAll("[^ -~]", "?");
        return plain.length() > 40 ? plain.substring(0, 40) + "..." : plain;
    }
}
