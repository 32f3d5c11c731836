package org.vitrine.monitor;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vitrine.monitor.process.StandaloneFrontend;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * What {@code vitrine frontend} is asked for.
 *
 * @param help whether for its page of help alone; then there is no order
 */
record FrontendOptions(
        boolean help,
        StandaloneFrontend.Order order,
        List<Path> plugins,
        List<Path> pluginFolders) {

    /** The page that {@code vitrine frontend -help} prints. */
    static final String USAGE =
            """
            usage: vitrine frontend NAME --attach PREFIX [OPTION...]

            Shows the screen of an emulator that runs in another process, and brings it keys, by the frontend NAME
            ('vitrine -display help' lists them and their options). The emulator is one that was started with
            -sharedmaps PREFIX:... by the same user.

              --attach PREFIX            the emulator's prefix
              -o NAME=VALUE[,...]        options of the frontend; may be repeated
              --id ID                    its id (default: the frontend's name and a number)
              --wait                     wait for an emulator, and for another when it goes
              --plugin PATH              another plugin, a JAR or a folder of JARs, before all others; may be repeated
              --plugin-dir FOLDER        another folder of plugins; may be repeated
              --help                     print this page

            It ends when it is detached in the emulator's monitor, or when the emulator ends (status 0), and when the
            emulator is gone without a word or the frontend fails (status 1).
            """;

    private static CommandLine commandLine() {
        CommandSpec spec = CommandSpec.create().name("vitrine frontend");
        for (String name : List.of("attach", "o", "id", "plugin", "plugin-dir")) {
            spec.addOption(
                    OptionSpec.builder("-" + name, "--" + name)
                            .type(List.class)
                            .auxiliaryTypes(String.class)
                            .paramLabel(name.equals("attach") ? "PREFIX" : "VALUE")
                            .arity("1")
                            .build());
        }
        for (String name : List.of("wait", "supervised", "help")) {
            spec.addOption(OptionSpec.builder("-" + name, "--" + name).type(boolean.class).build());
        }
        spec.addPositional(
                PositionalParamSpec.builder()
                        .index("0")
                        .arity("0..1")
                        .paramLabel("NAME")
                        .type(String.class)
                        .build());
        return LaunchOptions.commandLine(spec);
    }

    /**
     * Reads what follows {@code vitrine frontend}.
     *
     * @throws CommandLineException when it is wrong
     */
    static FrontendOptions parse(List<String> arguments) throws CommandLineException {
        ParseResult parsed;
        try {
            parsed = commandLine().parseArgs(arguments.toArray(String[]::new));
        } catch (CommandLine.ParameterException e) {
            throw new CommandLineException(
                    "frontend: " + e.getMessage().lines().findFirst().orElse("it can't be read"));
        }
        if (parsed.hasMatchedOption("-help")) {
            return new FrontendOptions(true, null, List.of(), List.of());
        }
        String driver = parsed.matchedPositionalValue(0, null);
        List<String> prefixes = parsed.matchedOptionValue("-attach", List.of());
        if (driver == null || prefixes.isEmpty() || prefixes.getLast().isEmpty()) {
            throw new CommandLineException(
                    "vitrine frontend takes a frontend's name and --attach PREFIX, as in"
                            + " 'vitrine frontend vnc --attach /dev/shm/v'");
        }
        List<String> ids = parsed.matchedOptionValue("-id", List.of());
        List<String> settings = parsed.matchedOptionValue("-o", List.of());
        Map<String, String> options = new LinkedHashMap<>();
        for (String setting : settings) {
            KeyValues words = KeyValues.parse("-o", setting);
            if (words.first() != null) {
                options.put(words.first(), "on");
            }
            for (Map.Entry<String, String> word : words.values().entrySet()) {
                if (options.put(word.getKey(), word.getValue()) != null) {
                    throw new CommandLineException(
                            "-o " + setting + ": '" + word.getKey() + "' is given twice");
                }
            }
        }
        List<String> plugins = parsed.matchedOptionValue("-plugin", List.of());
        List<String> folders = parsed.matchedOptionValue("-plugin-dir", List.of());
        return new FrontendOptions(
                false,
                new StandaloneFrontend.Order(
                        driver,
                        Path.of(prefixes.getLast()).toAbsolutePath(),
                        ids.isEmpty() ? null : ids.getLast(),
                        options,
                        parsed.hasMatchedOption("-wait"),
                        parsed.hasMatchedOption("-supervised")),
                plugins.stream().map(Path::of).toList(),
                folders.stream().map(Path::of).toList());
    }
}
