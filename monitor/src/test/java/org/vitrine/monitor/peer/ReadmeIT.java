package org.vitrine.monitor.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the README shows of the JSON monitor is answered as it says. */
class ReadmeIT {

    private static final Path README =
            Path.of(System.getProperty("vitrine.root", "..")).resolve("README.md");

    @Test
    void requestsOfTheReadmeAreAnswered() throws Exception {
        List<JsonObject> requests =
                Files.readAllLines(README).stream()
                        .filter(line -> line.startsWith("    {\"execute\": "))
                        .map(line -> JsonParser.parseString(line).getAsJsonObject())
                        .toList();
        assertEquals("qmp_capabilities", requests.getFirst().get("execute").getAsString());
        assertTrue(requests.size() >= 5, () -> "" + requests);
        try (VitrineProcess vitrine = new VitrineProcess("-monitor", "none", "-display", "none")) {
            vitrine.awaitPrompt();
            // The connection of a VitrineProcess has negotiated.
            for (JsonObject request : requests.subList(1, requests.size())) {
                JsonObject arguments = new JsonObject();
                if (request.has("arguments")) {
                    arguments = request.getAsJsonObject("arguments");
                }
                if (arguments.has("filename")) {
                    String name = arguments.get("filename").getAsString();
                    arguments.addProperty("filename", vitrine.folder().resolve(name).toString());
                }
                vitrine.execute(request.get("execute").getAsString(), arguments.toString());
            }
            assertTrue(Files.size(vitrine.folder().resolve("now.png")) > 0);
        }
    }
}
