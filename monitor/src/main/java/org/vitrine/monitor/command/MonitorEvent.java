package org.vitrine.monitor.command;

import com.google.gson.JsonObject;
import java.time.Instant;

/**
 * An event that happened.
 *
 * @param name the {@link EventKind}'s name
 * @param data what there is to tell, or null
 * @param timestamp when it happened, in the host's time
 */
public record MonitorEvent(String name, JsonObject data, Instant timestamp) {

    /** An event of now. */
    static MonitorEvent now(String name, JsonObject data) {
        return new MonitorEvent(name, data, Instant.now());
    }
}
