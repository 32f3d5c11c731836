package org.vitrine.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.cpu.state.Registers;

/**
 * Instructions that the vectors don't have: those of the 386 and later, in real mode. A case is
 * code, what stands in registers and memory before, and what has to stand there after; what isn't
 * named is zero or not looked at. HLT follows the code. Flags are named by letters, capital for
 * set.
 */
class InstructionTest {

    private static final List<String> NAMES =
            List.of("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi");

    private final TestMachine machine = new TestMachine();
    private final Registers r = machine.r;

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                // 32-bit arithmetic and addressing in 16-bit code.
                "add eax,ebx|66 01 D8|eax=FFFFFFFF ebx=1|eax=0 flags=CPAZso",
                "add ax,bx keeps the upper half|01 D8|eax=1234FFFF ebx=1|eax=12340000 flags=CPAZso",
                "adc al,1|14 01|eax=FF flags=C|eax=1 flags=CpAzso",
                "sub eax,imm32|66 2D 01 00 00 80|eax=80000000|eax=FFFFFFFF flags=CPAzSo",
                "cmp ebx,imm8 sign-extended|66 83 FB FF|ebx=FFFFFFFF|flags=cPaZso",
                "sbb edx,edx|66 19 D2|edx=5 flags=C|edx=FFFFFFFF flags=CPAzSo",
                "inc ecx keeps carry|66 41|ecx=7FFFFFFF flags=C|ecx=80000000 flags=CPAzSO",
                "dec ecx keeps carry|66 49|ecx=80000000|ecx=7FFFFFFF flags=cPAzsO",
                "neg eax|66 F7 D8|eax=80000000|eax=80000000 flags=CPazSO",
                "not dword|66 F7 16 00 20|m2000=0F0F0F0F|m2000=F0F0F0F0",
                "mov eax,[ebx+esi*4+8]|67 66 8B 44 B3 08|ebx=1000 esi=400 m2008=12345678|eax=12345678",
                "mov al,[ebp-1] through SS|67 8A 45 FF|ebp=2001 m2000=99|eax=99",
                "lea eax,[ecx+ecx*8]|67 66 8D 04 C9|ecx=10000001|eax=90000009",
                "lea ax,[bx+si-1]|8D 40 FF|ebx=1 esi=FFFF|eax=FFFF",
                "add [edi],eax with a 32-bit displacement|67 66 01 87 00 10 00 00|edi=1000 eax=1 m2000=7FFFFFFF|"
                        + "m2000=80000000 flags=cPAzSO",
                // Moves.
                "movzx eax,byte|66 0F B6 06 00 20|m2000=FF eax=12345678|eax=FF",
                "movzx ax,ah|0F B6 C4|eax=1234AB00|eax=123400AB",
                "movzx eax,bx|66 0F B7 C3|ebx=FFFF8000|eax=8000",
                "movsx eax,bx|66 0F BF C3|ebx=8000|eax=FFFF8000",
                "movsx cx,byte|0F BE 0E 00 20|m2000=80|ecx=FF80",
                "cwde|66 98|eax=8000|eax=FFFF8000",
                "cdq|66 99|eax=80000000|edx=FFFFFFFF",
                "bswap|66 0F C8|eax=12345678|eax=78563412",
                "xchg eax,edi|66 97|eax=1 edi=2|eax=2 edi=1",
                "xchg [mem],ebx|66 87 1E 00 20|ebx=AABBCCDD m2000=11223344|ebx=11223344 m2000=AABBCCDD",
                "sete taken|0F 94 C4|flags=Z|eax=100",
                "setg not taken|0F 9F 06 00 20|m2000=55 flags=Z|m2000=0",
                "cmovl moves|66 0F 4C C3|ebx=7 flags=S|eax=7",
                "cmovl does not|66 0F 4C C3|eax=1 ebx=7|eax=1",
                "mov fs and gs|8E E0 8E E9 64 A0 00 00|eax=200 ecx=300 m2000=5A|eax=25A fs=200 gs=300",
                "mov eax,fs clears the upper half|66 8C E0|eax=FFFFFFFF|eax=0",
                "mov [mem],fs writes two bytes|66 8C 26 00 20|m2000=FFFFFFFF|m2000=FFFF0000",
                // Bits.
                "bt eax,31|66 0F BA E0 1F|eax=80000000|flags=C",
                "bts bx,cx modulo 16|0F AB CB|ecx=11|ebx=2 flags=c",
                "btr [mem],ecx below|66 0F B3 0E 04 20|ecx=FFFFFFFF m2000=80000001|m2000=1 flags=C",
                "btc [mem],cx above|0F BB 0E 00 20|ecx=10|m2000=10000 flags=c",
                "bts byte offsets do not wrap the immediate|0F BA 2E 00 20 1F|m2000=0|m2000=8000 flags=c",
                "bsf|66 0F BC C1|ecx=8000|eax=F flags=z",
                "bsr|66 0F BD C1|ecx=8001|eax=F flags=z",
                "bsf of zero keeps the register|0F BC C1|eax=1234|eax=1234 flags=Z",
                "shld|66 0F A4 D8 08|eax=12345678 ebx=9ABCDEF0|eax=3456789A flags=c",
                "shrd by cl|66 0F AD D8|eax=12345678 ebx=9ABCDEF0 ecx=24|eax=01234567|",
                "shld of a word|0F A4 D8 04|eax=1234 ebx=ABCD|eax=234A flags=C",
                "shl eax,31|66 C1 E0 1F|eax=3|eax=80000000 flags=CPzS",
                "sar eax,cl|66 D3 F8|eax=80000000 ecx=1F|eax=FFFFFFFF flags=cPzS",
                "rcr eax,1|66 D1 D8|eax=1 flags=C|eax=80000000 flags=CO",
                "rcl byte by 9 is nothing|C0 D0 09|eax=81 flags=C|eax=81 flags=C",
                "rol eax,32 is nothing|66 C1 C0 20|eax=1 flags=o|eax=1 flags=o",
                // Multiplication and division.
                "imul eax,ebx|66 0F AF C3|eax=10000 ebx=10000|eax=0 flags=CO",
                "imul ax,bx,imm8|6B C3 FE|ebx=3|eax=FFFA flags=co",
                "imul eax,[mem],imm32|66 69 06 00 20 00 00 01 00|m2000=FFFF8000|eax=80000000 flags=co",
                "mul ebx|66 F7 E3|eax=FFFFFFFF ebx=FFFFFFFF|eax=1 edx=FFFFFFFE flags=CO",
                "imul ebx|66 F7 EB|eax=FFFFFFFF ebx=2|eax=FFFFFFFE edx=FFFFFFFF flags=co",
                "div ebx|66 F7 F3|eax=0 edx=1 ebx=2|eax=80000000 edx=0",
                "idiv ebx|66 F7 FB|eax=FFFFFFF9 edx=FFFFFFFF ebx=2|eax=FFFFFFFD edx=FFFFFFFF",
                // Semaphores.
                "xadd al,ah|0F C0 E0|eax=0201|eax=0103 flags=c",
                "xadd [mem],eax|66 0F C1 06 00 20|eax=1 m2000=FFFFFFFF|eax=FFFFFFFF m2000=0 flags=CZ",
                "xadd eax,eax|66 0F C1 C0|eax=4|eax=8",
                "cmpxchg equal|66 0F B1 1E 00 20|eax=5 ebx=9 m2000=5|eax=5 m2000=9 flags=Z",
                "cmpxchg unequal|66 0F B1 1E 00 20|eax=5 ebx=9 m2000=6|eax=6 m2000=6 flags=zC",
                "cmpxchg8b equal|0F C7 0E 00 20|eax=1 edx=2 ebx=3 ecx=4 m2000=1 m2004=2|m2000=3 m2004=4 flags=Z",
                "cmpxchg8b unequal|0F C7 0E 00 20|eax=1 edx=2 m2000=8 m2004=9|eax=8 edx=9 m2000=8 flags=z",
                // Stack.
                "push imm8 of 32 bits|66 6A FE|esp=8000|esp=7FFC m7FFC=FFFFFFFE",
                "push esp pushes the old one|66 54|esp=8000|esp=7FFC m7FFC=8000",
                "pop esp|66 5C|esp=8000 m8000=1234|esp=1234",
                "pop [esp] is computed after the pop|67 66 8F 04 24|esp=8000 m8000=55|esp=8004 m8004=55",
                "pushad|66 60|eax=1 ecx=2 edx=3 ebx=4 ebp=6 esi=7 edi=8 esp=8000|esp=7FE0 m7FFC=1 m7FEC=8000 m7FE0=8",
                "popad skips esp|66 61|esp=8000 m800C=99999999 m801C=11|esp=8020 eax=11",
                "pushfd|66 9C|esp=8000 flags=CZ|m7FFC=43",
                "popfd sets ID and AC|66 9D 66 9C 66 58|esp=8000 m8000=240000|eax=240002",
                "enter and leave|66 C8 10 00 00 66 C9|esp=8000 ebp=77777777|esp=8000 ebp=77777777",
                "enter with a level|C8 04 00 02|esp=8000 ebp=9000 m8FFE=ABCD|esp=7FF6 ebp=7FFE m7FFA=ABCD7FFE",
                "push fs, pop gs|8E E0 0F A0 0F A9|eax=1234 esp=8000|gs=1234 esp=8000",
                "call and ret of 32 bits|66 E8 01 00 00 00 F4 41 66 C3|esp=8000|ecx=1 esp=8000",
                "lss esp|66 0F B2 26 00 20|m2000=12345678 m2004=100|esp=12345678 ss=100",
                "lgs bx|0F B5 1E 00 20|m2000=12345678|ebx=5678 gs=1234",
                "sgdt after lgdt of 24 bits|0F 01 16 00 20 0F 01 06 08 20|m2000=5678FFFF m2004=1234|"
                        + "m2008=5678FFFF m200C=34",
                // Strings.
                "rep movsd|66 F3 A5|ecx=3 esi=2000 edi=2003 m2000=44332211 m2004=88776655|"
                        + "ecx=0 esi=200C edi=200F m2000=11332211 m2004=22443322",
                "rep stosd downwards|FD 66 F3 AB|ecx=2 edi=2004 eax=AABBCCDD|edi=1FFC m2000=AABBCCDD m2004=AABBCCDD",
                "rep movsb with 32-bit addresses|67 F3 A4|ecx=2 esi=2000 edi=2004 m2000=BBAA|m2004=BBAA esi=2002 ecx=0",
                "repne scasd|66 F2 AF|ecx=FFFF eax=7 edi=2000 m2000=5 m2004=7|ecx=FFFD edi=2008 flags=Z",
                "repe cmpsw|F3 A7|ecx=4 esi=2000 edi=3000 m2000=20001 m3000=30001|ecx=2 esi=2004 edi=3004 flags=Cz",
                "rep lodsb of nothing|F3 AC|eax=1 esi=2000|eax=1 esi=2000 ecx=0",
                "loop with ecx|67 E2 00|ecx=10000|ecx=FFFF",
                "jecxz looks at 32 bits|67 E3 01 41|ecx=10000|ecx=10001",
                "jcxz looks at 16 bits|E3 01 41|ecx=10000|ecx=10000",
                "smsw and lmsw|0F 01 E0|eax=0|eax=10",
                "mov eax,cr0|0F 20 C0||eax=60000010",
                "mov dr3|0F 23 D8 0F 21 DB|eax=12345678|ebx=12345678",
                "cpuid|0F A2||eax=2 ebx=756E6547 edx=49656E69 ecx=6C65746E",
                "salc|D6|flags=C|eax=FF",
            })
    void does(String name, String code, String before, String after) {
        String hex = code.replace(" ", "");
        machine.handlers().code(0x1000, hex + "F4");
        for (String setting : before == null ? new String[0] : before.split(" ")) {
            apply(setting);
        }
        machine.run();
        assertEquals(
                0x1001 + hex.length() / 2,
                r.eip() + (code.startsWith("66 E8") ? 4 : 0),
                "where it ended");
        for (String expected : after.split(" ")) {
            check(expected);
        }
    }

    private void apply(String setting) {
        String[] parts = setting.split("=");
        if (parts[0].equals("flags")) {
            r.setFlags(flags(parts[1]));
        } else if (parts[0].startsWith("m")) {
            machine.memory.write(
                    Long.parseLong(parts[0].substring(1), 16), 4, Long.parseLong(parts[1], 16));
        } else {
            r.gpr[NAMES.indexOf(parts[0])] = Long.parseLong(parts[1], 16);
        }
    }

    private static int flags(String letters) {
        int flags = 0;
        for (char letter : letters.toCharArray()) {
            if (Character.isUpperCase(letter)) {
                flags |= bit(letter);
            }
        }
        return flags;
    }

    private static int bit(char letter) {
        char lower = Character.toLowerCase(letter);
        return switch (lower) {
            case 'o' -> Registers.OF;
            case 'c' -> Registers.CF;
            case 'p' -> Registers.PF;
            case 'a' -> Registers.AF;
            case 'z' -> Registers.ZF;
            case 's' -> Registers.SF;
            default -> throw new IllegalArgumentException("no flag is written " + letter);
        };
    }

    private void check(String expected) {
        String[] parts = expected.split("=");
        switch (parts[0]) {
            case "flags" -> {
                for (char letter : parts[1].toCharArray()) {
                    boolean set = (r.eflags() & bit(letter)) != 0;
                    assertEquals(Character.isUpperCase(letter), set, "flag " + letter);
                }
            }
            case "fs" -> assertEquals(parts[1], Integer.toHexString(r.fs()), expected);
            case "gs" -> assertEquals(parts[1], Integer.toHexString(r.gs()), expected);
            case "ss" -> assertEquals(parts[1], Integer.toHexString(r.ss()), expected);
            default -> {
                long value = Long.parseLong(parts[1], 16);
                if (parts[0].startsWith("m")) {
                    int address = Integer.parseInt(parts[0].substring(1), 16);
                    same(value, machine.read32(address) & 0xFFFF_FFFFL, expected);
                } else if (NAMES.contains(parts[0])) {
                    same(value, r.gpr[NAMES.indexOf(parts[0])], expected);
                } else {
                    fail("no expectation is written " + expected);
                }
            }
        }
    }

    private static void same(long expected, long actual, String what) {
        assertEquals(
                Long.toHexString(expected).toUpperCase(Locale.ROOT),
                Long.toHexString(actual).toUpperCase(Locale.ROOT),
                what);
    }
}
