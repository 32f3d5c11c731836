package org.vitrine.core.cpu.decode;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.vitrine.core.cpu.model.Feature;

/**
 * The instructions of MMX, SSE and SSE2 in the two-byte opcode map (Intel SDM volume 2, table A-3),
 * in the notation of {@link InstructionTable}. A line is an opcode, its four cells are those
 * without a prefix and with 66, F3 and F2: there the prefix is part of the opcode.
 *
 * <p>Two instructions in one cell, with a slash between, are the one with a memory operand and the
 * one with a register. The last word of a cell tells which processors have it, if not those that
 * have most of its table's column. What follows an underscore tells forms apart that the manual
 * names alike.
 */
final class SimdTable {

    private SimdTable() {}

    /** Without a prefix SSE, with 66 SSE2, with F3 SSE, with F2 SSE2. */
    private static final String FLOAT =
            """
            10: MOVUPS Vx,Wx          |MOVUPD Vx,Wx     |MOVSS Vss,Wss          |MOVSD Vsd,Wsd
            11: MOVUPS Wx,Vx          |MOVUPD Wx,Vx     |MOVSS Wss,Vss          |MOVSD Wsd,Vsd
            12: MOVLPS Vq,Mq/MOVHLPS Vq,Uq|MOVLPD Vq,Mq |-                      |-
            13: MOVLPS Mq,Vq          |MOVLPD Mq,Vq     |-                      |-
            14: UNPCKLPS Vx,Wx        |UNPCKLPD Vx,Wx   |-                      |-
            15: UNPCKHPS Vx,Wx        |UNPCKHPD Vx,Wx   |-                      |-
            16: MOVHPS Vq,Mq/MOVLHPS Vq,Uq|MOVHPD Vq,Mq |-                      |-
            17: MOVHPS Mq,Vq          |MOVHPD Mq,Vq     |-                      |-
            28: MOVAPS Vx,Wx          |MOVAPD Vx,Wx     |-                      |-
            29: MOVAPS Wx,Vx          |MOVAPD Wx,Vx     |-                      |-
            2A: CVTPI2PS Vx,Qq        |CVTPI2PD Vx,Qq   |CVTSI2SS Vss,Ed        |CVTSI2SD Vsd,Ed
            2B: MOVNTPS Mx,Vx         |MOVNTPD Mx,Vx    |-                      |-
            2C: CVTTPS2PI Pq,Wq       |CVTTPD2PI Pq,Wx  |CVTTSS2SI Gd,Wss       |CVTTSD2SI Gd,Wsd
            2D: CVTPS2PI Pq,Wq        |CVTPD2PI Pq,Wx   |CVTSS2SI Gd,Wss        |CVTSD2SI Gd,Wsd
            2E: UCOMISS Vss,Wss       |UCOMISD Vsd,Wsd  |-                      |-
            2F: COMISS Vss,Wss        |COMISD Vsd,Wsd   |-                      |-
            50: MOVMSKPS Gd,Ux        |MOVMSKPD Gd,Ux   |-                      |-
            51: SQRTPS Vx,Wx          |SQRTPD Vx,Wx     |SQRTSS Vss,Wss         |SQRTSD Vsd,Wsd
            52: RSQRTPS Vx,Wx         |-                |RSQRTSS Vss,Wss        |-
            53: RCPPS Vx,Wx           |-                |RCPSS Vss,Wss          |-
            54: ANDPS Vx,Wx           |ANDPD Vx,Wx      |-                      |-
            55: ANDNPS Vx,Wx          |ANDNPD Vx,Wx     |-                      |-
            56: ORPS Vx,Wx            |ORPD Vx,Wx       |-                      |-
            57: XORPS Vx,Wx           |XORPD Vx,Wx      |-                      |-
            58: ADDPS Vx,Wx           |ADDPD Vx,Wx      |ADDSS Vss,Wss          |ADDSD Vsd,Wsd
            59: MULPS Vx,Wx           |MULPD Vx,Wx      |MULSS Vss,Wss          |MULSD Vsd,Wsd
            5A: CVTPS2PD Vx,Wq SSE2   |CVTPD2PS Vx,Wx   |CVTSS2SD Vsd,Wss SSE2  |CVTSD2SS Vss,Wsd
            5B: CVTDQ2PS Vx,Wx SSE2   |CVTPS2DQ Vx,Wx   |CVTTPS2DQ Vx,Wx SSE2   |-
            5C: SUBPS Vx,Wx           |SUBPD Vx,Wx      |SUBSS Vss,Wss          |SUBSD Vsd,Wsd
            5D: MINPS Vx,Wx           |MINPD Vx,Wx      |MINSS Vss,Wss          |MINSD Vsd,Wsd
            5E: DIVPS Vx,Wx           |DIVPD Vx,Wx      |DIVSS Vss,Wss          |DIVSD Vsd,Wsd
            5F: MAXPS Vx,Wx           |MAXPD Vx,Wx      |MAXSS Vss,Wss          |MAXSD Vsd,Wsd
            C2: CMPPS Vx,Wx,Ib        |CMPPD Vx,Wx,Ib   |CMPSS Vss,Wss,Ib       |CMPSD Vsd,Wsd,Ib
            C6: SHUFPS Vx,Wx,Ib       |SHUFPD Vx,Wx,Ib  |-                      |-
            """;

