/*
 * Records what this machine's own processor does with integer instructions in 32-bit mode at level 3, for
 * IntegerVectorTest to replay. The forms come from integer-forms.txt, which is InstructionTable's list. Built with -m32;
 * needs to be root, as the guest's memory begins at address 0. Writes lines to standard output:
 *
 *   CODE {state} > {state}
 *
 * CODE is the instruction's bytes, which stand at 4000. A state is made of words, all numbers in hexadecimal:
 *
 *   0=V .. 7=V   a general register: EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI
 *   f=V          EFLAGS
 *   s=V ..       a segment register, by its letter: d, e, f, g with "s" before it: sd, se, sf, sg
 *   @A=BYTES     memory
 *   !V:E         the exception that ended it and its error code; behind ">" only
 *   i=V          EIP where that exception was
 *
 * What is not told before ">" is as in DEFAULTS, and in fill() of level3.h; what is not told behind it has not changed,
 * and the end was HLT's exception 13 behind the instruction. All segments are flat.
 *
 * usage: record-integer SEED FORMS VECTORS           VECTORS: how many for each form
 *        record-integer SEED FORMS streams COUNT     streams of twenty instructions instead, all in CODE
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "level3.h"
#include "random.h"

enum { EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI };
enum { CF = 1, PF = 4, AF = 0x10, ZF = 0x40, SF = 0x80, TF = 0x100, IF = 0x200, DF = 0x400, OF = 0x800, NT = 0x4000,
       RF = 0x10000, VM = 0x20000, AC = 0x40000, ID = 0x200000 };

static const uint32_t DEFAULTS[8] = {0x8A7B6C5D, 0x00000003, 0x4F5E6D7C, 0x13579BDF, 0xC800, 0xC400, 0xB000, 0xD000};
static const char SEGMENT_LETTERS[] = "defg";

static int one_in(unsigned n) { return below(n) == 0; }

/* ---- What is in a vector ---- */

static uint8_t code[1024];
static int length;
static uint8_t before[END];
static uint32_t registers[8], flags;

static void byte(unsigned value) { code[length++] = (uint8_t) value; }

static void bytes(uint32_t value, int count) {
    for (int n = 0; n < count; n++) {
        byte(value >> 8 * n);
    }
}

static void poke(uint32_t at, uint64_t value, int count) {
    for (int n = 0; n < count; n++) {
        memory[(at + (unsigned) n) & 0xFFFF] = (uint8_t) (value >> 8 * n);
    }
}

static void print_memory(const uint8_t *from, const uint8_t *to) {
    for (unsigned a = DATA; a < END; a++) {
        if (memcmp(from + a, to + a, 4) != 0 || from[a] != to[a]) {
            if (from[a] == to[a]) {
                continue;
            }
            printf(" @%X=", a);
            unsigned last = a;
            for (unsigned b = a; b < END && b <= last + 4; b++) {
                last = from[b] != to[b] ? b : last;
            }
            for (; a <= last; a++) {
                printf("%02X", to[a]);
            }
        }
    }
}

static void begin(void) {
    memcpy(memory, filled, END);
    memcpy(registers, DEFAULTS, sizeof registers);
    flags = 2 | IF | (next() & (CF | PF | AF | ZF | SF | OF));
    length = 0;
}

static void record(void) {
    for (int n = 0; n < length; n++) {
        memory[CODE + n] = code[n];
        printf("%02X", code[n]);
    }
    memcpy(before, memory, END);
    for (int n = 0; n < 8; n++) {
        if (registers[n] != DEFAULTS[n]) {
            printf(" %d=%X", n, registers[n]);
        }
    }
    printf(" f=%X", flags);
    print_memory(filled, before);
    printf(" >");
    memcpy(now.r, registers, sizeof registers);
    now.flags = flags;
    run();
    if (now.trap != 13 || now.error != 0 || now.ip != CODE + (unsigned) length) {
        printf(" !%X:%X i=%X", now.trap, now.error, now.ip);
    }
    for (int n = 0; n < 8; n++) {
        if (now.r[n] != registers[n]) {
            printf(" %d=%X", n, now.r[n]);
        }
    }
    for (int n = 0; n < 4; n++) {
        if (now.segment[n] != USER_DATA) {
            printf(" s%c=%X", SEGMENT_LETTERS[n], now.segment[n]);
        }
    }
    if (now.flags != flags) {
        printf(" f=%X", now.flags);
    }
    print_memory(before, memory);
    printf("\n");
}

