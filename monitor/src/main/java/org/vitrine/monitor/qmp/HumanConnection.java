package org.vitrine.monitor.qmp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.monitor.command.CommandTable;
import org.vitrine.monitor.command.HumanMonitor;
import org.vitrine.monitor.command.Monitor;

/**
 * A client that speaks the human monitor's language ({@code mode=readline}): a prompt, a line, what
 * it prints, with CR LF at the ends of lines. What is typed is not sent back, unlike QEMU: the
 * client's terminal shows it.
 */
final class HumanConnection implements ClientConnection {

    private static final Logger LOG = LoggerFactory.getLogger(HumanConnection.class);
    private static final String PROMPT = "(vitrine) ";
    private static final int LINE_LIMIT = 1 << 16;
    private static final Duration FINISH_LIMIT = Duration.ofSeconds(2);

    private final ClientSocket socket;
    private final HumanMonitor human;
    private final Consumer<ClientConnection> ended;
    private final Thread thread;

    HumanConnection(SocketChannel channel, Monitor monitor, Consumer<ClientConnection> ended) {
        this.socket = new ClientSocket(channel);
        this.human = new HumanMonitor(CommandTable.standard(), monitor);
        this.ended = ended;
        this.thread = Thread.ofVirtual().name("monitor-human").unstarted(this::serve);
    }

    @Override
    public void start() {
        thread.start();
    }

    private void serve() {
        SocketChannel channel = socket.channel();
        try (channel;
                Reader in = Channels.newReader(channel, StandardCharsets.UTF_8);
                Writer out = Channels.newWriter(channel, StandardCharsets.UTF_8)) {
            say(
                    out,
                    "Vitrine " + Monitor.VERSION + " monitor - type 'help' for more information\n");
            say(out, PROMPT);
            BoundedLines lines = new BoundedLines(new BufferedReader(in), LINE_LIMIT);
            for (String answer = answer(lines); answer != null; answer = answer(lines)) {
                say(out, answer + PROMPT);
            }
        } catch (IOException e) {
            LOG.debug("a client of the human monitor has gone", e);
        } finally {
            ended.accept(this);
        }
    }

    /** The answer to the next line, or null when there is none. */
    private String answer(BoundedLines lines) throws IOException {
        try {
            String line = lines.next();
            return line == null ? null : human.execute(line);
        } catch (HumanMonitor.LineException | BoundedLines.TooLong e) {
            return e.getMessage() + "\n";
        }
    }

    private static void say(Writer out, String text) throws IOException {
        out.write(text.replace("\n", "\r\n"));
        out.flush();
    }

    @Override
    public void finish() {
        socket.endInput();
    }

    @Override
    public void hangUp() {
        socket.hangUp();
    }

    @Override
    public void awaitEnd() {
        try {
            if (!thread.join(FINISH_LIMIT)) {
                socket.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
