package org.vitrine.monitor.terminal;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.Status;
import org.vitrine.monitor.command.CommandException;
import org.vitrine.monitor.command.CommandException.ErrorClass;
import org.vitrine.monitor.command.MonitorLink;

/**
 * The last line of the terminal: what the machine does, how fast, and who looks at it. It asks once
 * a second, and at once when something happened.
 */
final class StatusLine implements AutoCloseable {

    private static final int SMALLEST_HEIGHT = 6;

    /** The first prompt comes first. */
    private static final long FIRST_MILLIS = 300;

    private static final long INTERVAL_MILLIS = 1000;

    /** Goes down a line in the same column, and scrolls at the end (ECMA-48, IND). */
    private static final String INDEX = "\u001bD";

    /** A speed is taken over at least so many seconds. */
    private static final double SPEED_SECONDS = 0.5;

    private static final AttributedStyle BAR = AttributedStyle.INVERSE;

    private final MonitorLink monitor;
    private final MonitorReader reader;
    private final Terminal terminal;
    private final Semaphore wanted = new Semaphore(0);
    private final Set<String> missing = new HashSet<>();
    private Status status;
    private Size size = new Size();
    private AttributedString shown = AttributedString.EMPTY;
    private JsonObject before;
    private String lastSpeed = "";
    private volatile boolean closed;

    StatusLine(MonitorLink monitor, MonitorReader reader, Terminal terminal) {
        this.monitor = monitor;
        this.reader = reader;
        this.terminal = terminal;
        reader.onResize(this::place);
        Thread.ofVirtual().name("status-line").start(this::run);
    }

    /** Asks again soon, since something has happened. */
    void update() {
        if (wanted.availablePermits() == 0) {
            wanted.release();
        }
    }

    /** How many lines of the terminal it takes. */
    int height() {
        return status == null ? 0 : status.size();
    }

    private void run() {
        try {
            for (long millis = FIRST_MILLIS; !closed; millis = INTERVAL_MILLIS) {
                wanted.tryAcquire(millis, TimeUnit.MILLISECONDS);
                wanted.drainPermits();
                AttributedString line = line();
                reader.exclusively(() -> show(line));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** With the terminal's lock. */
    private void show(AttributedString line) {
        Size now = terminal.getSize();
        boolean resized = !now.equals(size);
        if (closed || line.equals(shown) && !resized) {
            return;
        }
        if (status == null) {
            status = Status.getStatus(terminal);
            if (status == null) {
                closed = true;
                return;
            }
        }
        if (resized) {
            place();
        }
        shown = line;
        status.update(size.getRows() < SMALLEST_HEIGHT ? List.of() : List.of(padded(line, size)));
    }

    /**
     * Takes the last line of the terminal out of what scrolls. JLine would scroll everything up for
     * it; here that happens only when the cursor stands in the last line.
     */
    private void place() {
        if (status == null || closed) {
            return;
        }
        size = new Size(terminal.getWidth(), terminal.getHeight());
        if (size.getRows() < SMALLEST_HEIGHT) {
            status.resize(size);
            status.reset();
            return;
        }
        terminal.writer().write(INDEX);
        terminal.puts(Capability.cursor_up);
        terminal.puts(Capability.save_cursor);
        status.resize(new Size(size.getColumns(), size.getRows() - 2));
        status.reset();
        terminal.puts(Capability.restore_cursor);
        status.resize(size);
    }

    private static AttributedString padded(AttributedString line, Size size) {
        AttributedStringBuilder padded = new AttributedStringBuilder();
        padded.append(line);
        int room = size.getColumns() - line.columnLength();
        return padded.append(" ".repeat(Math.max(room, 0)), BAR).toAttributedString();
    }

    private AttributedString line() {
        JsonElement state = ask("query-status");
        AttributedStringBuilder line = new AttributedStringBuilder();
        if (state == null) {
            return line.append(" no connection ", BAR).toAttributedString();
        }
        boolean running = state.getAsJsonObject().get("running").getAsBoolean();
        String word = state.getAsJsonObject().get("status").getAsString();
        line.append(
                " " + word + " ",
                BAR.foreground(running ? AttributedStyle.GREEN : AttributedStyle.YELLOW).bold());
        if (ask("query-machine-statistics") instanceof JsonObject now) {
            line.append(speed(now), BAR);
        }
        if (ask("query-frontends") instanceof JsonArray frontends) {
            line.append(" | " + frontends(frontends), BAR);
        }
        return line.toAttributedString();
    }

    /** A command's result, or null when there is none; what a server lacks is not asked again. */
    private JsonElement ask(String command) {
        if (missing.contains(command)) {
            return null;
        }
        try {
            return monitor.execute(command);
        } catch (CommandException e) {
            if (e.errorClass() == ErrorClass.COMMAND_NOT_FOUND) {
                missing.add(command);
            }
            return null;
        }
    }

    private String speed(JsonObject now) {
        double seconds = before == null ? 0 : difference(now, "host-time") / 1e9;
        if (seconds >= SPEED_SECONDS) {
            lastSpeed =
                    " | %s MIPS | %.0f fps"
                            .formatted(
                                    number(difference(now, "instructions") / seconds / 1e6),
                                    difference(now, "frames") / seconds);
        }
        if (before == null || seconds >= SPEED_SECONDS) {
            before = now;
        }
        return lastSpeed;
    }

    private long difference(JsonObject now, String counter) {
        return now.get(counter).getAsLong() - before.get(counter).getAsLong();
    }

    /** Three digits or so. */
    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%.0f", value);
    }

    private static String frontends(JsonArray frontends) {
        if (frontends.isEmpty()) {
            return "no frontend";
        }
        StringJoiner list = new StringJoiner(", ");
        for (JsonElement element : frontends) {
            JsonObject frontend = element.getAsJsonObject();
            int clients = frontend.getAsJsonArray("clients").size();
            list.add(
                    frontend.get("id").getAsString()
                            + (clients == 0
                                    ? ""
                                    : " (" + clients + (clients == 1 ? " client)" : " clients)")));
        }
        return list.toString();
    }

    /** Gives the line back to the terminal. */
    @Override
    public void close() {
        closed = true;
        update();
        reader.exclusively(() -> {
            if (status != null) {
                status.hide();
                status.close();
            }
        });
    }
}