/* ---- Operands ---- */

#define POOL 192
static uint32_t pool[POOL];

static void fill_pool(void) {
    for (int n = 0; n < POOL; n++) {
        pool[n] = (uint32_t) next() >> below(32);
        if (one_in(4)) {
            pool[n] = ~pool[n];
        }
    }
}

static uint32_t value(void) {
    static const uint32_t boundaries[] = {0, 1, 2, 0xFFFFFFFF, 0xFFFFFFFE, 0x7F, 0x80, 0x81, 0xFF, 0x100, 0x7FFF, 0x8000,
                                          0x8001, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0x80000001, 0x0F, 0x10,
                                          0xFFFFFF80, 0xFFFF8000, 0x99, 0x9A, 0x55555555};
    return one_in(3) ? boundaries[below(sizeof boundaries / sizeof *boundaries)] : pool[below(POOL)];
}

/* The result of SHLD and SHRD is undefined beyond the operand's size. */
static unsigned limited(unsigned count, int wide) { return wide || (count & 31) <= 16 ? count : count & 15; }

static unsigned count(void) {
    static const uint8_t counts[] = {0, 1, 2, 7, 8, 9, 15, 16, 17, 18, 24, 31, 32, 33, 63, 64, 255};
    return one_in(2) ? counts[below(sizeof counts)] : below(40);
}

static uint32_t data_address(void) { return 0x9800 + below(0x5000); }

static uint32_t code_address(void) { return CODE_LOW + 64 + below(CODE_HIGH - CODE_LOW - 128); }

static uint32_t selector(void) {
    static const uint16_t selectors[] = {USER_DATA, USER_DATA, USER_DATA, USER_CODE, 0, 1, 2, 3, 8, 0x0B, 0x10, 0x13, 0x18,
                                         0x1B, 0x20, 0x28, 0x2A, 0xFF8, 0xFFFB, 0x2C, 0x0C, 7};
    return selectors[below(sizeof selectors / sizeof *selectors)];
}

/* ---- A ModRM byte and what belongs to it ---- */

/* Makes [base + index * scale + displacement] lead to an address, by changing the displacement or a register. */
static void memory_operand(int reg, int narrow, uint32_t target) {
    static const int8_t base16[] = {EBX, EBX, EBP, EBP, ESI, EDI, EBP, EBX};
    static const int8_t index16[] = {ESI, EDI, ESI, EDI, -1, -1, -1, -1};
    int mod = (int) below(3);
    int rm = (int) below(8);
    if (narrow) {
        if (mod == 0 && rm == 6) {
            byte((unsigned) (reg << 3 | 6));
            bytes(target, 2);
            return;
        }
        byte((unsigned) (mod << 6 | reg << 3 | rm));
        uint32_t rest = target;
        if (index16[rm] >= 0) {
            registers[index16[rm]] = value();
            rest -= registers[index16[rm]];
        }
        registers[base16[rm]] = value();
        uint32_t displacement = mod == 2 ? rest - registers[base16[rm]] : (uint32_t) (int8_t) value();
        if (mod == 0) {
            displacement = 0;
        }
        registers[base16[rm]] = (registers[base16[rm]] & 0xFFFF0000) | ((rest - displacement) & 0xFFFF);
        bytes(displacement, mod);
        return;
    }
    int base = rm, index = -1, scale = 0, sib = -1;
    if (rm == 4) {
        base = (int) below(8);
        index = (int) below(8);
        scale = (int) below(4);
        sib = scale << 6 | index << 3 | base;
        if (index == 4) {
            index = -1;
        }
    }
    int absolute = mod == 0 && base == 5;
    if (base == index && mod != 2 && !absolute) {
        memory_operand(reg, narrow, target);
        return;
    }
    byte((unsigned) (mod << 6 | reg << 3 | rm));
    if (sib >= 0) {
        byte((unsigned) sib);
    }
    uint32_t rest = target;
    if (index >= 0) {
        registers[index] = value();
        rest -= registers[index] << scale;
    }
    if (absolute) {
        bytes(rest, 4);
        return;
    }
    if (mod == 2) {
        if (base != index) {
            registers[base] = base == ESP ? data_address() : value();
        }
        bytes(rest - registers[base], 4);
        return;
    }
    int8_t displacement = mod == 1 ? (int8_t) value() : 0;
    registers[base] = rest - (uint32_t) displacement;
    if (mod == 1) {
        byte((uint8_t) displacement);
    }
}

