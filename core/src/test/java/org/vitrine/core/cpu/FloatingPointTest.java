package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.core.cpu.fpu.FpuRegisters;
import org.vitrine.core.cpu.state.Registers;

/** How the floating-point unit and the rest of the processor meet. */
class FloatingPointTest {

    /** fninit; fldcw [2000]; fldz; fld1; fdiv st0,st1: a division by zero. */
    private static final String DIVIDE_BY_ZERO = "DB E3 D9 2E 00 20 D9 EE D9 E8 D8 F1 ";

    private final TestMachine machine = new TestMachine();
    private final FpuRegisters fpu = machine.cpu.floatingPoint();

    private void load(String code) {
        machine.handlers().code(0x1000, code);
        // Zero divide isn't masked.
        machine.memory.write(0x2000, 2, 0x37B);
    }

    @Test
    void withoutNeTheProcessorStandsStillBeforeTheNextInstruction() {
        load(DIVIDE_BY_ZERO + "D9 E8 F4");
        machine.run();
        assertTrue(machine.ferr);
        assertEquals(0x100C, machine.r.eip());
        assertTrue(machine.cpu.idle());
    }

    @ParameterizedTest
    @ValueSource(strings = {"D8 C1", "D8 06 08 20"})
    void arithmeticWaitsToo(String instruction) {
        // fadd, in registers or with [2008]
        load(DIVIDE_BY_ZERO + instruction + "F4");
        machine.run();
        assertTrue(machine.ferr);
        assertEquals(0x100C, machine.r.eip());
        assertTrue(machine.cpu.idle());
    }

    @Test
    void anInterruptTakesTheProcessorFromWhereItStands() {
        load("FB " + DIVIDE_BY_ZERO + "D9 E8 F4");
        machine.run();
        machine.vector = 0x75;
        machine.cpu.intr().set(true);
        machine.run();
        assertEquals(0x600 + 0x75 + 1, machine.r.eip());
        // Back to the instruction that waits.
        assertEquals(0x100D, machine.read16(machine.r.esp()));
    }

    @Test
    void ignneLetsTheProcessorPassAndTheErrorStays() {
        load(DIVIDE_BY_ZERO + "D9 E8 DF E0 F4");
        machine.cpu.setIgnne(true);
        machine.run();
        assertEquals(0x1011, machine.r.eip());
        assertTrue(machine.ferr);
        assertEquals(FpuRegisters.ZERO_DIVIDE, machine.r.eax() & FpuRegisters.EXCEPTIONS);
        machine.code(0x1000, "F4");
        assertFalse(machine.ferr);
    }

    @Test
    void fnclexTakesTheErrorBack() {
        load(DIVIDE_BY_ZERO + "9B DB E2 F4");
        machine.cpu.setIgnne(true);
        machine.run();
        assertFalse(machine.ferr);
    }

    @Test
    void withNeTheNextInstructionHasExceptionSixteen() {
        // mov eax,cr0; or al,0x20; mov cr0,eax
        load("0F 20 C0 0C 20 0F 22 C0 " + DIVIDE_BY_ZERO + "D9 E8 F4");
        machine.run();
        assertEquals(0x611, machine.r.eip());
        assertEquals(0x1014, machine.read16(machine.r.esp()));
        assertFalse(machine.ferr);
    }

    @Test
    void aStoreThatFaultsLeavesTheStackAsItWas() {
        // fninit; fldpi; fstp tword [0xfffa]: beyond the segment's end
        load("DB E3 D9 EB DB 3E FA FF F4");
        machine.run();
        assertEquals(0x60E, machine.r.eip());
        assertEquals(7, fpu.top);
        assertEquals(0x80, fpu.full);
        assertEquals(0, machine.memory.read(0xFFFA, 4));
        // fist dword [0xfffe]: rounding would be flagged
        machine.code(0x1000, "DB E3 D9 EB DB 16 FE FF F4").run();
        assertEquals(0, fpu.status);
    }

    @Test
    void resetLeavesRegistersOfZeroThatAreNotEmpty() {
        load("DD 36 00 30 F4");
        machine.run();
        assertEquals(0x40, machine.read16(0x3000));
        assertEquals(0, machine.read16(0x3002));
        assertEquals(0x5555, machine.read16(0x3004));
    }

    @Test
    void aBreakInTheMiddleOfNothingComesOnce() {
        // With TF set, the instruction that stands still is not stepped over.
        load(DIVIDE_BY_ZERO + "D9 E8 F4");
        machine.step(5);
        machine.r.systemFlags |= Registers.TF;
        machine.step(1);
        assertEquals(0x100C, machine.r.eip());
        assertTrue(machine.cpu.halted());
    }
}
