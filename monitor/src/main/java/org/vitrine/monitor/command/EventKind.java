package org.vitrine.monitor.command;

import java.util.Set;
import org.vitrine.monitor.command.QapiType.ObjectType;

/**
 * A kind of event that the monitor sends unasked.
 *
 * @param data what it carries; {@link ObjectType#EMPTY} for nothing
 * @param help when it is sent, one line
 * @param since the first version that has it, or QEMU's when it is one of QEMU's
 * @param roles who is told of it
 */
public record EventKind(String name, ObjectType data, String help, String since, Set<Role> roles) {

    public EventKind {
        roles = Set.copyOf(roles);
    }

    /** An event for monitors alone. */
    EventKind(String name, ObjectType data, String help, String since) {
        this(name, data, help, since, Role.MONITORS);
    }
}