/* ---- Forms ---- */

typedef struct {
    uint8_t opcode[3];
    int opcodes, group; /* group: the ModRM byte's reg field, or -1 */
    char mnemonic[16], operands[3][4];
    int operand_count;
} Form;

static int is(const Form *f, const char *names) {
    size_t n = strlen(f->mnemonic);
    for (const char *at = strstr(names, f->mnemonic); at; at = strstr(at + 1, f->mnemonic)) {
        if ((at == names || at[-1] == ' ') && (at[n] == ' ' || at[n] == 0)) {
            return 1;
        }
    }
    return 0;
}

/*
 * What can't be compared: time, identity, what the kernel has in its registers, ways into the kernel; and INT1, whose EIP
 * hypervisors tell wrong.
 */
static const char SKIPPED[] = "CPUID RDTSC RDPMC SYSENTER SYSEXIT SGDT SIDT SLDT STR SMSW INT1";
static const char BIT_STRINGS[] = "BT BTS BTR BTC";
static const char STRINGS[] = "MOVS CMPS STOS LODS SCAS INS OUTS";
static const char SHIFTS[] = "ROL ROR RCL RCR SHL SHR SHL_ALIAS SAR SHLD SHRD";
static const char LOCKABLE[] = "ADD OR ADC SBB AND SUB XOR INC DEC NEG NOT XCHG BTS BTR BTC XADD CMPXCHG CMPXCHG8B";
static const char SELECTORS[] = "LAR LSL VERR VERW MOV_SEG ARPL";
/* Of no more interest than a few vectors tell. */
static const char PRIVILEGED[] =
        "CLI STI HLT IN OUT INS OUTS LGDT LIDT LLDT LTR LMSW INVLPG CLTS INVD WBINVD RDMSR WRMSR MOV_FROMCR MOV_CR "
        "MOV_FROMDR MOV_DR UD2 UNDEFINED NOP NOP_LONG INT1 INT3 CLC STC CMC CLD STD SALC";

static int has_modrm(const Form *f) {
    int found = f->group >= 0;
    for (int n = 0; n < f->operand_count; n++) {
        /* Sizes are small letters; AL, DX, ES and their like are registers. */
        const char *operand = f->operands[n];
        found |= strchr("EMGRSCD", operand[0]) != 0 && operand[1] >= 'a';
    }
    return found;
}

static int parse(char *line, Form *f) {
    memset(f, 0, sizeof *f);
    f->group = -1;
    char *cell = strchr(line, '|');
    if (line[0] == '#' || cell == 0) {
        return 0;
    }
    *cell++ = 0;
    for (char *word = strtok(line, " "); word; word = strtok(0, " ")) {
        if (word[0] == '/') {
            f->group = word[1] - '0';
        } else {
            f->opcode[f->opcodes++] = (uint8_t) strtoul(word, 0, 16);
        }
    }
    char *word = strtok(cell, " \n");
    snprintf(f->mnemonic, sizeof f->mnemonic, "%s", word);
    for (word = strtok(0, ",\n"); word; word = strtok(0, ",\n")) {
        snprintf(f->operands[f->operand_count++], 4, "%.3s", word);
    }
    return 1;
}

static int varies(const Form *f) {
    for (int n = 0; n < f->operand_count; n++) {
        const char *operand = f->operands[n];
        if (strchr("vzp", operand[1]) != 0 || strcmp(operand + 1, "AX") == 0) {
            return 1;
        }
    }
    return is(f, "CBW CWD PUSHA POPA PUSHF POPF ENTER LEAVE RET RETF IRET PUSH_SEG POP_SEG BOUND");
}

static int address_sensitive(const Form *f) {
    return has_modrm(f) || is(f, STRINGS) || is(f, "XLAT LOOP LOOPE LOOPNE JCXZ MOV");
}

