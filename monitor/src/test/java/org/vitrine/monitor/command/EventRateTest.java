package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The intervals end when the test says so. */
class EventRateTest {

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private final EventRate rate =
            new EventRate(
                    Map.of("OFTEN", Duration.ofSeconds(1)),
                    (after, task) -> {
                        assertEquals(Duration.ofSeconds(1), after);
                        waiting.add(task);
                    },
                    event -> told.add(event.name() + event.data().get("n")));

    private void happens(String name, int number) {
        rate.tell(MonitorEvent.now(name, Json.object("n", number)));
    }

    private void intervalEnds() {
        waiting.remove().run();
    }

    @Test
    void anEventWithoutALimitIsToldEachTime() {
        happens("SELDOM", 1);
        happens("SELDOM", 2);
        assertEquals(List.of("SELDOM1", "SELDOM2"), told);
        assertTrue(waiting.isEmpty());
    }

    @Test
    void ofManyInAnIntervalTheFirstIsToldAtOnceAndTheLastAtItsEnd() {
        happens("OFTEN", 1);
        happens("OFTEN", 2);
        happens("OFTEN", 3);
        assertEquals(List.of("OFTEN1"), told);
        intervalEnds();
        assertEquals(List.of("OFTEN1", "OFTEN3"), told);
    }

    @Test
    void whatIsToldAtAnEndBeginsAnotherInterval() {
        happens("OFTEN", 1);
        happens("OFTEN", 2);
        intervalEnds();
        happens("OFTEN", 3);
        assertEquals(List.of("OFTEN1", "OFTEN2"), told);
        intervalEnds();
        assertEquals(List.of("OFTEN1", "OFTEN2", "OFTEN3"), told);
    }

    @Test
    void afterAQuietIntervalTheNextIsToldAtOnce() {
        happens("OFTEN", 1);
        intervalEnds();
        happens("OFTEN", 2);
        assertEquals(List.of("OFTEN1", "OFTEN2"), told);
    }
}
