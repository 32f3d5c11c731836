package org.vitrine.monitor.terminal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vitrine.monitor.command.Expression;
import org.vitrine.monitor.command.Format;
import org.vitrine.monitor.command.HumanForm;
import org.vitrine.monitor.command.HumanForm.Kind;
import org.vitrine.monitor.command.HumanForm.Parameter;
import org.vitrine.monitor.command.HumanMonitor;
import org.vitrine.monitor.command.LineWords;
import org.vitrine.monitor.command.LineWords.Word;
import org.vitrine.monitor.plugin.Placing;
import org.vitrine.spi.input.KeyCode;

/**
 * What there is to say of a line while it is written: which words are commands, which are wrong and
 * why, what must not be seen, and what may follow. A word that may still become right is not wrong.
 */
final class LineCheck {

    private static final Pattern REGISTER = Pattern.compile("\\$([\\w.]*)");
    private static final Pattern SECRET_MEMBER =
            Pattern.compile("\"[^\"]*(?:password|secret)[^\"]*\"\\s*:\\s*\"([^\"]*)");

    /** What a part of the line is. */
    enum Style {
        COMMAND,
        OPTION,
        WRONG,
        SECRET
    }

    /** A part of the line, from its first character to that after its last. */
    record Mark(int start, int end, Style style) {}

    /**
     * What was found.
     *
     * @param marks in the order of the line; what is between them is ordinary
     * @param fault what is wrong, for a person; null when nothing is
     * @param tip what may follow, as it stands in help; may be empty
     * @param form what the line says, or null when that is not clear
     */
    record Result(List<Mark> marks, String fault, String tip, HumanForm form) {

        boolean hasSecret() {
            return marks.stream().anyMatch(mark -> mark.style() == Style.SECRET);
        }
    }

    private final HumanMonitor human;
    private final Vocabulary vocabulary;
    private final String line;
    private final List<Word> words;
    private final List<Mark> marks = new ArrayList<>();
    private final boolean open;
    private String fault;
    private String tip = "";
    private HumanForm form;

    private LineCheck(HumanMonitor human, Vocabulary vocabulary, String line) {
        this.human = human;
        this.vocabulary = vocabulary;
        this.line = line;
        this.words = split(human, line);
        this.open = !words.isEmpty() && words.getLast().end() == line.length();
    }

    /** Looks at a line. */
    static Result of(HumanMonitor human, Vocabulary vocabulary, String line) {
        LineCheck check = new LineCheck(human, vocabulary, line);
        check.look();
        return new Result(List.copyOf(check.marks), check.fault, check.tip, check.form);
    }

    /** The words; a format that stands at its command is one of them. */
    private static List<Word> split(HumanMonitor human, String line) {
        String stripped = line.stripLeading();
        List<Word> words = LineWords.of(line).words();
        String spaced = human.spaced(stripped);
        if (spaced.equals(stripped) || words.isEmpty()) {
            return words;
        }
        Word first = words.getFirst();
        int slash = first.start() + first.text().indexOf('/');
        List<Word> apart = new ArrayList<>(words);
        apart.set(0, new Word(line.substring(first.start(), slash), first.start(), slash));
        apart.add(1, new Word(line.substring(slash, first.end()), slash, first.end()));
        return apart;
    }

    private boolean unfinished(int index) {
        return open && index == words.size() - 1;
    }

    private void mark(Word word, Style style) {
        marks.add(new Mark(word.start(), word.end(), style));
    }

    private void wrong(Word word, String why) {
        mark(word, Style.WRONG);
        fault = fault == null ? why : fault;
    }

    private void look() {
        if (words.isEmpty() || words.getFirst().text().startsWith("#")) {
            return;
        }
        switch (words.getFirst().text()) {
            case "qmp" -> lookAtJson();
            case "help", "?" -> {
                mark(words.getFirst(), Style.COMMAND);
                lookAtName(1);
            }
            default -> {
                int after = lookAtName(0);
                if (form != null) {
                    lookAtParameters(after);
                }
            }
        }
    }

