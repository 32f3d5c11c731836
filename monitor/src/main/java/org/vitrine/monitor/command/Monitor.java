package org.vitrine.monitor.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.core.machine.Machine;
import org.vitrine.monitor.plugin.FrontendHost;
import org.vitrine.monitor.plugin.GuestLink;
import org.vitrine.spi.display.Display;

/**
 * The monitor of one machine: its commands, bound to the machine, and its events. QMP connections
 * and the terminal both go through it. Safe for use by several threads.
 */
public final class Monitor implements MonitorLink {

    /** Vitrine's own version. */
    public static final String VERSION = "0.1.0";

    private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

    private final Dispatcher dispatcher;
    private final Display display;
    private final List<Consumer<MonitorEvent>> listeners = new CopyOnWriteArrayList<>();

    public Monitor(Machine machine, FrontendHost frontends) {
        CommandTable table = CommandTable.standard();
        dispatcher = new Dispatcher(table);
        new MonitorCommands(table, this).bind(dispatcher);
        new MachineCommands(machine).bind(dispatcher);
        new MemoryCommands(machine).bind(dispatcher);
        new MapCommands(machine).bind(dispatcher);
        new DisplayCommands(machine.display()).bind(dispatcher);
        new InputCommands(machine).bind(dispatcher);
        new FrontendCommands(frontends).bind(dispatcher);
        new CpuCommands(machine).bind(dispatcher);
        new InspectionCommands(machine).bind(dispatcher);
        new HardwareCommands(machine).bind(dispatcher);
        new HostCommands(machine).bind(dispatcher);
        new FrontendPeerCommands(GuestLink.of(machine), frontends).bind(dispatcher);
        display = machine.display();
        machine.addListener(event -> tell(MachineCommands.event(event)));
        frontends.addListener(event -> tell(FrontendCommands.event(event)));
    }

    private Monitor(GuestLink guest, FrontendHost frontends) {
        CommandTable table = CommandTable.standard();
        dispatcher = new Dispatcher(table);
        new MonitorCommands(table, this).bind(dispatcher);
        new FrontendPeerCommands(guest, frontends).bind(dispatcher);
        dispatcher.bind(InputCommands.INPUT_SEND_EVENT, FrontendPeerCommands::input);
        display = guest.display();
    }

    /**
     * What frontends in processes of their own need of a monitor, and nothing else: for a guest
     * that is no machine of this process.
     */
    public static Monitor forFrontends(GuestLink guest, FrontendHost frontends) {
        return new Monitor(guest, frontends);
    }

    /** The commands. */
    public Dispatcher dispatcher() {
        return dispatcher;
    }

    /** The screen, whose frames frontends are told of by {@link #frameEvent}. */
    public Display display() {
        return display;
    }

    /** Tells a frontend in another process that there is a newer frame. */
    public static MonitorEvent frameEvent(long generation) {
        return FrontendPeerCommands.frame(generation);
    }

    /** What the greeting of a QMP connection tells, and {@code query-version}. */
    public static JsonObject versionInfo() {
        return MonitorCommands.versionInfo();
    }

    @Override
    public JsonElement execute(String command, JsonObject arguments) throws CommandException {
        Dispatcher.Outcome outcome = dispatcher.run(command, arguments);
        outcome.afterwards().run();
        return outcome.result();
    }

    @Override
    public void addListener(Consumer<MonitorEvent> listener) {
        listeners.add(listener);
    }

    @Override
    public void removeListener(Consumer<MonitorEvent> listener) {
        listeners.remove(listener);
    }

    private void tell(MonitorEvent event) {
        LOG.debug("event {} {}", event.name(), event.data());
        for (Consumer<MonitorEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                LOG.error("a listener failed at {}", event.name(), e);
            }
        }
    }
}
