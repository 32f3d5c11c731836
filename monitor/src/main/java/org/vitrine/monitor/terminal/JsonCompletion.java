package org.vitrine.monitor.terminal;

import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.reader.Candidate;
import org.vitrine.monitor.command.Command;
import org.vitrine.monitor.command.QapiType.Member;

/** Completes a QMP request that is written as JSON: commands, and the names of their arguments. */
final class JsonCompletion {

    private static final String BEGINNING = "{\"execute\": \"";
    private static final String ARGUMENTS = "\"arguments\": {";

    /** Up to the quote before the command's name. */
    private static final Pattern AT_COMMAND =
            Pattern.compile("(\\{\\s*\"execute\"\\s*:\\s*\")[^\"]*");

    /** The command, and behind it nothing or a comma. */
    private static final Pattern AFTER_COMMAND =
            Pattern.compile("(\\{\\s*\"execute\"\\s*:\\s*\"([^\"]+)\")\\s*,?\\s*\"?[a-z]*");

    /** The command, and the place of an argument's name. */
    private static final Pattern AT_ARGUMENT =
            Pattern.compile(
                    "(\\{\\s*\"execute\"\\s*:\\s*\"([^\"]+)\"\\s*,\\s*\"arguments\"\\s*:\\s*\\{"
                            + "(?:.*,)?\\s*)\"?[^\",:{}]*");

    private JsonCompletion() {}

    /**
     * Offers what may follow.
     *
     * @param json the request as far as it is written
     */
    static void complete(String json, List<Command> commands, Consumer<Candidate> candidates) {
        Matcher argument = AT_ARGUMENT.matcher(json);
        if (argument.matches()) {
            find(
                    commands,
                    argument.group(2),
                    command -> {
                        for (Member member : command.arguments().members()) {
                            candidates.accept(
                                    open(
                                            argument.group(1) + '"' + member.name() + "\": ",
                                            member.name(),
                                            member.help()));
                        }
                    });
            return;
        }
        Matcher after = AFTER_COMMAND.matcher(json);
        if (after.matches()) {
            find(
                    commands,
                    after.group(2),
                    command -> {
                        if (!command.arguments().members().isEmpty()) {
                            candidates.accept(
                                    open(
                                            after.group(1) + ", " + ARGUMENTS,
                                            ARGUMENTS,
                                            "what it takes"));
                        }
                    });
            return;
        }
        Matcher command = AT_COMMAND.matcher(json);
        boolean named = command.matches();
        if (named || BEGINNING.startsWith(json)) {
            String before = named ? command.group(1) : BEGINNING;
            commands.forEach(each -> candidates.accept(request(before, each)));
        }
    }

    private static void find(List<Command> commands, String name, Consumer<Command> action) {
        commands.stream().filter(command -> command.name().equals(name)).forEach(action);
    }

    /** A command that takes nothing is whole; others go on with what they take. */
    private static Candidate request(String before, Command command) {
        List<Member> members = command.arguments().members();
        boolean whole = members.stream().allMatch(Member::optional);
        return open(
                before + command.name() + (whole ? "\"}" : "\", " + ARGUMENTS + '"'),
                command.name(),
                command.help());
    }

    private static Candidate open(String value, String shown, String description) {
        return new Candidate(value, shown, null, description, null, null, false);
    }
}
