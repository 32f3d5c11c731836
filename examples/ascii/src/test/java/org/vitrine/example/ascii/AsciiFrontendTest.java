package org.vitrine.example.ascii;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vitrine.spi.testkit.TestHost.await;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.display.ScriptedDisplay;
import org.vitrine.spi.input.KeyCode;
import org.vitrine.spi.testkit.Placement;
import org.vitrine.spi.testkit.TerminalViewer;
import org.vitrine.spi.testkit.TestHost;

@Timeout(240)
class AsciiFrontendTest {

    private final FrontendProvider provider = new AsciiProvider();
    private final TestHost host = Placement.IN_PROCESS.newHost();
    private final ScriptedDisplay display = host.display();

    private Frontend attach(Map<String, String> words) throws Exception {
        return host.attach(provider, provider.options().parse(words));
    }

    private static TerminalViewer connect(Frontend frontend) throws Exception {
        return new TerminalViewer(frontend.status().endpoints().getFirst().port());
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        host.close();
        host.awaitNothingRuns();
        assertEquals(List.of(), host.crashes());
    }

    @Test
    void aRowThatChangesIsSentAndTheOthersStay() throws Exception {
        display.setText("one", "two", "three");
        Frontend frontend = attach(Map.of("port", "0"));
        try (TerminalViewer viewer = connect(frontend)) {
            await(() -> viewer.text() != null && viewer.text().get(1).equals("two"));
            display.write(0, 1, 0x1F, "2nd");
            display.publish();
            await(() -> viewer.text().get(1).equals("2nd"));
            assertEquals(List.of("one", "2nd", "three"), viewer.text().subList(0, 3));
        }
    }

    @Test
    void aPictureIsNamedInItsPlace() throws Exception {
        display.setMode(800, 600);
        Frontend frontend = attach(Map.of("port", "0"));
        try (TerminalViewer viewer = connect(frontend)) {
            await(() -> viewer.text() != null);
            assertTrue(viewer.text().getFirst().contains("800 x 600"), () -> "" + viewer.text());
            display.setText("back again");
            await(() -> viewer.text().getFirst().equals("back again"));
        }
    }

    @Test
    void withoutInputKeysGoNowhere() throws Exception {
        display.setText("look, don't touch");
        Frontend frontend = attach(Map.of("port", "0", "input", "off"));
        try (TerminalViewer viewer = connect(frontend)) {
            viewer.tap(KeyCode.A);
        }
        await(() -> host.takeEvents().stream().anyMatch(event -> event.startsWith("disconnected")));
        assertTrue(host.inputIsEmpty());
    }
}
