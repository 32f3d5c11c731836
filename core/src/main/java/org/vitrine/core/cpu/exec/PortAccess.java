package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.state.Registers.EAX;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Registers;

/** IN and OUT. */
final class PortAccess {

    private PortAccess() {}

    /** Where a 32-bit TSS says where its I/O permission bitmap is. */
    private static final int IO_MAP = 102;

    /** Raises #GP when the program may not use these ports. */
    static void check(Execution x, int port, int width) {
        Registers r = x.r;
        if ((r.cr0 & Registers.CR0_PE) != 0 && (r.cpl > r.iopl() || r.virtual8086())) {
            checkMap(x, port, width);
        }
        x.mmu.breakpoints().portAccessed(port, width);
    }

    /** Looks the ports up in the I/O permission bitmap (Intel SDM volume 1, section 19.5.2). */
    private static void checkMap(Execution x, int port, int width) {
        Registers r = x.r;
        boolean of32Bits = (r.taskAccess & Segmentation.OF_32_BITS) != 0;
        if (of32Bits && r.taskLimit > IO_MAP) {
            long at = x.mmu.loadSystem(r.taskBase + IO_MAP, 2) + (port >> 3);
            // Two bytes are read whatever the port, so the map ends with one more.
            if (at + 1 <= r.taskLimit) {
                long bits = x.mmu.loadSystem(r.taskBase + at, 2) >>> (port & 7);
                if ((bits & (1 << width) - 1) == 0) {
                    return;
                }
            }
        }
        throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
    }

    static void in(Execution x, Registers r, Instruction i) {
        int port = port(i.form == Instruction.RI, r, i, i.b);
        check(x, port, i.width);
        r.set(EAX, 0, i.width, x.ports.read(port, i.width) & Operands.mask(i.width));
    }

    static void out(Execution x, Registers r, Instruction i) {
        int port = port(i.form == Instruction.RI, r, i, i.a);
        check(x, port, i.sourceWidth);
        x.ports.write(port, i.sourceWidth, (int) (r.gpr[EAX] & Operands.mask(i.sourceWidth)));
    }

    private static int port(boolean immediate, Registers r, Instruction i, int register) {
        return (int) (immediate ? i.immediate & 0xFF : r.gpr[register] & 0xFFFF);
    }
}
