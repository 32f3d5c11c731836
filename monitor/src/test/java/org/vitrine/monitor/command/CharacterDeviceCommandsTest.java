package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.CharacterLine;

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

    private String refusal(String command, String arguments) {
        return assertThrows(CommandException.class, () -> run(command, arguments)).getMessage();
    }

    @Test
    void aRingBufferKeepsTheLastThatTheGuestSent() throws CommandException {
        run("chardev-add", "{'id':'r','backend':{'type':'ringbuf','data':{'size':8}}}");
        CharacterLine line = devices.find("r").backend();
        for (char each : "to be or not".toCharArray()) {
            assertTrue(line.send(each));
        }
        assertEquals("e or", run("ringbuf-read", "{'device':'r','size':4}").getAsString());
        run("ringbuf-write", "{'device':'r','data':'IQ==','format':'base64'}");
        assertEquals(
                "IG5vdCE=",
                run("ringbuf-read", "{'device':'r','size':99,'format':'base64'}").getAsString());
        assertEquals("", run("ringbuf-read", "{'device':'r','size':99}").getAsString());
    }

    @Test
    void whatIsWrongWithARingBufferIsSaid() throws CommandException {
        assertEquals(
                "Failed to add chardev 'r': size of ringbuf chardev must be power of two",
                refusal(
                        "chardev-add",
                        "{'id':'r','backend':{'type':'ringbuf','data':{'size':9}}}"));
        run("chardev-add", "{'id':'r','backend':{'type':'ringbuf','data':{}}}");
        assertEquals("Device 'x' not found", refusal("ringbuf-read", "{'device':'x','size':1}"));
        assertEquals(
                "a is not a ringbuf device", refusal("ringbuf-write", "{'device':'a','data':''}"));
        assertEquals(
                "size must be greater than zero",
                refusal("ringbuf-read", "{'device':'r','size':0}"));
        assertTrue(
                refusal("ringbuf-write", "{'device':'r','data':'?','format':'base64'}")
                        .startsWith("Invalid base64 data: "));
    }

    @Test
    void aBreakReachesTheMachine() throws CommandException {
        run("chardev-add", "{'id':'p','backend':{'type':'pty','data':{}}}");
        run("chardev-send-break", "{'id':'p'}");
        assertEquals(CharacterLine.BREAK, devices.find("p").backend().receive());
        run("chardev-remove", "{'id':'p'}");
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
