package org.vitrine.core.cpu.decode;

import java.util.List;

/**
 * Where an operand comes from and how wide it is, in the notation of the manual's opcode maps
 * (Intel SDM volume 2, appendix A.2), such as {@code Eb} or {@code Gv}. Ours are {@code Zv} for a
 * register in the opcode's low bits, and {@code Is} for a byte that is sign-extended to the operand
 * size. The manual's {@code Vps}, {@code Vpd} and {@code Vdq} are all {@code Vx} here.
 *
 * @param register the register's number when the kind is a fixed one
 */
record Operand(Kind kind, Size size, int register) {

    enum Kind {
        /** E: register or memory by the ModRM byte. */
        RM,
        /** M: memory by the ModRM byte; a register there is no instruction. */
        MEMORY,
        /** R: the register that the ModRM byte's r/m names, whatever its mod says. */
        REGISTER_RM,
        /** G. */
        REGISTER,
        /** Z. */
        OPCODE_REGISTER,
        /** AL, CL, DX, rAX. */
        FIXED,
        /** ST0: the top of the floating-point stack. */
        FLOATING_TOP,
        /** STi: the register of that stack that the ModRM byte's r/m names. */
        FLOATING,
        /** Q: MMX register or memory by the ModRM byte. */
        MMX_RM,
        /** N: the MMX register that r/m names; memory there is no instruction. */
        MMX_REGISTER_RM,
        /** P. */
        MMX_REGISTER,
        /** W: XMM register or memory by the ModRM byte. */
        XMM_RM,
        /** U: the XMM register that r/m names; memory there is no instruction. */
        XMM_REGISTER_RM,
        /** V. */
        XMM_REGISTER,
        /** ES to GS, in the opcode. */
        FIXED_SEGMENT,
        /** S. */
        SEGMENT,
        /** C. */
        CONTROL,
        /** D. */
        DEBUG,
        /** I. */
        IMMEDIATE,
        /** Is. */
        SIGNED_BYTE,
        /** The number one. */
        ONE,
        /** J: a distance from the next instruction. */
        RELATIVE,
        /** O: an offset in the instruction. */
        OFFSET,
        /** A: selector and offset in the instruction. */
        FAR_POINTER,
        /** X: DS:rSI. */
        STRING_SOURCE,
        /** Y: ES:rDI. */
        STRING_DESTINATION
    }

    enum Size {
        NONE,
        /** b. */
        BYTE,
        /** w. */
        WORD,
        /** d. */
        DWORD,
        /** q. */
        QWORD,
        /** t: the 80 bits of a floating-point register. */
        TEN_BYTES,
        /** x: 128 bits. */
        OWORD,
        /** v: 16, 32 or 64 bits by the operand size. */
        OPERAND,
        /** z: 16 bits, or 32 when the operand size is more. */
        OPERAND_32,
        /** y: 32 bits, or 64 in 64-bit mode. */
        NATIVE,
        /** p: a far pointer. */
        FAR,
        /** a: a pair of bounds. */
        BOUNDS,
        /** s: a descriptor table's limit and base. */
        TABLE;

        /**
         * Bytes, for this operand size in bytes; sizes that are no number count as the operand
         * size.
         */
        int bytes(int operandSize, boolean longMode) {
            return switch (this) {
                case BYTE -> 1;
                case WORD -> 2;
                case DWORD -> 4;
                case QWORD -> 8;
                case TEN_BYTES -> 10;
                case OWORD -> 16;
                case OPERAND_32 -> Math.min(operandSize, 4);
                case NATIVE -> longMode ? 8 : 4;
                case OPERAND, NONE, FAR, BOUNDS, TABLE -> operandSize;
            };
        }
    }

    private static final List<String> SEGMENTS = List.of("ES", "CS", "SS", "DS", "FS", "GS");

    static Operand parse(String text) {
        switch (text) {
            case "AL" -> {
                return new Operand(Kind.FIXED, Size.BYTE, 0);
            }
            case "CL" -> {
                return new Operand(Kind.FIXED, Size.BYTE, 1);
            }
            case "DX" -> {
                return new Operand(Kind.FIXED, Size.WORD, 2);
            }
            case "AX" -> {
                return new Operand(Kind.FIXED, Size.WORD, 0);
            }
            case "ST0" -> {
                return new Operand(Kind.FLOATING_TOP, Size.NONE, 0);
            }
            case "STi" -> {
                return new Operand(Kind.FLOATING, Size.NONE, 0);
            }
            case "rAX" -> {
                return new Operand(Kind.FIXED, Size.OPERAND, 0);
            }
            case "eAX" -> {
                return new Operand(Kind.FIXED, Size.OPERAND_32, 0);
            }
            case "1" -> {
                return new Operand(Kind.ONE, Size.NONE, 0);
            }
            case "Is" -> {
                return new Operand(Kind.SIGNED_BYTE, Size.BYTE, 0);
            }
            default -> {
                // In the notation of letters, below.
            }
        }
        if (SEGMENTS.contains(text)) {
            return new Operand(Kind.FIXED_SEGMENT, Size.NONE, SEGMENTS.indexOf(text));
        }
        if (text.length() < 2) {
            throw new IllegalArgumentException("no operand is written " + text);
        }
        Kind kind =
                switch (text.charAt(0)) {
                    case 'E' -> Kind.RM;
                    case 'M' -> Kind.MEMORY;
                    case 'R' -> Kind.REGISTER_RM;
                    case 'G' -> Kind.REGISTER;
                    case 'Z' -> Kind.OPCODE_REGISTER;
                    case 'Q' -> Kind.MMX_RM;
                    case 'N' -> Kind.MMX_REGISTER_RM;
                    case 'P' -> Kind.MMX_REGISTER;
                    case 'W' -> Kind.XMM_RM;
                    case 'U' -> Kind.XMM_REGISTER_RM;
                    case 'V' -> Kind.XMM_REGISTER;
                    case 'S' -> Kind.SEGMENT;
                    case 'C' -> Kind.CONTROL;
                    case 'D' -> Kind.DEBUG;
                    case 'I' -> Kind.IMMEDIATE;
                    case 'J' -> Kind.RELATIVE;
                    case 'O' -> Kind.OFFSET;
                    case 'A' -> Kind.FAR_POINTER;
                    case 'X' -> Kind.STRING_SOURCE;
                    case 'Y' -> Kind.STRING_DESTINATION;
                    default -> throw new IllegalArgumentException("no operand is written " + text);
                };
        Size size =
                switch (text.substring(1)) {
                    case "b" -> Size.BYTE;
                    case "w" -> Size.WORD;
                    case "d", "ss" -> Size.DWORD;
                    case "q", "sd" -> Size.QWORD;
                    case "t" -> Size.TEN_BYTES;
                    case "x" -> Size.OWORD;
                    case "v" -> Size.OPERAND;
                    case "z" -> Size.OPERAND_32;
                    case "y" -> Size.NATIVE;
                    case "p" -> Size.FAR;
                    case "a" -> Size.BOUNDS;
                    case "s" -> Size.TABLE;
                    default -> throw new IllegalArgumentException("no operand is written " + text);
                };
        return new Operand(kind, size, 0);
    }

    boolean needsModRm() {
        return switch (kind) {
            case RM, MEMORY, REGISTER_RM, REGISTER, FLOATING, SEGMENT, CONTROL, DEBUG -> true;
            case MMX_RM, MMX_REGISTER_RM, MMX_REGISTER -> true;
            case XMM_RM, XMM_REGISTER_RM, XMM_REGISTER -> true;
            default -> false;
        };
    }
}
