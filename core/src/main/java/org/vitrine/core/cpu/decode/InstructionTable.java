package org.vitrine.core.cpu.decode;

import java.util.ArrayList;
import java.util.List;

/**
 * The instruction set, laid out as the opcode maps of the manual are (Intel SDM volume 2, appendix
 * A.3): eight opcodes a line. The decoder, the disassembler and the tests all read this table.
 *
 * <p>A cell is an operation of {@link Op} and its operands ({@link Operand}); {@code @N} names a
 * group of eight that the ModRM byte's reg field selects from, whose members have the cell's
 * operands unless they have their own. A slash in a member parts what it is with a memory operand
 * from what it is with a register.
 */
final class InstructionTable {

    private InstructionTable() {}

    /** The cell of a prefix byte or of the escape to the second map. */
    private static final String PREFIX = "prefix";

    /** The cell of an escape to the floating-point unit: {@link FloatingPointTable} goes on. */
    private static final String ESCAPE = "escape";

    /** The cell of what depends on more prefixes: {@link SimdTable} goes on. */
    private static final String SIMD = "simd";

    /** The cell of what is no instruction. */
    private static final String NOTHING = "-";

    private static final String ONE_BYTE =
            """
            00: ADD Eb,Gb  |ADD Ev,Gv  |ADD Gb,Eb  |ADD Gv,Ev  |ADD AL,Ib  |ADD rAX,Iz |PUSH_SEG ES|POP_SEG ES
            08: OR Eb,Gb   |OR Ev,Gv   |OR Gb,Eb   |OR Gv,Ev   |OR AL,Ib   |OR rAX,Iz  |PUSH_SEG CS|prefix
            10: ADC Eb,Gb  |ADC Ev,Gv  |ADC Gb,Eb  |ADC Gv,Ev  |ADC AL,Ib  |ADC rAX,Iz |PUSH_SEG SS|POP_SEG SS
            18: SBB Eb,Gb  |SBB Ev,Gv  |SBB Gb,Eb  |SBB Gv,Ev  |SBB AL,Ib  |SBB rAX,Iz |PUSH_SEG DS|POP_SEG DS
            20: AND Eb,Gb  |AND Ev,Gv  |AND Gb,Eb  |AND Gv,Ev  |AND AL,Ib  |AND rAX,Iz |prefix     |DAA
            28: SUB Eb,Gb  |SUB Ev,Gv  |SUB Gb,Eb  |SUB Gv,Ev  |SUB AL,Ib  |SUB rAX,Iz |prefix     |DAS
            30: XOR Eb,Gb  |XOR Ev,Gv  |XOR Gb,Eb  |XOR Gv,Ev  |XOR AL,Ib  |XOR rAX,Iz |prefix     |AAA
            38: CMP Eb,Gb  |CMP Ev,Gv  |CMP Gb,Eb  |CMP Gv,Ev  |CMP AL,Ib  |CMP rAX,Iz |prefix     |AAS
            40: INC Zv     |INC Zv     |INC Zv     |INC Zv     |INC Zv     |INC Zv     |INC Zv     |INC Zv
            48: DEC Zv     |DEC Zv     |DEC Zv     |DEC Zv     |DEC Zv     |DEC Zv     |DEC Zv     |DEC Zv
            50: PUSH Zv    |PUSH Zv    |PUSH Zv    |PUSH Zv    |PUSH Zv    |PUSH Zv    |PUSH Zv    |PUSH Zv
            58: POP Zv     |POP Zv     |POP Zv     |POP Zv     |POP Zv     |POP Zv     |POP Zv     |POP Zv
            60: PUSHA      |POPA       |BOUND Gv,Ma|ARPL Ew,Gw |prefix     |prefix     |prefix     |prefix
            68: PUSH Iz   |IMUL_LOW Gv,Ev,Iz|PUSH Is   |IMUL_LOW Gv,Ev,Is|INS Yb,DX |INS Yz,DX |OUTS DX,Xb|OUTS DX,Xz
            70: JO Jb      |JNO Jb     |JB Jb      |JAE Jb     |JE Jb      |JNE Jb     |JBE Jb     |JA Jb
            78: JS Jb      |JNS Jb     |JP Jb      |JNP Jb     |JL Jb      |JGE Jb     |JLE Jb     |JG Jb
            80: @1 Eb,Ib   |@1 Ev,Iz   |@1 Eb,Ib   |@1 Ev,Is   |TEST Eb,Gb |TEST Ev,Gv |XCHG Eb,Gb |XCHG Ev,Gv
            88: MOV Eb,Gb |MOV Ev,Gv |MOV Gb,Eb |MOV Gv,Ev |MOV_FROMSEG Ev,Sw|LEA Gv,Mv |MOV_SEG Sw,Ew|@1A
            90: NOP        |XCHG Zv,rAX|XCHG Zv,rAX|XCHG Zv,rAX|XCHG Zv,rAX|XCHG Zv,rAX|XCHG Zv,rAX|XCHG Zv,rAX
            98: CBW        |CWD        |CALL_FAR Ap|FWAIT      |PUSHF      |POPF       |SAHF       |LAHF
            A0: MOV AL,Ob  |MOV rAX,Ov |MOV Ob,AL  |MOV Ov,rAX |MOVS Yb,Xb |MOVS Yv,Xv |CMPS Xb,Yb |CMPS Xv,Yv
            A8: TEST AL,Ib |TEST rAX,Iz|STOS Yb,AL |STOS Yv,rAX|LODS AL,Xb |LODS rAX,Xv|SCAS AL,Yb |SCAS rAX,Yv
            B0: MOV Zb,Ib  |MOV Zb,Ib  |MOV Zb,Ib  |MOV Zb,Ib  |MOV Zb,Ib  |MOV Zb,Ib  |MOV Zb,Ib  |MOV Zb,Ib
            B8: MOV Zv,Iv  |MOV Zv,Iv  |MOV Zv,Iv  |MOV Zv,Iv  |MOV Zv,Iv  |MOV Zv,Iv  |MOV Zv,Iv  |MOV Zv,Iv
            C0: @2 Eb,Ib   |@2 Ev,Ib   |RET Iw     |RET        |LES Gv,Mp  |LDS Gv,Mp  |@11 Eb,Ib  |@11 Ev,Iz
            C8: ENTER Iw,Ib|LEAVE      |RETF Iw    |RETF       |INT3       |INT Ib     |INTO       |IRET
            D0: @2 Eb,1    |@2 Ev,1    |@2 Eb,CL   |@2 Ev,CL   |AAM Ib     |AAD Ib     |SALC       |XLAT
            D8: escape     |escape     |escape     |escape     |escape     |escape     |escape     |escape
            E0: LOOPNE Jb  |LOOPE Jb   |LOOP Jb    |JCXZ Jb    |IN AL,Ib   |IN eAX,Ib  |OUT Ib,AL  |OUT Ib,eAX
            E8: CALL Jz    |JMP Jz     |JMP_FAR Ap |JMP Jb     |IN AL,DX   |IN eAX,DX  |OUT DX,AL  |OUT DX,eAX
            F0: prefix     |INT1       |prefix     |prefix     |HLT        |CMC        |@3b        |@3v
            F8: CLC        |STC        |CLI        |STI        |CLD        |STD        |@4         |@5
            """;

