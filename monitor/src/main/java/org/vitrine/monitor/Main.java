package org.vitrine.monitor;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.vitrine.core.machine.Actions;
import org.vitrine.core.machine.Boot;
import org.vitrine.core.machine.Firmware;
import org.vitrine.core.machine.MachineConfig;
import org.vitrine.core.machine.MemoryPlan;
import org.vitrine.core.machine.Peripherals;
import org.vitrine.core.memory.MemorySource;
import org.vitrine.core.memory.SharedMaps;
import org.vitrine.monitor.command.Monitor;
import org.vitrine.monitor.plugin.FrontendHost;
import org.vitrine.monitor.plugin.PluginLoader;
import org.vitrine.monitor.process.StandaloneFrontend;
import org.vitrine.monitor.qmp.ReconnectingClient;
import org.vitrine.monitor.scaffold.NewFrontend;
import org.vitrine.monitor.terminal.MonitorTerminal;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.Option;
import org.vitrine.spi.OptionException;

/** The command {@code vitrine}. */
public final class Main {

    /** The guest has shut down, or somebody said quit. */
    private static final int DONE = 0;

    /** The machine can't start, or failed. */
    private static final int FAILED = 1;

    /** The command line is wrong. */
    private static final int WRONG_COMMAND_LINE = 2;

    private static final Duration GREETING_LIMIT = Duration.ofSeconds(10);

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Does what the command line says; the exit status. */
    static int run(String... arguments) {
        try {
            if (arguments.length > 0 && arguments[0].equals("monitor")) {
                return monitor(arguments);
            }
            if (arguments.length > 0 && arguments[0].equals("frontend")) {
                return frontend(List.of(arguments).subList(1, arguments.length));
            }
            if (arguments.length > 0 && arguments[0].equals("new-frontend")) {
                return newFrontend(List.of(arguments).subList(1, arguments.length));
            }
            Warmup.start();
            LaunchOptions options = LaunchOptions.parse(arguments);
            if (options.help()) {
                System.out.print(LaunchOptions.usage());
                return DONE;
            }
            if (options.version()) {
                System.out.println("Vitrine " + Monitor.VERSION);
                return DONE;
            }
            if (options.sharedMapsHelp()) {
                System.out.print(
                        SharedMapsOption.help(plan(options, options.firmware().readFirmware())));
                return DONE;
            }
            if (options.cpuHelp()) {
                System.out.print(LaunchOptions.cpuModels());
                return DONE;
            }
            if (options.displayHelp()) {
                printProviders(plugins(List.of(), options.pluginFolders()));
                return DONE;
            }
            return emulate(options);
        } catch (CommandLineException e) {
            complain(e.getMessage());
            return WRONG_COMMAND_LINE;
        } catch (IOException | UncheckedIOException | FrontendException e) {
            complain(e.getMessage());
            return FAILED;
        }
    }

    private static void complain(String message) {
        System.err.println("vitrine: " + message);
    }

