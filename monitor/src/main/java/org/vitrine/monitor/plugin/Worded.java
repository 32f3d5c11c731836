package org.vitrine.monitor.plugin;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Implemented by enumerations that people and QMP write too: in small letters, with dashes. */
public interface Worded {

    /** The constant's name. */
    String name();

    /** As people and QMP write it. */
    default String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The words of all these. */
    static List<String> words(Worded... values) {
        return Arrays.stream(values).map(Worded::word).toList();
    }

    /** The one that this word stands for, or null. */
    static <T extends Worded> T of(T[] values, String word) {
        return Arrays.stream(values)
                .filter(value -> value.word().equals(word))
                .findFirst()
                .orElse(null);
    }
}
