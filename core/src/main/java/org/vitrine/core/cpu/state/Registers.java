package org.vitrine.core.cpu.state;

import java.util.Arrays;

/**
 * Everything that a program can see of the CPU but memory: general registers, flags, segment
 * registers with what they cache of descriptors, control and debug registers.
 *
 * <p>The fields are public because executors work on them directly; everyone else uses the methods.
 * Belongs to the vCPU thread; others may read while the CPU is stopped.
 *
 * <p>The six arithmetic flags are not kept, but what they follow from, as most are never looked at:
 *
 * <pre>
 *   ZF   flagResult is zero
 *   SF   bit 63 of flagResult, flipped when bit 8 of flagAux is set
 *   PF   the parity of flagResult's low byte, flipped when bit 16 of flagAux is set
 *   AF   bit 4 of flagAux
 *   CF   bit 63 of flagCarry, the carry out of the highest bit
 *   OF   bits 63 and 62 of flagCarry differ; 62 is the carry into the highest bit
 * </pre>
 */
public final class Registers {

    public static final int EAX = 0;
    public static final int ECX = 1;
    public static final int EDX = 2;
    public static final int EBX = 3;
    public static final int ESP = 4;
    public static final int EBP = 5;
    public static final int ESI = 6;
    public static final int EDI = 7;

    public static final int ES = 0;
    public static final int CS = 1;
    public static final int SS = 2;
    public static final int DS = 3;
    public static final int FS = 4;
    public static final int GS = 5;
    public static final int SEGMENTS = 6;

    public static final int CF = 1;
    public static final int PF = 1 << 2;
    public static final int AF = 1 << 4;
    public static final int ZF = 1 << 6;
    public static final int SF = 1 << 7;
    public static final int TF = 1 << 8;
    public static final int IF = 1 << 9;
    public static final int DF = 1 << 10;
    public static final int OF = 1 << 11;
    public static final int IOPL = 3 << 12;
    public static final int NT = 1 << 14;
    public static final int RF = 1 << 16;
    public static final int VM = 1 << 17;
    public static final int AC = 1 << 18;
    public static final int VIF = 1 << 19;
    public static final int VIP = 1 << 20;
    public static final int ID = 1 << 21;

    /** The flags that instructions compute. */
    public static final int ARITHMETIC = CF | PF | AF | ZF | SF | OF;

    private static final int ALWAYS_SET = 1 << 1;
    private static final int EXISTING =
            ARITHMETIC | TF | IF | DF | IOPL | NT | RF | VM | AC | VIF | VIP | ID;

    public static final int CR0_PE = 1;
    public static final int CR0_MP = 1 << 1;
    public static final int CR0_EM = 1 << 2;
    public static final int CR0_TS = 1 << 3;
    public static final int CR0_ET = 1 << 4;
    public static final int CR0_NE = 1 << 5;
    public static final int CR0_WP = 1 << 16;
    public static final int CR0_AM = 1 << 18;
    public static final int CR0_NW = 1 << 29;
    public static final int CR0_CD = 1 << 30;
    public static final int CR0_PG = 1 << 31;

    public static final int CR4_VME = 1;
    public static final int CR4_PVI = 1 << 1;
    public static final int CR4_TSD = 1 << 2;
    public static final int CR4_DE = 1 << 3;
    public static final int CR4_PSE = 1 << 4;
    public static final int CR4_PAE = 1 << 5;
    public static final int CR4_PGE = 1 << 7;
    public static final int CR4_PCE = 1 << 8;
    public static final int CR4_OSFXSR = 1 << 9;
    public static final int CR4_OSXMMEXCPT = 1 << 10;

    /** {@link #efer}: page-table entries may forbid execution. */
    public static final int EFER_NXE = 1 << 11;

    // Access rights of a segment: the descriptor's bits 40 to 55 (Intel SDM volume 3, section
    // 3.4.5).
    public static final int ACCESSED = 1;

    /** Of data: may be written. */
    public static final int WRITABLE = 1 << 1;

    /** Of code: may be read. */
    public static final int READABLE = 1 << 1;

    public static final int EXPAND_DOWN = 1 << 2;
    public static final int CONFORMING = 1 << 2;
    public static final int CODE = 1 << 3;
    public static final int NOT_SYSTEM = 1 << 4;

    /** Where the descriptor's privilege level stands. */
    public static final int DPL_SHIFT = 5;

