package org.vitrine.monitor.terminal;

import java.io.IOError;
import java.util.List;
import org.jline.keymap.BindingReader;
import org.jline.keymap.KeyMap;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.InfoCmp.Capability;

/** Shows a text that is longer than the terminal page by page. One thread at a time. */
final class Pager {

    private static final String ASKING = " more: space a page, Enter a line, G all, q enough ";

    private enum Key {
        PAGE,
        LINE,
        ALL,
        ENOUGH
    }

    private final Terminal terminal;

    Pager(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * Shows a text.
     *
     * @param reserved lines of the terminal that are not to be used
     */
    void show(String text, int reserved) {
        List<String> lines = text.lines().toList();
        int room = terminal.getHeight() - reserved - 1;
        int columns = Math.max(terminal.getWidth(), 1);
        if (room < 3 || lines.stream().mapToInt(line -> rows(line, columns)).sum() <= room) {
            terminal.writer().print(text);
            terminal.flush();
            return;
        }
        Attributes before = terminal.enterRawMode();
        try {
            KeyMap<Key> keys = keys();
            BindingReader reader = new BindingReader(terminal.reader());
            int left = room;
            for (String line : lines) {
                int rows = rows(line, columns);
                while (left < rows && left >= 0) {
                    left = ask(reader, keys, room, left);
                }
                if (left < 0) {
                    return;
                }
                terminal.writer().println(line);
                left -= rows;
            }
        } catch (IOError e) {
            // Ctrl-C, or the end of the terminal: enough was seen.
        } finally {
            terminal.setAttributes(before);
            terminal.flush();
        }
    }

    /** How many rows may follow, or -1 when the person has seen enough. */
    private int ask(BindingReader reader, KeyMap<Key> keys, int room, int left) {
        new AttributedStringBuilder()
                .append(ASKING, AttributedStyle.INVERSE)
                .toAttributedString()
                .print(terminal);
        terminal.flush();
        Key key;
        try {
            key = reader.readBinding(keys);
        } finally {
            terminal.puts(Capability.carriage_return);
            terminal.puts(Capability.clr_eol);
        }
        return switch (key) {
            case PAGE -> room;
            case LINE -> left + 1;
            case ALL -> Integer.MAX_VALUE;
            case ENOUGH -> -1;
            case null -> -1;
        };
    }

    private KeyMap<Key> keys() {
        KeyMap<Key> keys = new KeyMap<>();
        keys.bind(Key.PAGE, " ", "f", KeyMap.key(terminal, Capability.key_npage));
        keys.bind(Key.LINE, "\r", "\n", "j", KeyMap.key(terminal, Capability.key_down));
        keys.bind(Key.ALL, "G", KeyMap.key(terminal, Capability.key_end));
        keys.bind(Key.ENOUGH, "q", "Q", KeyMap.ctrl('C'), KeyMap.ctrl('D'), "\u001b");
        return keys;
    }

    private static int rows(String line, int columns) {
        int length = new AttributedString(line).columnLength();
        return Math.max(1, (length + columns - 1) / columns);
    }
}
