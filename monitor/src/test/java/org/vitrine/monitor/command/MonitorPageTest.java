package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The end of docs/monitor.md lists what may be said, and must be what the table says now. */
class MonitorPageTest {

    private static final String MARK = "with -Dvitrine.update=true. -->\n";

    @Test
    void theListOfCommandsIsWhatTheTableSays() throws IOException {
        Path page = page();
        String text = Files.readString(page);
        int mark = text.indexOf(MARK);
        assertFalse(mark < 0, page + " has lost the comment after which the list stands");
        String head = text.substring(0, mark + MARK.length());
        if (Boolean.getBoolean("vitrine.update")) {
            Files.writeString(page, head + list());
        }
        assertEquals(
                head + list(),
                Files.readString(page),
                "run this test with -Dvitrine.update=true, and look at it");
    }

    private static Path page() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("docs/monitor.md"))) {
            folder = folder.getParent();
        }
        assertNotNull(folder, "docs/monitor.md is in no folder above this one");
        return folder.resolve("docs/monitor.md");
    }

    private static String list() {
        StringBuilder text = new StringBuilder("\n| write | to | over |\n| --- | --- | --- |\n");
        for (HumanForm form : CommandTable.standard().humanForms()) {
            text.append("| `%s` | %s | `%s` |\n".formatted(form.usage(), form.help(), form.over()));
        }
        return text.toString();
    }
}