    public static final int PRESENT = 1 << 7;

    /** D of code, B of data: 32 bits. */
    public static final int BIG = 1 << 14;

    /** Of our own: a selector that is null, or was never loaded. */
    public static final int UNUSABLE = 1 << 16;

    /** Bits of a descriptor that {@link #access} has; between them lie those of the limit. */
    public static final int ACCESS_MASK = 0xF0FF;

    private static final int REAL_MODE_ACCESS = PRESENT | NOT_SYSTEM | WRITABLE | ACCESSED;
    private static final int VIRTUAL_8086_ACCESS = REAL_MODE_ACCESS | 3 << DPL_SHIFT;

    /** Bit of {@link #fetchMode}: 32-bit code. */
    public static final long FETCH_32 = 1L << 60;

    /** Bit of {@link #fetchMode}: code of user privilege. */
    public static final long FETCH_USER = 1L << 61;

    private static final long HIGHEST = 1L << 63;

    /** The general registers by the manual's numbers, and one more that is always zero. */
    public final long[] gpr = new long[17];

    /** EIP: of the next instruction while one is executed. */
    public long ip;

    public long flagResult;
    public long flagCarry;
    public int flagAux;

    /** EFLAGS but for {@link #ARITHMETIC}. */
    public int systemFlags;

    public final int[] selector = new int[SEGMENTS];
    public final long[] base = new long[SEGMENTS];

    /** The highest offset, or for segments that expand down the highest that is none; in bytes. */
    public final long[] limit = new long[SEGMENTS];

    public final int[] access = new int[SEGMENTS];

    /** The highest offset of a byte that may be read without a closer look, or -1. */
    public final long[] readTop = new long[SEGMENTS];

    /** The highest offset of a byte that may be written without a closer look, or -1. */
    public final long[] writeTop = new long[SEGMENTS];

    /** All ones for the bits of the stack pointer: 16 or 32. */
    public long stackMask;

    public int cr0;
    public int cr2;
    public int cr3;
    public int cr4;

    /**
     * The page-directory-pointer-table entries, which are loaded together with CR3 when PAE is on.
     */
    public final long[] pdpte = new long[4];

    public final int[] dr = new int[8];

    public long gdtBase;
    public int gdtLimit;
    public long idtBase;
    public int idtLimit;

    public int ldtSelector;
    public long ldtBase;
    public long ldtLimit;

    /** {@link #UNUSABLE} when there is no table. */
    public int ldtAccess;

    public int taskSelector;
    public long taskBase;
    public long taskLimit;

    /** The task register's: the type tells a 16-bit TSS from a 32-bit one. */
    public int taskAccess;

    // Model-specific registers.
    public int efer;
    public int sysenterCs;
    public int sysenterEsp;
    public int sysenterEip;

    /** The current privilege level, 0 to 3; changed by {@link Mmu#setPrivilege}. */
    public int cpl;

    /**
     * What decoding and fetching depend on beside the address: {@link #FETCH_32} and {@link
     * #FETCH_USER}.
     */
    public long fetchMode;

    /** The state after power-on or RESET (Intel SDM volume 3, table 11-1). */
    public void reset(int signature) {
        Arrays.fill(gpr, 0);
        gpr[EDX] = signature;
        ip = 0xFFF0;
        setFlags(0);
        for (int segment = 0; segment < SEGMENTS; segment++) {
            setSegment(segment, 0, 0, 0xFFFF, REAL_MODE_ACCESS);
        }
        setSegment(CS, 0xF000, 0xFFFF_0000L, 0xFFFF, REAL_MODE_ACCESS);
        cr0 = CR0_CD | CR0_NW | CR0_ET;
        cr2 = 0;
        cr3 = 0;
        cr4 = 0;
        Arrays.fill(dr, 0);
        dr[6] = 0xFFFF_0FF0;
        dr[7] = 0x400;
        gdtBase = 0;
        gdtLimit = 0xFFFF;
        idtBase = 0;
        idtLimit = 0xFFFF;
        ldtSelector = 0;
        ldtBase = 0;
        ldtLimit = 0xFFFF;
        ldtAccess = PRESENT | 2;
        taskSelector = 0;
        taskBase = 0;
        taskLimit = 0xFFFF;
        taskAccess = PRESENT | 0xB;
        Arrays.fill(pdpte, 0);
        efer = 0;
        sysenterCs = 0;
        sysenterEsp = 0;
        sysenterEip = 0;
        cpl = 0;
        updateFetchMode();
    }

