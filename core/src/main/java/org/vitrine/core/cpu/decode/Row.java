package org.vitrine.core.cpu.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.vitrine.core.cpu.model.Feature;

/**
 * One cell of the opcode maps, parsed: an operation with its operands.
 *
 * @param text the cell as it stands in the table
 * @param encoding the opcode bytes in hexadecimal, with {@code /n} where the ModRM byte's reg field
 *     selects
 * @param feature what a processor needs for it, or null when all have it
 * @param modRm whether a ModRM byte follows
 * @param lockable whether LOCK may stand before it when the destination is memory
 * @param endsBlock whether what follows must not be taken for granted: control goes elsewhere in
 *     any case, or the state that decoding or interrupt recognition depends on changes
 */
record Row(
        String text,
        String encoding,
        int op,
        Feature feature,
        List<Operand> operands,
        boolean modRm,
        boolean lockable,
        boolean endsBlock) {

    private static final Set<Integer> LOCKABLE =
            Set.of(
                    Op.ADD,
                    Op.OR,
                    Op.ADC,
                    Op.SBB,
                    Op.AND,
                    Op.SUB,
                    Op.XOR,
                    Op.INC,
                    Op.DEC,
                    Op.NEG,
                    Op.NOT,
                    Op.XCHG,
                    Op.BTS,
                    Op.BTR,
                    Op.BTC,
                    Op.XADD,
                    Op.CMPXCHG,
                    Op.CMPXCHG8B);

    private static final Set<Integer> ENDING =
            Set.of(
                    Op.POPF,
                    Op.POP_SEG,
                    Op.CLI,
                    Op.STI,
                    Op.HLT,
                    Op.LGDT,
                    Op.LIDT,
                    Op.LMSW,
                    Op.INVLPG,
                    Op.CLTS,
                    Op.INVD,
                    Op.WBINVD,
                    Op.MOV_CR,
                    Op.MOV_DR,
                    Op.WRMSR,
                    Op.LLDT,
                    Op.LTR,
                    Op.SYSENTER,
                    Op.SYSEXIT,
                    Op.UD2,
                    Op.UNDEFINED,
                    Op.OVERLONG,
                    Op.CPUID);

    private static Feature feature(int op) {
        return switch (op) {
            case Op.CMPXCHG8B -> Feature.CX8;
            case Op.RDTSC -> Feature.TSC;
            case Op.RDMSR, Op.WRMSR -> Feature.MSR;
            case Op.RDPMC -> Feature.PMC;
            case Op.SYSENTER, Op.SYSEXIT -> Feature.SEP;
            case Op.NOP_LONG -> Feature.NOPL;
            case Op.FXSAVE, Op.FXRSTOR -> Feature.FXSR;
            case Op.LDMXCSR, Op.STMXCSR, Op.SFENCE -> Feature.SSE;
            case Op.LFENCE, Op.MFENCE -> Feature.SSE2;
            case Op.CLFLUSH -> Feature.CLFSH;
            // Where they are not, they are the no-operations that they are made of.
            case Op.PREFETCHNTA, Op.PREFETCHT0, Op.PREFETCHT1, Op.PREFETCHT2 -> Feature.NOPL;
            case Op.FCMOVB, Op.FCMOVE, Op.FCMOVBE, Op.FCMOVU -> Feature.CMOV;
            case Op.FCMOVNB, Op.FCMOVNE, Op.FCMOVNBE, Op.FCMOVNU -> Feature.CMOV;
            case Op.FCOMI, Op.FCOMIP, Op.FUCOMI, Op.FUCOMIP -> Feature.CMOV;
            default -> op >= Op.CMOVCC && op < Op.CMOVCC + 16 ? Feature.CMOV : null;
        };
    }

    static Row parse(String text, String encoding, boolean modRm) {
        return parse(text, encoding, feature(Op.named(text.split(" ")[0])), modRm);
    }

    static Row parse(String text, String encoding, Feature feature, boolean modRm) {
        String[] parts = text.split(" ");
        int op = Op.named(parts[0]);
        List<Operand> operands = new ArrayList<>();
        if (parts.length > 1) {
            Arrays.stream(parts[1].split(",")).map(Operand::parse).forEach(operands::add);
        }
        int group = op >>> Op.GROUP_SHIFT << Op.GROUP_SHIFT;
        return new Row(
                text,
                encoding,
                op,
                feature,
                List.copyOf(operands),
                modRm || operands.stream().anyMatch(Operand::needsModRm),
                LOCKABLE.contains(op),
                group == Op.BRANCH && !conditional(op) || group == Op.FAR || ENDING.contains(op));
    }

    /** Whether a branch may let the instruction after it be the next: a block goes on there. */
    private static boolean conditional(int op) {
        return op < Op.JCC + 16 || op >= Op.LOOPNE && op <= Op.JCXZ;
    }
}
