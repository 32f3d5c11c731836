package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrine.core.cpu.fpu.FpuRegisters;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.cpu.simd.SimdRegisters;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Registers;

/** How MMX and SSE meet the rest of the processor: what may use them, and what interrupts them. */
class SimdTest {

    private static final int DATA = 0x20000;
    private static final int NO_FAULT = -1;

    private final ProtectedMachine guest = new ProtectedMachine(CpuModel.MAX);
    private final Registers r = guest.r;
    private final SimdRegisters simd = guest.cpu.simd();
    private final FpuRegisters fpu = guest.cpu.floatingPoint();

    @BeforeEach
    void asAnOperatingSystemLeavesIt() {
        r.cr4 |= Registers.CR4_OSFXSR | Registers.CR4_OSXMMEXCPT;
        r.cr0 |= Registers.CR0_NE;
        fpu.initialize();
        r.gpr[Registers.EAX] = DATA;
    }

    private int run(String code) {
        return run(guest, code);
    }

    /** Runs code to its end; returns the exception that came instead, or {@link #NO_FAULT}. */
    private static int run(ProtectedMachine guest, String code) {
        guest.code(code);
        int end = ProtectedMachine.CODE + code.replace(" ", "").length() / 2;
        while (guest.r.eip() >= ProtectedMachine.CODE && guest.r.eip() < end) {
            guest.cpu.run(1);
        }
        return guest.r.eip() == end ? NO_FAULT : guest.r.eip() - ProtectedMachine.HANDLERS;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0F 58 C1", // addps xmm0,xmm1
                "0F 28 C1", // movaps xmm0,xmm1
                "66 0F FC C1", // paddb xmm0,xmm1
                "66 0F 71 D0 01", // psrlw xmm0,1
                "F3 0F 2C C1", // cvttss2si eax,xmm1
                "F3 0F D6 C1", // movq2dq xmm0,mm1
                "0F 2A C1", // cvtpi2ps xmm0,mm1
                "0F AE 10", // ldmxcsr [eax]
                "0F AE 18" // stmxcsr [eax]
            })
    void sseNeedsTheOperatingSystemsWord(String code) {
        assertEquals(NO_FAULT, run(code));
        r.cr0 |= Registers.CR0_TS;
        assertEquals(GuestFault.NO_COPROCESSOR, run(code));
        r.cr0 |= Registers.CR0_EM;
        assertEquals(GuestFault.INVALID_OPCODE, run(code));
        r.cr0 &= ~(Registers.CR0_EM | Registers.CR0_TS);
        r.cr4 &= ~Registers.CR4_OSFXSR;
        assertEquals(GuestFault.INVALID_OPCODE, run(code));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0F FC C1", // paddb mm0,mm1
                "0F 6F 00", // movq mm0,[eax]
                "0F E7 00", // movntq [eax],mm0
                "0F F7 C1", // maskmovq mm0,mm1
                "0F 70 C1 00", // pshufw mm0,mm1,0
                "0F C5 C1 00", // pextrw eax,mm1,0
                "0F 77" // emms
            })
    void mmxNeedsOnlyTheFloatingPointUnit(String code) {
        r.cr4 &= ~Registers.CR4_OSFXSR;
        r.gpr[Registers.EDI] = DATA;
        assertEquals(NO_FAULT, run(code));
        r.gpr[Registers.EAX] = DATA;
        r.cr0 |= Registers.CR0_TS;
        assertEquals(GuestFault.NO_COPROCESSOR, run(code));
        r.cr0 |= Registers.CR0_EM;
        assertEquals(GuestFault.INVALID_OPCODE, run(code));
        r.cr0 &= ~(Registers.CR0_EM | Registers.CR0_TS);
        // A zero divide that isn't masked waits.
        fpu.setControl(0x37B);
        fpu.status = FpuRegisters.ZERO_DIVIDE;
        assertEquals(GuestFault.FLOATING_POINT_ERROR, run(code));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0F AE F8", // sfence
                "0F AE E8", // lfence
                "0F AE F0", // mfence
                "0F AE 38", // clflush [eax]
                "0F 18 08", // prefetcht0 [eax]
                "0F C3 08", // movnti [eax],ecx
                "F3 90" // pause
            })
    void cachesAndFencesNeedNothing(String code) {
        r.cr4 &= ~Registers.CR4_OSFXSR;
        r.cr0 |= Registers.CR0_EM | Registers.CR0_TS;
        assertEquals(NO_FAULT, run(code));
    }

    static Stream<Arguments> ofSixteenBytes() {
        return Stream.of(
                arguments("0F 28 00", GuestFault.GENERAL_PROTECTION), // movaps xmm0,[eax]
                arguments("0F 29 00", GuestFault.GENERAL_PROTECTION), // movaps [eax],xmm0
                arguments("66 0F 6F 00", GuestFault.GENERAL_PROTECTION), // movdqa xmm0,[eax]
                arguments("66 0F E7 00", GuestFault.GENERAL_PROTECTION), // movntdq [eax],xmm0
                arguments("0F 58 00", GuestFault.GENERAL_PROTECTION), // addps xmm0,[eax]
                arguments("66 0F 2D 00", GuestFault.GENERAL_PROTECTION), // cvtpd2pi mm0,[eax]
                arguments("66 0F D1 00", GuestFault.GENERAL_PROTECTION), // psrlw xmm0,[eax]
                arguments("0F 10 00", NO_FAULT), // movups xmm0,[eax]
                arguments("0F 11 00", NO_FAULT), // movups [eax],xmm0
                arguments("F3 0F 6F 00", NO_FAULT), // movdqu xmm0,[eax]
                arguments("F2 0F 58 00", NO_FAULT), // addsd xmm0,[eax]
                arguments("0F 5A 00", NO_FAULT), // cvtps2pd xmm0,[eax]
                arguments("0F 2D 00", NO_FAULT)); // cvtps2pi mm0,[eax]
    }

    @ParameterizedTest
    @MethodSource("ofSixteenBytes")
    void sixteenBytesAreAligned(String code, int vector) {
        r.gpr[Registers.EAX] = DATA + 8;
        assertEquals(vector, run(code));
        r.gpr[Registers.EAX] = DATA + 16;
        assertEquals(NO_FAULT, run(code));
    }

    @Test
    void anExceptionThatIsNotMaskedLeavesTheResultOut() {
        simd.mxcsr = SimdRegisters.INITIAL & ~(SimdRegisters.ZERO_DIVIDE << 7);
        simd.set(0, 0x3F80_0000_3F80_0000L, 0x3F80_0000_3F80_0000L);
        simd.set(1, 0, 0x4040_0000_0000_0000L);
        // divps xmm0,xmm1
        assertEquals(GuestFault.SIMD_FLOATING_POINT, run("0F 5E C1"));
        assertEquals(ProtectedMachine.CODE, guest.read32(r.gpr[Registers.ESP]));
        assertEquals(0x3F80_0000_3F80_0000L, simd.low(0));
        // One third was not rounded, since another lane has no result.
        assertEquals(SimdRegisters.ZERO_DIVIDE, simd.mxcsr & SimdRegisters.EXCEPTIONS);
        r.cr4 &= ~Registers.CR4_OSXMMEXCPT;
        assertEquals(GuestFault.INVALID_OPCODE, run("0F 5E C1"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x1_0000, 0x2_0000, 0x8000_0000})
    void reservedBitsOfMxcsrStayClear(int value) {
        guest.write32(DATA, value);
        // ldmxcsr [eax]
        assertEquals(GuestFault.GENERAL_PROTECTION, run("0F AE 10"));
        assertEquals(SimdRegisters.INITIAL, simd.mxcsr);
        guest.write32(DATA, 0x1FC0);
        // ldmxcsr [eax]; stmxcsr [eax+4]
        assertEquals(NO_FAULT, run("0F AE 10 0F AE 58 04"));
        assertEquals(0x1FC0, guest.read32(DATA + 4));
    }

    @Test
    void denormalsAreZerosFromSse2On() {
        ProtectedMachine older = new ProtectedMachine(CpuModel.PENTIUM_3);
        older.r.cr4 |= Registers.CR4_OSFXSR;
        older.r.gpr[Registers.EAX] = DATA;
        older.write32(DATA, SimdRegisters.INITIAL | SimdRegisters.DENORMALS_ARE_ZEROS);
        // ldmxcsr [eax]
        assertEquals(GuestFault.GENERAL_PROTECTION, run(older, "0F AE 10"));
        // fxsave [eax]
        assertEquals(NO_FAULT, run(older, "0F AE 00"));
        assertEquals(0xFFBF, older.read32(DATA + 28));
    }

    @Test
    void fxsaveAndFxrstorCarryEverything() {
        for (int n = 0; n < SimdRegisters.COUNT; n++) {
            simd.set(n, 0x1111_0000_0000_0000L * n, n);
        }
        simd.mxcsr = 0x9FA1;
        fpu.setMmx(3, 0x1234);
        fpu.enterMmx();
        // fxsave [eax]
        assertEquals(NO_FAULT, run("0F AE 00"));
        assertEquals(0x9FA1, guest.read32(DATA + 24));
        assertEquals(0xFFFF, guest.read32(DATA + 28));
        assertEquals(2, guest.read32(DATA + 160 + 32));
        assertEquals(0x2222_0000, guest.read32(DATA + 160 + 32 + 12));
        simd.reset();
        fpu.initialize();
        fpu.significand[3] = 0;
        // fxrstor [eax]
        assertEquals(NO_FAULT, run("0F AE 08"));
        assertEquals(7, simd.low(7));
        assertEquals(0x7777_0000_0000_0000L, simd.high(7));
        assertEquals(0x9FA1, simd.mxcsr);
        assertEquals(0x1234, fpu.significand[3]);
        assertEquals(0xFF, fpu.full);
    }

    @Test
    void fxrstorOfReservedBitsOfMxcsrRestoresNothing() {
        assertEquals(NO_FAULT, run("0F AE 00"));
        guest.write32(DATA + 24, 0x1_1F80);
        guest.write32(DATA + 160, 1);
        guest.write32(DATA, 0x27F);
        assertEquals(GuestFault.GENERAL_PROTECTION, run("0F AE 08"));
        assertEquals(0, simd.low(0));
        assertEquals(0x37F, fpu.control);
    }

    @Test
    void withoutTheOperatingSystemsWordFxsaveLeavesXmmRegistersOut() {
        r.cr4 &= ~Registers.CR4_OSFXSR;
        simd.set(0, 0, 5);
        guest.write32(DATA + 160, 7);
        assertEquals(NO_FAULT, run("0F AE 00"));
        assertEquals(7, guest.read32(DATA + 160));
        assertEquals(NO_FAULT, run("0F AE 08"));
        assertEquals(5, simd.low(0));
    }

    @Test
    void aStoreIntoAnAbsentPageWritesNothing() {
        guest.paging(7);
        guest.write32(ProtectedMachine.TABLE + 4 * (DATA + 0x1000 >> 12), 0);
        simd.set(0, -1, -1);
        r.gpr[Registers.EAX] = DATA + 0xFF8;
        // movups [eax],xmm0
        assertEquals(GuestFault.PAGE_FAULT, run("0F 11 00"));
        assertEquals(0, guest.read32(DATA + 0xFF8));
        assertEquals(DATA + 0x1000, r.cr2);
        simd.set(1, -1, -1);
        r.gpr[Registers.EDI] = DATA + 0xFF8;
        // maskmovdqu xmm0,xmm1
        assertEquals(GuestFault.PAGE_FAULT, run("66 0F F7 C1"));
        assertEquals(0, guest.read32(DATA + 0xFF8));
        // A mask that ends where the page does.
        simd.set(1, 0, -1);
        assertEquals(NO_FAULT, run("66 0F F7 C1"));
        assertEquals(-1, guest.read32(DATA + 0xFF8));
    }

    @Test
    void aLoadThatFaultsChangesNoRegister() {
        guest.paging(7);
        guest.write32(ProtectedMachine.TABLE + 4 * (DATA + 0x1000 >> 12), 0);
        r.gpr[Registers.EAX] = DATA + 0xFFC;
        fpu.top = 5;
        // movups xmm0,[eax]
        assertEquals(GuestFault.PAGE_FAULT, run("0F 10 00"));
        assertEquals(0, simd.low(0));
        r.gpr[Registers.EAX] = DATA + 0xFFC;
        // paddb mm0,[eax]
        assertEquals(GuestFault.PAGE_FAULT, run("0F FC 00"));
        assertEquals(5, fpu.top);
        assertEquals(0, fpu.full);
        // clflush [eax+4] reads there; prefetcht0 [eax+4] doesn't
        assertEquals(GuestFault.PAGE_FAULT, run("0F AE 78 04"));
        assertEquals(NO_FAULT, run("0F 18 48 04"));
    }

    @Test
    void mmxRegistersAreTheFloatingPointUnits() {
        r.gpr[Registers.EAX] = 0x1234_5678;
        // fldpi; movd mm7,eax
        assertEquals(NO_FAULT, run("D9 EB 0F 6E F8"));
        assertEquals(0x1234_5678, fpu.significand[7]);
        assertEquals(0xFFFF, fpu.signExponent[7]);
        assertEquals(0, fpu.top);
        // Special, as a NaN is.
        assertEquals(2, fpu.tagWord() >> 14);
        assertEquals(0xFF, fpu.full);
        // emms
        assertEquals(NO_FAULT, run("0F 77"));
        assertEquals(0xFFFF, fpu.tagWord());
    }

    @Test
    void resetMasksAllExceptions() {
        simd.mxcsr = 0;
        simd.set(3, 1, 1);
        guest.cpu.reset();
        assertEquals(SimdRegisters.INITIAL, simd.mxcsr);
        assertEquals(0, simd.low(3));
    }
}
