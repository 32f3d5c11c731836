package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.vitrine.core.cpu.ProtectedMachine.CODE;
import static org.vitrine.core.cpu.ProtectedMachine.DIRECTORY;
import static org.vitrine.core.cpu.ProtectedMachine.STACK3;
import static org.vitrine.core.cpu.ProtectedMachine.TABLE;
import static org.vitrine.core.cpu.ProtectedMachine.dword;

import org.junit.jupiter.api.Test;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.cpu.state.Registers;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.RamBlock;

/** What paging does beyond what its guest program shows. */
class PagingTest {

    private static final long ABOVE = 0x3_0000_0000L;
    private static final int LINEAR = 0x0040_0000;

    private final ProtectedMachine p = new ProtectedMachine();
    private final Registers r = p.r;

    private void ramAbove() {
        RamBlock block = RamBlock.allocate("above_4g", 0x400000);
        p.machine.memory.mapRam(ABOVE, block, 0, 0x400000, PhysicalMemory.Access.READ_WRITE);
    }

    @Test
    void largePagesReachPhysicalAddressesOf36Bits() {
        ramAbove();
        r.cr4 = Registers.CR4_PSE;
        p.write32(DIRECTORY + 4, (int) (ABOVE >>> 32) << 13 | 0x87);
        // mov [0x412345],eax; mov ebx,[0x412345]; hlt
        p.code("A3 45 23 41 00 8B 1D 45 23 41 00 F4").paging(7);
        r.gpr[Registers.EAX] = 0xCAFE_F00DL;
        assertEquals(-1, p.run());
        assertEquals(0xCAFE_F00D, r.ebx());
        assertEquals(0xCAFE_F00D, p.read32(ABOVE + 0x12345));
        assertEquals(ABOVE + 0x12345, p.cpu.translate(LINEAR + 0x12345));
        assertEquals(-1, p.cpu.translate(0x0080_0000));
    }

    @Test
    void withoutPse36TheAddressBitsOfLargePagesAreReserved() {
        for (int bit = 13; bit < 22; bit++) {
            ProtectedMachine old = new ProtectedMachine(CpuModel.PENTIUM);
            old.r.cr4 = Registers.CR4_PSE;
            old.write32(DIRECTORY + 4, 1 << bit | 0x87);
            old.code("8B 1D 45 23 41 00 F4").paging(7);
            assertEquals(14, old.run(), "bit " + bit);
            assertEquals(9, old.read32(old.r.esp()), "bit " + bit);
        }
    }

    @Test
    void codeRunsAndIsRewrittenAbove4Gigabytes() {
        ramAbove();
        r.cr4 = Registers.CR4_PSE;
        p.write32(DIRECTORY + 4, (int) (ABOVE >>> 32) << 13 | 0x87);
        // inc ecx; mov byte [0x400010],0x42; jmp +6 to 0x400010: inc ecx there becomes inc edx; hlt
        p.machine.memory.write(ABOVE, hex("41 C6 05 10 00 40 00 42 EB 06"), 0, 10);
        p.machine.memory.write(ABOVE + 0x10, hex("41 F4"), 0, 2);
        p.code("E9" + dword(LINEAR - CODE - 5)).paging(7);
        assertEquals(-1, p.run());
        assertEquals(1, r.ecx());
        assertEquals(1, r.edx());
    }

    private static byte[] hex(String text) {
        return java.util.HexFormat.of().parseHex(text.replace(" ", ""));
    }

    @Test
    void codeThatTheSupervisorHasRunIsNotRunByLevel3() {
        p.code("40 F4").paging(7);
        p.write32(TABLE + 4 * (CODE >> 12), CODE & 0xFFFFF000 | 3);
        p.cpu.run(1);
        assertEquals(1, r.eax());
        p.codeInLevel3("40 F4");
        assertEquals(14, p.run());
        assertEquals(5, p.read32(r.esp()));
        assertEquals(CODE, r.cr2);
        assertEquals(CODE, p.read32(r.esp() + 4));
        assertEquals(STACK3, p.read32(r.esp() + 16));
    }

    @Test
    void theTlbIsNotAskedAgainWithoutReason() {
        // mov eax,[0x20000]; hlt
        p.code("A1" + dword(0x20000) + "F4").paging(7);
        p.write32(0x20000, 1);
        p.write32(0x21000, 2);
        p.cpu.run(1);
        assertEquals(1, r.eax());
        p.write32(TABLE + 4 * 0x20, 0x21007);
        r.ip = CODE;
        p.cpu.run(1);
        assertEquals(1, r.eax(), "the translation that was kept");
        // invlpg [0x20000] before it
        p.code("0F 01 3D" + dword(0x20000) + "A1" + dword(0x20000) + "F4");
        assertEquals(-1, p.run());
        assertEquals(2, r.eax());
    }

    @Test
    void globalPagesOutliveALoadOfCr3() {
        r.cr4 = Registers.CR4_PGE;
        p.write32(0x20000, 1);
        p.write32(0x21000, 2);
        p.code(
                        "A1"
                                + dword(0x20000)
                                + "8B 1D"
                                + dword(0x22000)
                                + "0F 20 DA 0F 22 DA"
                                + "A1"
                                + dword(0x20000)
                                + "8B 1D"
                                + dword(0x22000)
                                + "F4")
                .paging(7);
        p.write32(TABLE + 4 * 0x20, 0x20107);
        p.cpu.run(2);
        p.write32(TABLE + 4 * 0x20, 0x21107);
        p.write32(TABLE + 4 * 0x22, 0x21007);
        assertEquals(-1, p.run());
        assertEquals(1, r.eax());
        assertEquals(2, r.ebx());
    }

    @Test
    void anInstructionThatFaultsHalfWayIsRunAgainAsAWhole() {
        p.code("60 F4").paging(7);
        // pusha over a boundary: the second page is not there.
        p.write32(TABLE + 4 * 0x20, 0);
        r.gpr[Registers.ESP] = 0x21010;
        r.gpr[Registers.EAX] = 0x1234;
        // The handler's stack is that one too: it has to be in level 3.
        p.codeInLevel3("60 F4");
        r.gpr[Registers.ESP] = 0x21010;
        assertEquals(14, p.run());
        assertEquals(6, p.read32(r.esp()));
        assertEquals(0x20FFC, r.cr2);
        assertEquals(0x21010, p.read32(r.esp() + 16));
        assertEquals(0, p.read32(0x2100C));
    }
}
