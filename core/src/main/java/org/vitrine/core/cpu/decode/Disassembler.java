package org.vitrine.core.cpu.decode;

import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Writes decoded instructions as NASM would read them, by the rows that the decoder found. */
public final class Disassembler {

    private Disassembler() {}

    private static final String[] REGISTERS_8 = {"al", "cl", "dl", "bl", "ah", "ch", "dh", "bh"};
    private static final String[] REGISTERS = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"};
    private static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs", "?6", "?7"};

    /** Mnemonics that depend on the operand size: 16, 32 and 64 bits. */
    private static final Map<Integer, String[]> BY_SIZE =
            Map.of(
                    Op.CBW, new String[] {"cbw", "cwde", "cdqe"},
                    Op.CWD, new String[] {"cwd", "cdq", "cqo"},
                    Op.PUSHA, new String[] {"pushaw", "pushad", "pushaq"},
                    Op.POPA, new String[] {"popaw", "popad", "popaq"},
                    Op.PUSHF, new String[] {"pushfw", "pushfd", "pushfq"},
                    Op.POPF, new String[] {"popfw", "popfd", "popfq"},
                    Op.IRET, new String[] {"iretw", "iretd", "iretq"});

    /**
     * An instruction in words.
     *
     * @param address the offset that the instruction is at, from which the targets of jumps are
     *     reckoned
     */
    public static String text(Instruction instruction, long address) {
        if (instruction.op == Op.UNDEFINED || instruction.op == Op.OVERLONG) {
            return mnemonic(instruction);
        }
        StringBuilder text = new StringBuilder();
        if ((instruction.prefixes & Instruction.LOCK) != 0) {
            text.append("lock ");
        }
        if ((instruction.prefixes & Instruction.REPNE) != 0) {
            text.append("repne ");
        }
        if ((instruction.prefixes & Instruction.REP) != 0) {
            text.append("rep ");
        }
        if (instruction.op >>> Op.GROUP_SHIFT == Op.STRING >>> Op.GROUP_SHIFT) {
            return text + string(instruction);
        }
        if (instruction.op == Op.XLAT && instruction.segment != 3) {
            text.append(SEGMENTS[instruction.segment]).append(' ');
        }
        text.append(mnemonic(instruction));
        StringJoiner operands = new StringJoiner(",");
        int number = 0;
        boolean immediate = false;
        for (Operand operand : instruction.row.operands()) {
            operands.add(operand(instruction, operand, number, immediate, address));
            immediate |= operand.kind() == Operand.Kind.IMMEDIATE;
            number++;
        }
        return number == 0 ? text.toString() : text + " " + operands;
    }

    private static String mnemonic(Instruction instruction) {
        String[] bySize = BY_SIZE.get(instruction.op);
        if (bySize != null) {
            return bySize[instruction.width == 2 ? 0 : instruction.width == 4 ? 1 : 2];
        }
        if (instruction.op == Op.JCXZ && instruction.addressMask != 0xFFFF) {
            return "jecxz";
        }
        String name = Op.name(instruction.op).toLowerCase(Locale.ROOT);
        int underscore = name.indexOf('_');
        return underscore < 0 ? name : name.substring(0, underscore);
    }

    private static String string(Instruction instruction) {
        int width = instruction.op == Op.OUTS ? instruction.sourceWidth : instruction.width;
        String suffixed = mnemonic(instruction) + suffix(width);
        boolean source =
                instruction.op == Op.MOVS
                        || instruction.op == Op.CMPS
                        || instruction.op == Op.LODS
                        || instruction.op == Op.OUTS;
        return source && instruction.segment != 3
                ? SEGMENTS[instruction.segment] + " " + suffixed
                : suffixed;
    }

    private static String suffix(int width) {
        return switch (width) {
            case 1 -> "b";
            case 2 -> "w";
            case 4 -> "d";
            default -> "q";
        };
    }

    private static String operand(
            Instruction i, Operand operand, int number, boolean immediate, long address) {
        int width = number == 0 ? i.width : i.sourceWidth;
        int register = number == 0 ? i.a : number == 1 ? i.b : i.c;
        int shift = number == 0 ? i.aShift : number == 1 ? i.bShift : 0;
        return switch (operand.kind()) {
            case RM, MEMORY ->
                    i.hasMemoryOperand()
                            ? memory(i, operand, width)
                            : register(register, shift, width);
            case REGISTER, REGISTER_RM, OPCODE_REGISTER, FIXED ->
                    register(register, shift, operand.size() == Operand.Size.BYTE ? 1 : width);
            case MMX_RM -> i.hasMemoryOperand() ? memory(i, operand, width) : "mm" + register;
            case MMX_REGISTER, MMX_REGISTER_RM -> "mm" + register;
            case XMM_RM -> i.hasMemoryOperand() ? memory(i, operand, width) : "xmm" + register;
            case XMM_REGISTER, XMM_REGISTER_RM -> "xmm" + register;
            case FLOATING_TOP, FLOATING -> "st" + register;
            case FIXED_SEGMENT, SEGMENT -> SEGMENTS[register];
            case CONTROL -> "cr" + register;
            case DEBUG -> "dr" + register;
            case IMMEDIATE -> hex(immediate ? i.immediate2 : i.immediate);
            case SIGNED_BYTE -> hex(i.immediate);
            case ONE -> "1";
            case RELATIVE -> hex(address + i.length + i.immediate & -1L >>> 64 - 8 * i.width);
            case OFFSET -> memory(i, operand, width);
            case FAR_POINTER -> hex(i.immediate2) + ":" + hex(i.immediate);
            case STRING_SOURCE, STRING_DESTINATION -> "";
        };
    }

    private static String register(int register, int shift, int width) {
        return switch (width) {
            case 1 -> REGISTERS_8[register + (shift == 8 ? 4 : 0)];
            case 2 -> REGISTERS[register];
            case 4 -> "e" + REGISTERS[register];
            default -> "r" + REGISTERS[register];
        };
    }

    private static String memory(Instruction i, Operand operand, int width) {
        StringBuilder text = new StringBuilder();
        switch (operand.size()) {
            case FAR -> text.append("far ");
            case TABLE, BOUNDS -> {}
            default -> {
                if (i.op != Op.LEA) {
                    text.append(
                            // A selector in memory is a word whatever the operand size.
                            switch (i.op == Op.MOV_FROMSEG ? 2 : width) {
                                case 1 -> "byte ";
                                case 2 -> "word ";
                                case 4 -> "dword ";
                                case 10 -> "tword ";
                                case 16 -> "oword ";
                                default -> "qword ";
                            });
                }
            }
        }
        text.append('[');
        if (i.segment != (i.base == 4 || i.base == 5 ? 2 : 3)) {
            text.append(SEGMENTS[i.segment]).append(':');
        }
        int addressWidth = Long.bitCount(i.addressMask) / 8;
        String plus = "";
        if (i.base != Instruction.ZERO) {
            text.append(register(i.base, 0, addressWidth));
            plus = "+";
        }
        if (i.index != Instruction.ZERO) {
            text.append(plus).append(register(i.index, 0, addressWidth));
            if (i.scale > 0) {
                text.append('*').append(1 << i.scale);
            }
            plus = "+";
        }
        if (plus.isEmpty()) {
            text.append(hex(i.displacement & i.addressMask));
        } else if (i.displacement != 0) {
            text.append(i.displacement < 0 ? "-" : "+").append(hex(Math.abs(i.displacement)));
        }
        return text.append(']').toString();
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
