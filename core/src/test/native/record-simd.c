/*
 * Records what this machine's own processor does with MMX, SSE and SSE2 instructions, for SimdVectorTest to replay.
 * Writes lines of hexadecimal words to standard output:
 *
 *   pool N VALUE                the next of N operands of 64 bits, which vectors name by three digits, counted from 0
 *   form ENCODING m|r           the vectors that follow are of this encoding, as the instruction table writes it, with
 *                               operands in memory or in registers only
 *   CODE a a b b mxcsr > ...    a vector: low and high half of the operands A and B, then what changed
 *
 * CODE is the instruction in 32-bit code, with ModRM byte (reg = 1, r/m = 2 or [edi], or where that is the opcode's, as
 * it must be) and immediate. Before it, XMM1 and MM1 and ECX hold A, XMM2 and MM2 and EDX and the 16 bytes at EDI hold B,
 * as much of it as fits; the floating-point unit's top is 3 and all its registers are empty, with exponents of 4000 + n;
 * all arithmetic flags are set. What can change: x1, x2, m1, m2, c, d, mem, mxcsr, flags, top, full, and e1 and e2, the
 * exponents of MM1 and MM2; trap=13 stands for SIGFPE (#XM), trap=D for SIGSEGV (#GP).
 *
 * usage: record-simd SEED
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "random.h"

/* Operands come from pools, one for each kind of lane, so that a vector needs only their numbers. */
enum Kind { INTEGERS, SINGLES, DOUBLES, COUNTS, CONTROLS, KINDS };
#define POOL 640
static uint64_t pool[KINDS][POOL];

static const uint32_t SINGLE_BOUNDARIES[] = {
    0x00000000u, 0x80000000u, 0x3F800000u, 0xBF800000u, 0x40000000u, 0x3F000000u, 0x3FC00000u, 0xC0400000u, /* 0, 1, 2 */
    0x7F800000u, 0xFF800000u, 0x7FC00000u, 0xFFC00000u, 0x7FC12345u, 0xFFFFFFFFu,                /* infinities, QNaNs */
    0x7F800001u, 0xFF800001u, 0x7FBFFFFFu, 0xFFA00000u,                                          /* SNaNs */
    0x00000001u, 0x80000001u, 0x007FFFFFu, 0x807FFFFFu, 0x00400000u, 0x80012345u,                /* denormals */
    0x00800000u, 0x80800000u, 0x00800001u, 0x7F7FFFFFu, 0xFF7FFFFFu, 0x7F7FFFFEu, 0x7F000000u,   /* least, greatest */
    0x3F7FFFFFu, 0x3F800001u, 0xBF800001u, 0x4B000000u, 0x4B800000u, 0x4B7FFFFFu, 0x33800000u,   /* beside 1, 2^23, 2^-24 */
    0x4EFFFFFFu, 0x4F000000u, 0xCF000000u, 0xCF000001u, 0x3EFFFFFFu, 0x3F000001u, 0xBF000000u,   /* 2^31, 1/2 */
    0x00FFFFFFu, 0x01000000u, 0x1FFFFFFFu, 0x20000000u, 0x5F7FFFFFu, 0x5F800000u, 0x7E800000u, 0x7E7FFFFFu, /* products */
};
static const uint64_t DOUBLE_BOUNDARIES[] = {
    0x0000000000000000u, 0x8000000000000000u, 0x3FF0000000000000u, 0xBFF0000000000000u, 0x4000000000000000u,
    0x3FE0000000000000u, 0x3FF8000000000000u, 0xC008000000000000u, 0x7FF0000000000000u, 0xFFF0000000000000u,
    0x7FF8000000000000u, 0xFFF8000000000000u, 0x7FF8123456789ABCu, 0xFFFFFFFFFFFFFFFFu, 0x7FF0000000000001u,
    0xFFF0000000000001u, 0x7FF7FFFFFFFFFFFFu, 0xFFF4000000000000u, 0x7FF0000010000000u, 0x0000000000000001u,
    0x8000000000000001u, 0x000FFFFFFFFFFFFFu, 0x800FFFFFFFFFFFFFu, 0x0008000000000000u, 0x8000123456789ABCu,
    0x0010000000000000u, 0x8010000000000000u, 0x0010000000000001u, 0x7FEFFFFFFFFFFFFFu, 0xFFEFFFFFFFFFFFFFu,
    0x7FEFFFFFFFFFFFFEu, 0x7FE0000000000000u, 0x3FEFFFFFFFFFFFFFu, 0x3FF0000000000001u, 0xBFF0000000000001u,
    0x4330000000000000u, 0x4340000000000000u, 0x3CA0000000000000u, 0x41DFFFFFFFC00000u, 0x41DFFFFFFFDFFFFFu,
    0x41DFFFFFFFE00000u, 0x41E0000000000000u, 0xC1E0000000000000u, 0xC1E0000000100000u, 0xC1E00000001FFFFFu,
    0xC1E0000000200000u, 0x3FDFFFFFFFFFFFFFu, 0x3FE0000000000001u, 0xBFE0000000000000u,           /* 2^31, 1/2 */
    0x47EFFFFFE0000000u, 0x47EFFFFFEFFFFFFFu, 0x47EFFFFFF0000000u, 0xC7F0000000000000u,           /* ends of singles */
    0x3810000000000000u, 0x380FFFFFFFFFFFFFu, 0x380FFFFFE0000000u, 0xB80FFFFFF0000000u, 0x36A0000000000000u,
    0x3690000000000000u, 0x3690000000000001u, 0x3680000000000000u, 0xB800000020000000u,
    0x1FFFFFFFFFFFFFFFu, 0x2000000000000000u, 0x5FEFFFFFFFFFFFFFu, 0x5FF0000000000000u,           /* products */
};
static const uint64_t INTEGER_BOUNDARIES[] = {
    0, ~0ull, 0x8000000000000000u, 0x7FFFFFFFFFFFFFFFu, 0x8080808080808080u, 0x7F7F7F7F7F7F7F7Fu, 0x0101010101010101u,
    0x8000800080008000u, 0x7FFF7FFF7FFF7FFFu, 0x0001000100010001u, 0x8000000080000000u, 0x7FFFFFFF7FFFFFFFu,
    0x0000000100000001u, 0xFF00FF00FF00FF00u, 0x00FF00FF00FF00FFu, 0x00800080FF7FFF80u, 0xFFFF800000007FFFu,
    0x0123456789ABCDEFu, 0x807F01FE00FF7F80u, 0xFFFF0000FFFE0001u,
};
#define COUNT(array) (unsigned) (sizeof array / sizeof *array)

