package org.vitrine.monitor.qmp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonStreamTest {

    /** What a stream of bytes gives: values as they are written to the wire, errors with an exclamation mark. */
    private static List<String> read(byte[]... pieces) {
        List<String> found = new ArrayList<>();
        JsonStream stream = new JsonStream(new JsonStream.Values() {
            @Override
            public void value(JsonElement value) {
                found.add(JsonText.write(value));
            }

            @Override
            public void error(String message) {
                found.add("!" + message);
            }
        });
        for (byte[] piece : pieces) {
            stream.feed(piece, 0, piece.length);
        }
        return found;
    }

    private static List<String> read(String text) {
        return read(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String parseError(String what) {
        return "!JSON parse error, " + what;
    }

    @Test
    void valuesNeedNoSeparator() {
        assertEquals(List.of("{}", "[1, {\"a\": null}]", "\"x\"", "true"), read("{}[1,{'a':null}]\"x\"true "));
    }

    @Test
    void cutsBetweenBytesDoNotMatter() {
        String text = "{\"a\\u00e9\":[1.5e+3,-0,true,\"\u00c3\u00a9\"]} 17\n";
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[][] pieces = new byte[bytes.length][];
        for (int i = 0; i < bytes.length; i++) {
            pieces[i] = new byte[] {bytes[i]};
        }
        assertEquals(List.of("{\"a\\u00E9\": [1500, 0, true, \"\\u00E9\"]}", "17"), read(pieces));
        assertEquals(read(bytes), read(pieces));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "0 | 0",
                "-0 | 0",
                "9223372036854775807 | 9223372036854775807",
                "-9223372036854775808 | -9223372036854775808",
                "18446744073709551615 | 18446744073709551615",
                "18446744073709551616 | 1.8446744073709552e+19",
                "-9223372036854775809 | -9.2233720368547758e+18",
                "0.1 | 0.10000000000000001",
                "1.5 | 1.5",
                "-1.25E2 | -125",
                "1e16 | 10000000000000000",
                "1e17 | 1e+17",
                "0.0001 | 0.0001",
                "0.00001 | 1.0000000000000001e-05",
                "1e999 | inf",
                "-1e999 | -inf",
                "-0.0 | -0",
                "123456789012345678901234567890 | 1.2345678901234568e+29",
            })
    void numbersAreWrittenAsQemuWritesThem(String number, String written) {
        assertEquals(List.of(written), read(number + " "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{]                 | expecting value",
                "[}                 | expecting value",
                "{\"a\"}            | missing : in object pair",
                "{\"a\":}           | expecting value",
                "{\"a\":1 \"b\":2}  | expected separator in dict",
                "{\"a\":1,}         | expecting value",
                "{,}                | expecting value",
                "[1 2]              | expected separator in list",
                "[1,]               | expecting value",
                "[,1]               | expecting value",
                "{1:2}              | key is not a string in object",
                "{[]:2}             | key is not a string in object",
                "{\"a\":1,\"a\":2}  | duplicate key",
                "[nul]              | invalid keyword 'nul'",
                "[\"\\q\"]          | invalid escape sequence '\\q' in string",
                "[\"\\u12x4\"]      | invalid hex escape '\\u12x4' in string",
                "[\"\\udc00\"]      | \\udc00 is not a valid Unicode character",
                "[\"\\ud800x\"]     | \\ud800 is not a valid Unicode character",
                "[\"\\ud800\\u0041\"] | \\ud800 is not a valid Unicode character",
            })
    void oneErrorIsMadeOfOneWrongValue(String text, String error) {
        assertEquals(List.of(parseError(error), "1"), read(text + " 1 "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0080", "\u00c3", "\u00c3(", "\u00e0\u0080\u0080", "\u00c1\u0081", "\u00ed\u00a0\u0080"})
    void wrongUtf8IsRefused(String bytes) {
        assertEquals(List.of(parseError("invalid UTF-8 sequence in string"), "1"), read("\"" + bytes + "\" 1 "));
    }

    @Test
    void theFirstErrorOfAValueCounts() {
        assertEquals(List.of(parseError("invalid keyword 'x'"), "{}"), read("{\"a\":[x,,],\"b\" 1} {}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"1.x|1.x", "-x|-x", "1ex|1ex", "1e+x|1e+x", "01|01", "A|A", "%|%", "+|+"})
    void aByteThatFitsNoTokenEndsTheValue(String text, String stray) {
        assertEquals(List.of(parseError("stray '" + stray + "'"), "{}"), read(text + "garbage{}"));
    }

    @Test
    void byteFfAlwaysRecovers() {
        for (String broken : List.of("{\"a\":[", "\"abc", "'it\\", "12", "tru", "%%", "[[[{")) {
            List<String> found = read(broken + "\u00ff{\"fresh\":true}");
            assertEquals("{\"fresh\": true}", found.getLast(), broken);
        }
    }

    @Test
    void aTokenOfSixtyFourMebibytesIsTooMuch() {
        byte[] quote = {'"'};
        byte[] filler = new byte[1 << 20];
        Arrays.fill(filler, (byte) 'x');
        byte[][] pieces = new byte[67][];
        Arrays.fill(pieces, filler);
        pieces[0] = quote;
        pieces[65] = "\n".getBytes(StandardCharsets.US_ASCII);
        pieces[66] = "{}".getBytes(StandardCharsets.US_ASCII);
        assertEquals(List.of("!JSON token size limit exceeded", "{}"), read(pieces));
    }
}
