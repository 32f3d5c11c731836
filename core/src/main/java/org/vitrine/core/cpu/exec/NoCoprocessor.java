package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Registers;

/**
 * What escapes to the floating-point unit do where there is none: programs that look for one find
 * none.
 */
final class NoCoprocessor {

    private NoCoprocessor() {}

    static void execute(Execution x, Registers r, Instruction i) {
        if (i.op == Op.FWAIT) {
            int both = Registers.CR0_MP | Registers.CR0_TS;
            if ((r.cr0 & both) == both) {
                throw x.fault.of(GuestFault.NO_COPROCESSOR);
            }
            return;
        }
        if ((r.cr0 & (Registers.CR0_EM | Registers.CR0_TS)) != 0) {
            throw x.fault.of(GuestFault.NO_COPROCESSOR);
        }
        boolean initializes = i.opcode == 0xDB && i.modRm == 0xE3;
        boolean storesStatus =
                i.opcode == 0xDF && i.modRm == 0xE0
                        || i.opcode == 0xDD && i.form == Instruction.MR && (i.modRm >> 3 & 7) == 7;
        boolean storesControl =
                i.opcode == 0xD9 && i.form == Instruction.MR && (i.modRm >> 3 & 7) == 7;
        if (!initializes && !storesStatus && !storesControl) {
            throw x.unimplemented(i.opcode, "a floating-point instruction");
        }
    }
}
