package org.vitrine.monitor.terminal;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.reader.ParsedLine;
import org.jline.reader.SyntaxError;
import org.jline.reader.impl.DefaultParser;

/**
 * Parts a line into words for JLine: as it does itself, but what follows {@code qmp} is JSON, and
 * one word as it stands.
 */
final class MonitorParser extends DefaultParser {

    private static final Pattern JSON_LINE = Pattern.compile("(\\s*qmp\\s+)(.*)", Pattern.DOTALL);

    MonitorParser() {
        setEofOnUnclosedQuote(false);
    }

    private record JsonLine(String line, String word, int wordCursor, int cursor)
            implements ParsedLine {

        @Override
        public int wordIndex() {
            return 1;
        }

        @Override
        public List<String> words() {
            return List.of("qmp", word);
        }
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) throws SyntaxError {
        Matcher matcher = JSON_LINE.matcher(line);
        if (!matcher.matches() || cursor < matcher.end(1)) {
            return super.parse(line, cursor, context);
        }
        return new JsonLine(line, matcher.group(2), cursor - matcher.end(1), cursor);
    }
}
