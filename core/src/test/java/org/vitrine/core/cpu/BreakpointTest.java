package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.vitrine.core.cpu.ProtectedMachine.CODE;
import static org.vitrine.core.cpu.ProtectedMachine.HANDLERS;
import static org.vitrine.core.cpu.ProtectedMachine.dword;

import org.junit.jupiter.api.Test;
import org.vitrine.core.cpu.state.Registers;

/** The debug registers: faults before an instruction, traps after an access. */
class BreakpointTest {

    private static final int DATA = 0x8100;

    private final ProtectedMachine p = new ProtectedMachine();
    private final Registers r = p.r;

    /** mov dr0,eax; mov dr7,ebx; then the code. */
    private void breakpoint(int address, int dr7, String code) {
        r.gpr[Registers.EAX] = address;
        r.gpr[Registers.EBX] = dr7;
        p.code("0F 23 C0 0F 23 FB" + code);
    }

    @Test
    void anInstructionIsStoppedBeforeItRuns() {
        breakpoint(CODE + 7, 2, "41 42 F4");
        assertEquals(1, p.run());
        assertEquals(1, r.ecx());
        assertEquals(0, r.edx());
        assertEquals(CODE + 7, p.read32(r.esp()));
        assertEquals(1, r.dr[6] & 0xF);
    }

    @Test
    void aHandlerThatSetsRfPassesTheBreakpointOnce() {
        // or byte [esp+10],1; iret
        p.machine.write(HANDLERS + 0x40, "80 4C 24 0A 01 FF 05 00 80 00 00 CF");
        p.gate(ProtectedMachine.IDT + 8, ProtectedMachine.CODE0, HANDLERS + 0x40, 0x8E);
        // inc edx twice round: loop over the breakpoint
        breakpoint(CODE + 11, 2, "B9 03 00 00 00 42 E2 FD F4");
        assertEquals(-1, p.run());
        assertEquals(3, r.edx());
        assertEquals(3, p.read32(0x8000));
        assertEquals(0, r.eflags() & Registers.RF);
    }

    @Test
    void aWriteIsReportedAfterIt() {
        // mov [DATA-1],ecx; inc edx
        breakpoint(DATA, 0x000D_0001 | 0x100, "89 0D" + dword(DATA - 1) + "42 F4");
        r.gpr[Registers.ECX] = 0x1234_5678;
        assertEquals(1, p.run());
        assertEquals(0x1234_5678, p.read32(DATA - 1));
        assertEquals(0, r.edx());
        assertEquals(CODE + 12, p.read32(r.esp()));
        assertEquals(1, r.dr[6] & 0xF);
    }

    @Test
    void aReadIsNoWrite() {
        breakpoint(DATA, 0x000D_0001, "8B 0D" + dword(DATA) + "8B 0D" + dword(DATA) + "F4");
        assertEquals(-1, p.run());
    }

    @Test
    void aReadIsReportedWhereItIsAskedFor() {
        breakpoint(DATA, 0x000F_0001, "8B 0D" + dword(DATA) + "42 F4");
        assertEquals(1, p.run());
        assertEquals(0, r.edx());
    }

    @Test
    void aRepeatedInstructionStopsAfterTheElement() {
        breakpoint(DATA + 8, 0x000D_0001, "F3 AB F4");
        r.gpr[Registers.EDI] = DATA;
        r.gpr[Registers.ECX] = 8;
        assertEquals(1, p.run());
        assertEquals(5, r.ecx());
        assertEquals(DATA + 12, r.edi());
        assertEquals(CODE + 6, p.read32(r.esp()));
        assertEquals(Registers.RF, p.read32(r.esp() + 8) & Registers.RF);
    }

    @Test
    void theTrapFlagStopsARepeatedInstructionAfterEachElement() {
        p.code("F3 AA F4");
        r.gpr[Registers.EDI] = DATA;
        r.gpr[Registers.ECX] = 8;
        r.setFlags(Registers.TF);
        assertEquals(1, p.run());
        assertEquals(7, r.ecx());
        assertEquals(1 << 14, r.dr[6] & 1 << 14);
    }

    @Test
    void aPortIsWatchedWithTheDebuggingExtensions() {
        r.cr4 = Registers.CR4_DE;
        breakpoint(0x80, 0x0002_0001, "E4 80 42 F4");
        assertEquals(1, p.run());
        assertEquals(0, r.edx());
        assertEquals(CODE + 8, p.read32(r.esp()));
    }

    @Test
    void generalDetectGuardsTheRegisters() {
        breakpoint(0, 0x2000, "0F 21 C2 F4");
        assertEquals(1, p.run());
        assertEquals(CODE + 6, p.read32(r.esp()));
        assertEquals(1 << 13, r.dr[6] & 1 << 13);
        assertEquals(0, r.dr[7] & 0x2000);
    }

    @Test
    void withoutBreakpointsNothingIsLookedAt() {
        breakpoint(DATA, 0x000D_0001, "31 DB 0F 23 FB 89 0D" + dword(DATA) + "F4");
        assertEquals(-1, p.run());
    }
}
