package org.vitrine.frontend.vnc;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the server counts over all its clients. Any thread. */
final class Counters {

    final LongAdder connections = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder wrongPasswords = new LongAdder();
    final LongAdder updates = new LongAdder();
    final LongAdder rectangles = new LongAdder();
    final LongAdder pixels = new LongAdder();
    final LongAdder bytesSent = new LongAdder();
    final LongAdder bytesReceived = new LongAdder();
    final LongAdder keyEvents = new LongAdder();
    final LongAdder pointerEvents = new LongAdder();

    /** Connections that ended by a fault of the server's. */
    final LongAdder serverErrors = new LongAdder();

    Map<String, Long> byName() {
        return Map.ofEntries(
                Map.entry("connections", connections.sum()),
                Map.entry("refused", refused.sum()),
                Map.entry("wrong-passwords", wrongPasswords.sum()),
                Map.entry("updates", updates.sum()),
                Map.entry("rectangles", rectangles.sum()),
                Map.entry("pixels", pixels.sum()),
                Map.entry("bytes-sent", bytesSent.sum()),
                Map.entry("bytes-received", bytesReceived.sum()),
                Map.entry("key-events", keyEvents.sum()),
                Map.entry("pointer-events", pointerEvents.sum()),
                Map.entry("server-errors", serverErrors.sum()));
    }
}
