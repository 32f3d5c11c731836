/*
 * Records what this machine's own processor does with x87 instructions, for X87VectorTest to replay.
 * Writes lines of hexadecimal words to standard output:
 *
 *   FORM cw sw full st0 st1 [mem] flags > sw tags full {n=register}... [mem=bytes] [flags=..]
 *
 * FORM is the opcode and "/n" for a memory operand, or opcode and ModRM byte. `full` has a bit for each register in its
 * place (not counted from the top) that is not empty; registers are sign-and-exponent:significand. Those that are
 * neither ST(0) nor ST(1) hold 4000+n:A000000000000000 | n before. Behind ">" stand the registers that changed.
 * Pointers are not recorded: a 64-bit system shows them otherwise than the guests' modes do.
 *
 * usage: record-x87 SEED
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "random.h"

typedef struct {
    uint64_t significand;
    uint16_t exponent;
} Real;

#define TOP 0x8000000000000000u
static const Real BOUNDARIES[] = {
    {0, 0x0000}, {0, 0x8000},                                                         /* zeros */
    {TOP, 0x3FFF}, {TOP, 0xBFFF}, {TOP, 0x4000}, {TOP, 0x3FFE},                       /* 1, -1, 2, 1/2 */
    {0xC000000000000000u, 0x3FFF}, {0xC000000000000000u, 0xC000}, {0xA000000000000000u, 0x4001}, /* 1.5, -3, 10 */
    {TOP, 0x7FFF}, {TOP, 0xFFFF},                                                     /* infinities */
    {0xC000000000000000u, 0xFFFF}, {0xC000000000000001u, 0x7FFF}, {0xFFFFFFFFFFFFFFFFu, 0x7FFF}, /* QNaNs */
    {0xC000000000000001u, 0xFFFF},
    {0x8000000000000001u, 0x7FFF}, {0xA000000000000000u, 0xFFFF}, {0xBFFFFFFFFFFFFFFFu, 0x7FFF}, /* SNaNs */
    {1, 0x0000}, {1, 0x8000}, {0x7FFFFFFFFFFFFFFFu, 0x0000}, {0x4000000000000000u, 0x8000},      /* denormals */
    {TOP, 0x0000}, {0xFFFFFFFFFFFFFFFFu, 0x8000},                                     /* pseudo-denormals */
    {0x7FFFFFFFFFFFFFFFu, 0x7FFF}, {0, 0xFFFF},                                       /* pseudo-NaN, -infinity */
    {0x4000000000000000u, 0x3FFF}, {0, 0xC000},                                       /* unnormals */
    {TOP, 0x0001}, {0xFFFFFFFFFFFFFFFFu, 0x8001}, {0xFFFFFFFFFFFFFFFFu, 0x7FFE}, {TOP, 0xFFFE},  /* least, greatest */
    {0xFFFFFFFFFFFFFFFFu, 0x3FFE}, {0x8000000000000001u, 0x3FFF},                     /* beside 1 */
    {0xFFFFFF8000000000u, 0x407E}, {0xFFFFFF7FFFFFFFFFu, 0x407E}, {0xFFFFFFFFFFFFFC00u, 0x43FE}, /* ends of single, */
    {0xFFFFFFFFFFFFFBFFu, 0xC3FE}, {TOP, 0x3F81}, {0xFFFFFFFFFFFFFFFFu, 0x3F80}, {TOP, 0x3F6A},  /* double */
    {0x8000000000000001u, 0x3F69}, {TOP, 0x3C01}, {0xFFFFFFFFFFFFFFFFu, 0xBC00}, {TOP, 0x3BCD}, {TOP, 0x3BCC},
    {0xFFFE000000000000u, 0x400D}, {0xFFFF000000000000u, 0x400D}, {TOP, 0x400E}, {TOP, 0xC00E},  /* ends of integers */
    {0x8000800000000000u, 0xC00E}, {0xFFFFFFFE00000000u, 0x401D}, {TOP, 0xC01E}, {0x8000000080000000u, 0xC01E},
    {0xFFFFFFFF00000000u, 0x401D}, {0xFFFFFFFFFFFFFFFEu, 0x403D}, {TOP, 0x403E}, {TOP, 0xC03E},
    {0xDE0B6B3A763FFFF0u, 0x403A}, {0xDE0B6B3A763FFFF8u, 0x403A}, {0xDE0B6B3A76400000u, 0x403A}, /* 10^18 - 1, 10^18 */
    {0xC90FDAA22168C235u, 0x3FFE}, {0xC90FDAA22168C235u, 0x4000}, {0xC90FDAA22168C234u, 0x3FFF}, /* pi/4, pi, pi/2 */
    {0xB504F333F9DE6484u, 0x3FFE}, {0x95F619980C4336F7u, 0x3FFD}, {0x95F619980C4336F7u, 0xBFFD}, /* sqrt(1/2), 1 - that */
};
#define BOUNDARY_COUNT (sizeof BOUNDARIES / sizeof *BOUNDARIES)

