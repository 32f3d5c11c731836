package org.vitrine.monitor.terminal;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.vitrine.monitor.command.CommandTable;
import org.vitrine.monitor.command.HumanMonitor;
import org.vitrine.monitor.command.MonitorLink;

/**
 * The human monitor where a person sits: reads lines, does them, and shows the machine's events.
 *
 * <p>{@link #run} takes the calling thread; the other methods may be called from any.
 */
public sealed interface MonitorTerminal extends AutoCloseable
        permits InteractiveTerminal, PlainTerminal {

    String PROMPT = "(vitrine) ";

    /** Whose machine it is, which decides what leaving the terminal means. */
    enum Place {
        /** The machine runs in this process: the terminal goes when the machine goes. */
        EMULATOR,
        /** The machine runs elsewhere: leaving the terminal does nothing to it. */
        REMOTE
    }

    /** Why {@link #run} has returned. */
    enum End {
        /** The machine ends, or {@link #close} was called. */
        CLOSED,
        /** There is no more input. */
        END_OF_INPUT,
        /** The person has left a remote machine's monitor. */
        LEFT
    }

    /** Reads and does lines until the end. */
    End run();

    /**
     * Shows a line, as of a log, without disturbing the line that is being written. Does not wait
     * for the terminal.
     */
    void show(String line);

    /** Ends {@link #run} from another thread, and puts the terminal back as it was. */
    @Override
    void close();

    /** What understands the lines: over our own table, or over what a server elsewhere has. */
    static HumanMonitor human(MonitorLink monitor, Place place) {
        return place == Place.REMOTE
                ? HumanMonitor.remote(monitor)
                : new HumanMonitor(CommandTable.standard(), monitor);
    }

    /**
     * The terminal of this process: with editing, completion and history when standard input and
     * output are a terminal, and plain lines when not.
     *
     * @throws IOException when the terminal can't be used
     */
    static MonitorTerminal open(MonitorLink monitor, Place place) throws IOException {
        boolean isTerminal = System.console() != null && System.console().isTerminal();
        String type = System.getenv("TERM");
        if (!isTerminal || type == null || type.equals("dumb")) {
            return new PlainTerminal(
                    monitor, place, System.in, System.out, Charset.defaultCharset(), isTerminal);
        }
        // Signals are handled by the terminal: Ctrl-C must not end the emulator.
        Terminal terminal =
                TerminalBuilder.builder()
                        .system(true)
                        .nativeSignals(true)
                        .signalHandler(Terminal.SignalHandler.SIG_IGN)
                        .build();
        Path history =
                MonitorHistory.file(
                        System.getenv("XDG_STATE_HOME"), System.getProperty("user.home"));
        return new InteractiveTerminal(monitor, place, terminal, history);
    }
}