    /** Without a prefix MMX, with one SSE2. */
    private static final String INTEGER =
            """
            60: PUNPCKLBW Pq,Qd       |PUNPCKLBW Vx,Wx  |-                      |-
            61: PUNPCKLWD Pq,Qd       |PUNPCKLWD Vx,Wx  |-                      |-
            62: PUNPCKLDQ Pq,Qd       |PUNPCKLDQ Vx,Wx  |-                      |-
            63: PACKSSWB Pq,Qq        |PACKSSWB Vx,Wx   |-                      |-
            64: PCMPGTB Pq,Qq         |PCMPGTB Vx,Wx    |-                      |-
            65: PCMPGTW Pq,Qq         |PCMPGTW Vx,Wx    |-                      |-
            66: PCMPGTD Pq,Qq         |PCMPGTD Vx,Wx    |-                      |-
            67: PACKUSWB Pq,Qq        |PACKUSWB Vx,Wx   |-                      |-
            68: PUNPCKHBW Pq,Qq       |PUNPCKHBW Vx,Wx  |-                      |-
            69: PUNPCKHWD Pq,Qq       |PUNPCKHWD Vx,Wx  |-                      |-
            6A: PUNPCKHDQ Pq,Qq       |PUNPCKHDQ Vx,Wx  |-                      |-
            6B: PACKSSDW Pq,Qq        |PACKSSDW Vx,Wx   |-                      |-
            6C: -                     |PUNPCKLQDQ Vx,Wx |-                      |-
            6D: -                     |PUNPCKHQDQ Vx,Wx |-                      |-
            6E: MOVD Pq,Ed            |MOVD Vx,Ed       |-                      |-
            6F: MOVQ Pq,Qq            |MOVDQA Vx,Wx     |MOVDQU Vx,Wx           |-
            70: PSHUFW Pq,Qq,Ib SSE   |PSHUFD Vx,Wx,Ib  |PSHUFHW Vx,Wx,Ib       |PSHUFLW Vx,Wx,Ib
            71: @12 Nq,Ib             |@12 Ux,Ib        |-                      |-
            72: @13 Nq,Ib             |@13 Ux,Ib        |-                      |-
            73: @14 Nq,Ib             |@14x Ux,Ib       |-                      |-
            74: PCMPEQB Pq,Qq         |PCMPEQB Vx,Wx    |-                      |-
            75: PCMPEQW Pq,Qq         |PCMPEQW Vx,Wx    |-                      |-
            76: PCMPEQD Pq,Qq         |PCMPEQD Vx,Wx    |-                      |-
            77: EMMS                  |-                |-                      |-
            7E: MOVD_FROM Ed,Pq       |MOVD_FROM Ed,Vx  |MOVQ_XMM Vq,Wq         |-
            7F: MOVQ Qq,Pq            |MOVDQA Wx,Vx     |MOVDQU Wx,Vx           |-
            C3: MOVNTI Md,Gd SSE2     |-                |-                      |-
            C4: PINSRW Pq,Mw,Ib/PINSRW Pq,Rd,Ib SSE|PINSRW Vx,Mw,Ib/PINSRW Vx,Rd,Ib|-|-
            C5: PEXTRW Gd,Nq,Ib SSE   |PEXTRW Gd,Ux,Ib  |-                      |-
            D1: PSRLW Pq,Qq           |PSRLW Vx,Wx      |-                      |-
            D2: PSRLD Pq,Qq           |PSRLD Vx,Wx      |-                      |-
            D3: PSRLQ Pq,Qq           |PSRLQ Vx,Wx      |-                      |-
            D4: PADDQ Pq,Qq SSE2      |PADDQ Vx,Wx      |-                      |-
            D5: PMULLW Pq,Qq          |PMULLW Vx,Wx     |-                      |-
            D6: -                     |MOVQ_XMM Wq,Vq   |MOVQ2DQ Vx,Nq          |MOVDQ2Q Pq,Uq
            D7: PMOVMSKB Gd,Nq SSE    |PMOVMSKB Gd,Ux   |-                      |-
            D8: PSUBUSB Pq,Qq         |PSUBUSB Vx,Wx    |-                      |-
            D9: PSUBUSW Pq,Qq         |PSUBUSW Vx,Wx    |-                      |-
            DA: PMINUB Pq,Qq SSE      |PMINUB Vx,Wx     |-                      |-
            DB: PAND Pq,Qq            |PAND Vx,Wx       |-                      |-
            DC: PADDUSB Pq,Qq         |PADDUSB Vx,Wx    |-                      |-
            DD: PADDUSW Pq,Qq         |PADDUSW Vx,Wx    |-                      |-
            DE: PMAXUB Pq,Qq SSE      |PMAXUB Vx,Wx     |-                      |-
            DF: PANDN Pq,Qq           |PANDN Vx,Wx      |-                      |-
            E0: PAVGB Pq,Qq SSE       |PAVGB Vx,Wx      |-                      |-
            E1: PSRAW Pq,Qq           |PSRAW Vx,Wx      |-                      |-
            E2: PSRAD Pq,Qq           |PSRAD Vx,Wx      |-                      |-
            E3: PAVGW Pq,Qq SSE       |PAVGW Vx,Wx      |-                      |-
            E4: PMULHUW Pq,Qq SSE     |PMULHUW Vx,Wx    |-                      |-
            E5: PMULHW Pq,Qq          |PMULHW Vx,Wx     |-                      |-
            E6: -                     |CVTTPD2DQ Vx,Wx  |CVTDQ2PD Vx,Wq         |CVTPD2DQ Vx,Wx
            E7: MOVNTQ Mq,Pq SSE      |MOVNTDQ Mx,Vx    |-                      |-
            E8: PSUBSB Pq,Qq          |PSUBSB Vx,Wx     |-                      |-
            E9: PSUBSW Pq,Qq          |PSUBSW Vx,Wx     |-                      |-
            EA: PMINSW Pq,Qq SSE      |PMINSW Vx,Wx     |-                      |-
            EB: POR Pq,Qq             |POR Vx,Wx        |-                      |-
            EC: PADDSB Pq,Qq          |PADDSB Vx,Wx     |-                      |-
            ED: PADDSW Pq,Qq          |PADDSW Vx,Wx     |-                      |-
            EE: PMAXSW Pq,Qq SSE      |PMAXSW Vx,Wx     |-                      |-
            EF: PXOR Pq,Qq            |PXOR Vx,Wx       |-                      |-
            F1: PSLLW Pq,Qq           |PSLLW Vx,Wx      |-                      |-
            F2: PSLLD Pq,Qq           |PSLLD Vx,Wx      |-                      |-
            F3: PSLLQ Pq,Qq           |PSLLQ Vx,Wx      |-                      |-
            F4: PMULUDQ Pq,Qq SSE2    |PMULUDQ Vx,Wx    |-                      |-
            F5: PMADDWD Pq,Qq         |PMADDWD Vx,Wx    |-                      |-
            F6: PSADBW Pq,Qq SSE      |PSADBW Vx,Wx     |-                      |-
            F7: MASKMOVQ Pq,Nq SSE    |MASKMOVDQU Vx,Ux |-                      |-
            F8: PSUBB Pq,Qq           |PSUBB Vx,Wx      |-                      |-
            F9: PSUBW Pq,Qq           |PSUBW Vx,Wx      |-                      |-
            FA: PSUBD Pq,Qq           |PSUBD Vx,Wx      |-                      |-
            FB: PSUBQ Pq,Qq SSE2      |PSUBQ Vx,Wx      |-                      |-
            FC: PADDB Pq,Qq           |PADDB Vx,Wx      |-                      |-
            FD: PADDW Pq,Qq           |PADDW Vx,Wx      |-                      |-
            FE: PADDD Pq,Qq           |PADDD Vx,Wx      |-                      |-
            """;

