package org.vitrine.monitor.terminal;

import java.util.Map;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;
import org.jline.utils.InfoCmp.Capability;

/** JLine's reader of lines, with its lock for others who write to the same terminal. */
final class MonitorReader extends LineReaderImpl {

    private volatile Runnable resized = () -> {};

    MonitorReader(Terminal terminal, Map<String, Object> variables) {
        super(terminal, "vitrine", variables);
    }

    /** Has this done when the terminal got another size while a line is read. */
    void onResize(Runnable task) {
        resized = task;
    }

    /** Does something to the terminal while nobody else writes to it. */
    void exclusively(Runnable task) {
        lock.lock();
        try {
            task.run();
        } finally {
            lock.unlock();
        }
    }

    /** As JLine does it, but for the status line, for which it would scroll the screen. */
    @Override
    protected synchronized void handleSignal(Terminal.Signal signal) {
        if (signal != Terminal.Signal.WINCH) {
            super.handleSignal(signal);
            return;
        }
        exclusively(() -> {
            doAutosuggestion = false;
            size.copy(terminal.getBufferSize());
            display.resize(size.getRows(), size.getColumns());
            resized.run();
            terminal.puts(Capability.carriage_return);
            terminal.puts(Capability.clr_eos);
            redrawLine();
            redisplay();
        });
    }
}
