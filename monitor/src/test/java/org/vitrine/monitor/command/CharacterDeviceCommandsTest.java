package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CharacterDeviceCommandsTest {

    private final CharacterDevices devices = new CharacterDevices();
    private final Dispatcher dispatcher = new Dispatcher(CommandTable.standard());
    private final List<String> hungUp = new ArrayList<>();

    CharacterDeviceCommandsTest() {
        new CharacterDeviceCommands(devices).bind(dispatcher);
        for (String label : List.of("a", "b")) {
            devices.add(
                    new CharacterDevices.Device(
                            label,
                            "socket",
                            () -> "unix:" + label,
                            () -> true,
                            () -> hungUp.add(label),
                            true,
                            () -> {}));
        }
    }

    private JsonElement run(String command, String arguments) throws CommandException {
        return dispatcher.run(command, JsonParser.parseString(arguments).getAsJsonObject());
    }

    @Test
    void yankBreaksOffTheConnectionsOfTheSocketsThatItNames() throws CommandException {
        run("chardev-add", "{'id':'n','backend':{'type':'null','data':{}}}");
        assertEquals(
                "[{\"type\":\"chardev\",\"id\":\"a\"},{\"type\":\"chardev\",\"id\":\"b\"}]",
                run("query-yank", "{}").toString());
        run("yank", "{'instances':[{'type':'chardev','id':'b'}]}");
        assertEquals(List.of("b"), hungUp);
    }

    @Test
    void anInstanceThatIsNotThereIsSaidBeforeAnythingIsDone() {
        for (String wrong :
                List.of(
                        "{'type':'chardev','id':'c'}",
                        "{'type':'migration'}",
                        "{'type':'block-node','node-name':'d'}")) {
            CommandException e =
                    assertThrows(
                            CommandException.class,
                            () ->
                                    run(
                                            "yank",
                                            "{'instances':[{'type':'chardev','id':'a'},"
                                                    + wrong
                                                    + "]}"));
            assertEquals("Instance not found", e.getMessage());
            assertEquals(CommandException.ErrorClass.DEVICE_NOT_FOUND, e.errorClass());
        }
        assertEquals(List.of(), hungUp);
    }
}