static uint32_t random_single(void) {
    uint32_t sign_and_fraction = (uint32_t) next() & 0x807FFFFFu;
    switch (below(6)) {
        case 0: sign_and_fraction &= ~0u << below(24); break;
        case 1: sign_and_fraction |= 0x7FFFFFu >> below(24); break;
        default: break;
    }
    unsigned exponent;
    switch (below(10)) {
        case 0: exponent = below(256); break;
        case 1: exponent = below(30); break;
        case 2: exponent = 225 + below(30); break;
        case 3: exponent = 127 + 20 + below(14); break;
        case 4: exponent = 50 + below(30); break;
        case 5: exponent = 180 + below(20); break;
        case 6: exponent = 0; break;
        default: exponent = 127 - 14 + below(28); break;
    }
    return sign_and_fraction | exponent << 23;
}

static uint64_t random_double(void) {
    uint64_t sign_and_fraction = next() & 0x800FFFFFFFFFFFFFu;
    switch (below(6)) {
        case 0: sign_and_fraction &= ~0ull << below(53); break;
        case 1: sign_and_fraction |= 0xFFFFFFFFFFFFFull >> below(53); break;
        default: break;
    }
    uint64_t exponent;
    switch (below(12)) {
        case 0: exponent = below(2048); break;
        case 1: exponent = below(60); break;
        case 2: exponent = 1987 + below(60); break;
        case 3: exponent = 1023 + 20 + below(14); break;
        case 4: exponent = 480 + below(60); break;
        case 5: exponent = 1500 + below(60); break;
        case 6: exponent = 1023 - 150 + below(30); break;
        case 7: exponent = 1023 + 115 + below(16); break;
        case 8: exponent = 0; break;
        default: exponent = 1023 - 30 + below(60); break;
    }
    return sign_and_fraction | exponent << 52;
}

