package org.vitrine.monitor.process;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.monitor.command.CommandException;
import org.vitrine.monitor.command.MonitorLink;

/**
 * Says things to the emulator in their order, without letting those wait who say them. Safe for use
 * by several threads.
 */
final class Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    /** Messages that may wait before input is refused. */
    static final int LIMIT = 4096;

    private static final Message END = new Message(null, null);

    private final MonitorLink emulator;
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final Thread sender;

    private record Message(String command, JsonObject arguments) {}

    Outbox(MonitorLink emulator) {
        this.emulator = emulator;
        this.sender = Thread.ofVirtual().name("outbox").start(this::send);
    }

    /** Says this later, when few enough messages wait; else says nothing and returns false. */
    boolean offer(String command, JsonObject arguments) {
        if (messages.size() >= LIMIT) {
            return false;
        }
        messages.add(new Message(command, arguments));
        return true;
    }

    /** Says this later. */
    void add(String command, JsonObject arguments) {
        messages.add(new Message(command, arguments));
    }

    /** Waits until all is said, no longer than this; nothing is said any more then. */
    void finish(Duration limit) {
        messages.add(END);
        try {
            if (!sender.join(limit)) {
                sender.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send() {
        try {
            for (Message message = messages.take(); message != END; message = messages.take()) {
                try {
                    emulator.execute(message.command(), message.arguments());
                } catch (CommandException e) {
                    LOG.debug("{} was refused", message.command(), e);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("the connection ends", e);
        }
    }
}
