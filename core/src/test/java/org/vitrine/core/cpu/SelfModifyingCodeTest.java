package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.core.cpu.state.Registers;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.RamBlock;

class SelfModifyingCodeTest {

    /** Shortly before the end of a page. */
    private static final int PATCHED = 0x1FC0;

    private final TestMachine machine = new TestMachine();
    private final Registers r = machine.r;

    @Test
    void theInstructionAfterAStoreIsTheNewOne() {
        // mov byte [0x1005],0x42; inc cx (becomes inc dx); hlt
        machine.code(0x1000, "C6 06 05 10 42 41 F4").run();
        assertEquals(0, r.ecx());
        assertEquals(1, r.edx());
    }

    @Test
    void aLoopThatCountsInItsOwnCodeSeesEachCount() {
        // mov cx,200; L: mov al,0; add bx,ax; inc byte [0x1004]; loop L; hlt
        machine.code(0x1000, "B9 C8 00 B0 00 01 C3 FE 06 04 10 E2 F6 F4").run();
        assertEquals(199 * 200 / 2, r.ebx());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"66 AB", "AB", "AA", "A5", "66 C7 05 42 42 42 42", "66 89 05", "66 87 05"})
    void everyKindOfStoreIsNoticed(String store) {
        // The store at 0x1000 writes 0x42, inc dx, over the inc cx at 0x1010.
        machine.code(0x1000, store);
        for (int at = 0x1000 + store.replace(" ", "").length() / 2; at < 0x1014; at++) {
            machine.memory.write(at, 1, at < 0x1010 ? 0x90 : 0x41);
        }
        machine.write(0x1014, "F4");
        // Run it once with the store elsewhere, so that everything is decoded and entered.
        r.gpr[Registers.EDI] = 0x1800;
        r.gpr[Registers.ESI] = 0x1900;
        r.gpr[Registers.EAX] = 0x4242_4242;
        machine.write(0x1900, "42 42 42 42");
        machine.run();
        assertEquals(4, r.ecx());
        machine.cpu.reset();
        r.setRealSegment(Registers.CS, 0);
        r.ip = 0x1000;
        r.gpr[Registers.EDX] = 0;
        r.gpr[Registers.ECX] = 0;
        r.gpr[Registers.EDI] = 0x1010;
        r.gpr[Registers.ESI] = 0x1900;
        r.gpr[Registers.EAX] = 0x4242_4242;
        machine.run();
        int written = store.startsWith("66") ? 4 : store.equals("AA") ? 1 : 2;
        assertEquals(written, r.edx());
        assertEquals(4 - written, r.ecx());
    }

    @Test
    void theSecondPageOfAnInstructionIsWatchedToo() {
        // mov ax,0x1234 over a page's end, then jmp to a store of its last byte, and back
        machine.code(0x1FFE, "B8 34 12 F6 C4 80 75 07 C6 06 00 20 92 EB F1 F4");
        r.ip = 0x1FFE;
        machine.run();
        assertEquals(0x9234, r.eax());
    }

    @Test
    void repeatedStoresOverTheirOwnCodeStop() {
        // rep stosb over itself and what follows, with hlt
        machine.code(0x1000, "F3 AA 41 41 41 41");
        r.gpr[Registers.EAX] = 0xF4;
        r.gpr[Registers.EDI] = 0x1000;
        r.gpr[Registers.ECX] = 0x10;
        machine.run();
        assertEquals(0x1001, r.eip());
        assertEquals(0xF, r.ecx());
    }

    @Test
    void whatOtherMastersWriteIsSeen() {
        machine.code(0x1000, "41 F4").run();
        machine.write(0x1000, "42");
        r.ip = 0x1000;
        machine.cpu.reset();
        r.setRealSegment(Registers.CS, 0);
        r.ip = 0x1000;
        r.gpr[Registers.EDX] = 0;
        machine.run();
        assertEquals(1, r.edx());
    }

    @Test
    void aPageMappedOtherwiseIsDecodedAnew() {
        machine.code(0x11000, "");
        RamBlock other = RamBlock.allocate("other", 0x1000);
        machine.write(0x11000, "41 F4");
        r.ip = 0x1000;
        r.setRealSegment(Registers.CS, 0x1000);
        machine.run();
        assertEquals(1, r.ecx());
        machine.memory.mapRam(0x11000, other, 0, 0x1000, PhysicalMemory.Access.READ_WRITE);
        machine.write(0x11000, "42 F4");
        machine.cpu.reset();
        r.gpr[Registers.EDX] = 0;
        r.ip = 0x1000;
        r.setRealSegment(Registers.CS, 0x1000);
        machine.run();
        assertEquals(1, r.edx());
    }

    @Test
    void dataBesideCodeIsWrittenWithoutDecodingAnew() {
        // mov cx,0; L: inc word [0x1080]; loop L; hlt
        machine.code(0x1000, "B9 00 00 FF 06 80 10 E2 FA F4").run();
        assertEquals(0, machine.read16(0x1080));
        assertEquals(0, r.ecx());
    }

    @Test
    void programsThatPatchThemselvesRunAsIfNothingWereKeptOfTheirCode() {
        long seed = System.nanoTime();
        System.out.println("SelfModifyingCodeTest seed " + seed);
        Random random = new Random(seed);
        for (int n = 0; n < 20; n++) {
            String program = patchingProgram(random);
            TestMachine forgetful = new TestMachine().code(PATCHED, program);
            TestMachine usual = new TestMachine().code(PATCHED, program);
            for (int part = 0; part < 20; part++) {
                int count = 1 + random.nextInt(200);
                usual.cpu.run(count);
                for (int step = 0; step < count; step++) {
                    forgetful.cpu.forgetMemory();
                    forgetful.step(1);
                }
                String where = "seed " + seed + ", program " + program;
                assertEquals(forgetful.r.eip(), usual.r.eip(), where);
                assertArrayEquals(forgetful.r.gpr, usual.r.gpr, where);
            }
        }
    }

    /** A loop of INC and DEC that are written anew now and then, over two pages. */
    private static String patchingProgram(Random random) {
        int stores = 5 + random.nextInt(20);
        byte[] code = new byte[64 + 5 * stores + 3];
        boolean[] single = new boolean[code.length];
        boolean[] storeAt = new boolean[code.length];
        int at = 0;
        while (at < code.length - 3) {
            boolean store = random.nextInt(8) == 0 && at < code.length - 8;
            if (store) {
                code[at] = (byte) 0xC6;
                code[at + 1] = 6;
                storeAt[at] = true;
                at += 5;
            } else {
                single[at] = true;
                code[at++] = countOne(random);
            }
        }
        for (int i = 0; i < at; i++) {
            if (storeAt[i]) {
                int target;
                do {
                    target = random.nextInt(at);
                } while (!single[target]);
                code[i + 2] = (byte) (PATCHED + target);
                code[i + 3] = (byte) (PATCHED + target >> 8);
                code[i + 4] = countOne(random);
            }
        }
        code[at] = (byte) 0xE9;
        code[at + 1] = (byte) -(at + 3);
        code[at + 2] = (byte) (-(at + 3) >> 8);
        return HexFormat.of().formatHex(code);
    }

    /** INC or DEC of a 16-bit register. */
    private static byte countOne(Random random) {
        return (byte) (0x40 + random.nextInt(16));
    }
}
