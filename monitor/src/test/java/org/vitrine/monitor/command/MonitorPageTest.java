package org.vitrine.monitor.command;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The end of docs/monitor.md lists what may be said, and must be what the table says now. */
class MonitorPageTest {

    @Test
    void theListOfCommandsIsWhatTheTableSays() throws IOException {
        GeneratedPage.assertEndsWith("docs/monitor.md", list());
    }

    private static String list() {
        StringBuilder text = new StringBuilder("\n| write | to | over |\n| --- | --- | --- |\n");
        for (HumanForm form : CommandTable.standard().humanForms()) {
            text.append("| `%s` | %s | `%s` |\n".formatted(form.usage(), form.help(), form.over()));
        }
        return text.toString();
    }
}