static uint32_t pick_single(void) {
    return below(3) == 0 ? SINGLE_BOUNDARIES[below(COUNT(SINGLE_BOUNDARIES))] : random_single();
}

static void fill_pools(void) {
    for (unsigned i = 0; i < POOL; i++) {
        pool[INTEGERS][i] = i < COUNT(INTEGER_BOUNDARIES) ? INTEGER_BOUNDARIES[i] : next();
        pool[SINGLES][i] = (uint64_t) pick_single() << 32 | pick_single();
        pool[DOUBLES][i] = i < 2 * COUNT(DOUBLE_BOUNDARIES) ? DOUBLE_BOUNDARIES[i / 2] : random_double();
        pool[COUNTS][i] = below(8) == 0 ? next() : below(8) == 0 ? next() >> 31 : below(70);
        pool[CONTROLS][i] = next() & (below(4) == 0 ? 0x1FFFF : 0xFFFF);
    }
    printf("pool %X\n", KINDS * POOL);
    for (unsigned kind = 0; kind < KINDS; kind++) {
        for (unsigned i = 0; i < POOL; i++) {
            printf("%lX\n", pool[kind][i]);
        }
    }
}

/* The layout of FXSAVE. */
typedef struct {
    uint16_t control, status;
    uint8_t tags, reserved;
    uint16_t opcode;
    uint64_t ip, dp;
    uint32_t mxcsr, mask;
    struct {
        uint64_t significand;
        uint16_t exponent;
        uint8_t reserved[6];
    } st[8];
    uint64_t xmm[16][2];
    uint8_t reserved2[96];
} __attribute__((aligned(16))) Image;

#define TOP 3
#define PLACE(n) (((n) - TOP) & 7)
#define ARITHMETIC 0x8D5u

static uint8_t *code;
static volatile int trap;
static uint8_t *volatile resume;

static void trapped(int signal, siginfo_t *info, void *context) {
    (void) info;
    trap = signal == SIGFPE ? 0x13 : 0xD;
    ((ucontext_t *) context)->uc_mcontext.gregs[REG_RIP] = (greg_t) resume;
}

typedef struct {
    uint64_t ecx, edx, flags;
} Integers;

static void run(const Image *before, Image *after, Integers *integers, uint8_t *memory, const uint8_t *instruction, int length) {
    memcpy(code, instruction, (size_t) length);
    code[length] = 0xC3;
    resume = code + length;
    trap = 0;
    static Image clean;
    clean.control = 0x37F;
    clean.mxcsr = 0x1F80;
    uint64_t c = integers->ecx, d = integers->edx, flags = integers->flags;
    __asm__ volatile(
            "fxrstor %[before]\n\t"
            "push %[flags]\n\t"
            "popfq\n\t"
            "call *%[code]\n\t"
            "pushfq\n\t"
            "pop %[flags]\n\t"
            "fxsave %[after]\n\t"
            "fxrstor %[clean]\n\t"
            : "+c"(c), "+d"(d), [flags] "+a"(flags), [after] "=m"(*after)
            : [before] "m"(*before), [clean] "m"(clean), [code] "b"(code), "D"(memory)
            : "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
              "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)",
              "st(7)");
    integers->ecx = c;
    integers->edx = d;
    integers->flags = flags;
}

/* What is under test: opcode with prefix, the reg field of an opcode's ModRM byte, and what goes with it. */
typedef struct {
    const char *encoding;
    int reg;             /* -1 when it names an operand */
    enum Kind a, b;
    int immediate;
    int forms;           /* MEMORY, REGISTER */
    int count;
    int floating;        /* whether MXCSR matters */
} Form;

#define MEMORY 1
#define REGISTER 2
#define BOTH 3

static unsigned choose_mxcsr(const Form *form) {
    if (!form->floating) {
        return 0x1F80;
    }
    unsigned mxcsr = 0x1F80 | below(4) << 13;
    if (below(2)) {
        mxcsr |= 0x20;
    }
    if (below(4) == 0) {
        mxcsr |= (unsigned) next() & 0x3F;
    }
    if (below(4) == 0) {
        mxcsr |= (unsigned) next() & 0x8040;
    }
    if (below(5) == 0) {
        mxcsr &= ~((unsigned) next() & 0x1F80);
    }
    return mxcsr;
}