    private static final String TWO_BYTE =
            """
            00: @6         |@7         |LAR Gv,Ew  |LSL Gv,Ew  |-          |-          |CLTS       |-
            08: INVD       |WBINVD     |-          |UD2        |-          |-          |-          |-
            10: simd       |simd       |simd       |simd       |simd       |simd       |simd       |simd
            18: @16        |NOP_LONG Ev|NOP_LONG Ev|NOP_LONG Ev|NOP_LONG Ev|NOP_LONG Ev|NOP_LONG Ev|NOP_LONG Ev
            20: MOV_FROMCR Ry,Cy|MOV_FROMDR Ry,Dy|MOV_CR Cy,Ry|MOV_DR Dy,Ry|-        |-        |-        |-
            28: simd       |simd       |simd       |simd       |simd       |simd       |simd       |simd
            30: WRMSR      |RDTSC      |RDMSR      |RDPMC      |SYSENTER   |SYSEXIT    |-          |-
            38: -          |-          |-          |-          |-          |-          |-          |-
            40: CMOVO Gv,Ev|CMOVNO Gv,Ev|CMOVB Gv,Ev|CMOVAE Gv,Ev|CMOVE Gv,Ev|CMOVNE Gv,Ev|CMOVBE Gv,Ev|CMOVA Gv,Ev
            48: CMOVS Gv,Ev|CMOVNS Gv,Ev|CMOVP Gv,Ev|CMOVNP Gv,Ev|CMOVL Gv,Ev|CMOVGE Gv,Ev|CMOVLE Gv,Ev|CMOVG Gv,Ev
            50: simd       |simd       |simd       |simd       |simd       |simd       |simd       |simd
            58: simd       |simd       |simd       |simd       |simd       |simd       |simd       |simd
            60: simd       |simd       |simd       |simd       |simd       |simd       |simd       |simd
            68: simd       |simd       |simd       |simd       |simd       |simd       |simd       |simd
            70: simd       |simd       |simd       |simd       |simd       |simd       |simd       |simd
            78: -          |-          |-          |-          |-          |-          |simd       |simd
            80: JO Jz      |JNO Jz     |JB Jz      |JAE Jz     |JE Jz      |JNE Jz     |JBE Jz     |JA Jz
            88: JS Jz      |JNS Jz     |JP Jz      |JNP Jz     |JL Jz      |JGE Jz     |JLE Jz     |JG Jz
            90: SETO Eb    |SETNO Eb   |SETB Eb    |SETAE Eb   |SETE Eb    |SETNE Eb   |SETBE Eb   |SETA Eb
            98: SETS Eb    |SETNS Eb   |SETP Eb    |SETNP Eb   |SETL Eb    |SETGE Eb   |SETLE Eb   |SETG Eb
            A0: PUSH_SEG FS|POP_SEG FS |CPUID      |BT Ev,Gv   |SHLD Ev,Gv,Ib|SHLD Ev,Gv,CL|-          |-
            A8: PUSH_SEG GS|POP_SEG GS |-          |BTS Ev,Gv  |SHRD Ev,Gv,Ib|SHRD Ev,Gv,CL|@15        |IMUL_LOW Gv,Ev
            B0: CMPXCHG Eb,Gb|CMPXCHG Ev,Gv|LSS Gv,Mp  |BTR Ev,Gv  |LFS Gv,Mp  |LGS Gv,Mp  |MOVZX Gv,Eb|MOVZX Gv,Ew
            B8: -          |UNDEFINED Gv,Ev|@8 Ev,Ib   |BTC Ev,Gv  |BSF Gv,Ev  |BSR Gv,Ev  |MOVSX Gv,Eb|MOVSX Gv,Ew
            C0: XADD Eb,Gb |XADD Ev,Gv |simd       |simd       |simd       |simd       |simd       |@9
            C8: BSWAP Zv   |BSWAP Zv   |BSWAP Zv   |BSWAP Zv   |BSWAP Zv   |BSWAP Zv   |BSWAP Zv   |BSWAP Zv
            D0: -          |simd       |simd       |simd       |simd       |simd       |simd       |simd
            D8: simd       |simd       |simd       |simd       |simd       |simd       |simd       |simd
            E0: simd       |simd       |simd       |simd       |simd       |simd       |simd       |simd
            E8: simd       |simd       |simd       |simd       |simd       |simd       |simd       |simd
            F0: -          |simd       |simd       |simd       |simd       |simd       |simd       |simd
            F8: simd       |simd       |simd       |simd       |simd       |simd       |simd       |-
            """;

