package org.vitrine.monitor.terminal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.monitor.command.CommandTable;
import org.vitrine.monitor.command.HumanMonitor;
import org.vitrine.monitor.command.MonitorEvent;
import org.vitrine.monitor.command.MonitorLink;

/** The monitor on a terminal that can move its cursor: editing, completion with descriptions, history. */
final class InteractiveTerminal implements MonitorTerminal {

    private static final Logger LOG = LoggerFactory.getLogger(InteractiveTerminal.class);
    private static final Duration END_LIMIT = Duration.ofSeconds(1);

    private final MonitorLink monitor;
    private final Place place;
    private final Terminal terminal;
    private final HumanMonitor human;
    private final LineReader reader;
    private final EventPrinter events;
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
        this.human = new HumanMonitor(CommandTable.standard(), monitor);
        DefaultParser parser = new DefaultParser();
        parser.setEofOnUnclosedQuote(false);
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .appName("vitrine")
                .terminal(terminal)
                .parser(parser)
                .completer(new MonitorCompleter(human.table(), monitor))
                .history(new MonitorHistory(monitor))
                // A "!" in a line is a "!"; and a line with a blank in front is kept out of the history.
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
                .option(LineReader.Option.CASE_INSENSITIVE, true)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, "> ")
                .variable(LineReader.HISTORY_SIZE, 1000);
        if (historyFile != null) {
            MonitorHistory.prepare(historyFile);
            builder.variable(LineReader.HISTORY_FILE, historyFile);
        }
        this.reader = builder.build();
        this.events = new EventPrinter(this::show, this::end);
        terminal.handle(Terminal.Signal.INT, signal -> breakOff());
    }

    @Override
    public End run() {
        runner = Thread.currentThread();
        Consumer<MonitorEvent> listener = events::offer;
        monitor.addListener(listener);
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
            events.close();
            save();
        }
    }

    private void run(String line) {
        String result;
        running = true;
        try {
            result = human.execute(line);
        } catch (HumanMonitor.LineException e) {
            result = e.getMessage() + "\n";
        } finally {
            running = false;
            // Ctrl-C at the last moment belongs to this command, and not to the next line; the end does not.
            Thread.interrupted();
        }
        print(result);
    }

    private void print(String text) {
        terminal.writer().print(text);
        terminal.flush();
    }

    @Override
    public void show(String line) {
        reader.printAbove(line);
    }

    /** Ctrl-C while a command runs. While a line is read, JLine has the signal. */
    private void breakOff() {
        Thread thread = runner;
        if (running && thread != null) {
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