static unsigned pick(enum Kind kind, unsigned near) {
    if (below(12) == 0) {
        return near % POOL + POOL * kind;
    }
    return below(POOL) + POOL * kind;
}

static void record(const Form *form, int memory_form) {
    static uint8_t memory[32] __attribute__((aligned(16)));
    uint8_t instruction[16];
    int length = 0;
    for (const char *at = form->encoding; *at; at += *at == ' ') {
        instruction[length++] = (uint8_t) strtoul(at, (char **) &at, 16);
    }
    if (form->forms) {
        instruction[length++] = (uint8_t) (memory_form ? (form->reg < 0 ? 1 : form->reg) << 3 | 7
                                                       : 0xC0 | (form->reg < 0 ? 1 : form->reg) << 3
                                                                 | (form->reg < 0 && below(16) == 0 ? 1 : 2));
    }
    if (form->immediate) {
        instruction[length++] = (uint8_t) (form->immediate == 1 ? next() : below((unsigned) form->immediate));
    }
    unsigned a[2], b[2];
    for (int half = 0; half < 2; half++) {
        a[half] = pick(form->a, 0);
        b[half] = pick(form->b, a[half]);
    }
    unsigned mxcsr = choose_mxcsr(form);
    uint64_t values[4];
    unsigned names[4] = {a[0], a[1], b[0], b[1]};
    for (int i = 0; i < 4; i++) {
        values[i] = pool[names[i] / POOL][names[i] % POOL];
    }
    Image before, after;
    memset(&before, 0, sizeof before);
    before.control = 0x37F;
    before.status = TOP << 11;
    before.mxcsr = mxcsr;
    for (int n = 0; n < 8; n++) {
        before.st[PLACE(n)].exponent = (uint16_t) (0x4000 + n);
        before.st[PLACE(n)].significand = 0xA000000000000000u | (unsigned) n;
    }
    before.st[PLACE(1)].significand = values[0];
    before.st[PLACE(2)].significand = values[2];
    memcpy(before.xmm[1], values, 16);
    memcpy(before.xmm[2], values + 2, 16);
    memcpy(memory, values + 2, 16);
    memset(memory + 16, 0x5A, 16);
    Integers integers = {(uint32_t) values[0], (uint32_t) values[2], ARITHMETIC | 0x202};
    run(&before, &after, &integers, memory, instruction, length);

    for (int i = 0; i < length; i++) {
        printf("%02X", instruction[i]);
    }
    printf(" %03X %03X %03X %03X %X >", a[0], a[1], b[0], b[1], mxcsr);
    if (trap) {
        printf(" trap=%X", trap);
    }
    for (unsigned n = 0; n < 16; n++) {
        if (memcmp(before.xmm[n], after.xmm[n], 16) == 0) {
            continue;
        }
        if (n != 1 && n != 2) {
            fprintf(stderr, "%s changed XMM%u\n", form->encoding, n);
            exit(1);
        }
        printf(" x%u=%016lX%016lX", n, after.xmm[n][1], after.xmm[n][0]);
    }
    unsigned top = after.status >> 11 & 7;
    for (unsigned n = 0; n < 8; n++) {
        unsigned was = (n - TOP) & 7, is = (n - top) & 7;
        if (before.st[was].significand != after.st[is].significand) {
            printf(" m%u=%lX", n, after.st[is].significand);
        }
        if (before.st[was].exponent != after.st[is].exponent) {
            printf(" e%u=%X", n, after.st[is].exponent);
        }
    }
    if (top != TOP) {
        printf(" top=%X", top);
    }
    if (after.tags != 0) {
        printf(" full=%X", after.tags);
    }
    if (after.mxcsr != mxcsr) {
        printf(" mxcsr=%X", after.mxcsr);
    }
    if ((uint32_t) integers.ecx != (uint32_t) values[0]) {
        printf(" c=%X", (unsigned) integers.ecx);
    }
    if ((uint32_t) integers.edx != (uint32_t) values[2]) {
        printf(" d=%X", (unsigned) integers.edx);
    }
    if (memcmp(memory, values + 2, 16) != 0) {
        uint64_t words[2];
        memcpy(words, memory, 16);
        printf(" mem=%016lX%016lX", words[1], words[0]);
    }
    if ((integers.flags & ARITHMETIC) != ARITHMETIC) {
        printf(" flags=%lX", integers.flags & ARITHMETIC);
    }
    putchar('\n');
}