static void string_state(const Form *f, int narrow, int size) {
    registers[ESI] = data_address();
    registers[EDI] = one_in(4) ? registers[ESI] + below(16) - 8 : data_address();
    /* Whether the I/O privilege is looked at for nothing to move differs among processors. */
    registers[ECX] = is(f, "INS OUTS") ? 1 + below(3) : one_in(2) ? below(12) : below(3);
    flags |= one_in(2) ? DF : 0;
    if (is(f, "CMPS SCAS")) {
        /* Long runs that differ late, or never. */
        uint32_t unit = value();
        for (int n = -48; n < 52; n += size) {
            poke(registers[ESI] + (unsigned) n, unit, size);
            poke(registers[EDI] + (unsigned) n, unit, size);
        }
        registers[EAX] = unit;
        if (!one_in(4)) {
            poke(registers[EDI] + (below(8) - 4) * (unsigned) size, value(), size);
        }
        if (one_in(3)) {
            for (int n = -48; n < 52; n += size) {
                poke(registers[EDI] + (unsigned) n, value(), size);
            }
        }
    }
    if (is(f, "STOS")) {
        registers[EAX] = value();
    }
    if (narrow) {
        registers[ESI] |= (uint32_t) next() << 16;
        registers[EDI] |= (uint32_t) next() << 16;
        registers[ECX] |= (uint32_t) next() << 16;
    }
}

static void stack_state(const Form *f, int size) {
    if (!is(f, "PUSH POP PUSHA POPA PUSHF POPF PUSH_SEG POP_SEG CALL CALL_ABS CALL_FAR RET RETF IRET ENTER LEAVE")) {
        return;
    }
    registers[ESP] = data_address() & (one_in(4) ? ~0u : ~3u);
    uint32_t sp = registers[ESP];
    uint32_t far_code = one_in(4) ? selector() : USER_CODE;
    if (is(f, "RET RETF IRET")) {
        poke(sp, code_address(), size);
        if (!is(f, "RET")) {
            poke(sp + (unsigned) size, far_code | (size == 4 ? (uint32_t) next() << 16 : 0), size);
        }
        if (is(f, "IRET")) {
            uint32_t image = (uint32_t) next() & (0x3F7FFF & ~TF & ~NT & ~VM);
            poke(sp + 2 * (unsigned) size, image, size);
        }
    } else if (is(f, "POPF")) {
        poke(sp, (uint32_t) next() & ~(uint32_t) TF, size);
    } else if (is(f, "POP_SEG")) {
        poke(sp, selector(), size);
    } else if (is(f, "POPA")) {
        for (int n = 0; n < 8; n++) {
            poke(sp + (unsigned) (n * size), value(), size);
        }
    } else if (is(f, "POP")) {
        poke(sp, value(), size);
    } else if (is(f, "PUSHA")) {
        registers[EAX] = value();
        registers[EDI] = value();
        registers[EBP] = value();
    } else if (is(f, "ENTER LEAVE")) {
        registers[EBP] = data_address();
    }
}

static uint32_t immediate(const Form *f, const char *kind, int size) {
    if (is(f, "RETF")) {
        return below(0x200);
    }
    if (is(f, "SHLD SHRD")) {
        return limited(count(), size == 4);
    }
    if (is(f, SHIFTS) || is(f, BIT_STRINGS)) {
        return count();
    }
    if (is(f, "ENTER")) {
        return kind[1] == 'w' ? below(0x200) : one_in(3) ? below(256) & 0xE7 : below(6);
    }
    if (is(f, "INT")) {
        /* 80 is Linux's. */
        uint32_t vector = below(256);
        return vector == 0x80 ? 3 : vector;
    }
    if (is(f, "AAM AAD") && one_in(2)) {
        return 10;
    }
    return value();
}

/* The registers that an instruction reads without naming them. */
static void implicit_state(const Form *f, int size, int narrow) {
    if (is(f, STRINGS)) {
        string_state(f, narrow, f->opcode[f->opcodes - 1] & 1 ? size : 1);
    }
    if (is(f, "XLAT")) {
        registers[EAX] = value();
        registers[EBX] = data_address() - (registers[EAX] & 0xFF);
        registers[EBX] |= narrow ? (uint32_t) next() << 16 : 0;
    }
    if (is(f, "LOOP LOOPE LOOPNE JCXZ")) {
        static const uint32_t counts[] = {0, 1, 2, 0x10000, 0x10001, 0xFFFF0000, 0xFFFFFFFF};
        registers[ECX] = counts[below(7)];
    }
    if (is(f, "DAA DAS AAA AAS AAM AAD CBW CWD LAHF SAHF SALC CMPXCHG CMPXCHG8B MUL IMUL DIV IDIV")) {
        registers[EAX] = value();
    }
    if (is(f, "MUL IMUL CMPXCHG8B CWD")) {
        registers[EDX] = value();
    }
    if (is(f, "DIV IDIV")) {
        registers[EDX] = one_in(3) ? value() : one_in(2) ? below(8) : 0u - below(3);
        if (f->opcode[0] == 0xF6 && one_in(2)) {
            registers[EAX] = (uint32_t) (int8_t) value();
        }
    }
    stack_state(f, size);
}

