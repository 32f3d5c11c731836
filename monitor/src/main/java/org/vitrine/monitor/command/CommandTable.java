package org.vitrine.monitor.command;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All commands and events of the monitor, by name. Immutable. */
public final class CommandTable {

    private final Map<String, Command> commands = new LinkedHashMap<>();
    private final Map<String, EventKind> events = new LinkedHashMap<>();
    private final List<HumanForm> humanForms = new ArrayList<>();

    /**
     * @throws IllegalArgumentException when two of a kind have one name
     */
    CommandTable(Collection<Command> commands, Collection<EventKind> events) {
        for (Command command : commands) {
            if (this.commands.put(command.name(), command) != null) {
                throw new IllegalArgumentException(
                        "two commands are called '" + command.name() + "'");
            }
            humanForms.addAll(command.human());
        }
        for (EventKind event : events) {
            if (this.events.put(event.name(), event) != null) {
                throw new IllegalArgumentException("two events are called '" + event.name() + "'");
            }
        }
    }

    /** The table of everything that Vitrine has. */
    public static CommandTable standard() {
        List<Command> commands = new ArrayList<>();
        commands.addAll(MonitorCommands.COMMANDS);
        commands.addAll(MachineCommands.COMMANDS);
        commands.addAll(MemoryCommands.COMMANDS);
        commands.addAll(DisplayCommands.COMMANDS);
        commands.addAll(InputCommands.COMMANDS);
        commands.addAll(FrontendCommands.COMMANDS);
        commands.addAll(InventoryCommands.COMMANDS);
        commands.addAll(ObjectCommands.COMMANDS);
        commands.addAll(BlockCommands.COMMANDS);
        commands.addAll(CharacterDeviceCommands.COMMANDS);
        commands.addAll(VncCommands.COMMANDS);
        List<EventKind> events = new ArrayList<>();
        events.addAll(MachineCommands.EVENTS);
        events.addAll(DisplayCommands.EVENTS);
        events.addAll(FrontendCommands.EVENTS);
        events.addAll(InventoryCommands.EVENTS);
        events.addAll(VncCommands.EVENTS);
        return new CommandTable(commands, events);
    }

    /** The command with this name, or null. */
    public Command command(String name) {
        return commands.get(name);
    }

    public List<Command> commands() {
        return List.copyOf(commands.values());
    }

    public List<EventKind> events() {
        return List.copyOf(events.values());
    }

    /** Everything that people may say, in the order of the table. */
    public List<HumanForm> humanForms() {
        return List.copyOf(humanForms);
    }
}
