package org.vitrine.monitor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.display.RefreshRate;
import org.vitrine.core.machine.MachineConfig;
import org.vitrine.core.machine.Peripherals.DebugExitPort;
import org.vitrine.monitor.command.CommandLineOption;
import org.vitrine.monitor.command.CommandLineOption.Parameter;
import org.vitrine.monitor.command.CommandLineOption.Type;
import org.vitrine.monitor.command.UnknownPassword;
import org.vitrine.monitor.plugin.Placing;
import org.vitrine.spi.OptionException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * What the command line asks for. The grammar is QEMU's: {@code -m} and {@code --m} are the same,
 * and an argument may be a word with names and values behind it.
 */
record LaunchOptions(
        boolean help,
        boolean version,
        String name,
        long memorySize,
        FirmwareOptions firmware,
        SharedMapsOption sharedMaps,
        boolean sharedMapsHelp,
        List<FrontendRequest> displays,
        boolean displayHelp,
        List<MonitorSocket> monitorSockets,
        boolean terminal,
        CharacterDeviceOptions characterDevices,
        MachineOptions machine,
        Optional<DebugExitPort> debugExit,
        String debugConsole,
        boolean startPaused,
        boolean noReboot,
        boolean noShutdown,
        List<Path> pluginFolders,
        RefreshRate refresh,
        CpuModel cpu,
        boolean cpuHelp,
        DriveOptions drives) {

    private static final List<String> DISK_FLAGS = List.of("hda", "hdb", "hdc", "hdd");
    private static final List<String> FLOPPY_FLAGS = List.of("fda", "fdb");

    /** A frontend to attach at start. */
    record FrontendRequest(String driver, String id, Placing placing, Map<String, String> options) {

        /** One in the emulator's process. */
        FrontendRequest(String driver, String id, Map<String, String> options) {
            this(driver, id, Placing.IN_PROCESS, options);
        }
    }

    /**
     * One option of the command line: its name without dashes, its argument or null, what it does.
     */
    private record Flag(
            String name, String argument, String description, List<Parameter> parameters) {

        Flag(String name, String argument, String description, Parameter... parameters) {
            this(name, argument, description, List.of(parameters));
        }
    }

    private static Parameter parameter(String name, Type type, String help) {
        return new Parameter(name, type, help);
    }

    private static final List<Flag> FLAGS =
            List.of(
                    new Flag(
                            "m",
                            "SIZE",
                            "guest RAM: mebibytes, or a number with K, M or G (default 128)",
                            parameter("size", Type.SIZE, "guest RAM")),
                    new Flag(
                            "machine",
                            "pc[,hpet=on|off]",
                            "the board: with a high precision event timer (HPET), or without (default)",
                            parameter("type", Type.STRING, "the board's name"),
                            parameter("hpet", Type.BOOLEAN, "whether it has a HPET")),
                    new Flag("cpu", "MODEL", "which CPU (default pentium3); 'help' lists them"),
                    new Flag(
                            "name",
                            "NAME",
                            "name of the machine, for titles and query-name",
                            parameter("guest", Type.STRING, "the name")),
                    new Flag("bios", "FILE", "system BIOS image (default: Vitrine's own)"),
                    new Flag(
                            "L",
                            "FOLDER",
                            "where to look for firmware: a file of -bios, else bios-256k.bin and\n"
                                    + " ".repeat(27)
                                    + "vgabios-stdvga.bin in place of Vitrine's own; may be repeated"),
                    new Flag("option-rom", "FILE", "another option ROM; may be repeated"),
                    new Flag(
                            "boot",
                            "ORDER",
                            "devices to start from: a floppy, c hard disk, d CD, n network (default\n"
                                    + " ".repeat(27)
                                    + "cad); or order=ORDER,menu=on",
                            parameter("order", Type.STRING, "the devices' letters"),
                            parameter("menu", Type.BOOLEAN, "whether the firmware asks")),
                    new Flag("kernel", "FILE", "start this Linux kernel, through the firmware"),
                    new Flag("initrd", "FILE", "its initial RAM disk"),
                    new Flag("append", "LINE", "its command line"),
                    new Flag(
                            "hda",
                            "FILE",
                            "first hard disk's image, raw or qcow2; also -hdb, -hdc, -hdd"),
                    new Flag("hdb", "FILE", "second hard disk's image"),
                    new Flag("hdc", "FILE", "third hard disk's image"),
                    new Flag("hdd", "FILE", "fourth hard disk's image"),
                    new Flag("cdrom", "FILE", "CD image, in place of -hdc"),
                    new Flag("fda", "FILE", "floppy disk's image; also -fdb"),
                    new Flag("fdb", "FILE", "second floppy disk's image"),
                    new Flag(
                            "drive",
                            "file=FILE[,k=v...]",
                            "a drive: format=raw|qcow2, if=ide|floppy|none, media=disk|cdrom, index=N,\n"
                                    + " ".repeat(27)
                                    + "readonly=on, snapshot=on, id=NAME; may be repeated",
                            parameter("file", Type.STRING, "the image; none for an empty drive"),
                            parameter(
                                    "format", Type.STRING, "raw or qcow2; looked for if not given"),
                            parameter("if", Type.STRING, "ide, floppy or none"),
                            parameter("media", Type.STRING, "disk or cdrom"),
                            parameter("index", Type.NUMBER, "the place"),
                            parameter("bus", Type.NUMBER, "the cable"),
                            parameter("unit", Type.NUMBER, "the place on the cable"),
                            parameter("id", Type.STRING, "the drive's name"),
                            parameter("snapshot", Type.BOOLEAN, "forget what the guest writes"),
                            parameter("readonly", Type.BOOLEAN, "the guest may not write"),
                            parameter("cache", Type.STRING, "as writeback, whatever is said"),
                            parameter("aio", Type.STRING, "means nothing")),
                    new Flag("snapshot", null, "forget in the end what the guest writes to disks"),
                    new Flag(
                            "vga",
                            "std[,refresh=R]",
                            "publish the screen R times a second (1 to 240, default 60), or 'immediate'"),
                    new Flag(
                            "sharedmaps",
                            "PREFIX:NAME,...",
                            "keep parts of memory in files PREFIX.NAME; '?' lists the names"),
                    new Flag(
                            "display",
                            "NAME[,k=v...]",
                            "attach a frontend; may be repeated; 'help' lists them, 'none' is none;\n"
                                    + " ".repeat(27)
                                    + "placement=own-process gives it a process of its own"),
                    new Flag(
                            "vnc",
                            "HOST:D[,k=v...]",
                            "attach a VNC server on port 5900+D, as QEMU does; 'none' is none"),
                    new Flag(
                            "qmp",
                            "ADDRESS",
                            "JSON monitor on tcp:HOST:PORT or unix:PATH; may be repeated"),
                    new Flag("qmp-pretty", "ADDRESS", "the same, over several lines for people"),
                    new Flag(
                            "serial",
                            "PLACE",
                            "the next serial port's line: stdio, none, null, pty, file:PATH,\n"
                                    + " ".repeat(27)
                                    + "unix:PATH or tcp:HOST:PORT[,server=on][,wait=off], chardev:ID"),
                    new Flag("parallel", "PLACE", "the printer port's line, in the same words"),
                    new Flag(
                            "chardev",
                            "KIND,id=ID,...",
                            "a line for -serial and -mon: null, stdio, pty, ringbuf, file,path=PATH,\n"
                                    + " ".repeat(27)
                                    + "socket,path=PATH or socket,host=HOST,port=PORT; server=on, wait=off",
                            parameter("id", Type.STRING, "what -serial and -mon call it"),
                            parameter("path", Type.STRING, "of a file or a Unix socket"),
                            parameter("host", Type.STRING, "of a TCP socket"),
                            parameter("port", Type.STRING, "of a TCP socket"),
                            parameter("server", Type.BOOLEAN, "listen; else connect"),
                            parameter("wait", Type.BOOLEAN, "start when a client has come"),
                            parameter("reconnect", Type.NUMBER, "seconds until it connects again"),
                            parameter("append", Type.BOOLEAN, "write at the file's end"),
                            parameter("size", Type.SIZE, "of a ringbuf")),
                    new Flag(
                            "device",
                            "DRIVER[,k=v...]",
                            "isa-debug-exit,iobase=P,iosize=N: the guest ends the emulator at port P;\n"
                                    + " ".repeat(27)
                                    + "VGA,romfile=FILE: another VGA BIOS",
                            parameter("driver", Type.STRING, "isa-debug-exit or VGA")),
                    new Flag(
                            "mon",
                            "chardev=ID[,...]",
                            "a monitor there: mode=control (JSON) or readline, pretty=on",
                            parameter("chardev", Type.STRING, "the id of -chardev"),
                            parameter("mode", Type.STRING, "control or readline"),
                            parameter("pretty", Type.BOOLEAN, "JSON over several lines")),
                    new Flag(
                            "monitor",
                            "PLACE",
                            "interactive monitor on stdio (default) or none; or its commands, a line\n"
                                    + " ".repeat(27)
                                    + "each, on tcp:HOST:PORT or unix:PATH; may be repeated"),
                    new Flag(
                            "debugcon",
                            "PLACE",
                            "what the guest writes to port 0xE9 goes to file:PATH or stdio"),
                    new Flag("S", null, "do not run the guest until 'cont'"),
                    new Flag("no-reboot", null, "end when the guest resets the machine"),
                    new Flag(
                            "no-shutdown",
                            null,
                            "stay, stopped, when the guest switches the machine off"),
                    new Flag("plugin-dir", "FOLDER", "another folder of plugins; may be repeated"),
                    new Flag("version", null, "print the version"),
                    new Flag("help", null, "print this page"));

    /** All options, with QEMU's names for their groups. */
    static List<CommandLineOption> commandLineOptions() {
        return FLAGS.stream()
                .map(flag ->
                        new CommandLineOption(
                                flag.name().equals("m") ? "memory" : flag.name(),
                                flag.parameters()))
                .toList();
    }

    private static CommandLine commandLine() {
        CommandSpec spec = CommandSpec.create().name("vitrine");
        for (Flag flag : FLAGS) {
            OptionSpec.Builder option =
                    OptionSpec.builder("-" + flag.name(), "--" + flag.name())
                            .description(flag.description());
            if (flag.argument() == null) {
                option.type(boolean.class);
            } else {
                option.type(List.class)
                        .auxiliaryTypes(String.class)
                        .paramLabel(flag.argument())
                        .arity("1");
            }
            spec.addOption(option.build());
        }
        spec.addPositional(
                PositionalParamSpec.builder()
                        .paramLabel("DISK")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .arity("0..*")
                        .build());
        return commandLine(spec);
    }

    /** A command line with QEMU's habits: words are whole, and what is said last counts. */
    static CommandLine commandLine(CommandSpec spec) {
        CommandLine commandLine = new CommandLine(spec);
        commandLine.setPosixClusteredShortOptionsAllowed(false);
        commandLine.setOverwrittenOptionsAllowed(true);
        commandLine.setTrimQuotes(false);
        return commandLine;
    }

    /** The page that {@code -help} prints. */
    static String usage() {
        StringBuilder page =
                new StringBuilder(
                        """
                        usage: vitrine [OPTION...] [DISK]
                               vitrine monitor tcp:HOST:PORT | unix:PATH
                               vitrine frontend NAME --attach PREFIX [OPTION...]
                               vitrine new-frontend NAME [--package PACKAGE] [--dir FOLDER]

                        A PC emulator whose screen and keyboard are open to everyone. Without options: the bundled
                        firmware, VNC and a web page on loopback, and the monitor here. 'vitrine monitor' steers a
                        running one over its -qmp socket, 'vitrine frontend' shows the screen of one that was started
                        with -sharedmaps (see 'vitrine frontend -help'), 'vitrine new-frontend' writes a project to
                        start a frontend of your own from. One dash and two are the same.

                        """);
        for (Flag flag : FLAGS) {
            String left =
                    "  -" + flag.name() + (flag.argument() == null ? "" : " " + flag.argument());
            page.append(String.format("%-26s %s%n", left, flag.description()));
        }
        return page.toString();
    }

    /**
     * Reads a command line.
     *
     * @throws CommandLineException when it is wrong
     */
    static LaunchOptions parse(String... arguments) throws CommandLineException {
        ParseResult parsed;
        try {
            parsed = commandLine().parseArgs(arguments);
        } catch (CommandLine.ParameterException e) {
            // picocli names the longest spelling; people write the other.
            String line = e.getMessage().lines().findFirst().orElse("it can't be read");
            throw new CommandLineException(line.replace("'--", "'-"));
        }
        List<FrontendRequest> displays = new ArrayList<>();
        boolean displayHelp = false;
        for (String argument : all(parsed, "display")) {
            KeyValues words = KeyValues.parse("-display", argument);
            if (words.first() == null) {
                throw new CommandLineException(
                        "-display takes a frontend's name first, as in -display vnc,port=5901");
            }
            switch (words.first()) {
                case "help", "?" -> displayHelp = true;
                case "none" -> {}
                default -> displays.add(frontend("-display", words.first(), words.values()));
            }
        }
        for (String argument : all(parsed, "vnc")) {
            if (!argument.equals("none")) {
                displays.add(vnc(argument));
            }
        }
        List<String> monitors = all(parsed, "monitor");
        List<MonitorSocket> monitorSockets =
                MonitorSocket.parse(
                        monitors.stream()
                                .filter(place -> !place.equals("stdio") && !place.equals("none"))
                                .toList(),
                        all(parsed, "qmp"),
                        all(parsed, "qmp-pretty"),
                        chardevs(parsed, true),
                        all(parsed, "mon"));
        CharacterDeviceOptions characterDevices =
                CharacterDeviceOptions.parse(
                        all(parsed, "serial"), all(parsed, "parallel"), chardevs(parsed, false));
        if (characterDevices.usesStandardStreams() && monitors.contains("stdio")) {
            throw new CommandLineException(
                    "stdio has one user alone: -monitor stdio, or a serial port or -chardev");
        }
        List<String> maps = all(parsed, "sharedmaps");
        boolean nothingAsked =
                parsed.matchedOption("-display") == null && parsed.matchedOption("-vnc") == null;
        if (nothingAsked) {
            displays.add(new FrontendRequest("vnc", null, Map.of("port", "5900", "to", "5999")));
            displays.add(new FrontendRequest("mjpeg", null, Map.of("port", "8080", "to", "8179")));
        }
        return new LaunchOptions(
                parsed.hasMatchedOption("-help"),
                parsed.hasMatchedOption("-version"),
                name(last(parsed, "name")),
                memorySize(last(parsed, "m")),
                firmware(parsed),
                sharedMaps(maps),
                maps.stream().anyMatch(SharedMapsOption::asksForHelp),
                List.copyOf(displays),
                displayHelp,
                monitorSockets,
                !characterDevices.usesStandardStreams()
                        && (monitors.isEmpty() || monitors.contains("stdio")),
                characterDevices,
                MachineOptions.parse(all(parsed, "machine")),
                DeviceOptions.debugExit(all(parsed, "device")),
                debugConsole(last(parsed, "debugcon")),
                parsed.hasMatchedOption("-S"),
                parsed.hasMatchedOption("-no-reboot"),
                parsed.hasMatchedOption("-no-shutdown"),
                all(parsed, "plugin-dir").stream().map(Path::of).toList(),
                refreshRate(last(parsed, "vga")),
                cpu(last(parsed, "cpu")),
                all(parsed, "cpu").stream().anyMatch(LaunchOptions::isHelp),
                drives(parsed));
    }

    private static DriveOptions drives(ParseResult parsed) throws CommandLineException {
        DriveOptions.Parser drives = new DriveOptions.Parser(parsed.hasMatchedOption("-snapshot"));
        List<String> disks = parsed.matchedPositionalValue(0, List.of());
        if (disks.size() > 1) {
            throw new CommandLineException(
                    "one disk may be named without an option, not "
                            + String.join(" and ", disks)
                            + "; -hdb takes another");
        }
        if (!disks.isEmpty()) {
            drives.disk("-hda", 0, disks.getFirst());
        }
        for (int place = 0; place < DISK_FLAGS.size(); place++) {
            for (String file : all(parsed, DISK_FLAGS.get(place))) {
                drives.disk("-" + DISK_FLAGS.get(place), place, file);
            }
        }
        for (String file : all(parsed, "cdrom")) {
            drives.cdrom(file);
        }
        for (int place = 0; place < FLOPPY_FLAGS.size(); place++) {
            for (String file : all(parsed, FLOPPY_FLAGS.get(place))) {
                drives.floppy("-" + FLOPPY_FLAGS.get(place), place, file);
            }
        }
        for (String drive : all(parsed, "drive")) {
            drives.drive(drive);
        }
        return drives.options();
    }

    private static FirmwareOptions firmware(ParseResult parsed) throws CommandLineException {
        return new FirmwareOptions(
                        all(parsed, "L").stream().map(Path::of).toList(),
                        file("-bios", last(parsed, "bios")),
                        DeviceOptions.videoRom(all(parsed, "device")),
                        all(parsed, "option-rom"),
                        last(parsed, "boot"),
                        file("-kernel", last(parsed, "kernel")),
                        file("-initrd", last(parsed, "initrd")),
                        last(parsed, "append"))
                .checked();
    }

    /** The arguments of -chardev that a -mon names, or the others. */
    private static List<String> chardevs(ParseResult parsed, boolean ofMonitors)
            throws CommandLineException {
        List<String> named = new ArrayList<>();
        for (String mon : all(parsed, "mon")) {
            named.add(MonitorSocket.chardevOf(mon));
        }
        List<String> wanted = new ArrayList<>();
        for (String argument : all(parsed, "chardev")) {
            String id = KeyValues.parse("-chardev", argument).values().get("id");
            if (named.contains(id) == ofMonitors) {
                wanted.add(argument);
            }
        }
        return wanted;
    }

    private static List<String> all(ParseResult parsed, String flag) {
        return parsed.matchedOptionValue("-" + flag, List.of());
    }

    private static String last(ParseResult parsed, String flag) {
        List<String> values = all(parsed, flag);
        return values.isEmpty() ? null : values.getLast();
    }

    private static SharedMapsOption sharedMaps(List<String> arguments) throws CommandLineException {
        if (arguments.isEmpty() || arguments.stream().anyMatch(SharedMapsOption::asksForHelp)) {
            return null;
        }
        if (arguments.size() > 1) {
            throw new CommandLineException(
                    "-sharedmaps may be given once; all names go behind one prefix");
        }
        return SharedMapsOption.parse(arguments.getFirst());
    }

    private static String name(String argument) throws CommandLineException {
        if (argument == null) {
            return null;
        }
        KeyValues words = KeyValues.parse("-name", argument);
        return words.first() != null ? words.first() : words.values().get("guest");
    }

    private static String file(String option, String argument) throws CommandLineException {
        if (argument != null && argument.isEmpty()) {
            throw new CommandLineException(option + " takes a file's name");
        }
        return argument;
    }

    private static FrontendRequest frontend(String flag, String driver, Map<String, String> words)
            throws CommandLineException {
        Map<String, String> options = new LinkedHashMap<>(words);
        String id = options.remove("id");
        try {
            Placing placing = Placing.of(options.remove("placement"), options.remove("restart"));
            return new FrontendRequest(driver, id, placing, options);
        } catch (OptionException e) {
            throw new CommandLineException(flag + " " + driver + ": " + e.getMessage());
        }
    }

    /** {@code -vnc HOST:D}, {@code -vnc :D}: display D is port 5900+D. */
    private static FrontendRequest vnc(String argument) throws CommandLineException {
        KeyValues words = KeyValues.parse("-vnc", argument);
        String address = words.first() == null ? "" : words.first();
        int colon = address.lastIndexOf(':');
        try {
            int display = Integer.parseInt(address.substring(colon + 1));
            Map<String, String> options = new LinkedHashMap<>(words.values());
            if (colon > 0) {
                options.put("host", address.substring(0, colon));
            }
            options.put("port", Integer.toString(5900 + display));
            // QEMU's password=on: ask for one, which set_password will tell.
            if ("off".equals(options.get("password"))) {
                options.remove("password");
            }
            options.computeIfPresent(
                    "password",
                    (name, value) -> value.equals("on") ? UnknownPassword.make() : value);
            if (options.containsKey("to")) {
                options.put("to", Integer.toString(5900 + Integer.parseInt(options.get("to"))));
            }
            return frontend("-vnc", "vnc", options);
        } catch (NumberFormatException e) {
            throw new CommandLineException(
                    "-vnc takes HOST:D or :D, where D is a number, not '" + argument + "'");
        }
    }

    private static RefreshRate refreshRate(String argument) throws CommandLineException {
        if (argument == null) {
            return RefreshRate.DEFAULT;
        }
        KeyValues words = KeyValues.parse("-vga", argument);
        String rate = words.values().get("refresh");
        if (!"std".equals(words.first()) || words.values().size() > (rate == null ? 0 : 1)) {
            throw new CommandLineException(
                    "-vga takes std or std,refresh=R, not '" + argument + "'");
        }
        if (rate == null) {
            return RefreshRate.DEFAULT;
        }
        if (rate.equals("immediate")) {
            return new RefreshRate.Immediate();
        }
        try {
            return new RefreshRate.Fixed(Integer.parseInt(rate));
        } catch (IllegalArgumentException e) {
            throw new CommandLineException(
                    "-vga std,refresh="
                            + rate
                            + ": a refresh rate is immediate, or "
                            + RefreshRate.Fixed.MINIMUM
                            + " to "
                            + RefreshRate.Fixed.MAXIMUM
                            + " frames a second");
        }
    }

    private static CpuModel cpu(String argument) throws CommandLineException {
        if (argument == null || isHelp(argument)) {
            return CpuModel.PENTIUM_3;
        }
        CpuModel model = CpuModel.named(argument);
        if (model == null) {
            throw new CommandLineException(
                    "-cpu: unable to find CPU model '"
                            + argument
                            + "'; there are "
                            + CpuModel.ALL.stream()
                                    .map(CpuModel::name)
                                    .collect(Collectors.joining(", ")));
        }
        return model;
    }

    private static boolean isHelp(String argument) {
        return argument.equals("help") || argument.equals("?");
    }

    /** What {@code -cpu help} prints. */
    static String cpuModels() {
        StringBuilder page = new StringBuilder("Available CPUs:\n");
        for (CpuModel model : CpuModel.ALL) {
            page.append(String.format("  %-20s  %s%n", model.name(), model.description()));
        }
        return page.toString();
    }

    private static String debugConsole(String argument) throws CommandLineException {
        if (argument == null
                || argument.equals("stdio")
                || argument.startsWith("file:") && argument.length() > 5) {
            return argument;
        }
        throw new CommandLineException(
                "-debugcon takes file:PATH or stdio, not '" + argument + "'");
    }

    private static long memorySize(String argument) throws CommandLineException {
        if (argument == null) {
            return MachineConfig.DEFAULT_MEMORY;
        }
        KeyValues words = KeyValues.parse("-m", argument);
        String size =
                words.first() != null ? words.first() : words.values().getOrDefault("size", "");
        long unit = MachineConfig.MIB;
        String digits = size;
        if (!size.isEmpty() && !Character.isDigit(size.charAt(size.length() - 1))) {
            digits = size.substring(0, size.length() - 1);
            unit =
                    switch (size.charAt(size.length() - 1)) {
                        case 'k', 'K' -> 1L << 10;
                        case 'm', 'M' -> 1L << 20;
                        case 'g', 'G' -> 1L << 30;
                        default -> 0;
                    };
        }
        try {
            long bytes = Math.multiplyExact(Long.parseLong(digits), unit);
            if (bytes >= MachineConfig.MINIMUM_MEMORY
                    && bytes <= MachineConfig.MAXIMUM_MEMORY
                    && bytes % MachineConfig.MIB == 0) {
                return bytes;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // Said below, with what would be right.
        }
        throw new CommandLineException(
                "-m takes whole mebibytes from 1 to "
                        + MachineConfig.MAXIMUM_MEMORY / MachineConfig.MIB
                        + ", as in 256, 256M or 2G, not '"
                        + argument
                        + "'");
    }
}
