package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpressionTest {

    private static final Map<String, Long> REGISTERS =
            Map.of("eax", 0x1234_5678L, "cs.base", 0xF_0000L, "eip", 0xFFF0L);

    private static long value(String text) throws CommandException {
        return Expression.value(
                text,
                name -> {
                    Long value = REGISTERS.get(name);
                    if (value == null) {
                        throw new CommandException("no " + name);
                    }
                    return value;
                });
    }

    private static String refusal(String text) {
        return assertThrows(CommandException.class, () -> value(text)).getMessage();
    }

    @Test
    void numbersAreWrittenInThreeBasesOrAsCharacters() throws Exception {
        assertEquals(10, value("10"));
        assertEquals(16, value("0x10"));
        assertEquals(8, value("010"));
        assertEquals(0, value("0"));
        assertEquals(-1L, value("0xffffffffffffffff"));
        assertEquals('a', value("'a'"));
        assertEquals('\'', value("'''"));
    }

    @Test
    void productsBindMoreTightlyThanBitsAndThoseMoreThanSums() throws Exception {
        assertEquals(7, value("1+2*3"));
        assertEquals(9, value("(1 + 2) * 3"));
        assertEquals(1 + (6 & 3), value("1+6&3"));
        assertEquals(1 | 2 * 2, value("1|2*2"));
        assertEquals(-3, value("1 - 2 - 2"));
        assertEquals(1, value("7 % 4 / 2"));
        assertEquals(~5 + 1, value("-5"));
        assertEquals(5, value("~~5"));
        assertEquals(6 ^ 3, value("6^3"));
    }

    @Test
    void registersHaveADollarSign() throws Exception {
        assertEquals(0xF_FFF0, value("$cs.base+$eip"));
        assertEquals(0x5678, value("$ax"));
        assertEquals(0x56, value("$ah"));
        assertEquals(0x78, value("$al"));
        assertEquals("no ebx", refusal("$ebx"));
    }

    @Test
    void whatIsWrongIsSaid() {
        assertEquals("division by zero", refusal("1/0"));
        assertEquals("division by zero", refusal("1 % (2-2)"));
        assertEquals("')' is missing in '(1'", refusal("(1"));
        assertEquals("a value is missing in '1+'", refusal("1+"));
        assertEquals("unexpected ')' in '1)'", refusal("1)"));
        assertEquals("'eax' is no number; a register is $eax", refusal("eax"));
        assertEquals("a character stands in two single quotes, as 'a'", refusal("'a"));
        assertNull(Expression.fault("$anything+1"));
        assertEquals("'x' is no number; a register is $x", Expression.fault("x"));
    }
}
