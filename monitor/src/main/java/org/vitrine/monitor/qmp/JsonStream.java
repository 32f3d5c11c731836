package org.vitrine.monitor.qmp;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Finds JSON values in a stream of bytes by their structure, not by lines, with QEMU's limits and
 * words of error.
 *
 * <p>A value ends when as many braces and brackets are closed as were opened, or when more are
 * closed than were opened of either kind. Only then is it given, or its first error: what is wrong
 * inside a value makes one error, and the rest of the value is passed over. A byte that belongs to
 * no token, and a limit, end the value at once.
 *
 * <p>Holds the state of one connection; not for several threads.
 */
public final class JsonStream {

    /** Braces and brackets that may be open at once. */
    public static final int DEPTH_LIMIT = 1024;

    /** Tokens that one value may have. */
    public static final int TOKEN_LIMIT = 1 << 21;

    /** Bytes that the tokens of one value may have together. */
    public static final int SIZE_LIMIT = 64 << 20;

    /** Takes what was found, in the order of the stream. */
    public interface Values {

        void value(JsonElement value);

        /** An error, with QEMU's words. */
        void error(String message);
    }

    /** What the grammar lets come next. */
    private enum Expect {
        VALUE,
        VALUE_OR_END,
        SEPARATOR,
        KEY,
        KEY_OR_END,
        COLON,
        MEMBER_VALUE,
        PAIR_SEPARATOR,
        NOTHING
    }

    /**
     * An array or object that is not closed yet; {@code after} is what was expected where it
     * stands.
     */
    private static final class Open {
        final JsonElement container;
        final Expect place;
        String key;

        Open(JsonElement container, Expect place) {
            this.container = container;
            this.place = place;
        }
    }

    private final Values values;
    private final JsonLexer lexer;
    private final Deque<Open> open = new ArrayDeque<>();
    private Expect expect = Expect.VALUE;
    private JsonElement result;
    private String error;
    private int braces;
    private int brackets;
    private int tokenCount;
    private long size;

    public JsonStream(Values values) {
        this.values = values;
        this.lexer = new JsonLexer(new Grammar(), SIZE_LIMIT);
    }

    /** Takes more bytes, cut anywhere. */
    public void feed(byte[] bytes, int offset, int length) {
        lexer.feed(bytes, offset, length);
    }

    private void restart() {
        open.clear();
        expect = Expect.VALUE;
        result = null;
        error = null;
        braces = 0;
        brackets = 0;
        tokenCount = 0;
        size = 0;
    }

    private void giveUp(String message) {
        restart();
        values.error(message);
    }

    /** Keeps the first error of a value, and drops what was built of it. */
    private void fail(String message) {
        if (error == null) {
            error = "JSON parse error, " + message;
            open.clear();
            result = null;
        }
    }

    private final class Grammar implements JsonLexer.Tokens {

        @Override
        public void structural(char character) {
            switch (character) {
                case '{' -> braces++;
                case '}' -> braces--;
                case '[' -> brackets++;
                case ']' -> brackets--;
                default -> {}
            }
            if (withinLimits(1)) {
                if (error == null) {
                    structure(character);
                }
                endIfClosed();
            }
        }

        @Override
        public void number(String text) {
            if (withinLimits(text.length())) {
                if (error == null) {
                    scalar(new JsonPrimitive(JsonText.number(text)));
                }
                endIfClosed();
            }
        }

        @Override
        public void keyword(String text) {
            if (withinLimits(text.length())) {
                if (error == null) {
                    word(text);
                }
                endIfClosed();
            }
        }

        private void word(String text) {
            if (!takesValue()) {
                misplaced();
                return;
            }
            switch (text) {
                case "true" -> scalar(new JsonPrimitive(true));
                case "false" -> scalar(new JsonPrimitive(false));
                case "null" -> scalar(JsonNull.INSTANCE);
                default -> fail("invalid keyword '" + text + "'");
            }
        }

        @Override
        public void string(byte[] bytes, int from, int to, boolean plain) {
            if (withinLimits(to - from)) {
                if (error == null) {
                    text(bytes, from, to, plain);
                }
                endIfClosed();
            }
        }

        private void text(byte[] bytes, int from, int to, boolean plain) {
            if (!takesValue()) {
                misplaced();
                return;
            }
            try {
                String text =
                        plain
                                ? new String(
                                        bytes, from + 1, to - from - 2, StandardCharsets.ISO_8859_1)
                                : JsonText.string(Arrays.copyOfRange(bytes, from, to));
                scalar(new JsonPrimitive(text));
            } catch (JsonText.BadText e) {
                fail(e.getMessage());
            }
        }