    private void lookAtJson() {
        mark(words.getFirst(), Style.COMMAND);
        Matcher secrets = SECRET_MEMBER.matcher(line);
        while (secrets.find()) {
            marks.add(new Mark(secrets.start(1), secrets.end(1), Style.SECRET));
        }
        if (words.size() == 1) {
            tip = "{\"execute\": COMMAND, \"arguments\": {...}}";
        }
    }

    /**
     * Goes along the words that name a command.
     *
     * @return the index of the first word after them
     */
    private int lookAtName(int start) {
        int index = start;
        List<HumanForm> left = human.forms();
        while (index < words.size()) {
            int at = index - start;
            String word = words.get(index).text();
            List<HumanForm> exact =
                    left.stream()
                            .filter(known ->
                                    known.name().size() > at && known.name().get(at).equals(word))
                            .toList();
            if (exact.isEmpty()) {
                break;
            }
            mark(words.get(index), Style.COMMAND);
            left = exact;
            index++;
        }
        int named = index - start;
        boolean help = start > 0;
        List<HumanForm> complete =
                left.stream().filter(known -> named > 0 && known.name().size() == named).toList();
        if (index < words.size() && (complete.isEmpty() || help)) {
            nameGoesWrong(index, named, left);
        } else if (!complete.isEmpty()) {
            form = complete.getFirst();
        }
        if (help) {
            form = null;
        } else if (form == null && fault == null && index == words.size() && !open && named > 0) {
            StringJoiner next = new StringJoiner("|");
            left.stream().map(known -> known.name().get(named)).distinct().forEach(next::add);
            tip = next.toString();
        }
        return index;
    }

    private void nameGoesWrong(int index, int named, List<HumanForm> left) {
        Word word = words.get(index);
        List<HumanForm> beginning =
                left.stream()
                        .filter(known ->
                                known.name().size() > named
                                        && known.name().get(named).startsWith(word.text()))
                        .toList();
        boolean other =
                named == 0
                        && (human.passesOn()
                                || List.of("help", "qmp", "exit").stream()
                                        .anyMatch(known -> known.startsWith(word.text())));
        if (unfinished(index) && !beginning.isEmpty()) {
            List<String> next =
                    beginning.stream().map(known -> known.name().get(named)).distinct().toList();
            if (next.size() == 1 && !other) {
                tip = next.getFirst().substring(word.text().length());
                if (beginning.size() == 1) {
                    tip +=
                            beginning
                                    .getFirst()
                                    .usage()
                                    .substring(
                                            String.join(
                                                            " ",
                                                            beginning
                                                                    .getFirst()
                                                                    .name()
                                                                    .subList(0, named + 1))
                                                    .length());
                }
            }
        } else if (!(other && (unfinished(index) || human.passesOn()))) {
            wrong(word, "there is no command '" + said(index) + "'");
        }
    }

    private String said(int last) {
        return String.join(" ", words.subList(0, last + 1).stream().map(Word::text).toList());
    }

    private void lookAtParameters(int start) {
        List<Parameter> parameters = form.parameters();
        int index = start;
        int number = 0;
        while (index < words.size()) {
            if (number == 0 && form.leavesOut(words.get(index).text())) {
                number++;
            }
            if (number >= parameters.size()) {
                boolean more = !parameters.isEmpty() && parameters.getLast().kind() == Kind.OPTIONS;
                if (!more) {
                    wrong(words.get(index), "'" + form.words() + "' takes no more words");
                    return;
                }
                number = parameters.size() - 1;
            }
            Parameter parameter = parameters.get(number);
            if (parameter.takesRest()) {
                lookAtRest(parameter, words.get(index));
                return;
            }
            lookAtValue(parameter, index, start);
            index++;
            number++;
        }
        tip = rest(parameters, number);
    }