    /** The I/O privilege level in the flags. */
    public int iopl() {
        return (systemFlags & IOPL) >> 12;
    }

    /** Whether in virtual-8086 mode. */
    public boolean virtual8086() {
        return (systemFlags & VM) != 0;
    }

    /** Makes {@link #fetchMode} follow the privilege level and the code segment. */
    void updateFetchMode() {
        fetchMode = ((access[CS] & BIG) != 0 ? FETCH_32 : 0) | (cpl == 3 ? FETCH_USER : 0);
    }

    /** Whether segments are made of descriptors: protected mode, and not virtual-8086 mode. */
    public boolean descriptorMode() {
        return (cr0 & CR0_PE) != 0 && (systemFlags & VM) == 0;
    }

    /**
     * Loads a segment register as real mode does: the base alone changes (Intel SDM volume 3,
     * section 21.1.1).
     */
    public void setRealSegment(int segment, int value) {
        if (virtual8086()) {
            setVirtual8086Segment(segment, value);
            return;
        }
        int newAccess = access[segment] & BIG | REAL_MODE_ACCESS;
        setSegment(segment, value & 0xFFFF, (value & 0xFFFFL) << 4, limit[segment], newAccess);
    }

    /** Gives a segment register all that it has in virtual-8086 mode. */
    public void setVirtual8086Segment(int segment, int value) {
        setSegment(segment, value & 0xFFFF, (value & 0xFFFFL) << 4, 0xFFFF, VIRTUAL_8086_ACCESS);
    }

    /** Loads a segment register and what it caches. */
    public void setSegment(
            int segment, int newSelector, long newBase, long newLimit, int newAccess) {
        selector[segment] = newSelector;
        base[segment] = newBase;
        limit[segment] = newLimit;
        access[segment] = newAccess;
        boolean usable = (newAccess & (UNUSABLE | PRESENT)) == PRESENT;
        boolean code = (newAccess & CODE) != 0;
        boolean plain = usable && (code || (newAccess & EXPAND_DOWN) == 0);
        readTop[segment] = plain && (!code || (newAccess & READABLE) != 0) ? newLimit : -1;
        writeTop[segment] = plain && !code && (newAccess & WRITABLE) != 0 ? newLimit : -1;
        if (segment == SS) {
            stackMask = (newAccess & BIG) != 0 ? 0xFFFF_FFFFL : 0xFFFF;
        } else if (segment == CS) {
            updateFetchMode();
        }
    }

    /** A general register's low bits. */
    public long get(int register, int shift, int width) {
        return gpr[register] >>> shift & -1L >>> 64 - 8 * width;
    }

    /** Sets a general register's low bits to a value that fits; 32 bits clear those above. */
    public void set(int register, int shift, int width, long value) {
        if (width >= 4) {
            gpr[register] = value;
        } else {
            long mask = (-1L >>> 64 - 8 * width) << shift;
            gpr[register] = gpr[register] & ~mask | value << shift;
        }
    }

    /** Sets the stack pointer, as wide as the stack segment makes it. */
    public void setStackPointer(long value) {
        gpr[ESP] = gpr[ESP] & ~stackMask | value & stackMask;
    }

    /** Flags of {@code a + b}, with or without a carry in; the result is masked to the width. */
    public void flagsOfSum(long a, long b, long result, int width) {
        int shift = 64 - 8 * width;
        flagResult = result << shift >> shift;
        flagCarry = (a & b | (a | b) & ~result) << shift;
        flagAux = (int) (a ^ b ^ result) & 0x10;
    }

    /** Flags of {@code a - b}, with or without a borrow; the result is masked to the width. */
    public void flagsOfDifference(long a, long b, long result, int width) {
        int shift = 64 - 8 * width;
        flagResult = result << shift >> shift;
        flagCarry = (~a & b | (~a | b) & result) << shift;
        flagAux = (int) (a ^ b ^ result) & 0x10;
    }

    /** Flags of a logical operation: CF, OF and AF are clear. */
    public void flagsOfLogic(long result, int width) {
        int shift = 64 - 8 * width;
        flagResult = result << shift >> shift;
        flagCarry = 0;
        flagAux = 0;
    }

