package org.vitrine.monitor;

import java.nio.file.Path;
import java.util.List;
import org.vitrine.monitor.scaffold.NewFrontend;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * What {@code vitrine new-frontend} is asked for.
 *
 * @param help whether for its page of help alone; then there is no order
 */
record NewFrontendOptions(boolean help, NewFrontend.Order order) {

    /** The page that {@code vitrine new-frontend -help} prints. */
    static final String USAGE =
            """
            usage: vitrine new-frontend NAME [--package PACKAGE] [--dir FOLDER]

            Writes a Maven project of a small frontend that works: it shows the screen's text over telnet, and passes
            the test kit. It has all that it needs of Vitrine with it. What comes next stands in its README, and in
            docs/writing-a-frontend.md.

              NAME                       the driver's name: lower case letters, digits and dashes
              --package PACKAGE          of its classes (default: org.example.NAME)
              --dir FOLDER               where to (default: a folder NAME here); made, or empty
              --help                     print this page
            """;

    private static CommandLine commandLine() {
        CommandSpec spec = CommandSpec.create().name("vitrine new-frontend");
        for (String name : List.of("package", "dir")) {
            spec.addOption(
                    OptionSpec.builder("-" + name, "--" + name)
                            .type(String.class)
                            .arity("1")
                            .build());
        }
        spec.addOption(OptionSpec.builder("-help", "--help").type(boolean.class).build());
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
     * Reads what follows {@code vitrine new-frontend}.
     *
     * @throws CommandLineException when it is wrong
     */
    static NewFrontendOptions parse(List<String> arguments) throws CommandLineException {
        try {
            ParseResult parsed = commandLine().parseArgs(arguments.toArray(String[]::new));
            if (parsed.hasMatchedOption("-help")) {
                return new NewFrontendOptions(true, null);
            }
            String name = parsed.matchedPositionalValue(0, null);
            if (name == null) {
                throw new CommandLineException(
                        "vitrine new-frontend takes a name, as in 'vitrine new-frontend teletext'");
            }
            return new NewFrontendOptions(
                    false,
                    new NewFrontend.Order(
                            name,
                            parsed.matchedOptionValue(
                                    "-package", NewFrontend.Order.packageOf(name)),
                            Path.of(parsed.matchedOptionValue("-dir", name))));
        } catch (CommandLine.ParameterException e) {
            throw new CommandLineException(
                    "new-frontend: "
                            + e.getMessage().lines().findFirst().orElse("it can't be read"));
        } catch (IllegalArgumentException e) {
            throw new CommandLineException("new-frontend: " + e.getMessage());
        }
    }
}
