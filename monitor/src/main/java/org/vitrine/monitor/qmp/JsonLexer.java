package org.vitrine.monitor.qmp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into JSON tokens as QEMU's monitor does, so that a client sees the same
 * errors at the same bytes.
 *
 * <p>Beyond RFC 8259 it takes strings in single quotes and {@code \'}. A byte that can't continue
 * the token makes an error with what was read of the token, and then bytes are passed over until
 * one that surely is none of the broken token's: a structural character, a control character, 0xFE
 * or 0xFF. A client that has lost its place sends 0xFF, which is always an error and never part of
 * anything.
 *
 * <p>Holds the state of one connection; not for several threads.
 */
final class JsonLexer {

    /** Takes the tokens. */
    interface Tokens {

        /** One of <code>{ } [ ] : ,</code>. */
        void structural(char character);

        /** A number in JSON's form. */
        void number(String text);

        /** A run of lower-case letters; only true, false and null mean something. */
        void keyword(String text);

        /**
         * A string with its quotes and escapes; control characters, 0xFE and 0xFF are not in it.
         *
         * @param bytes holds the token from {@code from} to before {@code to}, during the call
         * @param plain whether what stands between the quotes is ASCII without an escape
         */
        void string(byte[] bytes, int from, int to, boolean plain);

        /** What was read of a token, to the byte that does not belong there. */
        void stray(byte[] raw);

        /** A token grew beyond the limit; what was read of it is dropped. */
        void tokenTooLong();
    }

    private enum State {
        START,
        STRING,
        ESCAPE,
        MINUS,
        ZERO,
        DIGITS,
        POINT,
        FRACTION,
        EXPONENT,
        EXPONENT_SIGN,
        EXPONENT_DIGITS,
        KEYWORD,
        RECOVERY
    }

    /** Bytes that the buffer of the token being read keeps; a longer token's is given back. */
    private static final int SMALL = 1 << 12;

    private final Tokens tokens;
    private final int tokenLimit;
    private byte[] token = new byte[SMALL];
    private int length;
    private State state = State.START;
    private int quote;

    /** Whether the string so far is ASCII without an escape. */
    private boolean plain;

    /**
     * @param tokenLimit bytes that a token may have
     */
    JsonLexer(Tokens tokens, int tokenLimit) {
        this.tokens = tokens;
        this.tokenLimit = tokenLimit;
    }

    /** Takes more bytes, in pieces as they come. */
    void feed(byte[] bytes, int offset, int count) {
        int end = offset + count;
        int i = offset;
        while (i < end) {
            if (state == State.STRING) {
                i = string(bytes, i, end);
                continue;
            }
            int c = bytes[i] & 0xFF;
            if (c == '"' && state == State.START) {
                i = wholeString(bytes, i, end);
                continue;
            }
            if (!take(c)) {
                take(c);
            }
            i++;
        }
    }

    /** The first byte from here that is no plain character of a string; the end when all are. */
    private static int plainUntil(byte[] bytes, int from, int end, int quote) {
        int i = from;
        // As numbers with a sign, the bytes from 0x20 on are ASCII.
        while (i < end && bytes[i] >= 0x20 && bytes[i] != '\\' && bytes[i] != quote) {
            i++;
        }
        return i;
    }

    /** Begins a string; one that ends in this piece and is plain is given without a copy. */
    private int wholeString(byte[] bytes, int from, int end) {
        quote = bytes[from];
        int close = plainUntil(bytes, from + 1, end, quote);
        if (close < end && bytes[close] == quote && close - from < tokenLimit) {
            tokens.string(bytes, from, close + 1, true);
            return close + 1;
        }
        plain = true;
        advance(State.STRING, quote);
        return from + 1;
    }

    /** Goes on in a string, many bytes at a time. */
    private int string(byte[] bytes, int from, int end) {
        int until = plainUntil(bytes, from, end, quote);
        if (until - from > tokenLimit - length) {
            tokenTooLong();
            return until;
        }
        append(bytes, from, until);
        if (until < end) {
            string(bytes[until] & 0xFF);
            return until + 1;
        }
        return until;
    }

    /** Whether the byte was used; if not it has ended a token, and begins something new. */
    private boolean take(int c) {
        return switch (state) {
            case START -> start(c);
            case STRING -> string(c);
            case ESCAPE -> c >= 0x20 && c < 0xFE ? advance(State.STRING, c) : stray(c);
            case MINUS ->
                    c == '0'
                            ? advance(State.ZERO, c)
                            : isDigit(c) ? advance(State.DIGITS, c) : stray(c);
            case ZERO -> isDigit(c) ? stray(c) : afterInteger(c);
            case DIGITS -> isDigit(c) ? advance(State.DIGITS, c) : afterInteger(c);
            case POINT -> isDigit(c) ? advance(State.FRACTION, c) : stray(c);
            case FRACTION -> isDigit(c) ? advance(State.FRACTION, c) : afterFraction(c);
            case EXPONENT ->
                    c == '+' || c == '-'
                            ? advance(State.EXPONENT_SIGN, c)
                            : isDigit(c) ? advance(State.EXPONENT_DIGITS, c) : stray(c);
            case EXPONENT_SIGN -> isDigit(c) ? advance(State.EXPONENT_DIGITS, c) : stray(c);
            case EXPONENT_DIGITS -> isDigit(c) ? advance(State.EXPONENT_DIGITS, c) : endNumber();
            case KEYWORD -> isLetter(c) ? advance(State.KEYWORD, c) : endKeyword();
            case RECOVERY -> recover(c);
        };
    }

    private boolean start(int c) {
        switch (c) {
            case ' ', '\t', '\r', '\n' -> {
                return true;
            }
            case '{', '}', '[', ']', ':', ',' -> {
                tokens.structural((char) c);
                return true;
            }
            case '"', '\'' -> {
                quote = c;
                plain = true;
                return advance(State.STRING, c);
            }
            case '-' -> {
                return advance(State.MINUS, c);
            }
            case '0' -> {
                return advance(State.ZERO, c);
            }
            default -> {
                return isDigit(c)
                        ? advance(State.DIGITS, c)
                        : isLetter(c) ? advance(State.KEYWORD, c) : stray(c);
            }
        }
    }

    private boolean string(int c) {
        if (c == quote) {
            write(c);
            byte[] raw = token;
            int to = length;
            dropToken();
            state = State.START;
            tokens.string(raw, 0, to, plain);
            return true;
        }
        if (c < 0x20 || c >= 0xFE) {
            return stray(c);
        }
        plain = plain && c < 0x80 && c != '\\';
        return advance(c == '\\' ? State.ESCAPE : State.STRING, c);
    }

    private boolean afterInteger(int c) {
        return c == '.' ? advance(State.POINT, c) : afterFraction(c);
    }

    private boolean afterFraction(int c) {
        return c == 'e' || c == 'E' ? advance(State.EXPONENT, c) : endNumber();
    }

    private boolean endNumber() {
        state = State.START;
        tokens.number(takeText());
        return false;
    }

    private boolean endKeyword() {
        state = State.START;
        tokens.keyword(takeText());
        return false;
    }

    private boolean recover(int c) {
        boolean fresh = c < 0x20 || c >= 0xFE || "{}[]:,".indexOf(c) >= 0;
        if (fresh) {
            state = State.START;
        }
        return !fresh;
    }

    private boolean stray(int c) {
        write(c);
        byte[] raw = Arrays.copyOf(token, length);
        dropToken();
        state = State.RECOVERY;
        tokens.stray(raw);
        return true;
    }

    private boolean advance(State next, int c) {
        if (length >= tokenLimit) {
            tokenTooLong();
            return true;
        }
        write(c);
        state = next;
        return true;
    }

    private void tokenTooLong() {
        dropToken();
        state = State.RECOVERY;
        tokens.tokenTooLong();
    }

    private void write(int c) {
        reserve(1);
        token[length] = (byte) c;
        length++;
    }

    private void append(byte[] bytes, int from, int to) {
        reserve(to - from);
        System.arraycopy(bytes, from, token, length, to - from);
        length += to - from;
    }

    private void reserve(int more) {
        if (length + more > token.length) {
            token = Arrays.copyOf(token, Math.max(length + more, 2 * token.length));
        }
    }

    /** Begins a new token; a large buffer is given back. */
    private void dropToken() {
        length = 0;
        if (token.length > SMALL) {
            token = new byte[SMALL];
        }
    }

    private String takeText() {
        String text = new String(token, 0, length, StandardCharsets.US_ASCII);
        dropToken();
        return text;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(int c) {
        return c >= 'a' && c <= 'z';
    }
}
