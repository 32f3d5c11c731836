package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.state.Registers.DF;
import static org.vitrine.core.cpu.state.Registers.EAX;
import static org.vitrine.core.cpu.state.Registers.ECX;
import static org.vitrine.core.cpu.state.Registers.EDI;
import static org.vitrine.core.cpu.state.Registers.EDX;
import static org.vitrine.core.cpu.state.Registers.ES;
import static org.vitrine.core.cpu.state.Registers.ESI;
import static org.vitrine.core.cpu.state.Registers.RF;

import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.decode.Op;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;
import org.vitrine.core.memory.HostMemory;
import org.vitrine.core.memory.PhysicalMemory;

/**
 * String instructions. A repeated one gives way to whatever has to be looked at between two
 * elements, and after some thousand elements in any case: it is then simply begun again with the
 * registers as they are.
 */
final class Strings {

    private Strings() {}

    /** Elements in one go. */
    private static final int MAX_ELEMENTS = 1 << 12;

    static void execute(Execution x, Registers r, Mmu m, Instruction i) {
        if ((i.prefixes & (Instruction.REP | Instruction.REPNE)) == 0) {
            element(x, r, m, i);
        } else {
            repeat(x, r, m, i);
        }
    }

    private static void repeat(Execution x, Registers r, Mmu m, Instruction i) {
        boolean compares = i.op == Op.CMPS || i.op == Op.SCAS;
        boolean whileEqual = (i.prefixes & Instruction.REP) != 0;
        boolean bulk =
                (i.op == Op.MOVS || i.op == Op.STOS) && (r.systemFlags & DF) == 0 && !x.stepping;
        int countWidth = Long.bitCount(i.addressMask) / 8;
        int left = MAX_ELEMENTS;
        long count = r.gpr[ECX] & i.addressMask;
        while (count != 0) {
            long done = bulk && count > 3 ? bulk(r, m, i, Math.min(count, left)) : 0;
            if (done == 0) {
                element(x, r, m, i);
                done = 1;
            }
            count -= done;
            r.set(ECX, 0, countWidth, count);
            if (compares && r.zero() != whileEqual) {
                return;
            }
            left -= (int) done;
            if (count != 0 && (x.leave || x.stepping || left <= 0)) {
                r.ip -= i.length;
                // Whatever interrupts here saves RF: the instruction was begun.
                r.systemFlags |= RF;
                x.leave = true;
                return;
            }
        }
    }

    private static void element(Execution x, Registers r, Mmu m, Instruction i) {
        switch (i.op) {
            case Op.MOVS -> {
                long value = m.load(i.segment, source(r, i), i.width);
                m.store(ES, destination(r, i), i.width, value);
                advance(r, i, ESI, i.width);
                advance(r, i, EDI, i.width);
            }
            case Op.CMPS -> {
                long first = m.load(i.segment, source(r, i), i.width);
                long second = m.load(ES, destination(r, i), i.width);
                Arithmetic.compute(r, Op.CMP, i.width, first, second);
                advance(r, i, ESI, i.width);
                advance(r, i, EDI, i.width);
            }
            case Op.STOS -> {
                m.store(ES, destination(r, i), i.width, r.gpr[EAX]);
                advance(r, i, EDI, i.width);
            }
            case Op.LODS -> {
                r.set(EAX, 0, i.width, m.load(i.segment, source(r, i), i.width));
                advance(r, i, ESI, i.width);
            }
            case Op.SCAS -> {
                long value = m.load(ES, destination(r, i), i.width);
                Arithmetic.compute(r, Op.CMP, i.width, r.get(EAX, 0, i.width), value);
                advance(r, i, EDI, i.width);
            }
            case Op.INS -> {
                int port = (int) r.gpr[EDX] & 0xFFFF;
                PortAccess.check(x, port, i.width);
                // The device must not be read for nothing.
                m.probeWrite(ES, destination(r, i), i.width);
                m.store(ES, destination(r, i), i.width, x.ports.read(port, i.width));
                advance(r, i, EDI, i.width);
            }
            case Op.OUTS -> {
                int port = (int) r.gpr[EDX] & 0xFFFF;
                PortAccess.check(x, port, i.sourceWidth);
                long value = m.load(i.segment, source(r, i), i.sourceWidth);
                x.ports.write(port, i.sourceWidth, (int) value);
                advance(r, i, ESI, i.sourceWidth);
            }
            default -> throw new IllegalStateException(Op.name(i.op));
        }
    }

    private static long source(Registers r, Instruction i) {
        return r.gpr[ESI] & i.addressMask;
    }

    private static long destination(Registers r, Instruction i) {
        return r.gpr[EDI] & i.addressMask;
    }

    private static void advance(Registers r, Instruction i, int register, long by) {
        long value = r.gpr[register] + ((r.systemFlags & DF) == 0 ? by : -by) & i.addressMask;
        r.set(register, 0, i.addressMask == 0xFFFF ? 2 : i.addressMask == -1 ? 8 : 4, value);
    }

    /**
     * Moves or stores as many elements at once as lie in plain memory of one page; returns their
     * number.
     */
    private static long bulk(Registers r, Mmu m, Instruction i, long count) {
        int width = i.width;
        long to = destination(r, i);
        long elements = Math.min(count, room(m.linear(ES, to), to, i) / width);
        boolean moves = i.op == Op.MOVS;
        long from = source(r, i);
        if (moves) {
            elements = Math.min(elements, room(m.linear(i.segment, from), from, i) / width);
        }
        if (elements <= 0) {
            return 0;
        }
        long length = elements * width;
        long toHost = m.writableHost(ES, to, length);
        if (toHost == 0) {
            return 0;
        }
        if (moves) {
            long fromHost = m.readableHost(i.segment, from, length);
            if (fromHost == 0) {
                return 0;
            }
            move(fromHost, toHost, length, width);
            advance(r, i, ESI, length);
        } else {
            fill(toHost, length, width, r.gpr[EAX]);
        }
        advance(r, i, EDI, length);
        return elements;
    }

    /** Bytes from here to where the page or the address range ends. */
    private static long room(long linear, long offset, Instruction i) {
        long inPage = PhysicalMemory.PAGE_SIZE - (linear & PhysicalMemory.PAGE_MASK);
        return i.addressMask == -1 ? inPage : Math.min(inPage, i.addressMask - offset + 1);
    }

    private static void move(long from, long to, long length, int width) {
        if (to <= from || to >= from + length) {
            HostMemory.copy(from, to, length);
            return;
        }
        // The destination runs ahead of the source: what was just written is read again.
        for (long at = 0; at < length; at += width) {
            switch (width) {
                case 1 -> HostMemory.setByte(to + at, HostMemory.getByte(from + at));
                case 2 -> HostMemory.setShort(to + at, HostMemory.getShort(from + at));
                case 4 -> HostMemory.setInt(to + at, HostMemory.getInt(from + at));
                default -> HostMemory.setLong(to + at, HostMemory.getLong(from + at));
            }
        }
    }

    private static void fill(long to, long length, int width, long value) {
        if (width == 1) {
            HostMemory.fill(to, length, (byte) value);
            return;
        }
        for (long at = 0; at < length; at += width) {
            switch (width) {
                case 2 -> HostMemory.setShort(to + at, (short) value);
                case 4 -> HostMemory.setInt(to + at, (int) value);
                default -> HostMemory.setLong(to + at, value);
            }
        }
    }
}
