package org.vitrine.monitor.terminal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.vitrine.monitor.command.MonitorEvent;

/** Says events in words, on a thread of its own: those who tell of them must not wait for a terminal. */
final class EventPrinter implements AutoCloseable {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final BlockingQueue<MonitorEvent> queue = new LinkedBlockingQueue<>();
    private final Consumer<String> output;
    private final Runnable ended;
    private final Thread thread;

    /**
     * @param ended told when the machine ends
     */
    EventPrinter(Consumer<String> output, Runnable ended) {
        this.output = output;
        this.ended = ended;
        this.thread = Thread.ofVirtual().name("monitor-events").start(this::print);
    }

    void offer(MonitorEvent event) {
        queue.add(event);
        if (endsMachine(event)) {
            ended.run();
        }
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
                MonitorEvent event = queue.take();
                if (!endsMachine(event)) {
                    output.accept("[" + TIME.format(event.timestamp().atZone(ZoneId.systemDefault())) + "] "
                            + words(event));
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
            case "RESET" -> "the machine was reset" + byGuest(data);
            case "SHUTDOWN" -> "the machine is switched off" + byGuest(data);
            case "DISPLAY_MODE_CHANGED" -> "the screen is now " + mode(data);
            case "FRONTEND_ATTACHED" -> "frontend " + text(data, "id") + " is attached";
            case "FRONTEND_DETACHED" -> "frontend " + text(data, "id") + " is detached";
            case "FRONTEND_CRASHED" -> "frontend " + text(data, "id") + " crashed: " + text(data, "message");
            case "FRONTEND_CLIENT_CONNECTED" -> text(data, "id") + ": " + client(data) + " has connected";
            case "FRONTEND_CLIENT_DISCONNECTED" ->
                text(data, "id") + ": " + client(data) + " has gone: " + text(data, "reason");
            default -> event.name() + plain(data);
        };
    }

    private static String byGuest(JsonObject data) {
        return data.has("guest") && data.get("guest").getAsBoolean() ? " by the guest" : "";
    }

    private static String mode(JsonObject data) {
        return text(data, "width") + "x" + text(data, "height")
                + (data.has("columns") ? ", text " + text(data, "columns") + "x" + text(data, "rows") : "");
    }

    private static String client(JsonObject data) {
        JsonElement client = data.get("client");
        return client instanceof JsonObject known ? text(known, "address") : "a client";
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
