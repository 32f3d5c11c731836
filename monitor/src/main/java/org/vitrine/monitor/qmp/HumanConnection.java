package org.vitrine.monitor.qmp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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
    private static final Duration FINISH_LIMIT = Duration.ofSeconds(2);

    private final SocketChannel channel;
    private final HumanMonitor human;
    private final Consumer<ClientConnection> ended;
    private final Thread thread;

    HumanConnection(SocketChannel channel, Monitor monitor, Consumer<ClientConnection> ended) {
        this.channel = channel;
        this.human = new HumanMonitor(CommandTable.standard(), monitor);
        this.ended = ended;
        this.thread = Thread.ofVirtual().name("monitor-human").unstarted(this::serve);
    }

    @Override
    public void start() {
        thread.start();
    }

    private void serve() {
        try (channel;
                BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(
                                        Channels.newInputStream(channel), StandardCharsets.UTF_8));
                Writer out = Channels.newWriter(channel, StandardCharsets.UTF_8)) {
            say(
                    out,
                    "Vitrine " + Monitor.VERSION + " monitor - type 'help' for more information\n");
            say(out, PROMPT);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                say(out, answer(line) + PROMPT);
            }
        } catch (IOException e) {
            LOG.debug("a client of the human monitor has gone", e);
        } finally {
            ended.accept(this);
        }
    }

    private String answer(String line) {
        try {
            return human.execute(line);
        } catch (HumanMonitor.LineException e) {
            return e.getMessage() + "\n";
        }
    }

    private static void say(Writer out, String text) throws IOException {
        out.write(text.replace("\n", "\r\n"));
        out.flush();
    }

    @Override
    public void finish() {
        try {
            channel.shutdownInput();
        } catch (IOException e) {
            LOG.debug("the connection had ended", e);
        }
    }

    @Override
    public void hangUp() {
        Thread.startVirtualThread(this::closeChannel);
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a client of the human monitor", e);
        }
    }

    @Override
    public void awaitEnd() {
        try {
            if (!thread.join(FINISH_LIMIT)) {
                closeChannel();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