        @Override
        public void stray(byte[] raw) {
            int end = 0;
            // QEMU's message is a C string, so a NUL ends what it shows of the token.
            while (end < raw.length && raw[end] != 0) {
                end++;
            }
            giveUp(
                    "JSON parse error, stray '"
                            + new String(Arrays.copyOf(raw, end), StandardCharsets.UTF_8)
                            + "'");
        }

        @Override
        public void tokenTooLong() {
            giveUp("JSON token size limit exceeded");
        }

        private boolean withinLimits(int length) {
            size += length;
            tokenCount++;
            String message =
                    size >= SIZE_LIMIT
                            ? "JSON token size limit exceeded"
                            : tokenCount > TOKEN_LIMIT
                                    ? "JSON token count limit exceeded"
                                    : braces + brackets > DEPTH_LIMIT
                                            ? "JSON nesting depth limit exceeded"
                                            : null;
            if (message != null) {
                giveUp(message);
            }
            return message == null;
        }

        private void endIfClosed() {
            if ((braces > 0 || brackets > 0) && braces >= 0 && brackets >= 0) {
                return;
            }
            JsonElement value = result;
            String message =
                    error == null && value == null ? "JSON parse error, premature EOI" : error;
            restart();
            if (message != null) {
                values.error(message);
            } else {
                values.value(value);
            }
        }

        private void structure(char character) {
            switch (character) {
                case '{' -> begin(new JsonObject(), Expect.KEY_OR_END);
                case '[' -> begin(new JsonArray(), Expect.VALUE_OR_END);
                case '}' -> {
                    if (expect == Expect.KEY_OR_END || expect == Expect.PAIR_SEPARATOR) {
                        end();
                    } else {
                        misplaced();
                    }
                }
                case ']' -> {
                    if (expect == Expect.VALUE_OR_END || expect == Expect.SEPARATOR) {
                        end();
                    } else {
                        misplaced();
                    }
                }
                case ',' -> {
                    switch (expect) {
                        case SEPARATOR -> expect = Expect.VALUE;
                        case PAIR_SEPARATOR -> expect = Expect.KEY;
                        default -> misplaced();
                    }
                }
                default -> {
                    if (expect == Expect.COLON) {
                        expect = Expect.MEMBER_VALUE;
                    } else {
                        misplaced();
                    }
                }
            }
        }

        private boolean takesValue() {
            return switch (expect) {
                case VALUE, VALUE_OR_END, KEY, KEY_OR_END, MEMBER_VALUE -> true;
                case SEPARATOR, COLON, PAIR_SEPARATOR, NOTHING -> false;
            };
        }

        /** A token stands where the grammar has another. */
        private void misplaced() {
            fail(
                    switch (expect) {
                        case SEPARATOR -> "expected separator in list";
                        case PAIR_SEPARATOR -> "expected separator in dict";
                        case COLON -> "missing : in object pair";
                        case VALUE, VALUE_OR_END, KEY, KEY_OR_END, MEMBER_VALUE, NOTHING ->
                                "expecting value";
                    });
        }

        private void begin(JsonElement container, Expect first) {
            if (takesValue()) {
                open.push(new Open(container, expect));
                expect = first;
            } else {
                misplaced();
            }
        }

        private void end() {
            Open closed = open.pop();
            expect = closed.place;
            scalar(closed.container);
        }

        /** Puts a whole value where the grammar stands. */
        private void scalar(JsonElement value) {
            switch (expect) {
                case KEY, KEY_OR_END -> {
                    if (value instanceof JsonPrimitive key && key.isString()) {
                        open.element().key = key.getAsString();
                        expect = Expect.COLON;
                    } else {
                        fail("key is not a string in object");
                    }
                }
                case MEMBER_VALUE -> {
                    Open parent = open.element();
                    JsonObject object = parent.container.getAsJsonObject();
                    if (object.has(parent.key)) {
                        fail("duplicate key");
                    } else {
                        object.add(parent.key, value);
                        expect = Expect.PAIR_SEPARATOR;
                    }
                }
                case VALUE, VALUE_OR_END -> {
                    if (open.isEmpty()) {
                        result = value;
                        expect = Expect.NOTHING;
                    } else {
                        open.element().container.getAsJsonArray().add(value);
                        expect = Expect.SEPARATOR;
                    }
                }
                case SEPARATOR, COLON, PAIR_SEPARATOR, NOTHING -> misplaced();
            }
        }
    }
}