    /** Flags of an increment: CF stays. */
    public void flagsOfIncrement(long a, long result, int width) {
        int shift = 64 - 8 * width;
        flagResult = result << shift >> shift;
        flagAux = (int) (a ^ result) & 0x10;
        carryAndOverflow(flagCarry & HIGHEST, (~a & result) << shift & HIGHEST);
    }

    /** Flags of a decrement: CF stays. */
    public void flagsOfDecrement(long a, long result, int width) {
        int shift = 64 - 8 * width;
        flagResult = result << shift >> shift;
        flagAux = (int) (a ^ result) & 0x10;
        carryAndOverflow(flagCarry & HIGHEST, (a & ~result) << shift & HIGHEST);
    }

    /** Sets CF and OF and leaves the others. */
    public void carryAndOverflow(boolean carry, boolean overflow) {
        carryAndOverflow(carry ? HIGHEST : 0, overflow ? HIGHEST : 0);
    }

    /** The same from bits 63; all other bits are clear. */
    private void carryAndOverflow(long carry, long overflow) {
        flagCarry = carry | (carry ^ overflow) >>> 1;
    }

    public boolean carry() {
        return flagCarry < 0;
    }

    public boolean overflow() {
        return (flagCarry ^ flagCarry << 1) < 0;
    }

    public boolean zero() {
        return flagResult == 0;
    }

    public boolean sign() {
        return (flagResult ^ (long) flagAux << 55) < 0;
    }

    public boolean parity() {
        return (Integer.bitCount((int) flagResult & 0xFF) + (flagAux >>> 16) & 1) == 0;
    }

    public boolean adjust() {
        return (flagAux & 0x10) != 0;
    }

    /**
     * Whether the condition of this number holds: 0 for O to 15 for G, as in the opcodes of Jcc.
     */
    public boolean condition(int number) {
        boolean holds =
                switch (number >> 1) {
                    case 0 -> overflow();
                    case 1 -> carry();
                    case 2 -> zero();
                    case 3 -> carry() || zero();
                    case 4 -> sign();
                    case 5 -> parity();
                    case 6 -> sign() != overflow();
                    default -> zero() || sign() != overflow();
                };
        // Odd ones are the opposites.
        return holds == ((number & 1) == 0);
    }

    /** EFLAGS as a whole. */
    public int flags() {
        return systemFlags | arithmeticFlags();
    }

    /** The six arithmetic flags in their places. */
    public int arithmeticFlags() {
        return (carry() ? CF : 0)
                | (parity() ? PF : 0)
                | (adjust() ? AF : 0)
                | (zero() ? ZF : 0)
                | (sign() ? SF : 0)
                | (overflow() ? OF : 0);
    }

    /** Sets EFLAGS as a whole; bits that don't exist have their fixed values. */
    public void setFlags(int value) {
        systemFlags = value & EXISTING & ~ARITHMETIC | ALWAYS_SET;
        setArithmeticFlags(value);
    }

    /** Sets the six arithmetic flags. */
    public void setArithmeticFlags(int value) {
        boolean isZero = (value & ZF) != 0;
        flagResult = isZero ? 0 : 1;
        boolean flipParity = isZero != ((value & PF) != 0);
        flagAux = value & AF | (value & SF) << 1 | (flipParity ? 1 << 16 : 0);
        carryAndOverflow((value & CF) != 0, (value & OF) != 0);
    }

    /** Sets some of the arithmetic flags. */
    public void setArithmeticFlags(int value, int mask) {
        setArithmeticFlags(arithmeticFlags() & ~mask | value & mask);
    }

    // Names for people: the monitor and tests.

    public int eax() {
        return (int) gpr[EAX];
    }

    public int ecx() {
        return (int) gpr[ECX];
    }

    public int edx() {
        return (int) gpr[EDX];
    }

    public int ebx() {
        return (int) gpr[EBX];
    }

    public int esp() {
        return (int) gpr[ESP];
    }

    public int ebp() {
        return (int) gpr[EBP];
    }

    public int esi() {
        return (int) gpr[ESI];
    }

    public int edi() {
        return (int) gpr[EDI];
    }

    public int eip() {
        return (int) ip;
    }

    public int eflags() {
        return flags();
    }

    public int cs() {
        return selector[CS];
    }

    public int ss() {
        return selector[SS];
    }

    public int ds() {
        return selector[DS];
    }

    public int es() {
        return selector[ES];
    }

    public int fs() {
        return selector[FS];
    }

    public int gs() {
        return selector[GS];
    }
}
