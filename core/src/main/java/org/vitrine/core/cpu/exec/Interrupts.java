package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.state.Registers.CS;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Registers;

/**
 * Delivery of interrupts and exceptions (Intel SDM volume 3, chapter 6; real mode: section 21.1.4).
 */
public final class Interrupts {

    private static final Logger LOG = LoggerFactory.getLogger(Interrupts.class);

    private Interrupts() {}

    /** INT n and its like: what faults on the way counts as the instruction's fault. */
    static void software(Execution x, int vector) {
        deliver(x, vector);
    }

    /** An interrupt from outside; what faults on the way is handled. */
    public static void external(Execution x, int vector) {
        try {
            deliver(x, vector);
        } catch (GuestFault fault) {
            exception(x, fault.vector(), fault.errorCode());
        }
    }

    /** An exception; the instruction pointer is the one to be saved. Never throws. */
    public static void exception(Execution x, int vector, int errorCode) {
        int delivered = vector;
        for (int attempt = 0; attempt < 4; attempt++) {
            try {
                deliver(x, delivered);
                return;
            } catch (GuestFault fault) {
                if (delivered == GuestFault.DOUBLE_FAULT) {
                    break;
                }
                delivered =
                        makesDoubleFault(delivered, fault.vector())
                                ? GuestFault.DOUBLE_FAULT
                                : fault.vector();
            }
        }
        LOG.info("the guest shut the CPU down: exception {} at {}:{}", vector, x.r.cs(), x.r.eip());
        x.raise(Execution.SHUT_DOWN);
    }

    /** Which pairs of exceptions make a double fault (Intel SDM volume 3, table 6-5). */
    private static boolean makesDoubleFault(int first, int second) {
        return contributory(second) && (contributory(first) || first == GuestFault.PAGE_FAULT)
                || second == GuestFault.PAGE_FAULT && first == GuestFault.PAGE_FAULT;
    }

    private static boolean contributory(int vector) {
        return vector == GuestFault.DIVIDE_ERROR
                || vector >= GuestFault.INVALID_TSS && vector <= GuestFault.GENERAL_PROTECTION;
    }

    private static void deliver(Execution x, int vector) {
        Registers r = x.r;
        if (r.descriptorMode()) {
            throw Segmentation.protectedMode(x);
        }
        if (vector * 4 + 3 > r.idtLimit) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, vector * 8 + 2);
        }
        long entry = x.mmu.loadSystem(r.idtBase + vector * 4L, 4);
        long offset = entry & 0xFFFF;
        if (offset > r.limit[CS]) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
        Stack.probePush(r, x.mmu, 2, 3);
        Stack.push(r, x.mmu, 2, r.flags() & 0xFFFF);
        Stack.push(r, x.mmu, 2, r.selector[CS]);
        Stack.push(r, x.mmu, 2, r.ip & 0xFFFF);
        r.systemFlags &= ~(Registers.IF | Registers.TF | Registers.AC | Registers.RF);
        r.setRealSegment(CS, (int) (entry >>> 16));
        r.ip = offset;
        x.interrupted = true;
        x.leave = true;
    }
}
