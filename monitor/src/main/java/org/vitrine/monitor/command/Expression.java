package org.vitrine.monitor.command;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A sum as people write it in the monitor, with QEMU's rules: numbers (decimal, 0x hexadecimal, 0
 * octal, a character in single quotes), registers with a dollar sign, parentheses, {@code + - ~}
 * before a value, and between values {@code * / %}, which bind more tightly than {@code & | ^},
 * which bind more tightly than {@code + -}. 64 bits, which wrap around.
 */
public final class Expression {

    /** Where the values of registers come from. */
    @FunctionalInterface
    interface Registers {

        /**
         * @throws CommandException when there is no register with this name
         */
        long value(String name) throws CommandException;
    }

    /** Stands for a register whose value is not known yet: such that no divisor is likely zero. */
    private static final long ANY_REGISTER = 0x5DEE_CE66D1L;

    /** The registers that are parts of another: its name, and how far the part is shifted. */
    private static final Map<String, Part> PARTS =
            Map.ofEntries(
                    Map.entry("ax", new Part("eax", 0, 0xFFFF)),
                    Map.entry("bx", new Part("ebx", 0, 0xFFFF)),
                    Map.entry("cx", new Part("ecx", 0, 0xFFFF)),
                    Map.entry("dx", new Part("edx", 0, 0xFFFF)),
                    Map.entry("si", new Part("esi", 0, 0xFFFF)),
                    Map.entry("di", new Part("edi", 0, 0xFFFF)),
                    Map.entry("bp", new Part("ebp", 0, 0xFFFF)),
                    Map.entry("sp", new Part("esp", 0, 0xFFFF)),
                    Map.entry("ip", new Part("eip", 0, 0xFFFF)),
                    Map.entry("al", new Part("eax", 0, 0xFF)),
                    Map.entry("bl", new Part("ebx", 0, 0xFF)),
                    Map.entry("cl", new Part("ecx", 0, 0xFF)),
                    Map.entry("dl", new Part("edx", 0, 0xFF)),
                    Map.entry("ah", new Part("eax", 8, 0xFF)),
                    Map.entry("bh", new Part("ebx", 8, 0xFF)),
                    Map.entry("ch", new Part("ecx", 8, 0xFF)),
                    Map.entry("dh", new Part("edx", 8, 0xFF)));

    /** The names of registers that are parts of others. */
    public static Set<String> partNames() {
        return PARTS.keySet();
    }

    private record Part(String whole, int shift, long mask) {}

    private final String text;
    private final Registers registers;
    private int at;

    private Expression(String text, Registers registers) {
        this.text = text;
        this.registers = registers;
    }

    /**
     * Its value.
     *
     * @throws CommandException when it is none, or has a register that is not there
     */
    static long value(String text, Registers registers) throws CommandException {
        Expression expression = new Expression(text, registers);
        long value = expression.sum();
        expression.skipBlanks();
        if (expression.at < text.length()) {
            throw new CommandException(
                    "unexpected '" + text.substring(expression.at) + "' in '" + text + "'");
        }
        return value;
    }

    /** What is wrong with a sum as it is written, or null; names of registers are not looked at. */
    public static String fault(String text) {
        try {
            value(text, name -> ANY_REGISTER);
            return null;
        } catch (CommandException e) {
            return e.getMessage();
        }
    }

    private long sum() throws CommandException {
        long value = logic();
        while (true) {
            if (accept('+')) {
                value += logic();
            } else if (accept('-')) {
                value -= logic();
            } else {
                return value;
            }
        }
    }

    private long logic() throws CommandException {
        long value = product();
        while (true) {
            if (accept('&')) {
                value &= product();
            } else if (accept('|')) {
                value |= product();
            } else if (accept('^')) {
                value ^= product();
            } else {
                return value;
            }
        }
    }

    private long product() throws CommandException {
        long value = unary();
        while (true) {
            if (accept('*')) {
                value *= unary();
            } else if (accept('/')) {
                value /= divisor();
            } else if (accept('%')) {
                value %= divisor();
            } else {
                return value;
            }
        }
    }

    private long divisor() throws CommandException {
        long divisor = unary();
        if (divisor == 0) {
            throw new CommandException("division by zero");
        }
        return divisor;
    }

    private long unary() throws CommandException {
        if (accept('+')) {
            return unary();
        }
        if (accept('-')) {
            return -unary();
        }
        if (accept('~')) {
            return ~unary();
        }
        if (accept('(')) {
            long value = sum();
            if (!accept(')')) {
                throw new CommandException("')' is missing in '" + text + "'");
            }
            return value;
        }
        if (accept('$')) {
            return register(word());
        }
        if (accept('\'')) {
            if (at + 1 >= text.length() || text.charAt(at + 1) != '\'') {
                throw new CommandException("a character stands in two single quotes, as 'a'");
            }
            at += 2;
            return text.charAt(at - 2);
        }
        return number(word());
    }

    private long register(String name) throws CommandException {
        Part part = PARTS.get(name);
        return part == null
                ? registers.value(name)
                : registers.value(part.whole()) >>> part.shift() & part.mask();
    }

    private long number(String word) throws CommandException {
        String digits = word.toLowerCase(Locale.ROOT);
        int radix = 10;
        if (digits.startsWith("0x")) {
            digits = digits.substring(2);
            radix = 16;
        } else if (digits.length() > 1 && digits.startsWith("0")) {
            radix = 8;
        }
        try {
            return Long.parseUnsignedLong(digits, radix);
        } catch (NumberFormatException e) {
            throw new CommandException(
                    word.isEmpty()
                            ? "a value is missing in '" + text + "'"
                            : "'" + word + "' is no number; a register is $" + word);
        }
    }

    /** Letters, digits, and the dots of {@code $cs.base}. */
    private String word() {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at))
                        || text.charAt(at) == '.'
                        || text.charAt(at) == '_')) {
            at++;
        }
        return text.substring(start, at);
    }

    private boolean accept(char wanted) {
        skipBlanks();
        boolean there = at < text.length() && text.charAt(at) == wanted;
        at += there ? 1 : 0;
        return there;
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}
