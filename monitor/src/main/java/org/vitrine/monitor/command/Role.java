package org.vitrine.monitor.command;

import java.util.EnumSet;
import java.util.Set;

/** What the client of a connection is, which decides on the commands and events that it has. */
public enum Role {
    /** Steers the machine. */
    MONITOR,
    /** Is a frontend in a process of its own: shows the screen, sends input, and no more. */
    FRONTEND;

    static final Set<Role> MONITORS = EnumSet.of(MONITOR);
    static final Set<Role> FRONTENDS = EnumSet.of(FRONTEND);
    static final Set<Role> EVERYONE = EnumSet.allOf(Role.class);
}
