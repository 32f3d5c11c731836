package org.vitrine.monitor;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.vitrine.core.machine.MachineConfig;
import org.vitrine.firmware.FirmwareImages;
import org.vitrine.monitor.command.Monitor;
import org.vitrine.monitor.plugin.FrontendHost;
import org.vitrine.monitor.plugin.PluginLoader;
import org.vitrine.monitor.qmp.QmpClient;
import org.vitrine.monitor.terminal.MonitorTerminal;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.Option;

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
            if (options.displayHelp()) {
                printProviders(plugins(options));
                return DONE;
            }
            return emulate(options);
        } catch (CommandLineException e) {
            System.err.println("vitrine: " + e.getMessage());
            return WRONG_COMMAND_LINE;
        } catch (IOException | FrontendException e) {
            System.err.println("vitrine: " + e.getMessage());
            return FAILED;
        }
    }

    private static int emulate(LaunchOptions options)
            throws CommandLineException, IOException, FrontendException {
        MachineConfig config =
                new MachineConfig(
                        options.name(),
                        options.memorySize(),
                        options.readBios(),
                        FirmwareImages.vgaBios(),
                        debugConsole(options.debugConsole()),
                        options.noShutdown(),
                        options.noReboot());
        try (Emulator emulator = new Emulator(config, plugins(options))) {
            Thread hook = Thread.ofPlatform().unstarted(emulator::close);
            Runtime.getRuntime().addShutdownHook(hook);
            for (MonitorSocket socket : options.monitorSockets()) {
                emulator.open(socket);
            }
            if (!options.startPaused()) {
                emulator.machine().cont();
            }
            for (LaunchOptions.FrontendRequest display : options.displays()) {
                printEndpoints(emulator.attach(display));
            }
            if (options.monitor() == LaunchOptions.MonitorPlace.STDIO) {
                runTerminal(emulator);
            }
            return emulator.awaitEnd() ? FAILED : DONE;
        }
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
        try (QmpClient client = QmpClient.connect(address, GREETING_LIMIT);
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

    private static PluginLoader plugins(LaunchOptions options) {
        List<Path> folders = new ArrayList<>();
        folders.add(home().resolve("plugins"));
        folders.addAll(options.pluginFolders());
        return new PluginLoader(folders);
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
