package org.vitrine.monitor.command;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** All commands and events of the monitor, by name. Immutable. */
public final class CommandTable {

    private final Map<String, Command> commands = new LinkedHashMap<>();
    private final Map<String, EventKind> events = new LinkedHashMap<>();
    private final Supplier<List<HumanForm>> furtherForms;
    private volatile List<HumanForm> humanForms;

    /**
     * @param furtherForms what people may say beside the commands' own forms; asked for when there
     *     is somebody who may say it, so that a start without a terminal does not wait for it
     * @throws IllegalArgumentException when two of a kind have one name
     */
    CommandTable(
            Collection<Command> commands,
            Collection<EventKind> events,
            Supplier<List<HumanForm>> furtherForms) {
        for (Command command : commands) {
            if (this.commands.put(command.name(), command) != null) {
                throw new IllegalArgumentException(
                        "two commands are called '" + command.name() + "'");
            }
        }
        this.furtherForms = furtherForms;
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
        commands.addAll(MapCommands.COMMANDS);
        commands.addAll(DisplayCommands.COMMANDS);
        commands.addAll(ScreenTextCommands.COMMANDS);
        commands.addAll(InputCommands.COMMANDS);
        commands.addAll(FrontendCommands.COMMANDS);
        commands.addAll(PluginCommands.COMMANDS);
        commands.addAll(CpuCommands.COMMANDS);
        commands.addAll(InspectionCommands.COMMANDS);
        commands.addAll(PagingCommands.COMMANDS);
        commands.addAll(HardwareCommands.COMMANDS);
        commands.addAll(HostCommands.COMMANDS);
        commands.addAll(InventoryCommands.COMMANDS);
        commands.addAll(ObjectCommands.COMMANDS);
        commands.addAll(BlockCommands.COMMANDS);
        commands.addAll(CharacterDeviceCommands.COMMANDS);
        commands.addAll(VncCommands.COMMANDS);
        commands.addAll(FrontendPeerCommands.COMMANDS);
        List<EventKind> events = new ArrayList<>();
        events.addAll(MachineCommands.EVENTS);
        events.addAll(DisplayCommands.EVENTS);
        events.addAll(FrontendCommands.EVENTS);
        events.addAll(CpuCommands.EVENTS);
        events.addAll(InventoryCommands.EVENTS);
        events.addAll(BlockCommands.EVENTS);
        events.addAll(VncCommands.EVENTS);
        events.addAll(FrontendPeerCommands.EVENTS);
        return new CommandTable(commands, events, () -> WordsOfPeople.FORMS);
    }

    /** The command with this name, or null. */
    public Command command(String name) {
        return commands.get(name);
    }

    /** The command with this name when clients of this role may run it, or null. */
    public Command command(String name, Role role) {
        Command command = commands.get(name);
        return command != null && command.roles().contains(role) ? command : null;
    }

    /** Whether clients of this role are told of this event. */
    public boolean isFor(MonitorEvent event, Role role) {
        EventKind kind = events.get(event.name());
        return kind != null && kind.roles().contains(role);
    }

    public List<Command> commands() {
        return List.copyOf(commands.values());
    }

    /** The commands that clients of this role may run. */
    public List<Command> commands(Role role) {
        return commands.values().stream()
                .filter(command -> command.roles().contains(role))
                .toList();
    }

    /** The events that clients of this role are told of. */
    List<EventKind> events(Role role) {
        return events.values().stream().filter(event -> event.roles().contains(role)).toList();
    }

    public List<EventKind> events() {
        return List.copyOf(events.values());
    }

    /**
     * Everything that people may say, by its words.
     *
     * @throws IllegalStateException when two forms have the same words
     */
    public List<HumanForm> humanForms() {
        if (humanForms == null) {
            List<HumanForm> forms = humanFormsOver(commands.keySet());
            Set<String> words = new HashSet<>();
            for (HumanForm form : forms) {
                if (!words.add(form.words())) {
                    throw new IllegalStateException("'" + form.words() + "' means two things");
                }
            }
            humanForms = forms;
        }
        return humanForms;
    }

    /** What people may say to a server that has these commands, by its words. */
    public List<HumanForm> humanFormsOver(Set<String> available) {
        Stream<HumanForm> own =
                commands.values().stream().flatMap(command -> command.human().stream());
        return Stream.concat(own, furtherForms.get().stream())
                .filter(form -> available.contains(form.over()))
                .sorted(Comparator.comparing(HumanForm::words))
                .toList();
    }
}
