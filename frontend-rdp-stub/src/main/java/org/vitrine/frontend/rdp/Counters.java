package org.vitrine.frontend.rdp;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the frontend counts; all threads add to it. */
final class Counters {

    final LongAdder connections = new LongAdder();
    final LongAdder turnedAway = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder confirmed = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder bytesSent = new LongAdder();
    final LongAdder bytesReceived = new LongAdder();

    /** All of them by the names that the monitor shows. */
    Map<String, Long> values() {
        return Map.of(
                "connections", connections.sum(),
                "turned-away", turnedAway.sum(),
                "refused", refused.sum(),
                "confirmed", confirmed.sum(),
                "malformed", malformed.sum(),
                "bytes-sent", bytesSent.sum(),
                "bytes-received", bytesReceived.sum());
    }
}
