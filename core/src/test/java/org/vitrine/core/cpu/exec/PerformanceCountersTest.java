package org.vitrine.core.cpu.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the performance counters count, and for what they have to be told of each instruction. */
class PerformanceCountersTest {

    private static final long ENABLED = 0x40_0000;
    private static final long PROGRAMS = 0x1_0000;
    private static final long SYSTEM = 0x2_0000;
    private static final long CYCLES = 0x79;
    private static final long INSTRUCTIONS = 0xC0;

    /** An event of the cache, which Linux selects for a counter that is to stand still. */
    private static final long NOTHING = 0x2E;

    private final PerformanceCounters counters = new PerformanceCounters();

    @ParameterizedTest
    @ValueSource(longs = {CYCLES | PROGRAMS | SYSTEM, NOTHING, NOTHING | PROGRAMS | SYSTEM, CYCLES})
    void instructionsNeedNotBeTold(long events) {
        counters.select(0, ENABLED | events, 0, 0);
        assertFalse(counters.countsInstructions());
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                CYCLES | PROGRAMS,
                CYCLES | SYSTEM,
                INSTRUCTIONS | PROGRAMS,
                INSTRUCTIONS | PROGRAMS | SYSTEM
            })
    void instructionsAreToldWhileTheCounterIsEnabled(long events) {
        counters.select(1, events, 0, 0);
        assertFalse(counters.countsInstructions());
        counters.select(0, ENABLED, 0, 0);
        assertTrue(counters.countsInstructions());
        counters.select(0, 0, 0, 0);
        assertFalse(counters.countsInstructions());
    }

    @Test
    void cyclesAtAllLevelsFollowFromTheClock() {
        counters.select(1, CYCLES | PROGRAMS | SYSTEM, 0, 100);
        assertEquals(0, counters.read(1, 0, 200), "not enabled yet");
        counters.select(0, ENABLED, 0, 1000);
        assertEquals(500, counters.read(1, 0, 1500));
        counters.write(1, -10, 3, 1600);
        assertEquals(5, counters.read(1, 3, 1615));
        counters.select(0, 0, 0, 1620);
        assertEquals(10, counters.read(1, 0, 2000), "until it was disabled");
    }

    @Test
    void programsAndTheSystemAreCountedApart() {
        counters.select(1, CYCLES | SYSTEM, 0, 0);
        counters.select(0, ENABLED | INSTRUCTIONS | PROGRAMS, 0, 0);
        counters.count(1, 0, 10);
        counters.count(1, 3, 30);
        counters.count(1, 3, 70);
        counters.count(1, 0, 150);
        assertEquals(2, counters.read(0, 0, 150));
        assertEquals(90, counters.read(1, 0, 150));
    }
}
