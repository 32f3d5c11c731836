package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.bus.PortDevice;
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
        "pentium,  0543, 1, 008001BF",
        "pentium3, 068A, 2, 0383F9FF",
        "max,      06D8, 2, 078BF9FF"
    })
    void cpuidTellsTheModel(String model, String signature, int highest, String features) {
        TestMachine leaf1 = run(model, "66B801000000" + CPUID);
        assertEquals(Integer.parseInt(signature, 16), leaf1.r.eax());
        assertEquals(
                Integer.parseInt(features, 16),
                leaf1.r.edx() & Integer.parseInt("078BF9FF", 16),
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
        "PMC,   66B9000000000F33",
        "CX8,   0FC70E0020",
        "TSC,   0F31",
        "MSR,   66B9100000000F32",
        "NOPL,  0F1FC0",
        "NOPL,  0F180E0020",
        "FXSR,  0FAE060020",
        "MMX,   0FFCC1",
        "MMX,   0F77",
        "SSE,   0FDAC1",
        "SSE,   0FAEF8",
        "SSE2,  0FAEF0",
        "SSE2,  0FC30E0020",
        "SSE2,  0FD4C1",
        "CLFSH, 0FAE3E0020",
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
    @CsvSource({
        "VME,0", "VME,1", "TSC,2", "DE,3", "PSE,4", "MCE,6", "PGE,7", "PMC,8", "FXSR,9", "SSE,10"
    })
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

    @Test
    void memoryTypesKeepWhatExists() {
        // The default type, a pair of a variable range, the page attributes.
        assertEquals(0x508, readMsr(0xFE, 0, 0, false).r.eax());
        assertEquals(0xC06, readMsr(0x2FF, 0xC06, 0, true).r.eax());
        assertEquals(0xF, readMsr(0x200, 0x8000_0006, 0xF, true).r.edx());
        assertEquals(0x0007_0406, readMsr(0x277, 0, 0, false).r.eax());
        assertEquals(0x0107_0001, readMsr(0x277, 0x0107_0001, 0, true).r.eax());
        assertEquals(GENERAL_PROTECTION, fault(readMsr(0x2FF, 0xC02, 0, true)));
        assertEquals(GENERAL_PROTECTION, fault(readMsr(0x277, 0x0200_0000, 0, true)));
        assertEquals(GENERAL_PROTECTION, fault(readMsr(0x200, 6, 0x10, true)));
        assertEquals(GENERAL_PROTECTION, fault(readMsr(0x210, 0, 0, false)));
        assertEquals(GENERAL_PROTECTION, fault(readMsr(0xFE, 0, 0, true)));
    }

    /** Reads a model-specific register, perhaps written before. */
    private static TestMachine readMsr(int number, int low, int high, boolean write) {
        return run(
                "pentium3",
                "66B9"
                        + littleEndian(number)
                        + "66B8"
                        + littleEndian(low)
                        + "66BA"
                        + littleEndian(high)
                        + (write ? "0F30" : "")
                        + "0F32F4");
    }

    @Test
    void aCounterCountsTheInstructionsOfTheSystem() {
        // The second counter counts instructions, the first enables it; then five NOPs between two
        // looks, which are eight instructions apart with MOV, MOV and the look itself.
        String select = "66B987010000 66B8C0000300 6631D2 0F30 66B986010000 66B800004000 0F30";
        String look = "66B901000000 0F33";
        TestMachine machine =
                run("pentium3", select + look + "6689C3" + "9090909090" + look + "F4");
        assertEquals(8, machine.r.eax() - machine.r.ebx());
        machine = run("pentium3", select.replace("C0000300", "C0000100") + look + "F4");
        assertEquals(0, machine.r.eax());
    }

    @Test
    void cyclesAreThoseOfTheClockWhateverTheTimeStampIsSetTo() {
        TestMachine machine = new TestMachine(CpuModel.PENTIUM_3);
        machine.ports.claim(
                0x80,
                1,
                "a microsecond",
                new PortDevice() {
                    @Override
                    public int readPort(int port) {
                        return 0xFF;
                    }

                    @Override
                    public void writePort(int port, int value) {
                        machine.nanos += 1000;
                    }
                });
        // Counter 0 counts cycles at all levels; between two looks pass two microseconds, and the
        // time stamp is set to another time.
        String select = "66B986010000 66B879004300 6631D2 0F30";
        String look = "66B900000000 0F33";
        String setTimeStamp = "66B910000000 66B800000080 6631D2 0F30";
        machine.code(0x1000, select + look + "6689C3" + "E680E680" + setTimeStamp + look + "F4");
        machine.run();
        assertEquals(2000, machine.r.eax() - machine.r.ebx());
    }

    private static String littleEndian(int value) {
        return String.format("%08X", Integer.reverseBytes(value));
    }
}
