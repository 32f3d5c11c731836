package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrine.core.machine.ShutdownCause;
import org.vitrine.monitor.qmp.Testbed;
import org.vitrine.spi.display.DisplayLayout;

class MapCommandsTest {

    @Test
    void theScreenIsAlwaysAmongTheMaps() throws Exception {
        try (Testbed testbed = new Testbed(null)) {
            JsonArray maps = testbed.monitor().execute("query-maps").getAsJsonArray();
            assertEquals(1, maps.size());
            JsonObject display = maps.get(0).getAsJsonObject();
            assertEquals("display", display.get("name").getAsString());
            assertEquals(DisplayLayout.SIZE, display.get("size").getAsLong());
            assertFalse(display.has("address"));
            assertEquals(0, display.get("readers").getAsInt());
            assertTrue(display.getAsJsonArray("pids").isEmpty());
            Path path = Path.of(display.get("path").getAsString());
            assertEquals(DisplayLayout.SIZE, Files.size(path));
        }
    }

    @Test
    void peopleSeeATable() throws Exception {
        try (Testbed testbed = new Testbed(null)) {
            JsonObject line = new JsonObject();
            line.addProperty("command-line", "info maps");
            List<String> lines =
                    testbed.monitor()
                            .execute("human-monitor-command", line)
                            .getAsString()
                            .lines()
                            .toList();
            assertEquals(2, lines.size());
            assertEquals("name     address  size      readers  path", lines.get(0));
            assertTrue(
                    lines.get(1)
                            .matches(
                                    "display  -        "
                                            + DisplayLayout.SIZE
                                            + "  -        /proc/.*"),
                    lines.get(1));
        }
    }

    @Test
    void anUnchangedScreenIsNotPublishedAgain() throws Exception {
        try (Testbed testbed = new Testbed(null)) {
            testbed.awaitPicture();
            testbed.monitor().execute("refresh-maps");
            long generation = testbed.machine().display().generation();
            testbed.monitor().execute("refresh-maps");
            assertEquals(generation, testbed.machine().display().generation());
        }
    }

    @Test
    void aMachineThatHasEndedHasNothingToRefresh() {
        try (Testbed testbed = new Testbed(null)) {
            testbed.machine().shutDown(ShutdownCause.HOST_QMP_QUIT);
            assertEquals(
                    "the machine has ended",
                    assertThrows(
                                    CommandException.class,
                                    () -> testbed.monitor().execute("refresh-maps"))
                            .getMessage());
        }
    }
}
