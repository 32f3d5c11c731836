package org.vitrine.core.cpu.decode;

import java.util.EnumSet;
import java.util.Set;
import org.vitrine.core.cpu.model.Feature;

/**
 * Turns bytes into an {@link Instruction} by the {@link InstructionTable}. Knows no memory and no
 * registers: bytes in, instruction out. One thread at a time.
 */
public final class Decoder {

    /** The longest instruction (Intel SDM volume 2, section 2.3.11). */
    public static final int MAX_LENGTH = 15;

    /** The size of code: 16, 32 or 64 bits. */
    public enum Mode {
        CODE16(2),
        CODE32(4),
        CODE64(4);

        private final int operandSize;

        Mode(int operandSize) {
            this.operandSize = operandSize;
        }
    }

    private static final int ES = 0;
    private static final int CS = 1;
    private static final int SS = 2;
    private static final int DS = 3;
    private static final int FS = 4;
    private static final int GS = 5;

    private static final int EBX = 3;
    private static final int ESP = 4;
    private static final int EBP = 5;
    private static final int ESI = 6;
    private static final int EDI = 7;

    /** Base and index of 16-bit addressing by r/m (Intel SDM volume 2, table 2-1). */
    private static final int[] BASE_16 = {EBX, EBX, EBP, EBP, ESI, EDI, EBP, EBX};

    private static final int[] INDEX_16 = {
        ESI, EDI, ESI, EDI, Instruction.ZERO, Instruction.ZERO, Instruction.ZERO, Instruction.ZERO
    };

    private final Set<Feature> features;
    private byte[] code;
    private int at;
    private int end;
    private int modRm;
    private boolean modRmRead;
    private int overriding;

    /** Decodes what a processor with these features has; all else is no instruction. */
    public Decoder(Set<Feature> features) {
        this.features = features;
    }

    /** Decodes whatever any processor has, for people. */
    public Decoder() {
        this(EnumSet.allOf(Feature.class));
    }

    /**
     * Decodes one instruction.
     *
     * @param code where its bytes are
     * @param start the index of its first byte
     * @param end the index after the last byte that may be looked at
     * @return the instruction, or null when it needs more bytes than there are
     */
    public Instruction decode(byte[] code, int start, int end, Mode mode) {
        this.code = code;
        this.end = end;
        at = start;
        modRmRead = false;
        overriding = Instruction.NO_SEGMENT;

        int operandSize = mode.operandSize;
        int addressSize = operandSize;
        Instruction instruction = new Instruction();
        int opcode;
        prefixes:
        while (true) {
            opcode = next();
            switch (opcode) {
                case 0x26 -> overriding = ES;
                case 0x2E -> overriding = CS;
                case 0x36 -> overriding = SS;
                case 0x3E -> overriding = DS;
                case 0x64 -> overriding = FS;
                case 0x65 -> overriding = GS;
                case 0x66 -> operandSize = mode.operandSize ^ 6;
                case 0x67 -> addressSize = mode.operandSize ^ 6;
                case 0xF0 -> instruction.prefixes |= Instruction.LOCK;
                case 0xF2 ->
                        instruction.prefixes =
                                instruction.prefixes & ~Instruction.REP | Instruction.REPNE;
                case 0xF3 ->
                        instruction.prefixes =
                                instruction.prefixes & ~Instruction.REPNE | Instruction.REP;
                default -> {
                    break prefixes;
                }
            }
            if (at - start >= MAX_LENGTH) {
                // Prefixes alone fill it.
                at++;
                break;
            }
        }
        if (opcode == 0x0F) {
            opcode = 0x100 + next();
        }
        Row row;
        if (InstructionTable.takesPrefixes(opcode, instruction.prefixes)) {
            row =
                    InstructionTable.row(
                            opcode,
                            instruction.prefixes,
                            operandSize != mode.operandSize,
                            InstructionTable.needsModRm(opcode) ? modRm() : 0);
            instruction.prefixes &= Instruction.LOCK;
        } else {
            row =
                    InstructionTable.needsModRm(opcode)
                            ? InstructionTable.row(opcode, modRm())
                            : InstructionTable.row(opcode);
        }
        if (row.feature() != null && !features.contains(row.feature())) {
            row = InstructionTable.UNDEFINED;
        }
        instruction.opcode = opcode;
        instruction.addressMask = addressSize == 2 ? 0xFFFF : addressSize == 4 ? 0xFFFF_FFFFL : -1L;
        row = operands(row, instruction, operandSize, mode == Mode.CODE64);
        if ((instruction.prefixes & Instruction.LOCK) != 0 && !mayLock(row, instruction)) {
            row = InstructionTable.UNDEFINED;
        }
        if (at - start > MAX_LENGTH) {
            row = InstructionTable.OVERLONG;
        } else if (at > end) {
            return null;
        }
        instruction.row = row;
        instruction.op = row.op();
        instruction.group = row.op() >>> Op.GROUP_SHIFT;
        instruction.length = at - start;
        instruction.modRm = modRmRead ? modRm : 0;
        return instruction;
    }

