package org.vitrine.monitor.qmp;

import com.google.gson.JsonElement;

/** How a connection's messages are written. */
public enum WireForm {
    /** Each message is one line. */
    COMPACT {
        @Override
        String write(JsonElement message) {
            return JsonText.write(message) + LINE_END;
        }
    },
    /** For people: each member is a line ({@code -qmp-pretty}). */
    PRETTY {
        @Override
        String write(JsonElement message) {
            return JsonText.writePretty(message) + LINE_END;
        }
    };

    private static final String LINE_END = "\r\n";

    /** The message as it goes to the client, with its line end. */
    abstract String write(JsonElement message);
}
