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

    Map<String, Long> byName() {
        return Map.of(
                "connections", connections.sum(),
                "refused", refused.sum(),
                "wrong-passwords", wrongPasswords.sum(),
                "updates", updates.sum(),
                "rectangles", rectangles.sum(),
                "pixels", pixels.sum(),
                "bytes-sent", bytesSent.sum(),
                "bytes-received", bytesReceived.sum(),
                "key-events", keyEvents.sum(),
                "pointer-events", pointerEvents.sum());
    }
}