static Real random_real(int low, int high) {
    Real r;
    r.significand = next() | TOP;
    switch (below(8)) {
        case 0: r.significand &= ~0u << below(32); r.significand |= TOP; break;
        case 1: r.significand &= (uint64_t) -1 << below(63); break;
        case 2: r.significand |= (uint64_t) -1 >> below(63); break;
        default: break;
    }
    r.exponent = (uint16_t) (low + (int) below((unsigned) (high - low + 1)));
    r.exponent |= (uint16_t) (next() & 0x8000);
    return r;
}

/* Operands come from pools, so that a line's text has mostly been there before. */
#define POOL 260
static Real near_one[POOL], anywhere[POOL], small[POOL];

static void fill_pools(void) {
    for (int i = 0; i < POOL; i++) {
        near_one[i] = random_real(0x3FFF - 70, 0x3FFF + 70);
        anywhere[i] = random_real(0, 0x7FFE);
        small[i] = random_real(0x3FFF - 20, 0x3FFF + 3);
        if (anywhere[i].exponent << 1 == 0) {
            anywhere[i].significand >>= 1 + below(40);
        }
    }
}

enum Kind { GENERAL, SCALED, REDUCED, ANGLE, INTEGERS, EXTREMES };

static Real pick(enum Kind kind) {
    unsigned n = below(100);
    if (n < 22) {
        return BOUNDARIES[below(BOUNDARY_COUNT)];
    }
    switch (kind) {
        case SCALED: return n < 60 ? near_one[below(POOL)] : anywhere[below(POOL)];
        case REDUCED: return n < 90 ? small[below(POOL)] : near_one[below(POOL)];
        case ANGLE: return n < 55 ? small[below(POOL)] : n < 95 ? near_one[below(POOL)] : anywhere[below(POOL)];
        case EXTREMES: {
            Real r = anywhere[below(POOL)];
            if (n < 60) {
                r.exponent = (uint16_t) ((r.exponent & 0x8000) | (n & 1 ? 0x7FFE - below(70) : 1 + below(70)));
                r.significand |= TOP;
            }
            return r;
        }
        default: return n < 75 ? near_one[below(POOL)] : anywhere[below(POOL)];
    }
}

/* The layout of FNSAVE in 64-bit mode, which is the 32-bit protected-mode one. */
#pragma pack(push, 1)
typedef struct {
    uint32_t control, status, tags, ip, cs, dp, ds;
    struct {
        uint64_t significand;
        uint16_t exponent;
    } st[8];
} Image;
#pragma pack(pop)

static uint8_t *code;

static uint64_t run(Image *before, Image *after, const uint8_t *instruction, int length, uint8_t *memory, uint64_t flags) {
    /* push rsi; popfq; the instruction; pushfq; pop rax; ret */
    uint8_t *at = code;
    *at++ = 0x56;
    *at++ = 0x9D;
    memcpy(at, instruction, (size_t) length);
    at += length;
    *at++ = 0x9C;
    *at++ = 0x58;
    *at++ = 0xC3;
    uint64_t result = 0;
    __asm__ volatile(
            "frstor %[before]\n\t"
            "call *%[code]\n\t"
            "fnsave %[after]\n\t"
            : "=a"(result), [after] "=m"(*after)
            : [before] "m"(*before), [code] "r"(code), "D"(memory), "S"(flags)
            : "memory", "cc", "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)", "st(7)");
    return result;
}

enum Operand { NONE, SINGLE, DOUBLE, EXTENDED, INT16, INT32, INT64, BCD };
static const int BYTES[] = {0, 4, 8, 10, 2, 4, 8, 10};

