package org.vitrine.monitor.plugin;

import java.util.ArrayList;
import java.util.List;

/**
 * The events of one run of a frontend in their order: that it is attached, what its clients do, and
 * that it is gone. What comes too early waits, and what comes too late is dropped. Safe for use by
 * several threads.
 */
final class EventOrder {

    private final FrontendListener listener;
    private List<FrontendEvent> early = new ArrayList<>();
    private FrontendEvent last;

    EventOrder(FrontendListener listener) {
        this.listener = listener;
    }

    synchronized void announce(FrontendEvent.Attached attached) {
        listener.frontendEvent(attached);
        early.forEach(listener::frontendEvent);
        early = null;
        if (last != null) {
            listener.frontendEvent(last);
        }
    }

    synchronized void end(FrontendEvent event) {
        if (last == null) {
            last = event;
            if (early == null) {
                listener.frontendEvent(event);
            }
        }
    }

    synchronized void client(FrontendEvent event) {
        if (last != null) {
            return;
        }
        if (early != null) {
            early.add(event);
        } else {
            listener.frontendEvent(event);
        }
    }
}