    private static final String[][] GROUPS = {
        {"@12", "-", "-", "PSRLW", "-", "PSRAW", "-", "PSLLW", "-"},
        {"@13", "-", "-", "PSRLD", "-", "PSRAD", "-", "PSLLD", "-"},
        {"@14", "-", "-", "PSRLQ", "-", "-", "-", "PSLLQ", "-"},
        {"@14x", "-", "-", "PSRLQ", "PSRLDQ", "-", "-", "PSLLQ", "PSLLDQ"},
    };

    /** No prefix, 66, F3 and F2, as the manual's tables have them. */
    private static final int COLUMNS = 4;

    private static final String[] PREFIXES = {"", "66 ", "F3 ", "F2 "};
    private static final int EMMS = 0x77;

    /** By the two-byte opcode's second byte, prefix, and reg and mod of the ModRM byte. */
    private static final Row[][][] ROWS = new Row[0x100][][];

    static {
        load(FLOAT, Feature.SSE, Feature.SSE2, Feature.SSE, Feature.SSE2);
        load(INTEGER, Feature.MMX, Feature.SSE2, Feature.SSE2, Feature.SSE2);
    }

    private static void load(String map, Feature... origins) {
        map.lines()
                .forEach(line -> {
                    int opcode = Integer.parseInt(line.substring(0, 2), 16);
                    String[] cells = line.substring(4).split("\\|");
                    ROWS[opcode] = new Row[COLUMNS][16];
                    for (int column = 0; column < COLUMNS; column++) {
                        String encoding = PREFIXES[column] + "0F " + line.substring(0, 2);
                        fill(
                                ROWS[opcode][column],
                                cells[column].strip(),
                                encoding,
                                origins[column]);
                    }
                });
    }