    private String rest(List<Parameter> parameters, int from) {
        StringJoiner usage = new StringJoiner(" ");
        boolean options = !parameters.isEmpty() && parameters.getLast().kind() == Kind.OPTIONS;
        int first = options ? Math.min(from, parameters.size() - 1) : from;
        for (int i = first; i < parameters.size(); i++) {
            usage.add(parameters.get(i).usage());
        }
        return usage.toString();
    }

    private void lookAtRest(Parameter parameter, Word first) {
        if (parameter.kind() != Kind.EXPRESSION) {
            return;
        }
        Word all = new Word(line.substring(first.start()), first.start(), line.length());
        String text = all.text().strip();
        Set<String> known = vocabulary.registers();
        Matcher registers = REGISTER.matcher(line);
        registers.region(first.start(), line.length());
        while (registers.find()) {
            String name = registers.group(1);
            boolean growing = registers.end() == line.length();
            if (known != null && !isKnown(known, name, growing)) {
                wrong(
                        new Word(name, registers.start(), registers.end()),
                        "there is no register $" + name);
                return;
            }
            marks.add(new Mark(registers.start(), registers.end(), Style.OPTION));
        }
        String why = Expression.fault(text);
        boolean mayBecomeRight =
                Expression.fault(text + "0") == null
                        || Expression.fault(text + "0)") == null
                        || Expression.fault(text + ")") == null
                        || Expression.fault(text + "'") == null
                        || text.endsWith("'");
        if (why != null && !mayBecomeRight) {
            marks.removeIf(mark -> mark.start() >= all.start());
            wrong(all, why);
        }
    }

    /** Whether a name is one of these, or may become one. */
    private static boolean isKnown(Collection<String> known, String name, boolean growing) {
        return known.contains(name)
                || growing && known.stream().anyMatch(one -> one.startsWith(name));
    }

    private void lookAtValue(Parameter parameter, int index, int firstParameter) {
        Word word = words.get(index);
        String text = word.text();
        boolean growing = unfinished(index);
        switch (parameter.kind()) {
            case SECRET -> mark(word, Style.SECRET);
            case NUMBER -> {
                boolean begun = growing && (text.equals("-") || text.equals("0x"));
                if (!begun && Expression.fault(text) != null || text.contains("$")) {
                    wrong(word, "'" + text + "' is no number");
                }
            }
            case FORMAT -> {
                String why = Format.fault(text);
                if (why != null) {
                    wrong(word, why);
                } else {
                    mark(word, Style.OPTION);
                }
            }
            case CHOICE ->
                    oneOf(
                            word,
                            parameter.choices().keySet(),
                            growing,
                            "it is " + String.join(", ", parameter.choices().keySet()));
            case DRIVER ->
                    oneOf(
                            word,
                            vocabulary.drivers(),
                            growing,
                            "there is no frontend driver '" + text + "'");
            case FRONTEND ->
                    oneOf(
                            word,
                            vocabulary.frontendIds(),
                            growing,
                            "there is no frontend '" + text + "'");
            case PLUGIN ->
                    oneOf(
                            word,
                            vocabulary.pluginNames(),
                            growing,
                            "there is no plugin '" + text + "'");
            case BREAKPOINT -> {
                List<String> ids = new ArrayList<>(List.of("all"));
                vocabulary
                        .breakpoints()
                        .forEach(breakpoint -> ids.add(Vocabulary.text(breakpoint, "id")));
                oneOf(word, ids, growing, "there is no breakpoint " + text);
            }
            case FLAG -> mark(word, Style.OPTION);
            case KEYS -> lookAtKeys(word, growing);
            case OPTIONS -> lookAtOptions(word, growing, words.get(firstParameter).text());
            case TEXT, REST, FILE, COMMAND, EXPRESSION, DEVICE, OBJECT -> {}
        }
    }

    private void oneOf(Word word, Collection<String> known, boolean growing, String why) {
        if (known != null && !isKnown(known, word.text(), growing)) {
            wrong(word, why);
        } else {
            mark(word, Style.OPTION);
        }
    }

