package org.vitrine.monitor.command;

import org.vitrine.monitor.command.QapiType.ObjectType;

/**
 * A kind of event that the monitor sends unasked.
 *
 * @param data what it carries; {@link ObjectType#EMPTY} for nothing
 * @param help when it is sent, one line
 * @param since the first version that has it, or QEMU's when it is one of QEMU's
 */
public record EventKind(String name, ObjectType data, String help, String since) {}
