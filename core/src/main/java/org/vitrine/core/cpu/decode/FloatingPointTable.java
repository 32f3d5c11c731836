package org.vitrine.core.cpu.decode;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * The instructions of the floating-point unit, laid out as the manual's opcode maps are (Intel SDM
 * volume 2, appendix A.5), in the notation of {@link InstructionTable}. A line is an escape opcode,
 * its cells are selected by the ModRM byte: with a memory operand by the reg field; with a register
 * by the same, and the cell's {@code ST0} and {@code STi} are the operands; or {@code @N} names a
 * group of eight that the r/m field selects from.
 *
 * <p>What follows an underscore tells second encodings apart, which the manual doesn't have and the
 * processors do.
 */
final class FloatingPointTable {

    private FloatingPointTable() {}

    private static final String MEMORY =
            """
            D8: FADD Md  |FMUL Md  |FCOM Md |FCOMP Md |FSUB Md  |FSUBR Md |FDIV Md   |FDIVR Md
            D9: FLD Md   |-        |FST Md  |FSTP Md  |FLDENV Ms|FLDCW Mw |FNSTENV Ms|FNSTCW Mw
            DA: FIADD Md |FIMUL Md |FICOM Md|FICOMP Md|FISUB Md |FISUBR Md|FIDIV Md  |FIDIVR Md
            DB: FILD Md  |-        |FIST Md |FISTP Md |-        |FLD Mt   |-         |FSTP Mt
            DC: FADD Mq  |FMUL Mq  |FCOM Mq |FCOMP Mq |FSUB Mq  |FSUBR Mq |FDIV Mq   |FDIVR Mq
            DD: FLD Mq   |-        |FST Mq  |FSTP Mq  |FRSTOR Ms|-        |FNSAVE Ms |FNSTSW Mw
            DE: FIADD Mw |FIMUL Mw |FICOM Mw|FICOMP Mw|FISUB Mw |FISUBR Mw|FIDIV Mw  |FIDIVR Mw
            DF: FILD Mw  |-        |FIST Mw |FISTP Mw |FBLD Mt  |FILD Mq  |FBSTP Mt  |FISTP Mq
            """;

    private static final String REGISTER =
            """
            D8: FADD ST0,STi |FMUL ST0,STi |FCOM STi       |FCOMP STi  |FSUB ST0,STi  |FSUBR ST0,STi|FDIV ST0,STi  |FDIVR ST0,STi
            D9: FLD STi      |FXCH STi     |@1             |FSTP_1 STi |@2            |@3           |@4            |@5
            DA: FCMOVB STi   |FCMOVE STi   |FCMOVBE STi    |FCMOVU STi |-             |@6           |-             |-
            DB: FCMOVNB STi  |FCMOVNE STi  |FCMOVNBE STi   |FCMOVNU STi|@7            |FUCOMI STi   |FCOMI STi     |-
            DC: FADD STi,ST0 |FMUL STi,ST0 |FCOM_1 STi     |FCOMP_1 STi|FSUBR STi,ST0 |FSUB STi,ST0 |FDIVR STi,ST0 |FDIV STi,ST0
            DD: FFREE STi    |FXCH_1 STi   |FST STi        |FSTP STi   |FUCOM STi     |FUCOMP STi   |-             |-
            DE: FADDP STi,ST0|FMULP STi,ST0|FCOMP_2 STi    |@8         |FSUBRP STi,ST0|FSUBP STi,ST0|FDIVRP STi,ST0|FDIVP STi,ST0
            DF: FFREEP STi   |FXCH_2 STi   |FSTP_2 STi     |FSTP_3 STi |@9            |FUCOMIP STi  |FCOMIP STi    |-
            """;

    private static final String[][] GROUPS = {
        {"@1", "FNOP", "", "", "", "", "", "", ""},
        {"@2", "FCHS", "FABS", "", "", "FTST", "FXAM", "", ""},
        {"@3", "FLD1", "FLDL2T", "FLDL2E", "FLDPI", "FLDLG2", "FLDLN2", "FLDZ", ""},
        {"@4", "F2XM1", "FYL2X", "FPTAN", "FPATAN", "FXTRACT", "FPREM1", "FDECSTP", "FINCSTP"},
        {"@5", "FPREM", "FYL2XP1", "FSQRT", "FSINCOS", "FRNDINT", "FSCALE", "FSIN", "FCOS"},
        {"@6", "", "FUCOMPP", "", "", "", "", "", ""},
        {"@7", "FNENI", "FNDISI", "FNCLEX", "FNINIT", "FNSETPM", "", "", ""},
        {"@8", "", "FCOMPP", "", "", "", "", "", ""},
        {"@9", "FNSTSW AX", "", "", "", "", "", "", ""},
    };

    private static final HexFormat DIGITS = HexFormat.of().withUpperCase();

    private static final int FIRST = 0xD8;

    /** By opcode and ModRM byte; null where there is none. */
    private static final Row[][] ROWS = new Row[8][0x100];

    static {
        String[][] memory = cells(MEMORY);
        String[][] register = cells(REGISTER);
        for (int escape = 0; escape < 8; escape++) {
            for (int modRm = 0; modRm < 0x100; modRm++) {
                ROWS[escape][modRm] =
                        modRm < 0xC0
                                ? memoryRow(memory[escape], escape, modRm)
                                : registerRow(register[escape], escape, modRm);
            }
        }
    }

    private static String[][] cells(String map) {
        // Each line begins with its opcode.
        return map.lines()
                .map(line ->
                        Arrays.stream(line.substring(4).split("\\|"))
                                .map(String::strip)
                                .toArray(String[]::new))
                .toArray(String[][]::new);
    }

    private static Row memoryRow(String[] cells, int escape, int modRm) {
        int reg = modRm >> 3 & 7;
        if (modRm != reg << 3) {
            return ROWS[escape][reg << 3];
        }
        return cells[reg].equals("-")
                ? null
                : Row.parse(cells[reg], hex(FIRST + escape) + " /" + reg, true);
    }

    private static Row registerRow(String[] cells, int escape, int modRm) {
        String cell = cells[modRm >> 3 & 7];
        int number = modRm & 7;
        if (cell.startsWith("@")) {
            for (String[] group : GROUPS) {
                if (group[0].equals(cell)) {
                    cell = group[number + 1];
                }
            }
        } else if (number != 0) {
            return ROWS[escape][modRm - number];
        }
        return cell.isEmpty() || cell.equals("-")
                ? null
                : Row.parse(cell, hex(FIRST + escape) + " " + hex(modRm), true);
    }

    private static String hex(int value) {
        return DIGITS.toHexDigits((byte) value);
    }

    /** Whether an opcode is an escape to the floating-point unit. */
    static boolean isEscape(int opcode) {
        return opcode >= FIRST && opcode < FIRST + 8;
    }

    /** The row of an escape with its ModRM byte, or null. */
    static Row row(int opcode, int modRm) {
        return ROWS[opcode - FIRST][modRm];
    }

    /** Every row once, in the order of encoding. */
    static List<Row> rows() {
        return Arrays.stream(ROWS)
                .flatMap(Arrays::stream)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }
}
