package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.cpu.state.Registers;
import org.vitrine.core.memory.MmioDevice;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.RamBlock;

class CpuTest {

    private final TestMachine machine = new TestMachine();
    private final Registers r = machine.r;

    @Test
    void startsSixteenBytesBelowFourGigabytes() {
        RamBlock bios = RamBlock.allocate("bios", 0x10000);
        machine.memory.mapRam(0xFFFF_0000L, bios, 0, 0x10000, PhysicalMemory.Access.READ_ONLY);
        machine.memory.mapRam(0xF0000, bios, 0, 0x10000, PhysicalMemory.Access.READ_ONLY);
        bios.memory().set(java.lang.foreign.ValueLayout.JAVA_BYTE, 0xFFF0, (byte) 0xF4);
        machine.cpu.reset();
        assertEquals(0xF000, r.cs());
        assertEquals(0xFFF0, r.eip());
        assertEquals(0x68A, r.edx());
        assertEquals(2, r.eflags());
        assertEquals(1, machine.cpu.run(10));
        assertTrue(machine.cpu.halted());
        assertEquals(0xFFF1, r.eip());
    }

    @Test
    void runReturnsAtOnceWhileHaltedAndGoesOnWithAnInterrupt() {
        // sti; hlt; inc cx; hlt
        machine.handlers().code(0x1000, "FB F4 41 F4");
        machine.write(0x620, "CF");
        machine.cpu.run(100);
        assertTrue(machine.cpu.halted());
        assertEquals(0, machine.cpu.run(100));
        machine.cpu.intr().set(true);
        machine.cpu.run(100);
        assertTrue(machine.cpu.halted());
        assertEquals(1, r.ecx());
        assertEquals(List.of(0x20), machine.acknowledged);
    }

    @Test
    void interruptsWaitForTheInstructionAfterSti() {
        // sti; inc cx; inc dx; hlt
        machine.handlers().code(0x1000, "FB 41 42 F4");
        machine.cpu.intr().set(true);
        machine.run();
        assertEquals(1, r.ecx());
        assertEquals(0, r.edx());
        assertEquals(0x621, r.eip());
        assertEquals(0x1002, machine.read16(r.esp()));
    }

    @Test
    void nothingInterruptsBetweenALoadOfSsAndTheNextInstruction() {
        // sti; nop; mov ss,ax; mov sp,0x4000; hlt
        machine.handlers().code(0x1000, "FB 90 8E D0 BC 00 40 F4");
        r.gpr[Registers.EAX] = 0x100;
        machine.step(3);
        assertEquals(0x1004, r.eip());
        machine.cpu.intr().set(true);
        machine.step(1);
        assertEquals(0x1007, r.eip());
        machine.run();
        assertEquals(0x621, r.eip());
        // The handler's frame lies on the new stack.
        assertEquals(0x3FFA, r.esp());
        assertEquals(0x100, r.ss());
    }

    @Test
    void theTrapFlagStopsAfterEachInstruction() {
        // pushf; or byte [sp+1],1; popf; inc cx; inc dx
        machine.handlers().code(0x1000, "9C 89 E3 80 4F 01 01 9D 41 42 F4");
        machine.run();
        assertEquals(0x602, r.eip());
        assertEquals(1, r.ecx());
        assertEquals(0, r.edx());
        assertEquals(0x1009, machine.read16(r.esp()));
        assertEquals(1, machine.read16(r.esp() + 4) >> 8 & 1);
        assertEquals(0, r.eflags() & Registers.TF);
        assertEquals(1 << 14, r.dr[6] & 1 << 14);
    }

    @Test
    void nmiIsTakenOnceUntilIret() {
        machine.handlers().code(0x1000, "41 41 F4");
        machine.write(0x602, "42 F4 CF");
        machine.cpu.nmi();
        machine.run();
        assertEquals(0x604, r.eip());
        machine.cpu.nmi();
        assertEquals(0, machine.cpu.run(10));
        assertEquals(1, r.edx());
    }

    @Test
    void runsExactlyAsManyInstructionsAsAskedFor() {
        machine.code(0x1000, "41 41 41 41 42 42 42 42 EB F6");
        assertEquals(3, machine.cpu.run(3));
        assertEquals(3, r.ecx());
        assertEquals(4, machine.cpu.run(4));
        assertEquals(3, r.edx());
        assertEquals(0x1007, r.eip());
        assertEquals(1_000_001, machine.cpu.run(1_000_001));
    }

