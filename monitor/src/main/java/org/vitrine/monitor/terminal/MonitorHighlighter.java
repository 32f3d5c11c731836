package org.vitrine.monitor.terminal;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * Colours a line while it is written, shows stars for what nobody may see, and adds in faint
 * letters what may follow, or in red what is wrong.
 */
final class MonitorHighlighter implements Highlighter {

    private static final AttributedStyle COMMAND = AttributedStyle.DEFAULT.bold();
    private static final AttributedStyle OPTION =
            AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);
    private static final AttributedStyle WRONG =
            AttributedStyle.DEFAULT.foreground(AttributedStyle.RED).underline();
    private static final AttributedStyle FAULT =
            AttributedStyle.DEFAULT.foreground(AttributedStyle.RED).faint();
    private static final AttributedStyle TIP = AttributedStyle.DEFAULT.faint();

    private final Function<String, LineCheck.Result> check;
    private String lastLine = "";
    private LineCheck.Result last;

    MonitorHighlighter(Function<String, LineCheck.Result> check) {
        this.check = check;
    }

    @Override
    public AttributedString highlight(LineReader reader, String buffer) {
        if (last == null || !lastLine.equals(buffer)) {
            last = check.apply(buffer);
            lastLine = buffer;
        }
        AttributedStringBuilder shown = new AttributedStringBuilder();
        int at = 0;
        List<LineCheck.Mark> marks =
                last.marks().stream()
                        .sorted(Comparator.comparingInt(LineCheck.Mark::start))
                        .toList();
        for (LineCheck.Mark mark : marks) {
            shown.append(buffer.substring(at, mark.start()));
            String text = buffer.substring(mark.start(), mark.end());
            switch (mark.style()) {
                case COMMAND -> shown.append(text, COMMAND);
                case OPTION -> shown.append(text, OPTION);
                case WRONG -> shown.append(text, WRONG);
                case SECRET -> shown.append("*".repeat(text.length()));
            }
            at = mark.end();
        }
        shown.append(buffer.substring(at));
        // The line that stays when it is done is the one that was written.
        if (reader.isReading() && reader.getBuffer().cursor() == buffer.length()) {
            appendTip(shown, reader, buffer);
        }
        return shown.toAttributedString();
    }

    private void appendTip(AttributedStringBuilder shown, LineReader reader, String buffer) {
        String tip = last.fault() != null ? "  <- " + last.fault() : tip(buffer);
        int room =
                reader.getTerminal().getWidth()
                        - MonitorTerminal.PROMPT.length()
                        - shown.columnLength()
                        - 1;
        if (!tip.isBlank() && !buffer.isBlank() && room > 3) {
            String fitting = tip.length() > room ? tip.substring(0, room - 1) + "…" : tip;
            shown.append(fitting, last.fault() != null ? FAULT : TIP);
        }
    }

    private String tip(String buffer) {
        boolean completes = !last.tip().isEmpty() && last.form() == null && !buffer.endsWith(" ");
        boolean apart = buffer.endsWith(" ") || completes || last.tip().isEmpty();
        String help = last.form() == null ? "" : "  -- " + last.form().help();
        return (apart ? "" : " ") + last.tip() + help;
    }
}
