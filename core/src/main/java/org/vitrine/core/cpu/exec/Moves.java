package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.state.Registers.EAX;
import static org.vitrine.core.cpu.state.Registers.EBX;
import static org.vitrine.core.cpu.state.Registers.EDX;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** Data movement that touches neither the stack nor a segment register, and the single flags. */
final class Moves {

    private Moves() {}

    static void execute(Registers r, Mmu m, Instruction i) {
        int op = i.op;
        switch (op) {
            case Op.MOV -> Operands.setFirst(r, m, i, Operands.second(r, m, i));
            case Op.MOVZX -> r.set(i.a, 0, i.width, Operands.second(r, m, i));
            case Op.MOVSX ->
                    r.set(
                            i.a,
                            0,
                            i.width,
                            Operands.signed(Operands.second(r, m, i), i.sourceWidth)
                                    & Operands.mask(i.width));
            case Op.XCHG -> exchange(r, m, i);
            case Op.LEA -> r.set(i.a, 0, i.width, Operands.address(r, i) & Operands.mask(i.width));
            case Op.XLAT ->
                    r.set(
                            EAX,
                            0,
                            1,
                            m.load8(i.segment, r.gpr[EBX] + (r.gpr[EAX] & 0xFF) & i.addressMask));
            case Op.CBW ->
                    r.set(
                            EAX,
                            0,
                            i.width,
                            Operands.signed(r.gpr[EAX], i.width / 2) & Operands.mask(i.width));
            case Op.CWD ->
                    r.set(
                            EDX,
                            0,
                            i.width,
                            Operands.signed(r.gpr[EAX], i.width) >> 63 & Operands.mask(i.width));
            case Op.BSWAP -> swapBytes(r, i);
            case Op.NOP, Op.NOP_LONG, Op.PAUSE -> {}
            default -> {
                if (op >= Op.CMOVCC) {
                    // The source is read, and may fault, whether or not it is moved.
                    long value = Operands.second(r, m, i);
                    boolean moved = r.condition(op - Op.CMOVCC);
                    r.set(i.a, 0, i.width, moved ? value : r.get(i.a, 0, i.width));
                } else if (op >= Op.SETCC) {
                    Operands.setFirst(r, m, i, r.condition(op - Op.SETCC) ? 1 : 0);
                } else {
                    flags(r, op);
                }
            }
        }
    }

    private static void exchange(Registers r, Mmu m, Instruction i) {
        long first = Operands.firstForUpdate(r, m, i);
        long second = r.get(i.b, i.bShift, i.width);
        Operands.replaceFirst(r, m, i, second);
        r.set(i.b, i.bShift, i.width, first);
    }

    private static void swapBytes(Registers r, Instruction i) {
        // With a 16-bit operand the manual promises nothing; the processors give zero.
        long swapped =
                switch (i.width) {
                    case 2 -> 0;
                    case 4 -> Integer.reverseBytes((int) r.gpr[i.a]) & 0xFFFF_FFFFL;
                    default -> Long.reverseBytes(r.gpr[i.a]);
                };
        r.set(i.a, 0, i.width, swapped);
    }

    private static void flags(Registers r, int op) {
        switch (op) {
            case Op.LAHF -> r.set(EAX, 8, 1, r.flags() & 0xFF);
            case Op.SAHF ->
                    r.setArithmeticFlags(
                            (int) (r.gpr[EAX] >>> 8), Registers.ARITHMETIC & ~Registers.OF);
            case Op.SALC -> r.set(EAX, 0, 1, r.carry() ? 0xFF : 0);
            case Op.CLC -> r.carryAndOverflow(false, r.overflow());
            case Op.STC -> r.carryAndOverflow(true, r.overflow());
            case Op.CMC -> r.carryAndOverflow(!r.carry(), r.overflow());
            case Op.CLD -> r.systemFlags &= ~Registers.DF;
            case Op.STD -> r.systemFlags |= Registers.DF;
            default -> throw new IllegalStateException(Op.name(op));
        }
    }
}