    private void lookAtKeys(Word word, boolean growing) {
        int at = word.start();
        String[] names = word.text().split("-", -1);
        for (int i = 0; i < names.length; i++) {
            String name = names[i];
            boolean last = growing && i == names.length - 1;
            boolean right =
                    KeyCode.ofName(name) != null
                            || name.equals("<")
                            || name.startsWith("0x") && Expression.fault(name) == null
                            || last && (name.isEmpty() || name.equals("0x") || beginsKey(name));
            if (!right) {
                wrong(new Word(name, at, at + name.length()), "there is no key '" + name + "'");
            }
            at += name.length() + 1;
        }
    }

    private static boolean beginsKey(String name) {
        for (KeyCode key : KeyCode.values()) {
            if (key.qmpName().startsWith(name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * @param subject the driver, or the frontend whose driver has the options
     */
    private void lookAtOptions(Word word, boolean growing, String subject) {
        boolean attaches = form.parameters().getFirst().kind() == Kind.DRIVER;
        List<JsonObject> options =
                vocabulary.options(attaches ? subject : vocabulary.driverOf(subject));
        int at = word.start();
        // A comma belongs to the value when no name follows it.
        String[] settings = line.substring(word.start(), word.end()).split(",(?=[A-Za-z])", -1);
        for (int i = 0; i < settings.length; i++) {
            boolean last = growing && i == settings.length - 1;
            lookAtSetting(
                    new Word(settings[i], at, at + settings[i].length()), last, attaches, options);
            at += settings[i].length() + 1;
        }
    }

    private void lookAtSetting(
            Word setting, boolean growing, boolean attaches, List<JsonObject> options) {
        int equals = setting.text().indexOf('=');
        String name = equals < 0 ? setting.text() : setting.text().substring(0, equals);
        JsonObject option = null;
        List<String> names = new ArrayList<>(attaches ? Placing.HOST_WORDS : List.of());
        for (JsonObject known : options == null ? List.<JsonObject>of() : options) {
            names.add(Vocabulary.text(known, "name"));
            option = Vocabulary.text(known, "name").equals(name) ? known : option;
        }
        Word nameWord = new Word(name, setting.start(), setting.start() + name.length());
        if (options != null && !isKnown(names, name, growing && equals < 0)) {
            wrong(nameWord, "there is no option '" + name + "'");
        } else if (equals < 0 && !growing) {
            wrong(nameWord, "an option is NAME=VALUE");
        } else {
            mark(nameWord, Style.OPTION);
        }
        if (equals < 0) {
            return;
        }
        Word value =
                new Word(
                        setting.text().substring(equals + 1),
                        setting.start() + equals + 1,
                        setting.end());
        boolean secret =
                option == null
                        ? name.contains("password") || name.contains("secret")
                        : option.get("secret").getAsBoolean();
        if (secret) {
            mark(value, Style.SECRET);
        } else if (option != null) {
            lookAtOptionValue(option, value, growing);
        }
    }

    private void lookAtOptionValue(JsonObject option, Word value, boolean growing) {
        String text = value.text();
        if (growing && text.isEmpty()) {
            return;
        }
        switch (Vocabulary.text(option, "type")) {
            case "boolean" -> {
                List<String> known = List.of("on", "off", "true", "false", "yes", "no");
                if (!isKnown(known, text, growing)) {
                    wrong(value, "it is on or off");
                }
            }
            case "choice" -> {
                List<String> known = new ArrayList<>();
                for (JsonElement choice : option.getAsJsonArray("choices")) {
                    known.add(choice.getAsString());
                }
                if (!isKnown(known, text, growing)) {
                    wrong(value, "it is " + String.join(", ", known));
                }
            }
            case "integer" -> {
                boolean begun = growing && (text.equals("-") || text.equals("0x"));
                if (!begun && Expression.fault(text) != null) {
                    wrong(value, "'" + text + "' is no number");
                }
            }
            default -> {}
        }
    }
}
