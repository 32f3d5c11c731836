package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;

/**
 * What a transfer of control changes of the registers, kept so that a fault on the way leaves
 * everything as it was. The general registers other than ESP are no part of it.
 */
final class Checkpoint {

    private final int[] selector = new int[Registers.SEGMENTS];
    private final long[] base = new long[Registers.SEGMENTS];
    private final long[] limit = new long[Registers.SEGMENTS];
    private final int[] access = new int[Registers.SEGMENTS];
    private long stackPointer;
    private long ip;
    private int flags;
    private int cpl;

    void take(Registers r) {
        for (int segment = 0; segment < Registers.SEGMENTS; segment++) {
            selector[segment] = r.selector[segment];
            base[segment] = r.base[segment];
            limit[segment] = r.limit[segment];
            access[segment] = r.access[segment];
        }
        stackPointer = r.gpr[Registers.ESP];
        ip = r.ip;
        flags = r.flags();
        cpl = r.cpl;
    }

    void restore(Registers r, Mmu m) {
        for (int segment = 0; segment < Registers.SEGMENTS; segment++) {
            r.setSegment(
                    segment, selector[segment], base[segment], limit[segment], access[segment]);
        }
        r.gpr[Registers.ESP] = stackPointer;
        r.ip = ip;
        r.setFlags(flags);
        m.setPrivilege(cpl);
    }
}