    private static boolean mayLock(Row row, Instruction instruction) {
        return row.lockable()
                && (instruction.form == Instruction.MR || instruction.form == Instruction.MI);
    }

    private int next() {
        int value = at < end ? code[at] & 0xFF : 0;
        at++;
        return value;
    }

    private long unsigned(int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (long) next() << 8 * i;
        }
        return value;
    }

    private long signed(int bytes) {
        int shift = 64 - 8 * bytes;
        return unsigned(bytes) << shift >> shift;
    }

    private int modRm() {
        if (!modRmRead) {
            modRm = next();
            modRmRead = true;
        }
        return modRm;
    }

    private Row operands(Row row, Instruction instruction, int operandSize, boolean longMode) {
        if (row.modRm()) {
            modRm();
        }
        instruction.width = operandSize;
        instruction.sourceWidth = operandSize;
        boolean memory = false;
        boolean destinationInMemory = false;
        boolean immediate = false;
        int count = row.operands().size();
        for (int n = 0; n < count; n++) {
            Operand operand = row.operands().get(n);
            int bytes = operand.size().bytes(operandSize, longMode);
            // What an immediate is used with has the width of the operand before it.
            int width = n == 0 ? operandSize : instruction.width;
            switch (operand.kind()) {
                case RM, MEMORY, MMX_RM, XMM_RM -> {
                    width = bytes;
                    if (modRm >> 6 == 3) {
                        if (operand.kind() == Operand.Kind.MEMORY) {
                            return InstructionTable.UNDEFINED;
                        }
                        register(instruction, n, modRm & 7, bytes);
                    } else {
                        memory = true;
                        destinationInMemory = n == 0;
                        address(instruction);
                    }
                }
                case REGISTER_RM -> {
                    width = bytes;
                    register(instruction, n, modRm & 7, bytes);
                }
                case MMX_REGISTER_RM, XMM_REGISTER_RM -> {
                    width = bytes;
                    if (modRm >> 6 != 3) {
                        return InstructionTable.UNDEFINED;
                    }
                    register(instruction, n, modRm & 7, bytes);
                }
                case REGISTER, MMX_REGISTER, XMM_REGISTER -> {
                    width = bytes;
                    register(instruction, n, modRm >> 3 & 7, bytes);
                }
                case SEGMENT, CONTROL, DEBUG -> {
                    width = operand.kind() == Operand.Kind.SEGMENT ? 2 : bytes;
                    register(instruction, n, modRm >> 3 & 7, 4);
                }
                case OPCODE_REGISTER -> {
                    width = bytes;
                    register(instruction, n, instruction.opcode & 7, bytes);
                }
                case FIXED -> {
                    width = bytes;
                    register(instruction, n, operand.register(), bytes);
                }
                case FLOATING_TOP -> register(instruction, n, 0, bytes);
                case FLOATING -> register(instruction, n, modRm & 7, bytes);
                case FIXED_SEGMENT -> register(instruction, n, operand.register(), 4);
                case IMMEDIATE -> {
                    // A 64-bit operation has a 32-bit immediate, sign-extended.
                    long value = unsigned(bytes);
                    if (immediate) {
                        instruction.immediate2 = (int) value;
                    } else {
                        instruction.immediate = bytes == 4 && width == 8 ? (int) value : value;
                    }
                    immediate = true;
                }
                case SIGNED_BYTE -> {
                    instruction.immediate = signed(1) & -1L >>> 64 - 8 * width;
                    immediate = true;
                }
                case ONE -> {
                    instruction.immediate = 1;
                    immediate = true;
                }
                case RELATIVE -> {
                    instruction.immediate = signed(bytes);
                    immediate = true;
                }
                case OFFSET -> {
                    width = bytes;
                    memory = true;
                    destinationInMemory = n == 0;
                    instruction.segment = overridden(DS);
                    instruction.displacement = unsigned(Long.bitCount(instruction.addressMask) / 8);
                }
                case FAR_POINTER -> {
                    instruction.immediate = unsigned(operandSize);
                    instruction.immediate2 = (int) unsigned(2);
                    immediate = true;
                }
                case STRING_SOURCE, STRING_DESTINATION -> {
                    width = bytes;
                    instruction.segment = overridden(DS);
                }
            }
            if (n == 0) {
                instruction.width = width;
            } else if (n == 1) {
                instruction.sourceWidth = width;
            }
        }
        if (memory) {
            instruction.form =
                    !destinationInMemory
                            ? Instruction.RM
                            : immediate ? Instruction.MI : Instruction.MR;
        } else {
            instruction.form = immediate ? Instruction.RI : Instruction.RR;
        }
        if (row.op() == Op.XLAT || row.op() == Op.MASKMOVQ || row.op() == Op.MASKMOVDQU) {
            instruction.segment = overridden(DS);
        }
        return row;
    }

    private static void register(Instruction instruction, int operand, int number, int bytes) {
        boolean high = bytes == 1 && number >= 4;
        int register = high ? number - 4 : number;
        int shift = high ? 8 : 0;
        switch (operand) {
            case 0 -> {
                instruction.a = register;
                instruction.aShift = shift;
            }
            case 1 -> {
                instruction.b = register;
                instruction.bShift = shift;
            }
            default -> instruction.c = register;
        }
    }

    private int overridden(int segment) {
        return overriding != Instruction.NO_SEGMENT ? overriding : segment;
    }

    private void address(Instruction instruction) {
        int mod = modRm >> 6;
        int rm = modRm & 7;
        if (instruction.addressMask == 0xFFFF) {
            if (mod == 0 && rm == 6) {
                instruction.displacement = unsigned(2);
                instruction.segment = overridden(DS);
                return;
            }
            instruction.base = BASE_16[rm];
            instruction.index = INDEX_16[rm];
            instruction.displacement = mod == 1 ? signed(1) : mod == 2 ? signed(2) : 0;
        } else {
            int base = rm;
            if (rm == ESP) {
                int sib = next();
                base = sib & 7;
                if ((sib >> 3 & 7) != ESP) {
                    instruction.index = sib >> 3 & 7;
                    instruction.scale = sib >> 6;
                }
            }
            if (mod == 0 && base == EBP) {
                instruction.displacement = signed(4);
                instruction.segment = overridden(DS);
                return;
            }
            instruction.base = base;
            instruction.displacement = mod == 1 ? signed(1) : mod == 2 ? signed(4) : 0;
        }
        instruction.segment =
                overridden(instruction.base == EBP || instruction.base == ESP ? SS : DS);
    }
}