    /** Fills the sixteen places of a cell: by the reg field for memory, then for a register. */
    private static void fill(Row[] places, String text, String encoding, Feature column) {
        int last = text.lastIndexOf(" SSE");
        String cell = last < 0 ? text : text.substring(0, last);
        Feature origin = last < 0 ? column : Feature.valueOf(text.substring(last + 1));
        for (String[] group : GROUPS) {
            if (cell.startsWith(group[0] + " ")) {
                String operands = cell.substring(group[0].length());
                for (int reg = 0; reg < 8; reg++) {
                    Row row = row(group[reg + 1] + operands, encoding + " /" + reg, origin);
                    places[reg] = row;
                    places[8 + reg] = row;
                }
                return;
            }
        }
        int slash = cell.indexOf('/');
        Row memory = row(slash < 0 ? cell : cell.substring(0, slash), encoding, origin);
        Row register = slash < 0 ? memory : row(cell.substring(slash + 1), encoding, origin);
        Arrays.fill(places, 0, 8, memory);
        Arrays.fill(places, 8, 16, register);
    }

    private static Row row(String cell, String encoding, Feature origin) {
        return cell.startsWith("-") ? null : Row.parse(cell, encoding, origin, false);
    }

    /** Whether this opcode, of two-byte ones from 100, is of this table. */
    static boolean holds(int opcode) {
        return opcode >= 0x100 && ROWS[opcode & 0xFF] != null;
    }

    /** Whether the ModRM byte is part of an opcode of this table. */
    static boolean needsModRm(int opcode) {
        return holds(opcode) && opcode != 0x100 + EMMS;
    }

    /**
     * The row of an opcode of this table, or null.
     *
     * @param prefixes those of {@link Instruction#prefixes}; they come before 66
     * @param operandSize whether there is the prefix 66
     */
    static Row row(int opcode, int prefixes, boolean operandSize, int modRm) {
        int column =
                (prefixes & Instruction.REP) != 0
                        ? 2
                        : (prefixes & Instruction.REPNE) != 0 ? 3 : operandSize ? 1 : 0;
        return ROWS[opcode & 0xFF][column][(modRm >= 0xC0 ? 8 : 0) + (modRm >> 3 & 7)];
    }

    /** Every row once, in the order of encoding. */
    static List<Row> rows() {
        return Arrays.stream(ROWS)
                .filter(Objects::nonNull)
                .flatMap(Arrays::stream)
                .flatMap(places -> Stream.of(places).filter(Objects::nonNull))
                .distinct()
                .toList();
    }
}
