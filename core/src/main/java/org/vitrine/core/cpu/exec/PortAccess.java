package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.state.Registers.EAX;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.state.Registers;

/** IN and OUT. */
final class PortAccess {

    private PortAccess() {}

    /** Raises #GP when the program may not use these ports. */
    static void check(Execution x, int port, int width) {
        if (x.r.descriptorMode() && x.r.cpl > (x.r.systemFlags & Registers.IOPL) >> 12) {
            throw Segmentation.protectedMode(x);
        }
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