    private static final String[][] GROUPS = {
        {"@1", "ADD", "OR", "ADC", "SBB", "AND", "SUB", "XOR", "CMP"},
        {"@1A", "POP Ev", "", "", "", "", "", "", ""},
        {"@2", "ROL", "ROR", "RCL", "RCR", "SHL", "SHR", "SHL_ALIAS", "SAR"},
        {
            "@3b",
            "TEST Eb,Ib",
            "TEST Eb,Ib",
            "NOT Eb",
            "NEG Eb",
            "MUL Eb",
            "IMUL Eb",
            "DIV Eb",
            "IDIV Eb"
        },
        {
            "@3v",
            "TEST Ev,Iz",
            "TEST Ev,Iz",
            "NOT Ev",
            "NEG Ev",
            "MUL Ev",
            "IMUL Ev",
            "DIV Ev",
            "IDIV Ev"
        },
        {"@4", "INC Eb", "DEC Eb", "", "", "", "", "", ""},
        {
            "@5",
            "INC Ev",
            "DEC Ev",
            "CALL_ABS Ev",
            "CALL_FAR Mp",
            "JMP_ABS Ev",
            "JMP_FAR Mp",
            "PUSH Ev",
            ""
        },
        {"@6", "SLDT Ev", "STR Ev", "LLDT Ew", "LTR Ew", "VERR Ew", "VERW Ew", "", ""},
        {"@7", "SGDT Ms", "SIDT Ms", "LGDT Ms", "LIDT Ms", "SMSW Ev", "", "LMSW Ew", "INVLPG Mb"},
        {"@8", "", "", "", "", "BT", "BTS", "BTR", "BTC"},
        {"@9", "", "CMPXCHG8B Mq", "", "", "", "", "", ""},
        {"@11", "MOV", "", "", "", "", "", "", ""},
        {
            "@15",
            "FXSAVE Ms",
            "FXRSTOR Ms",
            "LDMXCSR Md",
            "STMXCSR Md",
            "",
            "/LFENCE",
            "/MFENCE",
            "CLFLUSH Mb/SFENCE"
        },
        {
            "@16",
            "PREFETCHNTA Mb/NOP_LONG Ev",
            "PREFETCHT0 Mb/NOP_LONG Ev",
            "PREFETCHT1 Mb/NOP_LONG Ev",
            "PREFETCHT2 Mb/NOP_LONG Ev",
            "NOP_LONG Ev",
            "NOP_LONG Ev",
            "NOP_LONG Ev",
            "NOP_LONG Ev"
        },
    };

