package org.vitrine.monitor.plugin;

/** Told of frontends' events, on any thread. Must return at once, and throw nothing. */
@FunctionalInterface
public interface FrontendListener {

    void frontendEvent(FrontendEvent event);
}
