package org.vitrine.monitor.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.vitrine.monitor.plugin.Budget.Verdict;

class BudgetTest {

    private final AtomicLong clock = new AtomicLong();
    private final Budget budget = new Budget(10, 5, clock::get);

    private void pass(long millis) {
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void soManyAreWithinAtOnceAndThenSoManyASecond() {
        assertEquals(Verdict.WITHIN, budget.spend(10));
        assertEquals(Verdict.FIRST_BEYOND, budget.spend(1));
        pass(1000);
        assertEquals(Verdict.WITHIN, budget.spend(5));
        assertEquals(Verdict.BEYOND, budget.spend(1));
    }

    @Test
    void moreThanTheBurstIsNotSaved() {
        pass(1_000_000);
        assertEquals(Verdict.FIRST_BEYOND, budget.spend(11));
        assertEquals(Verdict.WITHIN, budget.spend(10));
    }

    @Test
    void aFloodIsTheSameOneUntilHalfOfTheBurstIsThereAgain() {
        assertEquals(Verdict.WITHIN, budget.spend(10));
        assertEquals(Verdict.FIRST_BEYOND, budget.spend(1));
        for (int i = 0; i < 20; i++) {
            pass(200);
            assertEquals(Verdict.WITHIN, budget.spend(1));
            assertEquals(Verdict.BEYOND, budget.spend(1));
        }
        pass(2000);
        assertEquals(Verdict.WITHIN, budget.spend(1));
        assertEquals(Verdict.FIRST_BEYOND, budget.spend(10));
    }
}
