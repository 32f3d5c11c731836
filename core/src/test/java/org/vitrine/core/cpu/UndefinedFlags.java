package org.vitrine.core.cpu;

import static org.vitrine.core.cpu.state.Registers.AF;
import static org.vitrine.core.cpu.state.Registers.ARITHMETIC;
import static org.vitrine.core.cpu.state.Registers.CF;
import static org.vitrine.core.cpu.state.Registers.OF;
import static org.vitrine.core.cpu.state.Registers.PF;
import static org.vitrine.core.cpu.state.Registers.SF;
import static org.vitrine.core.cpu.state.Registers.ZF;

import java.util.Map;
import org.vitrine.core.cpu.decode.Op;

/** Which flags the manual leaves undefined after which operation (Intel SDM volume 2). */
final class UndefinedFlags {

    private UndefinedFlags() {}

    private static final Map<Integer, Integer> AFTER =
            Map.ofEntries(
                    Map.entry(Op.AND, AF),
                    Map.entry(Op.OR, AF),
                    Map.entry(Op.XOR, AF),
                    Map.entry(Op.TEST, AF),
                    Map.entry(Op.SHL, AF),
                    Map.entry(Op.SHL_ALIAS, AF),
                    Map.entry(Op.SHR, AF),
                    Map.entry(Op.SAR, AF),
                    Map.entry(Op.SHLD, AF),
                    Map.entry(Op.SHRD, AF),
                    Map.entry(Op.MUL, SF | ZF | AF | PF),
                    Map.entry(Op.IMUL, SF | ZF | AF | PF),
                    Map.entry(Op.IMUL_LOW, SF | ZF | AF | PF),
                    Map.entry(Op.DIV, ARITHMETIC),
                    Map.entry(Op.IDIV, ARITHMETIC),
                    Map.entry(Op.DAA, OF),
                    Map.entry(Op.DAS, OF),
                    Map.entry(Op.AAA, OF | SF | ZF | PF),
                    Map.entry(Op.AAS, OF | SF | ZF | PF),
                    Map.entry(Op.AAM, OF | AF | CF),
                    Map.entry(Op.AAD, OF | AF | CF),
                    Map.entry(Op.BT, OF | SF | AF | PF),
                    Map.entry(Op.BTS, OF | SF | AF | PF),
                    Map.entry(Op.BTR, OF | SF | AF | PF),
                    Map.entry(Op.BTC, OF | SF | AF | PF),
                    Map.entry(Op.BSF, ARITHMETIC & ~ZF),
                    Map.entry(Op.BSR, ARITHMETIC & ~ZF));

    /**
     * The undefined ones.
     *
     * @param count by how many bits a shift or rotation goes, masked as the processor does
     * @param bits the operand's
     */
    static int after(int op, int count, int bits) {
        boolean shift = op >>> Op.GROUP_SHIFT == Op.SHIFT >>> Op.GROUP_SHIFT;
        if (!shift) {
            return AFTER.getOrDefault(op, 0);
        }
        if (count == 0) {
            return 0;
        }
        boolean beyond =
                op == Op.SHLD || op == Op.SHRD
                        ? count > bits
                        : (op == Op.SHL || op == Op.SHL_ALIAS || op == Op.SHR) && count >= bits;
        return AFTER.getOrDefault(op, 0) | (count == 1 ? 0 : OF) | (beyond ? CF : 0);
    }
}