static int holder(const char *operand, int number) { return operand[1] == 'b' ? number & 3 : number; }

/* The registers that its operands are, but for those of addresses. */
static void operand_state(const Form *f, int reg, int rm, int size) {
    for (int n = 0; n < f->operand_count; n++) {
        const char *operand = f->operands[n];
        uint32_t v = is(f, SELECTORS) ? selector() : is(f, "CALL_ABS JMP_ABS") ? code_address() : value();
        int number = -1;
        switch (operand[0]) {
            /* But GS and ES are no operands to set. */
            case 'G': number = operand[1] == 'S' ? -1 : holder(operand, reg); break;
            case 'E': case 'R': number = rm < 0 ? -1 : holder(operand, rm); break;
            case 'Z': number = holder(operand, f->opcode[f->opcodes - 1] & 7); break;
            case 'r': case 'e': number = is(f, STRINGS) ? -1 : EAX; break;
            case 'A': number = operand[1] == 'L' && !is(f, STRINGS) ? EAX : -1; break;
            case 'C':
                number = operand[1] == 'L' ? ECX : -1;
                v = ((uint32_t) next() & 0xFFFFFF00) | (is(f, "SHLD SHRD") ? limited(count(), size == 4) : count());
                break;
            default: break;
        }
        if (number >= 0 && !(number == ESP && is(f, "PUSH POP"))) {
            registers[number] = v;
        }
    }
}

/* What its memory operand holds. */
static void poke_operand(const Form *f, int size, int reg, uint32_t target) {
    uint32_t v = is(f, SELECTORS) ? selector() : is(f, "CALL_ABS JMP_ABS") ? code_address() : value();
    if (is(f, "CMPXCHG") && one_in(2)) {
        v = registers[EAX];
    }
    poke(target, v, 4);
    if (is(f, "CMPXCHG8B")) {
        uint64_t old = (uint64_t) registers[EDX] << 32 | registers[EAX];
        poke(target, one_in(2) ? old : (uint64_t) value() << 32 | v, 8);
    } else if (is(f, "BOUND")) {
        poke(target, one_in(2) ? registers[reg] - below(3) + 1 : value(), size);
        poke(target + (unsigned) size, one_in(2) ? registers[reg] + below(3) - 1 : value(), size);
    } else if (is(f, "LES LDS LSS LFS LGS")) {
        poke(target + (unsigned) size, selector(), 2);
    } else if (is(f, "JMP_FAR CALL_FAR")) {
        poke(target, code_address(), size);
        poke(target + (unsigned) size, one_in(3) ? selector() : USER_CODE, 2);
    }
}

static int in_data(uint32_t address) { return address >= DATA + 0x800 && address < END - 0x800; }

