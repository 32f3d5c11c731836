package org.vitrine.frontend.mjpeg;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the frontend counts; all threads add to it. */
final class Counters {

    final LongAdder requests = new LongAdder();
    final LongAdder requestsRefused = new LongAdder();
    final LongAdder frames = new LongAdder();
    final LongAdder encodings = new LongAdder();
    final LongAdder snapshots = new LongAdder();
    final LongAdder inputEvents = new LongAdder();
    final LongAdder bytesSent = new LongAdder();

    /** All of them by the names that the monitor shows. */
    Map<String, Long> values() {
        return Map.of(
                "requests", requests.sum(),
                "requests-refused", requestsRefused.sum(),
                "frames", frames.sum(),
                "encodings", encodings.sum(),
                "snapshots", snapshots.sum(),
                "input-events", inputEvents.sum(),
                "bytes-sent", bytesSent.sum());
    }
}
