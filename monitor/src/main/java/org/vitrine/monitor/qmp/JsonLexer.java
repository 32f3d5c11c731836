package org.vitrine.monitor.qmp;

import java.io.ByteArrayOutputStream;

/**
 * Cuts a stream of bytes into JSON tokens as QEMU's monitor does, so that a client sees the same errors at
 * the same bytes.
 *
 * <p>Beyond RFC 8259 it takes strings in single quotes and {@code \'}. A byte that can't continue the token
 * makes an error with what was read of the token, and then bytes are passed over until one that surely is
 * none of the broken token's: a structural character, a control character, 0xFE or 0xFF. A client that has
 * lost its place sends 0xFF, which is always an error and never part of anything.
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

        /** A string with its quotes and escapes; control characters, 0xFE and 0xFF are not in it. */
        void string(byte[] raw);

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

    private final Tokens tokens;
    private final int tokenLimit;
    private final ByteArrayOutputStream token = new ByteArrayOutputStream();
    private State state = State.START;
    private int quote;

    /**
     * @param tokenLimit bytes that a token may have
     */
    JsonLexer(Tokens tokens, int tokenLimit) {
        this.tokens = tokens;
        this.tokenLimit = tokenLimit;
    }

    /** Takes more bytes, in pieces as they come. */
    void feed(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            int c = bytes[i] & 0xFF;
            if (!take(c)) {
                take(c);
            }
        }
    }

    /** Whether the byte was used; if not it has ended a token, and begins something new. */
    private boolean take(int c) {
        return switch (state) {
            case START -> start(c);
            case STRING -> string(c);
            case ESCAPE -> c >= 0x20 && c < 0xFE ? advance(State.STRING, c) : stray(c);
            case MINUS -> c == '0' ? advance(State.ZERO, c) : isDigit(c) ? advance(State.DIGITS, c) : stray(c);
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
                return advance(State.STRING, c);
            }
            case '-' -> {
                return advance(State.MINUS, c);
            }
            case '0' -> {
                return advance(State.ZERO, c);
            }
            default -> {
                return isDigit(c) ? advance(State.DIGITS, c) : isLetter(c) ? advance(State.KEYWORD, c) : stray(c);
            }
        }
    }

    private boolean string(int c) {
        if (c == quote) {
            token.write(c);
            byte[] raw = takeToken();
            state = State.START;
            tokens.string(raw);
            return true;
        }
        if (c < 0x20 || c >= 0xFE) {
            return stray(c);
        }
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
        token.write(c);
        byte[] raw = takeToken();
        state = State.RECOVERY;
        tokens.stray(raw);
        return true;
    }

    private boolean advance(State next, int c) {
        if (token.size() >= tokenLimit) {
            token.reset();
            state = State.RECOVERY;
            tokens.tokenTooLong();
            return true;
        }
        token.write(c);
        state = next;
        return true;
    }

    private byte[] takeToken() {
        byte[] raw = token.toByteArray();
        token.reset();
        return raw;
    }

    private String takeText() {
        String text = token.toString(java.nio.charset.StandardCharsets.US_ASCII);
        token.reset();
        return text;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(int c) {
        return c >= 'a' && c <= 'z';
    }
}
