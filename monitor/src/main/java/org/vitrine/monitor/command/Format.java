package org.vitrine.monitor.command;

import java.util.Locale;

/**
 * How {@code x}, {@code xp} and {@code print} show memory and values: {@code /16xb} is a count, a
 * letter for the form and a letter for the size, each of which may be left out.
 *
 * @param count how many values or instructions, at least 1
 * @param form {@code x d u o c} for numbers and characters, {@code i} for instructions
 * @param size bytes of a value, 1, 2, 4 or 8; for instructions 2 for 16-bit code, 4 for 32-bit
 *     code, 0 for what the CPU executes now
 */
public record Format(int count, char form, int size) {

    /** The most values that are shown at once. */
    public static final int MAX_COUNT = 65_536;

    private static final String FORMS = "xduoci";
    private static final String SIZES = "bhwg";

    /**
     * Reads a format.
     *
     * @param text as {@code "/4xw"}, or empty
     * @param form the form when none is given
     * @param size the size when none is given
     * @throws CommandException when it is none
     */
    static Format of(String text, char form, int size) throws CommandException {
        if (text.isEmpty()) {
            return new Format(1, form, size);
        }
        int at = 1;
        int count = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            count = Math.min(count * 10 + text.charAt(at) - '0', MAX_COUNT + 1);
            at++;
        }
        char newForm = 0;
        int newSize = 0;
        for (; at < text.length(); at++) {
            char letter = text.charAt(at);
            if (FORMS.indexOf(letter) >= 0) {
                newForm = letter;
            } else if (SIZES.indexOf(letter) >= 0) {
                newSize = 1 << SIZES.indexOf(letter);
            } else {
                throw new CommandException(
                        "there is no format '%s': it is /, a count, one of %s, and one of %s"
                                .formatted(text, spaced(FORMS), spaced(SIZES)));
            }
        }
        if (count > MAX_COUNT) {
            throw new CommandException("the greatest count is " + MAX_COUNT);
        }
        char shown = newForm == 0 ? form : newForm;
        int absent = shown == 'i' ? 0 : size == 0 ? 4 : size;
        return new Format(Math.max(count, 1), shown, newSize == 0 ? absent : newSize);
    }

    /** What is wrong with a format as it is written, or null. */
    public static String fault(String text) {
        try {
            of(text, 'x', 4);
            return null;
        } catch (CommandException e) {
            return e.getMessage();
        }
    }

    private static String spaced(String letters) {
        return String.join(" ", letters.split(""));
    }

    /** One value as it reads; as wide as the widest of its kind. */
    String show(long value) {
        int bits = 8 * size;
        long unsigned = bits == 64 ? value : value & (1L << bits) - 1;
        long signed = value << 64 - bits >> 64 - bits;
        return switch (form) {
            case 'd' -> String.format("%" + (1 + digits(10)) + "d", signed);
            case 'u' -> pad(Long.toUnsignedString(unsigned), digits(10));
            case 'o' -> "0" + zeros(Long.toOctalString(unsigned), digits(8));
            case 'c' -> character((char) (unsigned & 0xFF));
            default -> "0x" + zeros(Long.toHexString(unsigned), digits(16));
        };
    }

    /** One value, without the blanks and zeros that columns need. */
    String showAlone(long value) {
        return switch (form) {
            case 'x' -> "0x" + Long.toHexString(value);
            case 'o' -> "0" + Long.toOctalString(value);
            default -> show(value).strip();
        };
    }

    private int digits(int radix) {
        return Long.toUnsignedString(size == 8 ? -1L : (1L << 8 * size) - 1, radix).length();
    }

    private static String pad(String digits, int width) {
        return " ".repeat(Math.max(0, width - digits.length())) + digits;
    }

    private static String zeros(String digits, int width) {
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }

    private static String character(char c) {
        return switch (c) {
            case '\n' -> "'\\n'";
            case '\r' -> "'\\r'";
            case '\t' -> "'\\t'";
            case '\'' -> "'\\''";
            case '\\' -> "'\\\\'";
            default ->
                    c >= 0x20 && c < 0x7F
                            ? "'" + c + "'"
                            : "'\\x" + String.format(Locale.ROOT, "%02x", (int) c) + "'";
        };
    }
}
