package org.vitrine.monitor.qmp;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The written forms of JSON values: how QMP strings and numbers are read, and how values are
 * written to the wire: in ASCII, with a blank after each colon and comma, as QEMU writes them.
 */
final class JsonText {

    private static final BigInteger UINT64_MAX =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private static final String INDENT = "    ";
    private static final String SHORT_ESCAPES = "\"\"\\\\\bb\ff\nn\rr\tt";

    private JsonText() {}

    /** A string or number that JSON allows but the monitor does not take. */
    static final class BadText extends Exception {
        BadText(String message) {
            super(message);
        }
    }

    /**
     * The value of a JSON number: a Long or BigInteger up to 2^64-1, else a Double, which may be
     * infinite.
     */
    static Number number(String text) {
        if (text.length() < 18 && isInteger(text)) {
            return Long.valueOf(text);
        }
        if (text.indexOf('.') < 0
                && text.indexOf('e') < 0
                && text.indexOf('E') < 0
                && text.length() <= 20) {
            BigInteger value = new BigInteger(text);
            if (value.bitLength() <= 63) {
                return value.longValue();
            }
            if (value.signum() > 0 && value.compareTo(UINT64_MAX) <= 0) {
                return value;
            }
        }
        return Double.valueOf(text);
    }

    private static boolean isInteger(String text) {
        for (int i = text.charAt(0) == '-' ? 1 : 0; i < text.length(); i++) {
            if (text.charAt(i) > '9' || text.charAt(i) < '0') {
                return false;
            }
        }
        return true;
    }

    /**
     * The characters of a string token.
     *
     * @param raw the token with its quotes
     * @throws BadText with QEMU's words for it
     */
    static String string(byte[] raw) throws BadText {
        StringBuilder text = new StringBuilder(raw.length);
        int end = raw.length - 1;
        int at = 1;
        while (at < end) {
            if (raw[at] == '\\') {
                at = escape(raw, at, text);
            } else {
                int length = utf8Length(raw, at, end);
                int codePoint = codePoint(raw, at, length);
                if (!isCharacter(codePoint)) {
                    throw new BadText("invalid UTF-8 sequence in string");
                }
                text.appendCodePoint(codePoint);
                at += length;
            }
        }
        return text.toString();
    }

    /** Decodes the escape at {@code at}; the index after it. */
    private static int escape(byte[] raw, int at, StringBuilder text) throws BadText {
        char letter = (char) (raw[at + 1] & 0xFF);
        switch (letter) {
            case '"', '\'', '\\', '/' -> text.append(letter);
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'u' -> {
                return unicodeEscape(raw, at, text);
            }
            default ->
                    throw new BadText(
                            "invalid escape sequence '" + ascii(raw, at, at + 2) + "' in string");
        }
        return at + 2;
    }

    private static int unicodeEscape(byte[] raw, int at, StringBuilder text) throws BadText {
        int unit = hex(raw, at + 2);
        if (unit < 0) {
            throw new BadText("invalid hex escape '" + ascii(raw, at, at + 6) + "' in string");
        }
        int next = at + 6;
        int codePoint = unit;
        if (Character.isHighSurrogate((char) unit)
                && next + 1 < raw.length
                && raw[next] == '\\'
                && raw[next + 1] == 'u') {
            int second = hex(raw, next + 2);
            if (second >= 0 && Character.isLowSurrogate((char) second)) {
                codePoint = Character.toCodePoint((char) unit, (char) second);
                next += 6;
            }
        }
        if (!isCharacter(codePoint)) {
            throw new BadText(ascii(raw, at, next) + " is not a valid Unicode character");
        }
        text.appendCodePoint(codePoint);
        return next;
    }

