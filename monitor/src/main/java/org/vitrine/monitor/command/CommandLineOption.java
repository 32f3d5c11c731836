package org.vitrine.monitor.command;

import java.util.List;

/**
 * An option of the emulator's command line, as {@code query-command-line-options} tells it.
 *
 * @param name without dashes; QEMU's name of the group where that is another, as memory for -m
 * @param parameters what its argument may have; empty for none, or for one that is a word
 */
public record CommandLineOption(String name, List<Parameter> parameters) {

    public CommandLineOption {
        parameters = List.copyOf(parameters);
    }

    /** The types of values, with QEMU's names. */
    public enum Type {
        STRING("string"),
        BOOLEAN("boolean"),
        NUMBER("number"),
        SIZE("size");

        private final String qmpName;

        Type(String qmpName) {
            this.qmpName = qmpName;
        }

        /** The name on the wire. */
        public String qmpName() {
            return qmpName;
        }
    }

    /** A name with a value in an option's argument. */
    public record Parameter(String name, Type type, String help) {}
}
