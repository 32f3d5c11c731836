package org.vitrine.core.cpu.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.vitrine.core.cpu.decode.Decoder.Mode;

class InstructionTableTest {

    private final Decoder decoder = new Decoder();

    static Iterable<Row> rows() {
        return InstructionTable.rows();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyRowIsDecodedFromItsEncodingAndDisassembled(Row row) {
        // The ModRM byte is a memory operand [bx+si] or [eax] with the group's number, or a
        // register operand.
        for (int mod : new int[] {0, 3}) {
            byte[] code = encoded(row, mod);
            for (Mode mode : new Mode[] {Mode.CODE16, Mode.CODE32}) {
                Instruction instruction = decoder.decode(code, 0, code.length, mode);
                if (mod == 3 ? needsMemory(row) : needsRegister(row)) {
                    // There it is another instruction, or none.
                    assertNotEquals(row, instruction.row);
                    continue;
                }
                assertEquals(row.op(), instruction.op, row.text());
                assertEquals(row, instruction.row);
                String mnemonic = row.text().split("[ _]")[0].toLowerCase(Locale.ROOT);
                String text = Disassembler.text(instruction, 0x100);
                assertTrue(
                        text.startsWith(mnemonic)
                                || Set.of("cbw", "cwd", "jcxz").contains(mnemonic)
                                        && text.charAt(0) == mnemonic.charAt(0),
                        text + " for " + row.text());
                assertFalse(text.contains("null") || text.endsWith(","), text);
                for (int cut = 0; cut < instruction.length; cut++) {
                    assertNull(decoder.decode(code, 0, cut, mode), row.text() + " cut to " + cut);
                }
            }
        }
    }

    private static boolean needsMemory(Row row) {
        return row.operands().stream().anyMatch(o -> o.kind() == Operand.Kind.MEMORY);
    }

    private static boolean needsRegister(Row row) {
        boolean fence = Set.of(Op.SFENCE, Op.LFENCE, Op.MFENCE).contains(row.op());
        // With r/m as a general register these have a twin with memory.
        boolean inserting = row.op() == Op.PINSRW && !needsMemory(row);
        boolean inVector =
                row.operands().stream()
                        .anyMatch(o ->
                                o.kind() == Operand.Kind.MMX_REGISTER_RM
                                        || o.kind() == Operand.Kind.XMM_REGISTER_RM);
        boolean hint = row.op() == Op.NOP_LONG && row.encoding().matches("0F 18 /[0-3]");
        return fence || inserting || inVector || hint;
    }

    private static byte[] encoded(Row row, int mod) {
        byte[] code = new byte[Decoder.MAX_LENGTH];
        String[] parts = row.encoding().split(" ");
        int at = 0;
        int reg = 0;
        for (String part : parts) {
            if (part.startsWith("/")) {
                reg = Integer.parseInt(part.substring(1));
            } else {
                code[at++] = (byte) Integer.parseInt(part, 16);
            }
        }
        // A second byte of floating-point code is the ModRM byte; PAUSE and EMMS have none.
        boolean complete = FloatingPointTable.isEscape(code[0] & 0xFF) && at == 2 || !row.modRm();
        if (!complete) {
            code[at] = (byte) (mod << 6 | reg << 3);
        }
        return code;
    }

    @Test
    void everyOperationHasAnEncodingOrIsAResultOfDecoding() {
        Set<String> without = new TreeSet<>(Op.all().keySet());
        InstructionTable.rows().forEach(row -> without.remove(Op.name(row.op())));
        assertEquals(Set.of("OVERLONG"), without);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "16|00 5F 0E|add byte [bx+0xe],bl",
                "16|66 81 86 00 10 78 56 34 12|add dword [bp+0x1000],0x12345678",
                "16|83 C3 FF|add bx,0xffff",
                "16|26 8A 26 27 05|mov ah,byte [es:0x527]",
                "16|67 8B 44 B5 F8|mov ax,word [ebp+esi*4-0x8]",
                "16|67 66 8B 04 25 78 56 34 12|mov eax,dword [0x12345678]",
                "32|8B 04 24|mov eax,dword [esp]",
                "32|67 8B 42 10|mov eax,dword [bp+si+0x10]",
                "16|0F B6 D4|movzx dx,ah",
                "16|66 0F BF 07|movsx eax,word [bx]",
                "16|EA F0 FF 00 F0|jmp 0xf000:0xfff0",
                "16|FF 2F|jmp far [bx]",
                "16|EB FE|jmp 0x100",
                "16|E8 00 80|call 0x8103",
                "16|0F 84 10 00|je 0x114",
                "16|F3 66 A5|rep movsd",
                "16|2E F2 A6|repne cs cmpsb",
                "16|C8 10 00 01|enter 0x10,0x1",
                "16|D3 E0|shl ax,cl",
                "16|D0 F8|sar al,1",
                "16|66 0F A4 D8 05|shld eax,ebx,0x5",
                "16|0F AD D8|shrd ax,bx,cl",
                "16|6B C3 FE|imul ax,bx,0xfffe",
                "16|0F 22 C0|mov cr0,eax",
                "16|8E D8|mov ds,ax",
                "16|8C 06 34 12|mov word [0x1234],es",
                "16|0F 01 16 00 20|lgdt [0x2000]",
                "16|E4 60|in al,0x60",
                "16|66 EF|out dx,eax",
                "16|F0 0F C7 0F|lock cmpxchg8b qword [bx]",
                "16|66 0F CB|bswap ebx",
                "16|93|xchg bx,ax",
                "16|66 98|cwde",
                "16|0F B2 27|lss sp,far [bx]",
                "16|D8 C1|fadd st0,st1",
                "16|DC EB|fsub st3,st0",
                "32|DD 04 24|fld qword [esp]",
                "16|DB 2F|fld tword [bx]",
                "16|DF E0|fnstsw ax",
                "16|D9 FE|fsin",
                "16|D9 36 00 20|fnstenv [0x2000]",
                "16|DE D9|fcompp",
                "32|0F AE 00|fxsave [eax]",
                "32|0F 58 C1|addps xmm0,xmm1",
                "16|66 0F 58 07|addpd xmm0,oword [bx]",
                "32|F3 0F 58 43 10|addss xmm0,dword [ebx+0x10]",
                "32|F2 0F 10 44 24 08|movsd xmm0,qword [esp+0x8]",
                "32|66 F2 0F 58 C1|addsd xmm0,xmm1",
                "32|F2 F3 0F 58 C1|addss xmm0,xmm1",
                "32|0F FC CA|paddb mm1,mm2",
                "32|66 0F FC CA|paddb xmm1,xmm2",
                "32|0F 6E C8|movd mm1,eax",
                "32|66 0F 7E 08|movd dword [eax],xmm1",
                "32|66 0F 7E C8|movd eax,xmm1",
                "32|F3 0F 7E C8|movq xmm1,xmm0",
                "32|66 0F D6 08|movq qword [eax],xmm1",
                "32|0F 60 08|punpcklbw mm1,dword [eax]",
                "32|0F 12 C8|movhlps xmm1,xmm0",
                "32|0F 12 08|movlps xmm1,qword [eax]",
                "32|66 0F 73 DA 03|psrldq xmm2,0x3",
                "32|0F 73 DA|undefined",
                "32|0F C4 C8 02|pinsrw mm1,eax,0x2",
                "32|66 0F C4 08 02|pinsrw xmm1,word [eax],0x2",
                "32|66 0F C5 C1 07|pextrw eax,xmm1,0x7",
                "32|66 0F D7 C1|pmovmskb eax,xmm1",
                "32|F3 0F C2 C1 01|cmpss xmm0,xmm1,0x1",
                "32|66 0F 70 C1 1B|pshufd xmm0,xmm1,0x1b",
                "32|F2 0F 2D C1|cvtsd2si eax,xmm1",
                "32|0F 2A C1|cvtpi2ps xmm0,mm1",
                "32|F3 0F 2A 00|cvtsi2ss xmm0,dword [eax]",
                "32|F3 0F D6 C1|movq2dq xmm0,mm1",
                "32|F2 0F D6 C1|movdq2q mm0,xmm1",
                "32|66 0F F7 C1|maskmovdqu xmm0,xmm1",
                "32|0F C3 08|movnti dword [eax],ecx",
                "32|0F AE 10|ldmxcsr dword [eax]",
                "32|0F AE F8|sfence",
                "32|0F AE E8|lfence",
                "32|0F AE F0|mfence",
                "32|0F AE 38|clflush byte [eax]",
                "32|0F AE E0|undefined",
                "32|0F 18 08|prefetcht0 byte [eax]",
                "32|F3 90|pause",
                "32|0F 77|emms",
                "32|F3 0F 58 0D 00 00 00 80|addss xmm1,dword [0x80000000]",
                "32|F3 0F FC CA|undefined",
                "32|F0 0F 58 C1|undefined",
                "16|D9 D1|undefined",
                "16|D9 0F|undefined",
                "16|F0 01 D8|undefined",
                "16|0F FF|undefined",
            })
    void disassemblesAsAPersonWouldWriteIt(int bits, String hex, String expected) {
        byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
        Instruction instruction =
                decoder.decode(code, 0, code.length, bits == 16 ? Mode.CODE16 : Mode.CODE32);
        assertNotNull(instruction, expected);
        assertEquals(code.length, instruction.length);
        assertEquals(expected, Disassembler.text(instruction, 0x100));
    }

    @Test
    void fifteenBytesAreAnInstructionAndSixteenAreNone() {
        byte[] code = new byte[16];
        Arrays.fill(code, (byte) 0x66);
        code[14] = (byte) 0x90;
        assertEquals(Op.NOP, decoder.decode(code, 0, 16, Mode.CODE16).op);
        code[14] = 0x66;
        code[15] = (byte) 0x90;
        assertEquals(Op.OVERLONG, decoder.decode(code, 0, 16, Mode.CODE16).op);
        code[13] = (byte) 0x81;
        assertEquals(Op.OVERLONG, decoder.decode(code, 0, 16, Mode.CODE16).op);
    }

    @Test
    void anyBytesAreDecodedAndWrittenDown() {
        long seed = System.nanoTime();
        System.out.println("InstructionTableTest seed " + seed);
        Random random = new Random(seed);
        byte[] code = new byte[Decoder.MAX_LENGTH];
        for (int n = 0; n < 300_000; n++) {
            random.nextBytes(code);
            Instruction instruction =
                    decoder.decode(code, 0, code.length, n % 2 == 0 ? Mode.CODE16 : Mode.CODE32);
            assertNotNull(instruction);
            assertFalse(Disassembler.text(instruction, 0).isEmpty());
        }
    }
}
