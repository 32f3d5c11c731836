package org.vitrine.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.vitrine.monitor.plugin.Budget.Verdict;

class LogFloodTest {

    private final LogFlood flood = new LogFlood();

    private int linesOf(String logger, int said) {
        int shown = 0;
        for (int i = 0; i < said; i++) {
            shown += flood.judge(logger) == Verdict.WITHIN ? 1 : 0;
        }
        return shown;
    }

    @Test
    void aFrontendThatFloodsIsCutShortAndOthersAreHeard() {
        int said = 1_000_000;
        assertTrue(linesOf("frontend.bad", said) < said / 2);
        assertTrue(linesOf("frontend.bad", said) < said / 2);
        assertEquals(Verdict.WITHIN, flood.judge("frontend.good"));
    }

    @Test
    void loggersThatAPluginMakesUpShareWhatTheyMaySay() {
        int shown = 0;
        for (int i = 0; i < 100_000; i++) {
            shown += linesOf("com.example.Logger" + i, 1);
        }
        assertTrue(shown < 50_000, shown + " lines were shown");
    }

    @Test
    void theEmulatorItselfIsAlwaysHeard() {
        assertEquals(10_000, linesOf("org.vitrine.core.machine.Machine", 10_000));
    }
}
