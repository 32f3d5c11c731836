package org.vitrine.monitor.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackOffTest {

    private final BackOff backOff = new BackOff(BackOff.Delays.STANDARD);

    private List<Long> waits(int count, Duration run) {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            waits.add(backOff.after(run).toMillis());
        }
        return waits;
    }

    @Test
    void shortRunsDoubleTheWaitUpToALimit() {
        assertEquals(
                List.of(250L, 500L, 1000L, 2000L, 4000L, 8000L, 8000L),
                waits(7, Duration.ofMillis(1999)));
    }

    @Test
    void longRunBeginsAnew() {
        waits(4, Duration.ofMillis(100));
        assertEquals(List.of(250L, 250L), waits(2, Duration.ofSeconds(2)));
        assertEquals(List.of(250L, 500L), waits(2, Duration.ZERO));
    }
}
