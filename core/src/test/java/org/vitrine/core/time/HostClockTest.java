package org.vitrine.core.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostClockTest {

    private static final long MILLISECOND = 1_000_000;

    private long host = 12345;
    private final HostClock clock = new HostClock(() -> host);
    private final Scheduler scheduler = new Scheduler(clock);
    private final List<Long> ticks = new ArrayList<>();
    private final Scheduler.Timer timer = scheduler.timer("tick", this::tick);

    /** Like a device: by where its tick was due, not by when it is served. */
    private void tick() {
        ticks.add(clock.nanos());
        timer.arm((ticks.size() + 1) * MILLISECOND);
    }

    @Test
    void itStandsStillUntilItIsStartedAndWhileItIsStopped() {
        host += 100;
        assertEquals(0, clock.nanos());
        clock.start();
        host += 100;
        assertEquals(100, clock.nanos());
        clock.stop();
        host += 100;
        assertEquals(100, clock.nanos());
        clock.start();
        clock.start();
        host += 100;
        assertEquals(200, clock.nanos());
    }

    @Test
    void itDoesNotPassADeadlineThatNobodyHasLookedAt() {
        timer.arm(MILLISECOND);
        clock.start();
        host += 50 * MILLISECOND;
        assertEquals(MILLISECOND, clock.nanos());
        assertEquals(49 * MILLISECOND, clock.behind());
        host += MILLISECOND;
        assertEquals(MILLISECOND, clock.nanos());
        scheduler.runDue();
        assertEquals(List.of(MILLISECOND), ticks, "one tick, in time");
    }

    @Test
    void itCatchesUpAtTwiceTheSpeed() {
        timer.arm(MILLISECOND);
        clock.start();
        host += 3 * MILLISECOND;
        scheduler.runDue();
        timer.disarm();
        host += MILLISECOND;
        assertEquals(3 * MILLISECOND, clock.nanos());
        host += MILLISECOND;
        assertEquals(5 * MILLISECOND, clock.nanos());
        host += MILLISECOND;
        assertEquals(6 * MILLISECOND, clock.nanos());
        assertEquals(0, clock.behind());
    }

    @Test
    void aGuestThatIsHeldUpAgainAndAgainMissesNoTick() {
        timer.arm(MILLISECOND);
        clock.start();
        for (int i = 0; i < 1000; i++) {
            host += i % 30 == 0 ? 27 * MILLISECOND : MILLISECOND / 10;
            scheduler.runDue();
        }
        for (int i = 0; i < ticks.size(); i++) {
            assertEquals((i + 1) * MILLISECOND, ticks.get(i));
        }
    }

    @Test
    void aGuestThatWaitsCatchesUpAtOnceTickByTick() {
        timer.arm(MILLISECOND);
        clock.start();
        host += 10 * MILLISECOND + 300_000;
        for (int i = 1; i <= 10; i++) {
            assertEquals(0, clock.catchUp());
            scheduler.runDue();
            assertEquals(i, ticks.size());
        }
        assertEquals(700_000, clock.catchUp());
        assertEquals(10 * MILLISECOND + 300_000, clock.nanos());
        assertEquals(0, clock.behind());
    }

    @Test
    void aDeadlineInThePastHoldsItWhereItIs() {
        clock.start();
        host += 5 * MILLISECOND;
        assertEquals(5 * MILLISECOND, clock.nanos());
        timer.arm(MILLISECOND);
        host += MILLISECOND;
        assertEquals(5 * MILLISECOND, clock.nanos());
        assertEquals(0, clock.catchUp());
        scheduler.runDue();
        assertEquals(5, ticks.size(), "that and four more");
        assertEquals(5 * MILLISECOND, ticks.getFirst());
        assertEquals(MILLISECOND, clock.behind());
    }

    @Test
    void whatItIsBehindByMoreThanTheLimitIsGivenUp() {
        timer.arm(MILLISECOND);
        clock.start();
        host += 15 * Clock.SECOND;
        scheduler.runDue();
        assertEquals(HostClock.LIMIT_SECONDS * Clock.SECOND, clock.behind());
        assertEquals(5 * Clock.SECOND - MILLISECOND, clock.givenUp());
    }

    @Test
    void aPauseForgetsWhatItIsBehind() {
        timer.arm(MILLISECOND);
        clock.start();
        host += 5 * MILLISECOND;
        clock.stop();
        assertEquals(0, clock.behind());
        clock.start();
        scheduler.runDue();
        host += MILLISECOND / 2;
        assertEquals(MILLISECOND + MILLISECOND / 2, clock.nanos());
    }
}
