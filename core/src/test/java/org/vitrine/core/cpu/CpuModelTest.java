package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.cpu.model.Feature;

class CpuModelTest {

    private static final String CPUID = "0FA2 F4";
    private static final int HANDLER = 0x600;
    private static final int INVALID_OPCODE = 6;
    private static final int GENERAL_PROTECTION = 13;

    private static TestMachine run(String model, String code) {
        TestMachine machine = new TestMachine(CpuModel.named(model)).handlers();
        return machine.code(0x1000, code).run();
    }

    /** The exception that the code ended in, or -1 where it ended by itself. */
    private static int fault(TestMachine machine) {
        return machine.r.eip() < 0x1000 ? machine.r.eip() - 1 - HANDLER : -1;
    }

    @ParameterizedTest
    @CsvSource({
        "486,      0480, 1, 00000003",
        "pentium,  0543, 1, 0000013F",
        "pentium3, 068A, 2, 0102A97F",
        "max,      06D8, 2, 0102A97F"
    })
    void cpuidTellsTheModel(String model, String signature, int highest, String features) {
        TestMachine leaf1 = run(model, "66B801000000" + CPUID);
        assertEquals(Integer.parseInt(signature, 16), leaf1.r.eax());
        assertEquals(
                Integer.parseInt(features, 16),
                leaf1.r.edx() & Integer.parseInt("0102A97F", 16),
                Integer.toHexString(leaf1.r.edx()));
        assertEquals(CpuModel.named(model).standardFeatures(), leaf1.r.edx());
        assertEquals(highest, run(model, "66B800000000" + CPUID).r.eax());
    }

    @Test
    void theApicIsToldOfWhileItsBaseRegisterHasItOn() {
        TestMachine machine = run("pentium3", "66B91B0000000F32");
        assertEquals(0xFEE0_0900L, machine.r.gpr[0]);
        assertEquals(0, machine.r.edx());
        // mov ecx,1Bh; mov eax,FEE00100h; xor edx,edx; wrmsr; then leaf 1.
        TestMachine off =
                run("pentium3", "66B91B000000 66B80001E0FE 6631D2 0F30 66B801000000" + CPUID);
        assertEquals(0xFEE0_0100L, off.apicBase);
        assertEquals(
                CpuModel.PENTIUM_3.standardFeatures() & ~(1 << 9),
                off.r.edx(),
                Integer.toHexString(off.r.edx()));
        TestMachine reserved = run("pentium3", "66B91B000000 66B80109E0FE 6631D2 0F30");
        assertEquals(13, fault(reserved));
        assertEquals(13, fault(run("pentium", "66B91B0000000F32")), "a Pentium has none");
    }

    @Test
    void edxHasTheSignatureAfterReset() {
        for (CpuModel model : CpuModel.ALL) {
            assertEquals(model.signature(), new TestMachine(model).r.edx());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CMOV,  0F44C1",
        "CMOV,  DBF1",
        "CMOV,  DAC1",
        "CX8,   0FC70E0020",
        "TSC,   0F31",
        "MSR,   66B9100000000F32",
        "NOPL,  0F1FC0",
        "FXSR,  0FAE060020",
    })
    void whatTheModelLacksIsNoInstruction(Feature feature, String code) {
        for (CpuModel model : CpuModel.ALL) {
            assertEquals(
                    model.has(feature) ? -1 : INVALID_OPCODE,
                    fault(run(model.name(), code + "F4")),
                    feature + " on " + model);
        }
    }

    @ParameterizedTest
    @CsvSource({"VME,0", "VME,1", "TSC,2", "DE,3", "PSE,4", "PGE,7", "FXSR,9", "SSE,10"})
    void bitsOfCr4ThatTheModelLacksAreReserved(Feature feature, int bit) {
        String code = "66B8" + littleEndian(1 << bit) + "0F22E0F4";
        for (CpuModel model : CpuModel.ALL) {
            TestMachine machine = run(model.name(), code);
            assertEquals(
                    model.has(feature) ? -1 : GENERAL_PROTECTION,
                    fault(machine),
                    feature + " on " + model);
            assertEquals(model.has(feature) ? 1 << bit : 0, machine.r.cr4);
        }
    }

    private static String littleEndian(int value) {
        return String.format("%08X", Integer.reverseBytes(value));
    }
}
