package org.vitrine.monitor.command;

import java.util.ArrayList;
import java.util.List;

/** Rows of words under each other, for people. */
final class TextTable {

    private final List<String[]> rows = new ArrayList<>();

    TextTable(String... heads) {
        rows.add(heads);
    }

    TextTable row(String... cells) {
        rows.add(cells);
        return this;
    }

    /** The columns two blanks apart, each as wide as it must be; the last one as it is. */
    @Override
    public String toString() {
        int columns = rows.getFirst().length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < columns - 1; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row[i]).repeat(' ', i < columns - 1 ? widths[i] - row[i].length() + 2 : 0);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