static void fill_memory(uint8_t *memory, enum Operand operand) {
    uint64_t value = next();
    static const uint32_t singles[] = {0, 0x80000000u, 0x3F800000u, 0x7F800000u, 0xFF800000u, 0x7FC00000u, 0xFFC12345u,
                                       0x7F800001u, 0xFFBFFFFFu, 1, 0x807FFFFFu, 0x00400000u, 0x00800000u, 0x7F7FFFFFu};
    static const uint64_t doubles[] = {0, TOP, 0x3FF0000000000000u, 0x7FF0000000000000u, 0xFFF0000000000000u,
                                       0x7FF8000000000000u, 0xFFF8000012345678u, 0x7FF0000000000001u,
                                       0xFFF7FFFFFFFFFFFFu, 1, 0x800FFFFFFFFFFFFFu, 0x0008000000000000u,
                                       0x0010000000000000u, 0x7FEFFFFFFFFFFFFFu};
    static const uint64_t integers[] = {0, 1, (uint64_t) -1, TOP, TOP - 1, 0x80000000u, 0x7FFFFFFFu, 0x8000u, 0x7FFFu,
                                        0xFFFFFFFF80000000u, 0xFFFFFFFFFFFF8000u};
    switch (operand) {
        case SINGLE:
            value = below(3) == 0 ? singles[below(14)] : (value & 0x807FFFFFu) | (uint64_t) (100 + below(60)) << 23;
            break;
        case DOUBLE:
            value = below(3) == 0 ? doubles[below(14)]
                                  : (value & 0x800FFFFFFFFFFFFFu) | (uint64_t) (950 + below(150)) << 52;
            break;
        case INT16:
        case INT32:
        case INT64:
            value = below(3) == 0 ? integers[below(11)] : value >> below(60);
            break;
        case EXTENDED: {
            Real r = pick(GENERAL);
            memcpy(memory, &r.significand, 8);
            memcpy(memory + 8, &r.exponent, 2);
            return;
        }
        case BCD:
            for (int i = 0; i < 9; i++) {
                memory[i] = (uint8_t) (below(10) << 4 | below(10));
            }
            memory[9] = (uint8_t) (next() & 0x80);
            if (below(4) == 0) {
                memset(memory, 0, 5 + below(5));
            }
            return;
        default: break;
    }
    memcpy(memory, &value, 8);
}

static const uint16_t CONTROLS[] = {0x037F, 0x037F, 0x037F, 0x027F, 0x007F, 0x017F};

static void print_bytes(const uint8_t *bytes, int count) {
    for (int i = 0; i < count; i++) {
        printf("%02X", bytes[i]);
    }
}

static void record(uint8_t opcode, uint8_t modrm, enum Operand operand, enum Kind kind) {
    Image before, after;
    uint8_t memory[16], shown[16];
    memset(&before, 0, sizeof before);
    unsigned top = below(8);
    unsigned full = 3u << top;
    Real st[2] = {pick(kind), pick(kind)};
    switch (below(24)) {
        case 0: full = 0; break;
        case 1: full = 1u << top; break;
        case 2: full = 2u << top; break;
        case 3: full = 0xFFu << top; break;
        default: break;
    }
    full = (full | full >> 8) & 0xFF;
    unsigned control = CONTROLS[below(6)] | below(4) << 10;
    if (below(3) == 0) {
        control &= ~(unsigned) (next() & 0x3F);
    }
    unsigned unmasked = ~control & 0x3F;
    unsigned status = top << 11;
    if (below(3) == 0) {
        status |= (unsigned) next() & 0x477F & ~unmasked;
    }
    unsigned tags = 0;
    for (int i = 0; i < 8; i++) {
        tags |= (full >> i & 1 ? 0u : 3u) << 2 * i;
        before.st[(i - (int) top) & 7].exponent = (uint16_t) (0x4000 + i);
        before.st[(i - (int) top) & 7].significand = 0xA000000000000000u | (unsigned) i;
    }
    for (int i = 0; i < 2; i++) {
        before.st[i].exponent = st[i].exponent;
        before.st[i].significand = st[i].significand;
    }
    before.control = control | 0xFFFF0000u;
    before.status = status | 0xFFFF0000u;
    before.tags = tags | 0xFFFF0000u;
    fill_memory(memory, operand);
    memcpy(shown, memory, 16);
    int uses_flags = opcode >= 0xDA && opcode != 0xDC && opcode != 0xDE && operand == NONE;
    uint64_t flags = (uses_flags ? next() & 0x8D5 : 0) | 0x202;
    uint8_t instruction[2] = {opcode, modrm};
    uint64_t flags_after = run(&before, &after, instruction, 2, memory, flags);

    if (operand == NONE) {
        printf("%02X%02X", opcode, modrm);
    } else {
        printf("%02X/%d", opcode, modrm >> 3 & 7);
    }
    printf(" %X %X %02X %X:%lX %X:%lX ", control, status, full, st[0].exponent, st[0].significand, st[1].exponent,
           st[1].significand);
    if (operand != NONE) {
        print_bytes(shown, BYTES[operand]);
        putchar(' ');
    }
    printf("%lX > %X %X", flags & 0x8D5, after.status & 0xFFFF, after.tags & 0xFFFF);
    unsigned top_after = after.status >> 11 & 7;
    for (int i = 0; i < 8; i++) {
        unsigned was = (unsigned) (i - (int) top) & 7, is = (unsigned) (i - (int) top_after) & 7;
        if (before.st[was].significand != after.st[is].significand || before.st[was].exponent != after.st[is].exponent) {
            printf(" %d=%X:%lX", i, after.st[is].exponent, after.st[is].significand);
        }
    }
    if (memcmp(memory, shown, 16) != 0) {
        printf(" mem=");
        print_bytes(memory, BYTES[operand]);
    }
    if ((flags ^ flags_after) & 0x8D5) {
        printf(" flags=%lX", flags_after & 0x8D5);
    }
    putchar('\n');
}

