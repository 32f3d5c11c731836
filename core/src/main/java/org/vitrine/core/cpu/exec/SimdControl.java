package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/** Control of MMX and SSE. Caches and the order of accesses are none of the guest's here. */
final class SimdControl {

    private SimdControl() {}

    static void execute(Execution x, Registers r, Mmu m, Instruction i) {
        switch (i.op) {
            case Op.EMMS -> {
                if (Simd.beginMmx(x, i)) {
                    x.floatingPoint.registers.leaveMmx();
                }
            }
            case Op.LDMXCSR -> {
                Simd.begin(x);
                int value = m.load32(i.segment, Operands.address(r, i));
                if ((value & ~x.simd.mxcsrMask) != 0) {
                    throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
                }
                x.simd.registers.mxcsr = value;
            }
            case Op.STMXCSR -> {
                Simd.begin(x);
                m.store32(i.segment, Operands.address(r, i), x.simd.registers.mxcsr);
            }
            // It faults as a read does (Intel SDM volume 2, CLFLUSH).
            case Op.CLFLUSH -> m.load8(i.segment, Operands.address(r, i));
            default -> {
                // Fences and prefetches.
            }
        }
    }
}