static void record_form(const Form *form, int count) {
    for (int memory = 1; memory >= 0; memory--) {
        if (form->forms && !(form->forms & (memory ? MEMORY : REGISTER))) {
            continue;
        }
        if (!form->forms && memory) {
            continue;
        }
        printf("form %s", form->encoding);
        if (form->reg >= 0) {
            printf(" /%d", form->reg);
        }
        printf(" %c\n", memory ? 'm' : 'r');
        for (int n = 0; n < count; n++) {
            record(form, memory);
        }
    }
}

/* Counts of vectors for each of a form's operands. */
#define FEW 40
#define SOME 70
#define MANY 200

#define ANY 1

static const Form FORMS[] = {
    /* Moves. */
    {"0F 10", -1, SINGLES, SINGLES, 0, BOTH, FEW, 0}, {"66 0F 10", -1, DOUBLES, DOUBLES, 0, BOTH, FEW, 0},
    {"F3 0F 10", -1, SINGLES, SINGLES, 0, BOTH, FEW, 0}, {"F2 0F 10", -1, DOUBLES, DOUBLES, 0, BOTH, FEW, 0},
    {"0F 11", -1, SINGLES, SINGLES, 0, BOTH, FEW, 0}, {"66 0F 11", -1, DOUBLES, DOUBLES, 0, BOTH, FEW, 0},
    {"F3 0F 11", -1, SINGLES, SINGLES, 0, BOTH, FEW, 0}, {"F2 0F 11", -1, DOUBLES, DOUBLES, 0, BOTH, FEW, 0},
    {"0F 12", -1, SINGLES, SINGLES, 0, BOTH, FEW, 0}, {"66 0F 12", -1, DOUBLES, DOUBLES, 0, MEMORY, FEW, 0},
    {"0F 13", -1, SINGLES, SINGLES, 0, MEMORY, FEW, 0}, {"66 0F 13", -1, DOUBLES, DOUBLES, 0, MEMORY, FEW, 0},
    {"0F 14", -1, SINGLES, SINGLES, 0, BOTH, FEW, 0}, {"66 0F 14", -1, DOUBLES, DOUBLES, 0, BOTH, FEW, 0},
    {"0F 15", -1, SINGLES, SINGLES, 0, BOTH, FEW, 0}, {"66 0F 15", -1, DOUBLES, DOUBLES, 0, BOTH, FEW, 0},
    {"0F 16", -1, SINGLES, SINGLES, 0, BOTH, FEW, 0}, {"66 0F 16", -1, DOUBLES, DOUBLES, 0, MEMORY, FEW, 0},
    {"0F 17", -1, SINGLES, SINGLES, 0, MEMORY, FEW, 0}, {"66 0F 17", -1, DOUBLES, DOUBLES, 0, MEMORY, FEW, 0},
    {"0F 28", -1, SINGLES, SINGLES, 0, BOTH, FEW, 0}, {"66 0F 28", -1, DOUBLES, DOUBLES, 0, BOTH, FEW, 0},
    {"0F 29", -1, SINGLES, SINGLES, 0, BOTH, FEW, 0}, {"66 0F 29", -1, DOUBLES, DOUBLES, 0, BOTH, FEW, 0},
    {"0F 2B", -1, SINGLES, SINGLES, 0, MEMORY, FEW, 0}, {"66 0F 2B", -1, DOUBLES, DOUBLES, 0, MEMORY, FEW, 0},
    {"0F 50", -1, SINGLES, SINGLES, 0, REGISTER, FEW, 0}, {"66 0F 50", -1, DOUBLES, DOUBLES, 0, REGISTER, FEW, 0},
    {"0F 6E", -1, INTEGERS, INTEGERS, 0, BOTH, FEW, 0}, {"66 0F 6E", -1, INTEGERS, INTEGERS, 0, BOTH, FEW, 0},
    {"0F 6F", -1, INTEGERS, INTEGERS, 0, BOTH, FEW, 0}, {"66 0F 6F", -1, INTEGERS, INTEGERS, 0, BOTH, FEW, 0},
    {"F3 0F 6F", -1, INTEGERS, INTEGERS, 0, BOTH, FEW, 0}, {"0F 7E", -1, INTEGERS, INTEGERS, 0, BOTH, FEW, 0},
    {"66 0F 7E", -1, INTEGERS, INTEGERS, 0, BOTH, FEW, 0}, {"F3 0F 7E", -1, INTEGERS, INTEGERS, 0, BOTH, FEW, 0},
    {"0F 7F", -1, INTEGERS, INTEGERS, 0, BOTH, FEW, 0}, {"66 0F 7F", -1, INTEGERS, INTEGERS, 0, BOTH, FEW, 0},
    {"F3 0F 7F", -1, INTEGERS, INTEGERS, 0, BOTH, FEW, 0}, {"0F C3", -1, INTEGERS, INTEGERS, 0, MEMORY, FEW, 0},
    {"66 0F D6", -1, INTEGERS, INTEGERS, 0, BOTH, FEW, 0}, {"F3 0F D6", -1, INTEGERS, INTEGERS, 0, REGISTER, FEW, 0},
    {"F2 0F D6", -1, INTEGERS, INTEGERS, 0, REGISTER, FEW, 0}, {"0F D7", -1, INTEGERS, INTEGERS, 0, REGISTER, FEW, 0},
    {"66 0F D7", -1, INTEGERS, INTEGERS, 0, REGISTER, FEW, 0}, {"0F E7", -1, INTEGERS, INTEGERS, 0, MEMORY, FEW, 0},
    {"66 0F E7", -1, INTEGERS, INTEGERS, 0, MEMORY, FEW, 0}, {"0F F7", -1, INTEGERS, INTEGERS, 0, REGISTER, SOME, 0},
    {"66 0F F7", -1, INTEGERS, INTEGERS, 0, REGISTER, SOME, 0}, {"0F 77", -1, INTEGERS, INTEGERS, 0, 0, FEW, 0},
    /* Control. */
    {"0F AE", 2, CONTROLS, CONTROLS, 0, MEMORY, 2 * SOME, 0}, {"0F AE", 3, CONTROLS, CONTROLS, 0, MEMORY, SOME, 1},
    /* Shuffles and shifts. */
    {"0F 70", -1, INTEGERS, INTEGERS, ANY, BOTH, SOME, 0}, {"66 0F 70", -1, INTEGERS, INTEGERS, ANY, BOTH, SOME, 0},
    {"F3 0F 70", -1, INTEGERS, INTEGERS, ANY, BOTH, SOME, 0}, {"F2 0F 70", -1, INTEGERS, INTEGERS, ANY, BOTH, SOME, 0},
    {"0F C6", -1, SINGLES, SINGLES, ANY, BOTH, SOME, 0}, {"66 0F C6", -1, DOUBLES, DOUBLES, ANY, BOTH, SOME, 0},
    {"0F C4", -1, INTEGERS, INTEGERS, ANY, BOTH, SOME, 0}, {"66 0F C4", -1, INTEGERS, INTEGERS, ANY, BOTH, SOME, 0},
    {"0F C5", -1, INTEGERS, INTEGERS, ANY, REGISTER, SOME, 0}, {"66 0F C5", -1, INTEGERS, INTEGERS, ANY, REGISTER, SOME, 0},
    {"0F 71", 2, INTEGERS, INTEGERS, 20, REGISTER, FEW, 0}, {"66 0F 71", 2, INTEGERS, INTEGERS, 20, REGISTER, FEW, 0},
    {"0F 71", 4, INTEGERS, INTEGERS, 20, REGISTER, FEW, 0}, {"66 0F 71", 4, INTEGERS, INTEGERS, 20, REGISTER, FEW, 0},
    {"0F 71", 6, INTEGERS, INTEGERS, 20, REGISTER, FEW, 0}, {"66 0F 71", 6, INTEGERS, INTEGERS, 20, REGISTER, FEW, 0},
    {"0F 72", 2, INTEGERS, INTEGERS, 36, REGISTER, FEW, 0}, {"66 0F 72", 2, INTEGERS, INTEGERS, 36, REGISTER, FEW, 0},
    {"0F 72", 4, INTEGERS, INTEGERS, 36, REGISTER, FEW, 0}, {"66 0F 72", 4, INTEGERS, INTEGERS, 36, REGISTER, FEW, 0},
    {"0F 72", 6, INTEGERS, INTEGERS, 36, REGISTER, FEW, 0}, {"66 0F 72", 6, INTEGERS, INTEGERS, 36, REGISTER, FEW, 0},
    {"0F 73", 2, INTEGERS, INTEGERS, 70, REGISTER, SOME, 0}, {"66 0F 73", 2, INTEGERS, INTEGERS, 70, REGISTER, SOME, 0},
    {"0F 73", 6, INTEGERS, INTEGERS, 70, REGISTER, SOME, 0}, {"66 0F 73", 6, INTEGERS, INTEGERS, 70, REGISTER, SOME, 0},
    {"66 0F 73", 3, INTEGERS, INTEGERS, 20, REGISTER, SOME, 0}, {"66 0F 73", 7, INTEGERS, INTEGERS, 20, REGISTER, SOME, 0},
    {"66 0F 73", 3, INTEGERS, INTEGERS, ANY, REGISTER, FEW, 0}, {"66 0F 72", 4, INTEGERS, INTEGERS, ANY, REGISTER, FEW, 0},
    /* Conversions. */
    {"0F 2A", -1, SINGLES, INTEGERS, 0, BOTH, SOME, 1}, {"66 0F 2A", -1, DOUBLES, INTEGERS, 0, BOTH, SOME, 1},
    {"F3 0F 2A", -1, SINGLES, INTEGERS, 0, BOTH, SOME, 1}, {"F2 0F 2A", -1, DOUBLES, INTEGERS, 0, BOTH, SOME, 1},
    {"0F 2C", -1, SINGLES, SINGLES, 0, BOTH, MANY, 1}, {"66 0F 2C", -1, DOUBLES, DOUBLES, 0, BOTH, MANY, 1},
    {"F3 0F 2C", -1, SINGLES, SINGLES, 0, BOTH, MANY, 1}, {"F2 0F 2C", -1, DOUBLES, DOUBLES, 0, BOTH, MANY, 1},
    {"0F 2D", -1, SINGLES, SINGLES, 0, BOTH, MANY, 1}, {"66 0F 2D", -1, DOUBLES, DOUBLES, 0, BOTH, MANY, 1},
    {"F3 0F 2D", -1, SINGLES, SINGLES, 0, BOTH, MANY, 1}, {"F2 0F 2D", -1, DOUBLES, DOUBLES, 0, BOTH, MANY, 1},
    {"0F 5A", -1, DOUBLES, SINGLES, 0, BOTH, MANY, 1}, {"66 0F 5A", -1, SINGLES, DOUBLES, 0, BOTH, 2 * MANY, 1},
    {"F3 0F 5A", -1, DOUBLES, SINGLES, 0, BOTH, MANY, 1}, {"F2 0F 5A", -1, SINGLES, DOUBLES, 0, BOTH, 2 * MANY, 1},
    {"0F 5B", -1, SINGLES, INTEGERS, 0, BOTH, SOME, 1}, {"66 0F 5B", -1, SINGLES, SINGLES, 0, BOTH, MANY, 1},
    {"F3 0F 5B", -1, SINGLES, SINGLES, 0, BOTH, MANY, 1}, {"66 0F E6", -1, DOUBLES, DOUBLES, 0, BOTH, MANY, 1},
    {"F3 0F E6", -1, DOUBLES, INTEGERS, 0, BOTH, SOME, 1}, {"F2 0F E6", -1, DOUBLES, DOUBLES, 0, BOTH, MANY, 1},
    /* Comparisons, approximations. */
    {"0F 2E", -1, SINGLES, SINGLES, 0, BOTH, MANY, 1}, {"66 0F 2E", -1, DOUBLES, DOUBLES, 0, BOTH, MANY, 1},
    {"0F 2F", -1, SINGLES, SINGLES, 0, BOTH, MANY, 1}, {"66 0F 2F", -1, DOUBLES, DOUBLES, 0, BOTH, MANY, 1},
    {"0F C2", -1, SINGLES, SINGLES, 8, BOTH, MANY, 1}, {"66 0F C2", -1, DOUBLES, DOUBLES, 8, BOTH, MANY, 1},
    {"F3 0F C2", -1, SINGLES, SINGLES, 8, BOTH, MANY, 1}, {"F2 0F C2", -1, DOUBLES, DOUBLES, 8, BOTH, MANY, 1},
    {"0F 52", -1, SINGLES, SINGLES, 0, BOTH, SOME, 1}, {"F3 0F 52", -1, SINGLES, SINGLES, 0, BOTH, SOME, 1},
    {"0F 53", -1, SINGLES, SINGLES, 0, BOTH, SOME, 1}, {"F3 0F 53", -1, SINGLES, SINGLES, 0, BOTH, SOME, 1},
};

