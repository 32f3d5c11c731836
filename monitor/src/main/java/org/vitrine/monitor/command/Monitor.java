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
    private final CharacterDevices characterDevices = new CharacterDevices();
    private final EventRate rate = new EventRate(EventRate.INTERVALS, Delay.HOST, this::tellNow);

    /** The monitor of a machine that no command line has made. */
    public Monitor(Machine machine, FrontendHost frontends) {
        this(machine, frontends, List.of());
    }

    /**
     * @param options what the command line takes, for {@code query-command-line-options}
     */
    public Monitor(Machine machine, FrontendHost frontends, List<CommandLineOption> options) {
        CommandTable table = CommandTable.standard();
        dispatcher = new Dispatcher(table);
        new MonitorCommands(table, this).bind(dispatcher);
        new MachineCommands(machine).bind(dispatcher);
        new MemoryCommands(machine).bind(dispatcher);
        new MapCommands(machine).bind(dispatcher);
        new DisplayCommands(machine.display()).bind(dispatcher);
        new ScreenTextCommands(machine.display(), machine::fonts).bind(dispatcher);
        new InputCommands(machine).bind(dispatcher);
        new FrontendCommands(frontends).bind(dispatcher);
        new PluginCommands(frontends.plugins()).bind(dispatcher);
        new CpuCommands(machine).bind(dispatcher);
        new InspectionCommands(machine).bind(dispatcher);
        new PagingCommands(machine).bind(dispatcher);
        new HardwareCommands(machine).bind(dispatcher);
        new HostCommands(machine).bind(dispatcher);
        new InventoryCommands(machine, options, this::tell).bind(dispatcher);
        new ObjectCommands(machine, characterDevices).bind(dispatcher);
        new BlockCommands(machine).bind(dispatcher);
        new CharacterDeviceCommands(characterDevices).bind(dispatcher);
        VncCommands vnc = new VncCommands(frontends, Delay.HOST);
        vnc.bind(dispatcher);
        new FrontendPeerCommands(GuestLink.of(machine), frontends).bind(dispatcher);
        display = machine.display();
        machine.addListener(event -> tell(MachineCommands.event(event)));
        frontends.addListener(event -> tell(FrontendCommands.event(event)));
        frontends.addListener(event -> vnc.events(event).forEach(this::tell));
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

    /** The sockets and other character devices, for {@code query-chardev}. */
    public CharacterDevices characterDevices() {
        return characterDevices;
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
        return dispatcher.run(command, arguments);
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
        rate.tell(event);
    }

    private void tellNow(MonitorEvent event) {
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