/* Makes a vector's instruction and state; whether its accesses stay where they should. */
static int make(const Form *f, int size, int narrow) {
    begin();
    implicit_state(f, size, narrow);
    int reg = f->group >= 0 ? f->group : (int) below(8);
    int rm = -1;
    int memory_only = 0, register_only = 0;
    for (int n = 0; n < f->operand_count; n++) {
        memory_only |= f->operands[n][0] == 'M';
        register_only |= f->operands[n][0] == 'R';
    }
    if (has_modrm(f) && (register_only || (!memory_only && one_in(2)))) {
        rm = (int) below(8);
    }
    operand_state(f, reg, rm, size);
    if (is(f, "CMPXCHG") && rm >= 0 && one_in(2)) {
        registers[EAX] = registers[holder(f->operands[0], rm)];
    }

    if (is(f, LOCKABLE) && has_modrm(f) && one_in(8)) {
        byte(0xF0);
    }
    if (is(f, STRINGS) && !one_in(3)) {
        byte(0xF2 + below(2));
    }
    if (one_in(8) && (has_modrm(f) || is(f, STRINGS))) {
        static const uint8_t segments[] = {0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65};
        byte(segments[below(6)]);
    }
    if (size == 2) {
        byte(0x66);
    }
    if (narrow) {
        byte(0x67);
    }
    for (int n = 0; n < f->opcodes; n++) {
        byte(f->opcode[n]);
    }
    if (rm >= 0) {
        byte((unsigned) (0xC0 | reg << 3 | rm));
    } else if (has_modrm(f)) {
        uint32_t target = data_address() & (one_in(3) ? ~0u : ~7u);
        int untouched = is(f, "LEA NOP_LONG INVLPG");
        memory_operand(reg, narrow, untouched ? (uint32_t) next() : target);
        if (is(f, "SHLD SHRD") && strcmp(f->operands[2], "CL") == 0 && limited(registers[ECX], size == 4) != registers[ECX]) {
            return 0;
        }
        if (is(f, BIT_STRINGS) && f->group < 0) {
            /* The bit offset is signed, and reaches beyond the operand. */
            int32_t offset = size == 4 ? (int32_t) registers[reg] : (int16_t) registers[reg];
            if (!in_data(target + (uint32_t) (offset >> 3))) {
                return 0;
            }
        }
        if (!untouched) {
            poke_operand(f, size, reg, target);
        }
    }
    for (int n = 0; n < f->operand_count; n++) {
        const char *operand = f->operands[n];
        if (strcmp(operand, "Ap") == 0) {
            bytes(code_address(), size);
            bytes(one_in(3) ? selector() : USER_CODE, 2);
        } else if (operand[0] == 'I') {
            bytes(immediate(f, operand, size), strchr("bs", operand[1]) ? 1 : operand[1] == 'w' ? 2 : size);
        } else if (strcmp(operand, "Jb") == 0) {
            /* Anywhere but into this instruction. */
            int displacement = (int8_t) value();
            byte((unsigned) (displacement < 0 ? displacement & -16 : displacement));
        } else if (operand[0] == 'J') {
            bytes(code_address() - (CODE + (unsigned) length + (unsigned) size), size);
        } else if (operand[0] == 'O') {
            uint32_t target = data_address();
            poke(target, value(), 4);
            bytes(target, narrow ? 2 : 4);
        }
    }
    return in_data(registers[ESP]) || !is(f, "PUSH POP CALL_ABS CALL_FAR");
}

static void record_form(const Form *f, int vectors) {
    if (is(f, SKIPPED)) {
        return;
    }
    /* Opcodes that differ in a condition or a register share what one of them gets. */
    int high = f->opcode[f->opcodes - 1] >> 4;
    int wanted = vectors;
    if (is(f, PRIVILEGED)) {
        wanted = 6;
    } else if (f->opcodes == 1 ? high == 4 || high == 5 || high == 7 || high == 0xB : high == 4 || high == 8 || high == 9) {
        wanted = vectors / 4;
    } else if (is(f, "XCHG") && !has_modrm(f)) {
        wanted = vectors / 8;
    } else if (f->operand_count == 0 && !is(f, "PUSHA POPA PUSHF POPF IRET")) {
        wanted = vectors / 2;
    }
    /* BSWAP of 16 bits is undefined. */
    int widths = varies(f) && !is(f, "BSWAP") ? 2 : 1;
    for (int size = 4; size > 4 - 2 * widths; size -= 2) {
        for (int n = 0; n < wanted; n++) {
            while (!make(f, size, address_sensitive(f) && one_in(4))) {
            }
            /* Where these look at alignment is each processor's own matter. */
            int checks = n % 24 == 19 && !is(f, "PUSH_SEG POP_SEG ENTER RETF");
            flags |= n % 24 == 7 ? TF : checks ? AC : 0;
            record();
        }
    }
}

/* ---- Streams ---- */

static const char STREAMED[] =
        "ADD OR ADC SBB AND SUB XOR CMP TEST INC DEC NEG NOT MOV MOVZX MOVSX XCHG LEA CBW CWD BSWAP LAHF SAHF CLC STC CMC "
        "CLD STD NOP ROL ROR RCL RCR SHL SHR SAR SHLD SHRD MUL IMUL IMUL_LOW BT BTS BTR BTC BSF BSR XADD CMPXCHG PUSH POP "
        "MOVS STOS LODS CMPS SCAS DAA DAS AAA AAS AAD";
