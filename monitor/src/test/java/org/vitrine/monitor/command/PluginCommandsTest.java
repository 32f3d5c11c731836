package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.monitor.command.CommandException.ErrorClass;
import org.vitrine.monitor.qmp.Testbed;

@Timeout(60)
class PluginCommandsTest {

    private final Testbed testbed = new Testbed("plugins");
    private final HumanMonitor human = new HumanMonitor(CommandTable.standard(), testbed.monitor());

    @TempDir private Path folder;
    private Path jar;

    @BeforeEach
    void install() {
        jar = SamplePlugin.install(folder).resolve("sample.jar");
    }

    @AfterEach
    void end() {
        testbed.close();
    }

    private JsonElement run(String command, String arguments) throws CommandException {
        return testbed.monitor()
                .execute(command, JsonParser.parseString(arguments).getAsJsonObject());
    }

    private CommandException failure(String command, String arguments) {
        return assertThrows(CommandException.class, () -> run(command, arguments));
    }

    @Test
    void loadTellsWhatQueryPluginsTells() throws Exception {
        JsonElement plugin = run("plugin-load", "{'path': '" + jar + "'}");
        assertEquals(
                "{\"name\":\"sample\",\"path\":\""
                        + jar
                        + "\",\"state\":\"loaded\",\"drivers\":[\"sample\"],\"frontends\":[]}",
                plugin.toString());
        JsonArray list = run("query-plugins", "{}").getAsJsonArray();
        assertEquals(1, list.size());
        assertEquals(plugin, list.get(0));
    }

    @Test
    void pluginInUseIsUnloadedByForceAlone() throws Exception {
        run("plugin-load", "{'path': '" + jar + "'}");
        run("frontend-attach", "{'driver': 'sample'}");
        CommandException refusal = failure("plugin-unload", "{'name': 'sample'}");
        assertEquals(
                "plugin 'sample' is in use by sample0; detach them first, or force it",
                refusal.getMessage());
        assertEquals(ErrorClass.GENERIC_ERROR, refusal.errorClass());
        assertEquals("{}", run("plugin-unload", "{'name': 'sample', 'force': true}").toString());
        assertEquals("[]", run("query-plugins", "{}").toString());
        assertEquals("[]", run("query-frontends", "{}").toString());
    }

    @Test
    void unknownPluginHasTheErrorClassOfUnknownThings() {
        CommandException error = failure("plugin-unload", "{'name': 'none'}");
        assertEquals(ErrorClass.DEVICE_NOT_FOUND, error.errorClass());
        assertEquals("Plugin 'none' not found", error.getMessage());
    }

    @Test
    void pathThatIsNoneIsRefused() {
        assertEquals(
                "a plugin's path can't be empty",
                failure("plugin-load", "{'path': ''}").getMessage());
        assertTrue(
                failure("plugin-load", "{'path': 'a\\u0000b'}")
                        .getMessage()
                        .endsWith("can't be a path"));
    }

    @Test
    void reloadTellsOfTheNewBuildAndOfWhatIsNotAttachedAgain() throws Exception {
        run("plugin-load", "{'path': '" + jar + "'}");
        run("frontend-attach", "{'driver': 'sample', 'options': {'port': 7}}");
        assertEquals(
                "{\"plugin\":{\"name\":\"sample\",\"path\":\""
                        + jar
                        + "\",\"state\":\"loaded\",\"drivers\":[\"sample\"],"
                        + "\"frontends\":[\"sample0\"]},\"lost\":[]}",
                run("plugin-reload", "{'name': 'sample'}").toString());
        Files.writeString(jar, "half a JAR");
        assertTrue(
                failure("plugin-reload", "{'name': 'sample'}")
                        .getMessage()
                        .startsWith("plugin 'sample': can't be read: "));
        assertTrue(
                human.execute("info frontends").endsWith("sample://127.0.0.1:7\n"),
                "the older build's frontend has gone");
    }

    @Test
    void providersTellTheirStateAndWhatTheyCanDo() throws Exception {
        Path broken = Files.writeString(folder.resolve("broken.jar"), "half a JAR");
        try (Testbed own = new Testbed("own", folder)) {
            JsonArray providers =
                    own.monitor().execute("query-frontend-providers").getAsJsonArray();
            assertEquals(
                    "{\"name\":\"broken\",\"jar\":\""
                            + broken
                            + "\",\"state\":\"failed\",\"error\":"
                            + "\"can't be read: java.util.zip.ZipException: zip END header not"
                            + " found\"}",
                    providers.get(0).toString());
            JsonObject sample = providers.get(1).getAsJsonObject();
            assertEquals("loaded", sample.get("state").getAsString());
            assertEquals("1.0", sample.get("spi-version").getAsString());
            assertEquals("[\"input\",\"secrets\"]", sample.get("capabilities").toString());
            assertEquals("[\"in-process\"]", sample.get("placements").toString());
        }
    }

    @Test
    void peopleLoadListAndUnload() throws Exception {
        assertEquals("sample: sample\n", human.execute("plugin load " + jar));
        assertEquals("sample0: sample://127.0.0.1:1\n", human.execute("frontend attach sample"));
        assertEquals(
                "Name    State   Drivers  Frontends  Path\n"
                        + "sample  loaded  sample   sample0    "
                        + jar
                        + "\n",
                human.execute("info plugins"));
        assertEquals("", human.execute("plugin unload -f sample"));
        assertEquals(
                "there is no plugin; they are looked for in the plugin folders\n",
                human.execute("info plugins"));
    }
}
