package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The loop that runs instructions allocates nothing. While code is new, the JVM's own interpreter
 * and its compiler's second thoughts do; so what is looked for is a million instructions without an
 * allocation. On a busy host the compiler may be long in coming.
 */
class HotLoopAllocationTest {

    private static final int MILLION = 1_000_000;
    private static final long PATIENCE_NANOS = Duration.ofSeconds(120).toNanos();

    private final TestMachine machine = new TestMachine();

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // L: add eax,ecx; adc ebx,eax; rol ebx,7; mov [0x2000],ebx; add dx,[0x2002];
        // inc byte [0x2004]; movzx esi,byte [0x2001]; imul edi,esi,77; cmp edi,ebx; jb M; dec ecx;
        // M: jmp L
        "arithmetic, 6601C86611C366C1C30766891E002003160220FE060420660FB6360120666BFE4D6639DF720266"
                + "49EBD6",
        // L: push ax; call F; pop bx; int 0x40; jmp L;
        // F: push bp; mov bp,sp; inc word [bp+4]; pop bp; ret
        "stack and interrupts, 50E805005BCD40EBF75589E5FF46045DC3",
        // L: mov si,0x2000; mov di,0x3001; mov cx,100; rep movsb; mov di,0x3000; mov cx,100;
        // repne scasb; lodsw; stosd; jmp L
        "strings, BE0020BF0130B96400F3A4BF0030B96400F2AEAD66ABEBE8",
        // fninit; fld1; L: fldpi; fmul st0,st1; fadd dword [0x2000]; fstp qword [0x2008]; fld st0;
        // fsqrt; fcompp; fnstsw ax; fld1; jmp L
        "floating point, DBE3D9E8D9EBD8C9D8060020DD1E0820D9C0D9FADED9DFE0D9E8EBE8",
        // L: in al,0x80; out 0x80,al; mov ds,bx; pushf; popf; xor cx,cx; jcxz M; M: loop N;
        // N: jmp 0:L
        "ports and far jumps, E480E6808EDB9C9D31C9E300E200EA00100000"
    })
    void aMillionInstructionsAllocateNothing(String name, String code) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        machine.code(0x1000, code);
        machine.memory.write(4 * 0x40, 4, 0x500);
        machine.write(0x500, "CF");
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        long allocated;
        do {
            long before = threads.getCurrentThreadAllocatedBytes();
            long ran = machine.cpu.run(MILLION);
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertEquals(MILLION, ran);
        } while (allocated != 0 && System.nanoTime() - deadline < 0);
        assertFalse(machine.cpu.shutDown());
        assertEquals(0, allocated, "bytes allocated by the last million instructions: " + name);
    }
}
