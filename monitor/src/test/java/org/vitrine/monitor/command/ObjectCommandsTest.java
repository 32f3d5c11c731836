package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vitrine.monitor.command.CommandException.ErrorClass;
import org.vitrine.monitor.qmp.Testbed;

class ObjectCommandsTest {

    private final Testbed testbed = new Testbed("objects");

    @AfterEach
    void close() {
        testbed.close();
    }

    private JsonElement run(String command, String arguments) throws CommandException {
        return testbed.monitor()
                .execute(command, JsonParser.parseString(arguments).getAsJsonObject());
    }

    private static List<String> texts(JsonElement list, String member) {
        List<String> texts = new ArrayList<>();
        for (JsonElement element : list.getAsJsonArray()) {
            texts.add(element.getAsJsonObject().get(member).getAsString());
        }
        return texts;
    }

    @Test
    void everyChipIsAnObjectOfATypeOfItsOwn() throws CommandException {
        Set<String> expected = new HashSet<>(Set.of("pentium3-i386-cpu"));
        for (String name : texts(testbed.monitor().execute("query-devices"), "name")) {
            if (!name.equals("memory")) {
                expected.add("vitrine-" + name.replaceAll("[ /]", "-"));
            }
        }
        assertTrue(expected.contains("vitrine-pic-master"), expected.toString());
        List<String> types = texts(run("qom-list-types", "{\"implements\":\"device\"}"), "name");
        assertEquals(expected, Set.copyOf(types));
        JsonArray unattached =
                run("qom-list", "{\"path\":\"/machine/unattached\"}").getAsJsonArray();
        // One property is the type; the clock stands elsewhere.
        assertEquals(expected.size() - 1 + 1, unattached.size(), unattached.toString());
    }

    @Test
    void theClockIsWhereItsEventSays() throws CommandException {
        assertEquals(
                "vitrine-rtc",
                run("qom-get", "{\"path\":\"/machine/rtc\",\"property\":\"type\"}").getAsString());
        assertEquals(
                "/machine/rtc",
                InventoryCommands.clockSet(60).data().get("qom-path").getAsString());
    }

    @Test
    void partialPathsFindTheOutermostObject() throws CommandException {
        assertEquals(
                "/machine/unattached",
                run("qom-get", "{\"path\":\"machine\",\"property\":\"unattached\"}").getAsString());
        assertEquals(
                4L * 1024 * 1024,
                run("qom-get", "{\"path\":\"machine\",\"property\":\"memory-size\"}").getAsLong());
    }

    @Test
    void whatIsAbsentIsRefusedInQemusWords() {
        CommandException absent =
                assertThrows(
                        CommandException.class, () -> run("qom-list", "{\"path\":\"/nothing\"}"));
        assertEquals(ErrorClass.DEVICE_NOT_FOUND, absent.errorClass());
        assertEquals("Device '/nothing' not found", absent.getMessage());
        CommandException property =
                assertThrows(
                        CommandException.class,
                        () ->
                                run(
                                        "qom-get",
                                        "{\"path\":\"/machine/rtc\",\"property\":\"colour\"}"));
        assertEquals("Property 'vitrine-rtc.colour' not found", property.getMessage());
    }
}
