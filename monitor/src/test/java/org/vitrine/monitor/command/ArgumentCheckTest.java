package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentCheckTest {

    private static void check(Command command, String arguments) throws CommandException {
        ArgumentCheck.check(command.arguments(), (JsonObject) JsonParser.parseString(arguments));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                                    | Parameter 'keys' is missing",
                "{\"keys\":1}                              | Invalid parameter type for 'keys', expected: array",
                "{\"keys\":[1]}                        | Invalid parameter type for 'keys[0]', expected: object",
                "{\"keys\":[{}]}                                       | Parameter 'keys[0].type' is missing",
                "{\"keys\":[{\"type\":\"x\"}]}                 | Parameter 'type' does not accept value 'x'",
                "{\"keys\":[{\"type\":\"qcode\"}]}                     | Parameter 'keys[0].data' is missing",
                "{\"keys\":[{\"type\":\"qcode\",\"data\":\"xx\"}]} | Parameter 'data' does not accept value 'xx'",
                "{\"keys\":[{\"type\":\"qcode\",\"data\":1}]}"
                        + " | Invalid parameter type for 'keys[0].data', expected: string",
                "{\"keys\":[{\"type\":\"number\",\"data\":1.5}]}"
                        + " | Invalid parameter type for 'keys[0].data', expected: integer",
                "{\"keys\":[{\"type\":\"number\",\"data\":1},{\"type\":\"number\",\"data\":2,\"y\":3}]}"
                        + " | Parameter 'keys[1].y' is unexpected",
                "{\"keys\":[],\"hold-time\":9223372036854775808}"
                        + " | Invalid parameter type for 'hold-time', expected: integer",
                "{\"keys\":[],\"z\":1}                                 | Parameter 'z' is unexpected",
            })
    void whatIsWrongIsSaidInTheWordsOfQemu(String arguments, String message) {
        CommandException refused =
                assertThrows(
                        CommandException.class, () -> check(InputCommands.SEND_KEY, arguments));
        assertEquals(message, refused.getMessage());
    }

    @Test
    void argumentsForACommandWithoutAreUnexpected() {
        CommandException refused =
                assertThrows(
                        CommandException.class,
                        () -> check(MachineCommands.STOP, "{\"now\":true}"));
        assertEquals("Parameter 'now' is unexpected", refused.getMessage());
    }

    @Test
    void whatIsRightPasses() {
        assertDoesNotThrow(() ->
                check(
                        InputCommands.SEND_KEY,
                        "{\"keys\":[{\"data\":28,\"type\":\"number\"}],\"hold-time\":-1}"));
        assertDoesNotThrow(
                () -> check(FrontendCommands.FRONTEND_SET, "{\"id\":\"a\",\"options\":[null]}"));
    }
}