/* ANDPS to XORPS, without prefix and with 66. */
static const unsigned BITWISE[] = {0x54, 0x55, 0x56, 0x57};

/* SQRT, ADD, MUL, SUB, MIN, DIV, MAX: singles and doubles, packed and scalar. */
static const unsigned ARITHMETICS[] = {0x51, 0x58, 0x59, 0x5C, 0x5D, 0x5E, 0x5F};

/* Integers in both MMX and XMM registers. */
static const unsigned PACKED[] = {
    0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x74, 0x75, 0x76, 0xD4, 0xD5, 0xD8, 0xD9, 0xDA,
    0xDB, 0xDC, 0xDD, 0xDE, 0xDF, 0xE0, 0xE3, 0xE4, 0xE5, 0xE8, 0xE9, 0xEA, 0xEB, 0xEC, 0xED, 0xEE, 0xEF, 0xF4, 0xF5, 0xF6,
    0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE};
static const unsigned SHIFTS[] = {0xD1, 0xD2, 0xD3, 0xE1, 0xE2, 0xF1, 0xF2, 0xF3};

static void record_opcode(const char *prefix, unsigned opcode, enum Kind a, enum Kind b, int count, int floating) {
    char encoding[16];
    snprintf(encoding, sizeof encoding, "%s0F %02X", prefix, opcode);
    Form form = {encoding, -1, a, b, 0, BOTH, count, floating};
    record_form(&form, count);
}

