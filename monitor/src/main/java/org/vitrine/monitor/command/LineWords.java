package org.vitrine.monitor.command;

import java.util.ArrayList;
import java.util.List;

/**
 * The words of a line, and where they stand in it. Blanks part them, quotes keep them together, and
 * a backslash takes the next character as it is.
 *
 * @param words in their order
 * @param closed whether the last quote is closed
 */
public record LineWords(List<Word> words, boolean closed) {

    /**
     * A word of a line.
     *
     * @param text what it says, without its quotes
     * @param start where it begins in the line
     * @param end after its last character in the line
     */
    public record Word(String text, int start, int end) {}

    public LineWords {
        words = List.copyOf(words);
    }

    /** Splits a line; what follows {@code qmp} is one word, as it stands. */
    public static LineWords of(String line) {
        List<Word> words = new ArrayList<>();
        StringBuilder word = null;
        int start = 0;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote == 0 && Character.isWhitespace(c)) {
                if (word != null) {
                    words.add(new Word(word.toString(), start, i));
                }
                word = null;
                continue;
            }
            if (word == null) {
                word = new StringBuilder();
                start = i;
                if (words.size() == 1 && words.getFirst().text().equals("qmp")) {
                    String rest = line.substring(i).stripTrailing();
                    words.add(new Word(rest, i, i + rest.length()));
                    return new LineWords(words, true);
                }
            }
            if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (quote != 0 && c == quote) {
                quote = 0;
            } else if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
                i++;
                word.append(line.charAt(i));
            } else {
                word.append(c);
            }
        }
        if (word != null) {
            words.add(new Word(word.toString(), start, line.length()));
        }
        return new LineWords(words, quote == 0);
    }

    /** What the words say. */
    public List<String> texts() {
        return words.stream().map(Word::text).toList();
    }
}
