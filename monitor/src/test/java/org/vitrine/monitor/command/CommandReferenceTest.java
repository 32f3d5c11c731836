package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.vitrine.monitor.command.QapiType.ArrayType;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.EnumType;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;

/**
 * The second half of docs/qmp.md is made from the table of commands, and must be what the table
 * says now.
 */
class CommandReferenceTest {

    private final CommandTable table = CommandTable.standard();
    private final Map<String, QapiType> types = new LinkedHashMap<>();

    @Test
    void theDocumentationIsWhatTheTableSays() throws IOException {
        GeneratedPage.assertEndsWith("docs/qmp.md", reference());
    }

    @Test
    void everythingIsExplained() {
        for (Command command : table.commands()) {
            assertFalse(command.help().isBlank(), command.name());
            for (Member argument : command.arguments().members()) {
                assertFalse(argument.help().isBlank(), command.name() + "." + argument.name());
            }
        }
        for (HumanForm form : table.humanForms()) {
            assertFalse(form.help().isBlank(), form.words());
        }
    }

    @Test
    void whatPeopleSayGoesOverCommandsOfTheTable() {
        for (HumanForm form : WordsOfPeople.FORMS) {
            assertNotNull(table.command(form.over()), form.words());
        }
    }

    private String reference() {
        types.clear();
        StringBuilder text = new StringBuilder("\n## Commands\n");
        for (Command command : table.commands()) {
            text.append("\n### ").append(command.name()).append("\n\n");
            text.append(sentence(command.help()))
                    .append(command.since().equals("QEMU") ? " As in QEMU." : "");
            text.append(command.allowOob() ? " May be run out of band." : "");
            text.append(roles(command.roles())).append("\n\n");
            for (Member argument : command.arguments().members()) {
                text.append(member(argument));
            }
            for (Member argument : command.frontendArguments()) {
                text.append("- in the frontend role: ").append(member(argument).substring(2));
            }
            text.append("- returns: ")
                    .append(command.result() == ObjectType.EMPTY ? "`{}`" : show(command.result()));
            text.append('\n');
            List<String> forms = new ArrayList<>();
            table.humanForms().stream()
                    .filter(form -> form.over().equals(command.name()))
                    .forEach(form -> forms.add("`" + form.usage() + "`"));
            if (!forms.isEmpty()) {
                text.append("- in the terminal: ").append(String.join(", ", forms)).append('\n');
            }
        }
        text.append("\n## Events\n");
        for (EventKind event : table.events()) {
            text.append("\n### ")
                    .append(event.name())
                    .append("\n\n")
                    .append(sentence(event.help()));
            text.append(event.since().equals("QEMU") ? " As in QEMU." : "");
            text.append(roles(event.roles())).append("\n\n");
            event.data().members().forEach(member -> text.append(member(member)));
            if (event.data().members().isEmpty()) {
                text.append("- no data\n");
            }
        }
        text.append("\n## Types\n");
        // Showing a type may name others, which are then to be shown too.
        for (int i = 0; i < types.size(); i++) {
            QapiType type = List.copyOf(types.values()).get(i);
            text.append("\n### ").append(type.qapiName()).append("\n\n").append(definition(type));
        }
        return text.toString();
    }

    private static String roles(Set<Role> roles) {
        if (roles.equals(Role.EVERYONE)) {
            return " In the frontend role too.";
        }
        return roles.equals(Role.FRONTENDS) ? " In the frontend role alone." : "";
    }

    private static String sentence(String help) {
        return Character.toUpperCase(help.charAt(0)) + help.substring(1) + ".";
    }

    private String member(Member member) {
        return "- `"
                + member.name()
                + "`"
                + (member.optional() ? "?" : "")
                + ": "
                + show(member.type())
                + (member.help().isEmpty() ? "" : ", " + member.help())
                + "\n";
    }

    /** The type's name, noting that it is to be defined. */
    private String show(QapiType type) {
        switch (type) {
            case Builtin builtin -> {
                return builtin.qapiName();
            }
            case ArrayType array -> {
                return "list of " + show(array.element());
            }
            case EnumType choice -> types.putIfAbsent(choice.qapiName(), choice);
            case ObjectType object -> types.putIfAbsent(object.qapiName(), object);
        }
        return "[" + type.qapiName() + "](#" + type.qapiName().toLowerCase(Locale.ROOT) + ")";
    }

    private String definition(QapiType type) {
        return switch (type) {
            case EnumType choice -> wrapped(choice.values());
            case ObjectType object -> {
                StringBuilder text = new StringBuilder();
                object.members().forEach(member -> text.append(member(member)));
                new TreeMap<>(object.variants())
                        .forEach((value, variant) ->
                                variant.members()
                                        .forEach(member ->
                                                text.append("- when `")
                                                        .append(object.tag())
                                                        .append("` is `")
                                                        .append(value)
                                                        .append("`: `")
                                                        .append(member.name())
                                                        .append("`: ")
                                                        .append(show(member.type()))
                                                        .append('\n')));
                yield text.toString();
            }
            case Builtin builtin -> "";
            case ArrayType array -> "";
        };
    }

    private static String wrapped(List<String> values) {
        StringBuilder text = new StringBuilder("One of");
        int column = text.length();
        for (int i = 0; i < values.size(); i++) {
            String word = " `" + values.get(i) + "`" + (i + 1 < values.size() ? "," : ".");
            if (column + word.length() > 118) {
                text.append('\n');
                word = word.strip();
                column = 0;
            }
            text.append(word);
            column += word.length();
        }
        return text.append('\n').toString();
    }
}
