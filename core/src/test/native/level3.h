/*
 * Runs 32-bit code at level 3 on this machine's own processor: run() executes what stands at CODE, with the registers of
 * "now", until an exception, and leaves in "now" what it found then. Memory is that of a guest, from address 0 to END;
 * set_up() comes first, and "filled" is what memory holds before anything is put there. For a program built with -m32.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { CODE = 0x4000, CODE_LOW = 0x1000, CODE_HIGH = 0x7FFF, DATA = 0x8000, END = 0x10000 };
enum { USER_CODE = 0x23, USER_DATA = 0x2B };

static const int REGISTERS[8] = {REG_EAX, REG_ECX, REG_EDX, REG_EBX, REG_ESP, REG_EBP, REG_ESI, REG_EDI};
static const int SEGMENTS[4] = {REG_DS, REG_ES, REG_FS, REG_GS};

typedef struct {
    uint32_t r[8], ip, flags, segment[4], trap, error;
} State;

static uint8_t *const memory = 0;
static uint8_t filled[END];
static State now;
static mcontext_t caller;
static int inside;

static void handler(int number, siginfo_t *info, void *context) {
    (void) number;
    (void) info;
    mcontext_t *c = &((ucontext_t *) context)->uc_mcontext;
    greg_t *g = c->gregs;
    if (!inside) {
        inside = 1;
        caller = *c;
        for (int n = 0; n < 8; n++) {
            g[REGISTERS[n]] = (greg_t) now.r[n];
        }
        for (int n = 0; n < 4; n++) {
            g[SEGMENTS[n]] = USER_DATA;
        }
        g[REG_EIP] = CODE;
        g[REG_EFL] = (greg_t) now.flags;
        return;
    }
    inside = 0;
    for (int n = 0; n < 8; n++) {
        now.r[n] = (uint32_t) g[REGISTERS[n]];
    }
    for (int n = 0; n < 4; n++) {
        now.segment[n] = (uint32_t) g[SEGMENTS[n]] & 0xFFFF;
    }
    now.ip = (uint32_t) g[REG_EIP];
    now.flags = (uint32_t) g[REG_EFL];
    now.trap = (uint32_t) g[REG_TRAPNO];
    now.error = (uint32_t) g[REG_ERR];
    memcpy(g, caller.gregs, sizeof caller.gregs);
    g[REG_EIP] += 2;
    /* The kernel keeps these two from here, not from the frame. */
    __asm__ volatile("pushl $2\n\tpopfl" ::: "cc");
}

static void run(void) { __asm__ volatile("ud2" ::: "memory"); }

static void fill(void) {
    memset(filled, 0, CODE_LOW);
    memset(filled + CODE_LOW, 0xF4, DATA - CODE_LOW);
    for (unsigned a = DATA; a < END; a++) {
        filled[a] = (uint8_t) (a * 0x9D + (a >> 8) * 0x37 + 0x5A);
    }
}

static void set_up(void) {
    static uint8_t stack[1 << 16];
    if (mmap(memory, END, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != memory) {
        perror("memory from address 0");
        exit(1);
    }
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternate, 0);
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    static const int signals[] = {SIGSEGV, SIGBUS, SIGTRAP, SIGFPE, SIGILL};
    for (int n = 0; n < 5; n++) {
        sigaction(signals[n], &action, 0);
    }
    fill();
}