int main(int count, char **arguments) {
    seed = count > 1 ? strtoull(arguments[1], NULL, 0) : 1;
    fprintf(stderr, "record-simd: seed %lu\n", seed);
    printf("# seed %lu\n", seed);
    code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    struct sigaction action = {.sa_sigaction = trapped, .sa_flags = SA_SIGINFO};
    sigaction(SIGFPE, &action, NULL);
    sigaction(SIGSEGV, &action, NULL);
    fill_pools();
    for (unsigned i = 0; i < COUNT(FORMS); i++) {
        record_form(&FORMS[i], FORMS[i].count);
    }
    for (unsigned i = 0; i < COUNT(BITWISE); i++) {
        record_opcode("", BITWISE[i], SINGLES, SINGLES, FEW, 0);
        record_opcode("66 ", BITWISE[i], DOUBLES, DOUBLES, FEW, 0);
    }
    for (unsigned i = 0; i < COUNT(ARITHMETICS); i++) {
        unsigned opcode = ARITHMETICS[i];
        int n = opcode == 0x5D || opcode == 0x5F ? MANY : 2 * MANY;
        record_opcode("", opcode, SINGLES, SINGLES, n, 1);
        record_opcode("66 ", opcode, DOUBLES, DOUBLES, n, 1);
        record_opcode("F3 ", opcode, SINGLES, SINGLES, n, 1);
        record_opcode("F2 ", opcode, DOUBLES, DOUBLES, n, 1);
    }
    for (unsigned i = 0; i < COUNT(PACKED); i++) {
        record_opcode("", PACKED[i], INTEGERS, INTEGERS, SOME, 0);
        record_opcode("66 ", PACKED[i], INTEGERS, INTEGERS, SOME, 0);
    }
    record_opcode("66 ", 0x6C, INTEGERS, INTEGERS, FEW, 0);
    record_opcode("66 ", 0x6D, INTEGERS, INTEGERS, FEW, 0);
    for (unsigned i = 0; i < COUNT(SHIFTS); i++) {
        record_opcode("", SHIFTS[i], INTEGERS, COUNTS, SOME, 0);
        record_opcode("66 ", SHIFTS[i], INTEGERS, COUNTS, SOME, 0);
    }
    return 0;
}
