package org.vitrine.monitor.terminal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.monitor.command.HumanMonitor;
import org.vitrine.monitor.command.MonitorEvent;
import org.vitrine.monitor.command.MonitorLink;

/**
 * Lines in, lines out, and no escape sequence: for scripts and pipes, and for terminals that can do
 * no more.
 */
final class PlainTerminal implements MonitorTerminal {

    private static final Logger LOG = LoggerFactory.getLogger(PlainTerminal.class);

    private final MonitorLink monitor;
    private final Place place;
    private final HumanMonitor human;
    private final BufferedReader input;
    private final PrintStream output;
    private final boolean prompts;
    private final EventPrinter events;
    private volatile boolean ended;

    /**
     * @param prompts whether somebody sits there to be prompted
     */
    PlainTerminal(
            MonitorLink monitor,
            Place place,
            InputStream input,
            PrintStream output,
            Charset charset,
            boolean prompts) {
        this.monitor = monitor;
        this.place = place;
        this.human = MonitorTerminal.human(monitor, place);
        this.input = new BufferedReader(new InputStreamReader(input, charset));
        this.output = output;
        this.prompts = prompts;
        this.events = new EventPrinter(this::print, this::end);
    }

    @Override
    public End run() {
        Consumer<MonitorEvent> listener = events::offer;
        monitor.addListener(listener);
        try {
            while (!ended) {
                prompt();
                String line = input.readLine();
                if (line == null) {
                    return ended ? End.CLOSED : place == Place.REMOTE ? End.LEFT : End.END_OF_INPUT;
                }
                if (place == Place.REMOTE && line.strip().equals("exit")) {
                    return End.LEFT;
                }
                run(line);
            }
            if (place == Place.REMOTE) {
                print("the machine has ended");
            }
            return End.CLOSED;
        } catch (IOException e) {
            LOG.debug("standard input is gone", e);
            return End.END_OF_INPUT;
        } finally {
            monitor.removeListener(listener);
            events.close();
        }
    }

    private void prompt() {
        if (prompts) {
            output.print(PROMPT);
            output.flush();
        }
    }

    private void run(String line) {
        String result;
        try {
            result = human.execute(line);
        } catch (HumanMonitor.LineException e) {
            result = e.getMessage() + "\n";
        }
        output.print(result);
        output.flush();
    }

    @Override
    public void show(String line) {
        events.offer(line);
    }

    private void print(String line) {
        output.println(line);
        output.flush();
    }

    private void end() {
        ended = true;
    }

    /**
     * Lets {@link #run} return at the next line. Nothing can break off a read of standard input.
     */
    @Override
    public void close() {
        end();
    }
}