    /** What an encoding is that no cell names. */
    static final Row UNDEFINED = Row.parse("UNDEFINED", "", false);

    /** The same for escapes, which have a ModRM byte whatever they are. */
    private static final Row UNDEFINED_ESCAPE = Row.parse("UNDEFINED Ev", "", true);

    /** What an instruction of more than fifteen bytes is. */
    static final Row OVERLONG = Row.parse("OVERLONG", "", false);

    /** One-byte opcodes at 0 to FF, two-byte ones from 100; null where a group stands. */
    private static final Row[] ROWS = new Row[0x200];

    /** The only one-byte opcode that a prefix makes another instruction. */
    private static final Row PAUSE = Row.parse("PAUSE", "F3 90", false);

    private static final int NOP = 0x90;

    /** The groups' members by opcode: eight with a memory operand, eight with a register. */
    private static final Row[][] MEMBERS = new Row[0x200][];

    static {
        load(ONE_BYTE, 0, "%02X");
        load(TWO_BYTE, 0x100, "0F %02X");
    }

    private static void load(String map, int base, String format) {
        List<String> lines = map.lines().toList();
        for (int opcode = 0; opcode < 0x100; opcode++) {
            // Each line begins with its first opcode.
            String cell = lines.get(opcode >> 3).substring(4).split("\\|")[opcode & 7].strip();
            String encoding = String.format(format, opcode);
            if (cell.startsWith("@")) {
                MEMBERS[base + opcode] = group(cell, encoding);
            } else if (cell.equals(NOTHING)
                    || cell.equals(PREFIX)
                    || cell.equals(ESCAPE)
                    || cell.equals(SIMD)) {
                ROWS[base + opcode] = UNDEFINED;
            } else {
                ROWS[base + opcode] = Row.parse(cell, encoding, false);
            }
        }
    }

    private static Row[] group(String cell, String encoding) {
        String[] parts = cell.split(" ");
        for (String[] group : GROUPS) {
            if (group[0].equals(parts[0])) {
                Row[] members = new Row[16];
                for (int n = 0; n < 8; n++) {
                    String text = group[n + 1];
                    int slash = text.indexOf('/');
                    if (parts.length > 1 && !text.isEmpty() && !text.contains(" ")) {
                        text += " " + parts[1];
                    }
                    String place = encoding + " /" + n;
                    members[n] = member(slash < 0 ? text : text.substring(0, slash), place);
                    members[8 + n] =
                            slash < 0 ? members[n] : member(text.substring(slash + 1), place);
                }
                return members;
            }
        }
        throw new IllegalStateException("no group is named " + cell);
    }

    private static Row member(String text, String encoding) {
        return text.isEmpty() ? UNDEFINED : Row.parse(text, encoding, true);
    }

    /** Whether the ModRM byte is part of this opcode (two-byte ones from 100). */
    static boolean needsModRm(int opcode) {
        return MEMBERS[opcode] != null
                || FloatingPointTable.isEscape(opcode)
                || SimdTable.needsModRm(opcode);
    }

    /**
     * Whether 66, F3 and F2 before this opcode are part of it, and so neither choose an operand
     * size nor repeat anything.
     */
    static boolean takesPrefixes(int opcode, int prefixes) {
        return SimdTable.holds(opcode) || opcode == NOP && (prefixes & Instruction.REP) != 0;
    }

    /** The row of an opcode that prefixes are part of. */
    static Row row(int opcode, int prefixes, boolean operandSize, int modRm) {
        if (opcode == NOP) {
            return PAUSE;
        }
        Row row = SimdTable.row(opcode, prefixes, operandSize, modRm);
        return row != null ? row : UNDEFINED;
    }

    /** The row of an opcode that the ModRM byte is no part of. */
    static Row row(int opcode) {
        return ROWS[opcode];
    }

    /** The row of an opcode that the ModRM byte is part of. */
    static Row row(int opcode, int modRm) {
        if (!FloatingPointTable.isEscape(opcode)) {
            return MEMBERS[opcode][(modRm >= 0xC0 ? 8 : 0) + (modRm >> 3 & 7)];
        }
        Row row = FloatingPointTable.row(opcode, modRm);
        return row != null ? row : UNDEFINED_ESCAPE;
    }

    /** Every instruction there is, in the order of encoding. */
    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (int opcode = 0; opcode < ROWS.length; opcode++) {
            for (Row row : MEMBERS[opcode] != null ? MEMBERS[opcode] : new Row[] {ROWS[opcode]}) {
                if (row != UNDEFINED && !rows.contains(row)) {
                    rows.add(row);
                }
            }
        }
        rows.add(PAUSE);
        rows.addAll(SimdTable.rows());
        rows.addAll(FloatingPointTable.rows());
        return rows;
    }
}
