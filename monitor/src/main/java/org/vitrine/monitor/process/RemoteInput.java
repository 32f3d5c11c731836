package org.vitrine.monitor.process;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.InputPort;

/** A client's way to a guest in another process. Safe for use by several threads. */
final class RemoteInput implements InputPort {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteInput.class);

    private final String client;
    private final Outbox outbox;
    private final Runnable closing;

    // Guarded by this object.
    private boolean closed;
    private boolean overflowing;

    /**
     * @param client its name, which no other open port has
     * @param closing called when it is closed, once
     */
    RemoteInput(String client, Outbox outbox, Runnable closing) {
        this.client = client;
        this.outbox = outbox;
        this.closing = closing;
    }

    @Override
    public synchronized void send(InputEvent... events) {
        if (closed) {
            throw new IllegalStateException("the input port of " + client + " is closed");
        }
        if (overflowing && !outbox.offer("frontend-release-input", named())) {
            return;
        }
        JsonArray list = new JsonArray();
        for (InputEvent event : events) {
            add(event, list);
        }
        JsonObject arguments = named();
        arguments.add("events", list);
        overflowing = !outbox.offer("input-send-event", arguments);
        if (overflowing) {
            // A lost release would leave a key stuck: all is released when there is room again.
            LOG.warn("{} sends input faster than the emulator takes it: dropping some", client);
        }
    }

    private JsonObject named() {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("client", client);
        return arguments;
    }

    private static void add(InputEvent event, JsonArray list) {
        switch (event) {
            case InputEvent.Key key -> {
                JsonObject code = new JsonObject();
                code.addProperty("type", "qcode");
                code.addProperty("data", key.key().qmpName());
                JsonObject data = new JsonObject();
                data.add("key", code);
                data.addProperty("down", key.down());
                list.add(typed("key", data));
            }
            case InputEvent.Button button -> {
                JsonObject data = new JsonObject();
                data.addProperty("button", button.button().qmpName());
                data.addProperty("down", button.down());
                list.add(typed("btn", data));
            }
            case InputEvent.RelativeMove(int dx, int dy) -> {
                list.add(typed("rel", axis("x", dx)));
                list.add(typed("rel", axis("y", dy)));
            }
            case InputEvent.AbsoluteMove(int x, int y) -> {
                list.add(typed("abs", axis("x", x)));
                list.add(typed("abs", axis("y", y)));
            }
        }
    }

    private static JsonObject axis(String axis, int value) {
        JsonObject data = new JsonObject();
        data.addProperty("axis", axis);
        data.addProperty("value", value);
        return data;
    }

    private static JsonObject typed(String type, JsonObject data) {
        JsonObject event = new JsonObject();
        event.addProperty("type", type);
        event.add("data", data);
        return event;
    }

    @Override
    public synchronized void releaseAll() {
        outbox.add("frontend-release-input", named());
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            outbox.add("frontend-close-input", named());
            closing.run();
        }
    }
}
