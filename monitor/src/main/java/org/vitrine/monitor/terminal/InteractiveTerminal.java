package org.vitrine.monitor.terminal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.monitor.command.HumanForm;
import org.vitrine.monitor.command.HumanForm.Kind;
import org.vitrine.monitor.command.HumanMonitor;
import org.vitrine.monitor.command.LineWords;
import org.vitrine.monitor.command.MonitorEvent;
import org.vitrine.monitor.command.MonitorLink;

/**
 * The monitor on a terminal that can move its cursor: editing, completion with descriptions, hints
 * while writing, history, a status line, and pages for long output.
 */
final class InteractiveTerminal implements MonitorTerminal {

    private static final Logger LOG = LoggerFactory.getLogger(InteractiveTerminal.class);

    /**
     * How long the reader may take to give the last line back to the terminal. Generous: closing
     * the terminal in the middle of it would leave the cursor anywhere.
     */
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private static final char MASK = '*';

    private static final AttributedStyle NOTE =
            AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);

    private final MonitorLink monitor;
    private final Place place;
    private final Terminal terminal;
    private final HumanMonitor human;
    private final Vocabulary vocabulary;
    private final MonitorReader reader;
    private final EventPrinter events;
    private volatile StatusLine status;
    private volatile Thread runner;
    private volatile boolean running;
    private volatile boolean ended;

    /**
     * @param historyFile where lines are kept from one run to the next, or null for nowhere
     */
    InteractiveTerminal(MonitorLink monitor, Place place, Terminal terminal, Path historyFile) {
        this.monitor = monitor;
        this.place = place;
        this.terminal = terminal;
        this.human = MonitorTerminal.human(monitor, place);
        this.vocabulary = new Vocabulary(monitor);
        Map<String, Object> variables = new HashMap<>();
        variables.put(LineReader.SECONDARY_PROMPT_PATTERN, "> ");
        variables.put(LineReader.HISTORY_SIZE, 1000);
        if (historyFile != null) {
            MonitorHistory.prepare(historyFile);
            variables.put(LineReader.HISTORY_FILE, historyFile);
        }
        this.reader = new MonitorReader(terminal, variables);
        reader.setParser(new MonitorParser());
        reader.setCompleter(new MonitorCompleter(human, vocabulary));
        reader.setHighlighter(new MonitorHighlighter(this::check));
        reader.setHistory(new MonitorHistory(line -> check(line).hasSecret()));
        // A "!" in a line is a "!"; and a line with a blank in front is kept out of the history.
        reader.option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
        reader.option(LineReader.Option.HISTORY_IGNORE_SPACE, true);
        reader.option(LineReader.Option.CASE_INSENSITIVE, true);
        this.events = new EventPrinter(this::printAbove, this::end);
        terminal.handle(Terminal.Signal.INT, signal -> breakOff());
    }

    private LineCheck.Result check(String line) {
        return LineCheck.of(human, vocabulary, line);
    }

    @Override
    public End run() {
        runner = Thread.currentThread();
        Consumer<MonitorEvent> listener = this::tell;
        monitor.addListener(listener);
        status = new StatusLine(monitor, reader, terminal);
        try {
            while (!ended) {
                String line;
                try {
                    line = reader.readLine(PROMPT);
                } catch (UserInterruptException e) {
                    continue;
                } catch (EndOfFileException e) {
                    if (place == Place.REMOTE) {
                        return End.LEFT;
                    }
                    print("the machine would end with its terminal: type quit to end it\n");
                    continue;
                }
                if (place == Place.REMOTE && line.strip().equals("exit")) {
                    return End.LEFT;
                }
                run(line);
            }
            if (place == Place.REMOTE) {
                print("the machine has ended\n");
            }
            return End.CLOSED;
        } finally {
            runner = null;
            monitor.removeListener(listener);
            status.close();
            events.close();
            save();
        }
    }

    private void tell(MonitorEvent event) {
        events.offer(event);
        vocabulary.forget();
        StatusLine line = status;
        if (line != null) {
            line.update();
        }
    }

    private void run(String line) {
        String result;
        try {
            String whole = withSecret(line);
            running = true;
            result = human.execute(whole);
        } catch (HumanMonitor.LineException e) {
            result = e.getMessage() + "\n";
        } catch (UserInterruptException | EndOfFileException e) {
            // The secret was not given, so the command is not done.
            result = "";
        }
        try {
            if (!ended) {
                vocabulary.forget();
                status.update();
            }
            print(result);
        } finally {
            running = false;
            // Ctrl-C at the last moment belongs to this command, and not to the next line; the end
            // does not.
            Thread.interrupted();
        }
    }

    /** The line, and the secret after it that its command needs and that nobody may see. */
    private String withSecret(String line) {
        HumanForm form = check(line).form();
        if (form == null
                || form.parameters().isEmpty()
                || form.parameters().getLast().kind() != Kind.SECRET
                || LineWords.of(line).words().size()
                        != form.name().size() + form.parameters().size() - 1) {
            return line;
        }
        reader.option(LineReader.Option.DISABLE_HIGHLIGHTER, true);
        try {
            String secret = reader.readLine("Password: ", MASK);
            return line + " \"" + secret.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        } finally {
            reader.option(LineReader.Option.DISABLE_HIGHLIGHTER, false);
        }
    }

    private void print(String text) {
        reader.exclusively(() -> new Pager(terminal).show(text, status.height()));
    }

    @Override
    public void show(String line) {
        events.offer(line);
    }

    private void printAbove(String line) {
        reader.printAbove(new AttributedString(line, NOTE));
    }

    /**
     * Ctrl-C while a command runs, or is about to. While a line is read, JLine has the signal, and
     * just before that it drops the line as it would then.
     */
    private void breakOff() {
        Thread thread = runner;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void end() {
        ended = true;
        Thread thread = runner;
        if (thread != null && thread != Thread.currentThread() && !running) {
            thread.interrupt();
        }
    }

    private void save() {
        try {
            reader.getHistory().save();
        } catch (IOException e) {
            LOG.warn("the history could not be kept: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        Thread thread = runner;
        end();
        try {
            if (thread != null && thread != Thread.currentThread()) {
                thread.join(END_LIMIT);
            }
            terminal.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("closing the terminal", e);
        }
    }
}