static void repeat(int count, uint8_t opcode, uint8_t modrm, enum Operand operand, enum Kind kind) {
    for (int i = 0; i < count; i++) {
        record(opcode, modrm, operand, kind);
    }
}

#define MEMORY(reg) (uint8_t) ((reg) << 3 | 7)

int main(int count, char **arguments) {
    seed = count > 1 ? strtoull(arguments[1], NULL, 0) : 1;
    fprintf(stderr, "record-x87: seed %lu\n", seed);
    printf("# seed %lu\n", seed);
    code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    fill_pools();
    int n = 150;
    /* Arithmetic: ST(0) op ST(1), ST(1) op ST(0), with pop, and the memory forms. */
    for (unsigned op = 0; op < 8; op++) {
        repeat(5 * n, 0xD8, (uint8_t) (0xC1 + 8 * op), NONE, GENERAL);
        repeat(3 * n, 0xD8, (uint8_t) (0xC1 + 8 * op), NONE, EXTREMES);
        repeat(n, 0xD8, (uint8_t) (0xC0 + 8 * op), NONE, GENERAL);
        repeat(2 * n, 0xDC, (uint8_t) (0xC1 + 8 * op), NONE, GENERAL);
        repeat(n, 0xDC, (uint8_t) (0xC3 + 8 * op), NONE, GENERAL);
        if (op != 3) {
            repeat(2 * n, 0xDE, (uint8_t) (0xC1 + 8 * op), NONE, GENERAL);
            repeat(n, 0xDE, (uint8_t) (0xC0 + 8 * op), NONE, EXTREMES);
        }
        repeat(2 * n, 0xD8, MEMORY(op), SINGLE, GENERAL);
        repeat(2 * n, 0xDC, MEMORY(op), DOUBLE, GENERAL);
        repeat(n, 0xDA, MEMORY(op), INT32, GENERAL);
        repeat(n, 0xDE, MEMORY(op), INT16, GENERAL);
    }
    repeat(3 * n, 0xDE, 0xD9, NONE, GENERAL);
    /* Comparisons: FUCOM, FUCOMP, FUCOMPP, FCOMI, FUCOMI, FCOMIP, FUCOMIP, FTST, FXAM. */
    repeat(3 * n, 0xDD, 0xE1, NONE, GENERAL);
    repeat(2 * n, 0xDD, 0xE9, NONE, GENERAL);
    repeat(2 * n, 0xDA, 0xE9, NONE, GENERAL);
    repeat(3 * n, 0xDB, 0xF1, NONE, GENERAL);
    repeat(3 * n, 0xDB, 0xE9, NONE, GENERAL);
    repeat(2 * n, 0xDF, 0xF1, NONE, GENERAL);
    repeat(2 * n, 0xDF, 0xE9, NONE, GENERAL);
    repeat(2 * n, 0xD9, 0xE4, NONE, GENERAL);
    repeat(3 * n, 0xD9, 0xE5, NONE, GENERAL);
    /* Moves. */
    repeat(3 * n, 0xD9, MEMORY(0), SINGLE, GENERAL);
    repeat(3 * n, 0xDD, MEMORY(0), DOUBLE, GENERAL);
    repeat(3 * n, 0xDB, MEMORY(5), EXTENDED, GENERAL);
    repeat(2 * n, 0xDF, MEMORY(0), INT16, GENERAL);
    repeat(2 * n, 0xDB, MEMORY(0), INT32, GENERAL);
    repeat(2 * n, 0xDF, MEMORY(5), INT64, GENERAL);
    repeat(2 * n, 0xDF, MEMORY(4), BCD, GENERAL);
    for (unsigned reg = 2; reg < 4; reg++) {
        repeat(5 * n, 0xD9, MEMORY(reg), SINGLE, SCALED);
        repeat(5 * n, 0xDD, MEMORY(reg), DOUBLE, SCALED);
        repeat(4 * n, 0xDF, MEMORY(reg), INT16, GENERAL);
        repeat(4 * n, 0xDB, MEMORY(reg), INT32, GENERAL);
    }
    repeat(5 * n, 0xDF, MEMORY(7), INT64, GENERAL);
    repeat(5 * n, 0xDF, MEMORY(6), BCD, GENERAL);
    repeat(3 * n, 0xDB, MEMORY(7), EXTENDED, GENERAL);
    repeat(n, 0xD9, 0xC1, NONE, GENERAL);
    repeat(n, 0xD9, 0xC9, NONE, GENERAL);
    repeat(n / 2, 0xDD, 0xC9, NONE, GENERAL);
    repeat(n / 2, 0xDF, 0xC9, NONE, GENERAL);
    repeat(n, 0xDD, 0xD1, NONE, GENERAL);
    repeat(n, 0xDD, 0xD9, NONE, GENERAL);
    repeat(n / 2, 0xD9, 0xD9, NONE, GENERAL);
    repeat(n / 2, 0xDF, 0xD1, NONE, GENERAL);
    repeat(n / 2, 0xDF, 0xD9, NONE, GENERAL);
    repeat(n / 2, 0xDD, 0xC1, NONE, GENERAL);
    repeat(n / 2, 0xDF, 0xC1, NONE, GENERAL);
    repeat(n / 2, 0xD9, 0xD0, NONE, GENERAL);
    repeat(n / 2, 0xD9, 0xF6, NONE, GENERAL);
    repeat(n / 2, 0xD9, 0xF7, NONE, GENERAL);
    repeat(n / 2, 0xDB, 0xE2, NONE, GENERAL);
    repeat(n / 2, 0xDB, 0xE3, NONE, GENERAL);
    for (unsigned constant = 0xE8; constant <= 0xEE; constant++) {
        repeat(n, 0xD9, (uint8_t) constant, NONE, GENERAL);
    }
    for (unsigned condition = 0; condition < 4; condition++) {
        repeat(n / 2, 0xDA, (uint8_t) (0xC1 + 8 * condition), NONE, GENERAL);
        repeat(n / 2, 0xDB, (uint8_t) (0xC1 + 8 * condition), NONE, GENERAL);
    }
    /* FCHS, FABS, FSQRT, FRNDINT, FSCALE, FXTRACT, FPREM, FPREM1. */
    repeat(n, 0xD9, 0xE0, NONE, GENERAL);
    repeat(n, 0xD9, 0xE1, NONE, GENERAL);
    repeat(8 * n, 0xD9, 0xFA, NONE, GENERAL);
    repeat(6 * n, 0xD9, 0xFC, NONE, GENERAL);
    repeat(6 * n, 0xD9, 0xFD, NONE, REDUCED);
    repeat(3 * n, 0xD9, 0xFD, NONE, EXTREMES);
    repeat(5 * n, 0xD9, 0xF4, NONE, GENERAL);
    repeat(8 * n, 0xD9, 0xF8, NONE, GENERAL);
    repeat(3 * n, 0xD9, 0xF8, NONE, EXTREMES);
    repeat(8 * n, 0xD9, 0xF5, NONE, GENERAL);
    repeat(3 * n, 0xD9, 0xF5, NONE, EXTREMES);
    /* F2XM1, FYL2X, FPTAN, FPATAN, FYL2XP1, FSINCOS, FSIN, FCOS. */
    repeat(8 * n, 0xD9, 0xF0, NONE, REDUCED);
    repeat(8 * n, 0xD9, 0xF1, NONE, GENERAL);
    repeat(8 * n, 0xD9, 0xF2, NONE, ANGLE);
    repeat(8 * n, 0xD9, 0xF3, NONE, GENERAL);
    repeat(8 * n, 0xD9, 0xF9, NONE, REDUCED);
    repeat(8 * n, 0xD9, 0xFB, NONE, ANGLE);
    repeat(8 * n, 0xD9, 0xFE, NONE, ANGLE);
    repeat(8 * n, 0xD9, 0xFF, NONE, ANGLE);
    return 0;
}