    @Test
    void aRequestToExitEndsAnEndlessLoop() throws InterruptedException {
        machine.code(0x1000, "EB FE");
        Thread runner = Thread.ofPlatform().start(() -> machine.cpu.run(Long.MAX_VALUE / 2));
        machine.cpu.requestExit();
        assertTrue(runner.join(Duration.ofSeconds(120)));
    }

    @Test
    void a20MasksBit20() {
        // mov ax,0xFFFF; mov ds,ax; mov al,[0x10]; hlt
        machine.code(0x1000, "B8 FF FF 8E D8 A0 10 00 F4");
        machine.memory.write(0, 1, 0x11);
        machine.memory.write(0x100000, 1, 0x22);
        machine.run();
        assertEquals(0x22, r.eax() & 0xFF);
        machine.code(0x1000, "B8 FF FF 8E D8 A0 10 00 F4");
        machine.cpu.setA20(false);
        machine.run();
        assertEquals(0x11, r.eax() & 0xFF);
    }

    @Test
    void threeFaultsShutTheProcessorDown() {
        // lidt with a limit of zero; int 3
        machine.code(0x1000, "0F 01 1E 00 20 CC");
        machine.memory.write(0x2000, 8, 0);
        machine.cpu.run(100);
        assertTrue(machine.cpu.shutDown());
        assertEquals(0, machine.cpu.run(100));
        machine.cpu.reset();
        assertFalse(machine.cpu.shutDown());
    }

    @Test
    void codeRunsInDeviceMemory() {
        byte[] code = {0x41, 0x41, (byte) 0xB8, 0x34, 0x12, (byte) 0xF4};
        machine.memory.mapDevice(
                0xA0000,
                0x1000,
                "code",
                new MmioDevice() {
                    @Override
                    public long readMemory(long address, int size) {
                        int at = (int) address & 0xFFF;
                        return at < code.length ? code[at] & 0xFF : 0x90;
                    }

                    @Override
                    public void writeMemory(long address, int size, long value) {}
                });
        machine.code(0x1000, "EA 00 00 00 A0");
        machine.run();
        assertEquals(0x1234, r.eax());
        assertEquals(2, r.ecx());
    }

    @Test
    void portsAreReadAndWrittenInAllWidths() {
        List<String> accesses = new ArrayList<>();
        machine.ports.claim(
                0x300,
                8,
                "recorder",
                new PortDevice() {
                    @Override
                    public int readPort(int port) {
                        accesses.add("r" + Integer.toHexString(port));
                        return port & 0xFF;
                    }

                    @Override
                    public void writePort(int port, int value) {
                        accesses.add(
                                "w" + Integer.toHexString(port) + "=" + Integer.toHexString(value));
                    }
                });
        // mov dx,0x300; in eax,dx; out dx,ax; mov cx,2; mov si,0x2000; rep outsb; hlt
        machine.code(0x1000, "BA 00 03 66 ED EF B9 02 00 BE 00 20 F3 6E F4");
        machine.write(0x2000, "AA BB");
        machine.run();
        assertEquals(0x03020100, r.eax());
        assertEquals(
                List.of("r300", "r301", "r302", "r303", "w300=0", "w301=1", "w300=aa", "w300=bb"),
                accesses);
        assertEquals(0x2002, r.esi());
        assertEquals(0, r.ecx());
    }

    @Test
    void theTimeStampCounterFollowsGuestTime() {
        machine.code(0x1000, "0F 31 F4");
        machine.nanos = 0x1_2345_6789L;
        machine.run();
        assertEquals(0x2345_6789, r.eax());
        assertEquals(1, r.edx());
    }

    @Test
    void aProgramThatLooksForACoprocessorFindsOne() {
        // mov ax,0x5a5a; fninit; fnstsw ax; hlt
        machine.handlers().code(0x1000, "B8 5A 5A DB E3 DF E0 F4").run();
        assertEquals(0, r.eax());
        // mov eax,1; cpuid; hlt
        machine.code(0x1000, "66 B8 01 00 00 00 0F A2 F4").run();
        assertEquals(1, r.edx() & 1);
    }
}
