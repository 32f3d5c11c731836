package org.vitrine.frontend.vnc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AuthenticationLimitTest {

    private final AtomicLong now = new AtomicLong(-7);
    private final AuthenticationLimit limit = new AuthenticationLimit(now::get);

    private static long seconds(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void theFifthFailureShutsTheAddressOutAndTheNextForTwiceAsLong() {
        for (int i = 0; i < 4; i++) {
            limit.failed("10.0.0.1");
            assertEquals(0, limit.shutOut("10.0.0.1"));
        }
        limit.failed("10.0.0.1");
        assertEquals(seconds(10), limit.shutOut("10.0.0.1"));
        assertEquals(0, limit.shutOut("10.0.0.2"));
        now.addAndGet(seconds(4));
        assertEquals(seconds(6), limit.shutOut("10.0.0.1"));
        now.addAndGet(seconds(6));
        assertEquals(0, limit.shutOut("10.0.0.1"));
        limit.failed("10.0.0.1");
        assertEquals(seconds(20), limit.shutOut("10.0.0.1"));
    }

    @Test
    void noPauseIsLongerThanFiveMinutes() {
        for (int i = 0; i < 100; i++) {
            limit.failed("10.0.0.1");
        }
        assertEquals(seconds(300), limit.shutOut("10.0.0.1"));
    }

    @Test
    void theRightPasswordForgivesAll() {
        for (int i = 0; i < 5; i++) {
            limit.failed("10.0.0.1");
        }
        limit.succeeded("10.0.0.1");
        assertEquals(0, limit.shutOut("10.0.0.1"));
        limit.failed("10.0.0.1");
        assertEquals(0, limit.shutOut("10.0.0.1"));
    }

    @Test
    void theOldestAddressIsForgottenAmongVeryMany() {
        for (int i = 0; i < 5; i++) {
            limit.failed("first");
        }
        for (int i = 0; i < 1024; i++) {
            limit.failed("10.0." + i / 256 + "." + i % 256);
        }
        assertEquals(0, limit.shutOut("first"));
    }
}