    /**
     * The four hexadecimal digits there, or -1; the closing quote is none, so it is never passed.
     */
    private static int hex(byte[] raw, int at) {
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = i < raw.length ? Character.digit(raw[i], 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static String ascii(byte[] raw, int from, int to) {
        int end = Math.min(to, raw.length - 1);
        return new String(raw, from, end - from, StandardCharsets.UTF_8);
    }

    /** Unicode characters without the surrogates and the noncharacters. */
    private static boolean isCharacter(int codePoint) {
        return codePoint >= 0
                && codePoint <= Character.MAX_CODE_POINT
                && (codePoint < 0xD800 || codePoint > 0xDFFF)
                && (codePoint < 0xFDD0 || codePoint > 0xFDEF)
                && (codePoint & 0xFFFE) != 0xFFFE;
    }

    /** How many bytes the sequence that begins here should have, cut at the end of the string. */
    private static int utf8Length(byte[] raw, int at, int end) {
        int first = raw[at] & 0xFF;
        int length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        return Math.min(length, end - at);
    }

    /** Modified UTF-8: the longer forms are wrong, but C0 80 is a NUL. -1 when it is wrong. */
    private static int codePoint(byte[] raw, int at, int length) {
        int first = raw[at] & 0xFF;
        if (first < 0x80) {
            return first;
        }
        int expected =
                first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF8 ? 4 : 0;
        if (expected != length || expected == 0) {
            return -1;
        }
        int value = first & 0x7F >> expected;
        for (int i = 1; i < length; i++) {
            int next = raw[at + i] & 0xFF;
            if ((next & 0xC0) != 0x80) {
                return -1;
            }
            value = value << 6 | next & 0x3F;
        }
        int least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x1_0000;
        boolean modifiedNul = length == 2 && value == 0;
        return value >= least || modifiedNul ? value : -1;
    }

    /** A value as it goes over the wire, without a line end. */
    static String write(JsonElement value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(JsonElement value, StringBuilder out) {
        switch (value) {
            case JsonObject object -> {
                out.append('{');
                String separator = "";
                for (Map.Entry<String, JsonElement> member : object.entrySet()) {
                    out.append(separator);
                    writeString(member.getKey(), out);
                    out.append(": ");
                    write(member.getValue(), out);
                    separator = ", ";
                }
                out.append('}');
            }
            case JsonArray array -> {
                out.append('[');
                String separator = "";
                for (JsonElement element : array) {
                    out.append(separator);
                    write(element, out);
                    separator = ", ";
                }
                out.append(']');
            }
            case JsonPrimitive primitive when primitive.isString() ->
                    writeString(primitive.getAsString(), out);
            case JsonPrimitive primitive when primitive.isNumber() ->
                    out.append(number(primitive.getAsNumber()));
            default -> out.append(value);
        }
    }

    /**
     * A value over several lines ended by CR LF, each level four blanks further in, as QEMU's
     * pretty form is: what is empty takes two lines as well.
     */
    static String writePretty(JsonElement value) {
        StringBuilder out = new StringBuilder();
        writePretty(value, 0, out);
        return out.toString();
    }

    private static void writePretty(JsonElement value, int depth, StringBuilder out) {
        String separator = "";
        switch (value) {
            case JsonObject object -> {
                out.append('{');
                for (Map.Entry<String, JsonElement> member : object.entrySet()) {
                    newLine(out.append(separator), depth + 1);
                    writeString(member.getKey(), out);
                    out.append(": ");
                    writePretty(member.getValue(), depth + 1, out);
                    separator = ",";
                }
                newLine(out, depth);
                out.append('}');
            }
            case JsonArray array -> {
                out.append('[');
                for (JsonElement element : array) {
                    newLine(out.append(separator), depth + 1);
                    writePretty(element, depth + 1, out);
                    separator = ",";
                }
                newLine(out, depth);
                out.append(']');
            }
            default -> write(value, out);
        }
    }

    private static void newLine(StringBuilder out, int depth) {
        out.append("\r\n").repeat(INDENT, depth);
    }

    private static void writeString(String text, StringBuilder out) {
        out.append('"');
        int length = text.length();
        int from = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\') {
                continue;
            }
            out.append(text, from, i);
            from = i + 1;
            writeEscaped(text, i, out);
        }
        out.append(text, from, length).append('"');
    }

    private static void writeEscaped(String text, int at, StringBuilder out) {
        char c = text.charAt(at);
        int escape = SHORT_ESCAPES.indexOf(c);
        if (escape >= 0 && escape % 2 == 0) {
            out.append('\\').append(SHORT_ESCAPES.charAt(escape + 1));
        } else if (Character.isSurrogate(c) && !isPaired(text, at)) {
            out.append("\\uFFFD");
        } else {
            out.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
                out.append("0123456789ABCDEF".charAt(c >> shift & 15));
            }
        }
    }

    private static boolean isPaired(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }

    private static String number(Number number) {
        if (number instanceof Double || number instanceof Float) {
            return seventeenDigits(number.doubleValue());
        }
        return number.toString();
    }

    /** The C format {@code %.17g}, with which QEMU writes all numbers that are not integers. */
    static String seventeenDigits(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal rounded =
                new BigDecimal(value).round(new MathContext(17, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        BigDecimal stripped = rounded.stripTrailingZeros();
        if (exponent >= -4 && exponent < 17) {
            return stripped.toPlainString();
        }
        String digits = stripped.unscaledValue().abs().toString();
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        return (value < 0 ? "-" : "")
                + digits.charAt(0)
                + fraction
                + "e%s%02d".formatted(exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
}