    private static int frontend(List<String> arguments)
            throws CommandLineException, FrontendException {
        FrontendOptions options = FrontendOptions.parse(arguments);
        if (options.help()) {
            System.out.print(FrontendOptions.USAGE);
            return DONE;
        }
        StandaloneFrontend frontend =
                new StandaloneFrontend(
                        options.order(),
                        plugins(options.plugins(), options.pluginFolders()),
                        System.out::println,
                        Main::complain);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> stop(frontend)));
        try {
            return frontend.run() ? DONE : FAILED;
        } catch (OptionException e) {
            throw new CommandLineException("frontend " + e.getMessage());
        }
    }

    private static int newFrontend(List<String> arguments)
            throws CommandLineException, IOException {
        NewFrontendOptions options = NewFrontendOptions.parse(arguments);
        if (options.help()) {
            System.out.print(NewFrontendOptions.USAGE);
            return DONE;
        }
        new NewFrontend(home()).write(options.order()).forEach(System.out::println);
        return DONE;
    }

    private static void stop(StandaloneFrontend frontend) {
        try {
            frontend.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static MemoryPlan plan(LaunchOptions options, Firmware firmware) {
        return MemoryPlan.of(options.memorySize(), firmware.bios().length);
    }

    private static int emulate(LaunchOptions options)
            throws CommandLineException, IOException, FrontendException {
        Firmware firmware = options.firmware().readFirmware();
        Boot boot = options.firmware().readBoot(options.memorySize());
        if (options.sharedMaps() == null) {
            return emulate(options, firmware, boot, MemorySource.anonymous());
        }
        try (SharedMaps maps = sharedMaps(options, firmware)) {
            try {
                return emulate(options, firmware, boot, maps);
            } catch (InternalError e) {
                // As the JVM reports memory that the host can't provide.
                String failure = maps.failure();
                if (failure == null) {
                    throw e;
                }
                throw new IOException("-sharedmaps " + failure, e);
            }
        }
    }

    private static SharedMaps sharedMaps(LaunchOptions options, Firmware firmware)
            throws CommandLineException, IOException {
        SharedMaps.Request request = options.sharedMaps().request(plan(options, firmware));
        try {
            return SharedMaps.create(request);
        } catch (IOException e) {
            throw new IOException("-sharedmaps " + e.getMessage(), e);
        }
    }

    private static int emulate(
            LaunchOptions options, Firmware firmware, Boot boot, MemorySource memory)
            throws CommandLineException, IOException, FrontendException {
        try (CharacterConnections connections =
                new CharacterConnections(options.characterDevices())) {
            return emulate(options, firmware, boot, memory, connections);
        }
    }

    private static int emulate(
            LaunchOptions options,
            Firmware firmware,
            Boot boot,
            MemorySource memory,
            CharacterConnections connections)
            throws CommandLineException, IOException, FrontendException {
        MachineConfig config =
                MachineConfig.standard()
                        .withName(options.name())
                        .withMemorySize(options.memorySize())
                        .withFirmware(firmware)
                        .withBoot(boot)
                        .withPeripherals(
                                connections.behind(
                                        Peripherals.NONE
                                                .withDebugConsole(
                                                        debugConsole(options.debugConsole()))
                                                .withDebugExit(options.debugExit())
                                                .withHpet(options.machine().hpet())))
                        .withDrives(options.drives().open())
                        .withActions(new Actions(options.noShutdown(), options.noReboot()))
                        .withMemory(memory)
                        .withRefresh(options.refresh())
                        .withCpu(options.cpu());
        try (Emulator emulator =
                new Emulator(config, plugins(List.of(), options.pluginFolders()))) {
            Thread hook = Thread.ofPlatform().unstarted(() -> end(emulator, memory));
            Runtime.getRuntime().addShutdownHook(hook);
            emulator.connect(connections);
            if (options.sharedMaps() != null) {
                emulator.listenForFrontends(options.sharedMaps().prefix());
            }
            for (MonitorSocket socket : options.monitorSockets()) {
                emulator.open(socket);
            }
            if (!options.startPaused()) {
                emulator.machine().cont();
            }
            for (LaunchOptions.FrontendRequest display : options.displays()) {
                printEndpoints(emulator.attach(display));
            }
            memory.started();
            if (options.terminal()) {
                runTerminal(emulator);
            }
            boolean failed = emulator.awaitEnd();
            int status = emulator.machine().exitStatus();
            return status != 0 ? status : failed ? FAILED : DONE;
        }
    }

    private static void end(Emulator emulator, MemorySource memory) {
        emulator.close();
        memory.close();
    }

    private static void runTerminal(Emulator emulator) throws IOException {
        try (MonitorTerminal terminal =
                MonitorTerminal.open(emulator.monitor(), MonitorTerminal.Place.EMULATOR)) {
            LogSetup.printTo(line -> terminal.show(line.stripTrailing()));
            emulator.machine().ended().thenRun(terminal::close);
            terminal.run();
        } finally {
            LogSetup.printTo(null);
        }
    }

    private static int monitor(String[] arguments) throws CommandLineException, IOException {
        if (arguments.length != 2) {
            throw new CommandLineException(
                    "vitrine monitor takes one address: tcp:HOST:PORT or unix:PATH");
        }
        SocketAddress address = SocketAddressSpec.parse("monitor", arguments[1]);
        try (ReconnectingClient client = new ReconnectingClient(address, GREETING_LIMIT);
                MonitorTerminal terminal =
                        MonitorTerminal.open(client, MonitorTerminal.Place.REMOTE)) {
            client.closed().thenRun(terminal::close);
            terminal.run();
        }
        return DONE;
    }

    private static OutputStream debugConsole(String place) throws CommandLineException {
        if (place == null) {
            return OutputStream.nullOutputStream();
        }
        if (place.equals("stdio")) {
            return System.out;
        }
        String file = place.substring("file:".length());
        try {
            return new FileOutputStream(file);
        } catch (IOException e) {
            throw new CommandLineException(
                    "-debugcon file:" + file + ": can't be written: " + e.getMessage());
        }
    }

    private static PluginLoader plugins(List<Path> plugins, List<Path> pluginFolders) {
        List<Path> folders = new ArrayList<>();
        folders.add(home().resolve("plugins"));
        folders.addAll(pluginFolders);
        return new PluginLoader(plugins, folders);
    }

    /** Where Vitrine is installed: the folder with {@code lib} and {@code plugins}. */
    private static Path home() {
        String home = System.getProperty("vitrine.home");
        if (home != null) {
            return Path.of(home);
        }
        try {
            Path jar =
                    Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return jar.getParent().resolveSibling("");
        } catch (URISyntaxException e) {
            throw new IllegalStateException("set the system property vitrine.home", e);
        }
    }

    private static void printEndpoints(FrontendHost.Attached frontend) {
        frontend.status()
                .endpoints()
                .forEach(endpoint -> System.out.println(frontend.id() + ": " + endpoint.url()));
    }

    private static void printProviders(PluginLoader plugins) {
        for (FrontendHost.ProviderInfo provider : FrontendHost.providers(plugins)) {
            if (provider.error() != null) {
                System.out.println(provider.name() + " (failed: " + provider.error() + ")");
                continue;
            }
            System.out.println(
                    provider.name() + " " + provider.version() + ": " + provider.description());
            for (Option option : provider.options().options()) {
                String preset =
                        option.defaultValue() == null ? "" : " (default " + shown(option) + ")";
                System.out.println(
                        "    "
                                + option.name()
                                + "="
                                + option.valueHelp()
                                + ": "
                                + option.description()
                                + preset);
            }
        }
    }

    private static Object shown(Option option) {
        if (option.defaultValue() instanceof Boolean on) {
            return on ? "on" : "off";
        }
        return option.defaultValue();
    }
}
