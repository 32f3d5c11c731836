package org.vitrine.frontend.vnc;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Slows down the guessing of passwords: after {@value #FREE_FAILURES} wrong ones in a row from one
 * address, that address is shut out for 10 s, and twice as long after each further one, up to five
 * minutes. Any thread.
 */
final class AuthenticationLimit {

    static final int FREE_FAILURES = 5;
    private static final long FIRST_PAUSE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long LONGEST_PAUSE_NANOS = Duration.ofMinutes(5).toNanos();

    /** The address that failed longest ago is forgotten when there are more. */
    private static final int MAX_ADDRESSES = 1024;

    private record Failures(int count, long until) {}

    private final LongSupplier nanoTime;
    private final Map<String, Failures> byAddress = new LinkedHashMap<>();

    AuthenticationLimit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** How long this address is still shut out, in nanoseconds; 0 when it is not. */
    synchronized long shutOut(String address) {
        Failures failures = byAddress.get(address);
        return failures == null ? 0 : Math.max(0, failures.until - nanoTime.getAsLong());
    }

    synchronized void failed(String address) {
        Failures before = byAddress.remove(address);
        int count = before == null ? 1 : before.count + 1;
        long pause = 0;
        if (count >= FREE_FAILURES) {
            pause =
                    Math.min(
                            LONGEST_PAUSE_NANOS,
                            FIRST_PAUSE_NANOS << Math.min(count - FREE_FAILURES, 8));
        }
        byAddress.put(address, new Failures(count, nanoTime.getAsLong() + pause));
        if (byAddress.size() > MAX_ADDRESSES) {
            byAddress.remove(byAddress.keySet().iterator().next());
        }
    }

    synchronized void succeeded(String address) {
        byAddress.remove(address);
    }
}
