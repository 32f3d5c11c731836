package org.vitrine.monitor.terminal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.vitrine.monitor.command.MonitorEvent;

/**
 * Says events in words, and passes lines of the log on, on a thread of its own: those who tell of
 * them must not wait for a terminal, which may stand still for as long as a person likes.
 */
final class EventPrinter implements AutoCloseable {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    /** Lines that wait for the terminal; more are counted and dropped. */
    private static final int CAPACITY = 4096;

    private final BlockingQueue<String> queue = new LinkedBlockingQueue<>(CAPACITY);
    private final AtomicInteger dropped = new AtomicInteger();
    private final Consumer<String> output;
    private final Runnable ended;
    private final Thread thread;
    private volatile boolean serverHasFrontends;

    /**
     * @param ended told when the machine ends
     */
    EventPrinter(Consumer<String> output, Runnable ended) {
        this.output = output;
        this.ended = ended;
        this.thread = Thread.ofVirtual().name("monitor-events").start(this::print);
    }

    void offer(MonitorEvent event) {
        if (event.name().startsWith("FRONTEND_")) {
            serverHasFrontends = true;
        }
        if (endsMachine(event)) {
            ended.run();
        } else if (!isSaidAlready(event)) {
            offer(
                    "["
                            + TIME.format(event.timestamp().atZone(ZoneId.systemDefault()))
                            + "] "
                            + words(event));
        }
    }

    /** Shows a line after those that wait. */
    void offer(String line) {
        if (!queue.offer(line)) {
            dropped.incrementAndGet();
        }
    }

    /** QEMU's events tell of VNC clients again, after those of frontends. */
    private boolean isSaidAlready(MonitorEvent event) {
        return event.name().equals("VNC_INITIALIZED")
                || serverHasFrontends && event.name().startsWith("VNC_");
    }

    /** A guest that switches itself off may be kept; what the host ends, ends. */
    private static boolean endsMachine(MonitorEvent event) {
        return event.name().equals("SHUTDOWN")
                && event.data() != null
                && !event.data().get("guest").getAsBoolean();
    }

    private void print() {
        try {
            while (true) {
                output.accept(queue.take());
                int lost = dropped.getAndSet(0);
                if (lost > 0) {
                    output.accept("(" + lost + " lines came faster than they could be shown)");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /** The event as a person reads it. */
    static String words(MonitorEvent event) {
        JsonObject data = event.data() == null ? new JsonObject() : event.data();
        return switch (event.name()) {
            case "STOP" -> "the guest is stopped";
            case "RESUME" -> "the guest runs";
            case "BREAKPOINT_HIT" ->
                    "the guest is at the breakpoint at 0x%08x"
                            .formatted(data.get("address").getAsLong());
            case "RTC_CHANGE" -> "the guest has set its clock";
            case "VNC_CONNECTED" -> "vnc: " + vncClient(data) + " has connected";
            case "VNC_DISCONNECTED" -> "vnc: " + vncClient(data) + " has gone";
            case "DEVICE_TRAY_MOVED" ->
                    text(data, "device")
                            + (data.get("tray-open").getAsBoolean()
                                    ? ": the tray is open"
                                    : ": the tray is closed");
            case "BLOCK_IO_ERROR" -> text(data, "device") + ": " + text(data, "reason");
            case "POWERDOWN" -> "the power button was pressed";
            case "RESET" -> "the machine was reset" + byGuest(data);
            case "SHUTDOWN" -> "the machine is switched off" + byGuest(data);
            case "DISPLAY_MODE_CHANGED" -> "the screen is now " + mode(data);
            case "FRONTEND_ATTACHED" -> "frontend " + text(data, "id") + " is attached";
            case "FRONTEND_DETACHED" -> "frontend " + text(data, "id") + " is detached";
            case "FRONTEND_CRASHED" ->
                    "frontend " + text(data, "id") + " crashed: " + text(data, "message");
            case "FRONTEND_MISBEHAVED" ->
                    "frontend " + text(data, "id") + ": " + text(data, "message");
            case "FRONTEND_CLIENT_CONNECTED" ->
                    text(data, "id") + ": " + client(data) + " has connected";
            case "FRONTEND_CLIENT_DISCONNECTED" ->
                    text(data, "id") + ": " + client(data) + " has gone: " + text(data, "reason");
            default -> event.name() + plain(data);
        };
    }

    private static String byGuest(JsonObject data) {
        return data.has("guest") && data.get("guest").getAsBoolean() ? " by the guest" : "";
    }

    private static String mode(JsonObject data) {
        return text(data, "width")
                + "x"
                + text(data, "height")
                + (data.has("columns")
                        ? ", text " + text(data, "columns") + "x" + text(data, "rows")
                        : "");
    }

    private static String client(JsonObject data) {
        JsonElement client = data.get("client");
        return client instanceof JsonObject known ? text(known, "address") : "a client";
    }

    private static String vncClient(JsonObject data) {
        return data.get("client") instanceof JsonObject known
                ? text(known, "host") + ":" + text(known, "service")
                : "a client";
    }

    private static String text(JsonObject data, String name) {
        return data.has(name) ? data.get(name).getAsString() : "?";
    }

    private static String plain(JsonObject data) {
        StringJoiner words = new StringJoiner(" ", " ", "").setEmptyValue("");
        for (Map.Entry<String, JsonElement> member : data.entrySet()) {
            words.add(member.getKey() + "=" + member.getValue());
        }
        return words.toString();
    }
}