/* What leaves flags undefined, so that the next instruction has to be a comparison. */
static const char LEAVING[] =
        "ROL ROR RCL RCR SHL SHR SAR SHLD SHRD MUL IMUL IMUL_LOW BT BTS BTR BTC BSF BSR DAA DAS AAA AAS AAD";

static int streamed(const Form *f) {
    return is(f, STREAMED) || ((strncmp(f->mnemonic, "SET", 3) == 0 || strncmp(f->mnemonic, "CMOV", 4) == 0));
}

/* Registers but for the pointers: ESP to the stack, EBP to data. */
static int free_register(void) {
    static const int8_t free_ones[] = {EAX, ECX, EDX, EBX, ESI, EDI};
    return free_ones[below(6)];
}

static void stream_instruction(const Form *f) {
    int size = is(f, "BSWAP SHLD SHRD") || !varies(f) || !one_in(3) ? 4 : 2;
    uint8_t last = f->opcode[f->opcodes - 1];
    /* A register in the opcode that is no pointer. */
    if (f->operand_count > 0 && f->operands[0][0] == 'Z' && f->operands[0][1] == 'v') {
        last = (uint8_t) ((last & ~7) | free_register());
    }
    if (is(f, STRINGS)) {
        /* Where ESI and EDI lead is made sure of first: MOV ESI,imm; MOV EDI,imm; MOV ECX,imm. */
        byte(0xBE), bytes(data_address(), 4), byte(0xBF), bytes(data_address(), 4), byte(0xB9), bytes(below(9), 4);
        if (one_in(2)) {
            byte(0xF2 + below(2));
        }
    }
    if (size == 2) {
        byte(0x66);
    }
    for (int n = 0; n < f->opcodes - 1; n++) {
        byte(f->opcode[n]);
    }
    byte(last);
    if (has_modrm(f)) {
        int reg = f->group >= 0 ? f->group : free_register();
        int by_memory = is(f, "LEA") || (one_in(2) && !(is(f, BIT_STRINGS) && f->group < 0));
        if (!by_memory) {
            byte((unsigned) (0xC0 | reg << 3 | free_register()));
        } else if (one_in(2)) {
            byte((unsigned) (0x45 | reg << 3));
            byte(value());
        } else {
            byte((unsigned) (5 | reg << 3));
            bytes(data_address(), 4);
        }
    }
    for (int n = 0; n < f->operand_count; n++) {
        const char *operand = f->operands[n];
        if (operand[0] == 'I') {
            bytes(immediate(f, operand, size), strchr("bs", operand[1]) ? 1 : size);
        } else if (operand[0] == 'O') {
            bytes(data_address(), 4);
        }
    }
    if (is(f, LEAVING)) {
        /* CMP r32,imm8 */
        byte(0x83);
        byte((unsigned) (0xF8 | free_register()));
        byte(value());
    }
}

static void record_streams(const Form *forms, int form_count, int streams) {
    while (streams-- > 0) {
        begin();
        for (int n = 0; n < 8; n++) {
            registers[n] = n == ESP ? 0xC800 : n == EBP ? 0xB000 : value();
        }
        for (int n = 0; n < 20; n++) {
            const Form *f;
            do {
                f = forms + below((unsigned) form_count);
            } while (!streamed(f) || f->operands[0][0] == 'S' || f->operands[1][0] == 'S');
            int jump = -1;
            if (one_in(6)) {
                /* Perhaps not this one. */
                byte(0x70 + below(16));
                jump = length;
                byte(0);
            }
            stream_instruction(f);
            if (jump >= 0) {
                code[jump] = (uint8_t) (length - jump - 1);
            }
        }
        record();
    }
}

int main(int argc, char **argv) {
    if (argc != 4 && argc != 5) {
        fprintf(stderr, "usage: record-integer SEED FORMS VECTORS | SEED FORMS streams COUNT\n");
        return 2;
    }
    seed = strtoull(argv[1], 0, 10);
    set_up();
    fill_pool();
    FILE *list = fopen(argv[2], "r");
    if (list == 0) {
        perror(argv[2]);
        return 1;
    }
    static Form forms[1000];
    int form_count = 0;
    char line[200];
    while (fgets(line, sizeof line, list)) {
        form_count += parse(line, &forms[form_count]);
    }
    if (argc == 5) {
        record_streams(forms, form_count, atoi(argv[4]));
        return 0;
    }
    for (int n = 0; n < form_count; n++) {
        record_form(&forms[n], atoi(argv[3]));
    }
    return 0;
}
